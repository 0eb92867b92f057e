"""Lists of the staff pages: all about one stands in its address, so that it can be kept, sent and gone back to."""

from datetime import date
from typing import Any

from flask import Flask, g, request, url_for

from qrbridge import codes, times
from qrbridge.listing import Found, Listing, Wanted


def wanted(listing: Listing) -> Wanted:
    """What the address of this page asks of a list: `page`, `sort`, `q`, and its filters."""
    return listing.read(request.args)


def stand_at(endpoint: str) -> None:
    """Say which page a list is at home on, where it is shown again because a form below it was refused."""
    g.list_page = endpoint


def add_words(app: Flask) -> None:
    """Give templates the words lists are written with; the macros are in staff/lists.html."""
    app.jinja_env.globals.update(
        list_address=address, whole_list=whole, pagination=pagination, spoken=codes.spoken, in_words=in_words
    )


def in_words(day: date | str) -> str:
    """A day, or one as it is stored, in words."""
    return times.in_words(date.fromisoformat(day) if isinstance(day, str) else day)


def address(of: Wanted, **changed: Any) -> str:
    """The address of the list's page with the same list and something changed."""
    home: str = g.get("list_page", "")
    here = {} if home else request.view_args or {}
    return url_for(home or request.endpoint or "", **here, **of.address(**changed))


def whole(of: Wanted) -> str:
    """The address of the list's page with nothing asked of it."""
    return address(of.listing.read({}))


def pagination(found: Found) -> dict[str, Any]:
    """The pages there are, as the design system's macro takes them."""
    here = found.wanted.page
    items = [
        {"number": page, "href": address(found.wanted, page=page), "current": page == here}
        if page
        else {"ellipsis": True}
        for page in found.near
    ]
    steps = {"previous": here - 1, "next": here + 1 if here < found.pages else 0}
    return {
        "items": items,
        **{name: {"href": address(found.wanted, page=page)} for name, page in steps.items() if page},
    }
