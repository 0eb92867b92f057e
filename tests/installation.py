"""An installation with one council, made with the fewest rows that a code needs to lead anywhere."""

from qrbridge import times
from qrbridge.audit import By
from qrbridge.council import council
from qrbridge.council.council import Council
from qrbridge.installation import next_version
from qrbridge.store import Store
from tests.given import in_days, noon

PAGE = "https://www.trafford.gov.uk/help"
COUNCIL = Council(
    name="Trafford Council",
    short_host="qr.trafford.gov.uk",
    website="www.trafford.gov.uk",
    phone="0161 912 2000",
    hours="Monday to Friday, 8.30am to 5pm",
    colour="#00578a",
    languages=("en", "cy", "zh-Hans"),
    allowed_hosts=("trafford.gov.uk",),
)
PLACES = ("'L1'", "'L2'", "'L3'")


def begin(store: Store) -> None:
    """A council, a service with one page, a notice and three locations."""
    council.set_up(store, COUNCIL, By("jo"))
    with store.atomic():
        for place in PLACES:
            store.script(
                "insert into location (reference, folded, name, address, postcode, kind, setting) "
                f"values ({place}, {place.lower()}, 'Library', '', '', 'library', '')"
            )
    service(store, "help", {"en": PAGE})
    notice(store, "winter", "help")


def service(store: Store, key: str, pages: dict[str, str]) -> None:
    """A service and its pages; they are not checked, as if other hands had written them."""
    plain = dict.fromkeys(("phone", "hours", "place", "summary", "service_level"), "0")
    with store.atomic():
        version = next_version(store)
        store.run(
            "services.add",
            key=key,
            name=key,
            searched=key,
            owner="jo",
            review_day=in_days(120),
            lgsl=None,
            version=version,
            **plain,
        )
        repage(store, key, pages)


def repage(store: Store, key: str, pages: dict[str, str]) -> None:
    """Put other pages in place of a service's."""
    with store.atomic():
        store.script(f"update service set version = {next_version(store)} where key = '{key}'")
        store.run("services.drop_pages", service=key)
        rows = [{"service": key, "language": tag, "destination": address} for tag, address in pages.items()]
        store.run_many("services.add_page", rows)


PRINTED = {"printable": "poster", "size": "", "picture": "", "picture_alt": "", "reading_distance_mm": 0}


def notice(store: Store, key: str, of: str, ends: str = "") -> None:
    """A notice about a service."""
    with store.atomic():
        version = next_version(store)
        store.run("notices.add", key=key, service=of, starts=in_days(-300), ends=ends, version=version, **PRINTED)


def link(store: Store, code: str, of: str = "winter", at: str = "L1", state: str = "made") -> None:
    """A link with a code of our choosing; one that is there already is given the state."""
    with store.atomic():
        version = next_version(store)
        made = {"made_at": times.stamp(noon(-300)), "reason": ""}
        added = store.run("links.make", code=code, notice=of, location=at, state=state, version=version, **made)
        if not added:
            store.run("links.move", code=code, state=state, reason="", version=version)
