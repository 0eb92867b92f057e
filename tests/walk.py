"""Every page staff can open, with values for what its address leaves open: add a line when a page asks for more."""

from collections.abc import Iterator

from werkzeug.routing import Rule

from tests.pages import Office

# Values by the name of the place in an address; by endpoint where one name stands for different things.
VALUES = {"name": "scans-by-location", "email": "jo.editor@example.gov.uk"}
OF_ENDPOINT: dict[str, dict[str, str]] = {}

# What is downloaded is no page.
DOWNLOADS = frozenset({"reports.as_csv"})


def rules(office: Office) -> list[Rule]:
    """Every rule of a staff page."""
    return [rule for rule in office.app.url_map.iter_rules() if is_staff_rule(rule)]


def is_staff_rule(rule: Rule) -> bool:
    """Whether a rule is of a staff page, and not what stands for all addresses that are none."""
    return rule.rule.startswith("/staff") and not rule.endpoint.startswith("/")


def address(office: Office, rule: Rule) -> str:
    """The address of a rule with values filled in."""
    values = {**VALUES, **OF_ENDPOINT.get(rule.endpoint, {})}
    missing = rule.arguments - set(values)
    assert not missing, f"tests/walk.py has no value for {sorted(missing)} of {rule.rule}"
    with office.app.test_request_context():
        return office.app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def pages(office: Office) -> Iterator[tuple[str, str]]:
    """The endpoint and address of every page that is opened by GET."""
    for rule in rules(office):
        if "GET" in (rule.methods or ()) and rule.endpoint not in DOWNLOADS:
            yield rule.endpoint, address(office, rule)
