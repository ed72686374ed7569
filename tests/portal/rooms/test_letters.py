from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.letters import PostOffice, send_letters
from portal.settings import SettingRefused, Settings
from portal.writing.acting import Work
from portal.writing.follow import Follower, write_letter
from tests.builders.mailbox import Mailbox, open_mailbox
from tests.builders.rooms import House


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def _office(mailbox: Mailbox) -> PostOffice:
    settings = {
        "SUNSHINE_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SUNSHINE_MAIL_FROM": "sunshine@example.org",
    }
    office = PostOffice.of(Settings.read(settings))
    assert office is not None
    return office


def _write(house: House, number: int, address: str = "reader@example.org") -> None:
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        follower = Follower(number, address, f"{number}.token")
        write_letter(
            work, f"once {number}", follower, f"第 {number} 封\r\nBcc: x@evil.test", "项目有了新进展。\n.\n"
        )


def test_a_letter_arrives_once_whole_and_with_one_click_for_leaving(house: House, mailbox: Mailbox) -> None:
    _write(house, 1)
    assert send_letters(house.room, _office(mailbox)) == 1
    assert send_letters(house.room, _office(mailbox)) == 0
    (letter,) = mailbox.letters
    assert letter["To"] == "reader@example.org"
    assert letter["Subject"] == "第 1 封 Bcc: x@evil.test"
    assert letter["Bcc"] is None
    assert letter.get_content().replace("\r\n", "\n") == (
        "项目有了新进展。\n.\n\n不想再收到：https://portal.test/follow/leave?token=1.token\n"
    )
    assert letter["List-Unsubscribe"] == "<https://portal.test/follow/leave?token=1.token>"


def test_a_refused_address_keeps_nobody_elses_letter(house: House, mailbox: Mailbox) -> None:
    mailbox.refused.add("gone@example.org")
    _write(house, 1, "gone@example.org")
    _write(house, 2)
    assert send_letters(house.room, _office(mailbox)) == 1
    assert [letter["To"] for letter in mailbox.letters] == ["reader@example.org"]


def test_a_server_that_breaks_off_gets_the_letter_again_later(house: House, mailbox: Mailbox) -> None:
    _write(house, 1)
    mailbox.broken = True
    assert send_letters(house.room, _office(mailbox)) == 0
    mailbox.broken = False
    assert send_letters(house.room, _office(mailbox)) == 0, "it is claimed for five minutes"
    house.clock.later(minutes=6)
    assert send_letters(house.room, _office(mailbox)) == 1


def test_a_server_that_is_away_keeps_the_letters_waiting(house: House) -> None:
    _write(house, 1)
    assert send_letters(house.room, _office(Mailbox(port=9))) == 0


def test_settings_that_cannot_send_are_refused_at_the_start() -> None:
    assert PostOffice.of(Settings.read({})) is None
    with pytest.raises(SettingRefused, match="SUNSHINE_MAIL_FROM"):
        PostOffice.of(Settings.read({"SUNSHINE_SMTP_URL": "smtp://mail.example.org"}))
