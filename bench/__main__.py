"""`python -m bench [NAME ...]`: measure everything, or only what is named; status 1 where something could not run."""

import importlib
import os
import platform
import sys
import time

from bench.figures import show
from bench.processes import CannotRun

# Name: module and what it measures. Each has `measure()`, which returns figures.
SUBJECTS = {
    "redirect": ("redirect", "A tracked redirect beside a bare one, Flask and nginx"),
    "quiet": ("quiet", "Redirects while posters print and a report reloads"),
    "flood": ("flood", "A flood of user agents never seen before"),
    "links": ("links", "One redirect among a thousand links and among a million"),
    "import": ("imports", "An import of 100,000 locations"),
    "pages": ("pages", "Pages of staff with 5,000 locations and 20,000 links"),
    "posters": ("posters", "Proved posters"),
}


def main(names: list[str]) -> int:
    """Measure and print; a target that was missed is said and is no failure."""
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        print(f"There is no measurement “{unknown[0]}”; there is {', '.join(SUBJECTS)}.", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n", flush=True)
    return max([_measure(name) for name in names or SUBJECTS])


def _measure(name: str) -> int:
    module, title = SUBJECTS[name]
    started = time.monotonic()
    try:
        figures = importlib.import_module(f"bench.{module}").measure()
    except CannotRun as error:
        print(f"## {title}\n\nCould not be measured: {error}\n", flush=True)
        return 1
    print(show(title, figures))
    print(f"({name}: {time.monotonic() - started:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
