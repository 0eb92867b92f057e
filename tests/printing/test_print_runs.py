import io
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PIL import Image

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.errors import NotFound
from qrbridge.links import links
from qrbridge.notices import editions, notices, photographs
from qrbridge.notices.editions import Choices
from qrbridge.places import locations
from qrbridge.press.design import designs
from qrbridge.printing import print_runs, printing
from qrbridge.printing.printing import Again, Order, Printed
from qrbridge.settings import PRINTABLES
from qrbridge.store import Store
from tests import spoiling
from tests.given import in_days, set_up

PLACES = ["B1", "L2", "L1"]


@pytest.fixture
def first(store: Store, by: By, tmp_path: Path) -> Printed:
    """The small council's notice, printed for its three places and hung at two."""
    set_up(store, by)
    run = printing.print_notice(store, Order("winter", PLACES, tmp_path / "first.pdf"), by)
    links.up(store, [row["code"] for row in links.list_all(store) if row["location"] != "B1"], by)
    return run


def reword(store: Store, by: By) -> None:
    headline = {"words": {"en": {"headline": "Need help?"}}}
    notices.change(store, notices.merged(notices.show(store, "winter"), headline, council.show(store)), by)


def places_of(rows: list[dict[str, object]]) -> list[object]:
    return [row["location"] for row in rows]


def test_a_printing_is_on_record_with_its_proof_and_sheets(store: Store, by: By, first: Printed):
    kept = print_runs.show(store, first.number)
    assert (kept.number, kept.notice, kept.who, kept.printable, kept.sheets) == (1, "winter", by.who, "poster", 3)
    assert kept.proof == asdict(first.proof) and kept.proof["sha256"] == first.proof.sha256
    assert kept.edition["said"]["texts"][0]["headline"] == "Struggling with the cost of living?"
    assert kept.options == asdict(Choices())
    sheets = list(print_runs.sheets(store, first.number))
    assert [sheet["words"]["location"] for sheet in sheets] == [
        "Altrincham Library",
        "Old Trafford Library",
        "Seymour Grove bus stop",
    ]
    assert [row["number"] for row in print_runs.list_all(store)] == [1]
    for search, numbers in {"": [1], "wint": [1], "summer": []}.items():
        assert [row["number"] for row in print_runs.find(store, print_runs.LISTING.read({"q": search})).rows] == numbers
    assert audit.list_for(store, "notice", "winter")[0]["after"]["run"] == 1
    with pytest.raises(NotFound, match="no print run “2”"):
        print_runs.show(store, 2)


def test_printings_are_sorted_by_each_of_their_columns(store: Store, by: By):
    set_up(store, by)
    store.run("designs.add", digest="d" * 64, name="poster", content="")
    blank = dict.fromkeys(("fingerprint", "edition", "options", "proof", "warnings"), "{}")
    for number, who, sheets in ((1, "sam", 30), (2, "kim", 4), (3, "ali", 30)):
        at = f"2026-01-0{number}T00:00:00Z"
        store.run(
            "print_runs.add", number=number, at=at, who=who, notice="winter", design="d" * 64, sheets=sheets, **blank
        )
    expected = {"": [3, 2, 1], "number": [1, 2, 3], "who": [3, 2, 1], "sheets": [2, 3, 1], "sheets-down": [3, 1, 2]}
    for sort, numbers in expected.items():
        found = print_runs.find(store, print_runs.LISTING.read({"sort": sort}))
        assert [row["number"] for row in found.rows] == numbers, sort
    for order in print_runs.LISTING.orders:
        both = [print_runs.find(store, print_runs.LISTING.read({"sort": sort})) for sort in (order, f"{order}-down")]
        assert [sorted(row["number"] for row in found.rows) for found in both] == [[1, 2, 3]] * 2


def test_a_run_of_many_is_read_a_part_at_a_time(store: Store, first: Printed, monkeypatch: pytest.MonkeyPatch):
    whole = list(print_runs.sheets(store, first.number))
    monkeypatch.setattr(print_runs, "SHEETS_AT_ONCE", 2)
    assert list(print_runs.sheets(store, first.number)) == whole and len(whole) == 3


def test_nothing_is_out_of_date_when_just_printed(store: Store, first: Printed):
    assert print_runs.out_of_date(store, "winter") == []
    assert print_runs.out_of_date_on_walls(store) == {}


def test_new_words_make_every_sheet_out_of_date_until_it_is_printed(
    store: Store, by: By, first: Printed, tmp_path: Path
):
    reword(store, by)
    assert places_of(print_runs.out_of_date(store, "winter")) == ["L1", "L2", "B1"]
    assert print_runs.out_of_date_on_walls(store) == {"winter": 2}
    printing.print_notice(store, Order("winter", ["L2"], tmp_path / "again.pdf"), by)
    assert places_of(print_runs.out_of_date(store, "winter")) == ["L1", "B1"]
    assert print_runs.out_of_date_on_walls(store) == {"winter": 1}


@pytest.mark.parametrize(
    "what",
    ["a contact", "the council's colour", "the design", "the photograph"],
)
def test_what_every_sheet_shows_makes_them_all_out_of_date(
    store: Store, by: By, first: Printed, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    here = council.show(store)
    if what == "a contact":
        moved = services.merged(services.show(store, "cost-of-living"), {"phone": "0161 111 2222"}, here)
        services.change(store, moved, by)
    elif what == "the council's colour":
        council.change(store, council.merged(here, {"colour": "#333333"}), by)
    elif what == "the photograph":
        stream = io.BytesIO()
        Image.new("RGB", (1_200, 900), "navy").save(stream, "PNG")
        changes = {"picture": photographs.keep(store, stream.getvalue())}
        notices.change(store, notices.merged(notices.show(store, "winter"), changes, here), by)
    else:
        folder = tmp_path / "printables"
        (folder / "poster").mkdir(parents=True)
        toml = (PRINTABLES / "poster" / "printable.toml").read_text("utf-8")
        (folder / "poster" / "printable.toml").write_text(toml + "\n# drawn anew\n", "utf-8")
        monkeypatch.setattr(editions, "PRINTABLES", folder)
    assert len(print_runs.out_of_date(store, "winter")) == 3


def test_a_location_that_is_renamed_makes_its_own_sheet_out_of_date(store: Store, by: By, first: Printed):
    renamed = locations.merged(locations.show(store, "L2"), {"name": "Stretford Road Library"})
    locations.change(store, renamed, by)
    assert places_of(print_runs.out_of_date(store, "winter")) == ["L2"]


def test_what_a_sheet_does_not_show_makes_none_out_of_date(store: Store, by: By, first: Printed):
    moved = locations.merged(locations.show(store, "L2"), {"address": "3 Pott Street"})
    locations.change(store, moved, by)
    later = {"ends": in_days(300), "reading_distance_mm": 500}
    notices.change(store, notices.merged(notices.show(store, "winter"), later, council.show(store)), by)
    assert print_runs.out_of_date(store, "winter") == []


@pytest.mark.parametrize(("what", "reason"), [("its language", "none in a language"), ("its design", "no printable")])
def test_what_cannot_be_printed_now_is_out_of_date_with_the_reason(
    store: Store, by: By, first: Printed, what: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    if what == "its language":
        store.run("council.set", **council._stored(replace(council.show(store), languages=("cy",))), version=9)
    else:
        shutil.rmtree(spoiling.copied(tmp_path, monkeypatch) / "poster")
    stale = print_runs.out_of_date(store, "winter")
    assert places_of(stale) == ["L1", "L2", "B1"]
    (said,) = print_runs.reasons(stale)
    assert reason in said
    assert print_runs.out_of_date_on_walls(store) == {"winter": 2}
    order = Order("winter", PLACES, tmp_path / "again.pdf")
    assert sorted(printing.out_of_date(store, order)) == sorted(PLACES)


def test_sheets_that_no_longer_hang_are_not_out_of_date(store: Store, by: By, first: Printed):
    codes = {row["location"]: row["code"] for row in links.list_all(store)}
    links.down(store, [codes["L1"]], by)
    links.withdraw(store, [codes["L2"]], by, "the library moved")
    reword(store, by)
    assert places_of(print_runs.out_of_date(store, "winter")) == ["B1"]


def test_only_what_was_printed_so_is_printed_again_so(store: Store, by: By, first: Printed, tmp_path: Path):
    large = Order("winter", ["B1"], tmp_path / "large.pdf", Choices(size="A3"))
    printing.print_notice(store, large, by)
    assert print_runs.out_of_date(store, "winter") == [], "another size says the same"
    reword(store, by)
    everywhere = Order("winter", PLACES, tmp_path / "again.pdf")
    assert printing.out_of_date(store, everywhere) == ["L1", "L2"]
    assert printing.out_of_date(store, replace(everywhere, choices=Choices(size="A4"))) == ["L1", "L2"]
    assert printing.out_of_date(store, replace(everywhere, choices=Choices(size="A3"))) == ["B1"]
    assert printing.out_of_date(store, replace(everywhere, locations=["L2"])) == ["L2"]


def test_a_run_is_printed_again_to_the_byte_whatever_has_changed(
    store: Store, by: By, first: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    printed = first.pdf.read_bytes()
    reword(store, by)
    here = council.show(store)
    council.change(store, council.merged(here, {"name": "Greater Trafford", "colour": "#333333"}), by)
    moved = {"phone": "0161 111 2222", "place": "The new town hall"}
    services.change(store, services.merged(services.show(store, "cost-of-living"), moved, here), by)
    renamed = {"name": "Stretford Road Library", "ward": "E05015239"}
    locations.change(store, locations.merged(locations.show(store, "L2"), renamed), by)
    monkeypatch.setattr(editions, "PRINTABLES", tmp_path / "gone")
    again = printing.reprint(store, Again(first.number, tmp_path / "again.pdf"), by)
    assert again.pdf.read_bytes() == printed
    assert (again.sheets, again.new_links) == (3, 0)
    assert "Old Trafford Library" in again.pages.read_text("utf-8-sig")
    (record,) = audit.list_for(store, "print run", "1")
    assert record["verb"] == "reprint" and record["after"]["same"] is True
    assert len(print_runs.list_all(store)) == 1, "it is the same run"


def test_a_run_that_had_a_hanging_sheet_has_it_again(store: Store, by: By, tmp_path: Path):
    set_up(store, by)
    check = "https://qr.gov.uk/UP/{}".format
    order = Order("winter", PLACES, tmp_path / "first.pdf", check_address=check)
    first = printing.print_notice(store, order, by)
    reword(store, by)
    again = printing.reprint(store, Again(first.number, tmp_path / "again.pdf", check), by)
    assert [path.name for path in again.files] == ["again.pdf", "again.pages.csv", "again.hanging.pdf"]
    assert [path.read_bytes() for path in again.files] == [path.read_bytes() for path in first.files]


def test_a_run_without_a_hanging_sheet_gets_none(store: Store, by: By, first: Printed, tmp_path: Path):
    again = printing.reprint(store, Again(first.number, tmp_path / "again.pdf", "https://qr.gov.uk/UP/{}".format), by)
    assert [path.name for path in again.files] == ["again.pdf", "again.pages.csv"]


def test_a_run_printed_for_a_print_shop_is_printed_so_again(store: Store, by: By, first: Printed, tmp_path: Path):
    choices = Choices(size="A3", bleed=True, cmyk=True)
    shop = printing.print_notice(store, Order("winter", PLACES, tmp_path / "shop.pdf", choices), by)
    again = printing.reprint(store, Again(shop.number, tmp_path / "again.pdf"), by)
    assert shop.number == 2 and again.pdf.read_bytes() == shop.pdf.read_bytes() != first.pdf.read_bytes()
    assert print_runs.show(store, 2).edition["size"] == "A3"


def test_every_version_of_a_design_is_kept_once(store: Store, by: By, first: Printed, tmp_path: Path):
    printing.print_notice(store, Order("winter", PLACES, tmp_path / "again.pdf"), by)
    one, other = (print_runs.edition(store, number) for number in (1, 2))
    assert one.design == other.design == designs.read("poster")
    assert one.fingerprint == other.fingerprint
