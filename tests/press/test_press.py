"""Whole runs: what comes out reads, is small, is the same again, and is never released unproved."""

import io
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy
import pypdfium2
import pytest
from pypdfium2 import raw

from qrbridge import codes, qr
from qrbridge.errors import CannotPrint
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.printable import Panel
from qrbridge.press.design.words import Sheet
from qrbridge.press.pdf import document as pdf
from qrbridge.press.pdf.ink import Ink, Options
from qrbridge.press.pdf.streamed import StreamedCanvas
from qrbridge.press.press import Job
from qrbridge.press.proof import proof
from qrbridge.press.type.fonts import Faces
from qrbridge.settings import ASSETS, PROJECT

DESIGN = designs.read("poster")
SAMPLE = designs.sample(DESIGN)
BYTES_A_PAGE = 6_000
MEMORY_GROWTH = 1.25
RUN_IN_A_PROCESS = """
import resource, sys
from pathlib import Path
from tests.press.test_press import DESIGN, SAMPLE, made_up
from qrbridge.press import press
press.print_sheets(press.Job(DESIGN, SAMPLE.notice), made_up(int(sys.argv[1])), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def made_up(count: int) -> Iterator[Sheet]:
    """Sheets that differ in everything a sheet can differ in."""
    for number in range(count):
        body = "".join(codes.ALPHABET[number // 28**place % 28] for place in range(3))
        code = f"{body}K3M"
        name = f"Location {number} – Tŷ Llên"
        yield Sheet(f"https://qr.trafford.gov.uk/{code}", codes.spoken(code), name, "Sale", f"{name} (Sale)")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, press.ProofRecord]:
    """Eight posters."""
    path = tmp_path_factory.mktemp("press") / "posters.pdf"
    return path, press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(8), path)


def test_every_page_reads_with_the_prover_and_with_another_decoder(printed: tuple[Path, press.ProofRecord]) -> None:
    path, _ = printed
    with pypdfium2.PdfDocument(path) as document:
        for number, sheet in enumerate(made_up(8)):
            grey = document[number].render(scale=1.2, grayscale=True).to_numpy().squeeze()
            text, _, _ = cv2.QRCodeDetector().detectAndDecode(numpy.ascontiguousarray(grey))
            assert text == qr.held(sheet.address)
            assert proof.read_codes(numpy.ascontiguousarray(grey).data) == [qr.held(sheet.address)]


def test_the_record_says_what_was_proved(printed: tuple[Path, press.ProofRecord]) -> None:
    path, record = printed
    assert (record.pages, record.bytes) == (8, path.stat().st_size)
    assert len(record.sha256) == 64
    assert record.reads_from == "reads from about 1.0 m"


def test_the_text_of_a_page_can_be_copied(printed: tuple[Path, press.ProofRecord]) -> None:
    path, _ = printed
    with pypdfium2.PdfDocument(path) as document:
        page = document[3].get_textpage().get_text_bounded()
    text = " ".join(page.split())
    sheet = list(made_up(4))[3]
    notice = SAMPLE.notice
    for words in (notice.council, notice.headline, notice.body, notice.phone, notice.hours, notice.place):
        assert words in text
    for words in (
        qr.typed(sheet.address),
        f"Notice {sheet.number}",
        sheet.location,
        "Opens a page on www.trafford.gov.uk",
    ):
        assert words in text


def test_pages_are_a4_bookmarked_and_titled(printed: tuple[Path, press.ProofRecord]) -> None:
    path, _ = printed
    with pypdfium2.PdfDocument(path) as document:
        sizes = {tuple(round(side, 1) for side in page.get_mediabox()) for page in document}
        bookmarks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
        about = document.get_metadata_dict()
    assert sizes == {(0, 0, 595.3, 841.9)}
    assert bookmarks == [(sheet.bookmark, number) for number, sheet in enumerate(made_up(8))]
    assert (about["Title"], about["Author"]) == (SAMPLE.notice.headline, SAMPLE.notice.council)


def test_every_face_is_embedded_and_none_is_listed_unused(printed: tuple[Path, press.ProofRecord]) -> None:
    path, _ = printed
    with pypdfium2.PdfDocument(path) as document:
        types = list(document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5))
        embedded = {raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(each)) for each in types}
    assert embedded == {1}
    data = path.read_bytes()
    assert len(re.findall(rb"/Type /FontDescriptor", data)) == len(re.findall(rb"/FontFile2", data)) == 4
    assert b"Helvetica" not in data


@pytest.mark.parametrize(("options", "black"), [(Options(), "0 g"), (Options(colour="cmyk"), "0 0 0 1 k")])
def test_the_code_and_type_are_one_ink(options: Options, black: str) -> None:
    ink = Ink(DESIGN.paper[1], SAMPLE.notice.colour, Faces(ASSETS), options)
    canvas = StreamedCanvas(io.BytesIO(), DESIGN.paper)
    for mark in press.marks(DESIGN, SAMPLE.notice, SAMPLE.sheet):
        canvas._code.clear()
        pdf.PENS[type(mark)](mark, ink, canvas)
        drawn = " ".join(canvas._code)
        if getattr(mark, "colour", "ink") == "ink":
            assert f"{black} " in drawn
            assert " rg" not in drawn


def test_the_same_run_prints_the_same_bytes(printed: tuple[Path, press.ProofRecord], tmp_path: Path) -> None:
    again = press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(8), tmp_path / "again.pdf")
    assert again == printed[1]
    other = press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(7), tmp_path / "other.pdf")
    assert other.sha256 != again.sha256


def test_a_further_page_is_small(printed: tuple[Path, press.ProofRecord], tmp_path: Path) -> None:
    more = press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(58), tmp_path / "more.pdf")
    assert (more.bytes - printed[1].bytes) / 50 <= BYTES_A_PAGE


def test_a_run_over_several_nodes_and_openings_keeps_its_order(tmp_path: Path) -> None:
    told: list[int] = []
    count = proof.PAGES_PER_OPENING + 3
    record = press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(count), tmp_path / "many.pdf", told.append)
    assert record.pages == sum(told) == count


@pytest.mark.processes
def test_memory_does_not_grow_with_the_run(tmp_path: Path) -> None:
    peaks = []
    for count in ("100", "1000"):
        command = [sys.executable, "-c", RUN_IN_A_PROCESS, count, str(tmp_path / f"{count}.pdf")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
        peaks.append(int(done.stdout))
    assert peaks[1] <= MEMORY_GROWTH * peaks[0]


def test_a_design_that_hides_its_code_releases_nothing(tmp_path: Path) -> None:
    """Built past the checks on purpose: the proof must stop what the checks let through."""
    hidden = replace(DESIGN, panels=(*DESIGN.panels, Panel(DESIGN.code[0].box.grown(10), "ink")))
    into = tmp_path / "posters.pdf"
    into.write_bytes(b"the last good run")
    with pytest.raises(CannotPrint, match="3 pages did not prove.*page 1, Location 0"):
        press.print_sheets(Job(hidden, SAMPLE.notice), made_up(3), into)
    assert [path.name for path in tmp_path.iterdir()] == ["posters.pdf"]
    assert into.read_bytes() == b"the last good run"


def test_a_run_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def stopping() -> Iterator[Sheet]:
        yield from made_up(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        press.print_sheets(Job(DESIGN, SAMPLE.notice), stopping(), tmp_path / "posters.pdf")
    assert list(tmp_path.iterdir()) == []


def test_every_sheet_that_cannot_be_set_is_named(tmp_path: Path) -> None:
    long = "The hall behind the church of Saint Mary the Virgin " * 4
    sheets = [replace(sheet, location=long) if number % 2 else sheet for number, sheet in enumerate(made_up(4))]
    with pytest.raises(CannotPrint) as caught:
        press.print_sheets(Job(DESIGN, SAMPLE.notice), sheets, tmp_path / "posters.pdf")
    assert [line.partition(" – ")[0] for line in str(caught.value).splitlines()] == ["Location 1", "Location 3"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CannotPrint, match="could not be written: No such file or directory"):
        press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(1), tmp_path / "missing" / "posters.pdf")


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(CannotPrint, match="could not be written: File too large"):
            press.print_sheets(Job(DESIGN, SAMPLE.notice), made_up(20), tmp_path / "posters.pdf")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_no_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotPrint, match="choose at least one location"):
        press.print_sheets(Job(DESIGN, SAMPLE.notice), [], tmp_path / "posters.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_preview_is_a_picture() -> None:
    assert press.preview(Job(DESIGN, SAMPLE.notice), SAMPLE.sheet, 50).startswith(b"\x89PNG")


def test_words_that_share_a_region_with_what_is_each_sheet_s_are_refused_when_entered() -> None:
    design = designs.read("large-print")
    notice = designs.sample(design).notice
    text = replace(notice.texts[0], body="A sentence that goes on and on. " * 60)
    with pytest.raises(CannotPrint, match="do not fit"):
        press.check(design, replace(notice, texts=(text,)))
