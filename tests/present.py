"""What a test knows to be there although its type allows that it is not."""

from typing import TypeVar

Thing = TypeVar("Thing")


def present(thing: Thing | None) -> Thing:
    """The thing itself; the test fails where there is none."""
    assert thing is not None
    return thing
