"""Kinds of place, a line each: how they are written, from how far their sheets are read, and what to know of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# The distances are the working rule's (a module is a three-hundredth of the distance) at the places it is worked out
# for: in the hand, a desk, a noticeboard, the seats of a shelter, a wall across a room, the far side of a platform.
HAND, DESK, BOARD, SHELTER, WALL, ACROSS = 250, 500, 1_000, 1_500, 2_000, 3_000

GLARE = "Behind glass light is thrown back: print on matt paper and hang it out of the sun."
MOVING = (
    "Nobody can hold a phone still to something that passes, and a driver must never try: print the phone number "
    "large, and let the code be for whoever sits inside."
)
ESCALATOR = "People pass in two seconds and cannot stop safely: choose a wall at its foot or its head."
NO_SIGNAL = (
    "Without a signal no page opens: the sheet must say it all, and its phone number serves once people are out."
)
DRIVERS = "Whoever drives past must not scan: hang it where people stand or park, facing the footway."
CAR_PARK = (
    "Fake codes are stuck over signs in car parks: look at the sheet on each patrol, and never ask for payment by it."
)


@dataclass(frozen=True)
class Kind:
    """A kind of place; one whose usual setting is known, indoors or open, is offered for locations."""

    name: str
    distance_mm: int = BOARD
    """From how far its sheets are read. Where it is not known, most paper hangs where people come up to it."""
    setting: str = ""
    caution: str = ""
    """What to know before a sheet hangs there."""
    also: tuple[str, ...] = ()
    """What else lists call it."""
    scans_a_day: float = 0.1
    """Mean scans of one notice that the demo makes up. No UK council has published such figures: these are guesses in
    the range of 0.05 to 0.5 that museums' and campaigns' uptake suggests, higher where people wait."""


KINDS = (
    Kind("letter", HAND),
    Kind("leaflet", HAND),
    Kind("desk", DESK),
    Kind("counter", DESK),
    Kind("table", DESK),
    Kind("door"),
    Kind("lift lobby"),
    Kind("noticeboard", setting="open"),
    Kind("lamp post", setting="open"),
    Kind("park", setting="open"),
    Kind("library", setting="indoors", scans_a_day=0.3),
    Kind("GP surgery", setting="indoors", also=("GP",), scans_a_day=0.25),
    Kind("pharmacy", setting="indoors"),
    Kind("leisure centre", setting="indoors"),
    Kind("food bank", setting="indoors", scans_a_day=0.2),
    Kind("community hub", setting="indoors", scans_a_day=0.25),
    Kind("community centre", setting="indoors"),
    Kind("jobcentre", setting="indoors", also=("jobcentre plus",), scans_a_day=0.3),
    Kind("children’s centre", setting="indoors"),
    Kind("school", setting="indoors"),
    Kind("window", caution=GLARE),
    Kind("car park", setting="open", caution=CAR_PARK),
    Kind("bus stop", SHELTER, setting="open"),
    Kind("bus shelter", SHELTER),
    Kind("waiting room", WALL),
    Kind("hall", WALL),
    Kind("platform", ACROSS),
    Kind("bus", caution=MOVING),
    Kind("vehicle", ACROSS, caution=MOVING),
    Kind("escalator", ACROSS, caution=ESCALATOR),
    Kind("lift", DESK, caution=NO_SIGNAL),
    Kind("underground", ACROSS, caution=NO_SIGNAL),
    Kind("subway", caution=NO_SIGNAL),
    Kind("roadside", ACROSS, caution=DRIVERS),
)


def of(text: str) -> Kind:
    """The kind of place a text names, in any mix of capitals and spaces; one we do not know stands as it is written."""
    return _KNOWN.get(_folded(text)) or Kind(re.sub(r"_+", " ", text).strip().lower())


def advised(text: str) -> Kind:
    """The kind of place a text names, be it in the plural."""
    kind = _KNOWN.get(_folded(text)) or _KNOWN.get(_folded(text).removesuffix("s"))
    return kind or of(text)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


_KNOWN: Mapping[str, Kind] = {_folded(name): kind for kind in KINDS for name in (kind.name, *kind.also)}
