"""A new release is told to those who follow what it changed: once, by real SMTP, with one click for leaving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest

from portal.back_office import BackOffice
from portal.caretaker import Caretaker
from portal.letters import PostOffice
from portal.settings import Settings
from portal.writing.acting import Work
from portal.writing.audit import verify_log
from portal.writing.follow import Followed, ask_to_follow, confirm_following
from portal.writing.models.words import FollowKind
from publishing.home import Home
from publishing.index import build_search_index, released_tables
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from publishing.specs import dataset_spec
from search.engines.embedded import index_directory
from tests.builders.mailbox import Mailbox, open_mailbox
from tests.builders.published import province_tables, publish
from tests.builders.rooms import House

CHANGED, SAME = "P202100005", "P202100006"
FOLLOWED = {
    "project@example.org": Followed(FollowKind.PROJECT, CHANGED),
    "other@example.org": Followed(FollowKind.PROJECT, SAME),
    "search@example.org": Followed(FollowKind.SEARCH, "独一无二的渡槽"),
    "quiet@example.org": Followed(FollowKind.SEARCH, "小学扩建"),
}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def _caretaker(house: House, mailbox: Mailbox) -> Caretaker:
    settings = {
        "SUNSHINE_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SUNSHINE_MAIL_FROM": "sunshine@example.org",
    }
    office = BackOffice(Home(house.room.settings.home), house.room)
    return Caretaker(house.room, office, PostOffice.of(Settings.read(settings)))


def _follow(house: House, address: str, followed: Followed) -> None:
    key = house.room.keys.followers
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        confirm_following(work, ask_to_follow(work, followed, address, key))


def _publish_second(house: House) -> None:
    """Another name and more paid for one project; everything else as before."""
    tables = province_tables()
    is_changed = pl.col("project_id") == CHANGED
    tables["projects"] = tables["projects"].with_columns(
        name=pl.when(is_changed).then(pl.lit("独一无二的渡槽加固")).otherwise("name"),
        paid=pl.when(is_changed).then(pl.lit(12_345_00, pl.Int64)).otherwise("paid"),
        paid_status=pl.when(is_changed).then(pl.lit("published")).otherwise("paid_status"),
    )
    at = house.clock() + timedelta(hours=1)
    home = house.room.settings.home
    publish(home, tables, published_at=at, note="第二号")
    release = open_release(ReleaseStore(home / "public"))
    build_search_index(released_tables(release), index_directory(home / "search", release.id))
    house.clock.later(hours=2)


def test_followers_are_told_once_of_what_a_release_changed(house: House, mailbox: Mailbox) -> None:
    project = province_tables()["projects"].filter(pl.col("project_id") == CHANGED).row(0, named=True)
    region, unit = str(project["region_code"]), str(project["org_id"])
    for address, followed in FOLLOWED.items():
        _follow(house, address, followed)
    _follow(house, "region@example.org", Followed(FollowKind.REGION, region))
    _follow(house, "unit@example.org", Followed(FollowKind.UNIT, unit))
    caretaker = _caretaker(house, mailbox)
    caretaker.round()
    caretaker.send()
    mailbox.letters.clear()  # whoever confirmed before the first release was told of it

    _publish_second(house)
    _follow(house, "late@example.org", FOLLOWED["project@example.org"])
    caretaker.round()
    _caretaker(house, mailbox).round()  # another process, with a memory of its own
    told = {str(letter["To"]): letter for letter in mailbox.letters}
    assert sorted(told) == [
        "project@example.org", "region@example.org", "search@example.org", "unit@example.org",
    ]  # fmt: skip
    assert len(mailbox.letters) == 4
    words = told["project@example.org"].get_content()
    assert "第 2 号发布" in words
    assert dataset_spec("projects").column("paid").title in words
    assert f"https://portal.test/projects/{CHANGED}" in words
    leave = str(told["project@example.org"]["List-Unsubscribe"]).strip("<>")
    assert leave in words
    assert told["project@example.org"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = leave.removeprefix("https://portal.test")
    assert house.browser().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with house.room.database.reading() as session:
        verify_log(session)


def test_a_server_that_is_away_delays_letters_about_a_release_and_loses_none(
    house: House, mailbox: Mailbox
) -> None:
    _follow(house, "project@example.org", FOLLOWED["project@example.org"])
    _publish_second(house)
    mailbox.broken = True
    caretaker = _caretaker(house, mailbox)
    caretaker.round()
    assert mailbox.letters == []
    mailbox.broken = False
    house.clock.later(minutes=6)
    caretaker.round()
    house.clock.later(minutes=6)
    caretaker.round()
    assert [letter["To"] for letter in mailbox.letters] == ["project@example.org"]
