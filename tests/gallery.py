"""Prove every printable at every size in every language, and make the pictures of docs/gallery: `make gallery`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from qrbridge import qr
from qrbridge.errors import CannotPrint
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Printable
from qrbridge.press.proof import proof
from qrbridge.press.samples import one_page, saying
from tests.drawing import HAS_CHINESE, LANGUAGES, draw

DOCS = Path(__file__).parent.parent / "docs"
PICTURES = DOCS / "gallery"
LONGER_SIDE = 560
"""Pixels of a picture: enough to judge a design by."""
PAIRS = (("cy", "en"), ("en", "cy"), ("en", "pl"), ("en", "bn"), ("ar", "en"), ("en", "ur"))
LISTS = (("en", "pl", "bn", "ur", "so"), ("cy", "en", "pl", "ar", "uk"))
MANY = {"poster": (("cy", "en"), ("en", "pl", "bn", "ur", "so"), ("ur",), ("en", "bn")), "flyer": (("cy", "en"),)}
"""Designs pictured in more than their sample's language."""
MM_PER_INCH = 25.4
COLOURS = 48
"""A picture's palette: flat colours and their edges, in a third of the bytes."""


@dataclass(frozen=True)
class Outcome:
    """What came of a design at a size in some languages: how far its code reads from, or why it was refused."""

    design: Printable
    languages: Sequence[str]
    reads_from: str = ""
    refusal: str = ""


def main() -> int:
    """Prove and picture everything; a language alone must never be refused, a code never fail to read."""
    PICTURES.mkdir(exist_ok=True)
    outcomes = list(prove_all())
    for outcome in outcomes:
        if outcome.refusal:
            print(f"{_called(outcome)}: {outcome.refusal}")
    (DOCS / "gallery.md").write_text(page(outcomes, list(pictures())), encoding="utf-8")
    alone = [outcome for outcome in outcomes if outcome.refusal and len(outcome.languages) == 1]
    unread = [outcome for outcome in outcomes if "did not prove" in outcome.refusal]
    refused = sum(bool(one.refusal) for one in outcomes)
    print(f"{len(outcomes) - refused} proved, {refused} refused; pictures in {PICTURES}")
    return 1 if alone or unread else 0


def prove_all() -> Iterator[Outcome]:
    """Draw and read back every design at every size in every language, pair and list it is made for."""
    with TemporaryDirectory() as folder:
        for name in designs.names():
            for size in designs.read(name).sizes:
                design = designs.read(name, size)
                for languages in combinations(design):
                    yield outcome(design, languages, Path(folder) / "sheets.pdf")


def combinations(design: Printable) -> Iterator[Sequence[str]]:
    """Every language by itself, and some together."""
    yield from ((language,) for language in LANGUAGES)
    yield from PAIRS if design.full_languages > 1 else ()
    yield from LISTS[: 2 if design.full_languages > 1 else 1] if design.lists_languages else ()


def outcome(design: Printable, languages: Sequence[str], path: Path) -> Outcome:
    """Draw and read back one design in some languages."""
    try:
        modules = draw(design, saying(design, languages), designs.sample(design).sheets, path)
    except CannotPrint as refusal:
        return Outcome(design, languages, refusal=str(refusal))
    return Outcome(design, languages, f"{qr.reading_distance_mm(min(modules)) / 1000:.2f} m")


def pictures() -> Iterator[tuple[str, str, str]]:
    """Picture every design at every size: its name, what it is, and the picture's file."""
    for name in designs.names():
        for size in designs.read(name).sizes:
            design = designs.read(name, size)
            yield name, size, _picture(design, ())
        for languages in MANY.get(name, ()):
            yield (
                name,
                f"{designs.read(name).sizes[0]}, {' and '.join(languages)}",
                _picture(designs.read(name), languages),
            )


def page(outcomes: Sequence[Outcome], shown: Sequence[tuple[str, str, str]]) -> str:
    """Write the page: pictures, then what was proved and what was refused."""
    lines = [
        "# Gallery",
        "",
        "Made by `make gallery`, which proves every printable at every size in every language.",
        "",
    ]
    for name in designs.names():
        design = designs.read(name)
        lines += [f"## {design.title}", "", f"`{name}`. {design.about}", "", *_table(name, outcomes, shown), ""]
    refused = [one for one in outcomes if one.refusal]
    lines += ["## Proved", "", f"{len(outcomes) - len(refused)} of {len(outcomes)} combinations fit and read back.", ""]
    if not HAS_CHINESE:
        lines += ["Chinese was left out, its typeface not being installed: `make fonts-chinese`.", ""]
    if refused:
        lines += ["These have too little room for two languages and were refused, with a sentence that says so:", ""]
        lines += [f"- {_called(one)}" for one in refused] + [""]
    return "\n".join(lines)


def _table(name: str, outcomes: Sequence[Outcome], shown: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for each, what, file in shown:
        if each == name:
            yield f'<img src="gallery/{file}" alt="{designs.read(name).title}, {what}" width="260">'
    yield ""
    yield "| size | its code reads from | languages proved |"
    yield "|---|---|---|"
    for size in designs.read(name).sizes:
        fitting = [one for one in outcomes if (one.design.name, one.design.size) == (name, size) and not one.refusal]
        yield f"| {size} | {fitting[0].reads_from} | {', '.join('+'.join(one.languages) for one in fitting)} |"


def _picture(design: Printable, languages: Sequence[str]) -> str:
    file = "-".join((design.name, design.size, *languages)) + ".png"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.pdf"
        draw(design, saying(design, languages), one_page(design), path)
        picture = Image.open(BytesIO(proof.png(path, 0, LONGER_SIDE / max(design.paper) * MM_PER_INCH)))
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / file, optimize=True)
    return file


def _called(one: Outcome) -> str:
    return f"{one.design.name} on {one.design.size} in {'+'.join(one.languages)}"


if __name__ == "__main__":
    sys.exit(main())
