"""The colours of a sheet: is type on them readable, does a code on them read, and if not, which shade would do."""

import re
from collections.abc import Iterable

from qrbridge.errors import CannotPrint

Rgb = tuple[int, int, int]
WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
NAMED = ("ink", "brand", "pale", "white")
"""What designs may name: black, the council's colour, a tint of it, and the paper."""
PALE_PART = 0.08
"""How much of the council's colour there is in its tint."""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""
LEAST_CONTRAST_LARGE = 3.0
"""WCAG 2.2, 1.4.3, for type of 18 pt and over, or 14 pt bold."""
LARGE_POINTS = 18
INK_ON_WHITE = 0.8
"""Black of one ink on white paper: the difference of their reflectance."""
LEAST_SYMBOL_CONTRAST = 0.7
"""ISO/IEC 15415: a code of grade A."""
HEX = re.compile("#[0-9a-fA-F]{6}")


def is_colour(colour: object) -> bool:
    """Whether a design may name this as a colour."""
    return isinstance(colour, str) and (colour in NAMED or bool(HEX.fullmatch(colour)))


def parse(colour: str) -> Rgb:
    """Read `#00578a`."""
    if not HEX.fullmatch(colour):
        raise CannotPrint(f"The council's colour “{colour}” is not a colour: write it as #00578a.")
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def resolve(name: str, brand: Rgb) -> Rgb:
    """Give the colour that a design names, for a council's own."""
    known = {"ink": BLACK, "white": WHITE, "brand": brand, "pale": _mixed(brand, PALE_PART)}
    return known[name] if name in known else parse(name)


def written(colour: Rgb) -> str:
    """Write a colour as `#00578a`."""
    return f"#{bytes(colour).hex()}"


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the WCAG contrast ratio, from 1 to 21.

    It is reckoned on luminance alone, which is what a grey print keeps: what passes reads in grey as well.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def symbol_contrast(ground: Rgb) -> float:
    """Give the contrast of a black code printed on this ground, as ISO/IEC 15415 reckons it."""
    return INK_ON_WHITE * _luminance(ground)


def check_brand(colour: str, pairs: Iterable[tuple[str, float]]) -> None:
    """Refuse a council's colour too pale to stand with others, naming the nearest shade that serves.

    `pairs` are the colours a design puts it with, and the contrast each needs.
    """
    brand = parse(colour)
    needed = {pair: contrast(brand, resolve(pair[0], brand)) for pair in pairs}
    failing = [(ratio, other, least) for (other, least), ratio in needed.items() if ratio < least]
    if failing:
        ratio, other, least = min(failing)
        shade = written(nearest_shade(brand, needed))
        raise CannotPrint(
            f"The council's colour {colour} is too pale to read with {other}: their contrast is {ratio:.1f} to 1, "
            f"and {least:g} is the least. The nearest shade that passes is {shade}."
        )


def nearest_shade(colour: Rgb, pairs: Iterable[tuple[str, float]]) -> Rgb:
    """Darken a colour, its hue kept, no further than it must be to stand with these."""
    pairs = list(pairs)
    shades = (_scaled(colour, part / 255) for part in range(255, -1, -1))
    return next(
        shade for shade in shades if all(contrast(shade, resolve(other, shade)) >= least for other, least in pairs)
    )


def _mixed(colour: Rgb, part: float) -> Rgb:
    red, green, blue = (round(255 - (255 - channel) * part) for channel in colour)
    return red, green, blue


def _scaled(colour: Rgb, part: float) -> Rgb:
    red, green, blue = (int(channel * part) for channel in colour)
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
