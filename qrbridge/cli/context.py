"""What every command works with: the installation it is for, its open store, and who is asking."""

import errno
import getpass
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from tabulate import tabulate

from qrbridge import settings as boot
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.errors import QrbridgeError
from qrbridge.settings import Settings
from qrbridge.store import Store, apply_scripts, open_store


@dataclass
class Here:
    """One run of the command: its instance folder and the name it acts under."""

    instance: Path
    who: str = ""

    @cached_property
    def settings(self) -> Settings:
        """The settings of the installation."""
        return boot.load(self.instance)

    @cached_property
    def store(self) -> Store:
        """The open store of a council that is set up, at the present schema; let go of when the command ends."""
        store = open_store(self.settings)
        click.get_current_context().call_on_close(store.close)
        apply_scripts(store)
        council.show(store)
        return store

    @property
    def by(self) -> By:
        """Who is asking, now."""
        return By(self.who or _login())


# Between two columns of a table; and the least a column is narrowed to, so that words stay whole.
GAP, NARROWEST = 2, 12

# C0 but the line feed, DEL and C1.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

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
            raise click.ClickException(visible(str(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(f"{error.filename or 'The output'}: {error.strerror}.") from error


def visible(text: str) -> str:
    """Text with its control characters written out, so that what somebody uploaded cannot drive a terminal."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: str = "", **options: Any) -> None:
    """Print a line of text."""
    click.echo(visible(text), **options)


def table(rows: Sequence[Sequence[Any]], headings: Sequence[str], right: Iterable[int] = ()) -> None:
    """Print rows under headings; the columns numbered in `right` are set to the right."""
    rights = set(right)
    aligned = ["right" if index in rights else "left" for index in range(len(headings))]
    widths = _fitting([headings, *rows]) if sys.stdout.isatty() else None
    text = tabulate(
        rows, headings, "simple", colalign=aligned if rows else None, disable_numparse=True, maxcolwidths=widths
    )
    say(text)


def counted(number: int, noun: str) -> str:
    """A number of things, in words: `1 sheet`, `2,000 sheets`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _fitting(rows: Sequence[Sequence[Any]]) -> list[int]:
    """Column widths for the terminal: the widest give way first, down to what a word needs."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    room = shutil.get_terminal_size().columns - GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def details(pairs: Iterable[tuple[str, object]]) -> None:
    """Print one thing's fields, a line each."""
    known = [(label, _shown(value)) for label, value in pairs]
    width = max(len(label) for label, _ in known)
    for label, value in known:
        say(f"{label:<{width}}  {value}".rstrip())


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


def progress(length: int, label: str) -> "ProgressBar[int]":
    """A progress bar on stderr, where somebody is watching."""
    watched = sys.stderr.isatty()
    # Drawing comes before proving, so a time foretold from pages proved would be wild.
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not watched, show_eta=False, show_pos=True
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(str(part) for part in value)
    return "–" if value is None else str(value)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"
