"""How this installation is, for monitors and for `qrbridge doctor`."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from qrbridge import __version__
from qrbridge.upkeep import last_done
from qrbridge.web.site import site

pages = Blueprint("health", __name__)


@pages.get("/health")
def health() -> Response:
    """State of store, journal, route map and uncounted scans.

    Status 200 while codes are redirected and counted; 503 where the route map is missing or the journal cannot be
    written. A store that is away is said but is no failure: redirects and counting go on without it. `uncounted` is
    how many scans went by while a journal could not be written. `chores` is what this machine's worker does by the
    clock: how often, when last (UTC) and what was wrong then.
    """
    counting = site().counting()
    chores = [asdict(one) for one in last_done.read(site().settings.instance)]
    ready = site().routes.version is not None and not counting["journal"]["problem"]
    answer = jsonify(status="ok" if ready else "failing", qrbridge=__version__, **counting, chores=chores)
    answer.status_code = 200 if ready else 503
    return answer
