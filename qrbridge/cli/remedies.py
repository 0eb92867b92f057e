"""Which command does what a refusal advises: an error itself names none, since pages say its sentence too."""

from collections.abc import Mapping

from qrbridge.errors import InvalidInput, NotFound, QrbridgeError

# Reason -> what to add to the sentence; {about} is the key of the thing it is about.
REMEDIES: Mapping[str, str] = {
    "no-council": "Run `qrbridge init` first.",
    "no-database": "Restore it or run `qrbridge init`.",
    "no-look": "Run `make setup` first.",
    "no-typeface": "Run `{about}`.",
    "no-key": "`qrbridge init` makes those that are missing.",
    "no-postcodes": "`qrbridge ward load` loads one.",
    "no-ward": "`qrbridge ward list` shows them",
    "no-locations": "`qrbridge location import` brings them",
    "notice-ended": "`qrbridge notice set {about}` does that",
    "notice-taken": "`qrbridge notice set {about}` changes it.",
    "not-approved": "`qrbridge notice submit {about}` submits it",
    "another-host": "say --confirm",
}

# Nouns with a command that lists them.
LISTED = frozenset({"link", "location", "notice", "person", "print-run", "service", "ward"})


def told(error: QrbridgeError) -> str:
    """The sentences of an error, with the commands that help."""
    if isinstance(error, InvalidInput):
        said = ((f"{one.field}: {one.sentence}", one.reason, one.about) for one in error.problems)
        return "\n".join(with_command(*one) for one in said)
    if isinstance(error, NotFound) and error.noun in LISTED:
        return f"{error} `qrbridge {error.noun} list` shows those there are."
    return with_command(str(error), error.reason, error.about)


def with_command(sentence: str, reason: str, about: str = "") -> str:
    """A sentence, or part of one, with the command that does what it advises."""
    remedy = REMEDIES.get(reason, "").format(about=about)
    return f"{sentence}{' ' if sentence.endswith('.') else '; '}{remedy}" if remedy else sentence
