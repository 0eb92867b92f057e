"""The Flask application of a web process: what it answers itself beside redirects.

It loads nothing that only pages of staff need: a server is there after 1.6 s where it took 2.7 with all pages, and
takes 60 MB less.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response
from jinja2 import FileSystemLoader
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import TEMPLATES, Settings
from qrbridge.store import Store
from qrbridge.web import assets, brand, health, problems, room, security
from qrbridge.web.residents import codes, hang_checks
from qrbridge.web.site import Site

# Whose pages these are, a file of web/ each.
NOUNS = (assets, brand, hang_checks, health, codes)

# What lies here and is no page of ours is a missing page, not a code that nobody knows.
OURS = ("/api", "/api/<path:rest>", "/staff/<path:rest>", "/favicon.ico")


def create_resident_app(
    settings: Settings, store: Store, routes: RouteMap, counting: Callable[[], Mapping[str, Any]]
) -> Flask:
    """The pages of one installation that no sign-in is needed for; `counting` is as in `app`."""
    app = Flask("qrbridge", template_folder=str(TEMPLATES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = room.MAX_FORM_BYTES
    app.extensions["qrbridge"] = Site(settings, store, routes, counting)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = FileSystemLoader(TEMPLATES)
    app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]
    security.protect(app)
    problems.protect(app)
    for noun in NOUNS:
        app.register_blueprint(noun.pages)
    for ours in OURS:
        app.add_url_rule(ours, endpoint=ours, view_func=_nowhere)
    return app


def _nowhere(rest: str = "") -> Response:
    """What lies under our own addresses and is no page must not be taken for a code."""
    raise NotFound
