import io
import struct
import zlib

import pytest
from PIL import Image

from qrbridge import audit
from qrbridge.audit import By
from qrbridge.council import logos
from qrbridge.errors import InvalidInput, NotFound
from qrbridge.store import Store
from tests.given import set_up


def picture(size: tuple[int, int] = (600, 200), kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "#00578a").save(stream, kind, **options)
    return stream.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_made_small_and_anew(store: Store, by: By, kind: str):
    set_up(store, by)
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    sent = picture(kind=kind, exif=exif)
    kept = logos.keep(store, sent, by)
    assert logos.show(store) == kept and kept.digest == logos.digest(store)
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert opened.format == "PNG" and opened.size == (432, 144)
    assert b"taken at home" in sent and b"taken at home" not in kept.content


def test_a_logo_takes_the_place_of_another_and_can_go(store: Store, by: By):
    set_up(store, by)
    first, second = (logos.keep(store, picture((width, 100)), by) for width in (200, 300))
    assert logos.digest(store) == second.digest != first.digest
    logos.drop(store, by)
    logos.drop(store, by)
    assert logos.digest(store) == ""
    with pytest.raises(NotFound):
        logos.show(store)
    assert [row["verb"] for row in audit.list_for(store, "council", "1")][:3] == [
        "remove logo",
        "change logo",
        "change logo",
    ]


@pytest.mark.parametrize(
    "content, said",
    [
        pytest.param(b"", "choose a PNG or JPEG", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "no picture", id="SVG"),
        pytest.param(picture(kind="GIF"), "no picture", id="GIF"),
        pytest.param(picture()[:-40], "no picture", id="cut"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"x" * 100, "no picture", id="only begins as one"),
        pytest.param(picture() + b"x" * 2_000_001, "2 MB is the most", id="too large a file"),
        pytest.param(picture((5_000, 4_000)), "more than a logo needs", id="too many pixels"),
        pytest.param(bomb(), "more than a logo needs|no picture", id="bomb"),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes, said: str):
    with pytest.raises(InvalidInput, match=said):
        logos.read(content)
