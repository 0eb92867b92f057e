"""The council's logo on staff's pages: checked, made small, and freed of what a file carries beside its picture."""

import base64
import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from qrbridge import audit
from qrbridge.audit import By, Change
from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.store import Store

# SVG is left out: it can carry scripts and ask for other files.
KINDS = ("JPEG", "PNG")
MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
# Twice what a page shows, for fine screens.
LARGEST = (480, 144)


@dataclass(frozen=True)
class Logo:
    """A logo as it is kept: PNG bytes, and their sha256."""

    digest: str
    content: bytes


def read(content: bytes) -> Logo:
    """A logo made from a PNG or JPEG file; `InvalidInput` where it is none or too large."""
    if not content:
        raise _refused("is missing; choose a PNG or JPEG file")
    if len(content) > MOST_BYTES:
        raise _refused(f"is {len(content) / 1e6:.1f} MB, and 2 MB is the most; save it smaller")
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused(
                    f"is {opened.width:,} x {opened.height:,} pixels, more than a logo needs; save it smaller"
                )
            return _encoded(ImageOps.exif_transpose(opened))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused("is no picture we can open; give a PNG or JPEG file") from error


def keep(store: Store, content: bytes, by: By) -> Logo:
    """Put a logo in place of the one before."""
    logo = read(content)
    with store.atomic():
        before = digest(store)
        store.run("logos.keep", digest=logo.digest, content=base64.b64encode(logo.content).decode("ascii"))
        audit.write(store, by, Change("council", "1", "change logo", {"logo": before}, {"logo": logo.digest}))
    return logo


def drop(store: Store, by: By) -> None:
    """Show no logo any more."""
    with store.atomic():
        before = digest(store)
        if store.run("logos.drop"):
            audit.write(store, by, Change("council", "1", "remove logo", {"logo": before}, {"logo": ""}))


def digest(store: Store) -> str:
    """What the present logo is known by, empty where there is none."""
    rows = store.rows("logos.digest")
    return str(rows[0]["digest"]) if rows else ""


def show(store: Store) -> Logo:
    """The present logo; `NotFound` where there is none."""
    rows = store.rows("logos.show")
    if not rows:
        raise NotFound("logo", "of the council", "One can be added to the council’s details.")
    return Logo(rows[0]["digest"], base64.b64decode(rows[0]["content"]))


def _encoded(opened: Image.Image) -> Logo:
    plain = opened.convert("RGBA")
    plain.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    plain.save(stream, "PNG", optimize=True)
    content = stream.getvalue()
    return Logo(hashlib.sha256(content).hexdigest(), content)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput([Problem("logo", sentence)])
