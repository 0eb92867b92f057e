from dataclasses import replace
from pathlib import Path

import pytest

from qrbridge import codes, qr
from qrbridge import settings as boot
from qrbridge.council.council import Council
from qrbridge.errors import NotSetUp
from qrbridge.links import hang_check
from qrbridge.settings import Settings
from qrbridge.upkeep import installing
from tests.given import COUNCIL

HERE = Council.read(COUNCIL)
CODE = "7K3M9Q"


@pytest.fixture
def made(sqlite_settings: Settings) -> Settings:
    """An instance folder with its keys."""
    installing.make_folder(sqlite_settings)
    return sqlite_settings


def test_a_token_is_its_links_alone(made: Settings):
    token = hang_check.token(made, CODE)
    assert len(token) == hang_check.TOKEN_LENGTH and set(token) <= set(codes.ALPHABET)
    assert hang_check.token(made, CODE) == token, "printed again, it is the same"
    assert hang_check.is_signed(made, CODE, token) and hang_check.is_signed(made, CODE, token.lower())
    assert not hang_check.is_signed(made, "7K3M9R", token)


@pytest.mark.parametrize("given", ["", "X", "7K3M9Q7K3M9Q", "é" * 12, "ſ" * 12])
def test_anything_else_is_refused(made: Settings, given: str):
    assert not hang_check.is_signed(made, CODE, given)


def test_each_installation_signs_for_itself(made: Settings, tmp_path: Path):
    other = boot.load(tmp_path / "other", {})
    installing.make_folder(other)
    assert not hang_check.is_signed(other, CODE, hang_check.token(made, CODE))


def test_without_a_key_it_says_how_to_make_one(sqlite_settings: Settings):
    with pytest.raises(NotSetUp, match="key in .* cannot be read"):
        hang_check.token(sqlite_settings, CODE)


def test_its_code_is_no_larger_than_version_3(made: Settings):
    address = hang_check.address(HERE, made, CODE)
    assert address.startswith("https://QR.TRAFFORD.GOV.UK/UP/7K3M9Q/")
    assert qr.symbol(address).version == 3
    longer = replace(HERE, short_host="qr.dorsetcouncil.gov.uk")
    assert qr.symbol(hang_check.address(longer, made, CODE)).version == 3
