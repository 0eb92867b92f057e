"""The hot path: a WSGI callable that finds, chooses, notes and goes. All else falls through to the pages."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from qrbridge.counting import agents, scans
from qrbridge.counting.journal import Journal
from qrbridge.routing import rules
from qrbridge.routing.route_map import LIVE, Route, RouteMap

Environ = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# In the environment of what falls through: the `Route` of a code that does not lead on, None for no code of ours.
ROUTE = "qrbridge.route"

# Only staff have it. Who opens a code with it is shown the link's own page and is not counted.
STAFF_COOKIE = "qrbridge_staff=1"
STAFF_PAGE = "/staff/links/{code}/here"

# Temporary and never stored: a link's service may move tomorrow, and a stored answer would not be counted.
STATUS = "302 Found"
_HEADERS: Headers = (
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

# The agents and languages of a few thousand phones, some 2 MB; as many destinations, 4 MB.
_REMEMBERED = 4_096


class Redirector:
    """Answers `GET` and `HEAD` of a live code; gives every other request to `fallback`, with what it found."""

    def __init__(self, routes: RouteMap, journal: Journal, fallback: WSGIApplication) -> None:
        self._routes = routes
        self._journal = journal
        self.fallback = fallback
        self._clock = scans.Clock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as WSGI has it; `lanes` serves without."""
        headers = self.answer(environ)
        if headers is None:
            return self.fallback(environ, start_response)
        start_response(STATUS, list(headers))
        return []

    def answer(self, environ: Environ) -> Headers | None:
        """The headers of a redirect, its scan counted; None, with `ROUTE` set, for what is left to `fallback`.

        Some 2 us for a code opened lately by an agent seen lately.
        """
        written = environ["PATH_INFO"][1:]
        # One look for all that is told by few; what each means is asked where there is any.
        if environ["REQUEST_METHOD"] != "GET" or not environ.keys().isdisjoint(_TELLING):
            return self._answer_unusual(environ, written)
        route = self._routes.find(written)
        destination = route and (route.always or _chosen(route, environ))
        if not route or not destination:
            environ[ROUTE] = route
            return None
        self._journal.write(self._line(route.code, written, environ))
        return _headers(destination, environ.get("wsgi.url_scheme"))

    def _answer_unusual(self, environ: Environ, written: str) -> Headers | None:
        """As `answer`, for what may be no resident's opening of a code, or one that is not to be counted."""
        method = environ["REQUEST_METHOD"]
        route = self._routes.find(written) if method in ("GET", "HEAD") else None
        if route and STAFF_COOKIE in environ.get("HTTP_COOKIE", ""):
            return _headers(STAFF_PAGE.format(code=route.code), environ.get("wsgi.url_scheme"))
        destination = route and _chosen(route, environ)
        if not route or not destination:
            environ[ROUTE] = route
            return None
        if method == "GET" and not any(environ.get(name) for name in _AHEAD):
            objects = any(environ.get(name) == "1" for name in _OBJECTIONS)
            line = scans.objection_line(self._clock.read()[1]) if objects else self._line(route.code, written, environ)
            self._journal.write(line)
        return _headers(destination, environ.get("wsgi.url_scheme"))

    def _line(self, code: str, written: str, environ: Environ) -> bytes:
        """What goes into the journal about an opening."""
        # Cut before they are remembered: a header of 100 kB, sent in 4,096 variants, would else stay for good.
        agent = environ.get("HTTP_USER_AGENT")
        agent = agent and agent[: agents.LONGEST]
        who = _who(agent, environ.get("HTTP_ACCEPT_LANGUAGE", "")[: rules.LONGEST], self._routes.languages)
        hour, day = self._clock.read()
        if not who:
            return scans.automated_line(day, code)
        # The QR holds the code in capitals with nothing added; whatever else finds it was typed.
        return scans.scan_line(hour, code, scans.SCAN if written == code else scans.TYPED, who)


def _chosen(route: Route, environ: Environ) -> str | None:
    return rules.choose(route.rules, environ) if route.state == LIVE else None


@lru_cache(maxsize=_REMEMBERED)
def _headers(destination: str, scheme: str | None) -> Headers:
    """The headers of a redirect to a destination."""
    return (("Location", destination), *(_SECURE_HEADERS if scheme == "https" else _HEADERS))


@lru_cache(maxsize=_REMEMBERED)
def _who(agent: str | None, wanted: str, languages: tuple[str, ...]) -> str:
    """The device and the language to count an opening under, empty for an automated agent."""
    kind = agents.kind(agent)
    return "" if kind.automated else scans.who(kind.device, rules.recorded(wanted, languages))
