"""The hot path: a WSGI callable that finds, chooses, notes and goes. All else falls through to the pages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from qrbridge import agents, codes, rules, scans
from qrbridge.journal import Journal
from qrbridge.routes import LIVE, Route, RouteMap

Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# In the environment of what falls through: the `Route` of a code that does not lead on, None for no code of ours.
ROUTE = "qrbridge.route"

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


class Redirector:
    """Answers `GET` and `HEAD` of a live code; gives every other request to `fallback`, with what it found."""

    def __init__(self, routes: RouteMap, journal: Journal, fallback: WSGIApplication) -> None:
        self._routes = routes
        self._journal = journal
        self._fallback = fallback
        self._clock = scans.Clock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request: some 6 us for a code opened lately by an agent seen lately."""
        method = environ["REQUEST_METHOD"]
        code = _code(environ.get("PATH_INFO", "")) if method in ("GET", "HEAD") else None
        route = self._routes.find(code) if code else None
        destination = rules.choose(route.rules, environ) if route and route.state == LIVE else None
        if route is None or destination is None:
            environ[ROUTE] = route
            return self._fallback(environ, start_response)
        if method == "GET":
            self._note(route, environ)
        headers = _SECURE_HEADERS if environ.get("wsgi.url_scheme") == "https" else _HEADERS
        start_response(_STATUS, [("Location", destination), *headers])
        return ()

    def _note(self, route: Route, environ: Environ) -> None:
        line = self._line(route.code, environ)
        if line:
            self._journal.write(line)

    def _line(self, code: str, environ: Mapping[str, Any]) -> bytes | None:
        """What goes into the journal about this request; nothing where nobody opened anything yet."""
        asked = environ.get
        if any(map(asked, _AHEAD)):
            return None
        hour, day = self._clock.read()
        if "1" in map(asked, _OBJECTIONS):
            return scans.objection_line(day)
        agent = agents.kind(asked("HTTP_USER_AGENT", ""))
        if agent.automated:
            return scans.automated_line(day, code)
        language = rules.recorded(asked("HTTP_ACCEPT_LANGUAGE", ""), self._routes.languages)
        # The QR holds the code in capitals with nothing added; whatever else finds it was typed.
        via = scans.SCAN if asked("PATH_INFO") == "/" + code else scans.TYPED
        return scans.scan_line(hour, code, via, (agent.device, language))


def _code(path: str) -> str | None:
    """The code that a path asks for, however it was typed."""
    text = path[1:]
    if not text.isascii():
        # WSGI gives a path's bytes as Latin-1; people's dashes and spaces come as UTF-8.
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return codes.tidy(text)
