"""Where the codes of a run are, and which of them are measured."""

import random
from array import array
from collections.abc import Sequence

from qrbridge.press.design.printable import Frame
from qrbridge.press.marks import Code
from qrbridge.press.proof.margin import SURROUNDINGS
from qrbridge.press.proof.proof import Spot

BY_CHANCE = 12
"""Codes measured beside one of each size: enough to meet the one in four that differs, and a third of a second."""
MOST_NEARER = 20
"""Codes measured of pages that did not read from as far as they should."""


class Spots:
    """The place of every code of a run, in 40 bytes each; `margin` is how much paper there is round the sheet."""

    def __init__(self, margin: float = 0) -> None:
        self._margin = margin
        self._pages = array("L")
        self._corners = array("d")
        self._modules = array("d")
        self._sizes = array("B")

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def smallest_module(self) -> float:
        """The smallest modules of any code, in millimetres."""
        return min(self._modules)

    def add(self, page: int, code: Code) -> None:
        """Note a code drawn on a page, counted from 0."""
        self._pages.append(page)
        self._corners.extend((code.x + self._margin, code.y + self._margin))
        self._modules.append(code.module)
        self._sizes.append(code.symbol.size)

    def chosen(self, nearer: Sequence[int]) -> list[Spot]:
        """The codes to measure: one of each size, some by chance (the same ones each time), and those of pages that
        read only from nearer."""
        chosen = set(self._one_of_each())
        chance = random.Random(len(self))
        chosen.update(chance.sample(range(len(self)), min(BY_CHANCE, len(self))))
        pages = set(nearer[:MOST_NEARER])
        chosen.update(number for number, page in enumerate(self._pages) if page in pages)
        return [self._spot(number) for number in sorted(chosen)]

    def _one_of_each(self) -> list[int]:
        kinds: dict[tuple[int, float], int] = {}
        for number, kind in enumerate(zip(self._sizes, self._modules, strict=True)):
            kinds.setdefault((kind[0], round(kind[1], 2)), number)
        return list(kinds.values())

    def _spot(self, number: int) -> Spot:
        x, y = self._corners[2 * number : 2 * number + 2]
        module = self._modules[number]
        side = module * self._sizes[number]
        box = Frame(x, y, side, side).grown(SURROUNDINGS * module)
        return Spot(self._pages[number], box, module)
