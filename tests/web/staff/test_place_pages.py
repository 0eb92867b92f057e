"""Locations and services as staff see, add and change them, and the first page."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import services
from qrbridge.links import links, sightings
from qrbridge.places import locations
from qrbridge.places.locations import Location
from tests.given import SERVICE, TODAY, count
from tests.pages import Office, StaffClient, text_of

PLACE = {"reference": "P1", "name": "Park café", "address": "1 Park Road", "postcode": "M33 4ND", "kind": "park"}
BY = By("jo")


@pytest.fixture
def editor(staff: Office) -> StaffClient:
    """A browser with an editor signed in."""
    return staff.client("editor")


def test_locations_are_listed_searched_narrowed_and_sorted(staff: Office, editor: StaffClient):
    page = editor.get("/staff/locations").text
    assert "3 locations." in page and 'aria-sort="ascending"><a class="govuk-link' in page
    assert 'href="/staff/locations?sort=name-down"' in page
    found = text_of(editor.get("/staff/locations?q=library&ward=E05015239&sort=reference").text)
    assert "1 location." in found and "Altrincham Library" in found and "Seymour" not in found
    assert "Show all" in found
    assert "No location fits this" in editor.get("/staff/locations?q=nowhere").text


def test_a_list_of_many_pages_leads_from_one_to_the_next(staff: Office, editor: StaffClient):
    for number in range(60):
        locations.add(staff.store, Location(f"N{number:02}", f"Noticeboard {number:02}", "x"), BY)
    page = editor.get("/staff/locations?q=noticeboard").text
    assert "60 locations." in page and "Shown are 1 to 50." in page
    assert 'href="/staff/locations?q=noticeboard&amp;page=2"' in page
    second = editor.get("/staff/locations?q=noticeboard&page=2").text
    assert "Noticeboard 59" in second and "Noticeboard 00" not in second


def test_the_map_shows_dots_and_the_same_places_in_a_table(staff: Office, editor: StaffClient):
    page = editor.get("/staff/locations/map").text
    assert page.count("<circle") == 1 + 2, "three places at one spot, and the key"
    assert "3 locations: " in page and "Altrincham Library</a>" in page
    assert "<circle" not in editor.get("/staff/locations/map?q=nowhere").text


def test_a_location_shows_its_links_scans_and_what_people_saw(staff: Office, editor: StaffClient):
    (link,) = links.make(staff.store, "winter", ["L1"], BY)
    links.up(staff.store, [link.code], BY)
    sightings.report(staff.store, link.code, "elsewhere", BY, "on the wrong door")
    count(staff.store, link.code, "2020-01-01T09", 7)
    page = text_of(editor.get("/staff/locations/show/L1").text)
    assert "Altrincham Library" in page and "winter Up" in page and "0 7" in page
    assert "This is not where it belongs : “on the wrong door”" in page or "on the wrong door" in page
    assert "No notice has been printed for this place yet" in editor.get("/staff/locations/show/L2").text


def test_simulated_scans_are_called_so_at_a_location_and_on_a_links_page(staff: Office, editor: StaffClient):
    (link,) = links.make(staff.store, "winter", ["L1"], BY)
    pages = ("/staff/locations/show/L1", f"/staff/links/{link.code}")
    count(staff.store, link.code, "2020-01-01T09", 7)
    assert not any("simulated" in editor.get(path).text for path in pages)
    count(staff.store, link.code, "2020-01-01T09", 2, simulated=True)
    for path in pages:
        assert "2 of the 9 scans counted here are simulated" in text_of(editor.get(path).text)
    assert "0 9 2" in text_of(editor.get(pages[0]).text)


def test_a_location_is_added_and_changed_by_a_form(staff: Office, editor: StaffClient):
    answer = editor.send("/staff/locations/new", PLACE, follow_redirects=True)
    assert "Park café is kept." in answer.text
    answer = editor.send(
        "/staff/locations/change/P1", {**PLACE, "name": "Park Hub", "address": ""}, follow_redirects=True
    )
    assert "Park Hub is changed." in answer.text
    kept = locations.show(staff.store, "P1")
    assert (kept.name, kept.address, kept.setting) == ("Park Hub", "", "open")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        pytest.param({"name": ""}, "name", "Name is missing", id="missing"),
        pytest.param({"postcode": "M33"}, "postcode", "only part", id="half a postcode"),
        pytest.param({"latitude": "-2.3", "longitude": "53.4"}, "latitude", "swapped", id="swapped"),
        pytest.param({"reference": "01-Mar"}, "reference", "took it for a date", id="spoilt by Excel"),
        pytest.param({"ward": "E05000001"}, "ward", "not a ward that is loaded", id="no such ward"),
        pytest.param({"setting": "roof"}, "setting", "indoors or open", id="no such setting"),
        pytest.param({"reference": "l1"}, "", "There is a location “L1” already", id="taken"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(editor: StaffClient, changes, field: str, says: str):
    answer = editor.send("/staff/locations/new", {**PLACE, **changes})
    assert answer.status_code in (409, 422) and says in text_of(answer.text)
    assert not field or f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert 'value="1 Park Road"' in answer.text


@pytest.mark.parametrize("reference", ["A/B", "A?B", "50%", "A#B", "Café 1", "new"])
def test_any_reference_has_a_page(staff: Office, editor: StaffClient, reference: str):
    locations.add(staff.store, Location(reference, "Hub", "x"), BY)
    with staff.app.test_request_context():
        address = staff.app.url_for("locations.show", reference=reference)
    answer = editor.get(address)
    assert answer.status_code == 200 and "Hub" in answer.text


def test_a_service_is_added_and_changed_and_its_pages_are_left_to_their_own_page(staff: Office, editor: StaffClient):
    given = {name: value for name, value in SERVICE.items() if name != "pages"}
    entered = {**given, "key": "food", "name": "Food help", "pages-en": "https://www.trafford.gov.uk/food"}
    answer = editor.send("/staff/services/new", entered, follow_redirects=True)
    assert "Food help is kept." in answer.text and "https://www.trafford.gov.uk/food" in answer.text
    changed = {**given, "name": "Food and fuel", "review_day": "1/2/2028"}
    assert "is changed" in editor.send("/staff/services/change/food", changed, follow_redirects=True).text
    kept = services.show(staff.store, "food")
    assert (kept.name, kept.review_day, kept.pages) == ("Food and fuel", date(2028, 2, 1), {"en": entered["pages-en"]})
    assert "/staff/services/food/pages" in editor.get("/staff/services/show/food").text
    assert 'value="1/2/2028"' in editor.get("/staff/services/change/food").text


def test_every_problem_of_a_service_is_said(editor: StaffClient):
    entered = {"key": "A B", "phone": "none", "review_day": "soon", "pages-en": "https://evil.example/"}
    answer = editor.send("/staff/services/new", entered)
    assert answer.status_code == 422
    for field in ("key", "name", "phone", "review-day", "pages-en", "owner"):
        assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text, field
    assert 'value="https://evil.example/"' in answer.text
    listed = re.findall(r'<a href="#([a-z-]+)"', answer.text)
    assert [field for field in listed if field in ("key", "name", "phone")] == ["key", "name", "phone"]


def test_services_are_listed_with_those_to_review(staff: Office, editor: StaffClient):
    due = TODAY - timedelta(days=300)
    services.change(staff.store, replace(services.show(staff.store, "cost-of-living"), review_day=due), BY)
    page = text_of(editor.get("/staff/services?q=welfare").text)
    assert "1 service." in page and f"{times.in_words(due)} Review 1" in page
    shown = text_of(editor.get("/staff/services/show/cost-of-living").text)
    assert f"was to be reviewed by {times.in_words(due)}" in shown
    assert "No service fits this" in editor.get("/staff/services?q=nothing").text


def test_the_first_page_says_what_needs_somebody(staff: Office, editor: StaffClient):
    assert "Nothing just now" in editor.get("/staff").text
    service = replace(services.show(staff.store, "cost-of-living"), review_day=TODAY - timedelta(days=300))
    services.change(staff.store, service, BY)
    page = editor.get("/staff").text
    assert 'href="/staff/services/show/cost-of-living">Help with the cost of living was to be reviewed' in page


def test_an_empty_council_is_led_through_its_first_steps(staff: Office, editor: StaffClient):
    page = text_of(editor.get("/staff").text)
    assert "First steps" in page and "Upload a table of postcodes and wards To do" in page
    assert "First steps" not in staff.client("viewer").get("/staff").text


def test_a_viewer_sees_no_link_that_leads_to_a_refusal(staff: Office):
    viewer = staff.client("viewer")
    for path in ("/staff", "/staff/locations", "/staff/locations/show/L1", "/staff/services/show/cost-of-living"):
        page = viewer.get(path).text
        for link in ("/uploads/", "/locations/new", "/change/", "/pages"):
            assert link not in page, (path, link)


def test_the_links_of_a_list_cannot_be_turned_elsewhere(editor: StaffClient):
    page = editor.get("/staff/locations?q=x&_external=1&_scheme=ftp&_anchor=y&endpoint=z&page=2")
    assert page.status_code == 200 and "ftp:" not in page.text


def test_a_report_is_sorted_by_any_column_and_stays_narrowed(staff: Office):
    viewer = staff.client("viewer")
    made = links.make(staff.store, "winter", ["L1", "L2", "B1"], BY)
    links.up(staff.store, [link.code for link in made[:2]], BY)
    count(staff.store, made[1].code, "2026-01-01T09", 7)
    report = "/staff/reports/scans-by-location"
    names = ("Altrincham Library", "Old Trafford Library", "Seymour Grove bus stop")

    def order(query: str) -> list[str]:
        page = viewer.get(f"{report}{query}").text
        return sorted(names, key=lambda name: page.index(f">{name}<"))

    assert order("") == list(names), "by ward, and those in none last"
    assert order("?sort=scans-down")[0] == names[1]
    assert order("?sort=name-down") == list(reversed(names))
    assert order("?sort=ward-down") == [names[1], names[0], names[2]], "those in no ward are last either way"
    page = viewer.get(f"{report}?notice=winter&ward=E05015253&sort=scans").text
    assert f'{report}?notice=winter&amp;ward=E05015253&amp;sort=scans-down"' in page
    assert f"{report}.csv?notice=winter&amp;ward=E05015253" in page
    assert '<option value="E05015253" selected>Old Trafford</option>' in page and "1 location." in page


def test_a_day_is_shown_in_the_order_it_is_typed_in_whatever_the_browsers_language(staff: Office):
    admin = staff.client("admin")
    report, changes = admin.get("/staff/reports/scans-by-location").text, admin.get("/staff/audit?from=5/1/2026").text
    assert f'value="{times.as_typed(times.day_of(times.now()))}"' in report and 'value="5/1/2026"' in changes
    assert 'type="date"' not in report + changes and "Such as 5/10/2026" in report and "Such as 5/10/2026" in changes


def test_scans_that_were_not_counted_are_said_on_the_first_page(staff: Office, editor: StaffClient):
    here = staff.app.extensions["qrbridge"]
    staff.app.extensions["qrbridge"] = replace(here, counting=lambda: {"uncounted": 1_234})
    assert "1,234 scans could not be counted" in editor.get("/staff").text


@pytest.mark.parametrize("noun", ["locations", "services"])
def test_markup_in_any_field_of_a_form_is_only_ever_text(staff: Office, editor: StaffClient, noun: str):
    markup = "<script>alert(1)</script>"
    service = {**SERVICE, "key": "food", "pages-en": "https://www.trafford.gov.uk/food"}
    usual: Mapping[str, object] = PLACE if noun == "locations" else service
    for field in usual:
        entered = {**usual, field: f"{markup}{field}"}
        assert markup not in editor.send(f"/staff/{noun}/new", entered, follow_redirects=True).text
    for path in ("/staff", f"/staff/{noun}", "/staff/locations/map", "/staff/reports/scans-by-location"):
        assert markup not in editor.get(path).text
    with staff.app.test_request_context():
        shown = [
            staff.app.url_for("locations.show", reference=one.reference) for one in locations.list_all(staff.store)
        ]
        shown += [staff.app.url_for("services.show", key=row["key"]) for row in services.list_all(staff.store)]
    for path in shown:
        assert markup not in editor.get(path).text
