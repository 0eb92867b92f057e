"""E-mail: kept in the store until the worker has handed it on, so that a page never waits for a mail server."""

import logging
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from qrbridge import times
from qrbridge.settings import Settings
from qrbridge.store import Row, Store

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 15
# Tried again after this long times the number of tries, and given up after so many: some nine hours.
PAUSE = timedelta(minutes=1)
MOST_TRIES = 32


def is_on(settings: Settings) -> bool:
    """Whether this installation can send e-mail."""
    return bool(settings.smtp_host and settings.email_from)


def put(store: Store, to: str, subject: str, body: str) -> None:
    """Keep a message to be sent; within a transaction it goes only if that does."""
    now = times.now()
    id = f"{times.stamp(now)}-{secrets.token_hex(8)}"
    stamp = times.stamp(now)
    # What is one line stays one line: no name can add a header.
    to, subject = (" ".join(text.split()) for text in (to, subject))
    store.run("outbox.put", id=id, recipient=to, subject=subject, body=body, made_at=stamp, again_at=stamp)


def send_waiting(settings: Settings, store: Store) -> int:
    """Hand on what waits and is due; how many messages went. What could not be sent is tried again later."""
    if not is_on(settings):
        return 0
    due = store.rows("outbox.due", now=times.stamp(times.now()))
    return sum(_send_one(settings, store, row) for row in due)


def waiting(store: Store) -> Row:
    """How many messages wait, and why the last that failed did."""
    return store.rows("outbox.waiting")[0]


def _send_one(settings: Settings, store: Store, row: Row) -> bool:
    """Send one message unless another worker has taken it; it is gone from the store only when it was handed on."""
    tries = row["tries"] + 1
    again_at = times.stamp(times.now() + PAUSE * tries)
    if not store.run("outbox.take", id=row["id"], tries=tries, tries_before=row["tries"], again_at=again_at):
        return False
    try:
        with _server(settings) as server:
            server.send_message(_message(settings, row))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.warning("An e-mail could not be sent (try %d): %s", tries, error)
        if tries < MOST_TRIES:
            store.run("outbox.failed", id=row["id"], problem=str(error)[:500])
            return False
        log.error("It is given up: %s to %s.", row["subject"], row["recipient"])
        store.run("outbox.drop", id=row["id"])
        return False
    store.run("outbox.drop", id=row["id"])
    return True


def _message(settings: Settings, row: Row) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.email_from
    message["To"] = row["recipient"]
    message["Subject"] = row["subject"]
    message["Date"] = format_datetime(times.moment(row["made_at"]))
    message["Message-ID"] = make_msgid(domain=_domain(settings))
    # Machines answer machines no more after this.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row["body"])
    return message


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The council's mail server, signed in to where a name is set; encrypted unless it is set not to be."""
    trusted = ssl.create_default_context()
    where = (settings.smtp_host, settings.smtp_port)
    # Told who we are, it need not ask a name server, which may be slow to know nothing.
    us = _domain(settings)
    opened = (
        smtplib.SMTP_SSL(*where, us, timeout=PATIENCE_SECONDS, context=trusted)
        if settings.smtp_security == "tls"
        else smtplib.SMTP(*where, us, timeout=PATIENCE_SECONDS)
    )
    with opened as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


def _domain(settings: Settings) -> str:
    return str(settings.email_from).rpartition("@")[2].rstrip("> ") or "localhost"
