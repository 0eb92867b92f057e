"""The `qrbridge` command."""

import signal
import sys
from types import FrameType

from qrbridge.cli import root

# What a shell reports for a command that TERM ended.
ENDED_BY_TERM = 128 + signal.SIGTERM


def main() -> None:
    """Run the command; told to end, it ends as by an error, so that no half-written file stays."""
    signal.signal(signal.SIGTERM, _end)
    root.main()


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(ENDED_BY_TERM)


if __name__ == "__main__":
    main()
