"""What all sheets of one printing of a notice have alike: its design, its words, and how they are put to paper."""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qrbridge import codes
from qrbridge.council import council
from qrbridge.notices import notices, photographs
from qrbridge.notices.notices import Notice
from qrbridge.places import advice
from qrbridge.press.design import designs, phrases, words
from qrbridge.press.design.printable import Printable
from qrbridge.press.pdf.ink import Options
from qrbridge.press.press import Job, ProofRecord
from qrbridge.settings import PRINTABLES
from qrbridge.store import Row, Store

HANGING_SHEET = "hanging-sheet"
"""The printable that lists a printing's sheets for whoever hangs them."""

# What a sheet that is only looked at says of its place; no link has this code, whose check character is wrong.
MADE_UP: Row = {
    "code": "999999",
    "words": {"location": "Name of the location", "ward": "Name of the ward", "street": "Its address, AB1 2CD"},
}


@dataclass(frozen=True)
class Choices:
    """How a notice is printed this time: another printable or size than its own, and what its printer needs."""

    printable: str = ""
    size: str = ""
    bleed: bool = False
    cmyk: bool = False
    start_at: int = 1
    """The label of the first sheet of labels that is still there."""
    hanging_sheet: bool = False
    """Whether a list of the sheets to hang comes too."""

    def of(self, notice: Notice) -> tuple[str, str]:
        """The printable and the size, the notice's own where no other is chosen."""
        if self.printable and self.printable != notice.printable:
            return self.printable, self.size
        return notice.printable, self.size or notice.size


AS_THE_NOTICE_SAYS = Choices()


@dataclass(frozen=True)
class Edition:
    """A notice as it is printed: the design and its TOML, the words, the photograph's digest and the short host."""

    notice: str
    choices: Choices
    design: Printable
    toml: str
    said: words.Notice
    picture: str
    short_host: str
    distance_mm: int

    @property
    def design_digest(self) -> str:
        """The sha256 of the design's TOML."""
        return hashlib.sha256(self.toml.encode()).hexdigest()

    @property
    def kept(self) -> str:
        """What is kept of it beside its design, as JSON."""
        return json.dumps(self._alike(), ensure_ascii=False, sort_keys=True)

    @property
    def fingerprint(self) -> str:
        """The sha256 of all whose change makes sheets out of date: design, words, photograph and short host."""
        alike = {**self._alike(), "design": self.design_digest, "size": "", "distance_mm": 0}
        return hashlib.sha256(json.dumps(alike, sort_keys=True).encode()).hexdigest()

    def job(self) -> Job:
        """What the press is to do with it."""
        options = Options(self.choices.bleed, "cmyk" if self.choices.cmyk else "rgb")
        return Job(self.design, self.said, self.distance_mm, self.choices.start_at, options)

    def _alike(self) -> dict[str, Any]:
        said = {**asdict(self.said), "picture": self.picture}
        return {"said": said, "size": self.design.size, "short_host": self.short_host, "distance_mm": self.distance_mm}

    def shown(self, sheet: Mapping[str, str]) -> dict[str, str]:
        """Those of a sheet's own words that the design shows."""
        fields = {field for block in self.design.blocks for field in block.fields}
        return {name: text for name, text in sheet.items() if name in fields}


def present(store: Store, notice: Notice, choices: Choices = AS_THE_NOTICE_SAYS) -> Edition:
    """A notice as it would be printed now."""
    printable, size = choices.of(notice)
    return Edition(
        notice=notice.key,
        choices=choices,
        design=designs.read(printable, size),
        toml=(PRINTABLES / printable / "printable.toml").read_text("utf-8"),
        said=notices.to_print(store, notice),
        picture=notice.picture,
        short_host=council.show(store).short_host,
        distance_mm=notice.reading_distance_mm,
    )


def reopened(store: Store, run: Row) -> Edition:
    """A notice as it was printed, from the record of a run."""
    kept = json.loads(run["edition"])
    said = kept["said"]
    picture = said.pop("picture")
    texts = tuple(words.Text(**text) for text in said.pop("texts"))
    path = photographs.path(store, picture) if picture else None
    return Edition(
        notice=run["notice"],
        choices=Choices(**json.loads(run["options"])),
        design=_design(run["printable"], kept["size"], run["toml"]),
        toml=run["toml"],
        said=words.Notice(**said, texts=texts, picture=path),
        picture=picture,
        short_host=kept["short_host"],
        distance_mm=kept["distance_mm"],
    )


def sheet_of(edition: Edition, row: Row, check: str = "") -> words.Sheet:
    """What the press sets of a row; a hanging sheet has the address of its hang check too."""
    own = row["words"]
    return words.Sheet(
        address=codes.address_at(edition.short_host, row["code"]),
        number=codes.spoken(row["code"]),
        **own,
        bookmark=f"{own['location']} ({own['ward']})" if own["ward"] else own["location"],
        check=check,
    )


def warnings(edition: Edition, rows: Iterable[Row], proof: ProofRecord) -> list[str]:
    """What staff should know before these sheets hang: words nobody has checked, and places where they serve badly."""
    kinds = (row["kind"] for row in rows)
    return [*_unchecked(edition), *advice.warnings(kinds, proof.distance_mm, edition.design, edition.short_host)]


def _unchecked(edition: Edition) -> list[str]:
    """That our own words on the sheet are in a language they were not checked in by anybody who reads it."""
    tags = [said.language for said in edition.said.texts if said.language in phrases.UNCHECKED]
    names = " and ".join(f"{phrases.NAMES[tag]} ({tag})" for tag in tags)
    if not tags:
        return []
    return [
        f"Our own words on the sheet in {names} have been checked by no native reader: have one read a sheet first."
    ]


def _design(name: str, size: str, toml: str) -> Printable:
    """A design from its kept TOML, read as one in printables/ is."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).mkdir()
        (Path(folder) / name / "printable.toml").write_text(toml, "utf-8")
        return designs.read(name, size, Path(folder))
