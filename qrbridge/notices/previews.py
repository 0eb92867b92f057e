"""What a notice, or a draft of which half is still missing, will look like on paper, proved or only looked at."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from qrbridge import times
from qrbridge.council import council, services
from qrbridge.errors import NotFound, QrbridgeError
from qrbridge.notices import editions, notices
from qrbridge.notices.drafts import Draft
from qrbridge.notices.editions import AS_THE_NOTICE_SAYS, Choices
from qrbridge.notices.notices import Notice
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Printable
from qrbridge.press.design.words import Notice as Said
from qrbridge.press.design.words import Sheet
from qrbridge.press.press import ProofRecord
from qrbridge.reading import in_a_line
from qrbridge.store import Store

# What stands where nothing was entered yet.
MISSING: Mapping[str, str] = {"headline": "Your headline stands here", "body": "What you say below it stands here."}
# Enough to see how it looks beside a form; larger, its small print can be read.
SMALL_DPI, LARGE_DPI = 60.0, 96.0
# Cache of room measurements: of at most this many notices.
ROOMS_KEPT = 64


def prove(store: Store, key: str, choices: Choices = AS_THE_NOTICE_SAYS) -> tuple[ProofRecord, Sequence[str]]:
    """Prove a notice as it would be printed now, on a made-up sheet; returns what was found and what to know first."""
    edition = editions.present(store, notices.show(store, key), choices)
    proof = press.prove_sheets(edition.job(), [editions.sheet_of(edition, editions.MADE_UP)])
    return proof, editions.warnings(edition, [], proof)


def picture(store: Store, notice: Notice, choices: Choices = AS_THE_NOTICE_SAYS, dpi: float = LARGE_DPI) -> bytes:
    """A notice, kept or not, as it would be printed now: a PNG picture of a made-up sheet."""
    edition = editions.present(store, notice, choices)
    return press.preview(edition.job(), editions.sheet_of(edition, editions.MADE_UP), dpi)


def preview(store: Store, draft: Draft, dpi: float = SMALL_DPI) -> bytes:
    """The draft's sheet as a PNG picture, at a made-up location; refused as `refusal` says."""
    return picture(store, as_notice(store, draft), dpi=dpi)


def refusal(store: Store, draft: Draft) -> str:
    """Why a draft cannot be shown as it is, in sentences; empty where it can."""
    try:
        notices.check_words(store, as_notice(store, draft))
    except NotFound:
        return "Choose a service first: its phone number and place stand on the sheet."
    except QrbridgeError as error:
        return str(error)
    return ""


def room(store: Store, draft: Draft) -> Mapping[str, Mapping[str, int]]:
    """About how many characters each block of each language entered holds, the other words being as they are.

    Nothing where that cannot be said, because something else does not fit.
    """
    try:
        return _room_for(store, as_notice(store, draft))
    except QrbridgeError:
        return {}


def offered() -> list[Printable]:
    """The designs a notice can be printed with: those that are sound and whose sheets hang, not the list of them."""
    return [design for design in designs.sort_out()[0] if design.name != editions.HANGING_SHEET]


def as_notice(store: Store, draft: Draft) -> Notice:
    """The notice a draft would be, with words of ours where its own are missing."""
    entered = draft.entered
    given: Mapping[str, Any] = entered.get("words") or {}
    first = council.show(store).languages[0]
    texts = {
        language: {
            block: notices.tidied(block, blocks.get(block))[: notices.LONGEST_WORDS] or MISSING[block]
            for block in notices.BLOCKS
        }
        for language, blocks in {first: {}, **given}.items()
        if language == first or any(blocks.values())
    }
    return Notice(
        key="draft",
        service=services.show(store, str(entered.get("service") or "")).key,
        starts=times.day_of(times.now()),
        ends=None,
        words=texts,
        picture_alt=in_a_line(entered.get("picture_alt")),
        **_design(entered),
    )


def _room_for(store: Store, notice: Notice) -> Mapping[str, Mapping[str, int]]:
    """About how many characters of each language's words fit, the others being as they are."""
    edition = editions.present(store, notice)
    return _room(notice.printable, notice.size, edition.said, editions.sheet_of(edition, editions.MADE_UP))


@lru_cache(maxsize=ROOMS_KEPT)
def _room(printable: str, size: str, said: Said, sheet: Sheet) -> Mapping[str, Mapping[str, int]]:
    """Found once for the same words: it takes 10 ms a language, and a page may be shown often between two changes."""
    return press.room(designs.read(printable, size), said, sheet)


def _design(entered: Mapping[str, Any]) -> dict[str, Any]:
    """The design, size and photograph of a draft; the usual ones where it names none that there is."""
    printable = str(entered.get("printable") or "")
    name = printable if printable in designs.names() else next((one.name for one in offered()), printable)
    size = str(entered.get("size") or "")
    known = size if size in designs.read(name).sizes else ""
    return {"printable": name, "size": known, "picture": str(entered.get("picture") or "")}
