"""What a page can change, a command can change too."""

from collections.abc import Mapping

import pytest

from qrbridge.cli.root import main
from qrbridge.web import access
from tests import walk
from tests.generated import commands
from tests.pages import Office

# The command for each form that an editor or admin can send; a form that is new is red until it is here.
COMMANDS: Mapping[str, str] = {
    "council.change": "council set",
    "council.keep_logo": "council logo",
    "council.drop_logo": "council logo",
    "drafts.begin": "notice add",
    "drafts.keep": "notice set",
    "drafts.submit": "notice submit",
    "drafts.print_": "notice print",
    "handing_over.hand_over": "service hand-over",
    "jobs.test": "service test",
    "links.mark": "link up",
    "links.mark_one": "link down",
    "links.withdraw": "link withdraw",
    "links.move": "link move",
    "many_links.choose": "link withdraw",
    "many_links.do": "link withdraw",
    "locations.add": "location add",
    "locations.change": "location set",
    "notices.submit": "notice submit",
    "notices.approve": "notice approve",
    "notices.reject": "notice reject",
    "people.add": "person add",
    "people.change": "person set",
    "people.make_link": "person link",
    "people.second_factor_off": "person sign-out",
    "people.leave_everywhere": "person sign-out",
    "print_runs.reprint": "print-run reprint",
    "repointing.change": "service set",
    "repointing.undo": "service undo",
    "services.add": "service add",
    "services.change": "service set",
    "staff_scan.check": "link check",
    "staff_scan.test": "service test",
    "uploads.receive": "location import",
    "uploads.answer": "location import",
    "uploads.confirm": "location import",
}
# What only a page has to ask, since a command is whole when it is given.
ONLY_A_PAGE = {
    "drafts.drop": "a command keeps no draft",
    "uploads.choose": "a command keeps doubtful rows as they are",
    "uploads.discard": "a command keeps no file",
}
# One's own account is one's own browser's.
OF_WORK = ("editor", "admin")


def test_each_form_of_the_office_has_its_command(staff: Office):
    forms = {
        rule.endpoint
        for rule in walk.rules(staff)
        if "POST" in (rule.methods or ()) and access.ALLOWED[rule.endpoint] in OF_WORK
    }
    assert forms == {*COMMANDS, *ONLY_A_PAGE}


@pytest.mark.parametrize("words", sorted(set(COMMANDS.values())))
def test_the_command_is_there(words: str):
    assert ("qrbridge", *words.split()) in {path for path, _ in commands(main, ("qrbridge",))}
