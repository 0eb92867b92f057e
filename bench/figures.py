"""What a measurement found, and how it stands to its target."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tabulate import tabulate

COMPARISONS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class Target:
    """What a figure should be: `>=`, `<=` or `=` to a limit."""

    comparison: str
    limit: float

    def is_met_by(self, value: float) -> bool:
        """Whether a value is good enough."""
        return COMPARISONS[self.comparison](value, self.limit)


@dataclass(frozen=True)
class Figure:
    """One measured value with its unit, its target if it has one, and what should be known of it."""

    name: str
    value: float
    unit: str = ""
    target: Target | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target was met, in one word."""
        if self.target is None:
            return ""
        return "met" if self.target.is_met_by(self.value) else "MISSED"


def at_least(limit: float) -> Target:
    """A target that a value must reach."""
    return Target(">=", limit)


def at_most(limit: float) -> Target:
    """A target that a value must not pass."""
    return Target("<=", limit)


def exactly(limit: float) -> Target:
    """A target that a value must be."""
    return Target("=", limit)


def show(title: str, figures: Iterable[Figure]) -> str:
    """Figures as a table in Markdown, to read in a terminal and to keep in docs/bench.md."""
    rows = [(one.name, _written(one.value), one.unit, _target(one), one.verdict, one.note) for one in figures]
    headings = ("", "measured", "unit", "target", "", "note")
    table = tabulate(rows, headings, tablefmt="github", disable_numparse=True, colalign=("left", "right"))
    return f"## {title}\n\n{table}\n"


def _target(figure: Figure) -> str:
    return f"{figure.target.comparison} {_written(figure.target.limit)}" if figure.target else ""


def _written(value: float) -> str:
    """Three figures that mean something; more would be noise."""
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
