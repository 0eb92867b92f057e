"""The command from the outside: status 0 done, 1 refused with a sentence, 2 used wrongly, and never a traceback."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from qrbridge import codes
from qrbridge.cli.root import main
from qrbridge.council import logos
from qrbridge.settings import Settings
from qrbridge.store import open_store
from tests import spoiling
from tests.generated import commands
from tests.given import CAMPAIGN, POSTCODES, in_days

Run = Callable[..., Result]

COUNCIL = [
    *("--name", "Trafford Council", "--short-host", "qr.trafford.gov.uk", "--website", "www.trafford.gov.uk"),
    *("--phone", "0161 912 2000", "--hours", "Monday to Friday", "--colour", "#00578a"),
    *("--languages", "en,pl", "--allowed-hosts", "trafford.gov.uk"),
]
SERVICE = [
    *("--name", "Cost of living", "--phone", "0161 912 2000", "--hours", "Monday to Friday", "--place", "Sale Library"),
    *("--summary", "Help with food and rent.", "--service-level", "In two days.", "--owner", "Welfare rights"),
    *("--review-day", in_days(120), "--page", "https://www.trafford.gov.uk/cost-of-living"),
]
NOTICE = [
    *("--service", "cost", "--headline", "Struggling with the cost of living?"),
    *("--body", "Get help with food, energy bills, rent and debt.", "--starts", in_days(-57)),
]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command for an empty instance folder, on each engine, started in an empty folder."""
    monkeypatch.chdir(tmp_path)
    environment = {"QRBRIDGE_DATABASE": settings.database, "QRBRIDGE_INSTANCE": str(settings.instance)}

    def run(*words: str, status: int = 0) -> Result:
        done = CliRunner().invoke(main, words, env=environment)
        assert done.exit_code == status, done.output
        assert "Traceback" not in done.output
        return done

    return run


@pytest.fixture
def ready(run: Run) -> Run:
    """The command for a council with a service, a notice and 120 locations."""
    run("init", *COUNCIL)
    run("ward", "load", str(POSTCODES))
    run("location", "import", str(CAMPAIGN))
    run("service", "add", "cost", *SERVICE)
    run("notice", "add", "winter", *NOTICE)
    return run


def test_the_main_job_command_by_command(ready: Run, tmp_path: Path):
    again = ready("location", "import", str(CAMPAIGN), "--dry-run")
    assert "120 the same" in again.output and "nothing was changed" in again.output
    printed = ready("notice", "print", "winter", "--kind", "library", "--into", "libraries.pdf")
    assert "13 sheets in libraries.pdf" in printed.output and "13 new links" in printed.output
    assert (tmp_path / "libraries.pdf").stat().st_size > 10_000
    assert "13 links now up" in ready("link", "up", "--notice", "winter").output
    answer = json.loads(ready("report", "scans-by-location", "--format", "json").output)
    assert len(answer["rows"]) == 13 and answer["totals"]["days_up"] == 13
    sheet = list(csv.DictReader(io.StringIO(ready("report", "scans-by-location", "--format", "csv").output)))
    assert {row["Kind"] for row in sheet} == {"library"}
    assert "Hale Library" in ready("report", "scans-by-location", "--ward", "hale").output


def test_what_changed_is_said_and_printed_again(ready: Run, tmp_path: Path):
    ready("notice", "print", "winter", "--kind", "library", "--into", "libraries.pdf")
    ready("link", "up", "--notice", "winter")
    assert "Nothing to print" in ready("notice", "print", "winter", "--changed").output
    ready("notice", "set", "winter", "--headline", "Need help?")
    shown = ready("notice", "show", "winter").output
    assert "13 sheets on the wall are out of date" in shown and "--changed" in shown
    assert ready("notice", "list").output.splitlines()[2].split()[-1] == "13"
    again = ready("notice", "print", "winter", "--changed", "--into", "again.pdf").output
    assert "13 sheets in again.pdf" in again and "On record as print run 2" in again
    assert "out of date" not in ready("notice", "show", "winter").output


def test_a_print_run_is_listed_shown_and_printed_again(ready: Run, tmp_path: Path):
    assert "Nothing has been printed" in ready("print-run", "list").output
    ready("notice", "print", "winter", "--kind", "library", "--into", "libraries.pdf", "--hanging-sheet")
    assert (tmp_path / "libraries.hanging.pdf").exists()
    ready("notice", "set", "winter", "--headline", "Need help?")
    assert "poster" in ready("print-run", "list", "--notice", "winter").output
    shown = ready("print-run", "show", "1").output
    assert "Struggling with the cost of living?" in shown and "13 codes, every one read" in shown
    assert "the same bytes as then" in ready("print-run", "reprint", "1", "--into", "again.pdf").output
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "libraries.pdf").read_bytes()
    assert "no print run “9”. `qrbridge print-run list`" in ready("print-run", "show", "9", status=1).output
    ready("link", "withdraw", "--notice", "winter", "--reason", "torn")
    refused = ready("print-run", "reprint", "1", "--into", "never.pdf", status=1).output
    assert "All its sheets are withdrawn" in refused and "--confirm" in refused
    assert "Note: All its" in ready("print-run", "reprint", "1", "--into", "known.pdf", "--confirm").output


def test_a_notice_is_proved_before_it_is_printed(ready: Run):
    proved = ready("notice", "proof", "winter", "--size", "A3").output
    assert "reads from" in proved and "held in a hand; a phone has 3" in proved
    ready("notice", "set", "winter", "--reading-distance", "2.5")
    assert "to be read from 2.5 m" in ready("notice", "proof", "winter", status=1).output
    assert "2.5 m" in ready("notice", "show", "winter").output
    assert "reads from" in ready("notice", "proof", "winter", "--size", "A1").output
    assert "“far” must be in metres" in ready("notice", "set", "winter", "--reading-distance", "far", status=1).output


def test_paper_is_advised_on(ready: Run, tmp_path: Path):
    assert "A3 (1.4 m)" in ready("printable", "list").output
    assert "Reads from" in ready("printable", "show", "poster").output
    assert "cannot stop safely" in ready("printable", "advise", "escalator").output
    assert "serves on A1" in ready("printable", "advise", "--distance", "2.5").output
    assert "Kinds known" in ready("printable", "advise", status=2).output
    ready("printable", "calibrate", "L7160", "--into", "try.pdf")
    assert (tmp_path / "try.pdf").stat().st_size > 1_000
    assert "there are L7159" in ready("printable", "calibrate", "A4", status=1).output
    printed = ready("notice", "print", "winter", "--kind", "bus stop").output
    assert "25 of these locations are bus stops" in printed and "A3 is advised" in printed


def test_a_photograph_is_kept_and_taken_away(ready: Run, tmp_path: Path):
    picture = tmp_path / "hall.png"
    Image.new("RGB", (1_600, 1_200), "navy").save(picture)
    words = ("--picture", str(picture), "--picture-alt", "The town hall", "--size", "A4")
    ready("notice", "add", "photo", *NOTICE, "--printable", "poster-picture", *words)
    assert "poster-picture A4" in ready("notice", "show", "photo").output
    assert "every code proved" in ready("notice", "print", "photo", "--kind", "library").output
    assert "shows a photograph" in ready("notice", "set", "photo", "--picture", "", status=1).output
    assert "not a photograph" in ready("notice", "set", "photo", "--picture", "photo.pdf", status=1).output


def test_a_notice_is_approved_by_another_and_its_link_moved(ready: Run):
    ready("council", "set", "--another-approves", "yes")
    refused = ready("notice", "print", "winter", "--location", "COL26-0001", status=1)
    assert "not approved as it is now" in refused.output
    ready("notice", "submit", "winter")
    assert "someone else to approve" in ready("notice", "approve", "winter", status=1).output
    assert "is sent back" in ready("--as", "sam", "notice", "reject", "winter", "--reason", "Old number").output
    ready("notice", "submit", "winter")
    assert "is approved" in ready("--as", "sam", "notice", "approve", "winter").output
    ready("notice", "print", "winter", "--location", "COL26-0001")
    code = ready("link", "list").output.splitlines()[2].split()[0]
    assert "Noted" in ready("link", "check", code, "up", "--note", "By the door").output
    assert "1 link moved" in ready("link", "move", code, "--to", "COL26-0002").output
    assert "COL26-0001" in ready("link", "show", code).output
    assert "There is no location" in ready("link", "move", code, "--to", "nowhere", status=1).output


def test_a_services_pages_are_put_back_and_its_owner_leaves(ready: Run):
    assert "No sheet leads there yet" in ready("service", "sheets", "cost").output
    ready("notice", "print", "winter", "--location", "COL26-0001")
    assert ready("service", "sheets", "cost").output.splitlines()[2].split() == ["winter", "1", "0"]
    assert "never changed" in ready("service", "undo", "cost", status=1).output
    ready("service", "set", "cost", "--page", "https://www.trafford.gov.uk/new")
    assert "https://www.trafford.gov.uk/cost-of-living" in ready("service", "undo", "cost").output
    moved = ready("service", "hand-over", "Welfare rights", "Benefits team")
    assert "1 service, 0 drafts and 0 uploads went to Benefits team" in moved.output
    assert "Benefits team" in ready("service", "show", "cost").output


def test_a_link_is_shown_put_down_and_withdrawn(ready: Run):
    ready("notice", "print", "winter", "--location", "COL26-0001")
    listed = ready("link", "list").output
    code = listed.splitlines()[2].split()[0]
    assert codes.tidy(code)
    ready("link", "up", code)
    shown = ready("link", "show", code.lower()).output
    assert "days up     1" in shown and "Altrincham Library" in shown
    ready("link", "down", code)
    assert "down" in ready("link", "show", code.lower()).output
    assert "was made" in ready("link", "up", code, "--day", "2020-01-01", status=1).output
    assert "1 link now withdrawn" in ready("link", "withdraw", code, "--reason", "Torn").output
    refused = ready("link", "up", code, status=1)
    assert "withdrawn for good" in refused.output
    over = ("link", "withdraw", "--notice", "winter", "--reason", "Over")
    assert "no link that this would change" in ready(*over, status=1).output
    ready("notice", "print", "winter", "--location", "COL26-0002")
    assert "1 link now withdrawn" in ready(*over).output


def test_what_is_kept_is_listed_and_shown(ready: Run):
    assert "Welfare rights" in ready("service", "list").output
    assert "https://www.trafford.gov.uk/cost-of-living" in ready("service", "show", "cost").output
    assert "winter" in ready("notice", "list").output
    assert "Struggling" in ready("notice", "show", "winter").output
    assert "Altrincham Library" in ready("location", "list", "--ward", "Altrincham").output
    assert "E05015239" in ready("location", "show", "col26-0001").output
    assert "Old Trafford" in ready("ward", "list").output
    ready("service", "set", "cost", "--page", "pl=https://www.trafford.gov.uk/pl")
    assert "https://www.trafford.gov.uk/pl" in ready("service", "show", "cost").output
    ready("council", "set", "--phone", "0161 912 3000")
    assert "0161 912 3000" in ready("council", "show").output


def test_an_unsound_design_is_named_and_the_others_are_listed(
    ready: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = spoiling.copied(tmp_path, monkeypatch)
    spoiling.spoil(folder, "poster")
    listed = ready("printable", "list").output
    assert "Window sticker" in listed and "poster cannot be used: poster.abuot: There is no such setting" in listed
    refused = ready("notice", "print", "winter", status=1).output
    assert "poster.about: This is missing." in refused
    assert "winter" in ready("notice", "list").output and "Struggling" in ready("notice", "show", "winter").output


def test_designs_are_checked_and_drawn_without_an_installation(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = spoiling.copied(tmp_path, monkeypatch)
    assert "flyer is sound." in run("printable", "check").output
    drawn = run("printable", "draw", "flyer", "--size", "A5", "--language", "cy", "--language", "en").output
    assert "flyer.pdf: Flyer, A5; reads from about" in drawn and (tmp_path / "flyer.pdf").stat().st_size > 10_000
    assert "no words to show in “xx”" in run("printable", "draw", "flyer", "--language", "xx", status=1).output
    spoiling.spoil(folder, "flyer")
    (folder / "poster" / "sample.toml").unlink()
    checked = run("printable", "check", status=1).output
    assert "flyer.about: This is missing." in checked and "flyer.abuot: There is no such setting" in checked
    assert "poster/sample.toml: This is missing" in checked and "labels is sound." in checked
    assert run("printable", "check", "labels").output == "labels is sound.\n"


def test_a_location_is_added_and_changed(ready: Run):
    where = ("--postcode", "wa14 1ah", "--address", "2 Pott Street", "--kind", "Library")
    assert "“HUB-1”, The Hub" in ready("location", "add", "HUB-1", "--name", "The  Hub", *where).output
    shown = ready("location", "show", "HUB-1").output
    assert "WA14 1AH" in shown and "E05015239" in shown and "indoors" in shown
    assert "already" in ready("location", "add", "hub-1", "--name", "Another", *where, status=1).output
    assert "missing" in ready("location", "add", "HUB-2", status=1).output
    assert "Changed: postcode." in ready("location", "set", "hub-1", "--postcode", "M16 0AX").output
    assert "E05015239" not in ready("location", "show", "HUB-1").output
    ready("location", "set", "HUB-1", "--ward", "old trafford", "--setting", "open", "--address", "")
    shown = ready("location", "show", "HUB-1").output
    assert "E05015253" in shown and "open" in shown and "Pott Street" not in shown
    assert "not a ward" in ready("location", "set", "HUB-1", "--ward", "Nowhere", status=1).output
    assert "at least one thing" in ready("location", "set", "HUB-1", status=2).output
    assert "no location “X”" in ready("location", "set", "X", "--name", "Y", status=1).output


def test_a_logo_is_put_above_the_pages_and_taken_away(ready: Run, settings: Settings):
    Image.new("RGB", (300, 90), "red").save("logo.png")
    assert "changed" in ready("council", "logo", "logo.png").output
    Path("logo.txt").write_text("no picture")
    assert "no picture we can open" in ready("council", "logo", "logo.txt", status=1).output
    with closing(open_store(settings)) as store:
        assert logos.show(store).content[:4] == b"\x89PNG"
        ready("council", "logo", "--remove")
        assert logos.digest(store) == ""
    ready("council", "logo", status=2)
    ready("council", "logo", "logo.png", "--remove", status=2)


def test_a_services_pages_are_tested(ready: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(None, None, None, None, ("127.0.0.1", 443))])
    tested = ready("service", "test", "cost").output
    assert "en: https://www.trafford.gov.uk/cost-of-living" in tested and "It does not answer" in tested


@pytest.mark.parametrize(
    "words, said",
    [
        pytest.param(["council", "show"], "qrbridge init", id="before init"),
        pytest.param(["report", "scans-by-location"], "qrbridge init", id="report before init"),
        pytest.param(["serve"], "qrbridge init", id="serve before init"),
    ],
)
def test_before_it_is_set_up_that_is_said(run: Run, words: list[str], said: str):
    assert said in run(*words, status=1).output


@pytest.mark.parametrize(
    "words, said",
    [
        pytest.param(["service", "show", "parks"], "no service “parks”", id="unknown service"),
        pytest.param(["service", "add", "cost", *SERVICE], "already", id="taken key"),
        pytest.param(["service", "add", "x", *SERVICE, "--page", "pl=https://evil.example"], "evil.example", id="host"),
        pytest.param(["service", "add", "x"], "missing", id="empty"),
        pytest.param(["link", "up", "222222"], "222222", id="unknown code"),
        pytest.param(["link", "up", "--notice", "winter"], "no link", id="nothing printed"),
        pytest.param(["notice", "print", "summer"], "no notice “summer”", id="unknown notice"),
        pytest.param(["notice", "print", "winter", "--ward", "Nowhere"], "there are none", id="no location"),
        pytest.param(["notice", "print", "winter", "--into", "nowhere/x.pdf"], "no folder", id="no folder"),
        pytest.param(["report", "scans-by-location", "--from", "soon"], "is not a day", id="no day"),
        pytest.param(["init", *COUNCIL], "council set", id="set up already"),
    ],
)
def test_a_refusal_is_a_sentence_and_status_1(ready: Run, words: list[str], said: str):
    assert said in ready(*words, status=1).output


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["link", "up"], id="no code"),
        pytest.param(["council", "set"], id="nothing to change"),
        pytest.param(["location", "import", "none.csv"], id="no such file"),
        pytest.param(["link", "up", "222222", "--day", "soon"], id="no day"),
        pytest.param(["fly"], id="no such command"),
    ],
)
def test_wrong_use_is_status_2(ready: Run, words: list[str]):
    assert "Usage" in ready(*words, status=2).output


def test_a_sheet_with_faults_is_told_row_by_row(ready: Run, tmp_path: Path):
    (tmp_path / "faults.csv").write_text(
        "Reference,Name of venue,Address, Post Code \n"
        "A1,Sale Library,Sale Waterside,m337zf\n"
        "A2,Park,Park Road,M33 7D\n"
        "01-Mar,Hall,High Street,M33 7ZF\n"
        "A1 ,Sale Library,Sale Waterside,M33 7ZF\n",
        "utf-8",
    )
    said = ready("location", "import", "faults.csv", "--dry-run", "--rows").output
    assert "M33 7ZF" in said and "m337zf" in said
    for lines in (
        "line 2: repaired, new  A1, Sale Library\n    postcode “m337zf” kept as “M33 7ZF”\n",
        "line 3: refused\n    postcode “M33 7D”: ",
        "line 4: refused\n    reference “01-Mar”: Excel took it for a date",
        "line 5: refused\n    reference “A1”: the row on line 2 has this reference too",
    ):
        assert lines in said
    done = ready("location", "import", "faults.csv", "--refused", "to-mend.csv").output
    assert "Imported: 1 new, 3 refused." in done and "Rows to put right, with what to do: to-mend.csv" in done
    heading, *rows = csv.reader(io.StringIO(Path("to-mend.csv").read_text("utf-8-sig")))
    assert heading[0] == "What to do" and heading[1:] == ["Reference", "Name of venue", "Address", "Post Code"]
    assert [row[0].partition(":")[0] for row in rows] == ["Line 3", "Line 4", "Line 5"]
    again = ready("location", "import", "to-mend.csv", "--refused", "again.xlsx").output
    assert "Imported: 1 the same, 2 refused." in again and Path("again.xlsx").read_bytes()[:2] == b"PK"
    assert "another one" in ready("location", "import", "to-mend.csv", "--refused", "to-mend.csv", status=1).output
    assert "cannot be written" in ready("location", "import", "to-mend.csv", "--refused", "no/x.csv", status=1).output


def test_every_row_of_a_long_list_is_said(ready: Run, tmp_path: Path):
    outcomes = {0: "accepted", 1: "repaired", 2: "asked", 3: "refused"}
    kinds = (
        "{n},Hub,High Street,M33 7ZF",
        "{n},Hub ,High Street,m337zf",
        "{n},CafÃ©,High Street,M33 7ZF",
        "{n},,x,M33",
    )
    rows = [kinds[n % 4].format(n=f"L{n}") for n in range(1_500)]
    Path("long.csv").write_text("\n".join(("reference,name,address,postcode", *rows)), "utf-8")
    for more in ([], ["--rows"]):
        plan = json.loads(ready("location", "import", "long.csv", "--dry-run", "--format", "json", *more).stdout)
        assert [row["outcome"] for row in plan["rows"]] == [outcomes[n % 4] for n in range(1_500)]
    last = plan["rows"][-1]
    assert last["line"] == 1_501 and [bad["column"] for bad in last["refusals"]] == ["name", "postcode"]
    assert last["refusals"][0]["remedy"] and plan["rows"][1]["repairs"][1]["new"] == "M33 7ZF"
    said = ready("location", "import", "long.csv", "--dry-run", "--rows").output
    assert said.count("\nline ") == 1_500 and said.count("postcode “M33”: ") == said.count(": refused\n") == 375
    assert "line 1500: to be asked about, kept as it is, new  L1498, CafÃ©\n    name “CafÃ©”: looks as if" in said
    Path("unclear.csv").write_text("a,b\nx,y\n", "utf-8")
    asked = ready("location", "import", "unclear.csv", "--dry-run", "--format", "json", status=1)
    assert json.loads(asked.stdout)["questions"] and json.loads(asked.stdout)["rows"] == []


@pytest.mark.parametrize(
    "contents, said",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "a PNG picture", id="picture"),
        pytest.param(b"<!doctype html><title>Sign in", "a web page", id="sign-in page"),
        pytest.param(b"", "is empty", id="empty"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(ready: Run, tmp_path: Path, contents: bytes, said: str):
    (tmp_path / "upload.csv").write_bytes(contents)
    assert said in ready("location", "import", "upload.csv", status=1).output


def test_what_was_uploaded_cannot_drive_the_terminal(ready: Run, tmp_path: Path):
    (tmp_path / "upload.csv").write_text("Reference,Name,Postcode\nA1,Hall,\x1b]0;owned\x07 \x9b2J\n", "utf-8")
    for form in ("text", "json"):
        said = ready("location", "import", "upload.csv", "--dry-run", "--format", form).output
        assert not {"\x1b", "\x07", "\x9b"} & set(said)
    assert json.loads(said.split("Dry run")[0])["counts"]["refused"] == 1


def test_a_word_that_is_no_text_is_wrong_use(ready: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["qrbridge", "location", "show", "\udcff"])
    assert "not in UTF-8" in ready("location", "show", "x", status=2).output


def test_a_setting_that_cannot_be_read_is_said(ready: Run, settings: Settings):
    (settings.instance / "settings.toml").unlink()
    (settings.instance / "settings.toml").mkdir()
    assert "settings.toml" in ready("council", "show", status=1).output


def test_doctor_says_what_is_well_and_what_is_not(ready: Run, settings: Settings):
    assert ready("doctor").output.count("ok ") >= 3
    (settings.keys / "reports").chmod(0o644)
    assert "chmod 600" in ready("doctor", status=1).output


ALL = list(commands(main, ("qrbridge",)))


@pytest.mark.parametrize("path, command", [pytest.param(path, command, id=" ".join(path)) for path, command in ALL])
def test_every_command_has_help_and_an_example(path: tuple[str, ...], command: click.Command):
    shown = CliRunner().invoke(main, [*path[1:], "--help"])
    assert shown.exit_code == 0
    assert command.help or command.callback is None
    if not isinstance(command, click.Group):
        assert "Example" in shown.output
        assert f"qrbridge {' '.join(path[1:])}" in shown.output


def link_in(done: Result) -> str:
    (found,) = [line.strip() for line in done.output.splitlines() if "/staff/start/" in line]
    return found


def test_the_first_admin_comes_with_set_up(run: Run):
    done = run("init", *COUNCIL, "--admin", "jo.smith@trafford.gov.uk")
    assert link_in(done).startswith("http://127.0.0.1:8000/staff/start/")
    shown = run("person", "show", "jo.smith@trafford.gov.uk").output
    assert "Jo Smith" in shown and "admin" in shown and "none yet" in shown
    assert "set up here already" in run("init", "--admin", "eve@trafford.gov.uk", status=1).output
    assert "eve@" not in run("person", "list").output


def test_an_installation_of_before_gets_its_first_admin(run: Run):
    run("init", *COUNCIL)
    assert "Nobody may sign in yet" in run("person", "list").output
    assert link_in(run("init", "--admin", "jo@trafford.gov.uk"))


def test_people_by_command(ready: Run):
    assert link_in(ready("person", "add", "sam@trafford.gov.uk", "--name", "Sam", "--role", "admin"))
    first = link_in(ready("person", "add", "jo@trafford.gov.uk", "--name", "Jo"))
    assert link_in(ready("person", "link", "jo@trafford.gov.uk")) != first
    ready("person", "set", "jo@trafford.gov.uk", "--role", "viewer", "--inactive")
    assert re.search(r"jo@trafford.gov.uk +Jo +viewer +no", ready("person", "list").output)
    assert "only admin" in ready("person", "set", "sam@trafford.gov.uk", "--inactive", status=1).output
    assert "among the people already" in ready("person", "add", "JO@trafford.gov.uk", "--name", "x", status=1).output
    assert "is not an e-mail address" in ready("person", "add", "jo", "--name", "x", status=1).output
    assert "no person" in ready("person", "show", "eve@trafford.gov.uk", status=1).output
    assert "signed out (0)" in ready("person", "sign-out", "jo@trafford.gov.uk").output
    ready("person", "set", "jo@trafford.gov.uk", status=2)


def test_doctor_looks_after_secrets_the_look_and_e_mail(run: Run, settings: Settings):
    run("init", *COUNCIL)
    assert "look of the staff pages is made" in run("doctor").output and "e-mail: none is sent" in run("doctor").output
    file = settings.instance / "settings.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text('smtp_host = "127.0.0.1"\nsmtp_password = "secret"\n')
    file.chmod(0o644)
    said = run("doctor", status=1).output
    assert "settings.toml can be read by others; chmod 600" in said
    assert "smtp_host and email_from must both be set" in said
    file.write_text('smtp_host = "127.0.0.1"\nemail_from = "notices@trafford.gov.uk"\n')
    assert "e-mail through 127.0.0.1: 0 waiting" in run("doctor").output
