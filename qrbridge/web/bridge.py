"""What every page works with, kept on the Flask application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app

from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store


@dataclass(frozen=True)
class Bridge:
    """The installation behind the pages: its settings, store and route map, and how counting is going."""

    settings: Settings
    store: Store
    routes: RouteMap
    counting: Callable[[], Mapping[str, Any]]


def bridge() -> Bridge:
    """The installation this request is for."""
    return cast(Bridge, current_app.extensions["qrbridge"])


def is_staff_path(path: str) -> bool:
    """Whether an address is one of staff's."""
    return path == "/staff" or path.startswith("/staff/")
