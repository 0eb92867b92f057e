"""Where paper goes up: a location's details, where in the country it is, and the verbs that keep it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qrbridge import audit, listing, postcodes
from qrbridge.audit import By, Change
from qrbridge.errors import Conflict, InvalidInput, NotFound, Problem
from qrbridge.listing import Found, Listing, Wanted
from qrbridge.reading import Reading
from qrbridge.sheets import cells
from qrbridge.store import Row, Store

# The United Kingdom with its islands, rounded outwards to a tenth of a degree (Scilly to Shetland, Rockall left out).
LATITUDES = (49.8, 60.9)
LONGITUDES = (-8.7, 1.8)

# As written in a file, without case, spaces and punctuation -> as kept, and whether such a place is indoors.
KINDS = {
    "library": ("library", "indoors"),
    "gpsurgery": ("GP surgery", "indoors"),
    "gp": ("GP surgery", "indoors"),
    "pharmacy": ("pharmacy", "indoors"),
    "leisurecentre": ("leisure centre", "indoors"),
    "foodbank": ("food bank", "indoors"),
    "communityhub": ("community hub", "indoors"),
    "communitycentre": ("community centre", "indoors"),
    "jobcentre": ("jobcentre", "indoors"),
    "jobcentreplus": ("jobcentre", "indoors"),
    "childrenscentre": ("children’s centre", "indoors"),
    "school": ("school", "indoors"),
    "busstop": ("bus stop", "open"),
    "carpark": ("car park", "open"),
    "noticeboard": ("noticeboard", "open"),
    "lamppost": ("lamp post", "open"),
    "park": ("park", "open"),
}
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
LONGEST_REFERENCE = 60
DEGREES = re.compile(r"[+-]?\d{1,3}([.,]\d+)?")
UNSAFE_IN_REFERENCE = re.compile(r"[\x00-\x1f\x7f]")

Point = tuple[float | None, float | None]


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
        reference = reading.text("reference", longest=LONGEST_REFERENCE)
        if reference and (fault := reference_fault(reference)):
            reading.refuse("reference", fault)
        latitude, longitude = _point(reading)
        kind, usual = kind_of(reading.text("kind", needed=False, longest=60))
        location = cls(
            reference,
            name=reading.text("name", longest=160),
            address=reading.text("address", needed=False, longest=300),
            postcode=_postcode(reading),
            ward=reading.text("ward", needed=False).upper() or None,
            latitude=latitude,
            longitude=longitude,
            kind=kind,
            setting=_setting(reading) or usual,
        )
        if not location.address and not location.postcode and latitude is None:
            reading.refuse("address", "is missing; give an address, a postcode or coordinates so that it can be found")
        reading.done()
        return location


def add(store: Store, location: Location, by: By) -> None:
    """Keep a new location; `Conflict` where its reference is taken in any mix of capitals."""
    with store.atomic():
        take_turn(store)
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
        take_turn(store)
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
    rows = store.rows("locations.list", kind=kind and kind_of(kind)[0], **in_ward(ward))
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


def kinds(store: Store) -> list[str]:
    """The kinds of place there are."""
    return [row["kind"] for row in store.rows("locations.kinds")]


def known_kinds(store: Store) -> list[str]:
    """The kinds of place to offer: those we know, and any others there are."""
    return sorted({kind for kind, _ in KINDS.values()} | set(kinds(store)), key=str.casefold)


def as_kept(location: Location) -> Row:
    """A location as the row that `locations.add` and `locations.set` take."""
    searched = " ".join((location.name, location.reference, location.address, location.postcode))
    return {**vars(location), "folded": cells.folded(location.reference), "searched": cells.folded(searched)}


def take_turn(store: Store) -> None:
    """Wait until nobody else is adding; call it first in the transaction of a verb that looks before it adds."""
    store.run("installation.lock")


def chosen(
    store: Store, references: Iterable[str] = (), ward: str | None = None, kind: str | None = None
) -> list[Location]:
    """The locations named, or all there are, that are in a ward and of a kind; `NotFound` for a reference unknown."""
    found = list_all(store, ward, kind)
    wanted = {show(store, reference).reference for reference in references}
    return [location for location in found if location.reference in wanted] if wanted else found


def merged(location: Location, changes: Mapping[str, Any]) -> Location:
    """A location with the changed details read and put over the present ones."""
    return Location.read({**asdict(location), **changes, "reference": location.reference})


def placed(store: Store, location: Location) -> Location:
    """A location with ward and coordinates from its postcode where it has none; `InvalidInput` for an unknown ward."""
    if location.ward and not store.rows("wards.show", code=location.ward):
        sentence = f"“{location.ward}” is not a ward that is loaded; `qrbridge ward list` shows those that are"
        raise InvalidInput([Problem("ward", sentence)])
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


def reference_fault(reference: str) -> str:
    """Why a reference cannot be used as it stands, most often since Excel changed it; empty where it can."""
    if len(reference) > LONGEST_REFERENCE:
        return f"it is {len(reference)} characters; at most {LONGEST_REFERENCE} fit"
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


def point(latitude: str, longitude: str) -> tuple[Point, str]:
    """Coordinates in degrees as written, with a decimal point or comma, and why they cannot be used (else empty)."""
    if not latitude and not longitude:
        return (None, None), ""
    if not latitude or not longitude:
        return (None, None), "one of latitude and longitude is missing; give both or neither"
    if not DEGREES.fullmatch(latitude) or not DEGREES.fullmatch(longitude):
        return (None, None), "latitude and longitude must be degrees as numbers, such as 53.4241 and -2.3187"
    north, east = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    fault = _misplaced(north, east)
    return ((None, None), fault) if fault else ((north, east), "")


def kind_of(text: str) -> tuple[str, str]:
    """A kind of place as it is kept (`bus_stop` is bus stop), and its usual setting where that is known."""
    plain = re.sub(r"[\W_]", "", text.casefold())
    return KINDS.get(plain) or (re.sub(r"_+", " ", text).strip().lower(), "")


def _misplaced(north: float, east: float) -> str:
    if north == 0 and east == 0:
        return "0, 0 is in the sea off Africa; leave both blank or give the real coordinates"
    if _within(north, LATITUDES) and _within(east, LONGITUDES):
        return ""
    if _within(east, LATITUDES) and _within(north, LONGITUDES):
        return "latitude and longitude are swapped; in the United Kingdom latitude is the larger, from 49 to 61"
    return "these coordinates are outside the United Kingdom; check both, in degrees and not in metres"


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _point(reading: Reading) -> Point:
    found, fault = point(reading.text("latitude", needed=False), reading.text("longitude", needed=False))
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
