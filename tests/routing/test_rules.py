import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrbridge.routing import rules

EN, CY, PL, ZH = (f"https://www.trafford.gov.uk/{tag}" for tag in ("en", "cy", "pl", "zh"))
PAGES = {"en": EN, "cy": CY, "pl": PL, "zh-Hans": ZH}
COUNCILS = ("en", "cy", "pl", "zh-Hans", "pa-Arab")


def chosen(pages: dict[str, str], header: str | None) -> str | None:
    environ = {} if header is None else {"HTTP_ACCEPT_LANGUAGE": header}
    return rules.choose(rules.read(rules.for_pages(pages, COUNCILS)), environ)


@pytest.mark.parametrize(
    "header, destination",
    [
        pytest.param(None, EN, id="no header"),
        pytest.param("", EN, id="empty"),
        pytest.param("cy", CY, id="exact"),
        pytest.param("CY-gb", CY, id="country and capitals"),
        pytest.param("en-GB,en;q=0.9,cy;q=0.8", EN, id="in order"),
        pytest.param("en;q=0.5, cy;q=0.9", CY, id="by quality"),
        pytest.param("cy;q=0, en;q=0.1", EN, id="refused"),
        pytest.param("cy;q=0", EN, id="only a refusal"),
        pytest.param("fr-FR, fr;q=0.9, pl;q=0.8", PL, id="the first that there is"),
        pytest.param("fr, de", EN, id="none that there is"),
        pytest.param("*, cy;q=0.5", EN, id="any"),
        pytest.param("cy;q=0.5, *;q=0.1", CY, id="any else"),
        pytest.param("zh-CN", ZH, id="a country stands for the script we have"),
        pytest.param("zh-Hans-SG", ZH, id="script and country"),
        pytest.param("zh-Hant-TW, cy;q=0.1", CY, id="another script is another language to read"),
        pytest.param("cy;q=9, pl;q=0.2", PL, id="impossible quality"),
        pytest.param(";;;,,q=1,=,\x00,pl", PL, id="garbage and one good item"),
        pytest.param("é" * 50 + ",pl", PL, id="not ASCII"),
        pytest.param("pl " * 10_000, EN, id="absurdly long"),
        pytest.param("fr," * 90 + "pl", EN, id="more languages than anyone reads"),
    ],
)
def test_the_page_by_language(header: str | None, destination: str):
    assert chosen(PAGES, header) == destination


@pytest.mark.parametrize(
    "pages, destination",
    [
        pytest.param({"cy": CY, "en": EN}, EN, id="the council's first language"),
        pytest.param({"pl": PL, "cy": CY}, CY, id="the council's next language"),
        pytest.param({"so": PL}, PL, id="any page there is"),
        pytest.param({}, None, id="no page"),
    ],
)
def test_the_page_for_everyone_else(pages: dict[str, str], destination: str | None):
    assert chosen(pages, "fr") == destination


def test_one_page_needs_one_rule():
    assert [rule["kind"] for rule in rules.for_pages({"en": EN, "cy": EN}, COUNCILS)] == ["always"]


@pytest.mark.parametrize("kind", rules.READERS)
def test_every_kind_reads_what_is_stored_and_describes_itself(kind: str):
    stored = next(rule for rule in rules.for_pages(PAGES, COUNCILS) if rule["kind"] == kind)
    (rule,) = rules.read([stored])
    assert rule.kind == kind and EN in rule.describe()
    assert rule.matches({"HTTP_ACCEPT_LANGUAGE": "en"}) == EN


@pytest.mark.parametrize(
    "header, language",
    [
        pytest.param("", "", id="none said"),
        pytest.param("*", "", id="any"),
        pytest.param("en-GB,en;q=0.9", "en", id="of ours"),
        pytest.param("zh-CN", "zh-Hans", id="as the council writes it"),
        pytest.param("fr-FR,en;q=0.9", "other", id="the wish is kept, not what was shown instead"),
        pytest.param("pa-Guru", "other", id="another script"),
        pytest.param("\x00", "", id="garbage"),
    ],
)
def test_the_language_that_is_counted(header: str, language: str):
    assert rules.recorded(header, COUNCILS) == language


@given(st.text())
def test_no_header_can_do_harm(header: str):
    assert chosen(PAGES, header) in PAGES.values()
    assert rules.recorded(header, COUNCILS) in {*COUNCILS, "other", ""}
    assert all(tag == tag.lower() for tag in rules.asked_for(header))


@given(st.lists(st.sampled_from(["en", "cy;q=0.5", "*", "zz;q=0.001", "pl;q=1.000", "-", ";q="])))
def test_no_list_of_items_can_do_harm(items: list[str]):
    assert chosen(PAGES, ",".join(items)) in PAGES.values()


@pytest.mark.parametrize("remembered", [rules.best, rules.recorded])
def test_a_long_header_is_not_remembered_at_its_length(remembered: Callable[[str, tuple[str, ...]], str | None]):
    """A hundred headers of 100 kB, each another one, leave little behind."""
    remembered("en", COUNCILS)
    tracemalloc.start()
    for number in range(100):
        remembered(f"en;q=0.{number:03}," + "x" * 100_000, COUNCILS)
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert left < 300_000


@pytest.mark.parametrize("remembered", [rules.best, rules.recorded])
def test_headers_alike_as_far_as_they_are_read_are_one(remembered: Callable[[str, tuple[str, ...]], str | None]):
    before = rules._best.cache_info().currsize + rules._recorded.cache_info().currsize
    for tail in range(50):
        remembered("cy," + "y" * 300 + str(tail), COUNCILS)
    assert rules._best.cache_info().currsize + rules._recorded.cache_info().currsize == before + 1
