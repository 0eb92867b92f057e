from dataclasses import replace
from datetime import timedelta

import pytest

from qrbridge import audit, times
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.errors import CannotPrint, Conflict, InvalidInput, NotFound
from qrbridge.links import links
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.store import Store
from tests.given import COUNCIL, NOTICE, SERVICE, TODAY, WORDS, in_days, set_up

HERE = Council.read(COUNCIL)
END = TODAY + timedelta(days=30)


def test_a_notice_is_kept_with_its_words(store: Store, by: By):
    set_up(store, by)
    kept = notices.show(store, "winter")
    assert kept == Notice.read(NOTICE, HERE)
    assert (kept.starts, kept.ends) == (TODAY - timedelta(days=57), None)
    assert [(row["key"], row["links"], row["up"]) for row in notices.list_all(store)] == [("winter", 0, 0)]
    assert [row["verb"] for row in audit.list_for(store, "notice", "winter")] == ["add"]


def test_words_may_be_in_many_languages():
    words = {**WORDS, "ur": {"headline": "مہنگائی", "body": "مدد لیں"}}
    assert Notice.read({**NOTICE, "words": words}, HERE).words["ur"]["headline"] == "مہنگائی"


def test_a_key_is_given_once(store: Store, by: By):
    set_up(store, by)
    with pytest.raises(Conflict, match="give this one another name"):
        notices.add(store, Notice.read(NOTICE, HERE), by)


def test_words_that_do_not_fit_are_refused_when_entered(store: Store, by: By):
    set_up(store, by)
    words = {"en": {"headline": "Help with the cost of living for everyone who needs it " * 6, "body": "Ask us."}}
    with pytest.raises(CannotPrint, match="headline"):
        notices.add(store, Notice.read({**NOTICE, "key": "long", "words": words}, HERE), by)
    assert [row["key"] for row in notices.list_all(store)] == ["winter"]


def test_a_notice_is_changed_block_by_block(store: Store, by: By):
    set_up(store, by)
    before = notices.show(store, "winter")
    changes = {"words": {"en": {"headline": "Need help?"}}, "ends": times.as_typed(END)}
    notices.change(store, notices.merged(before, changes, HERE), by)
    after = notices.show(store, "winter")
    assert after.words["en"] == {"headline": "Need help?", "body": before.words["en"]["body"]}
    assert after.ends == END
    notices.change(store, after, by)
    assert [row["verb"] for row in audit.list_for(store, "notice", "winter")] == ["change", "add"]


def test_a_service_must_be_there(store: Store, by: By):
    set_up(store, by)
    stray = Notice.read({**NOTICE, "key": "stray", "service": "parks"}, council.show(store))
    with pytest.raises(NotFound, match="parks"):
        notices.add(store, stray, by)


@pytest.mark.parametrize(
    "changes, field",
    [
        pytest.param({"printable": "banner"}, "printable", id="no such design"),
        pytest.param({"starts": ""}, "starts", id="no first day"),
        pytest.param({"starts": "2026-10-05", "ends": "2026-10-04"}, "ends", id="ends before it starts"),
        pytest.param({"words": {"en": {"headline": "", "body": "x"}}}, "headline (en)", id="no headline"),
        pytest.param(
            {"words": {"pl": {"headline": "x", "body": "x"}, "en": {"headline": "x"}}}, "body (en)", id="no body"
        ),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, object], field: str):
    with pytest.raises(InvalidInput) as caught:
        Notice.read({**NOTICE, **changes}, HERE)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_body_keeps_its_paragraphs_and_no_needless_space():
    words = {"en": {"headline": " Help\nfor all ", "body": " First  paragraph.\r\n\r\n Second\tone. \n"}}
    notice = Notice.read({**NOTICE, "words": words}, Council.read(COUNCIL))
    assert notice.words["en"] == {"headline": "Help for all", "body": "First paragraph.\nSecond one."}


def test_a_sheet_says_the_councils_languages_in_its_order_then_any_others(store: Store, by: By):
    set_up(store, by)
    texts = {tag: {"headline": f"Headline {tag}", "body": "Body"} for tag in ("ur", "en", "cy", "bn")}
    welsh = replace(HERE, languages=("cy", "en"))
    said = notices.said(welsh, services.show(store, "cost-of-living"), Notice.read({**NOTICE, "words": texts}, welsh))
    assert [text.language for text in said.texts] == ["cy", "en", "bn", "ur"]
    assert said.language == said.own_language == "cy" and said.headline == "Headline cy"


def test_a_notice_has_its_printables_size_and_a_photograph_that_is_kept(store: Store, by: By):
    set_up(store, by)
    before = notices.show(store, "winter")
    notices.change(store, notices.merged(before, {"size": "A3", "reading_distance_mm": "1200"}, HERE), by)
    after = notices.show(store, "winter")
    assert (after.size, after.reading_distance_mm) == ("A3", 1_200)
    with pytest.raises(InvalidInput, match="not made in L7160; choose A4"):
        notices.change(store, notices.merged(before, {"size": "L7160"}, HERE), by)
    with pytest.raises(NotFound, match="Give the file again"):
        notices.change(store, notices.merged(before, {"picture": "0" * 64}, HERE), by)
    with pytest.raises(InvalidInput, match="reading_distance_mm"):
        notices.merged(before, {"reading_distance_mm": "99999"}, HERE)
    assert notices.show(store, "winter") == after


@pytest.mark.parametrize("typed, millimetres", [("1.5", 1_500), ("2 m", 2_000), ("", 0), ("10", 10_000)])
def test_a_reading_distance_is_entered_in_metres(typed: str, millimetres: int):
    given = {**NOTICE, "reading_distance_mm": 700, "reading_distance": typed}
    assert Notice.read(given, HERE).reading_distance_mm == millimetres


@pytest.mark.parametrize("typed", ["far", "1,5", "-1", "11", "nan", "inf", "1e400"])
def test_a_reading_distance_that_is_none_is_refused(typed: str):
    with pytest.raises(InvalidInput, match="must be in metres, such as 1.5"):
        Notice.read({**NOTICE, "reading_distance": typed}, HERE)


@pytest.fixture
def several(store: Store, by: By) -> Store:
    """Two services with three notices, of which one ends and one has links."""
    set_up(store, by)
    bins = {**SERVICE, "key": "bins", "name": "Bins and recycling"}
    services.add(store, services.Service.read(bins, council.show(store)), by)
    for key, changes in {"autumn": {"ends": in_days(25)}, "new-bins": {"service": "bins"}}.items():
        notices.add(store, Notice.read({**NOTICE, "key": key, **changes}, HERE), by)
    codes = [link.code for link in links.make(store, "winter", ["L1", "L2"], by)]
    links.up(store, codes[:1], by)
    return store


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({}, ["autumn", "new-bins", "winter"]),
        ({"sort": "key-down"}, ["winter", "new-bins", "autumn"]),
        ({"sort": "service"}, ["new-bins", "autumn", "winter"]),
        ({"sort": "ends"}, ["autumn", "new-bins", "winter"]),
        ({"sort": "ends-down"}, ["new-bins", "winter", "autumn"]),
        ({"sort": "links-down"}, ["winter", "autumn", "new-bins"]),
        ({"sort": "up"}, ["autumn", "new-bins", "winter"]),
        ({"service": "bins"}, ["new-bins"]),
        ({"q": "RECYCLING"}, ["new-bins"]),
        ({"q": "new bins"}, ["new-bins"]),
        ({"q": "nothing"}, []),
    ],
)
def test_notices_are_sorted_searched_and_narrowed(several: Store, given: dict[str, str], keys: list[str]):
    found = notices.find(several, notices.LISTING.read(given))
    assert [row["key"] for row in found.rows] == keys and found.count == len(keys)


@pytest.mark.parametrize("search", ["élan", "ÉLAN CAFÉ", "lan caf"])
def test_a_service_is_found_by_its_name_in_any_capitals(several: Store, by: By, search: str):
    bins = replace(services.show(several, "bins"), name="Élan Café")
    services.change(several, bins, by)
    found = notices.find(several, notices.LISTING.read({"q": search}))
    assert [row["key"] for row in found.rows] == ["new-bins"] and found.count == 1


def test_notices_are_sorted_by_how_many_sheets_are_out_of_date(several: Store):
    listing, counted = replace(notices.LISTING, per_page=2), {"autumn": 2, "winter": 10}
    pages = {
        (sort, page): [
            row["key"] for row in notices.find(several, listing.read({"sort": sort, "page": page}), counted).rows
        ]
        for sort in ("figure", "figure-down")
        for page in ("1", "2")
    }
    assert pages["figure", "1"] + pages["figure", "2"] == ["new-bins", "autumn", "winter"]
    assert pages["figure-down", "1"] + pages["figure-down", "2"] == ["winter", "autumn", "new-bins"]
    found = notices.find(several, listing.read({"sort": "figure-down", "q": "new"}), counted)
    assert [(row["key"], row["figure"]) for row in found.rows] == [("new-bins", 0)] and found.count == 1


def test_notices_come_a_page_at_a_time(several: Store):
    listing = replace(notices.LISTING, per_page=2)
    found = notices.find(several, listing.read({"page": "2"}))
    assert [(row["key"], row["links"], row["up"]) for row in found.rows] == [("winter", 2, 1)]
    assert (found.count, found.pages) == (3, 2)
