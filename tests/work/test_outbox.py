"""E-mail, against a mail server of this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from qrbridge import settings as boot
from qrbridge import times
from qrbridge.settings import Settings
from qrbridge.store import Store
from qrbridge.work import outbox
from tests.counting.test_scans import ask
from tests.servers import free_port


@dataclass
class Letterbox:
    """A mail server that keeps what it is handed, or refuses it."""

    refuses: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 Not now"
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def open_box(box: Letterbox, **options: Any) -> Controller:
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    return controller


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    """A mail server that asks for nothing."""
    box = Letterbox()
    controller = open_box(box)
    yield box
    controller.stop()


def sending(settings: Settings, port: int, **more: str) -> Settings:
    values = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none", **more}
    environment = {f"QRBRIDGE_{name}": value for name, value in values.items()}
    environment.setdefault("QRBRIDGE_EMAIL_FROM", "Trafford notices <notices@trafford.gov.uk>")
    return boot.load(settings.instance, environment)


def test_what_waits_is_handed_on_once(store: Store, settings: Settings, letterbox: Letterbox):
    on = sending(settings, letterbox.port)
    outbox.put(store, "jo@example.gov.uk", "Posters are ready – 120", "Hello Jo,\n\nthey are £0 each.\n")
    assert outbox.send_waiting(on, store) == 1
    assert outbox.send_waiting(on, store) == 0
    (letter,) = letterbox.letters
    assert letter["To"] == "jo@example.gov.uk" and letter["Subject"] == "Posters are ready – 120"
    assert letter["From"] == "Trafford notices <notices@trafford.gov.uk>"
    assert letter["Message-ID"].endswith("@trafford.gov.uk>") and letter["Auto-Submitted"] == "auto-generated"
    assert "they are £0 each." in letter.get_content()
    assert ask(store, "select * from outgoing_email") == []


def test_what_is_refused_waits_and_is_tried_again_later(
    store: Store, settings: Settings, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
):
    on = sending(settings, letterbox.port)
    letterbox.refuses = True
    outbox.put(store, "jo@example.gov.uk", "Ready", "Hello")
    assert outbox.send_waiting(on, store) == 0
    assert outbox.waiting(store)["messages"] == 1 and "Not now" in outbox.waiting(store)["problem"]
    letterbox.refuses = False
    assert outbox.send_waiting(on, store) == 0, "it is tried again only after a while"
    later = times.now() + timedelta(minutes=2)
    monkeypatch.setattr(times, "now", lambda: later)
    assert outbox.send_waiting(on, store) == 1


def test_a_server_that_is_away_loses_nothing(store: Store, settings: Settings):
    outbox.put(store, "jo@example.gov.uk", "Ready", "Hello")
    assert outbox.send_waiting(sending(settings, 1), store) == 0
    assert outbox.waiting(store)["messages"] == 1


def test_what_cannot_be_sent_is_given_up_at_last(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    outbox.put(store, "jo@example.gov.uk", "Ready", "Hello")
    start = times.now()
    for number in range(outbox.MOST_TRIES):
        monkeypatch.setattr(times, "now", lambda number=number: start + timedelta(days=number))
        outbox.send_waiting(sending(settings, 1), store)
    assert outbox.waiting(store)["messages"] == 0


def test_where_no_server_is_set_nothing_is_sent(store: Store, settings: Settings):
    outbox.put(store, "jo@example.gov.uk", "Ready", "Hello")
    assert not outbox.is_on(settings) and outbox.send_waiting(settings, store) == 0
    assert not outbox.is_on(sending(settings, 25, EMAIL_FROM=""))


def test_a_name_and_password_are_used_where_they_are_set(store: Store, settings: Settings):
    def knows(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"notices", b"secret"), handled=False)

    box = Letterbox()
    controller = open_box(box, authenticator=knows, auth_required=True, auth_require_tls=False)
    try:
        outbox.put(store, "jo@example.gov.uk", "Ready", "Hello")
        outbox.put(store, "jo@example.gov.uk", "Ready again", "Hello")
        assert outbox.send_waiting(sending(settings, box.port, SMTP_USER="notices", SMTP_PASSWORD="wrong"), store) == 0
        with store.atomic():
            store.script("update outgoing_email set again_at = ''")
        assert outbox.send_waiting(sending(settings, box.port, SMTP_USER="notices", SMTP_PASSWORD="secret"), store) == 2
    finally:
        controller.stop()


@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_name_becomes_a_header(store: Store, settings: Settings, letterbox: Letterbox, field: str):
    given = {"to": "jo@example.gov.uk", "subject": "Ready", "body": "Hello", field: "x\r\nBcc: all@example.gov.uk"}
    outbox.put(store, **given)
    outbox.send_waiting(sending(settings, letterbox.port), store)
    assert [letter["Bcc"] for letter in letterbox.letters] in ([], [None])
    assert len(letterbox.letters) + outbox.waiting(store)["messages"] == 1
