"""Where things stand: lines, sizes, refusals, colour, and the whole poster as text."""

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qrbridge.errors import CannotPrint, NotSetUp
from qrbridge.press import press
from qrbridge.press.design import colour, designs
from qrbridge.press.design.words import Notice, Text
from qrbridge.press.marks import Code, Type, written
from qrbridge.press.type import text
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)


def letters(line: str) -> float:
    """A face in which every letter is 1 mm wide."""
    return len(line)


def saying(field: str, words: str) -> Notice:
    """The sample with one thing said otherwise, in its one language or by the council."""
    notice = SAMPLE.notice
    otherwise: dict[str, Any] = {field: words}
    if field in {entry.name for entry in fields(Text)}:
        return replace(notice, texts=(replace(notice.texts[0], **otherwise),))
    return replace(notice, **otherwise)


@pytest.mark.parametrize("name", designs.names())
def test_a_design_stands_where_it_stood(name: str) -> None:
    """`QRBRIDGE_SNAPSHOTS=write pytest tests/press/test_layout.py` writes them anew, to be read in the diff."""
    design = designs.read(name)
    sample = designs.sample(design)
    stands = written(press.marks(design, sample.notice, sample.sheet))
    snapshot = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("QRBRIDGE_SNAPSHOTS") == "write":
        snapshot.write_text(stands, encoding="utf-8")
    assert stands == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "way", "lines"),
    [
        pytest.param("one two three four", "words", ["one two", "three four"], id="no widow"),
        pytest.param("a bb ccc dddd eeeee", "even", ["a bb ccc", "dddd eeeee"], id="lines alike"),
        pytest.param("The Hall, 2 Pott Street", "commas", ["The Hall,", "2 Pott Street"], id="a part to a line"),
        pytest.param("call 0161 912 2000", "words", ["call", "0161 912 2000"], id="a number holds together"),
        pytest.param("in Sale, M33 7ZF", "words", ["in Sale,", "M33 7ZF"], id="a postcode holds together"),
        pytest.param("one\ntwo", "words", ["one", "two"], id="a line feed breaks"),
        pytest.param(
            "incomprehensibilities now", "words", ["incomprehensibilities", "now"], id="a word too wide stands alone"
        ),
        pytest.param("", "words", [], id="nothing"),
    ],
)
def test_lines_break_well(words: str, way: str, lines: list[str]) -> None:
    assert text.break_lines(words, 14, letters, way) == lines


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcdefg,", min_size=1, max_size=9), max_size=30), st.sampled_from(sorted(text.WAYS)))
def test_breaking_loses_no_word_and_keeps_to_the_measure(words: list[str], way: str) -> None:
    lines = text.break_lines(" ".join(words), 20, letters, way)
    assert " ".join(lines).split() == words
    assert all(len(line) <= 20 for line in lines)


@pytest.mark.parametrize(
    ("field", "words", "least", "most"),
    [
        pytest.param("headline", "Help", 60, 66, id="a short headline is large"),
        pytest.param(
            "headline", "Struggling with the cost of living this winter? We can help", 36, 52, id="a long one less"
        ),
        pytest.param("body", "Ask us.", 22, 22, id="a short body is large"),
        pytest.param("body", "We can help you with bills. " * 14, 14, 16, id="a long body is never under 14 pt"),
    ],
)
def test_type_is_as_large_as_fits(field: str, words: str, least: float, most: float) -> None:
    notice = saying(field, words.strip())
    sizes = {
        mark.size
        for mark in press.marks(DESIGN, notice, SAMPLE.sheet)
        if isinstance(mark, Type) and mark.block == field
    }
    assert len(sizes) == 1
    assert least <= sizes.pop() <= most


@pytest.mark.parametrize(
    ("field", "words", "refusal"),
    [
        pytest.param(
            "headline",
            "Struggling with the cost of living? " * 5,
            r"the headline \(“.*…”\) by \d+ characters \(\d+ lines\)",
            id="headline",
        ),
        pytest.param(
            "body",
            "We can help you with your bills. " * 20,
            r"the body .* by \d+ characters \(\d lines\), from 659 to \d+",
            id="body",
        ),
        pytest.param(
            "place", "Altrincham Library, 2 Pott Street, " * 12, r"the place .* by \d+ characters", id="place"
        ),
        pytest.param(
            "headline", "Llanfairpwllgwyngyllgogerychwyrndrobwll", r"\d+ mm too wide .* 36 pt", id="one wide word"
        ),
        pytest.param("hours", "  ", "has no hours", id="no hours"),
        pytest.param("body", "Допомога", r"“Д” \(U\+0414\) is not in our typeface", id="a letter we cannot print"),
        pytest.param("colour", "#ffcc00", "nearest shade that passes is #", id="a pale colour"),
        pytest.param("language", "xx", "cannot be in “xx” yet", id="a language without our own words"),
        pytest.param("colour", "blue", "write it as #00578a", id="not a colour"),
    ],
)
def test_what_does_not_serve_is_refused_with_what_to_change(field: str, words: str, refusal: str) -> None:
    with pytest.raises(CannotPrint, match=refusal):
        press.check(DESIGN, saying(field, words.strip()))


def test_the_amount_to_cut_is_enough() -> None:
    body = "Get help with food, energy bills, rent and debt at any library. " * 12
    with pytest.raises(CannotPrint) as caught:
        press.check(DESIGN, saying("body", body.strip()))
    kept = int(str(caught.value).rpartition(" to ")[2].rstrip("."))
    press.check(DESIGN, saying("body", body[:kept]))


def test_a_long_place_name_is_refused_by_name() -> None:
    sheet = replace(SAMPLE.sheet, location="The very long name of a community hall " * 5)
    with pytest.raises(CannotPrint, match="the location .“The very long name"):
        press.marks(DESIGN, SAMPLE.notice, sheet)


@pytest.mark.parametrize(
    ("address", "size"),
    [
        pytest.param("https://qr.kent.gov.uk/7K3M9Q", 25, id="version 2"),
        pytest.param("https://qr.trafford.gov.uk/7K3M9Q", 29, id="version 3"),
        pytest.param("https://go.southgloucestershire-and-beyond.gov.uk/7K3M9Q", 33, id="version 4"),
    ],
)
def test_four_modules_round_the_code_stay_clear(address: str, size: int) -> None:
    marks = press.marks(DESIGN, SAMPLE.notice, replace(SAMPLE.sheet, address=address))
    code = next(mark for mark in marks if isinstance(mark, Code))
    quiet, side = 4 * code.module, code.symbol.size * code.module
    assert code.symbol.size == size
    assert code.x + side + quiet <= DESIGN.paper[0]
    assert code.y + side + quiet <= DESIGN.paper[1]
    faces = Faces(ASSETS)
    for mark in (mark for mark in marks if isinstance(mark, Type)):
        is_beside = mark.x + faces[mark.face, "en"].width_mm(mark.line, mark.size) <= code.x - quiet
        assert is_beside or mark.y <= code.y - quiet


def test_type_on_the_sheet_is_never_under_clear_print() -> None:
    marks = press.marks(DESIGN, SAMPLE.notice, SAMPLE.sheet)
    assert min(mark.size for mark in marks if isinstance(mark, Type)) >= 12


@pytest.mark.parametrize(
    ("given_colour", "least"),
    [("#ffcc00", 4.5), ("#ffcc00", 3.0), ("#00a0dc", 4.5), ("#ffffff", 4.5)],
)
def test_the_nearest_shade_passes_and_the_next_lighter_does_not(given_colour: str, least: float) -> None:
    rgb = colour.parse(given_colour)
    shade = colour.nearest_shade(rgb, [("white", least)])
    assert colour.contrast(shade, colour.WHITE) >= least
    assert colour.contrast(shade, colour.WHITE) < least + 0.15


def test_a_colour_is_held_against_all_that_a_design_puts_it_with() -> None:
    """On its own tint a colour has less contrast than on white."""
    with pytest.raises(CannotPrint, match="too pale to read with pale.* nearest shade that passes is #"):
        colour.check_brand("#767676", [("white", 4.5), ("pale", 4.5)])
    shade = colour.nearest_shade(colour.parse("#767676"), [("white", 4.5), ("pale", 4.5)])
    colour.check_brand(colour.written(shade), [("white", 4.5), ("pale", 4.5)])


@pytest.mark.parametrize("name", designs.names())
def test_what_can_be_told_apart_in_colour_can_be_in_grey(name: str) -> None:
    design = designs.read(name)
    for region in design.regions:
        for role in {design.roles[block.role] for block in region.blocks if block.role}:
            pair = [colour.resolve(each, colour.parse("#00578a")) for each in (role.colour, region.ground)]
            grey = [(round(0.299 * red + 0.587 * green + 0.114 * blue),) * 3 for red, green, blue in pair]
            assert colour.contrast(*grey) >= 3


def test_a_black_code_keeps_its_contrast_on_the_licensing_notice_s_blue() -> None:
    assert colour.symbol_contrast(colour.WHITE) == pytest.approx(0.8)
    assert colour.symbol_contrast(colour.parse("#e6f4fd")) >= 0.7 > colour.symbol_contrast(colour.parse("#d9edfb"))


def test_contrast_is_wcag_s() -> None:
    assert colour.contrast((0, 0, 0), colour.WHITE) == pytest.approx(21)
    assert colour.contrast((118, 118, 118), colour.WHITE) == pytest.approx(4.54, abs=0.01)


def test_a_missing_typeface_names_make_setup(tmp_path: Path) -> None:
    with pytest.raises(NotSetUp, match="typeface is not installed"):
        Faces(tmp_path / "node_modules")["bold", "en"]
