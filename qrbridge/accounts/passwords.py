"""Passwords: hashed so that a stolen copy of the store is of little use, and refused where anyone would guess them."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qrbridge.errors import InvalidInput, Problem

# One of the settings OWASP gives for argon2id: 46 MiB and one pass, 56 ms here. Stronger ones would let a few people
# signing in at once hold up everybody else's pages.
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)

# Length is what makes a password hard to guess; three words of some length have it.
SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 6


def hashed(password: str) -> str:
    """What the store keeps of a password."""
    return _HASHER.hash(_tidied(password))


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one kept; takes as long where there is none to compare with."""
    try:
        _HASHER.verify(kept or _nobodys(), _tidied(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def check(password: str, again: str, of: str) -> None:
    """Refuse a new password that is short, easily guessed by whoever knows the address, or typed differently twice."""
    problems = []
    tidied = _tidied(password)
    if not SHORTEST <= len(tidied) <= LONGEST:
        problems.append(Problem("password", f"must have {SHORTEST} to {LONGEST} characters; three words do well"))
    elif len(set(tidied)) < FEWEST_DIFFERENT or of.partition("@")[0].casefold() in tidied.casefold():
        problems.append(Problem("password", "is easily guessed; choose three words that have nothing to do with you"))
    elif tidied != _tidied(again):
        problems.append(Problem("again", "is not the same as above; type both again"))
    if problems:
        raise InvalidInput(problems)


def _tidied(password: str) -> str:
    """One password as different keyboards may send it; what is far too long is cut, so that it costs no more."""
    return unicodedata.normalize("NFKC", password[: 2 * LONGEST])


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password")
