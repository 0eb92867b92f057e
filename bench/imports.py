"""An import of a hundred thousand locations from a spreadsheet."""

import csv
import random
from pathlib import Path

from bench.figures import Figure, exactly
from bench.installation import KINDS, installation, reference
from bench.processes import environment, qrbridge, run
from qrbridge.places import locations

ROWS = 100_000
SEED = 2026


def measure() -> list[Figure]:
    """Seconds and peak memory of `qrbridge location import`, the first time and when nothing has changed."""
    with installation(0) as made:
        file = _spreadsheet(made.settings.instance / "locations.csv")
        environ, log = environment(made.settings), made.settings.instance / "import.log"
        idle = run(qrbridge("location", "list"), environ, log)
        first, again = (run(qrbridge("location", "import", str(file)), environ, log) for _ in range(2))
        kept, size = len(locations.list_all(made.store)), file.stat().st_size
    return [
        Figure("locations kept", kept, "", exactly(ROWS), f"from a CSV of {size / 1e6:.1f} MB"),
        Figure("import", first.seconds, "s", note=f"{ROWS / first.seconds:,.0f} rows/s"),
        Figure("the same file again", again.seconds, "s"),
        Figure(
            "peak memory, import", first.peak_mb, "MB", note=f"{first.peak_mb - idle.peak_mb:.0f} over the bare command"
        ),
        Figure("peak memory, the same file again", again.peak_mb, "MB"),
    ]


def _spreadsheet(path: Path) -> Path:
    chance = random.Random(SEED)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("reference", "name", "address", "postcode", "latitude", "longitude", "kind"))
        writer.writerows(_row(number, chance) for number in range(ROWS))
    return path


def _row(number: int, chance: random.Random) -> tuple[object, ...]:
    postcode = f"M{chance.randint(1, 35)} {chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}"
    latitude, longitude = 53.3 + chance.random() / 5, -2.5 + chance.random() / 3
    address = f"{number % 300 + 1} High Street"
    return (
        reference(number),
        f"Noticeboard {number}",
        address,
        postcode,
        f"{latitude:.5f}",
        f"{longitude:.5f}",
        KINDS[number % len(KINDS)],
    )
