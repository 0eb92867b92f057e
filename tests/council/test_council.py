from dataclasses import replace

import pytest

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.council.council import Council
from qrbridge.errors import InvalidInput, NotSetUp
from qrbridge.links import links
from qrbridge.store import Store
from tests.given import COUNCIL, set_up


def test_a_council_is_kept_and_shown(store: Store, by: By):
    entered = Council.read(COUNCIL)
    council.set_up(store, entered, by)
    assert council.show(store) == entered
    assert entered.allowed_hosts == ("trafford.gov.uk",)


def test_before_it_is_set_up_that_is_said(store: Store):
    with pytest.raises(NotSetUp, match="No council is set up here"):
        council.show(store)


def test_setting_up_twice_changes_and_keeps_the_installation(store: Store, by: By):
    council.set_up(store, Council.read(COUNCIL), by)
    name = store.rows("routes.installation")[0]["installation"]
    council.set_up(store, Council.read({**COUNCIL, "phone": "0161 912 3000"}), by)
    assert council.show(store).phone == "0161 912 3000"
    assert store.rows("routes.installation")[0]["installation"] == name
    newest, oldest = audit.list_for(store, "council", "1")
    assert (oldest["verb"], newest["verb"]) == ("set up", "change")
    assert (newest["before"]["phone"], newest["after"]["phone"]) == ("0161 912 2000", "0161 912 3000")
    council.set_up(store, council.show(store), by)
    assert len(audit.list_for(store, "council", "1")) == 2, "what changes nothing is no change"


def test_part_of_a_council_is_changed():
    changed = council.merged(Council.read(COUNCIL), {"languages": "cy, en"})
    assert changed.languages == ("cy", "en")
    assert changed.name == "Trafford Council"


def test_addresses_for_scanning_and_typing():
    entered = Council.read(COUNCIL)
    assert entered.address("7K3M9B") == "https://QR.TRAFFORD.GOV.UK/7K3M9B"
    assert entered.typed_address("7K3M9B") == "qr.trafford.gov.uk/7k3m9b"


@pytest.mark.parametrize(
    "field, value, said",
    [
        pytest.param("name", "", "missing", id="no name"),
        pytest.param("phone", "ring us", "not a phone number", id="no phone"),
        pytest.param("colour", "blue", "#00578a", id="not a colour"),
        pytest.param("colour", "#ffee00", "nearest shade", id="too pale for white type"),
        pytest.param("languages", ["english"], "not a language tag", id="not a tag"),
        pytest.param("allowed_hosts", ["gov.uk"], "gov.uk", id="everybody's suffix"),
        pytest.param("short_host", "localhost", "localhost", id="not a public host"),
    ],
)
def test_what_is_wrong_is_said(field: str, value: object, said: str):
    with pytest.raises(InvalidInput) as caught:
        Council.read({**COUNCIL, field: value})
    assert [problem.field for problem in caught.value.problems] == [field]
    assert said in str(caught.value)


def test_every_problem_is_said_at_once():
    with pytest.raises(InvalidInput) as caught:
        Council.read({})
    assert {problem.field for problem in caught.value.problems} == set(COUNCIL)


def test_a_host_that_pages_need_cannot_be_left_out(store: Store, by: By):
    set_up(store, by)
    without = council.merged(council.show(store), {"allowed_hosts": "other.gov.uk"})
    with pytest.raises(InvalidInput, match="www.trafford.gov.uk/cost-of-living"):
        council.change(store, without, by)
    assert council.show(store).allowed_hosts == ("trafford.gov.uk",)


def test_the_printed_host_changes_only_when_confirmed(store: Store, by: By):
    set_up(store, by)
    links.make(store, "winter", ["L1"], by)
    another = council.merged(council.show(store), {"short_host": "go.trafford.gov.uk"})
    with pytest.raises(InvalidInput, match="1 link was made with qr.trafford.gov.uk"):
        council.change(store, another, by)
    council.change(store, another, by, confirmed=True)
    assert council.show(store).short_host == "go.trafford.gov.uk"


def test_a_language_that_a_notice_needs_cannot_be_left_out(store: Store, by: By):
    set_up(store, by)
    welsh = council.merged(council.show(store), {"languages": "cy"})
    with pytest.raises(InvalidInput, match=r"languages: must hold one that each notice has words in.* “winter” \(en\)"):
        council.change(store, welsh, by)
    assert council.show(store).languages == ("en", "pl")
    council.change(store, council.merged(council.show(store), {"languages": "cy,en"}), by)


def test_a_notice_that_was_left_without_words_before_forbids_nothing(store: Store, by: By):
    set_up(store, by)
    store.run("council.set", **council._stored(replace(council.show(store), languages=("cy",))), version=9)
    council.change(store, council.merged(council.show(store), {"name": "Trafford"}), by)
    assert council.show(store).name == "Trafford"
