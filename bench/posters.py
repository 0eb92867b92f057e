"""Posters, each drawn, rendered and decoded before it is released."""

from bench.figures import Figure, at_most
from bench.installation import NOTICE, installation
from bench.processes import Used, environment, qrbridge, run

SINGLE, FEW, MANY = 1, 1_000, 10_000
PAGE_TARGET_KB = 6.0
# Flat, but for what a list of ten times as many links and bookmarks itself takes.
MEMORY_TARGET = 1.25


def measure() -> list[Figure]:
    """Pages a second of one core, bytes a page and peak memory of `qrbridge notice print`."""
    (one, size_of_one), (few, size_of_few), (many, size_of_many) = map(_print, (SINGLE, FEW, MANY))
    further = (size_of_few - size_of_one) / (FEW - SINGLE) / 1000
    core = few.processor - one.processor
    return [
        Figure("one poster", one.seconds, "s", note=f"{size_of_one / 1000:.0f} kB"),
        Figure("1,000 proved posters", few.seconds, "s"),
        Figure("pages a second of one core", (FEW - SINGLE) / core, "pages/s", note=f"{core:.1f} s of processor"),
        Figure("10,000 proved posters", many.seconds, "s", note=f"{size_of_many / 1e6:.1f} MB"),
        Figure("each further page", further, "kB", at_most(PAGE_TARGET_KB)),
        Figure("peak memory, 1,000", few.peak_mb, "MB"),
        Figure("peak memory, 10,000", many.peak_mb, "MB"),
        Figure("peak memory, 10,000 ÷ 1,000", many.peak_mb / few.peak_mb, target=at_most(MEMORY_TARGET)),
    ]


def _print(sheets: int) -> tuple[Used, int]:
    """Print a notice for so many locations, and say what that used and how many bytes it is."""
    with installation(sheets, linked=False) as made:
        folder = made.settings.instance
        command = qrbridge("notice", "print", NOTICE, "--into", str(folder / "posters.pdf"))
        used = run(command, environment(made.settings), folder / "print.log")
        return used, (folder / "posters.pdf").stat().st_size
