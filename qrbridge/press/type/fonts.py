"""The faces we print in, for each language: found, and measured as they will be set."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from qrbridge import languages
from qrbridge.errors import CannotPrint, NotSetUp
from qrbridge.press.design.phrases import NAMES
from qrbridge.press.design.printable import FACES
from qrbridge.press.type.shaping import PER_EM, Font, Line, Setting, set_line

MM_PER_POINT = 25.4 / 72
SHAPED_KEPT = 512
"""Lines kept shaped; breaking a paragraph asks for about a hundred, some many times over."""
WEIGHTS: Mapping[str, str] = {
    "regular": "400Regular",
    "medium": "500Medium",
    "semibold": "600SemiBold",
    "bold": "700Bold",
    "extrabold": "800ExtraBold",
}
ACCENT, TAIL = 120, 240
"""How far accents rise over capitals and the tails of letters hang below the line, per em; layout leaves room for them
between any two lines."""


@dataclass(frozen=True)
class Family:
    """A typeface in node_modules: its package, how its files are called, and what setting lines in it needs."""

    package: str
    files: str
    tall: str
    """A letter of ordinary height, that stands for a capital in scripts without any."""
    leading: float = 1.0
    """How much further apart its lines stand than Latin ones of the same size."""
    heaviest: str = "extrabold"
    command: str = "make setup"
    """What installs it."""
    folder: str = "."
    """Where it is installed, from the folder of node_modules."""

    def path(self, project: Path, weight: str) -> Path:
        """The file of the weight, or of the heaviest there is."""
        name = WEIGHTS[min(weight, self.heaviest, key=FACES.index)]
        package = project / self.folder / "node_modules" / "@expo-google-fonts" / self.package
        return package / name / f"{self.files}_{name}.ttf"


LATIN = Family("atkinson-hyperlegible-next", "AtkinsonHyperlegibleNext", "H")
SCRIPTS: Mapping[str, Family] = {
    "uk": Family("noto-sans", "NotoSans", "Н"),
    "bn": Family("noto-sans-bengali", "NotoSansBengali", "ক", leading=1.08),
    "gu": Family("noto-sans-gujarati", "NotoSansGujarati", "ક", leading=1.08),
    "ti": Family("noto-sans-ethiopic", "NotoSansEthiopic", "ህ", leading=1.12),
    "ar": Family("noto-sans-arabic", "NotoSansArabic", "ل", leading=1.3),
    "ur": Family("noto-nastaliq-urdu", "NotoNastaliqUrdu", "ا", leading=1.6, heaviest="bold"),
    "zh": Family(
        "noto-sans-sc", "NotoSansSC", "国", leading=1.12, command="make fonts-chinese", folder="fonts-chinese"
    ),
}
"""The typeface of each language that Latin letters do not write; within it, Latin words and figures are in `LATIN`."""


class Face:
    """One weight of the type that a language is set in."""

    def __init__(self, name: str, language: str, fonts: tuple[Font, ...]) -> None:
        self.name = name
        self.language = language
        self.leading = SCRIPTS.get(language, LATIN).leading
        self._setting = Setting(fonts, language, languages.direction(language) == "rtl")
        self._tall = set_line(SCRIPTS.get(language, LATIN).tall, self._setting).reach[1]
        self.shape = lru_cache(maxsize=SHAPED_KEPT)(self._shape)

    def width_mm(self, text: str, size: float) -> float:
        """Measure a line set at a size in points."""
        return self.shape(text).advance * size / PER_EM * MM_PER_POINT

    def cap_height_mm(self, size: float) -> float:
        """Measure a capital letter, or what stands as high in this script, at a size in points."""
        return self._tall * size / PER_EM * MM_PER_POINT

    def overreach_mm(self, text: str, size: float) -> tuple[float, float]:
        """Measure how far a line's ink goes above capitals with their accents, and below the tails of Latin letters."""
        if self.language not in SCRIPTS:
            return 0, 0
        below, above = self.shape(text).reach
        mm = size / PER_EM * MM_PER_POINT
        return max(0, above - self._tall - ACCENT) * mm, max(0, -below - TAIL) * mm

    def _shape(self, text: str) -> Line:
        line = set_line(text, self._setting)
        for run in line.runs:
            for letter in run.letters:
                if any(glyph == 0 for glyph, _, _ in letter.glyphs):
                    _refuse(letter.text[0], self.language)
        return line


def _refuse(character: str, language: str) -> NoReturn:
    remedy = "Use another character, spell it out, or put the words among those of their own language."
    raise CannotPrint(
        f"“{character}” (U+{ord(character):04X}) is not in our typeface for {NAMES[language]} ({language}). {remedy}"
    )


class Faces:
    """The faces by the name printables use and the language, each opened when it is first asked for."""

    def __init__(self, node_modules: Path) -> None:
        self._project = node_modules.parent
        self._faces: dict[tuple[str, str], Face] = {}
        self._fonts: dict[Path, Font] = {}

    def __getitem__(self, key: tuple[str, str]) -> Face:
        if key not in self._faces:
            name, language = key
            families = [*([SCRIPTS[language]] if language in SCRIPTS else []), LATIN]
            self._faces[key] = Face(name, language, tuple(self._font(family, name) for family in families))
        return self._faces[key]

    def _font(self, family: Family, weight: str) -> Font:
        path = family.path(self._project, weight)
        if path not in self._fonts:
            if not path.is_file():
                raise NotSetUp(f"A typeface is not installed: {path} is missing.", "no-typeface", family.command)
            self._fonts[path] = Font(path)
        return self._fonts[path]
