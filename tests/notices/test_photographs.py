import io
from collections.abc import Callable

import pytest
from PIL import Image, PngImagePlugin

from qrbridge.errors import InvalidInput, NotFound
from qrbridge.notices import photographs
from qrbridge.store import Store

Saving = Callable[[Image.Image], bytes]


def encoded(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **how)
    return stream.getvalue()


def photograph(width: int = 1_200, height: int = 900) -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (width // 2, 0, width, height))
    return made


def test_a_photograph_is_kept_once_under_its_digest(store: Store):
    digest = photographs.keep(store, encoded(photograph()))
    assert photographs.keep(store, encoded(photograph())) == digest
    with Image.open(photographs.path(store, digest)) as kept:
        assert (kept.format, kept.size, kept.mode) == ("JPEG", (1_200, 900), "RGB")


def test_nothing_that_a_camera_adds_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "Jo Smith's camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0112] = 6  # to be shown turned to the right
    read = photographs.read(encoded(photograph(), exif=exif))
    with Image.open(io.BytesIO(read.content)) as kept:
        assert dict(kept.getexif()) == {} and kept.size == (900, 1_200)
        colour = kept.getpixel((450, 50))
    assert isinstance(colour, tuple)
    red, _, blue = colour
    assert b"Jo Smith" not in read.content
    assert red > 200 > 50 > blue, "upright, its left is now at the top"


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "LA"])
def test_any_kind_of_colour_becomes_plain(mode: str):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    with Image.open(io.BytesIO(photographs.read(encoded(photograph().convert(mode), kind)).content)) as kept:
        assert kept.mode == "RGB"


def test_what_is_transparent_is_white():
    clear = Image.new("RGBA", (1_000, 1_000), (0, 0, 0, 0))
    with Image.open(io.BytesIO(photographs.read(encoded(clear, "PNG")).content)) as kept:
        assert kept.getpixel((500, 500)) == (255, 255, 255)


def inflating() -> bytes:
    """A PNG whose comment unpacks to more than the library takes."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "a" * 2_000_000, zip=True)
    stream = io.BytesIO()
    photograph().save(stream, "PNG", pnginfo=told)
    return stream.getvalue()


def test_a_very_large_one_is_made_smaller():
    with Image.open(io.BytesIO(photographs.read(encoded(photograph(5_000, 2_500))).content)) as kept:
        assert kept.size == (3_600, 1_800)


@pytest.mark.parametrize(
    "content, said",
    [
        pytest.param(b"", "not a photograph", id="nothing"),
        pytest.param(b"%PDF-1.7 ...", "not a photograph", id="a PDF"),
        pytest.param(encoded(photograph(), "GIF"), "not a photograph", id="a GIF"),
        pytest.param(encoded(photograph())[:2_000], "not a photograph", id="cut off"),
        pytest.param(encoded(photograph(640, 480)), "640 x 480 pixels", id="too small"),
        pytest.param(encoded(Image.new("1", (9_000, 9_000)), "PNG"), "more than we can open", id="a bomb"),
        pytest.param(inflating(), "not a photograph", id="a bomb of text"),
        pytest.param(bytes(10_000_001), "10 MB is the most", id="too many bytes"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_why(content: bytes, said: str):
    with pytest.raises(InvalidInput, match=said):
        photographs.read(content)


def test_a_digest_that_is_not_kept_is_said(store: Store):
    with pytest.raises(NotFound, match="Give the file again"):
        photographs.path(store, "0" * 64)
