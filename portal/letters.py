"""Sending the letters that wait in the database, by SMTP.

A letter is claimed first (nobody else sends it for five minutes), then sent, then marked. A process that dies between
sending and marking sends it once more later: twice is better than never. The connection is encrypted: `smtps://` from the
start, `smtp://` by STARTTLS, which only a server on this very machine may lack.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import quote, unquote, urlsplit

from portal.settings import SettingRefused, Settings
from portal.surfaces import is_loopback
from portal.web.writing_room import WritingRoom
from portal.writing.acting import Work
from portal.writing.follow import LetterOut, claim_letters, letter_sent

log = logging.getLogger("sunshine.letters")
SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The server that takes our letters, and whom they come from."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, settings: Settings) -> PostOffice | None:
        """As the settings say; None when there is no server. Raises: SettingRefused."""
        if not settings.smtp_url:
            return None
        parts = urlsplit(settings.smtp_url)
        if not parts.hostname or "@" not in settings.mail_from:
            raise SettingRefused("SUNSHINE_SMTP_URL 要写明主机，SUNSHINE_MAIL_FROM 要写明发信人地址。")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            settings.mail_from,
        )

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        """A connection that may send. Raises: OSError, smtplib.SMTPException."""
        context = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if not self.is_tls:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif not is_loopback(self.host):
                    raise smtplib.SMTPNotSupportedError(f"{self.host} offers no STARTTLS")
            if self.user:
                server.login(self.user, self.password)
            yield server


def send_letters(room: WritingRoom, office: PostOffice) -> int:
    """Send what waits; returns how many the server took. A letter that fails waits for the next round."""
    with room.database.writing() as session:
        letters = claim_letters(Work(session, room.by_system(), room.rules))
    if not letters:
        return 0
    sent = 0
    try:
        with office.open() as server:
            for letter in letters:
                sent += _send(room, office, server, letter)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letters wait: the mail server %s cannot be used: %s", office.host, error)
    return sent


def _send(room: WritingRoom, office: PostOffice, server: smtplib.SMTP, letter: LetterOut) -> bool:
    try:
        server.send_message(message_of(room, office, letter), office.sender, [letter.address])
    except smtplib.SMTPRecipientsRefused:
        log.warning("letter %d: the server refuses its address (try %d)", letter.id, letter.tries)
        return False
    with room.database.writing() as session:
        letter_sent(Work(session, room.by_system(), room.rules), letter.id)
    return True


def message_of(room: WritingRoom, office: PostOffice, letter: LetterOut) -> EmailMessage:
    """The letter as it goes out, with one click for leaving (RFC 8058) where it is to a follower."""
    message = EmailMessage(policy=SMTP)
    message["From"] = office.sender
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(room.clock())
    message["Message-ID"] = make_msgid(str(letter.id), office.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if letter.leave_token:
        address = f"{room.settings.base_url}/follow/leave?token={quote(letter.leave_token, safe='')}"
        message["List-Unsubscribe"] = f"<{address}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(f"{letter.body.rstrip()}\n\n不想再收到：{address}\n")
    else:
        message.set_content(letter.body)
    return message
