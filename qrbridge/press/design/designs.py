"""The folders of printables/: found, read from TOML, and refused with every reason at once."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from qrbridge.errors import InvalidInput, NotFound, Problem, Unsound
from qrbridge.press.design.checks import MUST_CARRY, problems_of, problems_of_sample
from qrbridge.press.design.colour import NAMED, is_colour
from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.printable import BREAKS, FACES, Block, Frame, Panel, Printable, Region, Role, Rows
from qrbridge.press.design.sizing import sized, sizes_apart
from qrbridge.press.design.words import Notice, Sheet, Text
from qrbridge.settings import PRINTABLES

# More than any installation has; those that are kept were read and found sound once.
DESIGNS_KEPT = 200

ALIGNMENTS = ("top", "middle", "bottom")
PARTS = ("sheet", "page", "heading")
KINDS = ("text", "code", "languages", "picture", "box")
TAGS = ("h1", "h2", "p")
LANGUAGES = (1, 2)
Rule = tuple[Callable[[object], bool], str]
"""What a value must be, and the sentence that refuses any other."""


@dataclass(frozen=True)
class Sample:
    """Words to show and to check a design with."""

    notice: Notice
    sheets: tuple[Sheet, ...]

    @property
    def sheet(self) -> Sheet:
        """The first of its sheets."""
        return self.sheets[0]


def names(folder: Path = PRINTABLES) -> list[str]:
    """List the designs there are."""
    return sorted(path.parent.name for path in folder.glob("*/printable.toml"))


def folders(folder: Path = PRINTABLES) -> list[str]:
    """List the folders that designs are in, also those that lack one."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def sort_out(folder: Path = PRINTABLES) -> tuple[list[Printable], dict[str, Unsound]]:
    """Read every design at its first size; gives those that are sound, and by name why the others are not."""
    sound, unsound = [], {}
    for name in folders(folder):
        try:
            sound.append(read(name, folder=folder))
        except Unsound as error:
            unsound[name] = error
    return sound, unsound


def read(name: str, size: str = "", folder: Path = PRINTABLES) -> Printable:
    """Read a design, check it and give it at a size, or at its first.

    Raises NotFound, Unsound with every problem in it, or InvalidInput where it is not made in the size.
    """
    if name not in {path.name for path in folder.iterdir() if path.is_dir()}:
        raise NotFound("printable", name, f"Printables are {', '.join(names(folder))}.")
    drawn = _checked(name, *_text(folder / name / "printable.toml"))
    if size and size not in drawn.sizes:
        raise InvalidInput([Problem("size", f"the {name} is not made in {size}; choose {', '.join(drawn.sizes)}")])
    return sized(drawn, size or drawn.sizes[0])


@lru_cache(DESIGNS_KEPT)
def _checked(name: str, said: str, text: str) -> Printable:
    """A design as its file has it, found sound. Checking takes 20 ms, and a page of the wizard asks for many."""
    reader = Reader()
    drawn: Printable = reader.read(Printable, {**_table(said, text), "name": name, "size": ""}, name)
    problems = reader.problems or [
        _of_design(name, problem) for each in sizes_apart(drawn) for problem in problems_of(sized(drawn, each))
    ]
    if problems:
        raise Unsound(list(dict.fromkeys(problems)))
    return drawn


def sample(design: Printable, folder: Path = PRINTABLES) -> Sample:
    """Read the words a design is shown with; raises Unsound where they fall short of it."""
    reader = Reader()
    found = reader.read(Sample, _table(*_text(folder / design.name / "sample.toml")), f"{design.name} sample")
    problems = reader.problems or list(problems_of_sample(design, found.notice, found.sheet))
    if problems:
        raise Unsound(problems)
    picture = found.notice.picture and folder / design.name / found.notice.picture
    return replace(found, notice=replace(found.notice, picture=picture))  # type: ignore[no-any-return]


def _of_design(name: str, problem: Problem) -> Problem:
    return problem if problem.field == name else replace(problem, field=f"{name}, {problem.field}")


def _text(path: Path) -> tuple[str, str]:
    """What a file of a design is called in sentences, and what it says."""
    said = f"{path.parent.name}/{path.name}"
    try:
        return said, path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Unsound([Problem(said, "This is missing; every printable needs one.")]) from error
    except OSError as error:
        raise Unsound([Problem(said, f"This cannot be read: {error.strerror}.")]) from error
    except ValueError as error:
        raise Unsound([Problem(said, f"This is not TOML: {error}.")]) from error


def _table(said: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise Unsound([Problem(said, f"This is not TOML: {error}.")]) from error


@dataclass
class Reader:
    """Turns TOML tables into our dataclasses, and keeps every problem it meets."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, kind: type, table: object, where: str) -> Any:
        """Read one table into one dataclass, or None if it cannot be."""
        if not isinstance(table, dict):
            return self._refuse(where, "This must be a table.")
        known = {entry.name: entry for entry in fields(kind)}
        needed = [key for key, entry in known.items() if entry.default is entry.default_factory is MISSING]
        for key in table.keys() - known.keys():
            self._refuse(f"{where}.{key}", f"There is no such setting here; there are {', '.join(known)}.")
        for key in needed:
            if key not in table:
                self._refuse(f"{where}.{key}", "This is missing.")
        values = {key: self._value(kind, key, table[key], where) for key in table.keys() & known.keys()}
        return None if set(needed) - values.keys() or None in values.values() else kind(**values)

    def _value(self, kind: type, key: str, value: object, where: str) -> Any:
        place = f"{where}.{key}"
        if (kind, key) in NESTED:
            return NESTED[kind, key](self, value, place)
        return self.ruled(SETTINGS.get(key, ANY_TEXT) if kind not in WORDS else ANY_TEXT, value, place)

    def ruled(self, rule: Rule, value: object, where: str) -> Any:
        """Give a value back if it keeps the rule."""
        check, sentence = rule
        return value if check(value) else self._refuse(where, sentence)

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

    def frames(self, tables: object, where: str) -> Any:
        """Read boxes by the circumstances they are for."""
        if not isinstance(tables, dict):
            return self._refuse(where, "This must be boxes by the circumstances they are for.")
        return {words: self.frame(numbers, f"{where}.{words}") for words, numbers in tables.items()}

    def sizes(self, chosen: object, where: str) -> Any:
        """Read names of papers."""
        if isinstance(chosen, list) and chosen and all(size in PAPERS for size in chosen):
            return tuple(chosen)
        return self._refuse(where, f"This must be a list of one or more of {', '.join(PAPERS)}.")

    def texts(self, given: object, where: str) -> Any:
        """Read a list of texts."""
        if isinstance(given, list) and all(map(_is_text, given)):
            return tuple(given)
        return self._refuse(where, "This must be a list of texts.")

    def picture(self, name: object, where: str) -> Any:
        """Read the name of a file beside this one."""
        return Path(name) if isinstance(name, str) else self._refuse(where, "This must be the name of a picture.")

    def _lengths(self, numbers: object, names: Sequence[str], where: str) -> Any:
        if isinstance(numbers, list) and len(numbers) == len(names) and all(map(_is_length, numbers)):
            return tuple(numbers)
        return self._refuse(where, f"This must be {len(names)} lengths in millimetres: {', '.join(names)}.")

    def _refuse(self, where: str, sentence: str) -> Any:
        """Keep a problem; gives None, which stands for what could not be read."""
        self.problems.append(Problem(where, sentence))
        return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _one_of(choices: Sequence[Any]) -> Rule:
    return (lambda value: value in choices), f"This must be one of {', '.join(map(str, choices))}."


WORDS = (Notice, Sheet, Text)
ANY_TEXT = (_is_text, "This must be text.")
_LENGTH = (_is_length, "This must be a number, 0 or more.")
_COLOUR = (is_colour, f"This must be one of {', '.join(NAMED)}, or a colour such as #e6f4fd.")
SETTINGS: Mapping[str, Rule] = {
    "face": _one_of(FACES),
    "colour": _COLOUR,
    "ground": _COLOUR,
    "align": _one_of(ALIGNMENTS),
    "kind": _one_of(KINDS),
    "part": _one_of(PARTS),
    "breaks": _one_of(BREAKS),
    "tag": _one_of(TAGS),
    **dict.fromkeys(("bleed", "spring", "beside"), _one_of((True, False))),
    "language": _one_of(LANGUAGES),
    "columns": _one_of((1, 2, 3, 4)),
    **dict.fromkeys(
        ("largest", "smallest", "leading", "gap", "quiet", "edge", "least", "height", "heading", "reading_distance"),
        _LENGTH,
    ),
}
NESTED: Mapping[tuple[type, str], Callable[[Reader, object, str], Any]] = {
    (Printable, "kind"): lambda reader, value, where: reader.ruled(_one_of(tuple(MUST_CARRY)), value, where),
    (Printable, "sizes"): Reader.sizes,
    (Printable, "never"): Reader.texts,
    (Printable, "roles"): lambda reader, value, where: reader.named(Role, value, where),
    (Printable, "regions"): lambda reader, value, where: reader.each(Region, value, where),
    (Printable, "panels"): lambda reader, value, where: reader.each(Panel, value, where),
    (Printable, "rows"): lambda reader, value, where: reader.read(Rows, value, where),
    (Region, "blocks"): lambda reader, value, where: reader.each(Block, value, where),
    (Sample, "notice"): lambda reader, value, where: reader.read(Notice, value, where),
    (Sample, "sheets"): lambda reader, value, where: reader.each(Sheet, value, where),
    (Notice, "texts"): lambda reader, value, where: reader.each(Text, value, where),
    (Notice, "picture"): Reader.picture,
    (Region, "box"): Reader.frame,
    (Region, "at"): Reader.frames,
    (Panel, "box"): Reader.frame,
    (Panel, "at"): Reader.frames,
    (Rows, "box"): Reader.frame,
}
