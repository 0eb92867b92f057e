"""Moments are UTC; days are the council's, in the United Kingdom."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

COUNCIL_ZONE = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def hour_of(moment: datetime) -> str:
    """The UTC hour a moment falls in, as `2026-11-23T19`: the finest time we keep of any scan."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def stamp(moment: datetime) -> str:
    """A moment as stored, to the second, such as `2026-11-23T19:06:13Z`: fixed width, so text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamped: str) -> datetime:
    """The moment of a stored stamp."""
    return datetime.fromisoformat(stamped)


def day_of(moment: datetime) -> date:
    """The council's day a moment falls on, summer time included."""
    return moment.astimezone(COUNCIL_ZONE).date()


def day_of_hour(hour: str) -> date:
    """The council's day a stored UTC hour falls on."""
    return day_of(datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC))


def day_number(day: date) -> int:
    """Days since 1 January 1970: how the store keeps days it must subtract, alike on both engines."""
    return (day - EPOCH).days


def day_from_number(number: int) -> date:
    """The day a stored day number stands for."""
    return EPOCH + timedelta(days=number)


def in_words(day: date) -> str:
    """A day as printed and shown, such as `5 October 2026`."""
    return f"{day.day} {day:%B %Y}"


def as_typed(day: date) -> str:
    """A day as people type it, such as `5/10/2026`."""
    return f"{day.day}/{day.month}/{day.year}"


def moment_in_words(stamped: str) -> str:
    """A stored moment as shown to staff, such as `5 October 2026, 14:05`, in the council's time."""
    there = moment(stamped).astimezone(COUNCIL_ZONE)
    return f"{in_words(there.date())}, {there:%H:%M}"


def first_hour_of(day: date) -> str:
    """The UTC hour at which a council's day begins, as stored."""
    return hour_of(beginning_of(day))


def beginning_of(day: date) -> datetime:
    """The moment at which a council's day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=COUNCIL_ZONE)
