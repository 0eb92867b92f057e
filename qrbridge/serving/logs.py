"""How our processes log: a line each with time, level and who says it, on standard error or into work.log."""

import logging
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# granian says what befalls web processes, and nothing of requests.
GRANIAN: dict[str, Any] = {
    "formatters": {name: {"()": "logging.Formatter", "fmt": FORMAT} for name in ("generic", "access")}
}


def begin() -> None:
    """Log from here on, in a process that is ours."""
    logging.basicConfig(level=logging.INFO, format=FORMAT)
