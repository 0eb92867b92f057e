"""Our own words on a sheet, per language; the rest are the council's."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

_ABOUT = ("name", "checked")
_READ = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))

PHRASES: Mapping[str, Mapping[str, str]] = {
    language: {name: words for name, words in said.items() if name not in _ABOUT} for language, said in _READ.items()
}
"""By language, then by name. Fields in braces are filled from the words of the sheet."""
NAMES: Mapping[str, str] = {language: said["name"] for language, said in _READ.items()}
"""Each language's own name, in its own script."""
UNCHECKED = frozenset(language for language, said in _READ.items() if not said["checked"])
"""Languages whose phrases no native reader has checked yet."""
