"""What a draft will look like on paper, also while half of it is still missing."""

from collections.abc import Mapping
from typing import Any

from qrbridge import council, notices, services, times
from qrbridge.drafts import Draft
from qrbridge.errors import NotFound, QrbridgeError
from qrbridge.notices import Notice
from qrbridge.press import designs, press, words
from qrbridge.services import Service
from qrbridge.store import Store

# What stands where nothing was entered yet.
MISSING: Mapping[str, str] = {"headline": "Your headline stands here", "body": "What you say below it stands here."}
NO_SERVICE = {
    "key": "none",
    "name": "None yet",
    "phone": "The service’s number",
    "hours": "when it is answered",
    "place": "where to go",
    "summary": "",
    "service_level": "",
    "owner": "",
    "review_day": times.EPOCH,
}
PREVIEW_DPI = 60.0


def preview(store: Store, draft: Draft, dpi: float = PREVIEW_DPI) -> bytes:
    """The draft's sheet as a PNG picture, at the design's own sample location; `CannotPrint` where it does not fit."""
    notice = as_notice(store, draft)
    design = designs.read(notice.printable)
    return press.preview(design, _said(store, notice), designs.sample(design).sheet, dpi)


def room(store: Store, draft: Draft) -> dict[str, dict[str, int]]:
    """About how many characters each block of the first language holds, its other words being as they are.

    Nothing where that cannot be said, because something else does not fit.
    """
    notice = as_notice(store, draft)
    try:
        design, said = designs.read(notice.printable), _said(store, notice)
        return {said.language: {block: press.longest(design, said, block) for block in notices.BLOCKS}}
    except QrbridgeError:
        return {}


def as_notice(store: Store, draft: Draft) -> Notice:
    """The notice a draft would be, with words of ours where its own are missing."""
    entered = draft.entered
    printable = entered.get("printable") if entered.get("printable") in designs.names() else designs.names()[0]
    given: Mapping[str, Any] = entered.get("words") or {}
    first = council.show(store).languages[0]
    texts = {
        language: {block: str(blocks.get(block) or "") or MISSING[block] for block in notices.BLOCKS}
        for language, blocks in {first: {}, **given}.items()
        if language == first or any(blocks.values())
    }
    today = times.day_of(times.now())
    return Notice("draft", str(entered.get("service") or ""), str(printable), today, None, texts)


def _said(store: Store, notice: Notice) -> words.Notice:
    return notices.said(council.show(store), _service(store, notice.service), notice)


def _service(store: Store, key: str) -> Service:
    try:
        return services.show(store, key)
    except NotFound:
        return Service(**NO_SERVICE, pages={"en": f"https://{council.show(store).website}/"})  # type: ignore[arg-type]
