"""What a printer is given: inks, boxes and marks for a print shop, and pictures no larger than they print."""

import io
import re
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from qrbridge.errors import CannotPrint
from qrbridge.press.design.printable import Frame
from qrbridge.press.marks import Fill, Picture, Type
from qrbridge.press.pdf import pictures
from qrbridge.press.pdf.document import Document
from qrbridge.press.pdf.ink import Ink, Options, cmyk
from qrbridge.press.pdf.metadata import About
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS

SHOP = Options(bleed=True, colour="cmyk")
MM = 72 / 25.4


def sheet(path: Path, options: Options, *more: Picture) -> Path:
    """Two pages of 100 by 80 mm with a panel in the council's colour that runs into the bleed."""
    with path.open("wb") as stream:
        document = Document(stream, (100, 80), Ink(80, "#00578a", Faces(ASSETS), options))
        document.share([Fill(Frame(-3, -3, 106, 33), "brand"), *more])
        for number in range(2):
            words = Type(10, 20, f"Page {number}", "bold", 20, "white", "headline", tag="h1")
            document.page([words, Type(10, 50, "Body", "regular", 14, "ink", "body")], f"Page {number}")
        document.close(About("Title", "Council", "Sheet", "en"))
    return path


def operators(path: Path) -> str:
    """All that a file draws."""
    packed = re.findall(rb"\nstream\n(x.*?)endstream", path.read_bytes(), re.DOTALL)
    drawn = (zlib.decompressobj().decompress(stream) for stream in packed)
    return b"\n".join(each for each in drawn if b" re" in each or b"BT" in each).decode()


@pytest.mark.parametrize(
    ("rgb", "inks"),
    [
        pytest.param((0, 0, 0), (0, 0, 0, 1), id="black is black alone"),
        pytest.param((255, 255, 255), (0, 0, 0, 0), id="white is paper"),
        pytest.param((102, 102, 102), (0, 0, 0, 0.6), id="grey is black alone"),
        pytest.param((0, 87, 138), (1, 0.37, 0, 0.459), id="a blue"),
        pytest.param((255, 0, 0), (0, 1, 1, 0), id="red"),
    ],
)
def test_colours_become_inks(rgb: tuple[int, int, int], inks: tuple[float, ...]) -> None:
    assert cmyk(rgb) == pytest.approx(inks, abs=0.001)


@pytest.mark.parametrize("options", [SHOP, Options(bleed=True), Options(colour="cmyk"), Options()])
def test_a_file_keeps_to_its_inks(tmp_path: Path, options: Options) -> None:
    drawn = operators(sheet(tmp_path / "sheet.pdf", options))
    used = {name for name in ("rg", "g", "k") if re.search(rf"[\d.] {name}\b", drawn)}
    assert used == ({"k"} if options.colour == "cmyk" else {"rg", "g"})
    assert "0 0 0 1 k" in drawn if options.colour == "cmyk" else "0 g" in drawn


def test_a_print_shop_gets_boxes_bleed_and_marks(tmp_path: Path) -> None:
    path = sheet(tmp_path / "sheet.pdf", SHOP)
    with pypdfium2.PdfDocument(path) as document:
        page = document[1]
        assert page.get_mediabox() == pytest.approx((0, 0, 116 * MM, 96 * MM), abs=0.01)
        assert page.get_trimbox() == pytest.approx((8 * MM, 8 * MM, 108 * MM, 88 * MM), abs=0.01)
        assert page.get_bleedbox() == pytest.approx((5 * MM, 5 * MM, 111 * MM, 91 * MM), abs=0.01)
        grey = page.render(scale=10 / MM, grayscale=True).to_numpy().squeeze()
    tenth = 10  # pixels a millimetre
    assert grey[6 * tenth, 50 * tenth] < 200, "the panel runs into the bleed"
    assert grey[2 * tenth, 8 * tenth - 2 : 8 * tenth + 3].min() < 200, "a crop mark above the corner"
    assert grey[8 * tenth - 2 : 8 * tenth + 3, 2 * tenth].min() < 200, "a crop mark beside the corner"
    assert grey[2 * tenth, 50 * tenth] == 255, "nothing else outside the bleed"


def test_an_office_sheet_is_the_paper_and_nothing_more(tmp_path: Path) -> None:
    path = sheet(tmp_path / "sheet.pdf", Options())
    with pypdfium2.PdfDocument(path) as document:
        assert document[0].get_mediabox() == pytest.approx((0, 0, 100 * MM, 80 * MM), abs=0.01)
    assert b"TrimBox" not in path.read_bytes()


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A photograph 3,000 pixels wide, red on its left and grey on its right."""
    picture = Image.new("RGB", (3000, 1000), (200, 30, 30))
    picture.paste((100, 100, 100), (1500, 0, 3000, 1000))
    picture.save(tmp_path / "photograph.png")
    return tmp_path / "photograph.png"


@pytest.mark.parametrize("options", [SHOP, Options()])
def test_a_photograph_is_in_the_file_once_and_looks_as_it_did(
    tmp_path: Path, photograph: Path, options: Options
) -> None:
    path = sheet(tmp_path / "sheet.pdf", options, Picture(Frame(10, 40, 60, 20), photograph, "Two colours", order=2))
    assert path.read_bytes().count(b"/DCTDecode") == 1
    with pypdfium2.PdfDocument(path) as document:
        pixels = document[1].render(scale=10 / MM, rev_byteorder=True).to_numpy()
    margin = round(options.margin)
    left, right = pixels[(50 + margin) * 10, (20 + margin) * 10], pixels[(50 + margin) * 10, (60 + margin) * 10]
    assert left[0] > left[1] + 80
    assert max(right) - min(right) < 16


def test_a_photograph_is_no_finer_than_print_shows(photograph: Path) -> None:
    kept = pictures.photograph(photograph, (50.8, 25.4), is_cmyk=False)
    assert (kept.width, kept.height) == (600, 300)
    small = pictures.photograph(photograph, (508, 254), is_cmyk=False)
    assert (small.width, small.height) == (2000, 1000)


def test_a_photograph_in_inks_is_the_formula_s(photograph: Path) -> None:
    with Image.open(io.BytesIO(pictures.photograph(photograph, (30, 10), is_cmyk=True).jpeg)) as picture:
        red, grey = picture.getpixel((10, 50)), picture.getpixel((picture.width - 10, 50))
    assert red == pytest.approx([255 * ink for ink in cmyk((200, 30, 30))], abs=4)
    assert grey == pytest.approx([255 * ink for ink in cmyk((100, 100, 100))], abs=4)


@pytest.mark.parametrize("written", [b"not a picture", b""])
def test_what_is_no_photograph_is_refused_by_name(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "notes.jpg").write_bytes(written)
    with pytest.raises(CannotPrint, match="notes.jpg cannot be read"):
        pictures.photograph(tmp_path / "notes.jpg", (50, 50), is_cmyk=False)
