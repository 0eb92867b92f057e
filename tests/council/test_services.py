from dataclasses import replace

import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.council.council import Council
from qrbridge.council.services import Service
from qrbridge.errors import Conflict, InvalidInput, NotFound
from qrbridge.store import Store
from tests.given import COUNCIL, SERVICE, set_up, while_another_does

HERE = Council.read(COUNCIL)


def test_a_service_is_kept_with_its_pages(store: Store, by: By):
    set_up(store, by)
    kept = services.show(store, "cost-of-living")
    assert kept == Service.read(SERVICE, HERE)
    assert kept.pages["pl"] == "https://www.trafford.gov.uk/pl/cost-of-living"
    assert kept.host(("cy", "en")) == "www.trafford.gov.uk"
    assert [(row["key"], row["notices"]) for row in services.list_all(store)] == [("cost-of-living", 1)]


def test_a_key_is_given_once(store: Store, by: By):
    set_up(store, by)
    with pytest.raises(Conflict, match="Change that one, or choose another key"):
        services.add(store, Service.read(SERVICE, HERE), by)


def test_of_two_who_add_one_service_the_second_is_told(store: Store, by: By):
    set_up(store, by)
    service = replace(services.show(store, "cost-of-living"), key="other")
    refused = while_another_does(store, lambda: services.add(store, service, by))
    assert "There is a service “other” already" in str(refused)


def test_a_change_replaces_one_language_and_is_recorded(store: Store, by: By):
    set_up(store, by)
    before = services.show(store, "cost-of-living")
    changed = services.merged(before, {"pages": {"en": "https://www.trafford.gov.uk/new"}}, council.show(store))
    services.change(store, changed, by)
    assert services.show(store, "cost-of-living").pages == {**before.pages, "en": "https://www.trafford.gov.uk/new"}
    record = audit.list_for(store, "service", "cost-of-living")[0]
    assert record["before"]["pages"]["en"].endswith("/cost-of-living") and record["after"]["pages"]["en"].endswith(
        "/new"
    )


def test_a_change_to_nothing_leaves_no_record(store: Store, by: By):
    set_up(store, by)
    services.change(store, services.show(store, "cost-of-living"), by)
    assert [row["verb"] for row in audit.list_for(store, "service", "cost-of-living")] == ["add"]


def test_an_unknown_service_is_said(store: Store):
    with pytest.raises(NotFound, match="There is no service “parks”"):
        services.show(store, "parks")


@pytest.mark.parametrize(
    "changes, field",
    [
        pytest.param({"pages": {}}, "pages", id="no page"),
        pytest.param({"pages": {"en": "https://evil.example/"}}, "pages (en)", id="not our host"),
        pytest.param({"pages": {"en": "https://www.trafford.gov.uk@evil.example/"}}, "pages (en)", id="userinfo"),
        pytest.param({"pages": {"English": "https://www.trafford.gov.uk/"}}, "pages", id="no language tag"),
        pytest.param({"review_day": "soon"}, "review_day", id="no day"),
        pytest.param({"lgsl": "many"}, "lgsl", id="no number"),
        pytest.param({"key": "Cost of living"}, "key", id="no key"),
        pytest.param({"owner": ""}, "owner", id="ownerless"),
        pytest.param({"summary": "x" * 401}, "summary", id="too long"),
        pytest.param({"name": "a\u2028b\x07"}, "name", id="cannot be printed"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, object], field: str):
    with pytest.raises(InvalidInput) as caught:
        Service.read({**SERVICE, **changes}, HERE)
    assert {problem.field for problem in caught.value.problems} == {field}
