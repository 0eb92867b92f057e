"""What kind of device a browser says it is on, and whether a person is likely to be holding it.

The answer is used for a count and forgotten: nothing here writes a user agent anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

PHONE, TABLET, COMPUTER, OTHER = "phone", "tablet", "computer", "other"
DEVICES = (PHONE, TABLET, COMPUTER, OTHER)

# Real agents are 60 to 300 characters; the longest seen, with an app's details on the end, is about 450.
LONGEST = 512
# A council's phones send a few thousand different agents; 10,000 of them at full length are about 6 MB.
_REMEMBERED = 10_000

# Programs that fetch pages for nobody in particular and are on no crawler list (regular expressions).
_ALSO_AUTOMATED = (
    "^Dalvik/",  # an Android app's own requests, not its browser
    "CFNetwork/",  # an Apple app's own requests, Safari's icons and previews among them
    "Google Wireless Transcoder",
    "WindowsPowerShell|PowerShell/",
    "Microsoft Office|ms-office|MSOffice",  # Office tries a link before it hands it to the browser
)
_UNNAMED = "Other"


@dataclass(frozen=True, slots=True)
class Agent:
    """What a user agent says: a device of `DEVICES`, and whether it is automated rather than a person's browser."""

    device: str
    automated: bool


_AUTOMATED = Agent(OTHER, automated=True)
_UNREADABLE = Agent(OTHER, automated=False)


def kind(user_agent: str | None) -> Agent:
    """Say what sent a request; None is one that names no agent at all, as only programs do.

    A person's only when it is a browser that we can name, on a phone, tablet or computer, and on no crawler list. An
    empty one is a person's on a device we do not know: as such granian hands on whatever holds a byte beyond ASCII, as
    the name of a phone may (seen with granian 2.8.9).
    A never-seen agent costs about 30 us, one seen lately 0.4 us. Call `warm` first: loading takes 0.3 seconds.
    """
    if not user_agent:
        return _AUTOMATED if user_agent is None else _UNREADABLE
    return _kind(user_agent[:LONGEST])


def warm() -> None:
    """Load the lists and use them once, so that no request has to wait for it."""
    _kind.__wrapped__("Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 Firefox/1.0")


@lru_cache(maxsize=_REMEMBERED)
def _kind(user_agent: str) -> Agent:
    readers = _readers()
    text = user_agent.encode("ascii", "replace").decode()
    if not text.strip() or readers.is_crawler(text):
        return _AUTOMATED
    said = readers.read(text)
    if said.is_bot or said.browser.family == _UNNAMED:
        return _AUTOMATED
    device = next(name for name, fits in _KINDS if fits(said))
    return Agent(device, automated=device == OTHER)


def _says_it_is_a_tablet(said: Any) -> bool:
    return bool(said.device.family == "Generic Tablet")


def _says_it_is_a_phone(said: Any) -> bool:
    """Android's rule is that phones say Mobile; user_agents looks for `Mobile Safari`, which DuckDuckGo splits."""
    mobile = said.os.family == "Android" and "Mobile" in said.ua_string
    return mobile or said.os.family == "KaiOS" or said.browser.family == "Opera Mini"


# The first that fits; what user_agents gets wrong is asked before it is.
_KINDS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    (TABLET, _says_it_is_a_tablet),
    (PHONE, _says_it_is_a_phone),
    (TABLET, lambda said: bool(said.is_tablet)),
    (PHONE, lambda said: bool(said.is_mobile)),
    (COMPUTER, lambda said: bool(said.is_pc)),
    (OTHER, lambda _: True),
)


class _Readers(NamedTuple):
    is_crawler: Callable[[str], bool]
    read: Callable[[str], Any]


@cache
def _readers() -> _Readers:
    """Load everything; never at import, which the redirector cannot afford."""
    return _Readers(_crawler_reader(), _agent_reader())


def _crawler_reader() -> Callable[[str], bool]:
    """Match the crawler list in compiled code: 2 us, where the list's own `is_crawler` takes 120 to 160."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA
    from ua_parser import Domain
    from ua_parser.lazy import UserAgentMatcher
    from ua_parser.regex import Resolver

    patterns = [entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA]
    crawlers = Resolver(([UserAgentMatcher(p, "crawler") for p in (*patterns, *_ALSO_AUTOMATED)], [], []))
    return lambda text: crawlers(text, Domain.USER_AGENT).user_agent is not None


def _agent_reader() -> Callable[[str], Any]:
    """Give user_agents' object its parts from ua_parser's compiled reader, not the old one that it would call.

    The same rules read by the old reader cost 450 to 730 us an agent: browser 200 to 400, device 170 to 400, system 20.
    """
    from ua_parser import Domain, load_lazy_builtins
    from ua_parser.regex import Resolver
    from user_agents import parsers

    resolve = Resolver(load_lazy_builtins())

    def read(text: str) -> Any:
        found = resolve(text, Domain.ALL).complete().with_defaults()
        said = parsers.UserAgent.__new__(parsers.UserAgent)
        browser, system, device = found.user_agent, found.os, found.device
        said.ua_string = text
        said.browser = parsers.parse_browser(browser.family, browser.major, browser.minor, browser.patch)
        said.os = parsers.parse_operating_system(system.family, system.major, system.minor, system.patch)
        said.device = parsers.parse_device(device.family, device.brand, device.model)
        return said

    return read
