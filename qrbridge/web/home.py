"""The first page of staff."""

from flask import Blueprint, Response

from qrbridge.web import forms

pages = Blueprint("home", __name__)


@pages.get("/staff")
def page() -> Response:
    """Say where things are."""
    return forms.show("staff/home.html")
