"""Designs are read whole, and refused with every reason at once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qrbridge.errors import CannotPrint, InvalidInput, NotFound, Unsound
from qrbridge.press import press
from qrbridge.press.design import designs
from qrbridge.press.design.words import Text
from qrbridge.settings import PRINTABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of printables/ to spoil."""
    return Path(shutil.copytree(PRINTABLES, tmp_path / "printables"))


def spoil(folder: Path, *changes: tuple[str, str], file: str = "printable.toml") -> None:
    path = folder / "poster" / file
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)


@pytest.mark.parametrize("name", designs.names())
def test_every_design_reads_and_its_sample_sets(name: str) -> None:
    design = designs.read(name)
    sample = designs.sample(design)
    assert press.marks(design, sample.notice, sample.sheet)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        pytest.param('words = "{phone}"', 'words = "Ring us"', "No block shows {phone}", id="no phone"),
        pytest.param('words = "{place}"', 'words = "Come in"', "No block shows {place}", id="nowhere to go"),
        pytest.param('phrase = "opens"', 'phrase = "visit"', "phrase opens", id="does not say what opens"),
        pytest.param('phrase = "counted"', 'phrase = "visit"', "phrase counted", id="does not say what is counted"),
        pytest.param(
            "largest = 15\nsmallest = 12", "largest = 15\nsmallest = 9", "clear print needs 12", id="small type"
        ),
        pytest.param(
            "largest = 22\nsmallest = 14", "largest = 22\nsmallest = 13", "clear print needs 14", id="small body"
        ),
        pytest.param("quiet = 13.6", "quiet = 17", "the white its code needs", id="code too near the edge"),
        pytest.param("16, 16, 178, 9]", "16, 16, 1780, 9]", "edge of the paper on A4: move it", id="off the paper"),
        pytest.param("quiet = 13.6", "quiet = 14.6", "contact: It stands in the white", id="type in the code's white"),
        pytest.param("quiet = 13.6", "quiet = 5", "from filling its box", id="a code too small for its box"),
        pytest.param('kind = "code"', 'kind = "label"', "one of text, code, languages", id="a block of no kind"),
        pytest.param("sizes =", 'kind = "code"\nsizes =', "one of sheet, label, list", id="a design of no kind"),
        pytest.param(
            'words = "{body}", language = 2',
            'words = "{body}"',
            "No block has {body} in",
            id="English to Welsh readers",
        ),
        pytest.param("quiet = 13.6", "quiet = 0", "white round it", id="code without a quiet zone"),
        pytest.param('ground = "brand"', 'ground = "white"', "a panel lies under", id="a panel under type on white"),
        pytest.param('face = "extrabold"', 'face = "comic"', "one of regular", id="no such face"),
        pytest.param("box = [8, 8, 194, 80]", "box = [3, 8, 194, 80]", "nearer than 8 mm", id="off the printable area"),
        pytest.param("box = [8, 8, 194, 80]", 'box = "all"', "4 lengths in millimetres", id="not a box"),
        pytest.param("edge = 8", "edges = 8", "edge: This is missing", id="a setting misspelt"),
        pytest.param(
            "{headline}", "{hedline}", "no words called {hedline}; there are {address} {body}", id="words misspelt"
        ),
        pytest.param('kind = "code", quiet', 'kind = "text", words = "x", quiet', "exactly one", id="no code"),
        pytest.param('colour = "white"', 'colour = "ink"', "must be white", id="black on the colour"),
        pytest.param('role = "phone"', 'role = "fone"', "no role “fone”", id="a role misspelt"),
        pytest.param('when = "list"', 'when = "lots"', "no circumstances called “lots”", id="circumstances misspelt"),
        pytest.param('sizes = ["A4",', 'sizes = ["A7",', "one or more of A5", id="no such paper"),
        pytest.param('when = "list"', 'when = "one list"', "no block lists the languages", id="a list for some only"),
        pytest.param('"A5 two list"', '"A6 two list"', "no circumstances called “A6”", id="never to what is not there"),
        pytest.param(
            "quiet = 13.6 }",
            'quiet = 13.6 }, { role = "fine", words = "Scan" }',
            "region to itself",
            id="code and type",
        ),
        pytest.param('name = "code"', 'name = "code"\nground = "pale"', "keeps 70% contrast", id="a code on a colour"),
        pytest.param("leading = 1.3\n", 'leading = 1.3\ncolour = "#999999"\n', "contrast of 2.8", id="pale grey type"),
        pytest.param(
            'name = "body"',
            'name = "body"\nground = "#e6f4fd"',
            "no panel of it lies under",
            id="a ground that is not there",
        ),
        pytest.param(
            "box = [95.5, 182.5, 98.5, 98.5]",
            "box = [60, 182.5, 98.5, 98.5]",
            "overlaps contact",
            id="a code over type",
        ),
        pytest.param(
            'kind = "code", quiet = 13.6',
            'kind = "picture", quiet = 13.6',
            "0 blocks of the kind code",
            id="a picture for a code",
        ),
    ],
)
def test_a_design_that_falls_short_is_refused(folder: Path, old: str, new: str, refusal: str) -> None:
    spoil(folder, (old, new))
    with pytest.raises(InvalidInput) as caught:
        designs.read("poster", folder=folder)
    assert refusal.lower() in str(caught.value).lower()


def test_a_picture_is_never_under_type(folder: Path) -> None:
    path = folder / "poster-picture" / "printable.toml"
    text = path.read_text()
    path.write_text(text.replace("box = [8, 8, 194, 90]", "box = [8, 8, 194, 110]"))
    with pytest.raises(InvalidInput, match="photograph: It overlaps council"):
        designs.read("poster-picture", folder=folder)


def test_other_sizes_are_checked_as_well(folder: Path) -> None:
    spoil(folder, ('"A5 two" = [16, 67, 85, 68.5]', '"A5 two" = [16, 40, 85, 68.5]'))
    with pytest.raises(InvalidInput, match="poster, first headline: It overlaps first body"):
        designs.read("poster", folder=folder)


def test_a_size_it_is_not_made_in_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not made in A1; choose A5, 2xA5"):
        designs.read("window-sticker", "A1")


def test_type_grows_with_how_far_off_paper_is_read() -> None:
    at_arm_s_length, further = designs.read("poster", "A4"), designs.read("poster", "A2")
    assert further.least_points(is_body=True) == pytest.approx(28, abs=0.1)
    assert further.roles["body"].smallest == pytest.approx(2 * at_arm_s_length.roles["body"].smallest, rel=0.01)
    assert further.reading_distance == pytest.approx(2 * at_arm_s_length.reading_distance, rel=0.01)
    small = designs.read("poster", "A5")
    assert small.roles["body"].smallest == 14 and small.roles["contact"].smallest == 12


def test_every_problem_is_told_at_once(folder: Path) -> None:
    spoil(
        folder,
        ('words = "{phone}"', 'words = "Ring"'),
        ('words = "{hours}"', 'words = "Soon"'),
        ("edge = 8", "edge = 20"),
    )
    with pytest.raises(InvalidInput) as caught:
        designs.read("poster", folder=folder)
    told = str(caught.value)
    assert "{phone}" in told
    assert "{hours}" in told
    assert "20 mm to the edge" in told


def test_an_unknown_design_names_where_to_look() -> None:
    with pytest.raises(NotFound):
        designs.read("poster-of-nothing")


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    with pytest.raises(NotFound):
        designs.read("../printables/poster")


def test_a_folder_without_its_file_says_which(folder: Path) -> None:
    (folder / "poster" / "printable.toml").rename(folder / "poster" / "design.toml")
    with pytest.raises(Unsound, match="poster/printable.toml: This is missing"):
        designs.read("poster", folder=folder)


def test_a_broken_file_says_where(folder: Path) -> None:
    spoil(folder, ("title =", "title"))
    with pytest.raises(Unsound, match="line 2"):
        designs.read("poster", folder=folder)


def test_a_design_that_is_unsound_hides_no_other(folder: Path) -> None:
    spoil(folder, ("about =", "abuot ="))
    (folder / "flyer" / "printable.toml").unlink()
    sound, unsound = designs.sort_out(folder)
    assert [design.name for design in sound] == [name for name in designs.names() if name not in ("flyer", "poster")]
    assert (
        unsound["flyer"].sentence == "cannot be used: flyer/printable.toml: This is missing; every printable needs one."
    )
    assert {problem.field for problem in unsound["poster"].problems} == {"poster.abuot", "poster.about"}


def test_a_sample_must_fill_what_the_design_shows(folder: Path) -> None:
    spoil(folder, ('phone = "0161 912 2000"', 'phone = ""'), file="sample.toml")
    with pytest.raises(InvalidInput, match="phone"):
        designs.sample(designs.read("poster", folder=folder), folder)


def test_the_room_of_words_comes_from_fitting_them() -> None:
    design = designs.read("poster")
    sample = designs.sample(design)
    room = press.room(design, sample.notice, sample.sheet)["en"]
    assert 80 <= room["headline"] <= 130
    assert 300 <= room["body"] <= 500


@pytest.mark.parametrize("name", ["poster", "flyer", "large-print", "planning-notice", "poster-picture"])
def test_each_language_has_room_of_its_own(name: str) -> None:
    design = designs.read(name)
    sample = designs.sample(design)
    first, second = sample.notice.texts[0], Text("cy", "Angen help y gaeaf hwn?", "Bwyd, ynni: gofynnwch i ni.")
    notice = replace(sample.notice, texts=(first, second))
    room = press.room(design, notice, sample.sheet)
    assert room.keys() == {"en", "cy"} and all(room["cy"].values())
    for field, most in room["cy"].items():
        longer = replace(second, **{field: (" ".join([getattr(second, field)] * 80))[: most + 120]})
        with pytest.raises(CannotPrint):
            press.marks(design, replace(notice, texts=(first, longer)), sample.sheet)


def test_a_language_that_is_listed_has_room_for_its_headline_alone() -> None:
    design = designs.read("poster")
    sample = designs.sample(design)
    further = (Text("pl", "Potrzebujesz pomocy?", "Zapytaj nas."), Text("so", "Ma u baahan tahay?", "Na weydii."))
    notice = replace(sample.notice, texts=(sample.notice.texts[0], *further))
    room = press.room(design, notice, sample.sheet)
    assert set(room["en"]) == {"headline", "body"} and set(room["pl"]) == set(room["so"]) == {"headline"}
