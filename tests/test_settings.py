from pathlib import Path

import pytest

from qrbridge import settings as boot
from qrbridge.errors import InvalidInput, NotSetUp
from qrbridge.upkeep import installing


def test_defaults_file_and_environment_stand_above_one_another(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("port = 8080\nworkers = 2\n")
    read = boot.load(tmp_path, {"QRBRIDGE_PORT": "9090"})
    assert (read.port, read.workers, read.host) == (9090, 2, "127.0.0.1")


@pytest.mark.parametrize(
    "text, said",
    [
        pytest.param("port = 0", "port: must be a whole number from 1 to 65535; it is “0”", id="out of range"),
        pytest.param("port = true", "port", id="not a number"),
        pytest.param('open_reports = "perhaps"', "must be yes or no", id="neither"),
        pytest.param('database = "mysql://x"', "postgresql://", id="another engine"),
        pytest.param(
            'address = "https://x.gov.uk/staff"', "address: must be https:// and a host", id="address with more"
        ),
        pytest.param('address = "x.gov.uk"', "address: must be https:// and a host", id="address without scheme"),
        pytest.param('smtp_security = "ssl3"', "must be one of starttls, tls, none", id="encryption"),
        pytest.param('oidc_issuer = "http://x.gov.uk"', "must begin with https://", id="issuer by plain http"),
        pytest.param('oidc_roles = "staff=king"', "each ending in viewer, editor or admin", id="roles"),
        pytest.param("proxies = -1", "must be a whole number from 0 to 10", id="proxies"),
        pytest.param("colour = 1", "is not a setting", id="unknown"),
        pytest.param("port = ", "is not TOML", id="broken"),
    ],
)
def test_a_wrong_value_stops_with_a_sentence(tmp_path: Path, text: str, said: str):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(InvalidInput, match=said):
        boot.load(tmp_path, {})


def test_every_wrong_value_is_said_at_once(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("port = 0\nworkers = 0\nspeed = 1\n")
    with pytest.raises(InvalidInput) as caught:
        boot.load(tmp_path, {})
    assert {problem.field for problem in caught.value.problems} == {"port", "workers", "speed"}


def test_the_instance_folder_is_as_told_else_as_the_environment_says(tmp_path: Path):
    assert boot.instance_folder(tmp_path, {"QRBRIDGE_INSTANCE": "/elsewhere"}) == tmp_path
    assert boot.instance_folder(None, {"QRBRIDGE_INSTANCE": str(tmp_path)}) == tmp_path
    assert boot.instance_folder(None, {}) == boot.PROJECT / "instance"


def test_an_instance_folder_keeps_its_secrets_to_its_owner(tmp_path: Path):
    settings = boot.load(tmp_path / "instance", {})
    installing.make_folder(settings)
    key = settings.key("reports")
    assert len(key) >= 32
    assert (settings.keys / "reports").stat().st_mode & 0o777 == 0o600
    assert settings.keys.stat().st_mode & 0o777 == 0o700
    installing.make_folder(settings)
    assert settings.key("reports") == key


def test_the_settings_file_that_is_made_changes_nothing(tmp_path: Path):
    settings = boot.load(tmp_path / "instance", {})
    installing.make_folder(settings)
    assert boot.load(tmp_path / "instance", {}) == settings


def test_no_secret_is_shown_where_settings_are_printed(tmp_path: Path):
    read = boot.load(tmp_path, {"QRBRIDGE_SMTP_PASSWORD": "sesame", "QRBRIDGE_OIDC_SECRET": "sesame"})
    assert read.smtp_password == "sesame" and "sesame" not in repr(read)


def test_a_missing_key_says_how_to_make_it(tmp_path: Path):
    with pytest.raises(NotSetUp, match="key in .* cannot be read"):
        boot.load(tmp_path, {}).key("reports")
