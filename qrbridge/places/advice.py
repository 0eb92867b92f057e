"""Which paper serves where: from how far a code must read at a kind of place, and where scanning is no use at all."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qrbridge import codes, qr
from qrbridge.errors import CannotPrint, InvalidInput
from qrbridge.places import kinds
from qrbridge.press import layout, press
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Printable

NEAR_ENOUGH = 0.9
"""Of a distance: the rule is a careful one, and phones with finer frames than it reckons with are most of them."""
LEAST_ARRANGED = "one plain"
"""As a design stands with words in one language."""
ANY_CODE = "222222"
"""As long as every poster's code is, and only the length decides how large the symbol is."""


@dataclass(frozen=True)
class Reach:
    """What a printable's code comes to in one of its sizes: its module and whole width, and from how far it reads."""

    size: str
    module_mm: float
    width_mm: float
    distance_mm: float


def reaches(printable: str, short_host: str) -> list[Reach]:
    """From how far the codes of a printable read in each of its sizes, the smallest distance first."""
    sizes = designs.read(printable).sizes
    found = [reach(designs.read(printable, size), short_host) for size in sizes]
    return sorted((one for one in found if one), key=lambda one: one.distance_mm)


def fits(design: Printable, short_host: str) -> bool:
    """Whether its sheets have room for an address at this host, to be typed: small labels have not for a long one."""
    try:
        press.check(design, designs.sample(design).notice, short_host)
    except CannotPrint:
        return False
    return True


def reach(design: Printable, short_host: str) -> Reach | None:
    """From how far a printable's codes read in its size; None where an address at this host makes them too fine."""
    region, block = design.arranged(LEAST_ARRANGED).code
    address = codes.address_at(short_host, ANY_CODE)
    try:
        code = layout.place_code(block, region.box, {"address": address, "check": address})
    except (CannotPrint, InvalidInput):
        return None
    return Reach(design.size, code.module, code.side, qr.reading_distance_mm(code.module))


def size_for(reached: Sequence[Reach], distance_mm: float) -> Reach | None:
    """The smallest size that reads from a distance; None where none does."""
    return next((one for one in reached if serves(one.distance_mm, distance_mm)), None)


def serves(reads_mm: float, distance_mm: float) -> bool:
    """Whether codes that read from one distance serve people who stand at another."""
    return reads_mm >= NEAR_ENOUGH * distance_mm


def code_width_mm(distance_mm: float, short_host: str) -> tuple[float, float]:
    """How wide a code must be to read from a distance, without the white round it and with it."""
    symbol = qr.symbol(codes.address_at(short_host, ANY_CODE))
    module = qr.module_for_mm(distance_mm)
    return symbol.size * module, symbol.full_size * module


def warnings(named: Iterable[str], reads_mm: float, design: Printable, short_host: str) -> list[str]:
    """What to know of the places that sheets of a design are for, one sentence for all of a sort; never a refusal."""
    counts = Counter(kind for kind in named if kind)
    short: dict[float, Counter[str]] = {}
    for kind, count in sorted(counts.items()):
        distance = kinds.advised(kind).distance_mm
        # What is made for a hand or a table is read there, wherever it was taken from.
        if design.reading_distance > kinds.DESK and not serves(reads_mm, distance):
            short.setdefault(distance, Counter())[kind] = count
    reached = reaches(design.name, short_host) if short else []
    found = [f"{_are(those)}: {_too_near(far, reads_mm, reached, design.size)}" for far, those in sorted(short.items())]
    cautions: dict[str, Counter[str]] = {}
    for kind, count in sorted(counts.items()):
        if kinds.advised(kind).caution:
            cautions.setdefault(kinds.advised(kind).caution, Counter())[kind] = count
    return found + [f"{_are(those)}. {caution}" for caution, those in cautions.items()]


def _too_near(distance_mm: float, reads_mm: float, reached: Sequence[Reach], size: str) -> str:
    far, near = qr.distance_in_words(distance_mm), qr.distance_in_words(reads_mm)
    best = size_for(reached, distance_mm) or (reached[-1] if reached and reached[-1].distance_mm > reads_mm else None)
    advised = f"{best.size} is advised" if best and best.size != size else "a larger printable is advised"
    return f"{size} reads from about {near}, and people stand about {far} away; {advised}."


def _are(counts: Counter[str]) -> str:
    """How many of the locations are of these kinds, as `3 of these locations are bus stops and halls`."""
    total = counts.total()
    *others, last = (_plural(kind) if count > 1 or total > 1 else kind for kind, count in counts.items())
    those = f"{', '.join(others)} and {last}" if others else last
    return f"{total:,} of these locations are {those}" if total > 1 else f"1 of these locations is a {those}"


def _plural(kind: str) -> str:
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith(("s", "x", "ch")) else f"{kind}s"
