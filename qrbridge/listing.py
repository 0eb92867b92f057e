"""One page of a list: how it can be ordered and narrowed, what somebody asks of it, and what is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qrbridge.spreadsheets import cells
from qrbridge.store import Row, Store

PER_PAGE = 50

# Beyond this many characters and words a search finds nothing more, and only costs.
LONGEST_SEARCH, MOST_WORDS = 80, 6

# What follows the name of an order that is asked for backwards.
BACKWARDS = "-down"

# What of a list's values says which page is wanted, and in which order.
PAGING = ("ordered", "most", "offset")

# More than any list is long.
EVERY = 1_000_000

# What a figure that is not kept is called, in a row and as an order.
FIGURE = "figure"

# The address of a page far beyond the last one must not be a number that no engine can count to.
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Listing:
    """How one list can be asked for: its orders by name and heading, its filters, and how long its pages are.

    `first` is the order it has where nobody asks for one, such as `number-down`; where it is empty, the first there is.
    """

    orders: Mapping[str, str]
    filters: tuple[str, ...] = ()
    per_page: int = PER_PAGE
    first: str = ""

    @property
    def usual(self) -> str:
        """The order it has where nobody asks for one."""
        return self.first or next(iter(self.orders))

    def read(self, given: Mapping[str, Any]) -> "Wanted":
        """What an address asks of the list; what cannot be understood is passed over, as for an old bookmark."""
        order = str(given.get("sort") or self.usual)
        return Wanted(
            self,
            page=_page(str(given.get("page") or "1")),
            order=order if order.removesuffix(BACKWARDS) in self.orders else self.usual,
            search=cells.tidy(str(given.get("q") or ""))[:LONGEST_SEARCH],
            filters={name: cells.tidy(str(given[name])) for name in self.filters if given.get(name)},
        )


@dataclass(frozen=True)
class Wanted:
    """What is asked of a list: which page of it, in which order, and what it is narrowed to."""

    listing: Listing
    page: int
    order: str
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all."""
        return bool(self.search or self.filters)

    @property
    def whole(self) -> "Wanted":
        """The same list on one page, however long it is."""
        return replace(self, page=1, listing=replace(self.listing, per_page=EVERY))

    @property
    def values(self) -> Row:
        """What its query takes: `search`, `ordered`, `most`, `offset`, and each filter (null where it is not used)."""
        filters = {name: self.filters.get(name) for name in self.listing.filters}
        most = self.listing.per_page
        return {
            **filters,
            "search": pattern(self.search),
            "ordered": self.order,
            "most": most,
            "offset": most * (self.page - 1),
        }

    def address(self, **changed: Any) -> dict[str, Any]:
        """What stands in the address of this list with something changed; that begins again at the first page."""
        said = {"q": self.search, **self.filters, "sort": self.order, **changed}
        usual = {"sort": self.listing.usual, "page": 1}
        return {name: value for name, value in said.items() if value and value != usual.get(name)}

    def turned(self, order: str) -> str:
        """The order that choosing a column's heading leads to: that one, or backwards where it is that already."""
        return order + BACKWARDS if self.order == order else order

    def sorted_as(self, order: str) -> str:
        """How a column is sorted now, in the words of `aria-sort`."""
        return {order: "ascending", order + BACKWARDS: "descending"}.get(self.order, "none")


@dataclass(frozen=True)
class Found:
    """One page of a list: its rows, how many there are on all pages, and what was asked."""

    wanted: Wanted
    rows: list[Row]
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // self.wanted.listing.per_page))

    @property
    def first(self) -> int:
        """The number of the first row that is shown, counted from 1 over all pages."""
        return (self.wanted.page - 1) * self.wanted.listing.per_page + 1

    @property
    def last(self) -> int:
        """The number of the last row that is shown."""
        return self.first + len(self.rows) - 1

    @property
    def near(self) -> list[int]:
        """The pages to offer: the first, the last and those beside this one; 0 stands for a gap."""
        here = self.wanted.page
        shown: list[int] = []
        for page in sorted({1, self.pages, *range(max(1, here - 1), min(self.pages, here + 1) + 1)}):
            shown += [0, page] if shown and page > shown[-1] + 1 else [page]
        return shown


def find(store: Store, question: str, count: str, wanted: Wanted) -> Found:
    """The page of a list that is wanted, or its first one where it has no such page.

    `count` answers with `found`, how many rows there are on all pages. Both take of `wanted.values` what they name.
    Counted in one question with the page, 5,000 locations took fifteen times as long: every row was sorted whole.
    """
    found = store.rows(count, **{name: value for name, value in wanted.values.items() if name not in PAGING})[0][
        "found"
    ]
    if (wanted.page - 1) * wanted.listing.per_page >= found:
        wanted = replace(wanted, page=1)
    return Found(wanted, store.rows(question, **wanted.values), found)


def among(rows: Sequence[Row], wanted: Wanted, texts: Sequence[str]) -> Found:
    """The page that is wanted of a list so short that it is had whole, such as services; `texts` are searched."""
    words = cells.folded(wanted.search).split()
    return _page_of(
        [row for row in rows if _has_all(cells.folded(" ".join(str(row[name]) for name in texts)), words)], wanted
    )


def find_figured(store: Store, question: str, count: str, wanted: Wanted, figures: Mapping[str, int]) -> Found:
    """As `find`, of a list that can also be put in the order of `figure`, which is known by a row's key and not kept.

    In that order all its rows are had, so it is for lists that stay short, such as notices.
    """
    by_figure = wanted.order.removesuffix(BACKWARDS) == FIGURE
    found = find(store, question, count, wanted.whole if by_figure else wanted)
    rows = [{**row, FIGURE: figures.get(row["key"], 0)} for row in found.rows]
    return _page_of(rows, wanted) if by_figure else replace(found, rows=rows)


def _page_of(rows: Sequence[Row], wanted: Wanted) -> Found:
    """The page that is wanted of all the rows there are, put in their order."""
    order = wanted.order.removesuffix(BACKWARDS)
    known = sorted(
        (row for row in rows if row[order] is not None),
        key=lambda row: _in_order(row[order]),
        reverse=wanted.order != order,
    )
    # What has nothing there comes last either way.
    rows = [*known, *(row for row in rows if row[order] is None)]
    first = wanted.values["offset"] if wanted.values["offset"] < len(rows) else 0
    page = wanted.page if first else 1
    return Found(replace(wanted, page=page), rows[first : first + wanted.listing.per_page], len(rows))


def pattern(search: str) -> str | None:
    """A search as what `like ... escape '!'` takes: its words in that order, anywhere; nothing for no search."""
    words = cells.folded(search).split()[:MOST_WORDS]
    escaped = ("".join(f"!{letter}" if letter in "!%_" else letter for letter in word) for word in words)
    return f"%{'%'.join(escaped)}%" if words else None


def _has_all(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


def _in_order(value: Any) -> Any:
    """Texts by their letters and not their capitals."""
    return cells.folded(value) if isinstance(value, str) else value


def _page(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
