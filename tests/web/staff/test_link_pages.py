"""Links at work on the pages, what staff see who scan, and the hang check that needs no sign-in."""

import re
from html import unescape

import pytest

from qrbridge import audit, codes
from qrbridge.accounts.sign_in import MOST_OF_ACCOUNT
from qrbridge.audit import By
from qrbridge.council import council, services
from qrbridge.links import hang_check, links, moves, sightings
from qrbridge.notices import notices
from qrbridge.notices.notices import Notice
from qrbridge.web import access
from qrbridge.work import jobs
from tests.given import NOTICE, PAGES
from tests.pages import Office, StaffClient, check_page, text_of
from tests.present import present


@pytest.fixture
def made(staff: Office) -> list[str]:
    """The codes of links of the notice at L1, L2 and B1."""
    found = [link.code for link in links.make(staff.store, "winter", ["L1", "L2", "B1"], By("x"))]
    staff.refresh()
    return found


@pytest.fixture
def editor(staff: Office) -> StaffClient:
    """An editor's browser."""
    return staff.client("editor")


def states(staff: Office) -> dict[str, str]:
    return {row["location"]: row["state"] for row in links.list_all(staff.store)}


def test_links_are_listed_narrowed_and_found_by_code(editor: StaffClient, made: list[str]):
    page = text_of(editor.get("/staff/links").text)
    assert "3 links." in page and page.index("Altrincham Library") < page.index("Seymour Grove")
    assert "Seymour Grove" not in editor.get("/staff/links?ward=E05015239").text
    assert "1 link." in text_of(editor.get("/staff/links?q=old+traf").text)
    for text in (made[0], codes.spoken(made[0]).lower()):
        assert editor.get(f"/staff/links?q={text}").headers["Location"] == f"/staff/links/{made[0]}"
    assert "No link fits this" in editor.get("/staff/links?state=withdrawn").text
    for order in links.LISTING.orders:
        assert editor.get(f"/staff/links?sort={order}-down").status_code == 200


def test_many_are_up_at_once(staff: Office, editor: StaffClient, made: list[str]):
    answer = editor.send("/staff/links/up", {"code": made[:2], "notice": "winter"})
    assert answer.headers["Location"] == "/staff/links?notice=winter"
    assert "2 links now up." in editor.get("/staff/links").text
    assert states(staff) == {"L1": "up", "L2": "up", "B1": "made"}
    editor.send("/staff/links/up", {"all": "yes", "notice": "winter"})
    editor.send("/staff/links/down", {"code": made[:1]})
    assert states(staff) == {"L1": "down", "L2": "up", "B1": "up"}


@pytest.mark.parametrize("form, said", [({}, "Tick at least one"), ({"code": ["X"], "day": "soon"}, "is not a day")])
def test_what_cannot_be_done_to_many_is_said(
    staff: Office, editor: StaffClient, made: list[str], form: dict[str, object], said: str
):
    answer = editor.send("/staff/links/up", form)
    assert answer.status_code == 422 and said in answer.text
    assert 'action="/staff/links"' in answer.text and 'href="/staff/links?sort=code"' in answer.text
    assert set(states(staff).values()) == {"made"}


def test_what_is_ticked_stays_so_and_all_of_a_page_are_ticked_by_a_link(editor: StaffClient, made: list[str]):
    page = editor.send("/staff/links/up", {"code": made[:2], "day": "soon"}).text
    assert [f'value="{code}" checked' in page for code in made] == [True, True, False]
    assert "Tick all 3 on this page" in page and 'href="/staff/links?ticked=page#list-caption"' in page
    page = editor.get("/staff/links?ticked=page&state=made").text
    assert page.count(" checked") == 3 and 'href="/staff/links?state=made#list-caption">Tick none' in page


def asked(client: StaffClient, verb: str, form: dict[str, object]) -> tuple[str, str]:
    """The address and the text of the page that asks before a verb is done to many."""
    answer = client.send(f"/staff/links/many/{verb}", form)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert access.CSRF_FIELD not in address
    return address, unescape(client.get(address).text)


def shown_in(page: str) -> str:
    return present(re.search(r'name="shown" value="(\w+)"', page))[1]


def test_many_are_withdrawn_once_it_was_said_what_that_does(staff: Office, editor: StaffClient, made: list[str]):
    links.withdraw(staff.store, made[2:], By("x"), "Torn")
    address, page = asked(editor, "withdraw", {"code": made, "notice": "winter", "sort": "code"})
    said = text_of(page)
    assert "Withdraw 2 links?" in said and "cannot be undone" in said and "2 of “winter”" in said
    assert (
        "1 more is withdrawn already and stays so" in said
        and "come down" not in said
        and "Old Trafford Library" in said
    )
    assert 'href="/staff/links?notice=winter&sort=code">Cancel' in page
    do = address.replace("withdraw?", "withdraw/all?")
    refused = editor.send(do, {"shown": shown_in(page), "reason": " "})
    assert refused.status_code == 422 and "The reason is missing" in refused.text
    assert states(staff) == {"L1": "made", "L2": "made", "B1": "withdrawn"}
    done = editor.send(do, {"shown": shown_in(page), "reason": "The campaign is over"})
    assert done.headers["Location"] == "/staff/links?notice=winter&sort=code"
    assert "2 links are withdrawn." in editor.get(done.headers["Location"]).text
    assert links.show(staff.store, made[0])["reason"] == "The campaign is over"
    again = editor.get(address)
    assert again.status_code == 422 and "None of these can be changed any more" in again.text


def test_all_that_are_found_are_withdrawn_if_they_are_still_the_same(
    staff: Office, editor: StaffClient, made: list[str]
):
    address, page = asked(editor, "withdraw", {"all": "yes", "q": "library", "state": "made"})
    assert "Withdraw 2 links?" in page
    links.up(staff.store, made[:1], By("x"))
    do = address.replace("withdraw?", "withdraw/all?")
    answer = editor.send(do, {"shown": shown_in(page), "reason": "Over"})
    assert answer.status_code == 422 and "no longer the links that were shown" in answer.text
    assert states(staff) == {"L1": "up", "L2": "made", "B1": "made"}
    assert "Withdraw 1 link?" in answer.text
    assert editor.send(do, {"shown": shown_in(answer.text), "reason": "Over"}).status_code == 303
    assert states(staff) == {"L1": "up", "L2": "withdrawn", "B1": "made"}


def test_many_are_moved_together_or_not_at_all(staff: Office, editor: StaffClient, made: list[str]):
    other = {**NOTICE, "key": "summer"}
    notices.add(staff.store, Notice.read(other, council.show(staff.store)), By("x"))
    summer = links.make(staff.store, "summer", ["L1"], By("x"))[0].code
    address, page = asked(editor, "move", {"code": [made[0], summer]})
    assert "Where were 2 links moved to?" in page and "can be moved back" in page
    assert 'value="L1"' not in page and 'value="L2"' in page
    assert 'value="B1"' not in unescape(editor.get(f"{address}&to=old+trafford").text)
    do, form = address.replace("move?", "move/all?"), {"shown": shown_in(page)}
    assert "The location is missing" in editor.send(do, form).text
    answer = editor.send(do, {**form, "location": "L2"})
    assert answer.status_code == 422 and "of the same notice is there" in answer.text
    assert links.show(staff.store, summer)["location"] == "L1", "none of them moved"
    links.withdraw(staff.store, made[1:2], By("x"), "Torn")
    editor.send(do, {**form, "location": "L2", "day": "1/1/2020"})
    assert links.show(staff.store, summer)["location"] == "L1", "before it was made"
    assert editor.send(do, {**form, "location": "L2"}).status_code == 303
    assert "2 links are moved to Old Trafford Library" in editor.get("/staff/links").text
    assert {links.show(staff.store, code)["location"] for code in (made[0], summer)} == {"L2"}
    links.withdraw(staff.store, made[:1], By("x"), "Torn")
    _, page = asked(editor, "move", {"code": [made[0], summer]})
    assert "Where was 1 link moved to?" in page and "1 more is withdrawn already" in page


def test_sheets_of_one_notice_cannot_all_go_to_one_place(editor: StaffClient, made: list[str]):
    answer = editor.get(editor.send("/staff/links/many/move", {"code": made[:2]}).headers["Location"])
    assert answer.status_code == 422 and "tick one of each" in answer.text
    assert [f'value="{code}" checked' in answer.text for code in made] == [True, True, False]


@pytest.mark.parametrize("verb", ["move", "withdraw"])
def test_nothing_is_asked_of_none_and_nothing_done_by_a_viewer(staff: Office, editor: StaffClient, made, verb: str):
    answer = editor.send(f"/staff/links/many/{verb}", {})
    assert answer.status_code == 422 and "Tick at least one" in answer.text
    assert editor.get(f"/staff/links/many/{verb}").status_code == 422
    unknown = editor.get(f"/staff/links/many/{verb}?codes=222222")
    assert unknown.status_code == 404 and "There is no link “222222”.<" in unknown.text, "a command helps nobody here"
    page = editor.get(f"/staff/links/many/{verb}?codes={made[0]}&verb=x&_external=1&_scheme=ftp&_anchor=y&page=2")
    assert page.status_code == 200 and "ftp:" not in page.text and "#y" not in page.text
    viewer = staff.client("viewer")
    assert "Tick all" not in viewer.get("/staff/links").text
    for address in (f"/staff/links/many/{verb}?codes={made[0]}", f"/staff/links/many/{verb}/all?codes={made[0]}"):
        assert viewer.send(address, {"reason": "x", "location": "L2"}).status_code == 403
    assert viewer.get(f"/staff/links/many/{verb}?codes={made[0]}").status_code == 403


def test_one_link_with_its_history(staff: Office, editor: StaffClient, made: list[str]):
    address = f"/staff/links/{made[0]}"
    editor.send(f"{address}/up")
    editor.send(f"{address}/check", {"saw": "elsewhere", "note": "<b>Children's room</b>"})
    page = editor.get(address).text
    assert "&lt;b&gt;Children" in page and "Up, from" in page and "It is down" in page
    answer = editor.send(f"{address}/withdraw", {"reason": ""})
    assert answer.status_code == 422 and "The reason is missing" in answer.text
    editor.send(f"{address}/withdraw", {"reason": "A fake was stuck over it"})
    page = text_of(editor.get(address).text)
    assert "Withdrawn: A fake was stuck over it" in page and "What has become of it?" not in page
    assert editor.get("/staff/links/7K3M9B").status_code == 404


def test_a_link_is_moved_and_keeps_its_code(staff: Office, editor: StaffClient, made: list[str]):
    links.withdraw(staff.store, made[1:2], By("x"), "Torn")
    address = f"/staff/links/{made[0]}"
    assert "Old Trafford Library" in editor.get(f"{address}/move?q=old").text
    answer = editor.send(f"{address}/move", {"q": "old"})
    assert answer.status_code == 422 and "The location is missing" in answer.text
    editor.send(f"{address}/move", {"location": "L2"})
    page = text_of(editor.get(address).text)
    assert (
        "It belongs to Old Trafford Library now" in page
        and "Moved from Altrincham Library to Old Trafford Library" in page
    )
    assert [row["location"] for row in moves.history(staff.store, made[0])] == ["L1"]


def test_staff_who_scan_see_the_sheet_and_say_how_it_is(staff: Office, editor: StaffClient, made: list[str]):
    here = f"/staff/links/{made[0]}/here"
    page = text_of(editor.get(here).text)
    assert "Altrincham Library" in page and "This is not where it belongs" in page
    assert editor.send(f"/staff/links/{made[0]}/check", {"saw": "up"}).headers["Location"] == here
    assert "Thank you. It is up." in editor.get(here).text and states(staff)["L1"] == "up"
    editor.send(f"/staff/links/{made[0]}/check", {"saw": "damaged", "note": "Torn off"})
    assert states(staff)["L1"] == "down" and "Torn off" in editor.get(here).text
    assert editor.send(f"/staff/links/{made[0]}/check", {"saw": "up", "note": "x" * 500}).status_code == 422
    viewer = staff.client("viewer").get(here).text
    assert "<button" not in viewer.partition("<main")[2] and "Altrincham Library" in viewer


def test_who_is_not_signed_in_may_sign_in_or_go_on_as_a_resident(staff: Office, made: list[str]):
    stranger = staff.client()
    page = stranger.get(f"/staff/links/{made[0].lower()}/here").text
    assert f"next=/staff/links/{made[0]}/here" in page or f"next=%2Fstaff%2Flinks%2F{made[0]}%2Fhere" in page
    on = f"/staff/links/{made[0]}/on"
    assert on in page and "Altrincham" not in page
    polish = stranger.get(on, headers={"Accept-Language": "pl"})
    assert polish.headers["Location"] == PAGES["pl"]
    assert polish.headers["Referrer-Policy"] == "no-referrer"
    assert staff.store.rows("links.scans", code=made[0], first_hour="")[0]["scans"] == 0
    links.withdraw(staff.store, made[:1], By("x"), "Torn")
    staff.refresh()
    explained = stranger.get(on)
    assert explained.status_code == 410 and "We have withdrawn this code" in explained.text
    assert stranger.get("/staff/links/nothing/on").status_code == 404


def test_a_destination_is_tested_by_the_worker(staff: Office, editor: StaffClient, made: list[str]):
    run = editor.send(f"/staff/links/{made[0]}/test").headers["Location"]
    page = editor.get(run)
    assert 'http-equiv="refresh"' in page.text and PAGES["en"] in page.text
    (job_id,) = (job.id for job in jobs.not_over(staff.store))
    doers = {jobs.TEST: lambda doing: {"outcome": "fine", "heading": "It opens", "sentence": "It opens: “Help”."}}
    jobs.do(staff.settings, staff.store, job_id, doers)
    done = editor.get(run).text
    assert "It opens" in done and f"/staff/links/{made[0]}/here" in done
    assert staff.jobs_told() == 1


def test_a_test_leads_back_to_no_other_site(editor: StaffClient):
    run = editor.send("/staff/jobs/test", {"address": "https://x", "back": "https://evil.example/"}).headers["Location"]
    assert "evil.example" not in run and "evil.example" not in editor.get(run).text


def test_whoever_hangs_a_sheet_says_so_with_no_sign_in(staff: Office, made: list[str]):
    token = hang_check.token(staff.settings, made[0])
    volunteer = staff.client()
    for address in (f"/UP/{made[0]}/{token}", f"/up/{made[0].lower()}/{token.lower()}"):
        page = volunteer.get(address)
        assert page.status_code == 200 and "It is up" in page.text and "Set-Cookie" not in page.headers
    assert states(staff)["L1"] == "made", "looking changes nothing"
    done = volunteer.post(f"/UP/{made[0]}/{token}")
    assert "Thank you" in done.text and states(staff)["L1"] == "up"
    assert sightings.list_for(staff.store, made[0])[0]["who"] == ""
    check_page(done.text)


def test_a_sheet_that_is_said_to_be_up_without_end_is_kept_no_oftener_than_the_limit(staff: Office, made: list[str]):
    address = f"/up/{made[0]}/{hang_check.token(staff.settings, made[0])}"
    answers = [staff.client().post(address) for _ in range(MOST_OF_ACCOUNT + 1)]
    assert [answer.status_code for answer in answers] == [200] * MOST_OF_ACCOUNT + [429]
    assert "and that is kept" in answers[-1].text
    assert len(sightings.list_for(staff.store, made[0])) == MOST_OF_ACCOUNT
    other = f"/up/{made[1]}/{hang_check.token(staff.settings, made[1])}"
    assert staff.client().post(other).status_code == 200


def test_a_token_is_for_its_own_link_alone_and_for_none_that_is_withdrawn(staff: Office, made: list[str]):
    token, other = (hang_check.token(staff.settings, code) for code in made[:2])
    links.withdraw(staff.store, made[:1], By("x"), "Torn")
    stranger = staff.client()
    for address in (f"/up/{made[0]}/{token}", f"/up/{made[2]}/{other}", f"/up/7K3M9B/{token}", f"/up/{made[2]}/é"):
        for answer in (stranger.get(address), stranger.post(address)):
            assert answer.status_code == 404 and "no sheet of ours" in answer.text
    assert states(staff)["B1"] == "made"


def test_a_services_pages_are_changed_and_put_back(staff: Office, editor: StaffClient, made: list[str]):
    links.up(staff.store, made[:1], By("x"))
    address = "/staff/services/cost-of-living/pages"
    page = text_of(editor.get(address).text)
    assert "winter : 3 links, 1 of them up" in page and "Put these back" not in page
    answer = editor.send(address, {"pages-en": "https://evil.example/", "pages-pl": ""})
    assert answer.status_code == 422 and "not on the council" in answer.text and "https://evil.example/" in answer.text
    editor.send(address, {"pages-en": "https://www.trafford.gov.uk/new", "pages-pl": ""})
    assert services.show(staff.store, "cost-of-living").pages == {"en": "https://www.trafford.gov.uk/new"}
    assert PAGES["pl"] in editor.get(address).text
    editor.send(f"{address}/undo")
    assert services.show(staff.store, "cost-of-living").pages == PAGES


def test_all_that_somebody_owns_is_handed_over(staff: Office):
    admin, leaver, heir = staff.client("admin"), staff.person("editor").email, staff.person("viewer").email
    with_owner = services.merged(services.show(staff.store, "cost-of-living"), {"owner": leaver}, _here(staff))
    services.change(staff.store, with_owner, By("x"))
    address = f"/staff/people/{leaver}/hand-over"
    assert "Help with the cost of living" in admin.get(address).text
    answer = admin.send(address, {"heir": ""})
    assert answer.status_code == 422 and "The person it goes to is missing" in answer.text
    admin.send(address, {"heir": heir})
    assert services.show(staff.store, "cost-of-living").owner == heir
    assert "owns nothing" in admin.get(address).text
    assert audit.list_for(staff.store, "service", "cost-of-living")[0]["verb"] == "hand over"


def _here(staff: Office):
    from qrbridge.council import council

    return council.show(staff.store)
