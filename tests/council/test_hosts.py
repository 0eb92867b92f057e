import re
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qrbridge.council import hosts
from qrbridge.errors import InvalidInput

ALLOWED = ["trafford.gov.uk", "www.gov.uk"]
OWN = "qr.trafford.gov.uk"
WWW = "https://www.trafford.gov.uk"


def refusals(address: str, allowed: Sequence[str] = ALLOWED, own: str = OWN) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        hosts.check(address, allowed, own)
    assert {problem.field for problem in refused.value.problems} == {"address"}
    return [problem.sentence for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        pytest.param(f"{WWW}/residents/help", f"{WWW}/residents/help", id="plain"),
        pytest.param(WWW, f"{WWW}/", id="no path"),
        pytest.param("https://trafford.gov.uk/a", "https://trafford.gov.uk/a", id="the listed host itself"),
        pytest.param("https://a.b.trafford.gov.uk/", "https://a.b.trafford.gov.uk/", id="two below"),
        pytest.param(f"{WWW}/Help/A.aspx?Id=7&lang=en", f"{WWW}/Help/A.aspx?Id=7&lang=en", id="case kept in the path"),
        pytest.param(f"{WWW}/a#part-2", f"{WWW}/a#part-2", id="fragment"),
        pytest.param(f"{WWW}/a%20b", f"{WWW}/a%20b", id="a space written out"),
        pytest.param(f"{WWW}/{'long/' * 100}", f"{WWW}/{'long/' * 100}", id="long and ordinary"),
        pytest.param(f"{WWW}/?from=20261123", f"{WWW}/?from=20261123", id="a date"),
        pytest.param(f"{WWW}/?page=1234567", f"{WWW}/?page=1234567", id="a page number"),
        pytest.param(
            f"{WWW}/AchieveForms/?form_uri=sandbox-publish://AF-Process-1/definition.json",
            f"{WWW}/AchieveForms/?form_uri=sandbox-publish://AF-Process-1/definition.json",
            id="a form service's own scheme",
        ),
    ],
)
def test_accepts_as_it_is(address, sent):
    verdict = hosts.check(address, ALLOWED, OWN)
    assert verdict.address == sent
    assert verdict.host == urlsplit(sent).hostname
    assert verdict.changes == ()


@pytest.mark.parametrize(
    ("address", "sent", "said"),
    [
        pytest.param(f"  {WWW}/a \n", f"{WWW}/a", "Spaces", id="surrounding spaces"),
        pytest.param("HTTPS://WWW.Trafford.GOV.uk/A", f"{WWW}/A", "small letters", id="capitals"),
        pytest.param(f"{WWW}:443/a", f"{WWW}/a", "port", id="the port that https has anyway"),
        pytest.param(f"{WWW}/a?utm_source=x&b=1&UTM_Medium=y", f"{WWW}/a?b=1", "utm_source, UTM_Medium", id="utm"),
        pytest.param(f"{WWW}/a?%75tm_id=1&fbclid=2", f"{WWW}/a", "%75tm_id, fbclid", id="utm in disguise"),
    ],
)
def test_accepts_and_says_what_was_changed(address, sent, said):
    verdict = hosts.check(address, ALLOWED, OWN)
    assert verdict.address == sent
    assert [said in sentence for sentence in verdict.changes] == [True]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("www.trafford.gov.uk", "begin with https", id="no scheme"),
        pytest.param("//www.trafford.gov.uk/", "begin with https", id="no scheme but slashes"),
        pytest.param("http://www.trafford.gov.uk/", "begins with http:", id="http"),
        pytest.param("javascript:alert(1)", "not the address of a web page", id="script"),
        pytest.param("data:text/html,hello", "not the address of a web page", id="data"),
        pytest.param("file:///etc/passwd", "not the address of a web page", id="file"),
        pytest.param("https:www.trafford.gov.uk", "two slashes", id="no slashes"),
        pytest.param("https:/www.trafford.gov.uk", "two slashes", id="one slash"),
        pytest.param("https:///www.trafford.gov.uk", "two slashes", id="three slashes"),
        pytest.param("https://www.trafford.gov.uk@evil.example/", "an @", id="user name"),
        pytest.param("https://evil.example@www.trafford.gov.uk/", "an @", id="user name before our own host"),
        pytest.param("https://u:p@www.trafford.gov.uk/", "an @", id="user name and password"),
        pytest.param("https://evil.example\\@www.trafford.gov.uk/", "backslash", id="backslash trick"),
        pytest.param(f"{WWW}:8443/", "port", id="another port"),
        pytest.param(f"{WWW}:443:1/", "port", id="two ports"),
        pytest.param("https://trafford.gov.uk.evil.example/", "not on the council's list", id="our name below another"),
        pytest.param("https://eviltrafford.gov.uk/", "not on the council's list", id="our name inside another"),
        pytest.param("https://gov.uk/", "not on the council's list", id="above a listed host"),
        pytest.param("https://tráfford.gov.uk/", "latin small letter a with acute", id="accent"),
        pytest.param("https://traffоrd.gov.uk/", "cyrillic small letter o", id="Cyrillic o"),
        pytest.param("https://xn--traffrd-uwf.gov.uk/", "not a to z", id="punycode"),
        pytest.param("https://www.xn--p1ai.trafford.gov.uk/", "not a to z", id="punycode below"),
        pytest.param("https://192.168.0.1/", "machine's number", id="IPv4"),
        pytest.param("https://127.1/", "machine's number", id="short IPv4"),
        pytest.param("https://2130706433/", "machine's number", id="decimal"),
        pytest.param("https://0177.0.0.1/", "machine's number", id="octal"),
        pytest.param("https://0x7f.0x0.0x0.0x1/", "machine's number", id="hex"),
        pytest.param("https://0x/", "machine's number", id="empty hex"),
        pytest.param("https://[::1]/", "machine's number", id="IPv6"),
        pytest.param("https://[::ffff:127.0.0.1]:443/", "machine's number", id="IPv4 in IPv6"),
        pytest.param("https://localhost/", "inside a network", id="localhost"),
        pytest.param("https://intranet/", "inside a network", id="one label"),
        pytest.param("https://printer.local/", "inside a network", id=".local"),
        pytest.param(f"{WWW}./", "full stop", id="trailing dot"),
        pytest.param("https://www..trafford.gov.uk/", "not a host's name", id="empty label"),
        pytest.param("https://www_a.trafford.gov.uk/", "not a host's name", id="underscore"),
        pytest.param("https://%77ww.trafford.gov.uk/", "not a host's name", id="encoded host"),
        pytest.param("https://-a.trafford.gov.uk/", "not a host's name", id="hyphen first"),
        pytest.param(f"https://{'a' * 64}.trafford.gov.uk/", "not a host's name", id="label too long"),
        pytest.param(f"{WWW}/a b", "space inside", id="space"),
        pytest.param(f"{WWW}/a – b".replace(" ", ""), "en dash", id="en dash"),
        pytest.param(f"{WWW}/a\r\nSet-Cookie:x", "line break", id="header injection"),
        pytest.param(f"{WWW}/a%0d%0ab", "line break", id="encoded line break"),
        pytest.param(f"{WWW}/a\x00", "cannot be seen", id="NUL"),
        pytest.param(f"{WWW}/a\u200bb", "cannot be seen", id="zero width"),
        pytest.param(f"{WWW}/a\u202eb", "cannot be seen", id="right-to-left override"),
        pytest.param(f"{WWW}/\ud800", "cannot be seen", id="lone surrogate"),
        pytest.param(f"{WWW}/<b>", "which addresses do not", id="angle brackets"),
        pytest.param(f"{WWW}/{'a' * 600}", "characters long", id="over 600"),
        pytest.param("https://bit.ly/abc", "shortener", id="shortener"),
        pytest.param("https://www.tinyurl.com/abc", "shortener", id="below a shortener"),
        pytest.param(f"{WWW}/?url=https://evil.example", "another address in it", id="open redirect"),
        pytest.param(f"{WWW}/?url=https%3A%2F%2Fevil.example", "another address in it", id="encoded"),
        pytest.param(f"{WWW}/?u=%2568ttps%253A%252F%252Fevil.example", "another address in it", id="encoded twice"),
        pytest.param(f"{WWW}/?u=%25252525252525252f", "another address in it", id="encoded past reason"),
        pytest.param(f"{WWW}/?next=//evil.example", "another address in it", id="slashes only"),
        pytest.param(f"{WWW}/?next=%5C%5Cevil.example", "another address in it", id="encoded backslashes"),
        pytest.param(f"{WWW}/?next=%2509//evil.example", "another address in it", id="after an encoded tab"),
        pytest.param(f"{WWW}/?a=1;next=https:evil.example", "another address in it", id="after a semicolon"),
        pytest.param(f"{WWW}/?https://evil.example", "another address in it", id="no name"),
        pytest.param(f"{WWW}/go/https://evil.example", "another address in it", id="in the path"),
        pytest.param(f"{WWW}//evil.example", "another address in it", id="path that is a host"),
        pytest.param(f"{WWW}/?next=javascript:alert(1)", "another address in it", id="script in the query"),
        pytest.param(f"{WWW}/a;u=//evil.example", "another address in it", id="after a semicolon in the path"),
        pytest.param(f"{WWW}/%2540//evil.example", "another address in it", id="after an encoded at-sign"),
        pytest.param(f"{WWW}/?u=%2540//evil.example", "another address in it", id="after an at-sign in a value"),
        pytest.param(f"{WWW}/..//evil.example", "between slashes", id="dot segments that leave two slashes"),
        pytest.param(f"{WWW}/%2e%2e//evil.example", "between slashes", id="encoded dot segments"),
        pytest.param(f"{WWW}/a/%252e/b", "between slashes", id="one dot encoded twice"),
        pytest.param(f"{WWW}/?nino=QQ123456C", "account number", id="national insurance number"),
        pytest.param(f"{WWW}/?x=qq+12+34+56+c", "account number", id="national insurance number with spaces"),
        pytest.param(f"{WWW}/?q=jo%2540example.org", "account number", id="e-mail address encoded twice"),
        pytest.param(f"https://x.{OWN}/7K3M9B", "round in a circle", id="below our own links"),
        pytest.param(f"{WWW}/?account=1234567", "account number", id="account by name"),
        pytest.param(f"{WWW}/?ctax_ref=20261123", "account number", id="account like a date"),
        pytest.param(f"{WWW}/?x=01234567", "account number", id="eight digits"),
        pytest.param(f"{WWW}/?x=4111+1111+1111+1111", "account number", id="card with spaces"),
        pytest.param(f"{WWW}/?q=jo%40example.org", "account number", id="e-mail address"),
        pytest.param(f"https://{OWN}/7K3M9B", "round in a circle", id="one of our links"),
        pytest.param(f"https://{OWN.upper()}/7K3M9B", "round in a circle", id="one of our links in capitals"),
    ],
)
def test_refuses_with_one_reason(address, said):
    sentences = refusals(address, [*ALLOWED, "bit.ly", "local"])
    assert len(sentences) == 1 or address.count("@") == 1
    assert said in sentences[0]
    assert sentences[0].count(". ") >= 1, "what is wrong, and what to do next"
    assert sentences[0].endswith(".")


def test_says_every_reason_together():
    sentences = refusals("http://u@evil.example:80/?account=1234567&url=//x")
    assert len(sentences) == 6


def test_an_empty_list_allows_nothing():
    assert "not on the council's list" in refusals(WWW, [])[0]


def test_a_whole_government_on_the_list_allows_nothing():
    assert "not on the council's list" in refusals(WWW, ["gov.uk", "uk", "", "*"])[0]


def test_our_own_host_may_have_a_port():
    assert "circle" in refusals("https://qr.trafford.gov.uk/x", own="QR.trafford.gov.uk:8000")[0]


@pytest.mark.parametrize(
    "host",
    [
        "trafford.gov.uk",
        " WWW.Camden.gov.uk ",
        "gwynedd.llyw.cymru",
        "trafford.sharepoint.com",
        "derrystrabane.com",
        "fermanaghomagh.com",
        "midulstercouncil.org",
        "newrymournedown.org",
        "www.gov.uk",
        "glasgow.gov.scot",
        "cardiff.gov.wales",
    ],
)
def test_hosts_that_councils_really_have_can_be_listed(host):
    listed = hosts.check_allowed(host)
    assert listed == host.strip().lower()
    assert hosts.check(f"https://{listed}/", [host], OWN).host == listed


@pytest.mark.parametrize(
    ("host", "said"),
    [
        pytest.param("gov.uk", "shared", id="gov.uk"),
        pytest.param("co.uk", "shared", id="co.uk"),
        pytest.param("gov.scot", "shared", id="gov.scot"),
        pytest.param("gov.wales", "shared", id="gov.wales"),
        pytest.param("llyw.cymru", "shared", id="llyw.cymru"),
        pytest.param("nhs.uk", "shared", id="nhs.uk"),
        pytest.param("nhs.wales", "shared", id="nhs.wales"),
        pytest.param("gig.cymru", "shared", id="gig.cymru"),
        pytest.param("nhs.scot", "shared", id="nhs.scot"),
        pytest.param("service.gov.uk", "shared", id="service.gov.uk"),
        pytest.param("github.io", "shared", id="a hosting company's"),
        *(
            pytest.param(host, "shared", id=host)
            for host in (
                *("docs.google.com", "sites.google.com", "sharepoint.com", "www.sharepoint.com", "github.com"),
                *("wordpress.com", "www.facebook.com", "forms.office.com", "forms.gle"),
            )
        ),
        pytest.param("com", "inside a network or from nowhere", id="one label"),
        pytest.param("", "inside a network or from nowhere", id="empty"),
        pytest.param("10.0.0.1", "machine's number", id="IP address"),
        pytest.param("::1", "machine's number", id="IPv6"),
        pytest.param("localhost", "inside a network", id="localhost"),
        pytest.param("*.trafford.gov.uk", "not a host's name", id="star"),
        pytest.param("https://www.trafford.gov.uk/", "not a host's name", id="an address"),
        pytest.param("trafford.gov.uk.", "full stop", id="trailing dot"),
        pytest.param("bit.ly", "shortener", id="shortener"),
        pytest.param("traffоrd.gov.uk", "not a host's name", id="Cyrillic o"),
    ],
)
def test_hosts_that_cannot_be_listed(host, said):
    with pytest.raises(InvalidInput) as refused:
        hosts.check_allowed(host)
    (problem,) = refused.value.problems
    assert problem.field == "host"
    assert said in problem.sentence


NEARLY = st.lists(
    st.sampled_from(
        [
            "https://",
            "HTTPS:",
            "//",
            "/",
            "www.",
            "trafford.gov.uk",
            "evil.example",
            "@",
            ":443",
            ":",
            "?",
            "&",
            "#",
            "=",
        ]
        + ["utm_x=1", "a=b", "\\", "%0d", "%", "\r\n", " ", "\t", ".", "é", "ﬀ", "。", "／", "\u2028", ";", "[", "]"]
    ),
    max_size=10,
).map("".join)


@given(st.text() | NEARLY | NEARLY.map(f"{WWW}/".__add__) | st.text().map(f"{WWW}/".__add__))
@example(f"{WWW}/a?utm_a=1&&b")
def test_what_goes_out_is_safe_in_a_header_and_means_one_thing(text):
    try:
        verdict = hosts.check(text, ALLOWED, OWN)
    except InvalidInput as refused:
        assert refused.problems
        return
    assert re.fullmatch(r"[\x21-\x7e]+", verdict.address)
    parts = urlsplit(verdict.address)
    assert (parts.scheme, parts.netloc) == ("https", verdict.host)
    assert verdict.host in ALLOWED or verdict.host.endswith((".trafford.gov.uk", ".www.gov.uk"))
    again = hosts.check(verdict.address, ALLOWED, OWN)
    assert (again.address, again.changes) == (verdict.address, ())


@given(st.text())
def test_any_text_can_be_offered_for_the_list(text):
    try:
        assert re.fullmatch(r"[a-z0-9.-]+", hosts.check_allowed(text))
    except InvalidInput as refused:
        assert len(refused.problems) == 1


@pytest.mark.processes
def test_loading_the_module_does_not_load_the_suffix_list():
    program = "import sys, qrbridge.council.hosts; print('publicsuffixlist' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "False"
