"""How large a form may be: as any of ours is, and larger for those that carry a file."""

from flask import request

from qrbridge.council import logos
from qrbridge.errors import UnreadableFile
from qrbridge.notices import photographs
from qrbridge.spreadsheets import limits

# Room for any form there is; and for those that carry a file, which are taken only of somebody who may send them, with
# what is said of a larger one.
MAX_FORM_BYTES = 64 * 1024
LARGEST = {
    "uploads.receive": (limits.MAX_BYTES + MAX_FORM_BYTES, limits.TOO_LARGE),
    "drafts.keep": (
        photographs.MOST_BYTES + MAX_FORM_BYTES,
        "This picture is larger than 10 MB, the most we take. Save it smaller.",
    ),
    "council.keep_logo": (
        logos.MOST_BYTES + MAX_FORM_BYTES,
        "This logo is larger than 2 MB, the most we take. Save it smaller.",
    ),
}


def make(endpoint: str) -> None:
    """Make room for the form of this request, and say how large it may be where it is larger."""
    request.max_content_length, sentence = LARGEST[endpoint]
    if (request.content_length or 0) > request.max_content_length:
        raise UnreadableFile(sentence)
