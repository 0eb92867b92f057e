import pytest

from qrbridge.cli.remedies import told
from qrbridge.errors import Conflict, InvalidInput, NotFound, NotSetUp, Problem, QrbridgeError


@pytest.mark.parametrize(
    "error, said",
    [
        pytest.param(
            NotSetUp("No council is set up here.", "no-council"),
            "No council is set up here. Run `qrbridge init` first.",
            id="a sentence",
        ),
        pytest.param(
            Conflict("There is a notice “winter” already.", "notice-taken", "winter"),
            "There is a notice “winter” already. `qrbridge notice set winter` changes it.",
            id="with the key of the thing",
        ),
        pytest.param(
            InvalidInput(
                [Problem("locations", "there are none; bring some in", "no-locations"), Problem("ends", "no")]
            ),
            "locations: there are none; bring some in; `qrbridge location import` brings them\nends: no",
            id="part of a sentence, beside one without",
        ),
        pytest.param(
            NotSetUp("A typeface is not installed.", "no-typeface", "make fonts-chinese"),
            "A typeface is not installed. Run `make fonts-chinese`.",
            id="a command that the error knows",
        ),
        pytest.param(
            NotFound("print-run", "9"),
            "There is no print run “9”. `qrbridge print-run list` shows those there are.",
            id="what has a list",
        ),
        pytest.param(
            NotFound("job", "x", "It was printed."), "There is no job “x”. It was printed.", id="what has none"
        ),
        pytest.param(Conflict("That cannot be.", "of another surface"), "That cannot be.", id="no command helps"),
    ],
)
def test_a_refusal_is_told_with_the_command_that_helps(error: QrbridgeError, said: str):
    assert told(error) == said
