"""One drawing on other papers: everything scaled, but type never under what clear print asks."""

from dataclasses import replace
from typing import TypeVar

from qrbridge.press.design.papers import PAPERS
from qrbridge.press.design.printable import Block, Panel, Printable, Region, Role

Thing = TypeVar("Thing", Region, Panel)


def sized(drawn: Printable, size: str) -> Printable:
    """Give a design as printed on one of its sizes."""
    design = replace(drawn, size=drawn.sizes[0])
    paper, wanted = PAPERS[design.size], PAPERS[size]
    if paper.is_peeled or paper.cell == wanted.cell:
        return replace(design, size=size)
    across, down = (new / old for new, old in zip(wanted.cell, paper.cell, strict=True))
    by = min(across, down)
    body = {block.role for block in design.blocks if "body" in block.fields}
    return replace(
        design,
        size=size,
        edge=design.edge * by,
        reading_distance=design.reading_distance * by,
        roles={name: _role(role, by, design.least_points(name in body)) for name, role in design.roles.items()},
        regions=tuple(
            replace(_scaled(region, across, down), blocks=tuple(_block(block, by) for block in region.blocks))
            for region in design.regions
        ),
        panels=tuple(_scaled(panel, across, down) for panel in design.panels),
    )


def sizes_apart(drawn: Printable) -> list[str]:
    """List the sizes that are more than the first one's drawing enlarged, and so may hold faults of their own."""
    things: list[Region | Panel] = [*drawn.regions, *drawn.panels]
    named = {word for thing in things for words in (thing.when, *thing.at) for word in words.split()}
    first = PAPERS[drawn.sizes[0]]
    return [
        size
        for size in drawn.sizes
        if size == drawn.sizes[0] or size in named or first.is_peeled or PAPERS[size].reading <= first.reading
    ]


def _role(role: Role, by: float, least: float) -> Role:
    smallest = max(role.smallest * by, min(role.smallest, least))
    return replace(role, smallest=smallest, largest=max(role.largest * by, smallest))


def _scaled(thing: Thing, across: float, down: float) -> Thing:
    at = {words: box.scaled(across, down) for words, box in thing.at.items()}
    return replace(thing, box=thing.box.scaled(across, down), at=at)


def _block(block: Block, by: float) -> Block:
    return replace(block, gap=block.gap * by, quiet=block.quiet * by)
