from pathlib import Path

import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.errors import InvalidInput, UnreadableFile
from qrbridge.places import locations, wards
from qrbridge.places.locations import Location
from qrbridge.store import Store
from qrbridge.uploads import ward_import
from tests.given import DATA

HEADER = "Postcode,Ward code,Ward name,Lat,Long\n"
TABLE = HEADER + "M33 4ND,E05015252,Manor,53.41,-2.34\nwa141ah,E05015239,Altrincham,53.38,-2.35\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "postcodes.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_published_table_loads_and_loads_again_without_change(store: Store, by: By):
    first = ward_import.load(store, DATA / "trafford_postcodes_some.csv", by)
    again = ward_import.load(store, DATA / "trafford_postcodes_some.csv", by)
    assert (first.new, first.wards, first.refused_count) == (first.postcodes, 21, 0)
    kept = store.rows("wards.count_postcodes")[0]["postcodes"]
    assert (again.postcodes, again.new, kept) == (first.postcodes, 0, first.postcodes)
    assert len(wards.list_all(store)) == 21
    assert audit.list_for(store, "ward", "trafford_postcodes_some.csv")[0]["after"]["postcodes"] == first.postcodes


def test_locations_without_a_ward_or_coordinates_are_given_theirs(store: Store, by: By, tmp_path: Path):
    locations.add(store, Location("L1", "Library", postcode="M33 4ND"), by)
    locations.add(store, Location("L2", "Hub", postcode="WA14 1AH", latitude=53.0, longitude=-2.0), by)
    locations.add(store, Location("L3", "Elsewhere", postcode="DT1 1XJ"), by)
    loaded = ward_import.load(store, write(tmp_path, TABLE), by)
    assert (loaded.filled_wards, loaded.filled_coordinates) == (2, 1)
    assert locations.show(store, "L1") == Location("L1", "Library", "", "M33 4ND", "E05015252", 53.41, -2.34)
    assert (locations.show(store, "L2").ward, locations.show(store, "L2").latitude) == ("E05015239", 53.0)
    assert locations.show(store, "L3").ward is None
    assert [(row["name"], row["locations"]) for row in wards.list_all(store)] == [("Altrincham", 1), ("Manor", 1)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("WA14,E05015239,Altrincham,,", "postcode", id="half a postcode"),
        pytest.param("WA14 1AH,E0800009,Altrincham,,", "code", id="code a digit short"),
        pytest.param("WA14 1AH,E05015239,,,", "name", id="no name"),
        pytest.param("WA14 1AH,E05015239,Altrincham,-2.35,53.38", "latitude", id="swapped"),
        pytest.param("WA14 1AH,E05015239", "", id="ragged"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_the_rest_are_kept(store: Store, by: By, tmp_path: Path, row, column):
    loaded = ward_import.load(store, write(tmp_path, f"{TABLE}{row}\n"), by)
    assert (loaded.postcodes, loaded.refused_count) == (2, 1)
    assert (loaded.refused[0].line, loaded.refused[0].column) == (4, column)


def test_a_table_without_its_columns_is_asked_about(store: Store, by: By, tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"code: no column looks like it; say which of “Postcode”, “area”, “x”"):
        ward_import.load(store, write(tmp_path, "Postcode,area,x\nM33 4ND,E05015252,Manor\n"), by)
    told = {"code": "area", "name": "x"}
    assert ward_import.load(store, write(tmp_path, "Postcode,area,x\nM33 4ND,E05015252,Manor\n"), by, told).new == 1


def test_a_table_refused_half_way_leaves_nothing(store: Store, by: By, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("qrbridge.spreadsheets.limits.MAX_ROWS", 1)
    monkeypatch.setattr("qrbridge.spreadsheets.delimiters.SAMPLE", 1)
    with pytest.raises(UnreadableFile, match="more than"):
        ward_import.load(store, write(tmp_path, TABLE), by)
    assert store.rows("wards.count_postcodes")[0]["postcodes"] == 0


def test_a_row_that_stands_twice_is_loaded_once_and_said(store: Store, by: By, tmp_path: Path):
    loaded = ward_import.load(store, write(tmp_path, TABLE + "wa14 1ah,E05015239,Altrincham,53.38,-2.35\n"), by)
    assert (loaded.postcodes, loaded.new, loaded.refused_count) == (2, 2, 0)
    assert loaded.notes[-1] == "1 row says what an earlier one says, and was passed over."


def test_a_load_keeps_how_each_postcode_and_location_was_before_and_after(store: Store, by: By, tmp_path: Path):
    locations.add(store, Location("L1", "Library", postcode="M33 4ND"), by)
    ward_import.load(store, write(tmp_path, TABLE), by)
    ward_import.load(store, write(tmp_path, TABLE.replace("Manor", "Ashton upon Mersey").replace("53.41", "53.42")), by)
    changed, added = audit.list_for(store, "postcode", "M33 4ND")
    assert (changed["before"], changed["after"]) == (
        {"latitude": 53.41, "name": "Manor"},
        {"latitude": 53.42, "name": "Ashton upon Mersey"},
    )
    assert (added["verb"], added["after"]["ward"]) == ("add", "E05015252")
    filled, made = audit.list_for(store, "location", "L1")
    assert filled["after"] == {"ward": "E05015252", "latitude": 53.41, "longitude": -2.34} and made["verb"] == "add"
    ward_import.load(store, write(tmp_path, TABLE.replace("Manor", "Ashton upon Mersey").replace("53.41", "53.42")), by)
    assert [row["parts"] for row in audit.page(store, audit.Filters(noun="ward"))[0]] == [0, 1, 2]
