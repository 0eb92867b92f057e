"""The one organisation an installation serves."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from qrbridge import audit, codes
from qrbridge.audit import By, Change
from qrbridge.council import hosts
from qrbridge.errors import CannotPrint, InvalidInput, NotSetUp, Problem
from qrbridge.installation import next_version
from qrbridge.press.design import colour
from qrbridge.reading import Reading
from qrbridge.settings import Settings
from qrbridge.store import Row, Store

# `https://` + this + `/` + a code of 6: up to 41 characters is a version 3 code, which keeps modules large on paper.
LONGEST_SHORT_HOST = 60

# As many notices are named where they forbid a change; the rest are counted.
NAMED = 10

# What each detail is, in the command and on the page.
FIELDS = {
    "name": "The council's name as printed.",
    "short_host": "Host of the printed short links, such as qr.trafford.gov.uk. Choose one you will renew for ever.",
    "website": "Host of the council's website.",
    "phone": "Number printed for people without a phone camera.",
    "hours": "When that number is answered.",
    "colour": "Brand colour as #rrggbb.",
    "languages": "Language tags, the first one first, such as en,cy,pl.",
    "allowed_hosts": "Hosts that links may lead to; each stands for all below it.",
    "another_approves": "Yes or no: whether someone other than its author must approve a notice before it is printed.",
}
# What need not be asked at set-up: it is no until somebody says otherwise.
LATER = ("another_approves",)


@dataclass(frozen=True)
class Council:
    """A council's name, short-link host, website, contacts, brand, languages (first one first) and allowed hosts."""

    name: str
    short_host: str
    website: str
    phone: str
    hours: str
    colour: str
    languages: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    # Whether a notice is printed only when someone other than its author has approved it.
    another_approves: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Council":
        """A council as entered; `InvalidInput` with every problem."""
        reading = Reading(given)
        council = cls(
            name=reading.text("name", longest=80),
            short_host=_host(reading, "short_host"),
            website=_host(reading, "website"),
            phone=reading.phone("phone"),
            hours=reading.text("hours", longest=120),
            colour=_colour(reading),
            languages=reading.list("languages"),
            allowed_hosts=_allowed_hosts(reading),
            another_approves=reading.yes_or_no("another_approves"),
        )
        for tag in council.languages:
            reading.language("languages", tag)
        reading.done()
        return council

    def address(self, code: str) -> str:
        """The whole address that a code's QR holds: scheme in small letters, host and code in capitals."""
        return codes.address_at(self.short_host, code)

    def typed_address(self, code: str) -> str:
        """The address as printed for typing, in small letters and with no scheme."""
        return codes.typed_at(self.short_host, code)


def staff_address(settings: Settings, council: Council) -> str:
    """Where staff reach this installation, for links that go out by e-mail: never what a request says of itself."""
    address: str = settings.address
    return address or f"https://{council.short_host}"


def set_up(store: Store, council: Council, by: By) -> None:
    """Make this store the installation of a council; on one that is set up already, change its details."""
    with store.atomic():
        store.run("installation.begin", name=uuid.uuid4().hex)
        change(store, council, by)


def change(store: Store, council: Council, by: By, confirmed: bool = False) -> None:
    """Put a council's details in place of the former ones.

    `InvalidInput` where a service's page would no longer be on an allowed host, where a notice would be left with no
    words in a language of the council, or, unless confirmed, where the host that links are printed with would be
    another.
    """
    with store.atomic():
        before = store.rows("council.show")
        if before and Council(**_details(before[0])) == council:
            return
        _refuse_stranding(store, council)
        if before:
            _refuse_silencing(store, _details(before[0])["languages"], council)
        if before and not confirmed:
            _refuse_another_host(store, before[0]["short_host"], council)
        store.run("council.set", **_stored(council), version=next_version(store))
        verb = "change" if before else "set up"
        audit.write(store, by, Change("council", "1", verb, _details(before[0]) if before else {}, asdict(council)))


def show(store: Store) -> Council:
    """The council; `NotSetUp` where none has been entered."""
    rows = store.rows("council.show")
    if not rows:
        raise NotSetUp("No council is set up here.", "no-council")
    details = _details(rows[0])
    return Council(**details)


def merged(council: Council, changes: Mapping[str, Any]) -> Council:
    """A council with the changed details read and put over the present ones."""
    return Council.read({**asdict(council), **changes})


def _refuse_stranding(store: Store, council: Council) -> None:
    problems = []
    for row in store.rows("council.pages"):
        try:
            hosts.check(row["destination"], council.allowed_hosts, council.short_host)
        except InvalidInput:
            page = f"{row['destination']} (service {row['service']}, {row['language']})"
            problems.append(Problem("allowed hosts", f"must hold the host of {page}, or its codes would lead nowhere"))
    if problems:
        raise InvalidInput(problems)


def _refuse_silencing(store: Store, languages: Sequence[str], council: Council) -> None:
    """Refuse languages that leave a notice wordless which has words in one of those before."""
    spoken: dict[str, set[str]] = {}
    for row in store.rows("council.words"):
        spoken.setdefault(row["notice"], set()).add(row["language"])
    silenced = {
        key: tags for key, tags in spoken.items() if tags & set(languages) and not tags & set(council.languages)
    }
    said = [f"“{key}” ({', '.join(sorted(tags))})" for key, tags in islice(silenced.items(), NAMED)]
    if said:
        more = f" and {len(silenced) - NAMED:,} more" if len(silenced) > NAMED else ""
        sentence = f"must hold one that each notice has words in, and would leave out {', '.join(said)}{more}"
        raise InvalidInput([Problem("languages", f"{sentence}; give those words in another of the languages first")])


def _refuse_another_host(store: Store, printed: str, council: Council) -> None:
    links = store.rows("links.count")[0]["links"]
    if links and council.short_host != printed:
        made = "1 link was" if links == 1 else f"{links:,} links were"
        sentence = f"{made} made with {printed}. Keep that host answering for ever, and confirm the new one"
        raise InvalidInput([Problem("short host", sentence, "another-host")])


def _stored(council: Council) -> Row:
    lists = {"languages": json.dumps(council.languages), "allowed_hosts": json.dumps(council.allowed_hosts)}
    return {**asdict(council), **lists, "another_approves": int(council.another_approves)}


def _details(row: Row) -> Row:
    lists = {name: tuple(json.loads(row[name])) for name in ("languages", "allowed_hosts")}
    plain = {name: value for name, value in row.items() if name != "version"}
    return {**plain, **lists, "another_approves": bool(row["another_approves"])}


def _host(reading: Reading, field: str) -> str:
    given = reading.text(field, longest=LONGEST_SHORT_HOST).lower()
    host = re.sub(r"^https?://", "", given).rstrip("/")
    return _checked_host(reading, field, host) if host else ""


def _checked_host(reading: Reading, field: str, host: str) -> str:
    try:
        return hosts.check_allowed(host)
    except InvalidInput as error:
        reading.problems += [Problem(field, problem.sentence) for problem in error.problems]
        return host


def _allowed_hosts(reading: Reading) -> tuple[str, ...]:
    return tuple(_checked_host(reading, "allowed_hosts", host) for host in reading.list("allowed_hosts"))


def _colour(reading: Reading) -> str:
    shade = reading.text("colour").lower()
    try:
        # White type stands on it, on paper and on pages.
        if shade:
            colour.check_brand(shade, [("white", colour.LEAST_CONTRAST)])
    except CannotPrint as error:
        reading.refuse("colour", str(error))
    return shade
