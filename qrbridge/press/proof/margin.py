"""How much worse than perfect a printed code may be seen and still read: fewer pixels, blurred, turned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from PIL import Image, ImageFilter

from qrbridge import qr
from qrbridge.press.proof.proof import read_codes

PIXELS = 6
"""Pixels a module that a code is looked at with before it is made worse: enough to blur and to turn it truly."""
SURROUNDINGS = qr.QUIET_MODULES + 2
"""Modules looked at on each side: the white a code needs, and what begins where that ends."""
PHONE_PIXELS = 3
"""Pixels a module that a phone has at the reading distance."""
HAND_BLUR, HAND_TURN = 0.3, 15
"""What a hand does to the picture: a blur, as the standard deviation in modules, and degrees of turn."""
PIXEL_STEPS = (6, 5, 4, 3, 2.5, 2, 1.75, 1.5)
BLUR_STEPS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
TURN_STEPS = (5, 10, 15, 20, 30, 45)
QUIET_STEPS = (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)
UNREADABLE = 0.0
"""The pixels needed, where no number of them is enough."""
LEAST_QUIET = 3.5
"""Modules: the standard asks for four, less what rounding to pixels may take."""
LEAST_CONTRAST = 70
"""Per cent: the best of the grades of ISO/IEC 15415."""
WHITE = 255

Step = TypeVar("Step", int, float)


@dataclass(frozen=True)
class Margin:
    """How far one code, or the worst of several, can be seen worse.

    `pixels` and `held` are the fewest pixels a module at which it reads, seen straight and seen from a hand; `blur` (in
    modules) and `turn` (in degrees) the most at which it reads with a phone's three; `contrast` is that of its light
    and its dark, in per cent of the whole scale; `quiet` is how many modules round it are as light as its own.
    """

    pixels: float
    held: float
    blur: float
    turn: int
    contrast: int
    quiet: float

    @property
    def share(self) -> float:
        """What part of the distance its modules promise it keeps: all of it, if a phone's pixels are enough."""
        return min(1.0, PHONE_PIXELS / self.held) if self.held else 0.0


def worst(margins: Sequence[Margin]) -> Margin:
    """The least margin of several, each part by itself."""
    return Margin(
        pixels=_most_needed([margin.pixels for margin in margins]),
        held=_most_needed([margin.held for margin in margins]),
        blur=min(margin.blur for margin in margins),
        turn=min(margin.turn for margin in margins),
        contrast=min(margin.contrast for margin in margins),
        quiet=min(margin.quiet for margin in margins),
    )


def measure(picture: Image.Image) -> Margin:
    """Measure a code from a grey picture of it and its surroundings, at `PIXELS` a module."""
    whole = read_codes(_grey(picture))

    def reads(pixels: float, blur: float = 0, turn: int = 0) -> bool:
        return read_codes(_grey(_seen(picture, pixels, blur, turn))) == whole != []

    dark, light = _levels(picture)
    return Margin(
        pixels=_last(PIXEL_STEPS, reads) or UNREADABLE,
        held=_last(PIXEL_STEPS, lambda pixels: reads(pixels, HAND_BLUR, HAND_TURN)) or UNREADABLE,
        blur=_last(BLUR_STEPS, lambda blur: reads(PHONE_PIXELS, blur)) or 0,
        turn=_last(TURN_STEPS, lambda turn: reads(PHONE_PIXELS, turn=turn)) or 0,
        contrast=round((light - dark) / 2.55),
        quiet=_last(QUIET_STEPS, lambda modules: _is_light(picture, modules, light - (light - dark) / 4)) or 0,
    )


def _last(steps: Sequence[Step], reads: Callable[[Step], bool]) -> Step | None:
    """The last of the steps, easiest first, before one at which it does not read."""
    last = None
    for step in steps:
        if not reads(step):
            break
        last = step
    return last


def _seen(picture: Image.Image, pixels: float, blur: float, turn: int) -> Image.Image:
    """The picture as a camera would take it: turned, blurred by the lens, then each pixel the mean of what it covers.

    Pixels begin half of one off the modules' corner, where each lies across two modules: the hardest case.
    """
    if turn:
        picture = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur * PIXELS))
    covered = PIXELS / pixels
    width, height = (int(side / covered) - 1 for side in picture.size)
    start = covered / 2
    box = (start, start, start + width * covered, start + height * covered)
    return picture.resize((width, height), Image.Resampling.BOX, box)


def _grey(picture: Image.Image) -> memoryview:
    return memoryview(picture.tobytes()).cast("B", shape=[picture.height, picture.width])


def _levels(picture: Image.Image) -> tuple[int, int]:
    """The dark and the light that each take up a tenth of the code or more."""
    counts = picture.crop(_grown(picture, 0)).histogram()
    tenth = sum(counts) / 10
    return _level(counts, tenth), WHITE - _level(counts[::-1], tenth)


def _is_light(picture: Image.Image, modules: float, least: float) -> bool:
    """Whether nothing within so many modules of the code is darker than that."""
    around = picture.copy()
    # The code itself, and the half module beside it that its edge is smoothed into.
    around.paste(WHITE, _grown(picture, 0.5))
    return _level(around.crop(_grown(picture, modules)).histogram(), 1) >= least


def _grown(picture: Image.Image, modules: float) -> tuple[int, int, int, int]:
    """The box of the code in its picture, and so many modules round it."""
    edge = round((SURROUNDINGS - modules) * PIXELS)
    width, height = picture.size
    return edge, edge, width - edge, height - edge


def _level(counts: Sequence[int], share: float) -> int:
    """The level up to which this many pixels are."""
    passed = accumulate(counts)
    return next(level for level, count in enumerate(passed) if count >= share)


def _most_needed(pixels: Sequence[float]) -> float:
    return UNREADABLE if UNREADABLE in pixels else max(pixels)
