"""The council's photographs, cut to their box and no finer than print shows."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageMath, ImageOps, UnidentifiedImageError

from qrbridge.errors import CannotPrint

FINEST_DPI = 300
"""More is not seen in print."""
QUALITY = 88
MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Photograph:
    """A picture as JPEG, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def photograph(path: Path, box: tuple[float, float], is_cmyk: bool) -> Photograph:
    """Read a picture and cut it from its middle to the shape of a box in millimetres; raises CannotPrint."""
    try:
        with Image.open(path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        remedy = "Give a photograph as JPEG or PNG."
        raise CannotPrint(f"The picture {path.name} cannot be read. {remedy}") from error
    finest = round(box[0] / MM_PER_INCH * FINEST_DPI), round(box[1] / MM_PER_INCH * FINEST_DPI)
    is_fine = upright.width >= finest[0] and upright.height >= finest[1]
    kept = ImageOps.fit(upright, finest if is_fine else _shaped(upright.size, box), Image.Resampling.LANCZOS)
    written = BytesIO()
    (in_inks(kept) if is_cmyk else kept).save(written, "JPEG", quality=QUALITY, subsampling=0)
    return Photograph(written.getvalue(), *kept.size)


def in_inks(picture: Image.Image) -> Image.Image:
    """Turn a picture into four inks by the formula of `ink.cmyk`."""
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    colours = [ImageMath.lambda_eval(_ink, channel=channel, brightest=brightest) for channel in (red, green, blue)]
    return Image.merge("CMYK", [*colours, ImageChops.invert(brightest)])


def _ink(given: dict[str, Any]) -> Any:
    channel, brightest = given["channel"], given["brightest"]
    # Where all are black, so is the channel, and the division by at least 1 gives none of this ink.
    lit = given["max"](brightest, 1)
    return given["convert"]((brightest - channel) * 255 / lit, "L")


def _shaped(size: tuple[int, int], box: tuple[float, float]) -> tuple[int, int]:
    """The largest size of the box's shape inside a picture."""
    scale = min(size[0] / box[0], size[1] / box[1])
    return max(1, round(box[0] * scale)), max(1, round(box[1] * scale))
