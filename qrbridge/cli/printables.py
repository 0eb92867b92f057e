"""`qrbridge printable`: the designs there are, from how far each reads, and which serves where."""

from pathlib import Path

import click

from qrbridge import advice, qr
from qrbridge import council as councils
from qrbridge.cli.here import Here, Refusing, details, pass_here, say, table
from qrbridge.press import designs


@click.group(cls=Refusing)
def printable() -> None:
    """Printables: the designs in printables/."""


@printable.command("list", epilog="\b\nExample:\n  qrbridge printable list")
@pass_here
def list_(here: Here) -> None:
    """List the designs, the papers each is made on, and from how far its codes read there."""
    host = councils.show(here.store).short_host
    rows = []
    for name in designs.names():
        reached = {one.size: qr.distance_in_words(one.distance_mm) for one in advice.reaches(name, host)}
        sizes = [f"{size} ({reached.get(size, 'too fine')})" for size in designs.read(name).sizes]
        rows.append([name, designs.read(name).title, ", ".join(sizes)])
    table(rows, ("Printable", "What it is", "Sizes, and from how far they read"))


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


@printable.command(
    epilog="""\b
Examples:
  qrbridge printable advise "bus shelter"
  qrbridge printable advise --distance 2 --printable poster
"""
)
@click.argument("kind", required=False, default="")
@click.option("--distance", type=click.FloatRange(0.1, 20), help="How far away people stand, in metres.")
@click.option("--printable", "name", default="poster", show_default=True, help="The design.")
@pass_here
def advise(here: Here, kind: str, distance: float | None, name: str) -> None:
    """Say which paper serves at a KIND of place, or from a distance, and what to know before a sheet hangs there."""
    if not kind and distance is None:
        known = ", ".join(sorted(advice.PLACES, key=str.casefold))
        raise click.UsageError(f"Name a kind of place or a --distance. Kinds known: {known}.")
    host = councils.show(here.store).short_host
    place = advice.place(kind)
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
