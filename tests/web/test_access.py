"""Who may do what: every route, tried by every role."""

import pytest

from qrbridge.accounts.people import RANK
from qrbridge.web import access
from tests import walk
from tests.pages import Office

BOTH_ENGINES = True

NOBODY = ""


def test_the_table_names_every_staff_page_and_no_other(staff: Office):
    assert {rule.endpoint for rule in walk.rules(staff)} == set(access.ALLOWED)


@pytest.mark.parametrize("role", [NOBODY, *RANK])
def test_every_route_answers_each_role_as_the_table_says(staff: Office, role: str):
    for rule in walk.rules(staff):
        needed = access.ALLOWED[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            client = staff.client(role)
            data = {access.CSRF_FIELD: client.csrf()} if method == "POST" else None
            answer = client.open(walk.address(staff, rule), method=method, data=data)
            refused = answer.status_code == 403
            sent_to_sign_in = answer.headers.get("Location", "").startswith("/staff/sign-in")
            if needed == access.ANYONE:
                assert not refused, rule
            elif not role:
                assert sent_to_sign_in, rule
            else:
                assert (refused, sent_to_sign_in) == (RANK[role] < RANK[needed], False), rule


def test_a_page_that_is_not_in_the_table_is_refused_to_everybody(staff: Office):
    staff.app.add_url_rule("/staff/new", "new", lambda: "new")
    assert staff.client("admin").get("/staff/new").status_code == 403
    assert staff.client().get("/staff/new").status_code == 303


@pytest.mark.parametrize("role", RANK)
def test_a_form_from_elsewhere_changes_nothing(staff: Office, role: str):
    for rule in walk.rules(staff):
        if "POST" not in (rule.methods or ()):
            continue
        client = staff.client(role)
        address = walk.address(staff, rule)
        assert client.post(address, data={}).status_code == 403, rule
        assert client.post(address, data={access.CSRF_FIELD: "0" * 64}).status_code == 403, rule
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.send(address, headers=foreign).status_code == 403, rule
