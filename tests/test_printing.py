import csv
from pathlib import Path

import pypdfium2
import pytest

from qrbridge import council, links, notices, printing, services
from qrbridge.audit import By
from qrbridge.council import Council
from qrbridge.errors import CannotPrint, InvalidInput
from qrbridge.notices import Notice
from qrbridge.printing import Order
from qrbridge.store import Store
from tests.given import COUNCIL, NOTICE, set_up

PLACES = ["B1", "L2", "L1"]


def test_a_sheet_for_each_location_by_ward_with_its_page_list(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    done = []
    run = printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by, done.append)
    assert (run.sheets, run.new_links, sum(done)) == (3, 3, 3)
    with pypdfium2.PdfDocument(run.pdf) as document:
        bookmarks = [mark.get_title() for mark in document.get_toc()]
    assert bookmarks == [
        "Altrincham Library (Altrincham)",
        "Old Trafford Library (Old Trafford)",
        "Seymour Grove bus stop",
    ]
    rows = list(csv.DictReader(run.pages.read_text("utf-8-sig").splitlines()))
    assert [(row["Page"], row["Reference"]) for row in rows] == [("1", "L1"), ("2", "L2"), ("3", "B1")]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["posters.pages.csv", "posters.pdf"]


def test_printing_again_keeps_every_code_and_byte(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    first = printing.print_notice(store, Order("winter", PLACES, tmp_path / "a.pdf"), by)
    again = printing.print_notice(store, Order("winter", PLACES, tmp_path / "b.pdf"), by)
    assert again.new_links == 0
    assert first.pdf.read_bytes() == again.pdf.read_bytes()


def test_part_of_the_locations_may_be_printed(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    printing.print_notice(store, Order("winter", PLACES, tmp_path / "all.pdf"), by)
    run = printing.print_notice(store, Order("winter", ["L2"], tmp_path / "one.pdf"), by)
    assert (run.sheets, run.new_links) == (1, 0)


def test_words_that_no_longer_fit_make_no_link_and_no_file(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    here = council.show(store)
    long_place = {"place": "Telecommunications " * 8}
    services.change(store, services.merged(services.show(store, "cost-of-living"), long_place, here), by)
    with pytest.raises(CannotPrint, match="place"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "long.pdf"), by)
    assert links.list_all(store) == []
    assert not list(tmp_path.glob("*.pdf")) and not list(tmp_path.glob(".*"))


def test_a_notice_that_has_ended_is_not_printed(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    notices.add(store, Notice.read({**NOTICE, "key": "over", "ends": "2026-10-06"}, Council.read(COUNCIL)), by)
    with pytest.raises(InvalidInput, match="ended on 6 October 2026"):
        printing.print_notice(store, Order("over", PLACES, tmp_path / "over.pdf"), by)


def test_no_locations_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    with pytest.raises(InvalidInput, match="location import"):
        printing.print_notice(store, Order("winter", [], tmp_path / "none.pdf"), by)


@pytest.mark.parametrize(
    "name, said",
    [
        pytest.param("posters.csv", "must end in .pdf", id="the page list's kind of name"),
        pytest.param("folder.pdf", "is no file", id="a folder"),
        pytest.param("taken.pdf", "is no file", id="a folder where the page list goes"),
    ],
)
def test_nothing_but_a_pdf_is_replaced(store: Store, by: By, tmp_path: Path, name: str, said: str):
    set_up(store, by)
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "taken.pages.csv").mkdir()
    (tmp_path / "posters.csv").write_text("ours")
    with pytest.raises(InvalidInput, match=said):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / name), by)
    assert (tmp_path / "posters.csv").read_text() == "ours" and links.list_all(store) == []


def test_a_notice_without_words_in_the_councils_languages_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    council.change(store, council.merged(council.show(store), {"languages": "cy"}), by)
    with pytest.raises(InvalidInput, match="none in a language of the council"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)


def test_a_folder_that_is_not_there_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    with pytest.raises(InvalidInput, match="nowhere"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "nowhere" / "posters.pdf"), by)
