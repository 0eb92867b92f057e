"""Addresses into symbols: the right size, the right mask, and the right words about how far they read."""

import random
from collections.abc import Callable, Sequence

import pytest
import segno
import zxingcpp
from segno import consts, encoder

from qrbridge import qr
from qrbridge.errors import InvalidInput

PENALTY: Callable[[Sequence[bytearray], int, int], int] = encoder.evaluate_mask
FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def addresses(count: int, host: str = "QR.TRAFFORD.GOV.UK", length: int = 6) -> list[str]:
    """The same made-up addresses every time."""
    chance = random.Random(11)
    return [f"https://{host}/" + "".join(chance.choices(ALPHABET, k=length)) for _ in range(count)]


def decoded(symbol: qr.Symbol, pixels: int = 4) -> list[str]:
    """What a reader makes of a symbol in its quiet zone."""
    margin = "0" * qr.QUIET_MODULES
    blank = ["0" * symbol.full_size] * qr.QUIET_MODULES
    rows = blank + [margin + row + margin for row in symbol.rows] + blank
    lines = [b"".join(b"\x00\xff"[module == "0" :][:1] * pixels for module in row) for row in rows]
    side = symbol.full_size * pixels
    picture = memoryview(b"".join(line * pixels for line in lines)).cast("B", shape=[side, side])
    return [code.text for code in zxingcpp.read_barcodes(picture, FORMATS)]


def by_segno(address: str, level: str, version: int, mask: int | None = None) -> segno.QRCode:
    """The symbol that segno makes of an address held as ours are; without a mask it chooses one itself."""
    segments = [("https://", consts.MODE_BYTE), (address.removeprefix("https://"), consts.MODE_ALPHANUMERIC)]
    # It takes a list of segments, though its type annotations do not say so.
    return segno.make(segments, error=level, version=version, mask=mask, micro=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "length", "version", "level"),
    [
        pytest.param("GO.CAMDEN.GOV.UK", 6, 2, "M", id="31 characters: version 2"),
        pytest.param("QR.TRAFFORD.GOV.UK", 6, 3, "Q", id="33 characters: version 3, and Q is no larger"),
        pytest.param("GO.CAMDEN.GOV.UK", 12, 3, "Q", id="a letter"),
        pytest.param("QR.DORSETCOUNCIL.GOV.UK", 12, 3, "M", id="a long host on a letter"),
    ],
)
def test_the_smallest_symbol_is_chosen_and_reads(host: str, length: int, version: int, level: str) -> None:
    for address in addresses(5, host, length):
        symbol = qr.symbol(address)
        assert (symbol.version, symbol.level, symbol.size) == (version, level, 17 + 4 * version)
        assert decoded(symbol) == [address]


def test_an_address_in_any_case_is_held_in_capitals_and_typed_in_small_letters() -> None:
    address = "https://qr.trafford.gov.uk/7K3M9Q"
    assert qr.held(address) == "https://QR.TRAFFORD.GOV.UK/7K3M9Q"
    assert decoded(qr.symbol(address)) == [qr.held(address)]
    assert qr.typed(address) == "qr.trafford.gov.uk/7k3m9q"


def test_the_mask_is_the_one_the_standard_prefers() -> None:
    """As segno works it out; where finder-like patterns overlap, which the standard leaves open, we count both."""
    same = 0
    for address in addresses(60):
        ours = qr.symbol(address)
        theirs = by_segno(address, ours.level, ours.version)
        same += ours.rows == tuple("".join(map(str, row)) for row in theirs.matrix)
        again = by_segno(address, ours.level, ours.version, ours.mask)
        assert ours.rows == tuple("".join(map(str, row)) for row in again.matrix)
    assert same >= 57


def test_penalties_agree_with_the_standard_s_four_rules() -> None:
    size, count = 29, 0
    masks = qr._masks(3, "Q")
    for address in addresses(10):
        matrix = by_segno(address, "Q", 3, mask=0).matrix
        cleared = [bytearray(row) for row in matrix]
        for number, row in enumerate(qr._format_rows(size)):
            for column, is_format in enumerate(row):
                cleared[number][column] &= not is_format
        theirs = PENALTY(cleared, size, size)
        ours = masks[0].penalty(qr._packed(matrix), qr._packed(zip(*matrix, strict=True)))
        assert (ours - theirs) % 40 == 0
        assert ours >= theirs
        count += ours == theirs
    assert count >= 8


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("HTTPS://QR.TRAFFORD.GOV.UK/7K3M9Q", id="a scheme in capitals, which some phones refuse"),
        pytest.param("http://QR.TRAFFORD.GOV.UK/7K3M9Q", id="not https"),
        pytest.param("https://QR.TRAFFORD.GOV.UK/?A=1", id="outside the alphanumeric set"),
        pytest.param("https://", id="nothing after the scheme"),
        pytest.param("https://" + "A" * 141, id="too long to read well"),
        pytest.param("https://" + "A" * 5000, id="too long for any code"),
    ],
)
def test_an_address_that_cannot_be_held_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput, match="address: "):
        qr.symbol(address)


def test_runs_cover_each_dark_module_once() -> None:
    symbol = qr.symbol(addresses(1)[0])
    covered = [(row, column + step) for row, column, length in symbol.runs() for step in range(length)]
    dark = [(r, c) for r, row in enumerate(symbol.rows) for c, module in enumerate(row) if module == "1"]
    assert covered == dark


@pytest.mark.parametrize(
    ("module", "words"),
    [(4.67, "reads from about 1.4 m"), (3.72, "reads from about 1.1 m"), (0.83, "reads from about 25 cm")],
)
def test_reading_distance_is_three_hundred_modules(module: float, words: str) -> None:
    assert qr.reads_from(qr.reading_distance_mm(module)) == words


@pytest.mark.parametrize(
    ("dpi", "module"),
    [
        pytest.param(600, 0.4, id="600 dpi: our own floor"),
        pytest.param(300, 0.4, id="300 dpi: our own floor, over four dots"),
        pytest.param(200, 0.508, id="200 dpi: four dots"),
    ],
)
def test_smallest_module(dpi: int, module: float) -> None:
    assert qr.smallest_module_mm(dpi) == pytest.approx(module)
