import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy
import pypdfium2
import pytest
from PIL import Image

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.errors import CannotPrint, Conflict, InvalidInput, NotFound, StoreUnavailable
from qrbridge.links import links
from qrbridge.notices import notices, previews
from qrbridge.notices.editions import Choices
from qrbridge.notices.notices import Notice
from qrbridge.places import locations
from qrbridge.press.proof.proof import read_codes
from qrbridge.printing import print_runs, printing
from qrbridge.printing.printing import Order
from qrbridge.printing.releasing import Release
from qrbridge.store import Store
from tests.given import COUNCIL, NOTICE, TODAY, in_days, set_up

PLACES = ["B1", "L2", "L1"]


def test_a_sheet_for_each_location_by_ward_with_its_page_list(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    done: list[int] = []
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
    notices.add(store, Notice.read({**NOTICE, "key": "over", "ends": in_days(-56)}, Council.read(COUNCIL)), by)
    with pytest.raises(InvalidInput, match=f"ended on {times.in_words(TODAY - timedelta(days=56))}"):
        printing.print_notice(store, Order("over", PLACES, tmp_path / "over.pdf"), by)


def test_no_locations_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    with pytest.raises(InvalidInput, match="bring some in first"):
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
    # As a store may have it from a time when that was not refused.
    store.run("council.set", **council._stored(replace(council.show(store), languages=("cy",))), version=9)
    with pytest.raises(InvalidInput, match="none in a language of the council"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)


def test_a_folder_that_is_not_there_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    with pytest.raises(InvalidInput, match="nowhere"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "nowhere" / "posters.pdf"), by)


def codes_of(pdf: Path) -> list[str]:
    """What the codes of a file read as, page by page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=2, grayscale=True).to_numpy().squeeze() for page in document]
    return [code for page in pages for code in read_codes(numpy.ascontiguousarray(page).data)]


def test_a_hanging_sheet_lists_every_sheet_with_its_hang_check(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    order = Order(
        "winter", PLACES, tmp_path / "posters.pdf", check_address=lambda code: f"https://qr.gov.uk/UP/{code}/X"
    )
    run = printing.print_notice(store, order, by)
    assert [path.name for path in run.files] == ["posters.pdf", "posters.pages.csv", "posters.hanging.pdf"]
    printed = [row["code"] for row in links.list_all(store)]
    assert sorted(codes_of(run.files[2])) == sorted(f"https://QR.GOV.UK/UP/{code}/X" for code in printed)


def test_labels_start_where_the_sheet_was_left(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    choices = Choices("labels", "L7165", start_at=7)
    run = printing.print_notice(store, Order("winter", PLACES, tmp_path / "labels.pdf", choices), by)
    assert (run.proof.pages, run.proof.codes, run.sheets) == (2, 3, 3)
    with pytest.raises(InvalidInput, match="labels 1 to 8"):
        late = replace(choices, start_at=9)
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "none.pdf", late), by)


def test_staff_are_told_what_nobody_has_checked_and_where_paper_is_too_small(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    words = {"words": {"pl": {"headline": "Masz problemy z kosztami życia?", "body": "Uzyskaj pomoc."}}}
    notices.change(store, notices.merged(notices.show(store, "winter"), words, council.show(store)), by)
    run = printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)
    unchecked, place = run.warnings
    assert "Polski (pl)" in unchecked and "native reader" in unchecked
    assert place.startswith("1 of these locations is a bus stop") and place.endswith("A3 is advised.")
    assert print_runs.show(store, run.number).warnings == [unchecked, place]


def test_a_notice_that_must_read_from_afar_is_refused_on_small_paper(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    far = {"reading_distance_mm": 1_300}
    notices.change(store, notices.merged(notices.show(store, "winter"), far, council.show(store)), by)
    with pytest.raises(CannotPrint, match="larger paper"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)
    assert print_runs.list_all(store) == [] and not list(tmp_path.glob("*.pdf"))
    printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf", Choices(size="A3")), by)


REALLY_REPLACE = Path.replace


@pytest.mark.parametrize("refused", ["posters.pdf", "posters.pages.csv", "posters.hanging.pdf"])
def test_a_file_that_gets_no_name_leaves_no_record_no_link_and_no_other_file(
    store: Store, by: By, tmp_path: Path, refused: str, monkeypatch: pytest.MonkeyPatch
):
    set_up(store, by)
    (tmp_path / "posters.pages.csv").write_text("of an earlier run")

    def replace_but_one(path: Path, target: Path) -> Path:
        if Path(target).name == refused and path.suffix == ".part":
            raise PermissionError(13, "Permission denied")
        return REALLY_REPLACE(path, target)

    monkeypatch.setattr(Path, "replace", replace_but_one)
    order = Order("winter", PLACES, tmp_path / "posters.pdf", check_address=lambda code: f"https://qr.gov.uk/UP/{code}")
    with pytest.raises(CannotPrint, match="Permission denied. Nothing was printed"):
        printing.print_notice(store, order, by)
    assert links.list_all(store) == [] and print_runs.list_all(store) == []
    assert files_in(tmp_path) == {"posters.pages.csv": b"of an earlier run"}


def test_a_folder_that_refuses_leaves_nothing(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    folder = Path("/proc")  # where there is one, it refuses root too
    if not folder.is_dir():
        folder = tmp_path
        folder.chmod(0o500)
    with pytest.raises(CannotPrint, match="Nothing was printed: look at the folder"):
        printing.print_notice(store, Order("winter", PLACES, folder / "posters.pdf"), by)
    assert links.list_all(store) == [] and print_runs.list_all(store) == []


def test_a_name_that_is_taken_by_a_folder_meanwhile_leaves_nothing(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    order = Order("winter", PLACES, tmp_path / "posters.pdf")
    with pytest.raises(CannotPrint, match="Nothing was printed"):
        printing.print_notice(store, order, by, lambda done: (tmp_path / "posters.pages.csv").mkdir(exist_ok=True))
    assert links.list_all(store) == [] and print_runs.list_all(store) == []
    assert files_in(tmp_path) == {}


def test_a_record_that_cannot_be_kept_leaves_what_was_there(
    store: Store, by: By, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The files have their names when the transaction ends; what fails then takes them back."""
    set_up(store, by)
    (tmp_path / "posters.pdf").write_bytes(b"of an earlier run")
    place = Release.place

    def place_and_fail(release: Release) -> None:
        place(release)
        raise StoreUnavailable("The database went away.")

    monkeypatch.setattr(Release, "place", place_and_fail)
    with pytest.raises(StoreUnavailable):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)
    assert files_in(tmp_path) == {"posters.pdf": b"of an earlier run"}
    assert links.list_all(store) == [] and print_runs.list_all(store) == []


def test_a_sheet_that_does_not_fit_leaves_no_link_to_any(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    long_name = {"name": "Telecommunications " * 8}
    locations.change(store, locations.merged(locations.show(store, "L2"), long_name), by)
    with pytest.raises(CannotPrint, match="location"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by)
    assert links.list_all(store) == [] and print_runs.list_all(store) == [] and files_in(tmp_path) == {}


def test_links_that_others_make_while_it_prints_are_not_doubled(store: Store, by: By, tmp_path: Path):
    set_up(store, by)

    def make_one(done: int) -> None:
        links.make(store, "winter", ["L1"], by)

    with pytest.raises(Conflict, match="while it was being printed"):
        printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by, make_one)
    assert [row["location"] for row in links.list_all(store)] == ["L1"]
    assert print_runs.list_all(store) == [] and files_in(tmp_path) == {}
    assert printing.print_notice(store, Order("winter", PLACES, tmp_path / "posters.pdf"), by).new_links == 2


def test_a_location_that_is_not_there_is_said(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    with pytest.raises(NotFound, match="L9"):
        printing.print_notice(store, Order("winter", ["L1", "L9"], tmp_path / "posters.pdf"), by)
    assert links.list_all(store) == []


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder, those that begin with a dot too, but for the database's."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_preview_needs_no_link_and_little_time(store: Store, by: By):
    set_up(store, by)
    notice = replace(notices.show(store, "winter"), words={"en": {"headline": "Not kept yet", "body": "Ask us."}})
    for size in ("A4", "A1"):
        picture = previews.picture(store, notice, Choices(size=size))
        with Image.open(io.BytesIO(picture)) as opened:
            assert opened.format == "PNG" and max(opened.size) <= 1_401
    assert links.list_all(store) == []
