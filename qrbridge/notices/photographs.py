"""A council's own photographs: checked, freed of what a camera adds to them, and kept by their digest."""

import atexit
import base64
import hashlib
import io
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from qrbridge.errors import InvalidInput, NotFound, Problem
from qrbridge.store import Store

KINDS = ("JPEG", "PNG")
MOST_BYTES = 10_000_000
MOST_PIXELS = 60_000_000
"""More than any phone takes, and 180 MB while it is open."""
LEAST_SIDE = 1_000
"""Pixels on the longer side: 120 to the inch across an A4 sheet."""
LONGEST_SIDE = 3_600
"""Pixels kept on the longer side: 300 to the inch across an A3 sheet."""
QUALITY = 88


@dataclass(frozen=True)
class Picture:
    """A photograph as it is kept: JPEG bytes, and their sha256."""

    digest: str
    content: bytes


def read(content: bytes) -> Picture:
    """A photograph made ready to print; `InvalidInput` where it is none, or too small or too large for that.

    It is encoded anew, upright and in plain colours, so that nothing else that was in the file (where it was taken,
    when, by whom) is kept or printed.
    """
    if len(content) > MOST_BYTES:
        raise _refused(f"is {len(content) / 1e6:.0f} MB, and 10 MB is the most; save it smaller")
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as opened:
            _check_size(opened.size)
            return _encoded(opened)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused("is not a photograph we can open; give a JPEG or PNG file") from error


def keep(store: Store, content: bytes) -> str:
    """Keep a photograph and return its digest, which is the same for the same file."""
    picture = read(content)
    store.run("pictures.add", digest=picture.digest, content=base64.b64encode(picture.content).decode("ascii"))
    return picture.digest


def path(store: Store, digest: str) -> Path:
    """A kept photograph as a file, which is there until this process ends; `NotFound` where none has that digest."""
    file = Path(_folder().name) / f"{digest}.jpg"
    if not file.exists():
        rows = store.rows("pictures.show", digest=digest)
        if not rows:
            raise NotFound("picture", digest, "Give the file again.")
        beside = file.with_suffix(f".{id(rows)}.part")
        beside.write_bytes(base64.b64decode(rows[0]["content"]))
        beside.replace(file)
    return file


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of this process's own, gone when it ends."""
    folder = tempfile.TemporaryDirectory(prefix="qrbridge-pictures-")
    atexit.register(folder.cleanup)
    return folder


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if max(size) < LEAST_SIDE:
        raise _refused(f"is {width} x {height} pixels; it needs {LEAST_SIDE:,} on its longer side to print well")
    if width * height > MOST_PIXELS:
        raise _refused(f"is {width:,} x {height:,} pixels, more than we can open; save it smaller")


def _encoded(opened: Image.Image) -> Picture:
    mode = "RGBA" if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info else "RGB"
    plain = opened if opened.mode == mode else opened.convert(mode)
    # Made smaller before anything else: a PNG of 1 MB can be 60 million pixels, and each copy of them is 240 MB.
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain = ImageOps.exif_transpose(plain)
    if mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain).convert("RGB")
    stream = io.BytesIO()
    plain.save(stream, "JPEG", quality=QUALITY, optimize=True)
    content = stream.getvalue()
    return Picture(hashlib.sha256(content).hexdigest(), content)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput([Problem("picture", sentence)])
