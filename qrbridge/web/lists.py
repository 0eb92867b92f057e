"""Lists of the staff pages: all about one stands in its address, so that it can be kept, sent and gone back to."""

from datetime import date
from typing import Any

from flask import Flask, request, url_for

from qrbridge import codes, times
from qrbridge.listing import Found, Listing, Wanted


def wanted(listing: Listing) -> Wanted:
    """What the address of this page asks of a list: `page`, `sort`, `q`, and its filters."""
    return listing.read(request.args)


def add_words(app: Flask) -> None:
    """Give templates the words lists are written with; the macros are in staff/lists.html."""
    app.jinja_env.globals.update(list_address=address, pagination=pagination, spoken=codes.spoken, in_words=in_words)


def in_words(day: date | str) -> str:
    """A day, or one as it is stored, in words."""
    return times.in_words(date.fromisoformat(day) if isinstance(day, str) else day)


def address(of: Wanted, **changed: Any) -> str:
    """The address of this page with the same list and something changed."""
    return url_for(request.endpoint or "", **(request.view_args or {}), **of.address(**changed))


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
