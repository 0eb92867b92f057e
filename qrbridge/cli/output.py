"""What commands print: lines, tables, one thing's fields and a progress bar."""

import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
from tabulate import tabulate

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

# Between two columns of a table; and the least a column is narrowed to, so that words stay whole.
GAP, NARROWEST = 2, 12

# C0 but the line feed, DEL and C1.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


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


def counted(number: int, noun: str) -> str:
    """A number of things, in words: `1 sheet`, `2,000 sheets`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
