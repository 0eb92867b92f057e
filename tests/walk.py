"""Every page staff can open, with values for what its address leaves open: add a line when a page asks for more."""

from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.routing import Rule

from qrbridge.accounts import password_links
from qrbridge.audit import By
from qrbridge.links import links
from qrbridge.notices import drafts
from qrbridge.printing import printing
from qrbridge.uploads import wizard
from qrbridge.uploads.uploads import Upload
from qrbridge.work import jobs
from tests.pages import Office

# Values by the name of the place in an address; by endpoint where one name stands for different things.
VALUES: dict[str, Callable[[Office], str]] = {
    "name": lambda office: "scans-by-location",
    "email": lambda office: office.person("viewer").email,
    "reference": lambda office: "L1",
    "kind": lambda office: "locations",
    "form": lambda office: "csv",
    "upload_id": lambda office: uploaded(office).id,
    "code": lambda office: links.make(office.store, "winter", ["L1"], By("tests"))[0].code,
    "draft_id": lambda office: drafts.begin(office.store, By("tests"), "winter").id,
    "job_id": lambda office: jobs.add(office.store, jobs.TEST, {"address": "https://www.trafford.gov.uk"}, By("tests")),
    "key": lambda office: "cost-of-living",
    "number": lambda office: str(printed(office)),
    "state": lambda office: "up",
    "which": lambda office: "pdf",
    "verb": lambda office: "move",
    "token": lambda office: password_links.make(office.store, office.person("editor").email, By("tests")).token,
}
# What is no place in an address stands after its question mark.
OF_ENDPOINT: dict[str, dict[str, Callable[[Office], str]]] = {
    "many_links.page": {"codes": VALUES["code"]},
    "drafts.step": {"name": lambda office: "locations"},
    "drafts.keep": {"name": lambda office: "about"},
    "notices.show": {"key": lambda office: "winter"},
    "notices.submit": {"key": lambda office: "winter"},
    "notices.approve": {"key": lambda office: "winter"},
    "notices.reject": {"key": lambda office: "winter"},
}

# What is downloaded is no page; what leads on or needs a provider or mail server is tried where it is tested.
NO_PAGES = frozenset(
    {
        "audit.as_csv",
        "uploads.refused",
        "uploads.template",
        "drafts.preview",
        "jobs.file",
        "jobs.progress",
        "staff_scan.go_on",
        "reports.as_csv",
        "signing_in.council_account",
        "signing_in.council_back",
        "signing_in.forgotten",
        "signing_in.second",
    }
)


def printed(office: Office) -> int:
    """The number of a print run."""
    order = printing.Order("winter", ["L1"], office.settings.instance / "winter.pdf")
    return printing.print_notice(office.store, order, By("tests")).number


# A row of each outcome, some of them doubtful.
ROWS = """reference,name,address,postcode,ward
N1,Sale Library,Tatton Road,m334nd,
N2,CafÃ© Hub,1 High Street,M33 4ND,
N3,Bus stop,High Street,,
L1,Altrincham Library,3 Pott Street,WA14 1AH,
1.00013E+11,Hub,"x, y",M33 4ND,
"""


def uploaded(office: Office) -> Upload:
    """An upload of an admin's, read and not imported."""
    by = By(office.person("admin").email)
    return wizard.receive(office.store, office.settings.uploads, ("locations", "places.csv", [ROWS.encode()]), by)


def rules(office: Office) -> list[Rule]:
    """Every rule of a staff page."""
    return [rule for rule in office.app.url_map.iter_rules() if is_staff_rule(rule)]


def is_staff_rule(rule: Rule) -> bool:
    """Whether a rule is of a staff page, and not what stands for all addresses that are none."""
    return rule.rule.startswith("/staff") and not rule.endpoint.startswith("/")


def address(office: Office, rule: Rule) -> str:
    """The address of a rule with values filled in, the same ones each time: making some of them takes a while."""
    own = OF_ENDPOINT.get(rule.endpoint, {})
    missing = rule.arguments - set(VALUES) - set(own)
    assert not missing, f"tests/walk.py has no value for {sorted(missing)} of {rule.rule}"
    values: dict[str, Any] = {
        name: own[name](office) if name in own else _usual(office, name) for name in {*rule.arguments, *own}
    }
    with office.app.test_request_context():
        return office.app.url_for(rule.endpoint, **values)


def _usual(office: Office, name: str) -> str:
    if name not in office.made_for_walk:
        office.made_for_walk[name] = VALUES[name](office)
    return office.made_for_walk[name]


def pages(office: Office) -> Iterator[tuple[str, str]]:
    """The endpoint and address of every page that is opened by GET."""
    for rule in rules(office):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
            yield rule.endpoint, address(office, rule)
