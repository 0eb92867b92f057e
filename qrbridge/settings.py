"""Every boot setting, declared once, and where the folders are.

A value comes from the environment (`QRBRIDGE_PORT`), else from `settings.toml` in the instance folder, else from the
default below.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from qrbridge.errors import InvalidInput, NotSetUp, Problem

PROJECT = Path(__file__).resolve().parent.parent
PRINTABLES = PROJECT / "printables"
TEMPLATES = PROJECT / "templates"
ASSETS = PROJECT / "node_modules"
LOOK = PROJECT / "look"

# Secrets an installation has, each a file that only its owner can read.
KEYS = ("reports", "sign-in", "hang")

MAX_PORT = 65_535
MAX_WORKERS = 64


def _text(value: object) -> str:
    return str(value).strip()


def _whole_number(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        try:
            number = int(str(value))
        except ValueError:
            number = lowest - 1
        if isinstance(value, bool) or not lowest <= number <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return number

    return read


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        word = str(value).strip().lower()
        if word not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return word

    return read


def _yes_or_no(value: object) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def _database(value: object) -> str:
    address = str(value).strip()
    if address and urlsplit(address).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be empty (SQLite in the instance folder) or begin with postgresql://")
    return address


def _address(value: object) -> str:
    address = str(value).strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query):
        raise ValueError("must be https:// and a host, with nothing after it")
    return address


def _address_with_path(value: object) -> str:
    address = str(value).strip()
    parts = urlsplit(address)
    is_loopback = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if address and not (parts.hostname and (parts.scheme == "https" or is_loopback)):
        raise ValueError("must begin with https:// and a host")
    return address


def _roles(value: object) -> str:
    text = str(value).strip()
    roles = [pair.rpartition("=")[2].strip() for pair in text.split(",") if pair.strip()]
    if any(role not in ("viewer", "editor", "admin") for role in roles):
        raise ValueError("must be pairs such as notices-admins=admin, each ending in viewer, editor or admin")
    return text


@dataclass(frozen=True)
class Setting:
    """One boot setting: its name, default, reader and line of help."""

    name: str
    default: Any
    read: Callable[[object], Any]
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"QRBRIDGE_{self.name.upper()}"


Value = TypeVar("Value")


def _setting(default: Value, read: Callable[[object], Value], help: str) -> Value:
    """A field of `Settings` that is read from outside; some are secrets, so none is shown where they are printed."""
    made: Value = field(default=default, repr=False, metadata={"read": read, "help": help})
    return made


@dataclass(frozen=True)
class Settings:
    """The settings of one installation, read and checked."""

    instance: Path
    database: str = _setting("", _database, "PostgreSQL address; empty means SQLite in the instance folder.")
    host: str = _setting("127.0.0.1", _text, "The address to listen on.")
    port: int = _setting(8000, _whole_number(1, MAX_PORT), "The port to listen on.")
    address: str = _setting(
        "",
        _address,
        "Where staff reach this installation, such as https://qr.trafford.gov.uk; empty means https:// and the "
        "council's short-link host. E-mailed links and the council's own sign-in come back to it. On another host than "
        "that of the short links a code that staff scan is counted.",
    )
    proxies: int = _setting(0, _whole_number(0, 10), "How many proxies in front are trusted to say whom they ask for.")
    smtp_host: str = _setting("", _text, "The mail server that e-mail is handed to; empty means none is sent.")
    smtp_port: int = _setting(587, _whole_number(1, MAX_PORT), "The mail server's port.")
    smtp_security: str = _setting("starttls", _one_of("starttls", "tls", "none"), "How that connection is encrypted.")
    smtp_user: str = _setting("", _text, "The name to sign in to the mail server with, where it asks.")
    smtp_password: str = _setting("", _text, "The password of that name.")
    email_from: str = _setting("", _text, "Whom e-mail comes from, such as Trafford notices <notices@trafford.gov.uk>.")
    oidc_issuer: str = _setting(
        "",
        _address_with_path,
        "The council's identity provider (OpenID Connect), such as https://login.microsoftonline.com/…/v2.0; "
        "empty means sign-in by password alone.",
    )
    oidc_client: str = _setting("", _text, "The client id this installation has at the identity provider.")
    oidc_secret: str = _setting("", _text, "The client secret that goes with it.")
    oidc_name: str = _setting("Council account", _text, "What staff call that account.")
    oidc_claim: str = _setting("groups", _text, "The claim of an identity that says what somebody is.")
    oidc_roles: str = _setting(
        "",
        _roles,
        "What the claim's values stand for here, such as notices-admins=admin, all-staff=viewer; people are then added "
        "by themselves. Empty means that an admin adds people, and the provider only says who they are.",
    )
    oidc_unchecked_addresses: bool = _setting(
        False,
        _yes_or_no,
        "Take the e-mail addresses of an identity provider that does not say whether it has checked them, as Microsoft "
        "Entra does not. Only for one that belongs to the council alone.",
    )
    workers: int = _setting(1, _whole_number(1, MAX_WORKERS), "Web processes. One answers some 10,000 scans a second.")
    open_reports: bool = _setting(
        False,
        _yes_or_no,
        "Show report pages without the report key. Meant for the demo, where every figure is simulated.",
    )

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which a process that is started reads these same settings."""
        values = {one.variable: str(getattr(self, one.name)) for one in SETTINGS}
        return {"QRBRIDGE_INSTANCE": str(self.instance), **values}

    @property
    def database_file(self) -> Path:
        """Where the embedded store is."""
        return self.instance / "qrbridge.sqlite"

    @property
    def route_map(self) -> Path:
        """Where the redirector's own copy of code to target is."""
        return self.instance / "routes.sqlite"

    @property
    def journals(self) -> Path:
        """The folder of scans not yet added up."""
        return self.instance / "journal"

    @property
    def jobs(self) -> Path:
        """The folder of files that the worker made, one folder a job."""
        return self.instance / "jobs"

    @property
    def uploads(self) -> Path:
        """The folder of files that are being looked at before they are imported."""
        return self.instance / "uploads"

    @property
    def keys(self) -> Path:
        """The folder of secrets, readable by their owner alone."""
        return self.instance / "keys"

    def key(self, name: str) -> str:
        """A secret made by `qrbridge init`."""
        try:
            key = (self.keys / name).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NotSetUp(f"The {name} key in {self.keys} cannot be read ({error}).", "no-key") from None
        if not key:
            raise NotSetUp(f"The {name} key in {self.keys} is empty. Remove it.", "no-key")
        return key


SETTINGS = tuple(
    Setting(one.name, one.default, one.metadata["read"], one.metadata["help"])
    for one in fields(Settings)
    if "read" in one.metadata
)


def instance_folder(chosen: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The instance folder: as chosen, else `QRBRIDGE_INSTANCE`, else `instance/` of the project."""
    return Path(chosen or environ.get("QRBRIDGE_INSTANCE") or PROJECT / "instance").absolute()


def load(instance: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every setting; `InvalidInput` names each wrong or unknown one."""
    stored = _stored(instance / "settings.toml")
    known = {setting.name for setting in SETTINGS}
    problems = [Problem(name, "is not a setting; see docs/settings.md") for name in stored if name not in known]
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        given = environ.get(setting.variable, stored.get(setting.name, setting.default))
        try:
            values[setting.name] = setting.read(given)
        except ValueError as error:
            problems.append(Problem(setting.name, f"{error}; it is “{given}”"))
    if problems:
        raise InvalidInput(problems)
    return Settings(instance, **values)


def _stored(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidInput([Problem(str(path), f"is not TOML that can be read: {error}")]) from None
