"""The sizes a design may be printed at: sheets of paper, and the cells some are cut, folded or peeled into."""

from collections.abc import Mapping
from dataclasses import dataclass

BLEED_MM = 3
"""How far a print shop wants colour to run on beyond the cut."""
ARM_S_LENGTH_MM = 210
"""The short side of the largest paper that is read at arm's length, 400 mm; larger ones are read from further off in
proportion, so their least type grows with them (14 pt at 400 mm is 28 pt at 800)."""


@dataclass(frozen=True)
class Paper:
    """A sheet and its cells, in millimetres from its top left; one cell takes one link."""

    width: float
    height: float
    cell: tuple[float, float]
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    pitch: tuple[float, float] = (0, 0)
    """From the left of one cell to the left of the next, and from top to top."""
    is_cut: bool = False
    is_folded: bool = False
    """Folded across the middle, with the same link on both faces and the upper one upside down."""
    is_peeled: bool = False
    """Labels, whose places are given: a drawing for one does not scale to another."""

    @property
    def origins(self) -> list[tuple[float, float]]:
        """The top left corner of every cell, row by row."""
        across, down = self.pitch
        return [
            (self.left + column * across, self.top + row * down)
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    @property
    def reading(self) -> float:
        """How many times further off than arm's length it is read from."""
        return max(1.0, min(self.cell) / ARM_S_LENGTH_MM)


def _whole(width: float, height: float) -> Paper:
    return Paper(width, height, (width, height))


def _labels(columns: int, rows: int, cell: tuple[float, float], corner: tuple[float, float], across: float) -> Paper:
    left, top = corner
    return Paper(210, 297, cell, columns, rows, left, top, (across, cell[1]), is_peeled=True)


PAPERS: Mapping[str, Paper] = {
    "A5": _whole(148, 210),
    "A4": _whole(210, 297),
    "A3": _whole(297, 420),
    "A2": _whole(420, 594),
    "A1": _whole(594, 841),
    "2xA5": Paper(297, 210, (148.5, 210), columns=2, pitch=(148.5, 210), is_cut=True),
    "4xA6": Paper(210, 297, (105, 148.5), columns=2, rows=2, pitch=(105, 148.5), is_cut=True),
    "A4-folded": Paper(210, 297, (210, 148.5), rows=2, pitch=(210, 148.5), is_folded=True),
    "L7159": _labels(3, 8, (63.5, 33.9), (7.2, 12.9), 66.0),
    "L7160": _labels(3, 7, (63.5, 38.1), (7.2, 15.15), 66.04),
    "L7163": _labels(2, 7, (99.06, 38.1), (4.67, 15.15), 101.6),
    "L7165": _labels(2, 4, (99.06, 67.73), (4.67, 13.04), 101.6),
    "L7173": _labels(2, 5, (99.06, 57.0), (4.67, 6.0), 101.6),
}
"""By the name a design lists and a notice asks for. Label sheets are Avery's, all of whose rows touch."""
