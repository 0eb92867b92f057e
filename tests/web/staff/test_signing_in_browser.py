"""Signing in as a person does, in a real browser: by link, password, second factor and council account."""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from qrbridge import settings as boot
from qrbridge import times
from qrbridge.accounts import late_forms, password_links, people, second_factor, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.settings import Settings
from tests import browser
from tests.browser import Desk
from tests.pages import Office, office
from tests.provider import Provider, running

PASSWORD = "three long words"


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def editor(staff: Office) -> str:
    """The e-mail address of an editor whose password is known."""
    email = staff.person("editor").email
    people.set_password(staff.store, email, PASSWORD, By(email))
    return email


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_new_comes_in_by_their_link_and_then_by_password(desk: Desk, scripts: bool):
    admin = desk.open("admin", java_script_enabled=scripts)
    admin.goto("/staff/people")
    admin.get_by_role("button", name="Add a person").click()
    admin.get_by_label("Name").fill("Ann Brown")
    admin.get_by_label("E-mail address").fill("Ann.Brown@example.gov.uk")
    admin.get_by_label("Viewer").check()
    admin.get_by_role("button", name="Add this person").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Give this link to Ann Brown")
    link = admin.locator(".staff-one-time").inner_text()
    assert link.startswith(f"{desk.address}/staff/start/")

    ann = desk.open(java_script_enabled=scripts, width=browser.NARROW)
    ann.goto(link)
    ann.get_by_label("New password").fill("too short")
    ann.get_by_label("The same again").fill("too short")
    ann.get_by_role("button", name="Keep this password").click()
    expect(ann.get_by_role("alert")).to_contain_text("must have 12 to 200 characters")
    ann.get_by_label("New password").fill(PASSWORD)
    ann.get_by_label("The same again").fill(PASSWORD)
    ann.get_by_role("button", name="Keep this password").click()
    expect(ann.get_by_role("heading", level=1)).to_have_text("Home")
    ann.get_by_role("button", name="Sign out").click()
    expect(ann.get_by_text("You have signed out.")).to_be_visible()
    ann.goto("/staff/account")
    enter(ann, "ann.brown@example.gov.uk")
    expect(ann).to_have_url(re.compile("/staff/account$"))
    expect(ann.get_by_role("link", name="Ann Brown")).to_be_visible()


def test_by_keyboard_alone(desk: Desk, editor: str):
    page = desk.open()
    page.goto("/staff")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "email":
            break
    page.keyboard.type(editor)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Sign out":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have signed out.")).to_be_visible()


def test_a_second_factor_is_turned_on_asked_for_and_turned_off(desk: Desk, editor: str):
    page = desk.open(bypass_csp=True)
    page.goto("/staff/account")
    enter(page, editor)
    page.get_by_role("link", name="Turn on second factor").click()
    totp = pyotp.TOTP(page.locator(".staff-key").inner_text().replace(" ", ""))
    page.get_by_label("The six figures").fill("123")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is not right")
    page.get_by_label("The six figures").fill(totp.at(times.now()))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor is on")
    assert browser.violations(page) == []
    codes = page.locator(".staff-key").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("button", name="Sign out").click()

    enter(page, editor)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    assert browser.violations(page) == []
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is not right")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto("/staff/account")
    expect(page.get_by_text("On, with 9 recovery codes left")).to_be_visible()
    page.get_by_role("link", name="Turn off second factor").click()
    page.get_by_label("Code").fill(codes[1])
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_role("alert")).to_contain_text("Your second factor is off")
    assert not second_factor.is_on(desk.office.store, editor)


def test_a_code_on_the_screen_reads(desk: Desk, editor: str, tmp_path):
    import zxingcpp
    from PIL import Image

    page = desk.open("editor")
    page.goto("/staff/account/second-factor")
    page.locator("svg.staff-code").screenshot(path=tmp_path / "code.png")
    with Image.open(tmp_path / "code.png") as picture:
        (found,) = zxingcpp.read_barcodes(picture)
    assert found.text.startswith("otpauth://totp/Trafford%20Council:jo.editor%40example.gov.uk?secret=")


def test_signing_out_everywhere_ends_the_other_browsers(desk: Desk, editor: str):
    here, there = desk.open("editor"), desk.open("editor")
    there.goto("/staff/account")
    here.goto("/staff/account")
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_role("alert")).to_contain_text("You are signed out everywhere else (1).")
    there.goto("/staff/account")
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The council's identity provider."""
    with running() as opened:
        yield opened


@pytest.fixture
def trusting(chromium: Browser, settings: Settings, staff: Office, provider: Provider) -> Iterator[Callable[[], Desk]]:
    """Browsers at staff pages where the council's accounts are good, and e-mail is sent."""
    # Its address must be known before its settings are, so it is served first and told then.
    with browser.served(staff) as address:
        environment = provider.settings(address, OIDC_ROLES="notices-editors=editor", OIDC_NAME="Trafford account")
        environment |= {"QRBRIDGE_SMTP_HOST": "127.0.0.1", "QRBRIDGE_EMAIL_FROM": "notices@trafford.gov.uk"}
        with office(boot.load(settings.instance, settings.environment | environment), staff.store) as told:
            staff.app.wsgi_app = told.app.wsgi_app  # type: ignore[method-assign]
            desk = Desk(chromium, told, address)
            yield lambda: desk
            desk.close()
    assert desk.complaints == []


def test_with_the_council_s_own_account(trusting: Callable[[], Desk], provider: Provider):
    desk = trusting()
    provider.knows("ann", email="ann@example.gov.uk", name="Ann Brown", groups=["notices-editors"])
    page = desk.open(bypass_csp=True)
    page.goto("/staff/account")
    assert browser.violations(page) == []
    page.get_by_role("button", name="Sign in with your Trafford account").click()
    page.locator("input[name=sub]").fill("ann")
    page.locator("button[type=submit]").first.click()
    expect(page).to_have_url(f"{desk.address}/staff/account")
    expect(page.get_by_role("link", name="Ann Brown")).to_be_visible()
    assert people.show(desk.office.store, "ann@example.gov.uk") == Person("ann@example.gov.uk", "Ann Brown", "editor")


@pytest.mark.parametrize("width, scripts", [(browser.NARROW, False), (browser.WIDE, True)], ids=["narrow", "wide"])
def test_a_form_sent_too_late_comes_back_filled_in_by_the_council_s_own_account(
    trusting: Callable[[], Desk], provider: Provider, width: int, scripts: bool
):
    desk = trusting()
    email = desk.office.person("editor").email
    provider.knows("jo", email=email, name="Jo Editor", groups=["notices-editors"])
    page = desk.open("editor", width=width, java_script_enabled=scripts, bypass_csp=True)
    page.goto("/staff/locations/new")
    page.get_by_label("Reference").fill("S1")
    page.get_by_label("Name", exact=True).fill("Sale Library")
    page.get_by_label("Address").fill("Tatton Road")
    page.get_by_label("Postcode").fill("M33 1YH")
    desk.office.store.script("update staff_session set seen_at = '2026-01-01T00:00:00Z'")
    page.get_by_role("button", name="Add location").click()
    expect(page.get_by_text("nothing has been saved yet")).to_be_visible()
    assert browser.violations(page) == [] if scripts else True
    assert browser.overflow(page) <= 0
    page.get_by_role("button", name="Sign in with your Trafford account").click()
    page.locator("input[name=sub]").fill("jo")
    page.locator("button[type=submit]").first.click()
    expect(page.get_by_text("nothing has been saved yet")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Sale Library")
    assert browser.violations(page) == [] if scripts else True
    assert browser.overflow(page) <= 0
    page.goto("/staff")
    page.get_by_role("link", name="You sent a form after your session had ended").click()
    page.get_by_role("button", name="Add location").click()
    expect(page.get_by_text("Sale Library is kept.")).to_be_visible()
    assert late_forms.pages(desk.office.store, email) == []


def test_somebody_of_the_council_without_a_role_is_told(trusting: Callable[[], Desk], provider: Provider):
    desk = trusting()
    provider.knows("eve", email="eve@example.gov.uk", name="Eve", groups=["cyclists"])
    page = desk.open()
    page.goto("/staff/sign-in")
    page.get_by_role("button", name="Sign in with your Trafford account").click()
    page.locator("input[name=sub]").fill("eve")
    page.locator("button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("eve@example.gov.uk has no role here")


def test_a_forgotten_password_and_nobody_learns_who_is_here(trusting: Callable[[], Desk]):
    desk = trusting()
    email = desk.office.person("viewer").email
    said = []
    for asked in (email, "nobody@example.gov.uk"):
        page = desk.open(bypass_csp=True)
        page.goto("/staff/sign-in")
        page.get_by_role("link", name="I have forgotten my password").click()
        assert browser.violations(page) == []
        page.get_by_label("Your e-mail address").fill(asked)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your e-mail")
        said.append(page.locator("main").inner_text().replace(asked, ""))
    assert said[0] == said[1]
    waiting = desk.office.store.rows("outbox.due", now="9")
    assert [row["recipient"] for row in waiting] == [email]
    token = re.search(r"/staff/start/(\S+)", waiting[0]["body"])
    assert token and password_links.find(desk.office.store, token[1]).email == email
    assert sessions.list_for(desk.office.store, email, "") == []
