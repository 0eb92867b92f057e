"""Posters drawn, tagged, rendered and decoded before they are released; beside plainer means that do none of it."""

import sys
from pathlib import Path

from bench.figures import Figure, at_least, at_most
from bench.installation import NOTICE, folder, installation
from bench.processes import Used, environment, qrbridge, run
from qrbridge.settings import PROJECT

SINGLE, FEW, MANY = 1, 1_000, 10_000
PAGE_TARGET_KB = 6.0
# Flat, but for what a list of ten times as many links and bookmarks itself takes.
MEMORY_TARGET = 1.25


def measure() -> list[Figure]:
    """Pages a second of one core, bytes a page and peak memory of `qrbridge notice print`."""
    (one, size_of_one), (few, size_of_few), (many, size_of_many) = map(_print, (SINGLE, FEW, MANY))
    further = (size_of_few - size_of_one) / (FEW - SINGLE) / 1000
    core = few.processor - one.processor
    ours = (FEW - SINGLE) / core
    images, image_size = _plainly("images")
    paths, path_size = _plainly("paths")
    return [
        Figure("one poster", one.seconds, "s", note=f"{size_of_one / 1000:.0f} kB"),
        Figure("1,000 proved posters", few.seconds, "s"),
        Figure("proved and tagged, a second of one core", ours, "pages", note=f"{core:.1f} s of processor"),
        Figure("segno PNG and drawImage, unproved", images, "pages", note=f"{image_size / 1000:.0f} kB a page"),
        Figure("reportlab, modules worked out before", paths, "pages", note=f"{path_size / 1000:.0f} kB a page"),
        Figure("proved and tagged ÷ segno PNG", ours / images, target=at_least(1.0)),
        Figure("proved and tagged ÷ reportlab", ours / paths),
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


def _plainly(way: str) -> tuple[float, float]:
    """Draw the same posters by plainer means: pages a second of one core, and bytes for each further page."""
    with folder() as here:
        one, few = (_naive(way, sheets, here) for sheets in (SINGLE, FEW))
        pages = FEW - SINGLE
        return pages / (few[0].processor - one[0].processor), (few[1] - one[1]) / pages


def _naive(way: str, sheets: int, here: Path) -> tuple[Used, int]:
    into = here / f"{sheets}.pdf"
    command = [sys.executable, "-m", "bench.naive", way, str(sheets), str(into)]
    used = run(command, {"PYTHONPATH": str(PROJECT)}, here / "naive.log")
    return used, into.stat().st_size
