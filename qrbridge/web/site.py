"""What every page works with, kept on the Flask application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import current_app, g

from qrbridge.installation import Installation
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.store.asked_once import AskedOnce


@dataclass(frozen=True)
class Site(Installation):
    """The installation behind the pages, with its route map and how counting is going."""

    settings: Settings
    store: Store
    routes: RouteMap
    counting: Callable[[], Mapping[str, Any]]


def site() -> Site:
    """The installation this request is for; its store asks each question once, until the request changes something."""
    if "site" not in g:
        whole = cast(Site, current_app.extensions["qrbridge"])
        g.site = replace(whole, store=AskedOnce(whole.store))
    return cast(Site, g.site)


def is_staff_path(path: str) -> bool:
    """Whether an address is one of staff's."""
    return path == "/staff" or path.startswith("/staff/")
