"""The root of the command: options that hold for every noun, and the nouns."""

import importlib
import sys
from typing import Any

import click

from qrbridge import __version__
from qrbridge.cli.context import Here, Refusing
from qrbridge.settings import instance_folder

# Each command's module and name in it, imported only when asked for: `qrbridge link up` does not wait for the press.
COMMANDS = {
    "init": "init:init",
    "demo": "demo:demo",
    "serve": "serving:serve",
    "work": "serving:work",
    "doctor": "serving:doctor",
    "council": "council:council",
    "person": "people:person",
    "service": "services:service",
    "ward": "wards:ward",
    "location": "locations:location",
    "printable": "printables:printable",
    "notice": "notices:notice",
    "print-run": "print_runs:print_run",
    "link": "links:link",
    "report": "reports:report",
}

# What keeps a processor busy for seconds, loading the press among it, and so gives way to redirects while it does.
WORKING = {("notice", "print"), ("notice", "proof"), ("print-run", "reprint"), ("location", "import")}


class Lazy(Refusing):
    """The root group, whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a new user needs them."""
        return list(COMMANDS)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that is meant; one that works for long gives way from before it is imported.

        The way to do so is handed in by the program: a command that runs in a process of others leaves that as it is.
        """
        if ctx.obj and tuple(args[:2]) in WORKING:
            ctx.obj()
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, imported."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"qrbridge.cli.{module}"), name)
        return command


def is_broken(word: str) -> bool:
    """Whether a word came as bytes that are no text."""
    return any("\ud800" <= character <= "\udfff" for character in word)


@click.group(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="""\b
Examples:
  qrbridge demo                                     try it all, with a real council's open data
  qrbridge init                                     set up your own council
  qrbridge location import noticeboards.csv --dry-run
  qrbridge notice print cost-of-living --into posters.pdf
""",
)
@click.option("--instance", type=click.Path(file_okay=False), help="The instance folder.  [env: QRBRIDGE_INSTANCE]")
@click.option("--as", "who", envvar="QRBRIDGE_WHO", default="", help="The name changes are recorded under.")
@click.version_option(__version__, prog_name="qrbridge")
@click.pass_context
def main(context: click.Context, instance: str | None, who: str) -> None:
    """Tracked QR short links for a council's printed notices."""
    if any(is_broken(word) for word in sys.argv):
        raise click.UsageError("An argument is not in UTF-8. Type it again in a terminal that is.")
    context.obj = Here(instance_folder(instance), who)
