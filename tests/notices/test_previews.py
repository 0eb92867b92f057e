import pytest

from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.notices import drafts, notices, previews
from qrbridge.notices.notices import Notice
from qrbridge.store import Store
from tests.given import set_up

LINE_ENDS = [
    pytest.param("\r\n", id="as browsers send them"),
    pytest.param("\r", id="as old Macs wrote them"),
    pytest.param("\n\n  \n", id="with empty lines"),
    pytest.param("\x0b", id="as spreadsheets write them in a cell"),
    pytest.param("\x85", id="next line"),
    pytest.param("\u2028", id="as word processors do"),
    pytest.param(" \t\n\t ", id="among spaces and tabs"),
]


@pytest.mark.parametrize("end", LINE_ENDS)
def test_enter_in_a_text_is_shown_and_printed_as_a_line_of_its_own(store: Store, by: By, end: str):
    set_up(store, by)
    draft = drafts.begin(store, by, "winter")
    plain = drafts.keep(store, draft.id, {"words": {"en": {"headline": "Warm rooms", "body": "One\nTwo"}}}, by)
    shown = previews.preview(store, plain)
    typed = {"headline": f"Warm{end}rooms", "body": f"One{end}Two{end}"}
    changed = drafts.keep(store, draft.id, {"words": {"en": typed}}, by)
    assert previews.refusal(store, changed) == "" and previews.preview(store, changed) == shown
    assert previews.as_notice(store, changed).words["en"] == {"headline": "Warm rooms", "body": "One\nTwo"}
    assert Notice.read(changed.entered, council.show(store)).words["en"] == {
        "headline": "Warm rooms",
        "body": "One\nTwo",
    }


def test_what_is_longest_is_what_is_kept_and_not_what_was_typed(store: Store, by: By):
    set_up(store, by)
    body = "\r\n".join(["words"] * 40)
    kept = notices.tidied("body", body)
    assert len(kept) < len(body) and kept.count("\n") == 39
