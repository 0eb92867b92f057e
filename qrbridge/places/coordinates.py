"""Where in the country something is: coordinates in degrees as people write them, and why some cannot be right."""

import re

# The United Kingdom with its islands, rounded outwards to a tenth of a degree (Scilly to Shetland, Rockall left out).
LATITUDES = (49.8, 60.9)
LONGITUDES = (-8.7, 1.8)

# A very small one is written with an exponent by ourselves.
DEGREES = re.compile(r"[+-]?\d{1,3}([.,]\d+)?(e-\d\d?)?")

Point = tuple[float | None, float | None]


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
