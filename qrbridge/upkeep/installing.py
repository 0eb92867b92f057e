"""Make an instance folder: its keys, its settings file, its store and the council it serves."""

import secrets
from pathlib import Path

from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.council.council import Council
from qrbridge.settings import KEYS, SETTINGS, Settings
from qrbridge.store import Store, create_store

KEY_BYTES = 32
OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600


def install(settings: Settings, entered: Council, by: By) -> Store:
    """Make what is missing of an installation, set up its council, and return its open store."""
    make_folder(settings)
    store = create_store(settings)
    council.set_up(store, entered, by)
    return store


def make_folder(settings: Settings) -> None:
    """Make the instance folder and what is missing in it; keys that are there stay."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    settings.keys.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    settings.keys.chmod(OWNER_ONLY_FOLDER)
    for name in KEYS:
        if not (settings.keys / name).exists():
            _write_key(settings.keys / name)
    file = settings.instance / "settings.toml"
    if not file.exists():
        # It may come to hold the secrets of a mail server or an identity provider.
        file.touch(mode=OWNER_ONLY_FILE)
        file.write_text(settings_text(), "utf-8")


def _write_key(path: Path) -> None:
    """Put a key under its name only when it is whole: an empty one would open the door to anyone."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=OWNER_ONLY_FILE)
    beside.write_text(secrets.token_urlsafe(KEY_BYTES) + "\n", "ascii")
    beside.replace(path)


def settings_text() -> str:
    """A settings file that changes nothing: every setting with its help and default, commented out."""
    lines = ["# Settings of this installation. An environment variable of the name shown stands above a line here.", ""]
    for setting in SETTINGS:
        lines += [f"# {setting.help} [{setting.variable}]", f"# {setting.name} = {_toml(setting.default)}", ""]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
