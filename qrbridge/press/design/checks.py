"""What a design must carry and keep to before it may be printed with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from qrbridge.errors import Problem
from qrbridge.press.design import colour
from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.phrases import PHRASES
from qrbridge.press.design.printable import WHOLE_REGION_KINDS, Block, Frame, Printable, Region, Role
from qrbridge.press.design.words import KNOWN_FIELDS, OPTIONAL_FIELDS, PAGE_FIELDS, SHORTER, Notice, Sheet

CIRCUMSTANCES = ("one", "two", "plain", "list")
"""One language or two set out in full; without or with a list of others."""
LEAST_LEADING = 1.0
LEAST_QUIET = 0.1
"""Of a code's box. White is four modules, so that with less only a code of over forty to a side would fill its box."""


@dataclass(frozen=True)
class Carried:
    """What a kind of design must carry: words, phrases and kinds of block."""

    fields: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("code",)


WRITTEN_FIELDS = ("headline", "body")
"""What a notice says in each of its languages."""
CONTACTS = ("typed", "number", "phone", "hours", "place")
"""The paper must work without a phone: no sheet a resident sees goes without these."""
MUST_CARRY: Mapping[str, Carried] = {
    "sheet": Carried(("council", *WRITTEN_FIELDS, *CONTACTS, "destination"), ("scan-or-type", "opens", "counted")),
    "label": Carried(CONTACTS),
    "list": Carried(("number", "location", "street", "ward", "page", "pages"), (), ("code", "box")),
}
"""A label says no more than it must, there being no room; a list is for whoever hangs the sheets up."""


def problems_of(design: Printable) -> Iterator[Problem]:
    """Yield everything wrong with a design at its size, in any circumstances."""
    yield from _sizes_hold_together(design)
    for arrangement in design.arrangements:
        arranged = design.arranged(arrangement)
        if "list" in arrangement.split() and not arranged.lists_languages:
            yield Problem(design.name, f"No block lists the languages in “{arrangement}”: add one, or say never to it.")
        if "two" in arrangement.split():
            yield from _says_it_twice(arranged)
        for check in CHECKS:
            yield from check(arranged)


def problems_of_sample(design: Printable, notice: Notice, sheet: Sheet) -> Iterator[Problem]:
    """Yield the words that a design shows and these lack."""
    given = {**notice.fields(), **sheet.fields(), **dict.fromkeys(PAGE_FIELDS, "1")}
    shown = {field for block in design.blocks for field in block.fields if field in given}
    for field in sorted(shown - OPTIONAL_FIELDS):
        if not given[field]:
            yield Problem(field, f"The {design.name} shows this, and it is empty: fill it in.")


def _sizes_hold_together(design: Printable) -> Iterator[Problem]:
    known = (*CIRCUMSTANCES, *design.sizes)
    for where, circumstances in _circumstances(design):
        for word in sorted({word for words in circumstances for word in words.split()} - set(known)):
            yield Problem(where, f"There are no circumstances called “{word}”; there are {', '.join(known)}.")
    if (design.kind == "list") != (design.rows is not None):
        yield Problem(design.name, "A design of the kind list has a table rows, and no other has.")
    if len({PAPERS[size].is_peeled for size in design.sizes}) > 1:
        yield Problem(design.name, "Labels have a design to themselves: take the other sizes out.")


def _circumstances(design: Printable) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield design.name, design.never
    yield from (("panel", (panel.when, *panel.at)) for panel in design.panels)
    for region in design.regions:
        yield region.name, (region.when, *region.at, *(block.when for block in region.blocks))


def _carries_all(design: Printable) -> Iterator[Problem]:
    must = MUST_CARRY[design.kind]
    shown = {SHORTER.get(field, field) for block in design.blocks for field in block.fields}
    phrases = {block.phrase for block in design.blocks}
    kinds = {block.kind for block in design.blocks}
    for field in must.fields:
        if field not in shown:
            yield Problem(design.name, f"No block shows {{{field}}}, which every {design.kind} must carry: add one.")
    for phrase in must.phrases:
        if phrase not in phrases:
            sentence = f"No block has the phrase {phrase}, which every {design.kind} must carry: add one."
            yield Problem(design.name, sentence)
    for kind in must.kinds:
        if kind not in kinds and kind != "code":
            yield Problem(
                design.name, f"No block is of the kind {kind}, which every {design.kind} must carry: add one."
            )


def _says_it_twice(design: Printable) -> Iterator[Problem]:
    """Yield what only those who read the first of two languages would be told."""
    must = {*(f"{{{field}}}" for field in WRITTEN_FIELDS), *MUST_CARRY[design.kind].phrases}
    told = {language: {*_said(block for block in design.blocks if block.language == language)} for language in (1, 2)}
    for said in sorted(must & told[1] - told[2]):
        yield Problem(design.name, f"No block has {said} in the second language: add one that says language = 2.")


def _said(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (block.phrase,) if block.phrase else (f"{{{field}}}" for field in block.fields)


def _has_one_code(design: Printable) -> Iterator[Problem]:
    codes = [region for region in design.regions for block in region.blocks if block.kind == "code"]
    if len(codes) != 1:
        yield Problem(design.name, f"It has {len(codes)} blocks of the kind code: a sheet needs exactly one.")
    for region in codes:
        if region.part != "sheet":
            yield Problem(region.name, "The code belongs to the sheet: make that its part.")
        if region.ground in ("brand", "pale", "ink") or _symbol_contrast(region) < colour.LEAST_SYMBOL_CONTRAST:
            least = f"{colour.LEAST_SYMBOL_CONTRAST:.0%}"
            yield Problem(
                region.name, f"The code must stand on white, or a colour so pale that it keeps {least} contrast."
            )
        if not all(block.quiet for block in region.blocks):
            yield Problem(region.name, "The code needs white round it: set quiet, in millimetres.")
        elif region.blocks[0].quiet < LEAST_QUIET * min(region.box.width, region.box.height):
            sentence = "So little quiet keeps the code from filling its box"
            yield Problem(region.name, f"{sentence}: make it a sixth of the box, or the box smaller.")


def _symbol_contrast(region: Region) -> float:
    return colour.symbol_contrast(colour.resolve(region.ground, colour.BLACK))


def _blocks_make_sense(design: Printable) -> Iterator[Problem]:
    for region in design.regions:
        for block in region.blocks:
            for sentence in _block_makes_sense(design, region, block):
                yield Problem(region.name, sentence)


def _block_makes_sense(design: Printable, region: Region, block: Block) -> Iterator[str]:
    if block.kind in WHOLE_REGION_KINDS and len(region.blocks) > 1:
        yield f"A {block.kind} must have its region to itself: move the other blocks to another."
    for role in _roles(block):
        if role not in design.roles:
            yield f"There is no role “{role}”; there are {', '.join(design.roles)}."
    if block.kind == "text" and bool(block.words) == bool(block.phrase):
        yield "A block of text needs either words or a phrase, and not both."
    if block.phrase and block.phrase not in PHRASES["en"]:
        yield f"There is no phrase “{block.phrase}”; there are {', '.join(PHRASES['en'])}."
    for field in sorted(block.fields - KNOWN_FIELDS):
        known = " ".join(f"{{{each}}}" for each in sorted(KNOWN_FIELDS))
        yield f"There are no words called {{{field}}}; there are {known}."


def _roles(block: Block) -> tuple[str, ...]:
    if block.kind == "text":
        return (block.role,)
    return (block.role, block.name_role) if block.kind == "languages" else ()


def _type_is_large_enough(design: Printable) -> Iterator[Problem]:
    body_roles = {block.role for block in design.blocks if "body" in block.fields}
    for name, role in design.roles.items():
        least = design.least_points(name in body_roles)
        if role.smallest < least - 0.01:
            sentence = f"Its smallest size is {role.smallest:g} pt on {design.size}"
            yield Problem(name, f"{sentence}: clear print needs {least:g} pt or more, as far off as that is read from.")
        if role.largest < role.smallest:
            yield Problem(name, f"Its largest size, {role.largest:g} pt, is under its smallest, {role.smallest:g} pt.")
        if role.leading < LEAST_LEADING:
            yield Problem(name, f"Its leading is {role.leading:g}: lines touch under {LEAST_LEADING:g}.")


def _stays_on_the_paper(design: Printable) -> Iterator[Problem]:
    for region in design.regions:
        whole = _whole(design, region.part)
        if not whole.grown(0 if _is_in_rows(design, region.part) else -design.edge).holds(region.box):
            yield Problem(region.name, _too_near(design))
        if whole.holds(region.box) and not whole.holds(region.clear):
            yield Problem(region.name, "The white its code needs runs off the paper: move it in, or make it smaller.")
    for number, panel in enumerate(design.panels, start=1):
        if not Frame(0, 0, *_page(design)).grown(-design.edge).holds(panel.box):
            yield Problem(f"panel {number}", _too_near(design))


def _too_near(design: Printable) -> str:
    return f"It comes nearer than {design.edge:.3g} mm to the edge of the paper on {design.size}: move it in."


def _page(design: Printable) -> tuple[float, float]:
    return design.paper if design.rows else design.sheet.cell


def _is_in_rows(design: Printable, part: str) -> bool:
    return design.rows is not None and part != "page"


def _whole(design: Printable, part: str) -> Frame:
    """What a part of the design has to itself."""
    if design.rows is None or part == "page":
        return Frame(0, 0, *_page(design))
    return Frame(0, 0, design.rows.box.width, design.rows.heading if part == "heading" else design.rows.height)


def _nothing_overlaps(design: Printable) -> Iterator[Problem]:
    for one, other in combinations(design.regions, 2):
        if one.part == other.part and (one.clear.meets(other.box) or one.box.meets(other.clear)):
            yield _too_close(one, other)
    for region in design.part("page"):
        if design.rows and region.box.meets(design.rows.box):
            yield Problem(region.name, "It overlaps the rows.")


def _too_close(one: Region, other: Region) -> Problem:
    if one.box.meets(other.box):
        return Problem(one.name, f"It overlaps {other.name}: move one of them, or make it smaller.")
    near, code = sorted((one, other), key=lambda region: region.kind == "code")
    return Problem(near.name, f"It stands in the white that the quiet of {code.name} keeps clear: move one of them.")


def _grounds_are_true(design: Printable) -> Iterator[Problem]:
    for region in design.regions:
        under = [panel for panel in design.panels if not _is_in_rows(design, region.part)]
        under = [panel for panel in under if panel.box.meets(region.clear) and region.kind != "picture"]
        if region.ground != "white" and not (under and under[-1].colour == region.ground):
            yield Problem(region.name, f"It says its ground is {region.ground}, but no panel of it lies under it.")
        elif region.ground != "white" and not under[-1].box.holds(region.clear):
            yield Problem(
                region.name, f"It says its ground is {region.ground}, but no panel lies under the whole of it."
            )
        elif region.ground == "white" and under and under[-1].colour != "white":
            yield Problem(region.name, "It says its ground is white, but a panel lies under some of it.")
        yield from _colours_show(design, region)


def _colours_show(design: Printable, region: Region) -> Iterator[Problem]:
    roles = {role for block in region.blocks for role in _roles(block) if role in design.roles}
    for name in sorted(roles):
        role = design.roles[name]
        if region.ground == "brand" and role.colour != "white":
            yield Problem(region.name, f"Type on brand must be white: change the colour of role {name}.")
        elif "brand" not in (role.colour, region.ground) and "pale" not in (role.colour, region.ground):
            ratio = colour.contrast(*(colour.resolve(each, colour.BLACK) for each in (role.colour, region.ground)))
            if ratio < least_contrast(role):
                pair = f"{role.colour} on {region.ground}"
                yield Problem(region.name, f"Type in {pair} has a contrast of {ratio:.1f}: change role {name}.")


def brand_pairs(design: Printable) -> list[tuple[str, float]]:
    """List the colours a design puts the council's with, and the contrast each needs."""
    pairs = []
    for region in design.regions:
        for name in {role for block in region.blocks for role in _roles(block)}:
            role = design.roles[name]
            if "brand" in (role.colour, region.ground):
                other = region.ground if role.colour == "brand" else role.colour
                pairs.append((other, least_contrast(role)))
    return sorted(set(pairs))


def least_contrast(role: Role) -> float:
    """Give the contrast that WCAG asks of type in this role."""
    is_large = role.smallest >= colour.LARGE_POINTS or (role.is_bold and role.smallest >= LARGE_BOLD_POINTS)
    return colour.LEAST_CONTRAST_LARGE if is_large else colour.LEAST_CONTRAST


LARGE_BOLD_POINTS = 14
CHECKS: tuple[Callable[[Printable], Iterator[Problem]], ...] = (
    _carries_all,
    _has_one_code,
    _blocks_make_sense,
    _type_is_large_enough,
    _stays_on_the_paper,
    _nothing_overlaps,
    _grounds_are_true,
)
