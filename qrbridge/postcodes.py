"""UK postcodes: put in their usual form and checked for shape. Whether one exists is for the ward table to say."""

import re
from dataclasses import dataclass

# The areas Royal Mail has given out, with BFPO, the Channel Islands and the Isle of Man; ZZ is not one.
AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|"
    "EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|"
    "MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|"
    "TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)

# The only areas whose districts end in a letter (W1A, EC2N); "M3E" is a slip for M3 or M33.
LETTERED = "E|EC|N|NW|SE|SW|W|WC"
DISTRICT = rf"(?:(?:{AREAS})[0-9][0-9]?|(?:{LETTERED})[0-9][A-Z])"

# Notify's shape: area and district, then a digit and two letters that are never C, I, K, M, O or V.
POSTCODE = re.compile(rf"(?P<out>{DISTRICT})(?P<in>[0-9][ABD-HJLNP-UW-Z]{{2}})")
OUTWARD = re.compile(rf"{DISTRICT}(?:[0-9][A-Z]?)?")
PHONE = re.compile(r"\+?[0-9()\s-]{9,}")
IGNORED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
TRAILING = ".,;"

MISSING = "there is no postcode; enter one such as M32 0TH"
HALF = "“{given}” is only part of a postcode; enter all of it, such as M32 0TH"
PHONE_NUMBER = "“{given}” looks like a phone number; enter a postcode such as M32 0TH"
NOT_ONE = "“{given}” is not a UK postcode; check each letter and digit, such as M32 0TH"


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode as entered and as it should be; `value` is empty and `remedy` says why where it is none."""

    given: str
    value: str
    remedy: str = ""

    @property
    def is_postcode(self) -> bool:
        """Whether it has the shape of a UK postcode."""
        return bool(self.value)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not IGNORED.sub("", self.given)

    @property
    def is_changed(self) -> bool:
        """Whether it was put right: spaced, capitals, without a trailing stop."""
        return self.is_postcode and self.value != self.given


def tidy(text: str) -> Postcode:
    """Read a postcode, putting right its space, case and trailing stop; any other fault is given a sentence."""
    packed = IGNORED.sub("", text).rstrip(TRAILING).upper()
    found = POSTCODE.fullmatch(packed)
    if found:
        return Postcode(text, f"{found['out']} {found['in']}")
    return Postcode(text, "", _remedy(text, packed))


def _remedy(text: str, packed: str) -> str:
    given = text.strip()[:40]
    if not packed:
        return MISSING
    if PHONE.fullmatch(given):
        return PHONE_NUMBER.format(given=given)
    if OUTWARD.fullmatch(packed):
        return HALF.format(given=given)
    return NOT_ONE.format(given=given)
