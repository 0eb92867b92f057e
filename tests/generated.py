"""The pages of docs/ that are made from the code: `make docs` writes them, and a test holds them to it."""

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from qrbridge.cli.root import main
from qrbridge.settings import SETTINGS

DOCS = Path(__file__).parent.parent / "docs"


def settings_page() -> str:
    """Every setting with its variable, default and help."""
    lines = [
        "# Settings",
        "",
        "Set in `settings.toml` of the instance folder, or by the environment variable, which stands above it.",
        "`QRBRIDGE_INSTANCE` names the instance folder itself (default `instance/`), `QRBRIDGE_WHO` the name that "
        "changes are recorded under.",
        "",
        "| setting | variable | default | what it does |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{s.name}` | `{s.variable}` | `{s.default!r}` | {s.help} |" for s in SETTINGS]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command's help, as the command prints it."""
    lines = ["# Commands", "", "Exit status: 0 done, 1 refused with a sentence on stderr, 2 used wrongly.", ""]
    for path, _ in commands(main, ("qrbridge",)):
        shown = CliRunner().invoke(main, [*path[1:], "--help"], prog_name="qrbridge", env={"COLUMNS": "110"})
        lines += [f"## {' '.join(path)}", "", "```", shown.output.rstrip(), "```", ""]
    return "\n".join(lines)


def commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it, each with its path."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*path, name))


PAGES = {"settings.md": settings_page, "commands.md": commands_page}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), "utf-8")
