"""What a sheet says: the words all sheets of a run share, and those of one sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from qrbridge import qr

SHEET_FIELDS = frozenset({"typed", "number", "location", "ward"})
"""Fields that differ from sheet to sheet; a region without them is drawn once for the whole run."""
OPTIONAL_FIELDS = frozenset({"ward"})
"""Fields that may be empty; a block that shows one is then left out."""


@dataclass(frozen=True)
class Notice:
    """The words every sheet of a run shares: the council's, the notice's and the service's."""

    council: str
    colour: str
    headline: str
    body: str
    phone: str
    hours: str
    place: str
    destination: str
    """The host a scan opens, such as `www.trafford.gov.uk`."""
    language: str = "en"

    def fields(self) -> Mapping[str, str]:
        """Give the words by the names printables use."""
        names = ("council", "headline", "body", "phone", "hours", "place", "destination")
        return {name: getattr(self, name).strip() for name in names}


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

    def fields(self) -> Mapping[str, str]:
        """Give the words by the names printables use."""
        return {
            "typed": qr.typed(self.address),
            "number": self.number.strip(),
            "location": self.location.strip(),
            "ward": self.ward.strip(),
        }

    @property
    def title(self) -> str:
        """The sheet's name in the file's list of pages."""
        return self.bookmark or self.location
