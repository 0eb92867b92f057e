"""An address into the modules of a QR code, and how far away a printed code reads."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import segno
from segno import consts

from qrbridge.errors import InvalidInput, Problem

SCHEME = "https://"
QUIET_MODULES = 4
"""White modules a reader needs on every side (ISO/IEC 18004)."""
LEVELS = ("H", "Q", "M")
"""Error correction from strongest to the least we print; L loses a code to damage over 2 % of it."""
LARGEST_VERSION = 6
"""41 modules a side: more than any council's address needs, and the last version without a version pattern."""
DISTANCE_PER_MODULE = 300
"""A phone reads a module from 300 times its size: 3 pixels a module in a frame 1280 pixels wide."""
NEARLY_A_METRE = 0.975
DOTS_PER_MODULE = 4
"""Printer dots a module needs before ink spread and rounding eat its edges."""
LEAST_MODULE_MM = 0.4
"""Our floor on any printer: the least module retail scanners are built for (GS1) is 0.396 mm."""
ALPHANUMERIC = re.compile(r"[0-9A-Z$%*+\-./:]+")
DARK_RUN = re.compile("1+")


@dataclass(frozen=True)
class Symbol:
    """A QR code as rows of `0` (light) and `1` (dark), without its quiet zone."""

    rows: tuple[str, ...]
    version: int
    level: str
    mask: int

    @property
    def size(self) -> int:
        """Modules a side."""
        return len(self.rows)

    @property
    def full_size(self) -> int:
        """Modules a side, quiet zone included."""
        return self.size + 2 * QUIET_MODULES

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Yield the dark modules as row, first column and length, side by side ones joined."""
        for number, row in enumerate(self.rows):
            for run in DARK_RUN.finditer(row):
                start, end = run.span()
                yield number, start, end - start


def symbol(address: str) -> Symbol:
    """Turn an address into the smallest symbol at level M, or at a stronger level if that is no larger.

    Two segments: the scheme in bytes, since some phones refuse it in capitals, and the rest in the
    denser alphanumeric mode. Raises InvalidInput for an address that cannot be held so.
    """
    rest = _after_scheme(address)
    version, level = _version_and_level(len(rest))
    first = _encode(_segments(rest), level, version, mask=0).matrix
    plain = _packed(first)
    sideways = _packed(zip(*first, strict=True))
    masks = _masks(version, level)
    mask = min(range(len(masks)), key=lambda k: masks[k].penalty(plain, sideways))
    return Symbol(_unpacked(plain ^ masks[mask].flips, len(first)), version, level, mask)


def of_text(text: str) -> Symbol:
    """Turn any text into a symbol for a screen, such as what an authenticator is shown."""
    made = segno.make(text, error="M", micro=False)
    rows = tuple("".join("1" if dark else "0" for dark in row) for row in made.matrix)
    return Symbol(rows, int(made.version), made.error or "M", made.mask)


def held(address: str) -> str:
    """Give an address as its code holds it, and as a scan must read: capitals after the scheme."""
    return SCHEME + _after_scheme(address)


def typed(address: str) -> str:
    """Give an address as it is printed for typing: lower case, without its scheme."""
    return address.removeprefix(SCHEME).lower()


def smallest_module_mm(dpi: int) -> float:
    """Give the smallest module to print at a printer's dots an inch, never under our own floor, in millimetres."""
    return max(LEAST_MODULE_MM, DOTS_PER_MODULE * 25.4 / dpi)


def reading_distance_mm(module_mm: float) -> float:
    """Give the distance from which a phone reads modules of this size."""
    return module_mm * DISTANCE_PER_MODULE


def module_for_mm(distance_mm: float) -> float:
    """Give the smallest module that a phone reads from this distance."""
    return distance_mm / DISTANCE_PER_MODULE


def distance_in_words(distance_mm: float) -> str:
    """Say a distance, as `1.4 m` or `85 cm`."""
    metres = distance_mm / 1000
    return f"{metres:.1f} m" if metres >= NEARLY_A_METRE else f"{round(metres * 20) * 5} cm"


def reads_from(distance_mm: float) -> str:
    """Say from how far a code reads, as `reads from about 1.4 m`."""
    return f"reads from about {distance_in_words(distance_mm)}"


def _after_scheme(address: str) -> str:
    rest = address.removeprefix(SCHEME).upper()
    if not address.startswith(SCHEME) or not ALPHANUMERIC.fullmatch(rest):
        remedy = "It must be https:// and then letters, digits, dots, hyphens and slashes only."
        raise InvalidInput([Problem("address", f"“{address}” cannot be printed as a QR code. {remedy}")])
    return rest


def _segments(rest: str) -> list[tuple[str, int]]:
    return [(SCHEME, consts.MODE_BYTE), (rest, consts.MODE_ALPHANUMERIC)]


@lru_cache
def _version_and_level(length: int) -> tuple[int, str]:
    """Find what an address with this many characters after its scheme needs; only the length decides."""
    rest = "A" * length
    smallest = next((version for version in range(1, LARGEST_VERSION + 1) if _fits(rest, "M", version)), None)
    if smallest is None:
        sentence = (
            f"The address has {length + len(SCHEME)} characters, too many for a code that reads well: shorten it."
        )
        raise InvalidInput([Problem("address", sentence)])
    fitting = (level for level in LEVELS if _fits(rest, level, smallest))
    return smallest, next(fitting)


def _fits(rest: str, level: str, version: int) -> bool:
    try:
        _encode(_segments(rest), level, version, mask=0)
    except segno.DataOverflowError:
        return False
    return True


def _encode(segments: list[tuple[str, int]], level: str, version: int, mask: int) -> segno.QRCode:
    # segno takes a list of segments, though its type annotations do not say so.
    return segno.make(segments, error=level, version=version, mask=mask, micro=False)  # type: ignore[arg-type]


# Trying the eight masks is 85 % of what segno takes. A mask turns the same modules over whatever the
# data, so what sets each apart from mask 0 is found once, and the penalties of ISO/IEC 18004 7.8.3
# are counted on a whole symbol held in one integer: 0.75 ms where segno takes 3.2, of which 0.5 is the encoding itself.
# Where two finder-like patterns overlap we count both and segno the first, so one choice in a hundred differs.

GUARD = 4
"""Light bits between rows and at both ends, as many as the finder-like pattern looks for beside it."""


@dataclass(frozen=True)
class Mask:
    """What one mask turns over, compared with mask 0, and where its penalty is counted."""

    size: int
    area: int
    scored: int
    flips: int
    flips_sideways: int

    def penalty(self, plain: int, sideways: int) -> int:
        """Score the symbol under this mask, format information left out as the standard has it; the least is best."""
        rows = (plain ^ self.flips) & self.scored
        columns = (sideways ^ self.flips_sideways) & self.scored
        share = rows.bit_count() * 100 / self.size**2
        balance = 10 * int(abs(share - 50) / 5)
        return balance + self._lines(rows) + self._lines(columns) + self._blocks(rows)

    def _lines(self, dark: int) -> int:
        return _runs_penalty(dark) + _runs_penalty(self.area ^ dark) + _finder_penalty(dark, self.size)

    def _blocks(self, dark: int) -> int:
        return sum(3 * _blocks_of_four(colour, self.size + GUARD) for colour in (dark, self.area ^ dark))


def _runs_penalty(bits: int) -> int:
    pairs = bits & bits >> 1
    fives = pairs & pairs >> 2 & bits >> 4
    return fives.bit_count() + 2 * (fives & ~(fives << 1)).bit_count()


def _blocks_of_four(bits: int, stride: int) -> int:
    pairs = bits & bits >> 1
    return (pairs & pairs >> stride).bit_count()


def _finder_penalty(dark: int, size: int) -> int:
    light = ~dark
    pattern = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6
    if not pattern:
        return 0
    pairs = light & light >> 1
    clear = pairs & pairs >> 2
    # An arithmetic shift fills with light from above; the low end has its guard.
    return 40 * (pattern & (clear >> 7 | clear << GUARD)).bit_count()


@lru_cache
def _masks(version: int, level: str) -> tuple[Mask, ...]:
    content = [("0", consts.MODE_NUMERIC)]
    matrices = [_encode(content, level, version, mask).matrix for mask in range(8)]
    size = len(matrices[0])
    area = _packed([b"\1" * size] * size)
    scored = area ^ _packed(_format_rows(size))
    plain = [_packed(matrix) for matrix in matrices]
    sideways = [_packed(zip(*matrix, strict=True)) for matrix in matrices]
    return tuple(
        Mask(size, area, scored, rows ^ plain[0], columns ^ sideways[0])
        for rows, columns in zip(plain, sideways, strict=True)
    )


def _format_rows(size: int) -> list[bytes]:
    """Mark the format information: row and column 8 beside the three finders, but for the timing pattern."""
    line = [number != 6 and (number <= 8 or number >= size - 8) for number in range(size)]
    return [
        bytes(line) if number == 8 else bytes(8) + bytes([line[number]]) + bytes(size - 9) for number in range(size)
    ]


def _packed(rows: Iterable[Iterable[int]]) -> int:
    ends = b"\0" * GUARD
    return int((ends.join(bytes(row) for row in rows) + ends).translate(_DIGITS), 2)


def _unpacked(bits: int, size: int) -> tuple[str, ...]:
    stride = size + GUARD
    text = f"{bits:0{size * stride}b}"
    return tuple(text[start : start + size] for start in range(0, size * stride, stride))


_DIGITS = bytes([48, 49]) + bytes(range(2, 256))
