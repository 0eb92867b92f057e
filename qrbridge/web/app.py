"""The Flask application: everything but the redirect itself."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import TEMPLATES, Settings
from qrbridge.store import Store
from qrbridge.web import access, forms, frame, late, lists
from qrbridge.web.api import reports as report_addresses
from qrbridge.web.resident_app import create_resident_app
from qrbridge.web.staff import (
    account,
    audit,
    council,
    drafts,
    handing_over,
    history,
    home,
    jobs,
    links,
    locations,
    many_links,
    notices,
    people,
    print_runs,
    repointing,
    reports,
    services,
    signing_in,
    staff_scan,
    uploads,
)

# Whose pages there are beside those of residents, a file of web/staff/ each.
NOUNS = (
    account,
    audit,
    council,
    drafts,
    handing_over,
    home,
    jobs,
    links,
    locations,
    many_links,
    notices,
    people,
    print_runs,
    repointing,
    reports,
    services,
    signing_in,
    staff_scan,
    uploads,
)

# The macros of the design system, under the name they call one another by.
GOVUK = "govuk_frontend_jinja"


def create_app(settings: Settings, store: Store, routes: RouteMap, counting: Callable[[], Mapping[str, Any]]) -> Flask:
    """The pages of one installation; `counting` tells how its journal and route map are, for `/health`."""
    app = create_resident_app(settings, store, routes, counting)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({GOVUK: PackageLoader(GOVUK)})])
    late.protect(app)
    access.protect(app)
    forms.protect(app)
    forms.add_words(app)
    frame.add_words(app)
    lists.add_words(app)
    history.add_words(app)
    for noun in NOUNS:
        app.register_blueprint(noun.pages)
    report_addresses.add_to(app)
    return app
