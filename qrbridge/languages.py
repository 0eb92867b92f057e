"""Languages: the names staff know them by, and which way each is written."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cy": "Welsh",
    "en": "English",
    "fa": "Persian",
    "fr": "French",
    "ga": "Irish",
    "gd": "Gaelic",
    "gu": "Gujarati",
    "hi": "Hindi",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "so": "Somali",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur"})


def name(tag: str) -> str:
    """What to call a language: by name where we know it, else by its tag."""
    return NAMES.get(tag.partition("-")[0], tag)


def direction(tag: str) -> str:
    """Which way it is written, as HTML says it: `rtl` or `ltr`."""
    return "rtl" if tag.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
