"""A council's colour: is type on it readable, and if not, which shade of it would be."""

from qrbridge.errors import CannotPrint

Rgb = tuple[int, int, int]
WHITE: Rgb = (255, 255, 255)
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""
LEAST_CONTRAST_LARGE = 3.0
"""WCAG 2.2, 1.4.3, for type of 18 pt and over, or 14 pt bold."""
LARGE_POINTS = 18


def parse(colour: str) -> Rgb:
    """Read `#00578a`."""
    digits = colour.removeprefix("#")
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise CannotPrint(f"The council's colour “{colour}” is not a colour: write it as #00578a.")
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def written(colour: Rgb) -> str:
    """Write a colour as `#00578a`."""
    return f"#{bytes(colour).hex()}"


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the WCAG contrast ratio, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_on_white(colour: str, least: float) -> None:
    """Refuse a colour too pale to stand with white, either on the other, naming the nearest shade that serves."""
    rgb = parse(colour)
    ratio = contrast(rgb, WHITE)
    if ratio < least:
        shade = written(nearest_shade(rgb, least))
        raise CannotPrint(
            f"The council's colour {colour} is too pale to read with white: their contrast is {ratio:.1f} to 1, "
            f"and {least:g} is the least. The nearest shade that passes is {shade}."
        )


def nearest_shade(colour: Rgb, least: float) -> Rgb:
    """Darken a colour, its hue kept, no further than white needs on it."""
    shades = (_scaled(colour, part / 255) for part in range(255, -1, -1))
    return next(shade for shade in shades if contrast(shade, WHITE) >= least)


def _scaled(colour: Rgb, part: float) -> Rgb:
    red, green, blue = (int(channel * part) for channel in colour)
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
