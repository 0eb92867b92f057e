"""A margin is what a code can lose and still read: found for a good one, and wanting where something spoils it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from qrbridge import codes, qr
from qrbridge.errors import CannotPrint
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Panel
from qrbridge.press.marks import Code
from qrbridge.press.press import Job
from qrbridge.press.proof import margin
from qrbridge.press.proof.margin import LEAST_QUIET, PIXELS, SURROUNDINGS, Margin
from qrbridge.press.proof.proof import Spot, read_codes
from qrbridge.press.proof.sample import BY_CHANCE, Spots
from tests.test_qr import by_segno

ADDRESS = "https://qr.trafford.gov.uk/7K3M9Q"
DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)

Spoil = Callable[[Image.Image], Image.Image]


def picture(symbol: qr.Symbol, dark: int = 0, light: int = 255) -> Image.Image:
    """A symbol with the surroundings that a margin is measured with."""
    side = symbol.size + 2 * SURROUNDINGS
    small = Image.new("L", (side, side), light)
    for row, column, length in symbol.runs():
        small.paste(
            dark, (column + SURROUNDINGS, row + SURROUNDINGS, column + SURROUNDINGS + length, row + SURROUNDINGS + 1)
        )
    return small.resize((side * PIXELS, side * PIXELS), Image.Resampling.NEAREST)


def with_patch(share: float) -> Spoil:
    """A white patch over this share of a code's side, in its middle."""

    def spoil(whole: Image.Image) -> Image.Image:
        half = share * whole.width / 2
        middle = whole.width / 2
        ImageDraw.Draw(whole).rectangle((middle - half, middle - half, middle + half, middle + half), 255)
        return whole

    return spoil


def with_dark_beside(modules: float) -> Spoil:
    """Black on every side, so many modules from the code."""

    def spoil(whole: Image.Image) -> Image.Image:
        edge = round((SURROUNDINGS - modules) * PIXELS)
        framed = Image.new("L", whole.size, 0)
        framed.paste(whole.crop((edge, edge, whole.width - edge, whole.height - edge)), (edge, edge))
        return framed

    return spoil


def test_a_good_code_reads_with_fewer_pixels_than_a_phone_has():
    found = margin.measure(picture(qr.symbol(ADDRESS)))
    assert found.pixels <= 2 and found.held <= 2.5 and found.share == 1
    assert found.blur >= 0.35 and found.turn == 45 and found.contrast == 100 and found.quiet == 5


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(with_patch(0.25), id="a patch over the middle"),
        pytest.param(with_dark_beside(0.5), id="black half a module away"),
        pytest.param(lambda whole: Image.blend(whole, Image.new("L", whole.size, 255), 0.93), id="hardly any contrast"),
    ],
)
def test_what_spoils_a_code_lowers_its_margin(spoil: Spoil):
    good = margin.measure(picture(qr.symbol(ADDRESS)))
    spoilt = margin.measure(spoil(picture(qr.symbol(ADDRESS))))
    lower = (spoilt.blur < good.blur, spoilt.share < good.share, spoilt.contrast < 70, spoilt.quiet < LEAST_QUIET)
    assert any(lower), spoilt


def test_a_code_that_cannot_be_read_has_no_margin():
    found = margin.measure(with_patch(0.8)(picture(qr.symbol(ADDRESS))))
    assert (found.pixels, found.held, found.blur, found.turn, found.share) == (0, 0, 0, 0, 0)


def test_contrast_is_that_of_the_code_whatever_is_round_it():
    assert margin.measure(picture(qr.symbol(ADDRESS), dark=30, light=200)).contrast == 67


def test_the_worst_of_several_is_the_worst_in_each_way():
    one, other = Margin(1.5, 2, 0.45, 30, 90, 4), Margin(2, 1.75, 0.4, 45, 80, 5)
    assert margin.worst([one, other]) == Margin(2, 2, 0.4, 30, 80, 4)
    assert margin.worst([one, replace(other, held=margin.UNREADABLE)]).share == 0


def test_our_choice_of_mask_reads_as_well_as_segnos():
    """Where the two differ (one in a hundred), ours must lose nothing: fewest pixels and blur, over many codes."""
    ours, theirs = [], []
    for number in range(150):
        code = "".join(codes.ALPHABET[number * 37 // 28**place % 28] for place in range(3)) + "K3M"
        address = f"https://QR.TRAFFORD.GOV.UK/{code}"
        chosen = qr.symbol(address)
        made = by_segno(address, chosen.level, chosen.version)
        rows = tuple("".join(str(module) for module in row) for row in made.matrix)
        ours.append(_least(chosen))
        theirs.append(_least(replace(chosen, rows=rows)))
    assert sum(ours) <= sum(theirs) + 2, "of three hundred readings"


def _least(symbol: qr.Symbol) -> int:
    """How many of the hardest readings fail."""
    seen = picture(symbol)
    whole = read_codes(margin._grey(seen))
    hard = [margin._seen(seen, 1.75, 0, 0), margin._seen(seen, 3, 0.4, 0)]
    return sum(read_codes(margin._grey(one)) != whole for one in hard)


def drawn(x: float, module: float) -> Code:
    return Code(x, 20, module, qr.symbol(ADDRESS), ADDRESS)


def test_one_of_each_size_some_by_chance_and_all_that_read_from_nearer_are_measured():
    spots = Spots()
    for page in range(500):
        spots.add(page, drawn(10, 3.5))
    spots.add(500, drawn(12, 0.9))
    chosen = spots.chosen([77])
    assert spots.smallest_module == 0.9
    assert {0, 77, 500} <= {spot.page for spot in chosen} and len(chosen) <= BY_CHANCE + 3
    assert spots.chosen([77]) == chosen, "the same ones each time"


def test_a_spot_is_the_code_with_its_surroundings_wherever_the_sheet_is_on_its_paper():
    spots = Spots(margin=8)
    spots.add(0, drawn(10, 2.0))
    (spot,) = spots.chosen([])
    around = SURROUNDINGS * 2.0
    assert spot == Spot(0, spot.box, 2.0)
    assert (spot.box.x, spot.box.y) == (18 - around, 28 - around)
    assert spot.box.width == pytest.approx(29 * 2.0 + 2 * around)


def test_sheets_that_must_read_from_farther_than_they_do_are_refused_with_what_to_change(tmp_path: Path):
    with pytest.raises(
        CannotPrint, match=r"to be read from 3\.0 m.*read from about 1\.0 m.*10\.0 mm are needed.*larger"
    ):
        press.print_sheets(Job(DESIGN, SAMPLE.notice, distance_mm=3_000), [SAMPLE.sheet], tmp_path / "far.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_colour_that_comes_too_near_the_code_is_refused_with_what_to_change(tmp_path: Path):
    """Built past the checks on purpose, as a picture of a council's own might be."""
    region, _ = DESIGN.code
    code = next(mark for mark in press.marks(DESIGN, SAMPLE.notice, SAMPLE.sheet) if isinstance(mark, Code))
    panel = DESIGN.panels[0]
    over = replace(panel, box=replace(region.box, x=code.x - 30, y=code.y - 30, width=30 + code.side, height=29.4))
    left = replace(panel, box=replace(region.box, x=code.x - 30, y=code.y - 30, width=29.4, height=60 + code.side))
    spoilt = replace(DESIGN, panels=(*DESIGN.panels, over, left))
    assert press.prove_sheets(Job(DESIGN, SAMPLE.notice), [SAMPLE.sheet]).margin.share == 1
    with pytest.raises(CannotPrint, match="stands 0 modules from a code, and 4 must be kept clear"):
        press.print_sheets(Job(spoilt, SAMPLE.notice), [SAMPLE.sheet], tmp_path / "near.pdf")
    assert list(tmp_path.iterdir()) == []


def test_codes_on_a_dark_ground_are_refused_though_they_read_here(tmp_path: Path):
    """Built past the checks on purpose."""
    dark = replace(DESIGN, panels=(*DESIGN.panels, Panel(DESIGN.code[0].box.grown(10))))
    with pytest.raises(CannotPrint, match=r"codes’ contrast is \d\d %, and 70 % is the least"):
        press.print_sheets(Job(dark, SAMPLE.notice), [SAMPLE.sheet], tmp_path / "dark.pdf")
    assert list(tmp_path.iterdir()) == []
