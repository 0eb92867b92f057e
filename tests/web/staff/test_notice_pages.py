"""Notices from the first step to the worker, on the pages."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from qrbridge.accounts import people
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.links import links
from qrbridge.notices import approvals, drafts, notices
from qrbridge.press.design import designs
from qrbridge.printing import print_runs, printing
from qrbridge.printing.printing import Order
from qrbridge.reports import attention
from qrbridge.serving import chores
from qrbridge.work import jobs
from tests import spoiling
from tests.calls import calls
from tests.pages import Office, StaffClient, text_of

WORDS = {"headline-en": "Need help this winter?", "body-en": "Food, energy, rent: ask us."}


@pytest.fixture
def editor(staff: Office) -> StaffClient:
    """An editor's browser."""
    return staff.client("editor")


def begun(client: StaffClient) -> str:
    """The address of a draft just begun, without its step."""
    answer = client.send("/staff/drafts")
    assert answer.status_code == 303
    return answer.headers["Location"].rpartition("/")[0]


def filled(client: StaffClient) -> str:
    """A draft with all it needs."""
    draft = begun(client)
    for step, form in (
        ("about", {"service": "cost-of-living", "key": "spring", "starts": "5/10/2026", "ends": ""}),
        ("words", WORDS),
        ("design", {"printable": "poster", "size": "A4"}),
        ("locations", {"shown": ["L1", "L2"], "location": ["L1", "L2"]}),
    ):
        answer = client.send(f"{draft}/{step}", form)
        assert answer.status_code == 303, text_of(answer.text)
    return draft


def test_a_notice_is_made_step_by_step(staff: Office, editor: StaffClient):
    draft = begun(editor)
    assert "Help with the cost of living" in editor.get(f"{draft}/about").text
    answer = editor.send(f"{draft}/about", {"service": "cost-of-living", "starts": "soon"})
    assert answer.status_code == 422 and "is not a day" in answer.text and 'value="soon"' in answer.text
    answer = editor.send(f"{draft}/about", {"service": "cost-of-living", "starts": "5/10/2026"})
    assert answer.headers["Location"] == f"{draft}/words"
    kept = drafts.show(staff.store, draft.rpartition("/")[2])
    assert re.fullmatch(r"cost-of-living-\d{4}", kept.entered["key"])
    answer = editor.send(f"{draft}/words", {"headline-en": "x" * 900, "body-en": "Ask us."})
    assert answer.status_code == 422
    assert editor.send(f"{draft}/words", WORDS).headers["Location"] == f"{draft}/design"
    page = editor.get(f"{draft}/words").text
    assert "Need help this winter?" in page and re.search(r"up to \d+ characters", page)
    assert len(re.findall(r"up to \d+ characters", page)) == 2, "nothing is entered in Polish"
    editor.send(f"{draft}/words", {**WORDS, "headline-pl": "Pomoc zimą?", "body-pl": "Zapytaj nas."})
    assert len(re.findall(r"up to \d+ characters", editor.get(f"{draft}/words").text)) == 4
    editor.send(f"{draft}/design", {"printable": "large-print"})
    assert len(re.findall(r"up to \d+ characters", editor.get(f"{draft}/words").text)) == 4
    assert editor.get(f"{draft}/design").status_code == 200


def test_a_draft_begun_from_a_service_is_about_it(staff: Office, editor: StaffClient):
    assert "Make a notice about it" in editor.get("/staff/services/show/cost-of-living").text
    address = editor.send("/staff/drafts", {"service": "cost-of-living"}).headers["Location"]
    draft = drafts.show(staff.store, address.split("/")[-2])
    assert draft.entered["service"] == "cost-of-living"


def test_a_short_name_is_not_asked_for_before_the_service(editor: StaffClient):
    answer = editor.send(f"{begun(editor)}/about", {"starts": "5/10/2026"})
    assert "The service is missing" in answer.text and "The short name is missing" not in answer.text


def test_a_draft_is_found_again_and_thrown_away(editor: StaffClient):
    draft = filled(editor)
    page = editor.get("/staff/notices").text
    assert "In the making" in page and f"{draft}/check" in page
    assert editor.send(f"{draft}/drop").status_code == 303
    assert "In the making" not in editor.get("/staff/notices").text
    assert editor.get(f"{draft}/check").status_code == 404


def test_many_drafts_have_a_page_of_their_own(staff: Office, editor: StaffClient):
    others = [drafts.begin(staff.store, By("sam@example.gov.uk"), "winter").id for _ in range(60)]
    mine = begun(editor)
    page = editor.get("/staff/notices").text
    assert page.count("/check") == 5 and f"{mine}/check" in page and "All 61 in the making" in page
    first, second = (editor.get(f"/staff/drafts?sort=author_name&page={number}").text for number in (1, 2))
    assert (
        sum(f"{draft}/check" in first for draft in others) + sum(f"{draft}/check" in second for draft in others) == 60
    )
    assert "Shown are 51 to 61" in text_of(second)
    assert "61 drafts" not in editor.get("/staff/drafts?q=winter").text
    assert "No draft fits this" in editor.get("/staff/drafts?q=nothing").text
    viewer = staff.client("viewer").get("/staff/drafts").text
    assert "winter" in viewer and "/check" not in viewer


def test_locations_are_ticked_found_and_unticked(staff: Office, editor: StaffClient):
    draft = begun(editor)
    key = draft.rpartition("/")[2]

    def chosen() -> set[str]:
        return set(drafts.show(staff.store, key).locations)

    editor.send(f"{draft}/locations", {"does": "all", "kind": "library"})
    assert chosen() == {"L1", "L2"}
    assert "2 locations chosen" in editor.get(f"{draft}/locations?kind=library").text
    editor.send(f"{draft}/locations", {"shown": ["B1", "L1"], "location": ["B1"]})
    assert chosen() == {"B1", "L2"}
    answer = editor.send(f"{draft}/locations", {"shown": ["B1"], "location": [], "does": "page-2", "q": "x"})
    assert answer.headers["Location"] == f"{draft}/locations?q=x&page=2"
    editor.send(f"{draft}/locations", {"does": "none"})
    assert chosen() == set()
    assert editor.send(f"{draft}/locations", {}).status_code == 422


def test_what_is_missing_is_said_on_the_check(editor: StaffClient):
    draft = begun(editor)
    page = editor.get(f"{draft}/check").text
    for said in ("The headline in English is missing", "Choose at least one location.", "Before it can be printed"):
        assert said in page
    assert "Approve and print" not in page


def test_what_residents_see_is_shown_and_never_run(editor: StaffClient):
    draft = filled(editor)
    editor.send(f"{draft}/words", {"headline-en": "<script>alert(1)</script>", "body-en": "%s {{ 7 * 7 }}"})
    for page in ("words", "check"):
        text = editor.get(f"{draft}/{page}").text
        assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text and "{{ 7 * 7 }}" in text


def test_printing_asks_the_worker_and_shows_how_far_it_is(staff: Office, editor: StaffClient):
    draft = filled(editor)
    answer = editor.send(f"{draft}/print")
    run = answer.headers["Location"]
    page = editor.get(run)
    assert 'http-equiv="refresh"' in page.text and "waits for its turn" in page.text
    assert notices.show(staff.store, "spring").printable == "poster"
    assert staff.jobs_told() == 1
    job_id = run.rpartition("/")[2]
    jobs.do(staff.settings, staff.store, job_id, chores.DOERS)
    done = editor.get(run)
    assert "http-equiv" not in done.text and "Download the PDF" in done.text
    with editor.get(f"{run}/pdf") as pdf:
        assert pdf.data[:5] == b"%PDF-" and "spring.pdf" in pdf.headers["Content-Disposition"]
    with editor.get(f"{run}/pages") as listed:
        assert b"Altrincham Library" in listed.data
    assert "spring" in editor.get("/staff/runs").text
    assert editor.get(f"/staff/runs/{2**63}").status_code == 404
    record = editor.get("/staff/runs/1").text
    assert "every one read" in record and run in record
    again = editor.send("/staff/runs/1/reprint").headers["Location"]
    jobs.do(staff.settings, staff.store, again.rpartition("/")[2], chores.DOERS)
    with editor.get(f"{again}/pdf") as same:
        assert same.data == pdf.data
    links.withdraw(staff.store, [links.list_all(staff.store, notice="spring")[0]["code"]], By("x"), "torn")
    refused = editor.send("/staff/runs/1/reprint")
    assert refused.status_code == 422 and "sheets is withdrawn" in refused.text and 'id="confirm-error"' in refused.text
    assert editor.send("/staff/runs/1/reprint", {"confirm": "yes"}).status_code == 303
    assert editor.get(f"{draft}/check").status_code == 404, "the draft is done with"


def test_a_run_that_fails_says_why_and_leads_back(staff: Office, editor: StaffClient):
    draft = filled(editor)
    run = editor.send(f"{draft}/print").headers["Location"]
    notices.change(
        staff.store,
        notices.merged(
            notices.show(staff.store, "spring"), {"starts": "1/10/2026", "ends": "2/10/2026"}, council.show(staff.store)
        ),
        By("x"),
    )
    jobs.do(staff.settings, staff.store, run.rpartition("/")[2], chores.DOERS)
    page = editor.get(run).text
    assert "this notice ended on 2 October 2026" in page and f"{draft}/check" in page
    assert editor.get(f"{run}/pdf").status_code == 404


def test_where_another_approves(staff: Office, editor: StaffClient):
    store = staff.store
    council.change(store, council.merged(council.show(store), {"another_approves": "yes"}), By("x"))
    draft = filled(editor)
    assert "Submit for approval" in editor.get(f"{draft}/check").text
    refused = editor.send(f"{draft}/print")
    assert "not approved" in refused.text and jobs.not_over(store) == []
    assert editor.send(f"{draft}/submit").status_code == 303
    assert "waits for approval by someone else" in editor.get(f"{draft}/check").text
    assert "Approve it?" not in editor.get("/staff/notices/spring").text
    now = {"seen": approvals.as_seen(store, notices.show(store, "spring"))}
    own = editor.send("/staff/notices/spring/approve", now)
    assert own.status_code == 409 and "someone else to approve it" in own.text
    other = staff.client("admin")
    assert "Approve it?" in other.get("/staff/notices/spring").text
    answer = other.send("/staff/notices/spring/reject", {"reason": ""})
    assert answer.status_code == 422 and "The reason is missing" in answer.text
    other.send("/staff/notices/spring/reject", {"reason": "Old phone number"})
    for page in ("/staff/notices/spring", f"{draft}/check"):
        assert "Sent back by Jo Admin: Old phone number" in editor.get(page).text
    editor.send("/staff/notices/spring/submit")
    seen = re.search(r'name="seen" value="(\w+)"', other.get("/staff/notices/spring").text)
    assert seen
    for sent in ({}, {"seen": "0" * 64}):
        answer = other.send("/staff/notices/spring/approve", sent)
        assert answer.status_code == 409 and "changed after you opened this page" in answer.text
    other.send("/staff/notices/spring/approve", {"seen": seen[1]})
    assert approvals.show(store, notices.show(store, "spring")).state == "approved"
    assert editor.send(f"{draft}/print").status_code == 303


def test_a_notice_is_changed_by_a_draft_of_its_own(staff: Office, editor: StaffClient):
    links.make(staff.store, "winter", ["L1"], By("x"))
    links.up(staff.store, [row["code"] for row in links.list_all(staff.store)], By("x"))
    draft = editor.send("/staff/drafts", {"notice": "winter"}).headers["Location"].rpartition("/")[0]
    assert "on the wall" not in editor.get(f"{draft}/check").text
    editor.send(f"{draft}/words", WORDS)
    assert "1 sheet on the wall says what the notice said before" in editor.get(f"{draft}/check").text
    assert "Go on with the draft" in editor.get("/staff/notices/winter").text


def test_every_design_can_be_gone_back_from(editor: StaffClient):
    draft = filled(editor)
    for design in designs.names():
        editor.send(f"{draft}/design", {"printable": design, "does": "show"})
        for step in ("words", "design", "check"):
            assert editor.get(f"{draft}/{step}").status_code == 200, (design, step)


def test_words_longer_than_any_sheet_are_kept_and_not_laid_out(editor: StaffClient):
    draft = filled(editor)
    answer = editor.send(f"{draft}/words", {**WORDS, "body-en": "word " * 90_000})
    assert answer.status_code == 422 and "at most 2,000 fit" in answer.text and "word word" in answer.text
    # They are 520,000 where no template is compiled yet.
    assert calls(lambda: editor.get(f"{draft}/check")) < 2_000_000
    assert editor.get(f"{draft}/check").status_code == 200


def test_a_preview_is_a_picture(editor: StaffClient):
    draft = begun(editor)
    assert editor.get(f"{draft}/preview.png").status_code == 404
    assert "Choose a service first" in editor.get(f"{draft}/design").text
    editor.send(f"{draft}/about", {"service": "cost-of-living"})
    answer = editor.get(f"{draft}/preview.png")
    assert answer.content_type == "image/png" and answer.data[:4] == b"\x89PNG"


def test_a_viewer_reads_and_changes_nothing(staff: Office):
    viewer = staff.client("viewer")
    page = viewer.get("/staff/notices").text
    assert "Make a notice" not in page and "winter" in page
    assert "Change or print it" not in viewer.get("/staff/notices/winter").text
    assert viewer.send("/staff/drafts").status_code == 403


def test_labels_begin_where_the_last_run_ended(staff: Office, editor: StaffClient):
    draft = filled(editor)
    assert "first label" not in editor.get(f"{draft}/check").text
    editor.send(f"{draft}/words", {"headline-en": "Help?", "body-en": "Ask us."})
    editor.send(f"{draft}/design", {"printable": "labels"})
    assert "first label that is still on the sheet" in editor.get(f"{draft}/check").text
    answer = editor.send(f"{draft}/print", {"start_at": "many"})
    assert answer.status_code == 422 and "“many” must be a whole number from 1 to 100" in answer.text
    run = editor.send(f"{draft}/print", {"start_at": "3"}).headers["Location"]
    assert jobs.show(staff.store, run.rpartition("/")[2]).given["start_at"] == 3


@pytest.mark.parametrize(
    "content, said",
    [(b"not a picture", "not a photograph we can open"), (b"\x89PNG\r\n\x1a\n", "not a photograph we can open")],
)
def test_a_photograph_that_is_none_is_refused(editor: StaffClient, content: bytes, said: str):
    draft = filled(editor)
    form = {"printable": "poster-picture", "picture": (io.BytesIO(content), "sale.png")}
    answer = editor.send(f"{draft}/design", form)
    assert answer.status_code == 422 and said in answer.text


def test_a_photograph_is_kept_and_shown(staff: Office, editor: StaffClient):
    draft = filled(editor)
    answer = editor.send(f"{draft}/design", {"printable": "poster-picture"})
    assert answer.status_code == 422 and "shows a photograph" in answer.text
    photograph = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 900)).convert("RGB").save(photograph, "JPEG")
    photograph.seek(0)
    form = {"printable": "poster-picture", "picture": (photograph, "sale.jpg"), "picture_alt": "Sale Library"}
    assert editor.send(f"{draft}/design", form).status_code == 303
    assert drafts.show(staff.store, draft.rpartition("/")[2]).entered["picture"]
    assert editor.get(f"{draft}/preview.png").content_type == "image/png"


def test_the_list_says_how_many_sheets_on_walls_are_out_of_date(staff: Office, editor: StaffClient):
    assert "on walls" not in editor.get("/staff/notices").text
    attention.keep_out_of_date(staff.store, {"winter": 3})
    assert "3 sheets on walls" in editor.get("/staff/notices?q=wint&sort=up-down").text
    assert "No notice fits this" in editor.get("/staff/notices?q=nothing").text
    assert 'aria-sort="descending"' in editor.get("/staff/notices?sort=figure-down").text


def test_a_reading_distance_is_kept_as_it_was_typed_and_read(staff: Office, editor: StaffClient):
    draft = filled(editor)
    answer = editor.send(f"{draft}/design", {"printable": "poster", "size": "A4", "reading_distance": "far"})
    assert answer.status_code == 422 and "“far” must be in metres, such as 1.5" in text_of(answer.text)
    assert 'value="far"' in answer.text
    editor.send(f"{draft}/design", {"printable": "poster", "size": "A4", "reading_distance": "0.8"})
    assert editor.send(f"{draft}/submit").status_code == 303
    assert notices.show(staff.store, "spring").reading_distance_mm == 800
    again = editor.send("/staff/drafts", {"notice": "spring"}).headers["Location"].rpartition("/")[0]
    assert 'value="0.8"' in editor.get(f"{again}/design").text


def test_people_and_print_runs_are_searched(staff: Office):
    admin = staff.client("admin")
    for address, said in (("runs", "No print run fits this"), ("people", "Nobody fits this")):
        assert said not in admin.get(f"/staff/{address}?sort=email-down&page=2").text
        assert said in admin.get(f"/staff/{address}?q=nothing").text
    assert "Nothing was printed yet" in admin.get("/staff/runs").text


def test_a_notice_whose_design_is_unsound_says_why_and_can_have_another(
    staff: Office, editor: StaffClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    draft = filled(editor)
    printing.print_notice(staff.store, Order("winter", ["L1"], tmp_path / "winter.pdf"), By("x"))
    spoiling.spoil(spoiling.copied(tmp_path, monkeypatch), "poster")
    why = "“poster” cannot be used: poster.abuot: There is no such setting"
    said = text_of(editor.get("/staff/notices/winter").text)
    assert why in said and "1 printed sheet is out of date, and the notice cannot be printed now: poster.a" in said
    assert editor.get("/staff/notices").status_code == editor.get("/staff").status_code == 200
    page = text_of(editor.get(f"{draft}/design").text)
    assert "Window sticker" in page and "poster.about: This is missing" in page
    refused = editor.send(f"{draft}/design", {"printable": "poster", "size": "A4"})
    assert refused.status_code == 422 and why in text_of(refused.text)
    assert why in text_of(editor.get(f"{draft}/check").text)
    assert editor.send(f"{draft}/print", {}).status_code == 422
    assert editor.send(f"{draft}/design", {"printable": "flyer"}).status_code == 303
    assert print_runs.out_of_date_on_walls(staff.store) == {}


def test_people_designs_and_services_go_by_their_names(staff: Office, editor: StaffClient):
    store, me = staff.store, staff.person("editor")
    page = text_of(editor.get("/staff/services/show/cost-of-living").text)
    assert designs.read("poster").title in page and " poster " not in page
    begun = drafts.begin(store, By(staff.person("admin").email))
    drafts.keep(store, begun.id, {"service": "cost-of-living"}, By("x"))
    page = text_of(editor.get("/staff/drafts").text)
    assert "Help with the cost of living" in page and "Jo Admin" in page and "jo.admin" not in page
    assert "No draft fits" not in editor.get("/staff/drafts?q=jo.admin").text
    people.add(store, Person("jo.two@example.gov.uk", "Jo Admin", "viewer"), By("x"))
    assert "jo.admin@example.gov.uk" in editor.get("/staff/drafts").text, "two go by that name"
    notices.change(store, replace(notices.show(store, "winter"), ends=date(2030, 1, 1)), By(me.email))
    assert "Jo Editor" in text_of(editor.get("/staff/notices/winter").text).partition("History")[2]


def test_who_edited_a_colleagues_draft_is_told_that_someone_else_approves(staff: Office, editor: StaffClient):
    store = staff.store
    council.change(store, council.merged(council.show(store), {"another_approves": "yes"}), By("x"))
    draft, other = filled(editor), staff.client("admin")
    other.send(f"{draft}/words", {**WORDS, "headline-en": "Cold at home?"})
    editor.send(f"{draft}/submit")
    page = text_of(other.get("/staff/notices/spring").text)
    assert "so someone else approves it" in page and "Approve it?" not in page
    seen = approvals.as_seen(store, notices.show(store, "spring"))
    refused = other.send("/staff/notices/spring/approve", {"seen": seen})
    assert refused.status_code == 409 and "wants someone else to approve it" in refused.text


def test_a_notice_whose_service_changed_since_says_what_changed(staff: Office, editor: StaffClient):
    store = staff.store
    council.change(store, council.merged(council.show(store), {"another_approves": "yes"}), By("x"))
    draft = filled(editor)
    editor.send(f"{draft}/submit")
    approvals.approve(store, "spring", By("sam@example.gov.uk"))
    service = services.show(store, "cost-of-living")
    services.change(store, replace(service, phone="0161 912 3000"), By("kim@example.gov.uk"))
    for address in ("/staff/notices/spring", f"{draft}/check"):
        page = text_of(editor.get(address).text)
        assert "Changed since it was approved: the phone number" in page and "Submit for approval" in page
    refused = editor.send(f"{draft}/print")
    assert refused.status_code == 422 and "since this was changed: the phone number" in refused.text
