"""Scans made up to show how reports work; each is kept and shown as simulated."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from qrbridge import times
from qrbridge.counting import scans
from qrbridge.links import links
from qrbridge.places import kinds
from qrbridge.store import Store

# Notices of one kind differ from one another as a gamma of this shape: a few do most, many do almost nothing.
SHAPE = 1.0

OPEN_HOURS = range(8, 20)
SEED = 2026
WAYS = (("scan", 0.9), ("typed", 0.1))
DEVICES = (("phone", 0.92), ("tablet", 0.05), ("computer", 0.03))
LANGUAGES = (("en", 0.93), ("pl", 0.03), ("ur", 0.02), ("other", 0.02))


def simulate(store: Store, notice: str, days: Iterable[date]) -> int:
    """Put simulated scans of a notice's links into the totals, in place of any from before; returns how many."""
    chance = random.Random(SEED)
    counted: Counter[tuple[str, date, int]] = Counter()
    stretch = list(days)
    rows = links.list_all(store, notice=notice)
    for row in rows:
        mean = kinds.of(row["kind"] or "").scans_a_day * chance.gammavariate(SHAPE, 1 / SHAPE)
        counted.update((row["code"], day, hour) for day in stretch for hour in _hours(chance, mean))
    with store.atomic():
        for row in rows:
            store.run("simulation.drop_hours", code=row["code"])
            store.run("simulation.drop_days", code=row["code"])
        scans.keep(store, _totals(counted, chance), simulated=True)
    return counted.total()


def _hours(chance: random.Random, mean: float) -> Iterator[int]:
    """The hours of one day's scans: arrivals at a constant rate through the day."""
    moment = chance.expovariate(mean)
    while moment < 1:
        yield chance.choice(OPEN_HOURS)
        moment += chance.expovariate(mean)


def _totals(counted: Counter[tuple[str, date, int]], chance: random.Random) -> scans.Totals:
    totals = scans.Totals()
    for (code, day, hour), number in counted.items():
        moment = times.hour_of(datetime.combine(day, time(hour), tzinfo=UTC))
        for _ in range(number):
            totals.add_scan(1, moment, code, *(_pick(chance, choices) for choices in (WAYS, DEVICES, LANGUAGES)))
    return totals


def _pick(chance: random.Random, choices: tuple[tuple[str, float], ...]) -> str:
    return chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def last_days(count: int, today: date) -> list[date]:
    """The days before today, oldest first."""
    return [today - timedelta(days=ago) for ago in range(count, 0, -1)]
