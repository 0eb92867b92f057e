"""Names that a template uses and nobody gave it: an error in ours, nothing in the design system's own."""

import sys
from typing import Any

from jinja2 import Undefined

from qrbridge.settings import TEMPLATES


class StrictInOurs(Undefined):
    """What stands for such a name; the design system's macros count on its being empty."""

    __slots__ = ()

    def _used(self) -> None:
        frame = sys._getframe(2)
        while frame.f_back and not frame.f_code.co_filename.endswith((".html", ".css")):
            frame = frame.f_back
        if frame.f_code.co_filename.startswith(str(TEMPLATES)):
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._used()
        return super().__str__()

    def __iter__(self) -> Any:
        self._used()
        return super().__iter__()

    def __len__(self) -> int:
        self._used()
        return super().__len__()

    def __bool__(self) -> bool:
        self._used()
        return super().__bool__()

    def __eq__(self, other: object) -> bool:
        self._used()
        return bool(super().__eq__(other))

    __hash__ = Undefined.__hash__
