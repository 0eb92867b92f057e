"""A map of dots: where places lie to one another, drawn from their coordinates with no map service asked."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple

from qrbridge.store import Row

# Units of the picture; a page shows it as wide as there is room.
WIDTH, MARGIN, LOWEST, HIGHEST = 720, 40, 240, 900
KM_PER_DEGREE = 111.2

# Places so near one another are one dot: on a map of few, those that would lie on one another; of many, all in a cell.
NEAR, CELL, MANY = 2, 9, 400

SMALLEST, LARGEST = 4.5, 14.0
NAMED = 3

# Room a ward's name takes: the height of its line, and so much for each letter.
LINE, LETTER = 15, 7.8
SCALES_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Dot:
    """One dot: where it lies, how large it is, what it stands for, and whether a notice is up there."""

    x: float
    y: float
    radius: float
    title: str
    is_up: bool


@dataclass(frozen=True)
class Label:
    """A ward's name, in the middle of its places."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class DotMap:
    """A drawn map: its height, dots and names, the length of its scale, and how many places have no coordinates."""

    height: int
    dots: Sequence[Dot]
    labels: Sequence[Label]
    scale_km: float
    scale_width: float
    placed: int
    unplaced: int


class Point(NamedTuple):
    """A place and where it lies in the picture."""

    x: float
    y: float
    row: Row


def drawn(rows: Sequence[Row]) -> DotMap:
    """A map of rows with `name`, `ward_name`, `latitude`, `longitude` and `up`; north is at the top."""
    placed = [row for row in rows if row["latitude"] is not None]
    if not placed:
        return DotMap(LOWEST, (), (), 0, 0, 0, len(rows))
    points, height, unit = _projected(placed)
    dots = [_dot(group) for group in _together(points)]
    # Small dots are drawn last, so that no large one hides them.
    dots.sort(key=lambda dot: (-dot.radius, dot.x, dot.y))
    scale = max((km for km in SCALES_KM if km * unit <= WIDTH / 3), default=SCALES_KM[0])
    return DotMap(height, dots, _labels(points), scale, scale * unit, len(placed), len(rows) - len(placed))


def _projected(rows: Sequence[Row]) -> tuple[list[Point], int, float]:
    """Each row where it lies, the height of the picture, and how long a kilometre is in it."""
    norths, easts = ([row[name] for row in rows] for name in ("latitude", "longitude"))
    shrink = math.cos(math.radians((min(norths) + max(norths)) / 2))
    wide_km = (max(easts) - min(easts)) * shrink * KM_PER_DEGREE
    high_km = (max(norths) - min(norths)) * KM_PER_DEGREE
    inner, tallest = WIDTH - 2 * MARGIN, HIGHEST - 2 * MARGIN
    # A kilometre at least, so that places in one street are not torn apart to the edges.
    unit = min(inner / max(wide_km, 1), tallest / max(high_km, 1))
    height = max(LOWEST, round(high_km * unit) + 2 * MARGIN)
    north, west, per_degree = max(norths), min(easts), KM_PER_DEGREE * unit
    left, top = (WIDTH - wide_km * unit) / 2, (height - high_km * unit) / 2
    points = [
        Point(
            left + (row["longitude"] - west) * shrink * per_degree,
            top + (north - row["latitude"]) * per_degree,
            row,
        )
        for row in rows
    ]
    return points, height, unit


def _together(points: Sequence[Point]) -> Iterable[list[Point]]:
    cell = CELL if len(points) > MANY else NEAR
    groups: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in points:
        groups[int(point.x // cell), int(point.y // cell)].append(point)
    return groups.values()


def _dot(group: Sequence[Point]) -> Dot:
    names = [point.row["name"] for point in group]
    up = sum(bool(point.row["up"]) for point in group)
    title = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")
    title = f"{len(names):,} locations: {title}" if len(names) > 1 else title
    radius = min(LARGEST, SMALLEST + 1.5 * math.log2(len(group)))
    x, y = fmean(point.x for point in group), fmean(point.y for point in group)
    return Dot(round(x, 1), round(y, 1), round(radius, 1), f"{title} ({_said(up, len(group))})", up > 0)


def _said(up: int, all_: int) -> str:
    if not up:
        return "no notice up"
    return "notice up" if up == all_ == 1 else f"notices up at {up:,}"


def _labels(points: Sequence[Point]) -> list[Label]:
    """The names of wards, those with most places first, where they do not lie on one another."""
    wards: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        if point.row["ward_name"]:
            wards[point.row["ward_name"]].append(point)
    labels: list[Label] = []
    for name, inside in sorted(wards.items(), key=lambda ward: (-len(ward[1]), ward[0])):
        x, y = median(point.x for point in inside), median(point.y for point in inside)
        half = len(name) * LETTER / 2
        label = Label(round(min(max(x, half), WIDTH - half), 1), round(y - LINE / 2, 1), name)
        if not any(_overlap(label, other) for other in labels):
            labels.append(label)
    return labels


def _overlap(one: Label, other: Label) -> bool:
    return (
        abs(one.y - other.y) < LINE and abs(one.x - other.x) < (len(one.text) + len(other.text)) * LETTER / 2 + LETTER
    )
