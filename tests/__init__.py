"""The suite, on whatever day: `QRBRIDGE_TEST_DAYS_ON=400 make quick` runs it as it will be run in 400 days."""

import os
from datetime import datetime, timedelta

from qrbridge import times

_DAYS_ON = timedelta(days=int(os.environ.get("QRBRIDGE_TEST_DAYS_ON", "0")))
_now = times.now


def _later() -> datetime:
    return _now() + _DAYS_ON


# Before any test takes its days from it; the clock of this machine stays as it is. (Told otherwise by libfaketime
# 0.9.10, a thread of Python 3.11 that waits for a while waits for ever.)
if _DAYS_ON:
    times.now = _later
