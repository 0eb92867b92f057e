import pytest

from qrbridge import audit
from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.errors import Conflict, InvalidInput, NotFound
from qrbridge.store import Store
from tests.given import set_up, while_another_does

JO = Person("jo@example.gov.uk", "Jo Smith", "editor")
SAM = Person("sam@example.gov.uk", "Sam Jones", "admin")


@pytest.fixture
def two(store: Store, by: By) -> Store:
    """A council whose editor is Jo and whose admin is Sam."""
    set_up(store, by)
    people.add(store, JO, by)
    people.add(store, SAM, by)
    return store


def test_a_person_is_read_with_their_address_in_small_letters():
    read = Person.read({"email": " Jo.Smith@Trafford.GOV.uk ", "name": "Jo  Smith", "role": "editor"})
    assert read == Person("jo.smith@trafford.gov.uk", "Jo Smith", "editor")


@pytest.mark.parametrize(
    "email",
    ["jo", "jo@", "@trafford.gov.uk", "jo@trafford", "jo smith@trafford.gov.uk", "a@b@c.uk", "jo<x>@trafford.gov.uk"],
)
def test_what_is_no_address_is_refused(email: str):
    with pytest.raises(InvalidInput, match="is not an e-mail address"):
        Person.read({"email": email, "name": "Jo", "role": "editor"})


def test_every_problem_is_said_at_once():
    with pytest.raises(InvalidInput) as caught:
        Person.read({"email": "jo", "name": "", "role": "king"})
    assert [problem.field for problem in caught.value.problems] == ["email", "name", "role"]


def test_an_address_is_added_once(two: Store, by: By):
    with pytest.raises(Conflict, match="among the people already"):
        people.add(two, Person(JO.email, "Another", "viewer"), by)


def test_of_two_who_add_one_person_the_second_is_told(two: Store, by: By):
    ann = Person("ann@example.gov.uk", "Ann", "viewer")
    assert isinstance(while_another_does(two, lambda: people.add(two, ann, by)), Conflict)
    assert [row["email"] for row in people.find(two, people.LISTING.read({"q": "sam"})).rows] == [SAM.email]
    assert [row["email"] for row in people.list_all(two)] == ["ann@example.gov.uk", JO.email, SAM.email]


def test_a_change_is_kept_with_what_it_was(two: Store, by: By):
    changed = people.merged(JO, {"role": "admin"})
    people.change(two, changed, by)
    assert people.show(two, JO.email) == Person(JO.email, JO.name, "admin")
    newest = audit.list_for(two, "person", JO.email)[0]
    assert (newest["verb"], newest["before"]["role"], newest["after"]["role"]) == ("change", "editor", "admin")


def test_the_last_admin_stays(two: Store, by: By):
    for changes in ({"role": "editor"}, {"active": False}):
        with pytest.raises(Conflict, match="the only admin"):
            people.change(two, people.merged(SAM, changes), by)
    people.change(two, people.merged(JO, {"role": "admin"}), by)
    people.change(two, people.merged(SAM, {"active": False}), by)
    assert not people.show(two, SAM.email).active


def test_another_role_ends_sessions_and_another_name_does_not(two: Store, by: By):
    token = sessions.begin(two, JO.email)
    people.change(two, people.merged(JO, {"name": "Jo Brown"}), by)
    assert sessions.find(two, token)
    people.change(two, people.merged(JO, {"role": "viewer"}), by)
    assert sessions.find(two, token) is None


def test_a_password_is_kept_nowhere_as_it_is(two: Store, by: By):
    people.set_password(two, JO.email, "three long words", by)
    row = people.row_of(two, JO.email)
    assert row and "three long words" not in str(row) and row["password"].startswith("$argon2id$")
    assert "argon2" not in str(audit.list_for(two, "person", JO.email))


def test_nobody_is_said_to_be_nobody(two: Store):
    with pytest.raises(NotFound):
        people.show(two, "nobody@example.gov.uk")


def test_each_role_may_do_what_those_before_it_may():
    may = {role: [needed for needed in people.ROLES if Person("", "", role).may(needed)] for role in people.ROLES}
    assert may == {
        "viewer": ["viewer"],
        "editor": ["viewer", "editor"],
        "admin": ["viewer", "editor", "admin"],
    }
    assert not Person("", "", "admin", active=False).may("viewer")
