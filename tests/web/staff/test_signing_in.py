"""Signing in and out, and what nobody may do without."""

import pytest

from qrbridge.accounts import people
from qrbridge.audit import By
from tests.pages import Office, text_of

PASSWORD = "three long words"


@pytest.fixture
def editor(staff: Office) -> str:
    """The e-mail address of an editor whose password is known."""
    email = staff.person("editor").email
    people.set_password(staff.store, email, PASSWORD, By(email))
    return email


def test_an_editor_signs_in_and_out(staff: Office, editor: str):
    client = staff.client()
    assert client.get("/staff").headers["Location"] == "/staff/sign-in?next=%2Fstaff"
    answer = client.send("/staff/sign-in", {"email": editor.upper(), "password": PASSWORD, "next": "/staff"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff")
    page = client.get("/staff")
    assert page.status_code == 200 and "Jo Editor" in page.text
    assert client.send("/staff/sign-out").status_code == 303
    assert client.get("/staff").status_code == 303


def test_a_wrong_password_says_the_same_as_an_unknown_person(staff: Office, editor: str):
    client = staff.client()
    said = [
        client.send("/staff/sign-in", {"email": email, "password": "not three words"}).text.replace(email, "")
        for email in (editor, "nobody@example.gov.uk")
    ]
    assert "is not right" in said[0] and text_of(said[0]) == text_of(said[1])
