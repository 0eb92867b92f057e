"""Processor time goes to redirects first: what else goes on here takes what they leave.

Linux shares a processor out among sessions first, and among the processes of a session after that (autogroup). That one
process gives way is therefore seen only by those of its own session; for all the others, its session has to.
"""

import atexit
import os
import time
from contextlib import suppress
from pathlib import Path

# A tenth of the share of what does not give way, by Linux's table of weights; 19 is a seventieth, with which pages and
# print runs, that people wait for too, would hardly go on where something else keeps every processor busy.
NICENESS = 10
# The session this process is in. What is written to it is its niceness. It may be empty or missing, and be no session
# that can be changed: in a container, in what began before anyone signed in, and on other systems.
_SESSION = Path("/proc/self/autogroup")
# Linux takes one such change in a tenth of a second, from whoever it comes, and has others come again.
_TRIES, _PAUSE_SECONDS = 3, 0.1


def give_way() -> None:
    """Have this process, and what it starts, take the processor time that others leave, until it ends.

    For a process that is ours alone: niceness is not given back. A session that it did not begin, a terminal's say, is
    nice for as long as this process lives.
    """
    with suppress(OSError):
        os.nice(NICENESS)
    if os.getsid(0) != os.getpid():
        atexit.register(_make_session_nice, 0)
    _make_session_nice(NICENESS)


def _make_session_nice(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            _SESSION.write_text(f"{niceness}", "ascii")
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        except OSError:
            return
        else:
            return
