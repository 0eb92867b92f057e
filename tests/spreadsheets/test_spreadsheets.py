import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from qrbridge.errors import UnreadableFile
from qrbridge.spreadsheets import BadRow, Row, cells, limits, open_sheet, receive
from qrbridge.spreadsheets.headers import match_headers
from tests.calls import calls
from tests.present import present

SAME_FOLDER = how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def opened(folder: Path, content: bytes | str, name: str = "upload.csv", delimiter: str | None = None):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_sheet(path, delimiter)


def refused(folder: Path, content: bytes | str, name: str = "upload.csv") -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(opened(folder, content, name).rows())
    return str(caught.value)


def workbook(folder: Path, rows, change=None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        present(book.active).append(row)
    if change:
        change(book)
    path = folder / "upload.xlsx"
    book.save(path)
    return path


# Receiving


def test_a_file_is_saved_as_it_arrives(tmp_path):
    assert receive([b"a,b\n", b"1,2\n"], tmp_path / "f") == 8
    assert (tmp_path / "f").read_bytes() == b"a,b\n1,2\n"


def test_a_file_too_large_is_refused_while_it_arrives_and_leaves_nothing(tmp_path):
    taken = []

    def chunks() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 1024 * 1024

    with pytest.raises(UnreadableFile, match="larger than 10 MB"):
        receive(chunks(), tmp_path / "f")
    assert len(taken) == 11
    assert not (tmp_path / "f").exists()


def test_a_connection_that_breaks_leaves_nothing(tmp_path):
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        receive(chunks(), tmp_path / "f")
    assert not (tmp_path / "f").exists()


def test_a_large_file_on_disk_is_refused_by_its_size(tmp_path):
    with (tmp_path / "f.csv").open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than 10 MB"):
        open_sheet(tmp_path / "f.csv")


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        open_sheet(tmp_path / "none.csv")


def test_more_rows_than_the_limit_are_refused_while_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    assert "more than 200,000 rows" in refused(tmp_path, "a,b\n" + "1,2\n" * 4)
    assert len(list(opened(tmp_path, "a,b\n" + "1,2\n" * 3).rows())) == 3


# What a file is

ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as _archive:
    _archive.writestr("readme.txt", "hello")
ODS = io.BytesIO()
with zipfile.ZipFile(ODS, "w") as _archive:
    _archive.writestr("content.xml", "<x/>")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture", id="JPEG"),
        pytest.param(b"%PDF-1.7\n", "a PDF document", id="PDF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "old Excel", id="xls"),
        pytest.param(ZIP.getvalue(), "a zip archive", id="zip"),
        pytest.param(ODS.getvalue(), "OpenDocument", id="ods"),
        pytest.param(b"PK\x03\x04broken", "damaged", id="broken zip"),
        pytest.param(b"\n<!DOCTYPE html><html>Sign in", "sign-in page", id="sign-in page"),
        pytest.param(b"<!-- x --><html>", "web page", id="page after a comment"),
        pytest.param(b"<?xml version='1.0'?><a/>", "XML", id="xml"),
        pytest.param(b'{"rows": []}', "JSON", id="json"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\n\n , ,\n", "no text", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "no text", id="only a mark"),
        pytest.param(b"name,postcode\n", "no rows", id="header only"),
        pytest.param(b"Sale Library,M33 4ND\nHale,WA14 1AH\n", "should hold the column names", id="no header"),
        pytest.param(b"1,53.41,-2.3\n2,53.42,-2.3\n", "should hold the column names", id="no header, coordinates"),
        pytest.param(bytes(range(1, 32)) * 40, "not text", id="binary"),
        pytest.param(b"a\x81b,c\n1,2\n", "encoding", id="no known encoding"),
        pytest.param("a,b\n1,2\n".encode("utf-16")[:-1], "cut short", id="half a character"),
        pytest.param("a,b\n1,2\n".encode("utf-32"), "UTF-32", id="utf-32"),
    ],
)
def test_what_is_no_spreadsheet_is_named(tmp_path, content, says):
    assert says in refused(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<!---->" * 500 + "x\nreference,name\n1,2\n", id="comments"),
        pytest.param("<" + "a" * 5_000 + "\nreference,name\n1,2\n", id="a long tag"),
    ],
)
def test_markup_cannot_make_telling_what_a_file_is_slow(tmp_path, content):
    # Tried in every way that it can be read, as many comments as these would never come to an end.
    refused(tmp_path, content)


# Text

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
CELL = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"], include_characters='\n"'), max_size=30)


@SAME_FOLDER
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)
    ),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;\t|"),
)
@example(rows=[["a,b;c|d", 'say "no"\nand\n\n"yes"']], encoding="utf-16", delimiter="\t")
def test_what_is_written_well_is_read_as_it_was(tmp_path, rows, encoding, delimiter):
    header = [f"column {letter}" for letter in "abcde"[: len(rows[0])]]
    rows = [["id", *row] for row in rows]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["number", *header], *rows])
    content = written.getvalue().encode(encoding)
    if encoding == "cp1252":
        assume(_is_not_utf_8(content) or content.isascii())
    sheet = opened(tmp_path, content)
    assert sheet.headers == ("number", *header)
    assert [list(row.cells) for row in sheet.rows()] == rows


def _is_not_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


@SAME_FOLDER
@given(st.binary(max_size=400) | st.text(alphabet='a1",;|\t\n\r \0é', max_size=120).map(str.encode))
def test_no_bytes_raise_anything_but_a_sentence(tmp_path, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        rows = list(open_sheet(path).rows())
    except UnreadableFile as error:
        assert str(error)
    else:
        assert rows


@SAME_FOLDER
@given(place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_no_damaged_workbook_raises_anything_but_a_sentence(tmp_path, damage_source, place, junk, cut):
    start = int(place * len(damage_source))
    content = damage_source[:start] + (b"" if cut else junk + damage_source[start + len(junk) :])
    path = tmp_path / "any.xlsx"
    path.write_bytes(content)
    try:
        assert list(open_sheet(path).rows())
    except UnreadableFile as error:
        assert str(error)


@pytest.fixture(scope="module")
def damage_source(tmp_path_factory):
    """A workbook stored without compression, so that damage reaches its XML."""
    source = workbook(tmp_path_factory.mktemp("source"), [["name", "day"], ["Sale", date(2026, 10, 5)], ["Hale", 1.5]])
    stored = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(stored, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
    return stored.getvalue()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda xml: b"", id="nothing"),
        pytest.param(lambda xml: xml[: len(xml) // 2], id="half"),
        pytest.param(lambda xml: xml.replace(b'"', b'"x', 40), id="wrong values"),
        pytest.param(lambda xml: xml.replace(b"1", b"99999999999"), id="large numbers"),
        pytest.param(lambda xml: b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 999 + b'">]>' + xml, id="entities"),
    ],
)
def test_a_part_of_a_workbook_changed_raises_nothing_but_a_sentence(tmp_path, damage_source, part, change):
    path = tmp_path / "any.xlsx"
    with zipfile.ZipFile(io.BytesIO(damage_source)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    try:
        rows = list(open_sheet(path).rows())
    except UnreadableFile as error:
        assert str(error)
    else:
        assert rows


@pytest.mark.parametrize(
    ("content", "read_as", "cells_read"),
    [
        pytest.param(
            "name,p\nCafé,1\n".encode("utf-8-sig"), "UTF-8 with a byte order mark, comma", ("Café", "1"), id="BOM"
        ),
        pytest.param("name\tp\nCafé\t1\n".encode("utf-16"), "UTF-16, tab", ("Café", "1"), id="Unicode Text"),
        pytest.param(b"name,p\nJo\x92s \x96 \xa35,1\n", "Windows-1252, comma", ("Jo’s – £5", "1"), id="Windows-1252"),
        pytest.param("n;lat;x\nA;53,4;1\nB;53,5;2\n", "semicolon", ("A", "53,4", "1"), id="decimal commas"),
        pytest.param("name\nCleo\nPancakes\n", "one column", ("Cleo",), id="one column"),
        pytest.param(
            "address\n1 High St, Sale\n2 Low St, Hale, Altrincham\n",
            "one column",
            ("1 High St, Sale",),
            id="commas in one",
        ),
        pytest.param("sep=;\na;b\n1;2\n", "semicolon", ("1", "2"), id="declared"),
        pytest.param('a;b\n"1;2, 3";4\n', "semicolon", ("1;2, 3", "4"), id="quoted delimiters"),
        pytest.param("a,b|c\n1,2\n3,4|5\n", "comma", ("1", "2"), id="bar in a name"),
        pytest.param("a,b\r1,2\r3,4\r", "comma", ("1", "2"), id="old Mac line ends"),
        pytest.param("\n\na,b\n1,2\n", "comma", ("1", "2"), id="blank lines first"),
        pytest.param('a, "b, c"\n1, "2, 3"\n', "comma", ("1", "2, 3"), id="space before the quote"),
        pytest.param('a,b\n12" pipe,2\n', "comma", ('12" pipe', "2"), id="inch mark"),
        pytest.param("a,b,,\n1,2,,\n", "comma", ("1", "2"), id="blank columns at the right"),
    ],
)
def test_text_is_read_as_it_was_meant(tmp_path, content, read_as, cells_read):
    sheet = opened(tmp_path, content)
    assert read_as in sheet.read_as
    assert next(sheet.rows()).cells == cells_read


def test_a_guessed_encoding_is_said(tmp_path):
    assert "Windows-1252" in opened(tmp_path, b"name,p\nJo\x92s,1\n").notes[0]
    assert "UTF-16" in opened(tmp_path, "name,p\nSale,1\n".encode("utf-16-le")).notes[0]
    assert opened(tmp_path, "name,p\nCafé,1\n").notes == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("a;b,c\n1;2,3\n", "comma or semicolon", id="two ways"),
        pytest.param(
            "a,b,c,d\n1,2,3,4,5,6\n7,8,9,10,11,12\n",
            "names 4 columns, but the row on line 2 has 6 cells",
            id="4 over 6",
        ),
        pytest.param("name\nSale,M33\nHale,WA14\n", "one column name, but the rows below hold 2 cells", id="1 over 2"),
        pytest.param('"a,b\n1,2\n', "column names, cannot be read", id="header with an open quote"),
    ],
)
def test_a_shape_that_could_shift_columns_refuses_the_file(tmp_path, content, says):
    assert says in refused(tmp_path, content)


def test_an_ambiguous_file_is_read_when_told_how(tmp_path):
    assert opened(tmp_path, "a;b,c\n1;2,3\n", delimiter=";").headers == ("a", "b,c")


@pytest.mark.parametrize(
    ("content", "bad", "good_lines"),
    [
        pytest.param("a,b\n1,2\n3\n4,5\n", (3, "1 cell and the header has 2"), [2, 4], id="too few"),
        pytest.param("a,b\n1,2\n3,4,5\n6,7\n", (3, "3 cells and the header has 2"), [2, 4], id="too many"),
        pytest.param('a,b\n1,2\n"3,4\n5,6\n7,8\n', (3, "opened on line 3 is not closed"), [2, 4, 5], id="open quote"),
        pytest.param('a,b\n1,2\n3,"4\n5,"6"\n', (3, "opened on line 3"), [2, 4], id="open quote before quotes"),
        pytest.param('a,b\n"1" x,2\n3,4\n', (2, "opened on line 2"), [3], id="text after the quote"),
        pytest.param('a,b\n1 "x,2" y\n3,4\n', (2, "do not pair up"), [3], id="quotes across cells"),
        pytest.param("a,b\n1,2\0\n3,4\n", (2, "NUL"), [3], id="NUL"),
        pytest.param('a,b\n1,"2\0"\n3,4\n', (2, "NUL"), [3], id="quoted NUL"),
        pytest.param(f"a,b\n1,{'x' * 1001}\n3,4\n", (2, "1,001 characters; at most 1,000"), [3], id="long cell"),
        pytest.param(f"a,b\n1,{'x' * 200_000}\n3,4\n", (2, "200,000 characters"), [3], id="very long cell"),
        pytest.param(f"a,b\n1,{'x' * 300_000}\n3,4\n", (2, "the line is longer"), [3], id="longer than any record"),
        pytest.param(f'a,b\n1,"{"x" * 300_000}"\n3,4\n', (2, "the line is longer"), [3], id="quoted and longer"),
        pytest.param('a,b\n1,"' + "x\n" * 2_000 + '"\n3,4\n', (2, "opened on line 2"), None, id="too many lines"),
    ],
)
def test_a_bad_row_costs_itself_and_no_other(tmp_path, content, bad, good_lines):
    rows = list(opened(tmp_path, content).rows())
    first_bad = next(row for row in rows if isinstance(row, BadRow))
    assert (first_bad.line, bad[1] in first_bad.remedy) == (bad[0], True), first_bad
    if good_lines is not None:
        assert [row.line for row in rows if isinstance(row, Row)] == good_lines


WIDE = ",".join(["x"] * 257)
QUOTED_WIDE = ",".join(['"x\ny"'] * 257)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{WIDE}\n1,2\n", id="plain"),
        pytest.param(f"{QUOTED_WIDE}\n1,2\n", id="quoted over lines"),
    ],
)
def test_more_columns_than_any_list_has_refuse_the_file(tmp_path, content):
    assert "has more than 256 cells" in refused(tmp_path, content)


@pytest.mark.parametrize(
    ("row", "lines"),
    [pytest.param(WIDE, 1, id="plain"), pytest.param(QUOTED_WIDE, 258, id="quoted over lines")],
)
def test_a_row_with_more_cells_than_are_read_costs_itself(tmp_path, row, lines):
    bad, good = list(opened(tmp_path, f"a,b\n{row}\n3,4\n", delimiter=",").rows())
    assert (bad.line, "more than 256 cells" in bad.remedy) == (2, True)
    assert good == Row(2 + lines, ("3", "4"))


@pytest.mark.parametrize("row", [pytest.param("1,2", id="plain"), pytest.param('1,"2"', id="quoted")])
def test_blank_cells_far_to_the_right_are_passed_over(tmp_path, row):
    blank = "," * 16_000
    rows = list(opened(tmp_path, f"a,b{blank}\n{row}{blank}\n").rows())
    assert rows == [Row(2, ("1", "2"))]


def test_lines_are_those_of_the_file(tmp_path):
    rows = list(opened(tmp_path, 'a,b\n"1\n\n2",3\n4,5\n\n6,"7\n8"\n9,0\n').rows())
    assert [(row.line, row.cells) for row in rows] == [
        (2, ("1\n\n2", "3")),
        (5, ("4", "5")),
        (7, ("6", "7\n8")),
        (9, ("9", "0")),
    ]


def test_blank_rows_are_passed_over_and_those_between_are_counted(tmp_path):
    sheet = opened(tmp_path, "a,b\n1,2\n\n , \n3,4\n,\n\n")
    assert [row.line for row in sheet.rows()] == [2, 5]
    assert sheet.blank_rows == 2


def test_rows_can_be_read_twice(tmp_path):
    sheet = opened(tmp_path, "a,b\n1,2\n3,4\n")
    assert list(sheet.rows()) == list(sheet.rows())


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(',"a', id="open"),
        pytest.param('","a', id="chained"),
        pytest.param('"x""', id="pairs"),
        pytest.param('"', id="bare"),
    ],
)
def test_quotes_cannot_make_reading_slow(tmp_path, line):
    rows = list(opened(tmp_path, "a,b\n1,2\n" + f"{line}\n" * 30_000, delimiter=",").rows())
    assert rows[0] == Row(2, ("1", "2"))


# Workbooks


def test_cells_of_a_workbook_become_what_a_person_sees(tmp_path):
    row = [
        "a",
        7,
        7.0,
        1.5,
        100013000000,
        1e16,
        True,
        date(2026, 10, 5),
        datetime(2026, 10, 5, 9, 30),
        time(9, 30),
        None,
    ]
    path = workbook(tmp_path, [[f"c{number}" for number in range(len(row))], row])
    assert next(open_sheet(path).rows()).cells == (
        *(
            "a",
            "7",
            "7",
            "1.5",
            "100013000000",
            "10000000000000000",
            "TRUE",
            "2026-10-05",
            "2026-10-05 09:30",
            "09:30",
            "",
        ),
    )


def test_leading_zeros_shown_by_a_format_are_kept(tmp_path):
    def pad(book):
        book.active["A2"].number_format = "00000"

    assert next(open_sheet(workbook(tmp_path, [["ref", "n"], [123, 4]], pad)).rows()).cells == ("00123", "4")


def test_a_formula_in_a_workbook_is_read_as_its_value(tmp_path):
    rows = list(open_sheet(workbook(tmp_path, [["a", "b"], ["x", "=1+1"], ["y", "2"]])).rows())
    assert [row.cells for row in rows] == [("x", ""), ("y", "2")]


def test_rows_of_a_workbook_have_excel_s_numbers_and_are_padded(tmp_path):
    sheet = open_sheet(workbook(tmp_path, [["a", "b"], ["1"], [], ["two\nlines", "3"], ["", "", "4"]]))
    rows = list(sheet.rows())
    assert rows[:2] == [Row(2, ("1", "")), Row(4, ("two\nlines", "3"))]
    assert isinstance(rows[2], BadRow)
    assert sheet.blank_rows == 1


def test_the_first_filled_worksheet_is_read_and_the_others_are_said(tmp_path):
    def more(book):
        book.create_sheet("Blank", 0)
        book.create_sheet("More").append(["x"])

    sheet = open_sheet(workbook(tmp_path, [["a", "b"], ["1", "2"]], more))
    assert next(sheet.rows()).cells == ("1", "2")
    assert sheet.notes == ["The workbook has 2 filled worksheets; “Sheet” was read, and “More” not."]


def test_a_workbook_whose_stated_size_lies_is_read_whole(tmp_path):
    path = workbook(tmp_path, [["a", "b"], ["1", "2"], ["3", "4"]])
    changed = _with_sheet(path, lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:A1"'))
    assert [row.cells for row in open_sheet(changed).rows()] == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda xml: xml + b" " * 30_000_000, "unpacks to more", id="bomb"),
        pytest.param(lambda xml: xml.replace(b'r="3"', b'r="1999999999"'), "claims more than", id="far row"),
        pytest.param(lambda xml: xml.replace(b'r="B3"', b'r="XFD3"'), "beyond column", id="far column"),
        pytest.param(lambda xml: xml[:300], "damaged", id="cut"),
    ],
)
def test_a_hostile_workbook_is_refused(tmp_path, change, says):
    path = _with_sheet(workbook(tmp_path, [["a", "b"], ["1", "2"], ["3", "4"]]), change)
    with pytest.raises(UnreadableFile, match=says):
        open_sheet(path)


def test_a_workbook_without_rows_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="no filled worksheet"):
        open_sheet(workbook(tmp_path, []))


COMMENTS = b"".join(b"<!--%032x-->" % number for number in range(80_000))
TAIL = b"</sheetData></worksheet>"
FILLED = b"<row><c><v>1</v></c></row>"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        pytest.param("xl/styles.xml", lambda xml: xml + COMMENTS, id="styles"),
        pytest.param("xl/workbook.xml", lambda xml: xml + COMMENTS, id="names of sheets"),
        pytest.param("xl/_rels/workbook.xml.rels", lambda xml: xml + COMMENTS, id="relations"),
        pytest.param("[Content_Types].xml", lambda xml: xml + COMMENTS, id="content types"),
        pytest.param(
            "xl/worksheets/sheet1.xml", lambda xml: _rows(xml, b"<row>" + b"<c/>" * 60_000), id="one long row"
        ),
        pytest.param(
            "xl/worksheets/sheet1.xml",
            lambda xml: _rows(xml, 2 * FILLED + b"<row></row>" * 401_000),
            id="too many rows",
        ),
    ],
)
def test_a_part_that_would_take_too_much_memory_is_refused(tmp_path, part, change):
    path = tmp_path / "any.xlsx"
    with zipfile.ZipFile(workbook(tmp_path, [["a", "b"], ["1", "2"]])) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    with pytest.raises(UnreadableFile, match="unpacks to more than can be read safely"):
        list(open_sheet(path).rows())


def _rows(xml: bytes, rows: bytes) -> bytes:
    return xml[: xml.index(b"<sheetData>")] + b"<sheetData>" + rows + TAIL


def test_worksheets_blank_to_the_last_column_cost_little_and_few_are_looked_at(tmp_path):
    def more(book):
        for _ in range(60):
            book.create_sheet("Blank", 0)["XFD900"].number_format = "0"

    path = workbook(tmp_path, [["a", "b"], ["1", "2"]], more)
    rows = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (number, number) for number in range(1, 901))
    changed = _with_sheet(path, lambda xml: _rows(xml, rows), "xl/worksheets/sheet")

    def look() -> None:
        with pytest.raises(UnreadableFile, match="no filled worksheet"):
            open_sheet(changed)

    assert calls(look) < 5_000_000


SHARED = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>name</t></si><si><t>kind</t></si>'
    "<si><r><t>Sale </t></r><r><t>Café</t></r></si><si><t/></si></sst>"
)
SHARED_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


@pytest.mark.parametrize(
    "last", [pytest.param(3, id="there"), pytest.param(9, id="not there"), pytest.param(-1, id="negative")]
)
def test_shared_texts_are_read_as_excel_writes_them(tmp_path, last):
    numbers = [[0, 1], [2, last]]
    rows = "".join(
        f'<row r="{line}">' + "".join(f'<c t="s"><v>{number}</v></c>' for number in row) + "</row>"
        for line, row in enumerate(numbers, 1)
    )
    path = _with_sheet(
        workbook(tmp_path, [["x"]]),
        lambda xml: xml[: xml.index(b"<sheetData>")] + f"<sheetData>{rows}</sheetData></worksheet>".encode(),
    )
    shared = tmp_path / "shared.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(shared, "w") as new:
        for name in old.namelist():
            if "sharedStrings" not in name:
                types = old.read(name).decode()
                change = name == "[Content_Types].xml" and "sharedStrings" not in types
                new.writestr(name, types.replace("</Types>", SHARED_TYPE) if change else types)
        new.writestr("xl/sharedStrings.xml", SHARED)
    if last == 3:
        assert next(open_sheet(shared).rows()).cells == ("Sale Café", "")
    else:
        with pytest.raises(UnreadableFile, match="damaged"):
            open_sheet(shared)


def test_the_copy_of_a_workbook_goes_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    sheet = open_sheet(workbook(tmp_path, [["a", "b"], ["1", "2"]]))
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del sheet
    assert list((tmp_path / "temporary").iterdir()) == []


def _with_sheet(path: Path, change, part: str = "xl/worksheets/sheet1.xml") -> Path:
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.startswith(part) else content)
    return changed


# Column names

WANTED = {
    "reference": ("placement ref", "id"),
    "name": ("venue name", "name of venue"),
    "postcode": ("post code",),
}


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        pytest.param(["reference", "name", "postcode"], {"reference": 0, "name": 1, "postcode": 2}, id="own names"),
        pytest.param([" Post Code ", "Name of venue"], {"name": 1, "postcode": 0}, id="loosely"),
        pytest.param(["ID", "Placement_Ref"], {"reference": 1}, id="best other name"),
        pytest.param(["POSTCODE", "postcode"], {"postcode": 1}, id="exactly one exact"),
        pytest.param(["x", ""], {}, id="none"),
    ],
)
def test_columns_are_found_by_loose_names(headers, columns):
    match = match_headers(headers, WANTED)
    assert (match.columns, match.problems) == (columns, ())


def test_two_columns_that_fit_are_asked_about():
    match = match_headers(["Post Code", "Postcode ", "name"], WANTED)
    assert match.columns == {"name": 2}
    assert [problem.field for problem in match.problems] == ["postcode"]
    assert "“Post Code” (column 1) and “Postcode ” (column 2)" in match.problems[0].sentence


def test_what_was_matched_and_what_was_not_is_said():
    match = match_headers([" Post Code ", "colour"], WANTED)
    assert match.in_words() == ["postcode is read from “ Post Code ”"]
    assert match.unused == ("colour",)


@pytest.mark.parametrize(
    ("forced", "columns", "says"),
    [
        pytest.param({"name": "Colour"}, {"name": 1, "postcode": 0}, "", id="found"),
        pytest.param({"name": "shape"}, {"postcode": 0}, "no column “shape”", id="not there"),
        pytest.param({"size": "colour"}, {"postcode": 0}, "not a field", id="no such field"),
    ],
)
def test_a_column_can_be_named_outright(forced, columns, says):
    match = match_headers(["postcode", "colour"], WANTED, forced)
    assert match.columns == columns
    assert says in "".join(problem.sentence for problem in match.problems)


# Cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Sale Library", "Sale Library", id="tidy already"),
        pytest.param("  Sale \t Library ", "Sale Library", id="spaces and tabs"),
        pytest.param("Sale\u00a0Library", "Sale Library", id="no-break space"),
        pytest.param("\ufeffSa\u200ble\u00ad", "Sale", id="zero width"),
        pytest.param("\u202eelaS", "elaS", id="turned round"),
        pytest.param("1 High St\nSale", "1 High St Sale", id="line end"),
        pytest.param("Cafe\u0301", "Café", id="accent apart"),
        pytest.param("a\u200cb", "ab", id="joiner in Latin"),
        pytest.param("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e", id="joiner in Persian"),
        pytest.param("a\x07b", "ab", id="control"),
    ],
)
def test_what_cannot_be_seen_goes(text, expected):
    assert cells.tidy(text) == expected


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    assert cells.tidy(cells.tidy(text)) == cells.tidy(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("CafÃ©", "Café", id="accent"),
        pytest.param("Joâ€™s", "Jo’s", id="apostrophe"),
        pytest.param("Â£5", "£5", id="pound"),
        pytest.param("Café", "", id="right already"),
        pytest.param("Château", "", id="a circumflex of its own"),
        pytest.param("plain", "", id="plain"),
    ],
)
def test_text_encoded_twice_is_known(text, expected):
    assert cells.undoubled(text) == expected


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        pytest.param("01-Mar", {"day"}, id="day and month"),
        pytest.param("5-Oct", {"day"}, id="short day and month"),
        pytest.param("Oct-26", {"day", "like"}, id="month and year"),
        pytest.param("MAR-01", {"like"}, id="typed"),
        pytest.param("01/03/2026", {"day"}, id="whole day"),
        pytest.param("2026-03-01", {"day"}, id="ISO"),
        pytest.param("1.00013E+11", {"power"}, id="power of ten"),
        pytest.param("1E+05", {"power"}, id="short power"),
        pytest.param("46300", {"serial"}, id="serial"),
        pytest.param("12345", set(), id="five digits"),
        pytest.param("#N/A", {"error"}, id="error"),
        pytest.param("LIB-01", set(), id="a good one"),
        pytest.param("3E5", set(), id="a room"),
    ],
)
def test_damage_by_excel_is_known(text, classes):
    tests = {
        "day": cells.is_excel_day,
        "like": cells.is_like_day,
        "power": cells.is_excel_power,
        "serial": cells.is_excel_serial,
        "error": cells.is_excel_error,
    }
    assert {name for name, test in tests.items() if test(text)} == classes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('=HYPERLINK("x")', '\'=HYPERLINK("x")', id="equals"),
        pytest.param("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", id="command"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("-2+3", "'-2+3", id="minus"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("＝1+1", "'＝1+1", id="full width"),
        pytest.param(" =1", "' =1", id="space first"),
        pytest.param("-2.35", "-2.35", id="a longitude"),
        pytest.param("Sale", "Sale", id="plain"),
    ],
)
def test_formulas_are_neutral_in_exports(text, expected):
    assert cells.safe_cell(text) == expected
    written = io.StringIO(newline="")
    cells.write_csv([[text, None, 3]], written)
    assert list(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [[expected, "", "3"]]


# Memory

MEASURE = """
import resource, sys
from pathlib import Path
from qrbridge.spreadsheets import open_sheet
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(1 for _ in open_sheet(Path(sys.argv[1])).rows())
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
# Of the 50 MB that reading the largest file may take.
MOST_MEGABYTES = 30


@pytest.mark.processes
def test_the_largest_file_is_read_in_little_memory(tmp_path):
    path = tmp_path / "large.csv"
    rows = 190_000
    with path.open("w") as file:
        file.write("reference,name,address,postcode\n")
        file.writelines(f'{number},"Hub {number}","{number} High St, Sale",M33 4ND\n' for number in range(rows))
    assert path.stat().st_size > 0.8 * limits.MAX_BYTES
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    read, megabytes = map(int, done.stdout.split())
    assert read == rows
    assert megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("name", ["file", "places.csv", "places.XLSX", "places.zip"])
def test_a_workbook_is_one_whatever_its_name(tmp_path: Path, name: str):
    book = openpyxl.Workbook()
    for row in (("reference", "name"), ("007", "Hub")):
        present(book.active).append(row)
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / name)
    assert [row.cells for row in open_sheet(tmp_path / name).rows()] == [("007", "Hub")]
