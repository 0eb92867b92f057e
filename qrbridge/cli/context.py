"""What every command works with: the installation it is for, its open store, who is asking, and its options."""

import errno
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from qrbridge import settings as boot
from qrbridge.audit import By
from qrbridge.cli import remedies
from qrbridge.cli.output import visible
from qrbridge.council import council
from qrbridge.errors import QrbridgeError
from qrbridge.installation import Installation
from qrbridge.settings import Settings
from qrbridge.store import Store, bring_up, open_store


@dataclass
class Here(Installation):
    """One run of the command: its instance folder and the name it acts under; read and opened when first asked for."""

    instance: Path
    who: str = ""

    @cached_property
    def settings(self) -> Settings:  # type: ignore[override]
        """The settings of the installation."""
        return boot.load(self.instance)

    @cached_property
    def store(self) -> Store:  # type: ignore[override]
        """The open store of a council that is set up, at the present schema; let go of when the command ends."""
        store = open_store(self.settings)
        click.get_current_context().call_on_close(store.close)
        bring_up(store)
        council.show(store)
        return store

    @property
    def by(self) -> By:
        """Who is asking, now."""
        return By(self.who or _login())


# A function that becomes a command.
Command = TypeVar("Command", bound=Callable[..., Any])

pass_here = click.make_pass_decorator(Here)


class Refusing(click.Group):
    """A group whose commands end with a sentence and status 1 where they refuse, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except QrbridgeError as error:
            raise click.ClickException(visible(remedies.told(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(f"{error.filename or 'The output'}: {error.strerror}.") from error


def options_for(texts: dict[str, str]) -> Callable[[Command], Command]:
    """Give a command an option for each field, in their order, with what is said of it."""

    def give(command: Command) -> Command:
        for name, text in reversed(texts.items()):
            command = click.option(f"--{name.replace('_', '-')}", help=text)(command)
        return command

    return give


def given(**options: Any) -> dict[str, Any]:
    """The options that were given, for a reader of input."""
    return {name: value for name, value in options.items() if value not in (None, ())}


def per_language(pairs: Sequence[str], option: str, usual: str) -> dict[str, str]:
    """Options such as `cy=https://…` as a mapping; one without a language stands for the usual one."""
    found: dict[str, str] = {}
    for pair in pairs:
        tag, separator, value = pair.partition("=")
        if not separator or not tag.replace("-", "").isalpha() or len(tag) > len("zh-Hans"):
            tag, value = usual, pair
        if tag in found:
            raise click.UsageError(f"{option} was given twice for {tag}.")
        found[tag] = value
    return found


def per_field(pairs: Sequence[str], option: str) -> dict[str, str]:
    """Options such as `reference=Site ID` as a mapping."""
    found = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise click.UsageError(f"{option} wants FIELD=HEADER, such as reference=Site ID; it is “{pair}”.")
        found[name.strip()] = value
    return found


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"
