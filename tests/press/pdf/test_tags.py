"""What programs and screen readers are told of a file: tagged, in order, in its languages, and as it was typed."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from qrbridge.press.design import designs
from qrbridge.press.design.printable import Frame
from qrbridge.press.design.words import Notice, Text
from qrbridge.press.marks import Fill, Type
from qrbridge.press.pdf.document import Document
from qrbridge.press.pdf.ink import Ink, Options
from qrbridge.press.pdf.metadata import About
from qrbridge.press.samples import saying
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS
from tests.drawing import PLAIN, draw, failures
from tests.press.type.test_fonts import INSTALLED

DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)
MORE = {"ar": " اتصل على 0161 912 2000 من 8:30 (الاثنين إلى الجمعة).", "ur": " فون 0161 912 2000 (پیر تا جمعہ)۔"}


def in_languages(*languages: str) -> Notice:
    return saying(DESIGN, languages)


def drawn(path: Path, notice: Notice, options: Options = PLAIN) -> Path:
    draw(DESIGN, notice, [SAMPLE.sheet], path, options)
    return path


def copied(path: Path) -> str:
    """The text of a file's first page, as a reader would copy it."""
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def asked(call: object, element: object) -> str:
    """What pdfium says of an element of the tree."""
    size = call(element, None, 0)  # type: ignore[operator]
    buffer = ctypes.create_string_buffer(size)
    call(element, buffer, size)  # type: ignore[operator]
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def parts(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """The parts of the first page in reading order: tag, language, words for a picture, what was typed."""
    with pypdfium2.PdfDocument(path) as document:
        tree = raw.FPDF_StructTree_GetForPage(document[0])
        section = raw.FPDF_StructTree_GetChildAtIndex(tree, 0)
        while asked(raw.FPDF_StructElement_GetType, section) in ("Document", "Sect"):
            whole, section = section, raw.FPDF_StructElement_GetChildAtIndex(section, 0)
        for number in range(raw.FPDF_StructElement_CountChildren(whole)):
            element = raw.FPDF_StructElement_GetChildAtIndex(whole, number)
            calls = (
                raw.FPDF_StructElement_GetType,
                raw.FPDF_StructElement_GetLang,
                raw.FPDF_StructElement_GetAltText,
                raw.FPDF_StructElement_GetActualText,
            )
            yield tuple(asked(call, element) for call in calls)  # type: ignore[misc]
        raw.FPDF_StructTree_Close(tree)


@pytest.mark.parametrize("language", INSTALLED)
def test_a_poster_is_clean_pdf_ua_and_is_copied_as_typed(tmp_path: Path, language: str) -> None:
    text = in_languages(language).texts[0]
    notice = replace(SAMPLE.notice, texts=(replace(text, body=text.body + MORE.get(language, "")),))
    path = drawn(tmp_path / "poster.pdf", notice)
    assert failures(path) == set()
    found = copied(path)
    for words in (notice.headline, notice.body, notice.phone, notice.council, "qr.trafford.gov.uk/7k3m9q"):
        assert words in found


@pytest.mark.parametrize("options", [Options(bleed=True, colour="cmyk"), Options(bleed=True), Options(colour="cmyk")])
def test_a_print_shop_s_file_is_clean_too(tmp_path: Path, options: Options) -> None:
    assert failures(drawn(tmp_path / "poster.pdf", in_languages("cy", "en"), options)) == set()


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        pytest.param(rb"/Marked true", b"/Marked null", "TAGGED", id="not tagged"),
        pytest.param(rb"pdfuaid:part>1", b"pdfuaid:part>0", "ID-PART", id="makes no claim"),
        pytest.param(rb"/Alt <feff", b"/Abc <feff", "ALT", id="a code without words"),
        pytest.param(
            rb"/DisplayDocTitle true", b"/DisplayDocTitle null", "VIEWER-PREFERENCES", id="its title not shown"
        ),
        pytest.param(rb"/StructTreeRoot \d+ 0 R", b"/StructTreeRooX 9 0 R", "STRUCT", id="no tree"),
        pytest.param(rb"/ToUnicode", b"/ToUnicodX", "UNICODE", id="a font that cannot be copied"),
    ],
)
def test_a_spoiled_file_fails(tmp_path: Path, was: bytes, becomes: bytes, rule: str) -> None:
    """The check is not vacuous."""
    path = drawn(tmp_path / "poster.pdf", in_languages("en"))
    spoiled, count = re.subn(was, becomes, path.read_bytes())
    assert count
    path.write_bytes(spoiled)
    assert any(rule in failed for failed in failures(path)), failures(path)


def test_a_page_reads_in_order_with_a_heading_and_words_for_the_code(tmp_path: Path) -> None:
    told = list(parts(drawn(tmp_path / "poster.pdf", in_languages("en"))))
    tags = [tag for tag, *_ in told]
    assert tags.count("H1") == 1
    assert tags.count("Figure") == 1
    assert set(tags) == {"H1", "H2", "P", "Figure"}
    assert [alt for _, _, alt, _ in told if alt] == ["QR code for qr.trafford.gov.uk/7k3m9q"]
    assert {language for _, language, *_ in told} == {""}


def test_each_language_is_told_and_what_runs_leftwards_is_read_as_typed(tmp_path: Path) -> None:
    notice = in_languages("ar")
    told = list(parts(drawn(tmp_path / "poster.pdf", notice)))
    typed = [typed for *_, typed in told]
    assert notice.headline in typed
    assert notice.body in typed
    assert "يفتح صفحة على www.trafford.gov.uk" in typed
    # The council's own words, and the words for the code, are in English.
    assert {language for _, language, *_ in told} == {"", "en"}


def test_what_only_decorates_is_no_part(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    with path.open("wb") as stream:
        document = Document(stream, (100, 100), Ink(100, "#00578a", Faces(ASSETS)))
        document.share([Fill(Frame(0, 0, 100, 20), "brand")])
        words = Type(10, 40, "Words", "bold", 20, "ink", "headline", tag="h1")
        document.page([Fill(Frame(0, 80, 100, 20), "brand"), words], "A sheet")
        document.close(About("Title", "Council", "Sheet", "en"))
    assert [tag for tag, *_ in parts(path)] == ["H1"]
    assert failures(path) == set()


def test_lines_of_one_block_are_one_part(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    with path.open("wb") as stream:
        document = Document(stream, (100, 100), Ink(100, "#00578a", Faces(ASSETS)))
        lines = [Type(10, 20 + 10 * n, f"Line {n}", "regular", 14, "ink", "body", order=2) for n in range(3)]
        document.share(lines)
        document.page([Type(10, 10, "First", "bold", 20, "ink", "headline", tag="h1", order=1)], "A sheet")
        document.close(About("Title", "Council", "Sheet", "en"))
    assert [tag for tag, *_ in parts(path)] == ["H1", "P"]


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        ") Tj /OpenAction << /S /JavaScript /JS (app.alert(1)) >> (",
        "\\) ET Q endstream endobj \\050",
        "=HYPERLINK(1)",
    ],
)
def test_what_is_typed_stays_words(tmp_path: Path, words: str) -> None:
    """Whatever stands in a field of staff's is shown and read out as it was typed, and nothing of it acts."""
    notice = replace(SAMPLE.notice, texts=(Text("en", words, words),))
    path = tmp_path / "sheets.pdf"
    draw(DESIGN, notice, [replace(SAMPLE.sheet, location=words, bookmark=words)], path)
    assert copied(path).replace(" ", "").count(words.replace(" ", "")) >= 2
    assert failures(path) == set()
    with pypdfium2.PdfDocument(path) as document:
        assert [bookmark.get_title() for bookmark in document.get_toc()] == [words]
        assert raw.FPDFDoc_GetJavaScriptActionCount(document) == 0
        assert raw.FPDFPage_GetAnnotCount(document[0]) == 0
