"""axe finds nothing wrong with any page of staff, at the width of a small phone and of a desk."""

from playwright.sync_api import expect

from tests import browser, walk
from tests.browser import Desk


def test_every_page_is_accessible_and_fits(desk: Desk):
    page = desk.open("admin", bypass_csp=True)
    found: list[str] = []
    for endpoint, address in walk.pages(desk.office):
        page.goto(address)
        for width in (browser.NARROW, browser.WIDE):
            page.set_viewport_size({"width": width, "height": browser.HEIGHT})
            found += browser.violations(page)
            if browser.overflow(page):
                found.append(f"{endpoint} is {browser.overflow(page)} px wider than its window of {width} px")
    assert found == []


def test_sign_in_is_accessible_and_its_problems_are(desk: Desk):
    page = desk.open(width=browser.NARROW, bypass_csp=True)
    page.goto("/staff/sign-in")
    assert browser.violations(page) == []
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").get_by_text("There is a problem")).to_be_visible()
    assert browser.violations(page) == []


def test_no_page_breaks_the_policy_it_carries(desk: Desk):
    page = desk.open("admin")
    for _, address in walk.pages(desk.office):
        page.goto(address)
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")
    assert desk.complaints == []


# These end the session that the others are sent in.
ENDING = frozenset({"signing_in.leave", "people.leave_everywhere", "people.change"})

SEND_NOTHING = """([address, csrf]) => {
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action: address});
    const field = document.createElement("input");
    Object.assign(field, {type: "hidden", name: "csrf", value: csrf});
    form.append(field);
    document.body.append(form);
    form.submit();
}"""


def test_every_refusal_of_a_form_is_accessible_and_fits(desk: Desk):
    page = desk.open("admin", browser.NARROW, bypass_csp=True)
    found: list[str] = []
    refused = 0
    for rule in walk.rules(desk.office):
        if "POST" not in (rule.methods or ()) or rule.endpoint in ENDING:
            continue
        page.goto("/staff/account")
        csrf = page.locator("input[name=csrf]").first.input_value()
        with page.expect_navigation() as sent:
            page.evaluate(SEND_NOTHING, [walk.address(desk.office, rule), csrf])
        if sent.value.status in (409, 422):
            refused += 1
            page.wait_for_load_state()
            found += browser.violations(page)
            if browser.overflow(page):
                found.append(f"{rule.endpoint} is {browser.overflow(page)} px too wide when it refuses")
    assert refused > 8 and found == []
