"""What admins do on their pages: people, the council's details, the record of changes."""

import re

from qrbridge import audit
from qrbridge.accounts import people
from qrbridge.audit import By, Change
from qrbridge.council import council
from qrbridge.links import links
from tests.pages import Office, text_of

COUNCIL = "/staff/council"


def test_the_council_is_changed_and_says_so_once(staff: Office):
    client = staff.client("admin")
    answer = client.send(COUNCIL, {"phone": "0161 912 3000", "languages": "en, cy"})
    assert answer.status_code == 303
    assert "details are changed" in client.get(COUNCIL).text and "details are changed" not in client.get(COUNCIL).text
    here = council.show(staff.store)
    assert (here.phone, here.languages, here.name) == ("0161 912 3000", ("en", "cy"), "Trafford Council")
    assert audit.list_for(staff.store, "council", "1")[0]["who"] == "jo.admin@example.gov.uk"


def test_what_cannot_be_used_is_said_above_and_beside_and_stays(staff: Office):
    answer = staff.client("admin").send(COUNCIL, {"phone": "none", "colour": "#ffff00", "name": ""})
    assert answer.status_code == 422
    assert answer.text.count("“none” is not a phone number") == 2 and 'value="none"' in answer.text
    assert answer.text.count("Name is missing; enter it") == 2
    assert re.search(r'href="#colour"', answer.text) and "<title>Error: The council" in answer.text
    assert council.show(staff.store).phone == "0161 912 2000"


def test_another_printed_host_asks_for_a_second_thought(staff: Office, by: By):
    links.make(staff.store, "winter", ["L1"], by)
    client = staff.client("admin")
    assert 'name="confirm"' not in client.get(COUNCIL).text
    answer = client.send(COUNCIL, {"short_host": "q.trafford.gov.uk"})
    assert answer.status_code == 422 and "1 link was made with qr.trafford.gov.uk" in answer.text
    assert 'name="confirm"' in answer.text
    assert client.send(COUNCIL, {"short_host": "q.trafford.gov.uk", "confirm": "yes"}).status_code == 303
    assert council.show(staff.store).short_host == "q.trafford.gov.uk"


def test_somebody_is_changed_and_out_at_once(staff: Office):
    admin, editor = staff.client("admin"), staff.client("editor")
    address = f"/staff/people/{staff.person('editor').email}"
    assert editor.get("/staff").status_code == 200
    assert admin.send(address, {"name": "Jo Brown", "role": "viewer", "active": "no"}).status_code == 303
    assert "Jo Brown is changed" in admin.get(address).text
    assert editor.get("/staff").status_code == 303
    assert "May not sign in" in text_of(admin.get("/staff/people").text)
    assert "Make a link" not in admin.get(address).text
    answer = admin.send(f"{address}/link")
    assert answer.status_code == 409 and "Jo Brown may not sign in, so a link would be of no use" in answer.text


def test_the_only_admin_cannot_lock_everybody_out(staff: Office):
    admin = staff.client("admin")
    answer = admin.send(f"/staff/people/{staff.person('admin').email}", {"role": "viewer", "active": "yes"})
    assert answer.status_code == 409 and "the only admin" in answer.text
    assert people.show(staff.store, staff.person("admin").email).role == "admin"


def test_an_admin_ends_sessions_and_a_lost_second_factor(staff: Office):
    admin, viewer = staff.client("admin"), staff.client("viewer")
    address = f"/staff/people/{staff.person('viewer').email}"
    staff.store.run("people.set_second_factor", email=staff.person("viewer").email, totp_secret="A" * 32, step=0)
    assert "Turn off the second factor" in admin.get(address).text
    assert admin.send(f"{address}/second-factor/off").status_code == 303
    assert "Turn off the second factor" not in admin.get(address).text
    assert admin.send(f"{address}/sign-out").status_code == 303
    assert viewer.get("/staff").status_code == 303


def test_changes_are_listed_filtered_and_turned_over(staff: Office):
    for number in range(60):
        change = Change("link", f"L{number}", "withdraw", {"state": "up"}, {"state": "withdrawn"})
        audit.write(staff.store, By("sam@example.gov.uk"), change)
    admin = staff.client("admin")
    first = admin.get("/staff/audit?who=sam@example.gov.uk").text
    assert first.count("<li>\n<div>") == 50 and "Link L59: withdraw" in first and "<del>up</del>" in first
    older = re.search(r'href="(/staff/audit\?[^"]*before=[^"]*)"', first)
    assert older
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert second.count("<li>\n<div>") == 10 and "Link L0: withdraw" in second and "Older changes" not in second
    assert "No change fits this" in admin.get("/staff/audit?who=nobody").text
    wrong = admin.get("/staff/audit?from=yesterday")
    assert wrong.status_code == 422 and wrong.text.count("“yesterday” is not a day") == 2


def test_changes_as_a_spreadsheet(staff: Office):
    answer = staff.client("admin").get("/staff/audit.csv?noun=service")
    assert answer.mimetype == "text/csv" and answer.headers["Content-Disposition"].startswith("attachment; filename=")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "When (UTC),Who,What,Which,Change,Field,Before,After"
    assert any("cost-of-living,add,phone,,0161 912 2000" in line for line in lines)
    assert staff.client("admin").get("/staff/audit.csv?from=x").status_code == 422


def test_what_an_import_did_to_each_is_a_spreadsheet(staff: Office):
    with staff.store.atomic():
        many = audit.Many(staff.store, By("sam@example.gov.uk"))
        many.add([Change("location", "P1", "change", {"name": "Hub", "kind": ""}, {"name": "The hub", "kind": ""})])
        many.done(Change("location", "places.csv", "import", {}, {"changed": 1}), in_one_line=True)
    admin = staff.client("admin")
    link = re.search(r'href="([^"]*)">What it did to each', admin.get("/staff/audit?noun=location").text)
    assert link
    lines = admin.get(link[1].replace("&amp;", "&")).data.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[2] for line in lines[1:]] == [
        "sam@example.gov.uk,location,places.csv,import,changed,,1",
        "sam@example.gov.uk,location,P1,change,,name: Hub,name: The hub",
    ]
    assert "The hub" in admin.get("/staff/audit?key=P1").text
