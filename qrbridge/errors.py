"""Every failure we expect, each with a stable name, an HTTP status and a sentence for the person reading it."""

from collections.abc import Sequence
from dataclasses import dataclass


class QrbridgeError(Exception):
    """A failure we expect; `str()` of it is the sentence to show.

    A sentence holds on every surface: it names no command, button or page. Where a surface can say which of its own
    does what the sentence advises, `reason` names the case and `about` the key of the thing.
    """

    name = "error"
    status = 500

    def __init__(self, sentence: str = "", reason: str = "", about: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason
        self.about = about


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what was entered: which field, what is wrong, and what to do next.

    `reason` and `about` are those of `QrbridgeError`.
    """

    field: str
    sentence: str
    reason: str = ""
    about: str = ""


class InvalidInput(QrbridgeError):
    """What was entered cannot be used; `problems` holds every reason, not only the first."""

    name = "invalid-input"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{p.field}: {p.sentence}" for p in problems))
        self.problems = tuple(problems)


class Unsound(InvalidInput):
    """A printable cannot be used, because of what stands in its folder; `problems` holds every reason."""

    name = "unsound-printable"

    @property
    def sentence(self) -> str:
        """All of it in a line."""
        return "cannot be used: " + " ".join(f"{p.field}: {p.sentence}" for p in self.problems)


class NotFound(QrbridgeError):
    """Nothing is kept under that name."""

    name = "not-found"
    status = 404

    def __init__(self, noun: str, key: str, advice: str = "") -> None:
        """`advice` is a sentence on what to do instead, where there is one that holds on every surface."""
        said = f"There is no {noun.replace('-', ' ')} “{key}”."
        super().__init__(f"{said} {advice}" if advice else said, about=key)
        self.noun = noun
        self.key = key


class Conflict(QrbridgeError):
    """What was asked does not fit what is already there."""

    name = "conflict"
    status = 409


class NotAllowed(QrbridgeError):
    """The person signed in may not do this; the sentence says who may."""

    name = "not-allowed"
    status = 403


class TooManyTries(QrbridgeError):
    """Something that must not be guessed was tried too often; the sentence says how long to wait."""

    name = "too-many-tries"
    status = 429


class Over(QrbridgeError):
    """Something that could be used once, or until a moment, cannot be used any more."""

    name = "over"
    status = 410


class ProviderFailed(QrbridgeError):
    """The council's identity provider cannot be reached, or what it said of somebody cannot be believed."""

    name = "provider-failed"
    status = 502


class UnreadableFile(QrbridgeError):
    """A file we were given cannot be read as what it should be; the sentence says what it is and what to do."""

    name = "unreadable-file"
    status = 422


class CannotPrint(QrbridgeError):
    """A sheet cannot be released: its words do not fit, its design is incomplete, or its code does not read."""

    name = "cannot-print"
    status = 422


class NotSetUp(QrbridgeError):
    """The installation is not complete; the sentence says what is missing."""

    name = "not-set-up"
    status = 503


class StoreUnavailable(QrbridgeError):
    """The database cannot be reached, is locked or is gone; nothing was changed."""

    name = "store-unavailable"
    status = 503
