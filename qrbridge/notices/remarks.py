"""What somebody should know of a draft before it is approved and printed; none of it forbids either."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from qrbridge import qr, times
from qrbridge.council import council, services
from qrbridge.council.services import Service
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.notices import drafts, notices
from qrbridge.notices.drafts import Draft
from qrbridge.notices.notices import Notice
from qrbridge.places import advice, locations
from qrbridge.press.design import designs, phrases
from qrbridge.reading import read_day
from qrbridge.store import Store
from qrbridge.work import jobs
from qrbridge.work.jobs import Job

# A notice that ends sooner than this is hardly worth hanging.
SHORT_DAYS = 14


@dataclass(frozen=True)
class Remark:
    """Something to know, as a sentence, and the step at which it can be changed (none: not in the draft)."""

    sentence: str
    step: str = ""


@dataclass(frozen=True)
class Page:
    """A page a notice leads to: its language and address, and the last test of it, if there was one."""

    language: str
    address: str
    test: Job | None


def remarks(store: Store, draft: Draft, today: date) -> list[Remark]:
    """Everything to know before this draft goes on, the most serious first."""
    try:
        service = services.show(store, str(draft.entered.get("service") or ""))
    except NotFound:
        return []
    return [
        *_of_service(service, today),
        *_of_words(store, draft, service),
        *_of_days(draft, today),
        *_of_sheets(store, draft),
        *_of_distance(store, draft),
        *_of_places(store, draft),
    ]


def pages(store: Store, key: str) -> list[Page]:
    """Where a service leads in each language, with the last test of each address."""
    found = services.show(store, key).pages
    tests = jobs.last(store, jobs.TEST, [{"address": address} for address in found.values()])
    return [Page(*page, test) for page, test in zip(found.items(), tests, strict=True)]


def _of_service(service: Service, today: date) -> Iterator[Remark]:
    if service.review_day < today:
        day = times.in_words(service.review_day)
        yield Remark(
            f"The details of “{service.name}” were to be checked by {day}. Check them before they are printed."
        )


def _of_words(store: Store, draft: Draft, service: Service) -> Iterator[Remark]:
    first = council.show(store).languages[0]
    spoken = draft.entered.get("words") or {}
    unchecked = " and ".join(f"{phrases.NAMES[tag]} ({tag})" for tag in spoken if tag in phrases.UNCHECKED)
    if unchecked:
        yield Remark(f"No native reader has checked our own words on the sheet in {unchecked}. Have one read a sheet.")
    for language in spoken:
        if language not in service.pages and language != first:
            sentence = f"There are words in {language} but no page: who scans them opens the page in {first}"
            yield Remark(f"{sentence} unless the service has one.", "words")


def _of_days(draft: Draft, today: date) -> Iterator[Remark]:
    try:
        ends = read_day(str(draft.entered.get("ends") or ""))
    except ValueError:
        return
    if today <= ends < today + timedelta(days=SHORT_DAYS):
        yield Remark(
            f"It ends on {times.in_words(ends)}. From the day after, its codes answer that it has ended.", "about"
        )


def _of_sheets(store: Store, draft: Draft) -> Iterator[Remark]:
    if not draft.notice:
        return
    states = Counter(row["state"] for row in links.list_all(store, notice=draft.notice))
    if states["up"] and _differs(store, draft):
        sheets = "1 sheet on the wall says" if states["up"] == 1 else f"{states['up']:,} sheets on walls say"
        yield Remark(f"{sheets} what the notice said before, until replaced. Their codes lead on as ever.")


def _of_distance(store: Store, draft: Draft) -> Iterator[Remark]:
    """That the codes are too small for the distance that was asked for, before printing says so."""
    try:
        notice = Notice.read(draft.entered, council.show(store))
        reach = advice.reach(designs.read(notice.printable, notice.size), council.show(store).short_host)
    except (NotFound, InvalidInput):
        return
    if reach and reach.distance_mm < notice.reading_distance_mm:
        wanted, found = (qr.distance_in_words(mm) for mm in (notice.reading_distance_mm, reach.distance_mm))
        yield Remark(
            f"It is to be read from {wanted}, and its codes read from about {found}, so it will not be printed. "
            "Choose larger paper, or state a shorter distance.",
            "design",
        )


def _of_places(store: Store, draft: Draft) -> Iterator[Remark]:
    """What the size of the paper means at the kinds of place chosen."""
    try:
        design = designs.read(str(draft.entered.get("printable") or ""), str(draft.entered.get("size") or ""))
    except (NotFound, InvalidInput):
        return
    host, chosen = council.show(store).short_host, set(draft.locations)
    reach = advice.reach(design, host)
    kinds = [place.kind for place in locations.list_all(store) if place.reference in chosen]
    if reach:
        for sentence in advice.warnings(kinds, reach.distance_mm, design, host):
            yield Remark(sentence, "design")


def _differs(store: Store, draft: Draft) -> bool:
    return drafts.of_notice(notices.show(store, draft.notice)) != {
        name: value for name, value in draft.entered.items() if name != "locations"
    }
