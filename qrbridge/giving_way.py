"""Processor time goes to redirects first: what else goes on here takes what they leave.

Linux shares a processor out among sessions first, and among the processes of a session after that (autogroup). That one
process gives way is therefore seen only by those of its own session; for all the others, its session has to.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NICEST = 19
# "/autogroup-25 nice 0" of the session this process is in; what is written to it is its niceness. It is empty for what
# has been in the first session of a machine since it was started, which nothing can be written to either.
_SESSION = Path("/proc/self/autogroup")
# Linux takes one such change in a tenth of a second, from whoever it comes, and has others come again.
_TRIES, _PAUSE_SECONDS = 3, 0.1


def give_way() -> None:
    """Have this process, and those it starts, work only while nobody else wants the processor.

    With nothing else to do a machine works as fast as ever. Where Linux does not leave a processor to others at once,
    or is not allowed to, the lowest priority there is must do. A session that this process leads gives way with it.
    """
    _be_last()
    if os.getsid(0) == os.getpid():
        _make_session_nice(_NICEST)


@contextmanager
def giving_way() -> Iterator[None]:
    """Give way while the block runs, and with this process all that runs in its terminal."""
    before = _session_niceness()
    _be_last()
    _make_session_nice(_NICEST)
    try:
        yield
    finally:
        # Made so by another that gives way here, or for good, it is theirs to change.
        if before != _NICEST:
            _make_session_nice(before)
        # Only who may give a process more than it has can take this back; a command ends here.
        with suppress(AttributeError, OSError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _be_last() -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):
        os.nice(max(0, _NICEST - os.nice(0)))


def _session_niceness() -> int:
    try:
        return int(_SESSION.read_text("ascii").split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def _make_session_nice(niceness: int) -> None:
    for _ in range(_TRIES):
        try:
            _SESSION.write_text(f"{niceness}", "ascii")
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        except OSError:
            return  # not every system shares out by session
        else:
            return
