"""The folders of printables/: found, read from TOML, and refused with every reason at once."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from qrbridge.errors import InvalidInput, NotFound, Problem, UnreadableFile
from qrbridge.press.checks import problems_of, problems_of_sample
from qrbridge.press.fonts import FACES
from qrbridge.press.printable import Block, Frame, Panel, Printable, Region, Role
from qrbridge.press.text import WAYS
from qrbridge.press.words import Notice, Sheet, Text
from qrbridge.settings import PRINTABLES

COLOURS = ("ink", "brand", "white")
GROUNDS = ("white", "brand")
ALIGNMENTS = ("top", "middle", "bottom")
KINDS = ("text", "code")


@dataclass(frozen=True)
class Sample:
    """Words to show and to check a design with."""

    notice: Notice
    sheet: Sheet


def names(folder: Path = PRINTABLES) -> list[str]:
    """List the designs there are."""
    return sorted(path.parent.name for path in folder.glob("*/printable.toml"))


def read(name: str, folder: Path = PRINTABLES) -> Printable:
    """Read a design and check it; raises NotFound, or InvalidInput with every problem in it."""
    if name not in names(folder):
        raise NotFound("printable", name, ", ".join(names(folder)))
    reader = Reader()
    table = _table(folder / name / "printable.toml")
    design = reader.read(Printable, {**table, "name": name}, name)
    problems = reader.problems or list(problems_of(design))
    if problems:
        raise InvalidInput(problems)
    return design  # type: ignore[no-any-return]


def sample(design: Printable, folder: Path = PRINTABLES) -> Sample:
    """Read the words a design is shown with; raises InvalidInput where they fall short of it."""
    reader = Reader()
    read_sample = reader.read(Sample, _table(folder / design.name / "sample.toml"), f"{design.name} sample")
    problems = reader.problems or list(problems_of_sample(design, read_sample.notice, read_sample.sheet))
    if problems:
        raise InvalidInput(problems)
    return read_sample  # type: ignore[no-any-return]


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path} is missing: every printable needs one.") from error
    except ValueError as error:
        raise UnreadableFile(f"{path} is not TOML: {error}.") from error


@dataclass
class Reader:
    """Turns TOML tables into our dataclasses, and keeps every problem it meets."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, kind: type, table: object, where: str) -> Any:
        """Read one table into one dataclass, or None if it cannot be."""
        if not isinstance(table, dict):
            return self._refuse(where, "This must be a table.")
        known = {entry.name: entry for entry in fields(kind)}
        for key in table.keys() - known.keys():
            self._refuse(f"{where}.{key}", f"There is no such setting here; there are {', '.join(known)}.")
        for key, entry in known.items():
            if key not in table and entry.default is MISSING:
                self._refuse(f"{where}.{key}", "This is missing.")
        values = {key: self._value(kind, key, table[key], where) for key in table.keys() & known.keys()}
        missing = [key for key, entry in known.items() if entry.default is MISSING and key not in values]
        return None if missing or None in values.values() else kind(**values)

    def _value(self, kind: type, key: str, value: object, where: str) -> Any:
        place = f"{where}.{key}"
        if (kind, key) in NESTED:
            return NESTED[kind, key](self, value, place)
        check, sentence = SETTINGS.get(key, ANY_TEXT) if kind not in WORDS else ANY_TEXT
        return value if check(value) else self._refuse(place, sentence)

    def each(self, kind: type, tables: object, where: str) -> Any:
        """Read a list of tables."""
        if not isinstance(tables, list) or not tables:
            return self._refuse(where, "This must be a list of tables, with at least one.")
        read = [self.read(kind, table, f"{where}[{number}]") for number, table in enumerate(tables, start=1)]
        return None if None in read else tuple(read)

    def named(self, kind: type, tables: object, where: str) -> Any:
        """Read tables that each have a name."""
        if not isinstance(tables, dict):
            return self._refuse(where, "This must be a table of tables.")
        read = {name: self.read(kind, table, f"{where}.{name}") for name, table in tables.items()}
        return None if None in read.values() else read

    def frame(self, numbers: object, where: str) -> Frame | None:
        """Read x, y, width and height."""
        lengths = self._lengths(numbers, ("x", "y", "width", "height"), where)
        return Frame(*lengths) if lengths else None

    def paper(self, numbers: object, where: str) -> tuple[float, ...] | None:
        """Read width and height."""
        return self._lengths(numbers, ("width", "height"), where)

    def _lengths(self, numbers: object, names: Sequence[str], where: str) -> tuple[float, ...] | None:
        if isinstance(numbers, list) and len(numbers) == len(names) and all(map(_is_length, numbers)):
            return tuple(numbers)
        self._refuse(where, f"This must be {len(names)} lengths in millimetres: {', '.join(names)}.")
        return None

    def _refuse(self, where: str, sentence: str) -> None:
        self.problems.append(Problem(where, sentence))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _one_of(choices: Sequence[str]) -> tuple[Callable[[object], bool], str]:
    return (lambda value: value in choices), f"This must be one of {', '.join(choices)}."


WORDS = (Notice, Sheet, Text)
ANY_TEXT = (_is_text, "This must be text.")
_LENGTH = (_is_length, "This must be a number, 0 or more.")
SETTINGS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "face": _one_of(tuple(FACES)),
    "colour": _one_of(COLOURS),
    "ground": _one_of(GROUNDS),
    "align": _one_of(ALIGNMENTS),
    "kind": _one_of(KINDS),
    "breaks": _one_of(tuple(WAYS)),
    **dict.fromkeys(("largest", "smallest", "leading", "gap", "quiet", "edge"), _LENGTH),
}
NESTED: Mapping[tuple[type, str], Callable[[Reader, object, str], Any]] = {
    (Printable, "paper"): Reader.paper,
    (Printable, "roles"): lambda reader, value, where: reader.named(Role, value, where),
    (Printable, "regions"): lambda reader, value, where: reader.each(Region, value, where),
    (Printable, "panels"): lambda reader, value, where: reader.each(Panel, value, where),
    (Region, "blocks"): lambda reader, value, where: reader.each(Block, value, where),
    (Sample, "notice"): lambda reader, value, where: reader.read(Notice, value, where),
    (Sample, "sheet"): lambda reader, value, where: reader.read(Sheet, value, where),
    (Notice, "texts"): lambda reader, value, where: reader.each(Text, value, where),
    (Region, "box"): Reader.frame,
    (Panel, "box"): Reader.frame,
}
