"""The `qrbridge` command."""

import io
import signal
import sys
from types import FrameType

from qrbridge.cli import root
from qrbridge.serving.giving_way import give_way

# What a shell reports for a command that TERM ended.
ENDED_BY_TERM = 128 + signal.SIGTERM


def main() -> None:
    """Run the command; told to end, it ends as by an error, so that no half-written file stays."""
    signal.signal(signal.SIGTERM, _end)
    _speak_utf_8()
    root.main(obj=give_way)


def _speak_utf_8() -> None:
    """Write UTF-8 into files and pipes; a terminal that cannot show a character is given a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace") if stream.isatty() else stream.reconfigure(encoding="utf-8")


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(ENDED_BY_TERM)


if __name__ == "__main__":
    main()
