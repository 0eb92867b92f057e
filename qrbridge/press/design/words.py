"""What a sheet says: the words all sheets of a run share, and those of one sheet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qrbridge import qr

SHEET_FIELDS = frozenset({"typed", "number", "location", "ward", "street", "address", "check"})
"""Fields that differ from sheet to sheet; a region without them is drawn once for the whole run."""
OPTIONAL_FIELDS = frozenset({"ward", "street"})
"""Fields that may be empty; a block that shows one is then left out."""
PAGE_FIELDS = frozenset({"page", "pages", "sheets"})
"""Fields of a page of a list: its number, how many there are, and how many sheets are listed."""
SHORTER = {"short_hours": "hours", "place_name": "place"}
"""Shorter forms, for labels, and what each is a form of."""
KNOWN_FIELDS = frozenset(
    {
        *("council", "headline", "body", "phone", "hours", "place", "destination", "address", "check"),
        *SHEET_FIELDS,
        *PAGE_FIELDS,
        *SHORTER,
    }
)
SHORT_DAYS = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|nes|rs|ur)?day\b")


@dataclass(frozen=True)
class Text:
    """What a notice says in one language."""

    language: str
    """Its tag, such as `en` or `cy`."""
    headline: str
    body: str


@dataclass(frozen=True)
class Notice:
    """The words every sheet of a run shares: the council's, the notice's and the service's."""

    council: str
    colour: str
    phone: str
    hours: str
    place: str
    destination: str
    """The host a scan opens, such as `www.trafford.gov.uk`."""
    texts: tuple[Text, ...]
    """In the order of importance; there is always a first."""
    picture: Path | None = None
    """The council's own photograph."""
    picture_alt: str = ""
    """What the photograph shows, for those who do not see it; empty where it only decorates."""
    own_language: str = "en"
    """The language of the council's own words: its name, its hours and its places."""

    @property
    def language(self) -> str:
        """The language the sheet is in first of all."""
        return self.texts[0].language

    @property
    def headline(self) -> str:
        """The headline in the first language."""
        return self.texts[0].headline

    @property
    def body(self) -> str:
        """The body in the first language."""
        return self.texts[0].body

    def fields(self) -> Mapping[str, str]:
        """Give the words by the names printables use."""
        names = ("council", "headline", "body", "phone", "hours", "place", "destination")
        words = {name: getattr(self, name).strip() for name in names}
        words["short_hours"] = SHORT_DAYS.sub(r"\1", words["hours"])
        words["place_name"] = words["place"].partition(",")[0]
        return words


@dataclass(frozen=True)
class Sheet:
    """The words of one sheet, and the address its code holds."""

    address: str
    """As the code holds it: `https://QR.TRAFFORD.GOV.UK/7K3M9Q`."""
    number: str
    """The link's code as said aloud: `7K3-M9Q`."""
    location: str
    ward: str = ""
    bookmark: str = ""
    street: str = ""
    """Where the location is, for whoever hangs the sheet up: `44 Brook Road, WA14 2AA`."""
    check: str = ""
    """The address that opens the link's hang check; only a hanging sheet shows it."""

    def fields(self) -> Mapping[str, str]:
        """Give the words by the names printables use."""
        return {
            "typed": qr.typed(self.address),
            "number": self.number.strip(),
            "location": self.location.strip(),
            "ward": self.ward.strip(),
            "street": self.street.strip(),
            "address": self.address,
            "check": self.check,
        }

    @property
    def title(self) -> str:
        """The sheet's name in the file's list of pages."""
        return self.bookmark or self.location
