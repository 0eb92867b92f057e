"""Staff pages as a browser without scripts would fetch them, every page checked as it comes."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qrbridge.accounts import people, sessions
from qrbridge.accounts.people import Person
from qrbridge.audit import By
from qrbridge.routing.route_map import RouteMap
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.web import access
from qrbridge.web.app import create_app
from qrbridge.work import queue

NEEDS_NO_LABEL = ("hidden", "submit", "button", "image")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


class Page(HTMLParser):
    """What a page holds of what every page must have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.title = ""
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.inside: list[str] = []
        self.loose: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag in ("input", "select", "textarea"):
            self.fields.append({"tag": tag, **given})
        if tag == "h1":
            self.headings.append("")
        self.loose += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "h1" in self.inside:
            self.headings[-1] += data
        elif self.inside[-1:] == ["title"] and "svg" not in self.inside:
            self.title += data


def check_page(html: str) -> Page:
    """One h1 that begins the title, no id twice, a label for every field, a language, and nothing inline."""
    page = Page(html)
    assert page.language, "the page has no lang"
    assert len(page.headings) == 1, f"the page has {len(page.headings)} h1"
    heading, title = (" ".join(text.split()) for text in (page.headings[0], page.title))
    assert heading and title.removeprefix("Error: ").startswith(heading), f"“{title}” does not begin with “{heading}”"
    assert len(page.ids) == len(set(page.ids)), f"ids twice: {sorted({i for i in page.ids if page.ids.count(i) > 1})}"
    for one in page.fields:
        named = one.get("id") in page.labelled or "aria-label" in one or "aria-labelledby" in one
        assert named or one.get("type") in NEEDS_NO_LABEL, f"a field without a label: {one}"
    assert page.loose == [], "inline styles or handlers, which the policy blocks"
    return page


class StaffClient(FlaskClient):
    """A member of staff's browser: checks every page it is shown, and sends the hidden field of forms by itself."""

    def open(self, *args: object, **options: object) -> TestResponse:
        answer = super().open(*args, **options)  # type: ignore[arg-type]
        assert answer.status_code != 500, "a page failed; see the log above"
        if answer.mimetype == "text/html" and answer.data and answer.status_code not in (301, 302, 303):
            check_page(answer.text)
        return answer

    def send(self, path: str, data: Mapping[str, object] | None = None, **options: object) -> TestResponse:
        """Post a form of ours, as the page that holds it would."""
        return self.post(path, data={**(data or {}), access.CSRF_FIELD: self.csrf()}, **options)

    def csrf(self) -> str:
        """The hidden field that forms shown to this browser carry."""
        cookie = self.get_cookie(access.COOKIE)
        if cookie is None:
            self.get("/staff/sign-in")
            cookie = self.get_cookie(access.COOKIE)
        assert cookie is not None
        return access.csrf_of(cookie.value)


@dataclass
class Office:
    """An installation with its pages, not listening anywhere, and browsers of staff of each role."""

    settings: Settings
    store: Store
    app: Flask
    routes: RouteMap
    made_for_walk: dict[str, str] = field(default_factory=dict)
    _made: dict[str, Person] = field(default_factory=dict)

    def person(self, role: str) -> Person:
        """A member of staff of a role: jo.viewer@example.gov.uk and the like."""
        if role not in self._made:
            one = Person(f"jo.{role}@example.gov.uk", f"Jo {role.title()}", role)
            people.add(self.store, one, By("tests"))
            self._made[role] = one
        return self._made[role]

    def client(self, role: str = "", domain: str = "localhost") -> StaffClient:
        """A browser with somebody of this role signed in at a host; nobody where no role is given."""
        client = self.app.test_client()
        assert isinstance(client, StaffClient)
        if role:
            client.set_cookie(access.COOKIE, sessions.begin(self.store, self.person(role).email), domain=domain)
        return client

    def jobs_told(self) -> int:
        """How many jobs the worker was told of; there is none here to take them."""
        told = queue.opened(self.settings)
        with closing(told.storage):
            return int(told.pending_count())

    def refresh(self) -> None:
        """Bring the route map up to date, as the ticker does within a second."""
        self.routes.refresh(self.store)


@contextmanager
def office(settings: Settings, store: Store) -> Iterator[Office]:
    """The pages of an installation that is set up."""
    routes = RouteMap(settings.route_map)
    routes.refresh(store)
    app = create_app(settings, store, routes, lambda: {"journal": {"problem": ""}})
    app.test_client_class = StaffClient
    yield Office(settings, store, app, routes)
    routes.close()


def text_of(html: str) -> str:
    """A page's text without its markup, for asking what it says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
