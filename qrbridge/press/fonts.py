"""The faces we print in: found, and measured as they will be set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import uharfbuzz as hb  # type: ignore[import-untyped]

from qrbridge.errors import CannotPrint, NotSetUp

PACKAGE = Path("@expo-google-fonts/atkinson-hyperlegible-next")
FACES: Mapping[str, str] = {
    "regular": "400Regular/AtkinsonHyperlegibleNext_400Regular.ttf",
    "medium": "500Medium/AtkinsonHyperlegibleNext_500Medium.ttf",
    "semibold": "600SemiBold/AtkinsonHyperlegibleNext_600SemiBold.ttf",
    "bold": "700Bold/AtkinsonHyperlegibleNext_700Bold.ttf",
    "extrabold": "800ExtraBold/AtkinsonHyperlegibleNext_800ExtraBold.ttf",
}
MM_PER_POINT = 25.4 / 72
PER_EM = 1000
"""PDF states every measure of a face in thousandths of its size."""
SHAPED_KEPT = 512
"""Lines kept shaped; breaking a paragraph asks for about a hundred, some many times over."""
NO_LIGATURES = {"liga": False, "clig": False, "dlig": False}
"""One glyph for each character: easier to read letter by letter, and text copied from the file is what was typed."""


@dataclass(frozen=True)
class Line:
    """A line as set: how much closer than its own width each character has the next (per em), and the line's width."""

    kerns: tuple[int, ...]
    advance: int


class Face:
    """One weight of our typeface."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.leading = 1.0
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self._font.scale = (PER_EM, PER_EM)
        self.postscript_name = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or name
        self._cap_height = self._measure_cap_height()
        self.shape = lru_cache(maxsize=SHAPED_KEPT)(self._shape)

    def width_mm(self, text: str, size: float) -> float:
        """Measure a line set at a size in points."""
        return self.shape(text).advance * size / PER_EM * MM_PER_POINT

    def cap_height_mm(self, size: float) -> float:
        """Measure a capital letter at a size in points."""
        return self._cap_height * size / PER_EM * MM_PER_POINT

    def kerns(self, text: str) -> tuple[int, ...]:
        """How much closer than its own width each character of a line has the next, per em."""
        return self.shape(text).kerns

    def _shape(self, text: str) -> Line:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, NO_LIGATURES)
        for info in buffer.glyph_infos:
            if info.codepoint == 0:
                _refuse(text[info.cluster])
        own = [self._font.get_glyph_h_advance(self._font.get_nominal_glyph(ord(character)) or 0) for character in text]
        set_apart = [position.x_advance for position in buffer.glyph_positions]
        if len(set_apart) != len(own):
            # Marks were joined to their letters: set without kerning, as reportlab will draw it.
            set_apart = own
        return Line(tuple(one - other for one, other in zip(own, set_apart, strict=True)), sum(set_apart))

    def _measure_cap_height(self) -> int:
        extents = self._font.get_font_extents("ltr")
        return int(self._font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT) or extents.ascender)


def _refuse(character: str) -> NoReturn:
    remedy = "Use another character, or spell it out."
    raise CannotPrint(f"“{character}” (U+{ord(character):04X}) is not in our typeface. {remedy}")


class Faces:
    """The faces by the name printables use, each opened when it is first asked for."""

    def __init__(self, node_modules: Path) -> None:
        self._folder = node_modules / PACKAGE
        self._open: dict[str, Face] = {}

    def __getitem__(self, key: tuple[str, str]) -> Face:
        name = key[0]
        if name not in self._open:
            self._open[name] = Face(name, self.path(name))
        return self._open[name]

    def path(self, name: str) -> Path:
        """The file of a face; `NotSetUp` where it is not installed."""
        path = self._folder / FACES[name]
        if not path.is_file():
            raise NotSetUp(f"The typeface is not installed: {path} is missing. Run `make setup`.")
        return path
