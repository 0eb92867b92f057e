"""The hot path: a WSGI callable that finds, chooses, notes and goes. All else falls through to the pages."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from qrbridge import agents, rules, scans
from qrbridge.journal import Journal
from qrbridge.routes import LIVE, RouteMap

Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# In the environment of what falls through: the `Route` of a code that does not lead on, None for no code of ours.
ROUTE = "qrbridge.route"

# Only staff have it. Who opens a code with it is shown the link's own page and is not counted.
STAFF_COOKIE = "qrbridge_staff=1"
STAFF_PAGE = "/staff/links/{code}/here"

_METHODS = ("GET", "HEAD")
# Temporary and never stored: a link's service may move tomorrow, and a stored answer would not be counted.
_STATUS = "302 Found"
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("Content-Length", "0"),
)
# Said only where the request came by https: what a server does not serve it must not promise. One year, in seconds.
_SECURE_HEADERS = (*_HEADERS, ("Strict-Transport-Security", "max-age=31536000"))

# A browser says with these that it fetches ahead of anyone's asking.
_AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
# `1` in either says that this person objects to being counted.
_OBJECTIONS = ("HTTP_SEC_GPC", "HTTP_DNT")
# All by which a request can be other than a resident's who opens a code.
_TELLING = frozenset({*_AHEAD, *_OBJECTIONS, "HTTP_COOKIE"})

# The agents and languages of a few thousand phones, some 2 MB.
_REMEMBERED = 4_096


class Redirector:
    """Answers `GET` and `HEAD` of a live code; gives every other request to `fallback`, with what it found."""

    def __init__(self, routes: RouteMap, journal: Journal, fallback: WSGIApplication) -> None:
        self._routes = routes
        self._journal = journal
        self._fallback = fallback
        self._clock = scans.Clock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request: some 2.5 us for a code opened lately by an agent seen lately."""
        method, written = environ["REQUEST_METHOD"], environ["PATH_INFO"][1:]
        route = self._routes.find(written) if method in _METHODS else None
        # One look for all that is told by few; what each means is asked where there is any.
        is_usual = environ.keys().isdisjoint(_TELLING)
        if route and not is_usual and STAFF_COOKIE in environ.get("HTTP_COOKIE", ""):
            start_response(_STATUS, [("Location", STAFF_PAGE.format(code=route.code)), *_HEADERS])
            return []
        destination = rules.choose(route.rules, environ) if route and route.state == LIVE else None
        if route is None or destination is None:
            environ[ROUTE] = route
            return self._fallback(environ, start_response)
        if method == "GET" and (is_usual or not _is_ahead(environ)):
            self._journal.write(self._line(route.code, written, environ, is_usual))
        headers = _SECURE_HEADERS if environ.get("wsgi.url_scheme") == "https" else _HEADERS
        start_response(_STATUS, [("Location", destination), *headers])
        # A list: granian answers any other iterable as a stream, which costs it more than all of the above.
        return []

    def _line(self, code: str, written: str, environ: Mapping[str, Any], is_usual: bool) -> bytes:
        """What goes into the journal about this request."""
        hour, day = self._clock.read()
        if not is_usual and _objects(environ):
            return scans.objection_line(day)
        # Cut before they are remembered: a header of 100 kB, sent in 4,096 variants, would else stay for good.
        agent = environ.get("HTTP_USER_AGENT", "")[: agents.LONGEST]
        wanted = environ.get("HTTP_ACCEPT_LANGUAGE", "")[: rules.LONGEST]
        who = _who(agent, wanted, self._routes.languages)
        if who is None:
            return scans.automated_line(day, code)
        # The QR holds the code in capitals with nothing added; whatever else finds it was typed.
        return scans.scan_line(hour, code, scans.SCAN if written == code else scans.TYPED, who)


def _is_ahead(environ: Mapping[str, Any]) -> bool:
    """Whether a browser says that it fetches ahead of anyone's asking."""
    return any(environ.get(name) for name in _AHEAD)


def _objects(environ: Mapping[str, Any]) -> bool:
    """Whether this person objects to being counted."""
    return any(environ.get(name) == "1" for name in _OBJECTIONS)


@lru_cache(maxsize=_REMEMBERED)
def _who(agent: str, wanted: str, languages: tuple[str, ...]) -> tuple[str, str] | None:
    """The device and the language to count an opening under, None for an automated agent."""
    kind = agents.kind(agent)
    return None if kind.automated else (kind.device, rules.recorded(wanted, languages))
