"""`qrbridge printable`: the designs there are, from how far each reads, and which serves where."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from qrbridge import qr
from qrbridge.cli.context import Here, Refusing, pass_here
from qrbridge.cli.output import details, say, table
from qrbridge.council import council as councils
from qrbridge.errors import Problem, Unsound
from qrbridge.places import advice, kinds
from qrbridge.press.design import designs


class Metres(click.FloatRange):
    """A distance; click takes `nan` for a number within any range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it."""
        number = super().convert(value, param, ctx)
        return self.fail("is not a distance in metres.", param, ctx) if math.isnan(number) else number


@click.group(cls=Refusing)
def printable() -> None:
    """Printables: the designs in printables/."""


@printable.command("list", epilog="\b\nExample:\n  qrbridge printable list")
@pass_here
def list_(here: Here) -> None:
    """List the designs, the papers each is made on, and from how far its codes read there."""
    host = councils.show(here.store).short_host
    sound, unsound = designs.sort_out()
    rows = []
    for design in sound:
        reached = {one.size: qr.distance_in_words(one.distance_mm) for one in advice.reaches(design.name, host)}
        sizes = [
            f"{size} ({reached.get(size, 'too fine')})"
            if advice.fits(designs.read(design.name, size), host)
            else f"{size} (no room for {host})"
            for size in design.sizes
        ]
        rows.append([design.name, design.title, ", ".join(sizes)])
    table(rows, ("Printable", "What it is", "Sizes, and from how far they read"))
    for name, error in unsound.items():
        say(f"{name} {error.sentence}")


@printable.command(epilog="\b\nExample:\n  qrbridge printable show poster")
@click.argument("name")
@pass_here
def show(here: Here, name: str) -> None:
    """Show one design: what it is for, and its code in each size."""
    design = designs.read(name)
    rows = [
        [one.size, f"{one.module_mm:.2f} mm", f"{one.width_mm:.0f} mm", qr.distance_in_words(one.distance_mm)]
        for one in advice.reaches(name, councils.show(here.store).short_host)
    ]
    details([("printable", design.name), ("title", design.title), ("about", design.about)])
    say()
    table(rows, ("Size", "Module", "Code", "Reads from"), [1, 2, 3])


@printable.command(epilog="\b\nExamples:\n  qrbridge printable check\n  qrbridge printable check my-notice")
@click.argument("name", required=False, default="")
def check(name: str) -> None:
    """Check one design and its sample, or all of them, and say everything that is wrong; needs no installation."""
    faults = {one: list(_faults(one)) for one in ([name] if name else designs.folders())}
    for one, problems in faults.items():
        say(f"{one} cannot be used:" if problems else f"{one} is sound.")
        for problem in problems:
            say(f"  {problem.field}: {problem.sentence}")
    if any(faults.values()):
        raise click.exceptions.Exit(1)


def _faults(name: str) -> Iterator[Problem]:
    try:
        designs.sample(designs.read(name))
    except Unsound as error:
        yield from error.problems


@printable.command(
    epilog="""\b
Examples:
  qrbridge printable draw my-notice
  qrbridge printable draw poster --size A3 --language cy --language en --into try.pdf
"""
)
@click.argument("name")
@click.option("--size", default="", help="One of its sizes.  [default: its first]")
@click.option("--language", "languages", multiple=True, help="Of the words; more than once for more.")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: NAME.pdf]")
def draw(name: str, size: str, languages: tuple[str, ...], into: Path | None) -> None:
    """Draw one design with its own sample and prove it; needs no installation, no notice and no location."""
    from qrbridge.press import samples

    design, made = designs.read(name, size), into or Path(f"{name}.pdf")
    proof = samples.draw(design, languages, made)
    say(f"{made}: {design.title}, {design.size}; {proof.reads_from}.")


@printable.command(
    epilog="""\b
Examples:
  qrbridge printable advise "bus shelter"
  qrbridge printable advise --distance 2 --printable poster
"""
)
@click.argument("kind", required=False, default="")
@click.option("--distance", type=Metres(0.1, 20), help="How far away people stand, in metres.")
@click.option("--printable", "name", default="poster", show_default=True, help="The design.")
@pass_here
def advise(here: Here, kind: str, distance: float | None, name: str) -> None:
    """Say which paper serves at a KIND of place, or from a distance, and what to know before a sheet hangs there."""
    if not kind and distance is None:
        known = ", ".join(sorted((one.name for one in kinds.KINDS), key=str.casefold))
        raise click.UsageError(f"Name a kind of place or a --distance. Kinds known: {known}.")
    host = councils.show(here.store).short_host
    place = kinds.advised(kind)
    millimetres = distance * 1000 if distance else place.distance_mm
    bare, whole = advice.code_width_mm(millimetres, host)
    far = qr.distance_in_words(millimetres)
    say(f"Read from {far}, a code must be {bare:.0f} mm wide; with its white, {whole:.0f} mm.")
    serving = advice.size_for(advice.reaches(name, host), millimetres)
    if serving:
        say(f"The {name} serves on {serving.size}: it reads from about {qr.distance_in_words(serving.distance_mm)}.")
    else:
        say(f"The {name} serves on none of its papers: hang it where people come nearer, or choose another design.")
    if kind and place.caution:
        say(place.caution)


@printable.command(epilog="\b\nExample:\n  qrbridge printable calibrate L7160 --into try.pdf")
@click.argument("size")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="The PDF to make.  [default: SIZE.pdf]")
def calibrate(size: str, into: Path | None) -> None:
    """Print the outline of every label of a sheet, to hold against it before labels are spent."""
    from qrbridge.press import press

    made = into or Path(f"{size}.pdf")
    press.calibrate(size, made)
    say(f"{made}: print it at its actual size, not fitted to the page, and hold it against a sheet to the light.")
