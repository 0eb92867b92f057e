"""What an attacker might try on the staff pages."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from werkzeug.test import TestResponse

from qrbridge import settings as boot
from qrbridge import times
from qrbridge.accounts import password_links, people, second_factor
from qrbridge.accounts import sign_in as sign_in_limits
from qrbridge.accounts.people import Person
from qrbridge.accounts.sign_in import MOST_OF_NETWORK
from qrbridge.audit import By
from qrbridge.council import council, logos, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.notices import notices
from qrbridge.places import locations
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.upkeep.installing import make_folder
from qrbridge.web import access, assets
from qrbridge.web.access import local
from qrbridge.web.app import create_app
from tests import given, walk
from tests.council.test_logos import picture
from tests.pages import Office, StaffClient, office
from tests.present import present

PASSWORD = "three long words"
HTTPS = "https://qr.trafford.gov.uk"


@pytest.fixture
def editor(staff: Office) -> str:
    """The e-mail address of an editor whose password is known."""
    email = staff.person("editor").email
    people.set_password(staff.store, email, PASSWORD, By(email))
    return email


def sign_in(client: StaffClient, email: str, **more: str) -> TestResponse:
    return client.send("/staff/sign-in", {"email": email, "password": PASSWORD, **more})


def test_a_token_from_before_signing_in_is_worth_nothing_after(staff: Office, editor: str):
    client = staff.client()
    client.set_cookie(access.COOKIE, "planted")
    assert sign_in(client, editor).status_code == 303
    cookie = client.get_cookie(access.COOKIE)
    assert cookie and cookie.value != "planted" and len(cookie.value) >= 43
    other = staff.client()
    other.set_cookie(access.COOKIE, "planted")
    assert other.get("/staff").status_code == 303


def test_signing_in_again_ends_the_session_before(staff: Office, editor: str):
    client = staff.client("viewer")
    before = client.get_cookie(access.COOKIE)
    assert before and sign_in(client, editor).status_code == 303
    other = staff.client()
    other.set_cookie(access.COOKIE, before.value)
    assert other.get("/staff").status_code == 303


def test_a_form_sent_too_late_leads_back_to_its_page(staff: Office):
    client = staff.client("admin")
    staff.store.run("sessions.end_all", email=staff.person("admin").email, but="")
    late = client.send("/staff/council", {"phone": "0161 912 3000"})
    assert late.headers["Location"] == "/staff/sign-in?next=%2Fstaff%2Fcouncil&lost=1"
    assert "what you sent was not saved" in client.get(late.headers["Location"]).text
    assert client.send("/staff/council/logo/remove").headers["Location"] == "/staff/sign-in?lost=1"


def test_signing_out_ends_the_session_and_not_only_the_cookie(staff: Office):
    client = staff.client("viewer")
    kept = client.get_cookie(access.COOKIE)
    assert kept
    answer = client.send("/staff/sign-out")
    assert client.get_cookie(access.COOKIE) is None and client.get_cookie(access.MARKER) is None
    assert answer.headers["Location"] == "/staff/sign-in?out=1"
    client.set_cookie(access.COOKIE, kept.value)
    assert client.get("/staff").status_code == 303


def test_a_password_alone_opens_nothing_where_a_second_factor_is_asked_for(staff: Office, editor: str):
    secret = second_factor.new_secret()
    totp = pyotp.TOTP(secret)
    second_factor.turn_on(staff.store, editor, secret, totp.at(times.now()), By(editor))
    client = staff.client()
    answer = sign_in(client, editor, next="/staff/account")
    assert answer.headers["Location"] == "/staff/sign-in/code?next=%2Fstaff%2Faccount"
    half = client.get_cookie(access.COOKIE)
    for endpoint, address in walk.pages(staff):
        if access.ALLOWED[endpoint] != access.ANYONE:
            assert client.get(address).status_code == 303, address
    assert client.get_cookie(access.MARKER) is None
    wrong = client.send("/staff/sign-in/code", {"code": "000000"})
    assert wrong.status_code == 422 and "That code is not right" in wrong.text
    unused = totp.at(times.now() + timedelta(seconds=30))
    done = client.send("/staff/sign-in/code", {"code": unused, "next": "/staff/account"})
    assert done.headers["Location"] == "/staff/account"
    assert client.get("/staff/account").status_code == 200
    assert half and present(client.get_cookie(access.COOKIE)).value != half.value


def test_guessing_ends_soon_and_says_how_long(staff: Office, editor: str):
    client = staff.client()
    answers = [client.send("/staff/sign-in", {"email": editor, "password": "guess"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    refused = sign_in(client, editor)
    assert refused.status_code == 429 and "Wait 15 minutes" in refused.text


def test_entering_the_password_anew_forgives_no_guess_at_the_code(staff: Office, editor: str):
    secret = second_factor.new_secret()
    second_factor.turn_on(staff.store, editor, secret, pyotp.TOTP(secret).at(times.now()), By(editor))
    client = staff.client()
    answers = []
    for _ in range(11):
        assert sign_in(client, editor).headers["Location"].startswith("/staff/sign-in/code")
        answers.append(client.send("/staff/sign-in/code", {"code": "000000"}).status_code)
    assert answers == [422] * 10 + [429]


def test_a_text_that_postgres_cannot_keep_is_refused_before_it_is_asked(settings: Settings, store: Store, by: By):
    make_folder(settings)
    given.set_up(store, by)
    with office(settings, store) as opened:
        client = opened.client("admin")
        asked = [client.get(address) for address in ("/staff/notices/a%00b", "/staff/links?q=a%00b")]
        asked.append(client.send("/staff/links/withdraw", {"reason": "a\0b"}))
        asked.append(opened.client().send("/staff/sign-in", {"email": "jo\0@example.gov.uk", "password": PASSWORD}))
        for answer in asked:
            assert answer.status_code == 422 and "no keyboard makes" in answer.text


def test_only_a_form_that_is_sent_changes_anything(staff: Office):
    # A HEAD is asked for without the hidden field, and Flask hands it to whatever answers a GET.
    entered = {"email": "eve@example.gov.uk", "name": "Eve", "role": "admin"}
    answer = staff.client("admin").head("/staff/people/add", data=entered)
    assert answer.status_code == 200 and people.row_of(staff.store, entered["email"]) is None


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/staff",
        "//evil.example/staff",
        "/\\evil.example",
        "\\\\evil.example",
        "/staff//evil.example",
        "/staff\\@evil.example",
        "javascript:alert(1)",
        "/staff\r\nLocation: https://evil.example",
        "/staff\tx",
        "https:/staff",
        "staff",
        "/stafff",
        "",
        "http://[::1/staff",
        "///staff",
        "/%2f%2fevil.example",
    ],
)
def test_no_address_leads_away_after_signing_in(staff: Office, editor: str, wanted: str):
    assert sign_in(staff.client(), editor, next=wanted).headers["Location"] == "/staff"
    client = staff.client("viewer")
    assert client.get("/staff/sign-in", query_string={"next": wanted}).headers["Location"] == "/staff"


@pytest.mark.parametrize("wanted", ["/staff", "/staff/links/7K3M9Q/here", "/staff/locations?q=Café&page=2"])
def test_our_own_pages_are_led_to(wanted: str):
    assert local(wanted) == wanted


def test_cookies_are_kept_from_scripts_and_from_plain_http(staff: Office, editor: str):
    answer = staff.client().get("/staff/sign-in", base_url=HTTPS)
    (anonymous,) = answer.headers.getlist("Set-Cookie")
    client = staff.client()
    client.get("/staff/sign-in", base_url=HTTPS)
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/staff/sign-in", base_url=HTTPS).text)
    assert token
    entered = {"email": editor, "password": PASSWORD, "csrf": token[1]}
    answer = client.post("/staff/sign-in", data=entered, base_url=HTTPS)
    sent = [anonymous, *answer.headers.getlist("Set-Cookie")]
    assert len(sent) == 3
    for cookie in sent:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie
    marker = next(cookie for cookie in sent if cookie.startswith(access.MARKER))
    assert marker.startswith("qrbridge_staff=1;")
    elsewhere = staff.client().get("/staff/sign-in", base_url="http://notices.trafford.gov.uk")
    assert "Secure" in elsewhere.headers["Set-Cookie"]
    here = staff.client().get("/staff/sign-in", base_url="http://127.0.0.1:8000")
    assert "Secure" not in here.headers["Set-Cookie"]


def test_a_browser_without_our_cookie_is_told_why_a_form_is_refused(staff: Office):
    answer = staff.app.test_client().post("/staff/sign-in", data={"email": "jo@example.gov.uk"})
    assert answer.status_code == 403 and "did not send our cookie back" in answer.text


def test_every_staff_answer_carries_the_strict_headers(staff: Office):
    client = staff.client("admin", domain="qr.trafford.gov.uk")
    nonces: list[str] = []
    addresses = [address for _, address in walk.pages(staff) if address != "/staff/sign-in"]
    for address in addresses:
        headers = client.get(address, base_url=HTTPS).headers
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
            assert part in policy
        assert "require-trusted-types-for 'script'" in policy and "unsafe" not in policy and "data:" not in policy
        nonces += re.findall(r"'nonce-([^']+)'", policy)
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    assert len(set(nonces)) == len(addresses)


def test_assets_are_kept_for_ever_under_their_digest_and_no_other(staff: Office):
    page = staff.client().get("/staff/sign-in").text
    found = re.findall(r'"(/assets/[^"]+)"', page)
    assert len(found) == 4
    for address in found:
        answer = staff.client().get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        stale = staff.client().get(re.sub(r"[0-9a-f]{16}", "0" * 16, address))
        assert stale.headers["Cache-Control"] == "no-cache" and stale.data == answer.data
    tag = staff.client().get(found[0]).headers["ETag"]
    assert staff.client().get(found[0], headers={"If-None-Match": tag}).status_code == 304
    for name in ("passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/staff.scss"):
        assert staff.client().get(f"/assets/0000/{name}").status_code == 404


def test_who_asked_is_taken_from_a_proxy_only_when_told(staff: Office, editor: str):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.9"}
    plain = staff.client().get("/staff/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" not in plain.headers
    settings = replace(staff.settings, proxies=1)
    app = create_app(settings, staff.store, RouteMap(settings.route_map), dict)
    answer = app.test_client().get("/staff/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" in answer.headers and "Secure" in answer.headers["Set-Cookie"]


HOSTILE = "\"'> </textarea></title> <script>alert(1)</script> <img src=x onerror=alert(1)> {{ 7919*7919 }}"
SHORT = '"><img src=x onerror=x> {{ 7919*7919 }}'


@pytest.fixture
def hostile(staff: Office, by: By) -> Office:
    """A council whose every text is an attack: what it stores passes every reader, and pages must show it as text."""
    store = staff.store
    here = council.show(store)
    council.change(store, Council.read({**vars(here), "name": SHORT, "hours": HOSTILE}), by)
    here = council.show(store)
    texts = dict.fromkeys(("name", "hours", "place", "summary", "service_level", "owner"), SHORT)
    services.change(store, Service.read({**given.SERVICE, **texts}, here), by)
    place = given.place("X<b>1", SHORT, kind=SHORT, address=HOSTILE)
    store.run("locations.add", **locations.as_kept(place))
    notice = notices.show(store, "winter")
    words = {"en": {"headline": SHORT, "body": SHORT}}
    notices.change(store, replace(notice, words=words), by)
    for role in people.ROLES:
        one = staff.person(role)
        people.change(store, Person(one.email, SHORT, one.role), By(SHORT))
    staff.refresh()
    return staff


def test_nothing_stored_becomes_markup_on_any_page(hostile: Office):
    client = hostile.client("admin")
    shown = 0
    for _, address in walk.pages(hostile):
        # The client itself fails where an attribute such as onerror came to be.
        html = client.get(address).text
        assert "<img src=x" not in html and "<script>alert" not in html and "62710561" not in html
        shown += html.count("&lt;img src=x")
    assert shown > 20


def test_what_was_entered_and_refused_is_shown_as_text(hostile: Office):
    client = hostile.client("admin")
    for rule in walk.rules(hostile):
        if "POST" not in (rule.methods or ()):
            continue
        fields = ("name", "email", "role", "code", "secret", "password", "next", "phone", "colour", "short_host")
        client = hostile.client("admin")
        html = client.send(walk.address(hostile, rule), dict.fromkeys(fields, HOSTILE)).text
        assert "<img src=x" not in html and "<script>alert" not in html, rule
    for address in ("/staff/audit", "/staff/reports/scans-by-location", "/staff/sign-in"):
        query = dict.fromkeys(("who", "noun", "key", "from", "to", "ward", "notice", "next", "before"), HOSTILE)
        html = hostile.client("admin" if "sign-in" not in address else "").get(address, query_string=query).text
        assert "<img src=x" not in html and "<script>alert" not in html, address


def test_downloads_run_no_formula(staff: Office, by: By):
    formula = '=HYPERLINK("https://evil.example";"x")'
    people.add(staff.store, Person("eve@example.gov.uk", formula, "viewer"), By("@SUM(1)"))
    sheet = staff.client("admin").get("/staff/audit.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in sheet and "'@SUM(1)" in sheet
    assert not re.search(r'(^|,)"?[=@+]', sheet, re.M)


def test_a_logo_is_sent_shown_and_removed(staff: Office):
    import io

    client = staff.client("admin")
    sent = {"logo": (io.BytesIO(picture()), "logo.png")}
    assert client.send("/staff/council/logo", sent).status_code == 303
    page = client.get("/staff/council").text
    address = re.search(r'src="(/assets/council/[^"]+/logo.png)"', page)
    assert address and client.get(address[1]).data == logos.show(staff.store).content
    refused = client.send("/staff/council/logo", {"logo": (io.BytesIO(b"<svg onload='x'/>"), "logo.png")})
    assert refused.status_code == 422 and "no picture we can open" in refused.text
    assert client.send("/staff/council/logo/remove").status_code == 303
    assert "logo.png" not in client.get("/staff/council").text


def test_a_link_to_start_is_not_used_up_by_looking(staff: Office, by: By):
    token = password_links.make(staff.store, staff.person("viewer").email, by).token
    for _ in range(2):
        assert "Choose your password" in staff.client().get(f"/staff/start/{token}").text
    client = staff.client()
    short = client.send(f"/staff/start/{token}", {"password": "short", "again": "short"})
    assert short.status_code == 422 and "12 to 200 characters" in short.text
    done = client.send(f"/staff/start/{token}", {"password": PASSWORD, "again": PASSWORD})
    assert done.headers["Location"] == "/staff" and "Jo Viewer" in client.get("/staff").text
    assert staff.client().get(f"/staff/start/{token}").status_code == 410


def test_without_its_look_every_staff_page_says_what_to_do(staff: Office, monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setitem(assets.FILES, "staff.css", (tmp_path / "staff.css", "text/css"))
    assets._content.cache_clear()
    assets._digest.cache_clear()
    try:
        answer = staff.app.test_client().get("/staff/sign-in")
        assert answer.status_code == 503 and "The look of the staff pages is not made" in answer.text
        assert assets.missing() == [tmp_path / "staff.css"]
        assert staff.app.test_client().get("/zzzzzz").status_code == 404
    finally:
        assets._content.cache_clear()
        assets._digest.cache_clear()


def test_the_council_s_provider_is_not_asked_without_end_by_one_network(staff: Office):
    environment = {"QRBRIDGE_PROXIES": "1", "QRBRIDGE_ADDRESS": HTTPS}
    environment |= {f"QRBRIDGE_OIDC_{name}": "x" for name in ("CLIENT", "SECRET")}
    settings = boot.load(staff.settings.instance, {**environment, "QRBRIDGE_OIDC_ISSUER": "http://localhost:1"})
    with office(settings, staff.store) as opened:

        def asked(network: str) -> int:
            headers = {"X-Forwarded-For": network}
            return opened.client().get("/staff/sign-in/council", headers=headers).status_code

        answers = [asked("192.0.2.1") for _ in range(MOST_OF_NETWORK + 1)]
        assert answers == [502] * MOST_OF_NETWORK + [429]
        assert asked("198.51.100.7") == 502
        sign_in_limits.forgive_visits(opened.store, settings, "192.0.2.1")
        assert asked("192.0.2.1") == 502
