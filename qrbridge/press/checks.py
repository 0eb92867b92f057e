"""What a design must carry and keep to before it may be printed with."""

from collections.abc import Callable, Iterator
from itertools import combinations

from qrbridge.errors import Problem
from qrbridge.press.phrases import PHRASES
from qrbridge.press.printable import Frame, Printable, Region
from qrbridge.press.words import OPTIONAL_FIELDS, Notice, Sheet

REQUIRED_FIELDS = ("council", "headline", "body", "typed", "number", "phone", "hours", "place", "destination")
"""The paper must work without a phone, and say where it leads: no design goes without these."""
REQUIRED_PHRASES = ("scan-or-type", "opens", "counted")
KNOWN_FIELDS = frozenset({*REQUIRED_FIELDS, "location", "ward", "street"})
LEAST_POINTS = 12
"""RNIB and UKAAF clear print: 12 point at the very least."""
LEAST_BODY_POINTS = 14
"""RNIB and UKAAF clear print: 14 point for what is to be read."""
LEAST_LEADING = 1.0


def problems_of(design: Printable) -> Iterator[Problem]:
    """Yield everything wrong with a design."""
    for check in CHECKS:
        yield from check(design)


def problems_of_sample(design: Printable, notice: Notice, sheet: Sheet) -> Iterator[Problem]:
    """Yield the words that a design shows and these lack."""
    given = {**notice.fields(), **sheet.fields()}
    shown = {field for block in design.blocks for field in block.fields}
    for field in sorted(shown - OPTIONAL_FIELDS):
        if not given[field]:
            yield Problem(field, f"The {design.name} shows this, and it is empty: fill it in.")


def _carries_all(design: Printable) -> Iterator[Problem]:
    shown = {field for block in design.blocks for field in block.fields}
    phrases = {block.phrase for block in design.blocks}
    for field in REQUIRED_FIELDS:
        if field not in shown:
            yield Problem(design.name, f"No block shows {{{field}}}, which every sheet must carry: add one.")
    for phrase in REQUIRED_PHRASES:
        if phrase not in phrases:
            yield Problem(design.name, f"No block has the phrase {phrase}, which every sheet must carry: add one.")


def _has_one_code(design: Printable) -> Iterator[Problem]:
    codes = [region for region in design.regions for block in region.blocks if block.kind == "code"]
    if len(codes) != 1:
        yield Problem(design.name, f"It has {len(codes)} blocks of the kind code: a sheet needs exactly one.")
    for region in codes:
        if len(region.blocks) > 1:
            yield Problem(region.name, "The code must have its region to itself: move the other blocks to another.")
        if region.ground != "white":
            yield Problem(region.name, "The code must stand on white: readers miss it on a colour.")
        if not all(block.quiet for block in region.blocks):
            yield Problem(region.name, "The code needs white round it: set quiet, in millimetres.")


def _blocks_make_sense(design: Printable) -> Iterator[Problem]:
    for region in design.regions:
        for block in region.blocks:
            if block.kind == "text" and block.role not in design.roles:
                yield Problem(region.name, f"There is no role “{block.role}”; there are {', '.join(design.roles)}.")
            if block.kind == "text" and bool(block.words) == bool(block.phrase):
                yield Problem(region.name, "A block of text needs either words or a phrase, and not both.")
            if block.phrase and block.phrase not in PHRASES["en"]:
                yield Problem(
                    region.name, f"There is no phrase “{block.phrase}”; there are {', '.join(PHRASES['en'])}."
                )
            for field in sorted(block.fields - KNOWN_FIELDS):
                yield Problem(region.name, f"There are no words called {{{field}}}.")


def _type_is_large_enough(design: Printable) -> Iterator[Problem]:
    body_roles = {block.role for block in design.blocks if "body" in block.fields}
    for name, role in design.roles.items():
        least = LEAST_BODY_POINTS if name in body_roles else LEAST_POINTS
        if role.smallest < least:
            yield Problem(name, f"Its smallest size is {role.smallest:g} pt: clear print needs {least} pt or more.")
        if role.largest < role.smallest:
            yield Problem(name, f"Its largest size, {role.largest:g} pt, is under its smallest, {role.smallest:g} pt.")
        if role.leading < LEAST_LEADING:
            yield Problem(name, f"Its leading is {role.leading:g}: lines touch under {LEAST_LEADING:g}.")


def _stays_on_the_paper(design: Printable) -> Iterator[Problem]:
    printed = Frame(0, 0, *design.paper).grown(-design.edge)
    for region in design.regions:
        if not printed.holds(region.box):
            yield Problem(region.name, f"It comes nearer than {design.edge:g} mm to the edge of the paper.")
        if not Frame(0, 0, *design.paper).holds(region.clear):
            yield Problem(region.name, "The white its code needs runs off the paper.")
    for number, panel in enumerate(design.panels, start=1):
        if not printed.holds(panel.box):
            yield Problem(f"panel {number}", f"It comes nearer than {design.edge:g} mm to the edge of the paper.")


def _nothing_overlaps(design: Printable) -> Iterator[Problem]:
    for one, other in combinations(design.regions, 2):
        if one.clear.meets(other.box) or one.box.meets(other.clear):
            yield Problem(one.name, f"It overlaps {other.name}, or one runs into the white of the other's code.")


def _grounds_are_true(design: Printable) -> Iterator[Problem]:
    for region in design.regions:
        on_panel = any(panel.box.holds(region.box) for panel in design.panels)
        touched = any(panel.box.meets(region.clear) for panel in design.panels)
        if region.ground == "brand" and not on_panel:
            yield Problem(region.name, "It says its ground is brand, but no panel lies under the whole of it.")
        if region.ground == "white" and touched:
            yield Problem(region.name, "It says its ground is white, but a panel lies under some of it.")
        yield from _colours_show(design, region)


def _colours_show(design: Printable, region: Region) -> Iterator[Problem]:
    roles = {block.role for block in region.blocks if block.role in design.roles}
    for name in sorted(roles):
        is_white = design.roles[name].colour == "white"
        if is_white != (region.ground == "brand"):
            needed = "white" if region.ground == "brand" else "ink or brand"
            yield Problem(region.name, f"Type on {region.ground} must be {needed}: change the colour of role {name}.")


CHECKS: tuple[Callable[[Printable], Iterator[Problem]], ...] = (
    _carries_all,
    _has_one_code,
    _blocks_make_sense,
    _type_is_large_enough,
    _stays_on_the_paper,
    _nothing_overlaps,
    _grounds_are_true,
)
