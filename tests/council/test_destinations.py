"""Real sites on this machine, with real certificates of an authority that only these tests trust."""

import datetime
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from qrbridge.council import destinations
from qrbridge.council.council import Council
from qrbridge.council.destinations import Way
from tests.given import COUNCIL

HERE = Council.read(COUNCIL)
SITE = "https://www.trafford.gov.uk"
PAGE = "<!doctype html><title>Help with the cost of living</title><p>Call us."

# Path: status, location, type and text.
PAGES: dict[str, tuple[int, str, str, str]] = {
    "/fine": (200, "", "text/html; charset=utf-8", PAGE),
    "/gone": (404, "", "text/html", "<title>Oh dear</title>"),
    "/soft": (200, "", "text/html", "<title>Page not found - Trafford</title>"),
    "/moved": (301, "/fine", "text/html", ""),
    "/lent": (302, f"{SITE}/fine", "text/html", ""),
    "/wall": (302, "/login?back=1", "text/html", ""),
    "/login": (200, "", "text/html", "<title>Welcome</title>"),
    "/password": (200, "", "text/html", '<title>Hello</title><input name=p type="password">'),
    "/closed": (403, "", "text/html", "no"),
    "/away": (302, "https://evil.example/", "text/html", ""),
    "/plain": (302, "http://www.trafford.gov.uk/fine", "text/html", ""),
    "/ours": (302, "https://qr.trafford.gov.uk/7K3M9B", "text/html", ""),
    "/odd": (302, "https://[", "text/html", ""),
    "/round": (302, "/about", "text/html", ""),
    "/about": (302, "/round", "text/html", ""),
    "/leaflet": (200, "", "application/pdf", "%PDF"),
    "/broken": (500, "", "text/html", "<title>Error</title>"),
    **{f"/hop{n}": (302, f"/hop{n + 1}", "text/html", "") for n in range(9)},
    "/hop9": (302, "/fine", "text/html", ""),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, location, kind, text = PAGES[self.path.partition("?")[0]]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """www.trafford.gov.uk on a port of this machine; any other host is nowhere, and help.trafford.gov.uk is not it."""
    certificate = _certificate(tmp_path_factory.mktemp("site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hosts = ("www.trafford.gov.uk", "help.trafford.gov.uk")

    def reach(host: str) -> tuple[str, int]:
        return ("127.0.0.1", server.server_port) if host in hosts else ("127.0.0.1", 9)

    yield Way(reach, ssl.create_default_context(cafile=certificate))
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.trafford.gov.uk")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("www.trafford.gov.uk")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "site.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(
    "address, outcome, said",
    [
        pytest.param("/fine", "fine", "“Help with the cost of living”", id="fine"),
        pytest.param("/gone", "not-found", "no such page (404)", id="not there"),
        pytest.param("/soft", "not-found", "its title is “Page not found - Trafford”", id="not there, said softly"),
        pytest.param("/moved", "moved", f"moved for good to {SITE}/fine", id="moved"),
        pytest.param("/lent", "fine", f"by way of another address, at {SITE}/fine", id="led on for now"),
        pytest.param("/wall", "sign-in", "everyone can read", id="led to a sign-in"),
        pytest.param("/password", "sign-in", "everyone can read", id="a password is asked for"),
        pytest.param("/closed", "sign-in", "keeps them out (403)", id="kept out"),
        pytest.param("/away", "refused", "not on the council's list", id="led to another host"),
        pytest.param("/plain", "refused", "begins with http:", id="led to http"),
        pytest.param("/ours", "refused", "where our own links are", id="led back to us"),
        pytest.param("/odd", "refused", "", id="led to no address"),
        pytest.param("/round", "loop", "without a page", id="round in a circle"),
        pytest.param("/hop0", "loop", "led on 6 times", id="more than five hops"),
        pytest.param("/hop5", "fine", f"at {SITE}/fine", id="five hops"),
        pytest.param("/leaflet", "no-page", "a file (application/pdf)", id="a PDF"),
        pytest.param("/broken", "down", "(500)", id="something is wrong there"),
        pytest.param("https://help.trafford.gov.uk/fine", "certificate", "warn residents away", id="certificate"),
        pytest.param("https://away.trafford.gov.uk/", "down", "did not answer", id="no answer"),
        pytest.param("javascript:alert(1)", "refused", "", id="no web address"),
    ],
)
def test_what_comes_of_it_is_said(way: Way, address: str, outcome: str, said: str):
    finding = destinations.test(SITE + address if address.startswith("/") else address, HERE, way)
    assert said in finding.sentence
    assert finding.outcome == outcome and finding.heading


def test_a_name_for_a_machine_of_our_own_is_not_gone_to():
    with pytest.raises(OSError, match="the public cannot reach"):
        destinations._public("localhost")


def test_every_outcome_has_its_heading():
    judged = {outcome for _, outcome, _ in destinations._JUDGEMENTS}
    assert judged <= set(destinations.OUTCOMES)
