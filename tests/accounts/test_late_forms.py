"""A form that was sent after its session had ended loses nothing, and shows it to nobody else."""

import io
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from qrbridge import times
from qrbridge.accounts import late_forms, people, second_factor, sessions
from qrbridge.audit import By
from qrbridge.links import links, sightings
from qrbridge.notices import approvals, drafts
from qrbridge.places import locations
from qrbridge.store import Store
from qrbridge.uploads import uploads
from qrbridge.web import access
from tests import walk
from tests.counting.test_scans import ask
from tests.given import set_up
from tests.pages import Office, StaffClient, text_of

BOTH_ENGINES = True

PASSWORD = "three long words"
PLACE = {"reference": "S1", "name": "Sale Library", "address": "Tatton Road", "postcode": "M33 1YH", "kind": "library"}
NEW = "/staff/locations/new"
NOT_SAVED = "nothing has been saved yet"


@pytest.fixture
def editor(staff: Office) -> str:
    """The e-mail address of an editor whose password is known."""
    return with_password(staff, "editor")


def with_password(staff: Office, role: str) -> str:
    email = staff.person(role).email
    people.set_password(staff.store, email, PASSWORD, By(email))
    return email


@pytest.fixture
def client(staff: Office, editor: str) -> StaffClient:
    """An editor's browser, whose session has just ended."""
    opened = staff.client("editor")
    end(staff, opened)
    return opened


def end(staff: Office, client: StaffClient, ago: timedelta = timedelta(hours=2)) -> None:
    """End a browser's session as time does."""
    cookie = client.get_cookie(access.COOKIE)
    assert cookie
    staff.store.run("sessions.seen", hash=sessions.hashed(cookie.value), now=times.stamp(times.now() - ago))


def sign_in(client: StaffClient, email: str, late: TestResponse) -> TestResponse:
    """Sign in on the page that a late form was led to, as its own form would."""
    wanted = client.get(late.headers["Location"]).request.args["next"]
    return client.send("/staff/sign-in", {"email": email, "password": PASSWORD, "next": wanted})


def shown(client: StaffClient, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return unescape(client.get(answer.headers["Location"]).text)


def test_what_was_entered_is_shown_again_and_saved_only_when_its_button_is_pressed(
    staff: Office, client: StaffClient, editor: str
):
    late = client.send(NEW, PLACE)
    assert late.status_code == 303 and late.headers["Location"].startswith("/staff/sign-in?next=")
    assert "form is shown again as you filled it in" in client.get(late.headers["Location"]).text
    wrong = client.send("/staff/sign-in", {"email": editor, "password": "no", "next": f"{NEW}?late=1"})
    assert "form is shown again as you filled it in" in wrong.text
    back = sign_in(client, editor, late)
    assert back.headers["Location"] == f"{NEW}?late=1"
    page = shown(client, back)
    assert NOT_SAVED in page and all(f'value="{value}"' in page for value in PLACE.values())
    assert all(place.reference != "S1" for place in locations.list_all(staff.store))
    assert NOT_SAVED not in client.get(NEW).text, "the page by itself is empty"
    assert client.send(f"{NEW}?late=1", PLACE).status_code == 303
    assert locations.show(staff.store, "S1").name == "Sale Library"
    assert late_forms.pages(staff.store, editor) == []


def test_the_first_page_tells_of_it_and_a_refused_form_is_not_let_go(staff: Office, client: StaffClient, editor: str):
    sign_in(client, editor, client.send(NEW, PLACE))
    assert "nothing of it is saved yet" in client.get("/staff").text and f"{NEW}?late=1" in client.get("/staff").text
    assert client.send(NEW, {**PLACE, "name": ""}).status_code == 422
    assert late_forms.pages(staff.store, editor) == [NEW]


def test_nobody_else_who_signs_in_there_sees_it(staff: Office, client: StaffClient, editor: str):
    other = with_password(staff, "admin")
    late = client.send(NEW, PLACE)
    assert "Sale Library" not in client.get(late.headers["Location"]).text
    page = shown(client, sign_in(client, other, late))
    assert "Sale Library" not in page and NOT_SAVED not in page
    assert "nothing of it is saved yet" not in client.get("/staff").text
    assert late_forms.pages(staff.store, editor) == [NEW], "it waits for whoever sent it"


def test_with_a_second_factor(staff: Office, client: StaffClient, editor: str):
    secret = second_factor.new_secret()
    totp = pyotp.TOTP(secret)
    second_factor.turn_on(staff.store, editor, secret, totp.at(times.now()), By(editor))
    asked = sign_in(client, editor, client.send(NEW, PLACE))
    page = client.get(asked.headers["Location"])
    assert "form is shown again" in page.text and "Sale Library" not in page.text
    code = totp.at(times.now() + timedelta(seconds=30))
    back = client.send("/staff/sign-in/code", {"code": code, "next": page.request.args["next"]})
    assert 'value="Sale Library"' in shown(client, back)


def test_signed_in_again_in_another_window_the_old_form_is_shown_at_once(
    staff: Office, client: StaffClient, editor: str
):
    before = client.csrf()
    client.send("/staff/sign-in", {"email": editor, "password": PASSWORD})
    late = client.post(NEW, data={**PLACE, access.CSRF_FIELD: before})
    assert late.headers["Location"] == f"{NEW}?late=1"
    assert 'value="Sale Library"' in shown(client, late)


def test_a_form_of_somebody_else_s_session_is_refused(staff: Office, client: StaffClient):
    before = client.csrf()
    client.send("/staff/sign-in", {"email": with_password(staff, "admin"), "password": PASSWORD})
    assert client.post(NEW, data={**PLACE, access.CSRF_FIELD: before}).status_code == 403


@pytest.mark.parametrize(
    "headers, field, status",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, None, 403, id="from another site"),
        pytest.param({}, "0" * 64, 403, id="with a field of its own making"),
        pytest.param({}, "", 403, id="with none"),
    ],
)
def test_only_a_form_of_ours_is_kept(
    staff: Office, client: StaffClient, headers: dict[str, str], field: str | None, status: int
):
    sent = {**PLACE, access.CSRF_FIELD: client.csrf() if field is None else field}
    assert client.post(NEW, data=sent, headers=headers).status_code == status
    assert ask(staff.store, "select * from late_form") == []


def test_whoever_never_signed_in_has_nothing_kept(staff: Office):
    stranger = staff.client()
    assert stranger.send(NEW, PLACE).headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Flocations%2Fnew&lost=1"
    assert ask(staff.store, "select * from late_form") == []


def test_no_password_secret_code_or_file_is_kept(staff: Office, client: StaffClient, editor: str):
    for address in ("/staff/account/password", "/staff/account/second-factor", "/staff/account/second-factor/off"):
        entered = {"present": PASSWORD, "password": PASSWORD, "again": PASSWORD, "secret": "A" * 32, "code": "123456"}
        assert "lost=1" in client.send(address, entered).headers["Location"]
    client.send("/staff/people/add", {"name": "Ann Brown", "email": "ann@example.gov.uk", "password": PASSWORD})
    kept = ask(staff.store, "select * from late_form")
    assert len(kept) == 1 and "Ann Brown" in str(kept) and PASSWORD not in str(kept)
    assert client.csrf() not in str(kept)


def test_it_is_kept_for_a_day_for_few_pages_and_not_without_end(store: Store, by: By, monkeypatch):
    set_up(store, by)
    for email in ("jo@example.gov.uk", "sam@example.gov.uk"):
        people.add(store, people.Person(email, "Jo", "editor"), by)
    jo = "jo@example.gov.uk"
    start = times.now()
    for number in range(late_forms.MOST + 2):
        monkeypatch.setattr(times, "now", lambda number=number: start + timedelta(minutes=number))
        assert late_forms.keep(store, jo, f"/staff/{number}", [("name", str(number)), ("name", "é")])
    assert late_forms.pages(store, jo) == [f"/staff/{number}" for number in (6, 5, 4, 3, 2)]
    assert late_forms.find(store, jo, "/staff/6") == [("name", "6"), ("name", "é")]
    assert late_forms.find(store, "sam@example.gov.uk", "/staff/6") == []
    assert not late_forms.keep(store, jo, "/staff/large", [("name", "x" * late_forms.MOST_BYTES)])
    monkeypatch.setattr(times, "now", lambda: start + timedelta(days=1))
    assert late_forms.pages(store, jo) == [] and late_forms.find(store, jo, "/staff/6") == []
    late_forms.forget_old(store)
    assert ask(store, "select * from late_form") == []


def test_a_session_of_long_ago_is_nobodys(staff: Office, client: StaffClient):
    end(staff, client, timedelta(days=4))
    sessions.end_old(staff.store)
    assert "lost=1" in client.send(NEW, PLACE).headers["Location"]


def test_who_may_no_longer_sign_in_has_nothing_kept(staff: Office, client: StaffClient, editor: str):
    staff.store.script(f"update person set active = 0 where email = '{editor}'")
    assert "lost=1" in client.send(NEW, PLACE).headers["Location"]


def test_the_steps_of_a_draft(staff: Office, editor: str):
    client = staff.client("editor")
    draft = f"/staff/drafts/{drafts.begin(staff.store, By(editor), 'winter').id}"
    for step, form, expected in (
        ("about", {"service": "cost-of-living", "starts": "1/2/2027", "ends": "soon"}, 'value="soon"'),
        ("words", {"headline-en": "Cold at home?", "body-en": "Ask us."}, "Cold at home?</textarea>"),
        ("design", {"printable": "large-print", "size": "A3", "reading_distance": "2.5"}, 'value="2.5"'),
        ("locations", {"shown": ["L1", "L2"], "location": ["L2"], "q": "library"}, "1 location chosen"),
    ):
        end(staff, client)
        back = sign_in(client, editor, client.send(f"{draft}/{step}", form))
        page = shown(client, back)
        assert NOT_SAVED in page and expected in page, step
    assert (
        drafts.show(staff.store, draft.rpartition("/")[2]).entered["words"]["en"]["headline"].startswith("Struggling")
    )


def test_how_it_is_printed_is_ticked_again(staff: Office, editor: str):
    client = staff.client("editor")
    draft = drafts.begin(staff.store, By(editor), "winter").id
    drafts.keep(staff.store, draft, {"locations": ["L1"]}, By(editor))
    end(staff, client)
    back = sign_in(client, editor, client.send(f"/staff/drafts/{draft}/print", {"print_shop": "yes"}))
    assert back.headers["Location"] == f"/staff/drafts/{draft}/check?late=1"
    page = shown(client, back)
    ticked = [line for line in page.split("<input") if " checked" in line]
    assert len(ticked) == 1 and 'name="print_shop"' in ticked[0]


def test_ticks_in_a_list_and_where_it_was_turned_to(staff: Office, editor: str):
    made = links.make(staff.store, "winter", ["L1", "L2", "B1"], By(editor))
    client = staff.client("editor")
    end(staff, client)
    form = MultiDict([("code", made[0].code), ("code", made[2].code), ("day", "1/10/2026"), ("notice", "winter")])
    late = client.post("/staff/links/up", data=MultiDict([*form.items(multi=True), (access.CSRF_FIELD, client.csrf())]))
    back = sign_in(client, editor, late)
    assert back.headers["Location"] == "/staff/links?notice=winter&late=1"
    page = shown(client, back)
    ticked = [code.code for code in made if f'value="{code.code}" checked' in page]
    assert ticked == [made[0].code, made[2].code] and 'value="1/10/2026"' in page


@pytest.mark.parametrize(
    "role, address, form, expected",
    [
        ("editor", "/staff/notices/winter/reject", {"reason": "The hours"}, "The hours</textarea>"),
        ("editor", "/staff/services/change/cost-of-living", {"name": "Help now"}, 'value="Help now"'),
        ("editor", "/staff/services/new", {"name": "Parks", "pages-en": "https://x.gov.uk"}, "https://x.gov.uk"),
        ("editor", "/staff/services/cost-of-living/pages", {"pages-en": "https://y.gov.uk"}, "https://y.gov.uk"),
        ("editor", "/staff/locations/change/L1", {"name": "Hale Library"}, 'value="Hale Library"'),
        ("admin", "/staff/council", {"phone": "0161 000 0000"}, 'value="0161 000 0000"'),
        ("admin", "/staff/people/add", {"name": "Ann Brown"}, 'value="Ann Brown"'),
        ("admin", "/staff/people/jo.admin@example.gov.uk", {"name": "Jo Best"}, 'value="Jo Best"'),
    ],
)
def test_every_page_that_takes_text_shows_it_again(
    staff: Office, role: str, address: str, form: dict[str, str], expected: str
):
    email, client = with_password(staff, role), staff.client(role)
    approvals.submit(staff.store, "winter", By(email))
    end(staff, client)
    back = sign_in(client, email, client.send(address, form))
    assert back.headers["Location"] == f"{address.removesuffix('/reject')}?late=1"
    page = shown(client, back)
    assert NOT_SAVED in page and expected in page


def test_of_a_link_the_reason_day_and_note(staff: Office, editor: str):
    code = links.make(staff.store, "winter", ["L1"], By(editor))[0].code
    sightings.report(staff.store, code, "up", By(editor))
    client = staff.client("editor")
    for address, form, page, expected in (
        (
            "withdraw",
            {"reason": "A fake was stuck over it"},
            f"/staff/links/{code}",
            "A fake was stuck over it</textarea>",
        ),
        ("down", {"day": "3/10/2026"}, f"/staff/links/{code}", 'value="3/10/2026"'),
        ("move", {"location": "L2", "day": "4/10/2026"}, f"/staff/links/{code}/move", 'value="4/10/2026"'),
        ("check", {"saw": "damaged", "note": "Torn"}, f"/staff/links/{code}/here", 'value="Torn"'),
    ):
        end(staff, client)
        back = sign_in(client, editor, client.send(f"/staff/links/{code}/{address}", form))
        assert back.headers["Location"] == f"{page}?late=1"
        assert expected in shown(client, back), address
    assert text_of(client.get(f"/staff/links/{code}").text).count("Withdrawn") == 0


def test_a_reference_with_odd_characters_leads_back_to_its_own_page(staff: Office, editor: str):
    place = locations.show(staff.store, "L1")
    odd = "A/B 50% é?&x"
    locations.add(staff.store, locations.Location(**{**vars(place), "reference": odd}), By(editor))
    client = staff.client("editor")
    with staff.app.test_request_context():
        address = staff.app.url_for("locations.change", reference=odd)
    end(staff, client)
    back = sign_in(client, editor, client.send(address, {"name": "Hale Library"}))
    assert 'value="Hale Library"' in shown(client, back)


def test_what_was_chosen_for_rows_of_an_upload(staff: Office):
    email, client = with_password(staff, "admin"), staff.client("admin")
    upload = walk.uploaded(staff)
    asked = uploads.rows(staff.store, upload, uploads.LISTING.read({"outcome": "asked"})).rows
    end(staff, client)
    form = {"page": "1", "outcome": "asked", **{f"row-{row['number']}": "leave" for row in asked}}
    back = sign_in(client, email, client.send(f"/staff/uploads/choices/{upload.id}", form))
    page = shown(client, back)
    assert asked and page.count('value="leave" selected') == len(asked)


def test_a_large_form_with_a_file_keeps_its_words(staff: Office, editor: str):
    client = staff.client("editor")
    draft = f"/staff/drafts/{drafts.begin(staff.store, By(editor), 'winter').id}/design"
    end(staff, client)
    photograph = (io.BytesIO(b"x" * 300_000), "sale.jpg")
    late = client.send(draft, {"printable": "poster", "picture_alt": "A library", "picture": photograph})
    page = shown(client, sign_in(client, editor, late))
    assert 'value="A library"' in page
    assert ask(staff.store, "select * from picture") == []


def test_a_form_that_is_sent_in_time_is_taken(staff: Office):
    client = staff.client("editor")
    assert client.send(NEW, PLACE).headers["Location"] == "/staff/locations/show/S1"
    answer = staff.app.test_client().post(NEW, data=PLACE)
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers
