"""The faces we print in: found, shaped, measured, and cut down to the glyphs a file uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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
UNUSED_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"STAT", b"name", b"post", b"OS/2", b"cmap", b"gasp")
"""What a PDF never looks at, since its text names glyphs and stands where we put it."""


@dataclass(frozen=True)
class Glyph:
    """One glyph as set: its number, its own advance and the advance with kerning (per em), the characters it shows."""

    number: int
    advance: int
    kerned: int
    characters: str


@dataclass(frozen=True)
class Line:
    """A line as set, and its width per em."""

    glyphs: tuple[Glyph, ...]
    advance: int


@dataclass(frozen=True)
class Metrics:
    """The heights of a face, per em; `descent` is negative."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


class Face:
    """One weight of our typeface."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self._font.scale = (PER_EM, PER_EM)
        self.postscript_name = self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or name
        self.weight = int(self._font.get_style_value(hb.StyleTag.WEIGHT))
        self.metrics = self._measure_heights()
        self.shape = lru_cache(maxsize=SHAPED_KEPT)(self._shape)

    def width_mm(self, text: str, size: float) -> float:
        """Measure a line set at a size in points."""
        return self.shape(text).advance * size / PER_EM * MM_PER_POINT

    def cap_height_mm(self, size: float) -> float:
        """Measure a capital letter at a size in points."""
        return self.metrics.cap_height * size / PER_EM * MM_PER_POINT

    def subset(self, glyphs: set[int]) -> bytes:
        """Cut the font file down to these glyphs, which keep their numbers."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
        for table in UNUSED_TABLES:
            wanted.drop_table_tag_set.add(int.from_bytes(table, "big"))
        return bytes(hb.subset(self._face, wanted).blob.data)

    def _shape(self, text: str) -> Line:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        ends = [info.cluster for info in infos[1:]] + [len(text)]
        glyphs = tuple(
            self._glyph(info.codepoint, position.x_advance, text[info.cluster : end])
            for info, position, end in zip(infos, positions, ends, strict=True)
        )
        return Line(glyphs, sum(glyph.kerned for glyph in glyphs))

    def _glyph(self, number: int, kerned: int, characters: str) -> Glyph:
        if number == 0:
            remedy = "Use another character, or spell it out."
            raise CannotPrint(f"“{characters}” (U+{ord(characters[0]):04X}) is not in our typeface. {remedy}")
        return Glyph(number, self._font.get_glyph_h_advance(number), kerned, characters)

    def _measure_heights(self) -> Metrics:
        extents = self._font.get_font_extents("ltr")
        cap_height = self._font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT) or extents.ascender
        head = self._face.reference_table("head").data
        box = (int.from_bytes(head[at : at + 2], "big", signed=True) for at in range(36, 44, 2))
        left, bottom, right, top = (edge * PER_EM // self._face.upem for edge in box)
        return Metrics(extents.ascender, extents.descender, cap_height, (left, bottom, right, top))


class Faces:
    """The faces by the name printables use, each opened when it is first asked for."""

    def __init__(self, node_modules: Path) -> None:
        self._folder = node_modules / PACKAGE
        self._open: dict[str, Face] = {}

    def __getitem__(self, name: str) -> Face:
        if name not in self._open:
            path = self._folder / FACES[name]
            if not path.is_file():
                raise NotSetUp(f"The typeface is not installed: {path} is missing. Run `make setup`.")
            self._open[name] = Face(name, path)
        return self._open[name]
