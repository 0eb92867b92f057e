"""The address that lets whoever hangs a sheet say so: signed for that one link, so it needs no sign-in."""

import hmac

from qrbridge import codes
from qrbridge.council.council import Council
from qrbridge.settings import Settings

KEY = "hang"
"""The name of the instance key that signs."""
TOKEN_LENGTH = 12
"""57 bits: a million guesses a second would find one link's token in 2,000 years."""


def address(here: Council, settings: Settings, code: str) -> str:
    """The hang check of a link as its QR holds it; in capitals after the scheme, which keeps the symbol small."""
    return f"https://{here.short_host.upper()}/UP/{code}/{token(settings, code)}"


def token(settings: Settings, code: str) -> str:
    """What only this installation can put after a link's code; `NotSetUp` where it has no key to sign with."""
    number = int.from_bytes(hmac.digest(settings.key(KEY).encode("ascii"), code.encode("ascii"), "sha256"))
    characters = []
    for _ in range(TOKEN_LENGTH):
        number, place = divmod(number, len(codes.ALPHABET))
        characters.append(codes.ALPHABET[place])
    return "".join(characters)


def is_signed(settings: Settings, code: str, given: str) -> bool:
    """Whether a token is this link's; in small letters too, and taking as long to say no as to say yes."""
    if not given.isascii():
        return False
    return hmac.compare_digest(token(settings, code), given.upper())
