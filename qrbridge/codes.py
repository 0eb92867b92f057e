"""The characters of a short link: made by chance, checked by their last character, forgiving of how they are typed."""

import secrets
from collections.abc import Callable, Iterator
from itertools import islice, product

from stdnum.iso7064 import mod_37_2

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""28 characters without vowels or look-alikes: no words, and no code can be one of our page addresses."""

POSTER_LENGTH = 6
LETTER_LENGTH = 12
LENGTHS = (POSTER_LENGTH, LETTER_LENGTH)

# ISO 7064's pure system needs a prime modulus; 29 is the next one up, so one check value has no character of its own.
_SPARE = "*"
_WITH_SPARE = ALPHABET + _SPARE
_MODULUS = len(_WITH_SPARE)
_RIGHT = 1

_GROUP = 3
# A code with every separator people add is still far shorter; longer text is not a code and not worth reading.
_LONGEST_TYPED = 64

# Hyphen, soft hyphen, the dashes that phones and word processors put in its place, underscore, minus; then spaces that
# are printed and that are not (zero width, byte order mark, and the marks copied along with right-to-left text).
_SEPARATORS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015_\u2212 \t\r\n\f\v\u00a0\u2002\u2003\u2009\u202f\u3000"
_SEPARATORS += "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_OPENING = "([{<\"'\u2018\u201c\u00ab"
_CLOSING = ")]}>\"'\u2019\u201d\u00bb.,;:!?/\u2026"

# Not str.upper(): it makes ASCII letters out of others (long s, sharp s), which would let two spellings be one code.
_TO_CANONICAL = {ord(letter.lower()): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | dict.fromkeys(
    map(ord, _SEPARATORS)
)


def _weights(length: int) -> tuple[dict[str, int], ...]:
    """For each place, what each character (either case) adds to the check sum."""
    return tuple(
        {
            spelling: value * 2 ** (length - 1 - place) % _MODULUS
            for value, character in enumerate(ALPHABET)
            for spelling in (character, character.lower())
        }
        for place in range(length)
    )


_WEIGHTS = {length: _weights(length) for length in LENGTHS}
_W0, _W1, _W2, _W3, _W4, _W5 = _WEIGHTS[POSTER_LENGTH]

# What is read off paper or heard down a telephone, and what was probably printed. The likeliest first.
_LOOK_ALIKES = {
    "0": "DQC8",
    "1": "7TJ",
    "A": "4H8K",
    "E": "3FB",
    "I": "7TJ",
    "L": "7T4",
    "O": "DQC",
    "U": "VWY",
    "2": "Z7",
    "3": "8B",
    "4": "H9",
    "5": "S6",
    "6": "GB5",
    "7": "T2Z",
    "8": "B3",
    "9": "GQ4",
    "B": "8PD3",
    "C": "GD",
    "D": "BTC",
    "F": "SP",
    "G": "6C9J",
    "H": "NK4",
    "J": "GY",
    "K": "XHJ",
    "M": "NW",
    "N": "MH",
    "P": "BRF",
    "Q": "9G",
    "R": "PK",
    "S": "5F",
    "T": "7DP",
    "V": "WYB",
    "W": "VM",
    "X": "KY",
    "Y": "VXJ",
    "Z": "27",
}
# Two characters that we never print, at most four readings each, twice over: more is a guess, not a slip.
_MOST_READINGS = 64


def make(length: int = POSTER_LENGTH, choose: Callable[[str], str] = secrets.choice) -> str:
    """Make a new code; whether a link already has it is for the caller to see.

    A code whose check would be the spare character is drawn again, so all that can be printed are equally likely.
    """
    if length not in LENGTHS:
        raise ValueError(f"codes are {POSTER_LENGTH} or {LETTER_LENGTH} characters, not {length}")
    while True:
        body = "".join(choose(ALPHABET) for _ in range(length - 1))
        last: str = mod_37_2.calc_check_digit(body, alphabet=_WITH_SPARE)
        if last != _SPARE:
            return body + last


def tidy(text: str) -> str | None:
    """Find the code that was typed or scanned, in capitals; None when it is not a whole code or its check is wrong.

    On the path of every redirect: 0.3 us for a poster's code in either case. Never raises, whatever the text.
    """
    if len(text) != POSTER_LENGTH:
        return _tidy_other(text)
    try:
        total = _W0[text[0]] + _W1[text[1]] + _W2[text[2]] + _W3[text[3]] + _W4[text[4]] + _W5[text[5]]
    except KeyError:
        return None
    return text.upper() if total % _MODULUS == _RIGHT else None


def check(code: str) -> bool:
    """Say whether this is a whole code, written just as we keep it, with a right check character."""
    weights = _WEIGHTS.get(len(code))
    if weights is None or code != code.upper():
        return False
    try:
        return sum(weight[character] for weight, character in zip(weights, code, strict=True)) % _MODULUS == _RIGHT
    except KeyError:
        return False


def spoken(code: str) -> str:
    """Write a code as it is printed beside the QR code and said aloud: `7K3-M9B`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def address_at(short_host: str, code: str) -> str:
    """The whole address that a code's QR holds at a short host."""
    return f"https://{short_host.upper()}/{code}"


def typed_at(short_host: str, code: str) -> str:
    """The address at a short host as printed for typing."""
    return f"{short_host}/{code.lower()}"


def suggest(text: str) -> list[str]:
    """List the codes one slip away from a mistyped one, the likeliest first; none when its check is right.

    A right check says only that a code could exist: compare with the links there are before showing any. Never for
    letters' codes, where offering one would help someone to find another household's.
    """
    typed = _bare(text)
    if len(typed) > POSTER_LENGTH + 1 or check(typed):
        return []
    slips = (_strange, _swaps, _look_alikes, _others, _one_missing, _one_too_many)
    found = (code for slip in slips for code in slip(typed))
    return list(dict.fromkeys(code for code in found if len(code) == POSTER_LENGTH and check(code)))


def _tidy_other(text: str) -> str | None:
    if not POSTER_LENGTH < len(text) <= _LONGEST_TYPED:
        return None
    code = _bare(text)
    return code if check(code) else None


def _bare(text: str) -> str:
    return text[:_LONGEST_TYPED].translate(_TO_CANONICAL).strip(_OPENING + _CLOSING)


def _strange(typed: str) -> Iterator[str]:
    """Read each character that we never print as those it may have been."""
    likely = [character if character in ALPHABET else _LOOK_ALIKES.get(character, "") for character in typed]
    return map("".join, islice(product(*likely), _MOST_READINGS))


def _swaps(typed: str) -> Iterator[str]:
    return (typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(len(typed) - 1))


def _look_alikes(typed: str) -> Iterator[str]:
    return _replaced(typed, lambda was: _LOOK_ALIKES.get(was, ""))


def _others(typed: str) -> Iterator[str]:
    return _replaced(typed, lambda _: ALPHABET)


def _replaced(typed: str, readings: Callable[[str], str]) -> Iterator[str]:
    return (typed[:i] + new + typed[i + 1 :] for i, was in enumerate(typed) for new in readings(was))


def _one_missing(typed: str) -> Iterator[str]:
    return (typed[:i] + new + typed[i:] for i in range(len(typed) + 1) for new in ALPHABET)


def _one_too_many(typed: str) -> Iterator[str]:
    return (typed[:i] + typed[i + 1 :] for i in range(len(typed)))
