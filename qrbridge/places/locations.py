"""Where paper goes up: a location's details, where in the country it is, and the verbs that keep it."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qrbridge import audit, listing, postcodes
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.installation import take_turn
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.places import coordinates, kinds
from qrbridge.places.coordinates import Point
from qrbridge.reading import Reading
from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

SETTINGS = {
    **dict.fromkeys(("indoors", "indoor", "inside", "in"), "indoors"),
    **dict.fromkeys(("open", "outdoors", "outdoor", "outside", "out"), "open"),
}
LISTING = Listing(
    {
        "name": "Name",
        "reference": "Reference",
        "kind": "Kind",
        "ward": "Ward",
        "postcode": "Postcode",
        "up": "Notices up",
    },
    filters=("ward", "kind"),
)
# What a postcode brings along.
OF_POSTCODE = frozenset({"ward", "latitude", "longitude"})
# Characters of each detail that fit, on a form and in a file alike.
LONGEST = {"reference": 60, "name": 160, "address": 300, "kind": 60}
LOCATIONS_AT_ONCE = 500  # read from the store, where there may be any number
UNSAFE_IN_REFERENCE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Location:
    """A place where paper goes up; `ward` is a ward's code, `setting` is indoors, open or (not known) empty."""

    reference: str
    name: str
    address: str = ""
    postcode: str = ""
    ward: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    kind: str = ""
    setting: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Location":
        """A location as entered; `InvalidInput` with every problem. The store says whether its ward is known."""
        reading = Reading(given)
        reference = reading.text("reference", longest=LONGEST["reference"])
        if reference and (fault := reference_fault(reference)):
            reading.refuse("reference", fault)
        latitude, longitude = _point(reading)
        kind = kinds.of(reading.text("kind", needed=False, longest=LONGEST["kind"]))
        location = cls(
            reference,
            name=reading.text("name", longest=LONGEST["name"]),
            address=reading.text("address", needed=False, longest=LONGEST["address"]),
            postcode=_postcode(reading),
            ward=reading.text("ward", needed=False).upper() or None,
            latitude=latitude,
            longitude=longitude,
            kind=kind.name,
            setting=_setting(reading) or kind.setting,
        )
        if not location.address and not location.postcode and latitude is None:
            reading.refuse("address", "is missing; give an address, a postcode or coordinates so that it can be found")
        reading.done()
        return location


def add(store: Store, location: Location, by: By) -> None:
    """Keep a new location; `Conflict` where its reference is taken in any mix of capitals."""
    with store.atomic():
        take_turn(store, "places")
        alike = store.rows("locations.alike", folded=cells.folded(location.reference))
        if alike:
            taken = alike[0]["reference"]
            raise Conflict(
                f"There is a location “{taken}” already. Change that one, or give this one another reference."
            )
        located = placed(store, location)
        store.run("locations.add", **as_kept(located))
        audit.write(store, by, Change("location", located.reference, "add", {}, asdict(located)))


def change(store: Store, location: Location, by: By) -> None:
    """Put a location's details in place of the former ones."""
    with store.atomic():
        take_turn(store, "places")
        before = show(store, location.reference)
        after = placed(store, location)
        if after == before:
            return
        store.run("locations.set", **as_kept(after))
        audit.write(store, by, Change("location", after.reference, "change", asdict(before), asdict(after)))


def show(store: Store, reference: str) -> Location:
    """One location; `NotFound` where there is none of that reference, in any mix of capitals."""
    rows = store.rows("locations.show", reference=reference)
    if not rows:
        alike = store.rows("locations.alike", folded=cells.folded(reference.strip()))
        rows = store.rows("locations.show", reference=alike[0]["reference"]) if alike else []
    if not rows:
        raise NotFound("location", reference)
    return Location(**rows[0])


def list_all(store: Store, ward: str | None = None, kind: str | None = None) -> list[Location]:
    """Locations in walking order; `ward` is a name or code, in any mix of capitals as `kind` is."""
    rows = store.rows("locations.list", kind=kind and kinds.of(kind).name, **in_ward(ward))
    rows.sort(key=lambda row: walking_order(row["ward_name"], row["name"], row["reference"]))
    return [Location(**{name: value for name, value in row.items() if name != "ward_name"}) for row in rows]


def walking_order(ward: str | None, name: str, reference: str) -> tuple[bool, str, str, str]:
    """The order that sheets and places are printed and listed in: by ward (those without one last), then name."""
    return (ward is None, cells.folded(ward or ""), cells.folded(name), reference)


def in_ward(ward: str | None) -> dict[str, str | None]:
    """What narrows a question to a ward, given by its name or code in any mix of capitals."""
    return {"ward": ward and ward.upper(), "ward_folded": ward and cells.folded(ward)}


def find(store: Store, wanted: Wanted) -> Found:
    """A page of locations; the ward they are narrowed to is a code."""
    return listing.find(store, "locations.find", "locations.count_found", wanted)


def points(store: Store, wanted: Wanted) -> list[Row]:
    """Where the locations lie that a list is narrowed to, on all its pages, and how many notices are up at each."""
    values = {name: wanted.values[name] for name in ("search", "ward", "kind")}
    return store.rows("locations.points", **values)


def kinds_used(store: Store) -> list[str]:
    """The kinds of place there are."""
    return [row["kind"] for row in store.rows("locations.kinds")]


def kinds_offered(store: Store) -> list[str]:
    """The kinds of place to offer: those we know, and any others there are."""
    return sorted({kind.name for kind in kinds.KINDS if kind.setting} | set(kinds_used(store)), key=str.casefold)


def as_kept(location: Location) -> Row:
    """A location as the row that `locations.add` and `locations.set` take."""
    searched = " ".join((location.name, location.reference, location.address, location.postcode))
    return {**vars(location), "folded": cells.folded(location.reference), "searched": cells.folded(searched)}


def chosen(
    store: Store, references: Iterable[str] = (), ward: str | None = None, kind: str | None = None
) -> list[Location]:
    """The locations named, or all there are, that are in a ward and of a kind; `NotFound` for a reference unknown."""
    found = list_all(store, ward, kind)
    wanted = {show(store, reference).reference for reference in references}
    return [location for location in found if location.reference in wanted] if wanted else found


def to_print(store: Store, references: Container[str]) -> Iterator[Row]:
    """What paper says of each location named, read a part at a time and in no order of ours."""
    found = store.rows("locations.part", after="", most=LOCATIONS_AT_ONCE)
    while found:
        yield from (row for row in found if row["location"] in references)
        found = store.rows("locations.part", after=found[-1]["location"], most=LOCATIONS_AT_ONCE)


def merged(location: Location, changes: Mapping[str, Any]) -> Location:
    """A location with the changed details read and put over the present ones.

    Ward and coordinates belong to a postcode: those not said with another one are left for it to fill in.
    """
    said = {**asdict(location), **changes, "reference": location.reference}
    changed = Location.read(said)
    if changed.postcode == location.postcode:
        return changed
    return Location.read({**said, **dict.fromkeys(OF_POSTCODE - changes.keys())})


def placed(store: Store, location: Location) -> Location:
    """A location with ward and coordinates from its postcode where it has none; `InvalidInput` for an unknown ward."""
    if location.ward and not store.rows("wards.show", code=location.ward):
        sentence = f"“{location.ward}” is not a ward that is loaded; name one that is"
        raise InvalidInput([Problem("ward", sentence, "no-ward")])
    rows = store.rows("wards.of_postcode", postcode=location.postcode)
    return with_area(location, rows[0] if rows else None)


def with_area(location: Location, area: Row | None) -> Location:
    """A location with what its postcode says (ward, latitude, longitude) in place of what it lacks."""
    if area is None:
        return location
    details = dict(vars(location))
    details["ward"] = location.ward or area["ward"]
    if location.latitude is None:
        details |= {"latitude": area["latitude"], "longitude": area["longitude"]}
    return Location(**details)


def length_fault(field: str, text: str) -> str:
    """Why a detail is too long, with what to do; empty where it fits."""
    longest = LONGEST[field]
    return f"it is {len(text):,} characters; at most {longest:,} fit, so shorten it" if len(text) > longest else ""


def reference_fault(reference: str) -> str:
    """Why a reference cannot be used as it stands, most often since Excel changed it; empty where it can."""
    if fault := length_fault("reference", reference):
        return fault
    if UNSAFE_IN_REFERENCE.search(reference):
        return "it holds a character that cannot be printed; type it again rather than pasting it"
    if cells.is_excel_error(reference):
        return "it is what Excel shows for a formula that failed; put the reference itself in the cell"
    if cells.is_excel_power(reference):
        return (
            "Excel shortened a long number and its last digits are gone; format the column as Text, put the "
            "references back from where they came from, and save again"
        )
    if cells.is_excel_day(reference):
        return "Excel took it for a date; format the column as Text, put the reference back as it was, and save again"
    return ""


def _point(reading: Reading) -> Point:
    found, fault = coordinates.point(reading.text("latitude", needed=False), reading.text("longitude", needed=False))
    if fault:
        reading.refuse("latitude", fault)
    return found


def _postcode(reading: Reading) -> str:
    read = postcodes.tidy(reading.text("postcode", needed=False))
    if not read.is_postcode and not read.is_blank:
        reading.refuse("postcode", read.remedy)
    return read.value


def _setting(reading: Reading) -> str:
    given = reading.text("setting", needed=False).lower()
    if given and given not in SETTINGS:
        reading.refuse("setting", f"“{given}” must be indoors or open")
    return SETTINGS.get(given, "")
