from __future__ import annotations

import hashlib
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from publishing.errors import (
    CorruptObject,
    ReleaseError,
    ReleaseNotFound,
    ReleaseWithdrawn,
    StoreBusy,
)
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from tests.publishing.release.builders import KEY, MOMENT, content, publish, store_in, things

LATER = MOMENT + timedelta(days=30)


def digests(store: ReleaseStore) -> dict[str, str]:
    """Digest of every file of a store, by path."""
    return {
        path: hashlib.sha256(store.storage.read(path)).hexdigest()
        for path in store.storage.list(".")
        if path != ".lock"
    }


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.current_number() is None
    assert store.numbers() == ()
    with pytest.raises(ReleaseNotFound, match="nothing has been published"):
        open_release(store)


def test_numbers_go_up_by_one_and_the_newest_is_current(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert [publish(store).number for _ in range(3)] == [1, 2, 3]
    assert open_release(store).number == 3
    assert open_release(store, 1).number == 1
    with pytest.raises(ReleaseNotFound, match="no release 4"):
        open_release(store, 4)


def test_a_later_release_changes_no_byte_of_an_earlier_one(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    before = digests(store)
    publish(store, content(things({"paid": 7})))
    after = digests(store)
    moving = {"current", "log/checkpoint"}
    assert {path: after.get(path) for path in before if path not in moving} == {
        path: digest for path, digest in before.items() if path not in moving
    }


def test_a_candidate_is_seen_by_no_reader_until_another_person_approves_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    staged = publish(store, content(things({"paid": 7})), stage=True, maker="甲", note="十月")
    assert staged.number == 2
    assert open_release(store).number == 1
    with pytest.raises(ReleaseNotFound):
        open_release(store, 2)
    approved = store.approve(2, approver="乙", at=LATER, key=KEY)
    release = open_release(store)
    assert (release.number, release.id, release.published_at) == (2, staged.id, LATER)
    assert approved.approved_by_another
    assert release.manifest == approved
    assert store.candidates() == ()
    assert [(act.what, act.maker, act.by) for act in store.acts(2)] == [("approved", "甲", "乙")]


@pytest.mark.parametrize("approver", ["甲", " 甲 "])
def test_the_maker_cannot_approve(tmp_path: Path, approver: str) -> None:
    store = store_in(tmp_path)
    publish(store, stage=True, maker="甲")
    with pytest.raises(ReleaseError, match="another person must approve"):
        store.approve(1, approver=approver, at=LATER, key=KEY)
    with pytest.raises(ReleaseError, match="say who approves"):
        store.approve(1, approver=" ", at=LATER, key=KEY)
    assert store.current_number() is None
    assert [candidate.number for candidate in store.candidates()] == [1]


def test_an_office_of_one_may_approve_and_the_manifest_says_so(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store, stage=True, maker="甲")
    assert not store.approve(1, approver="甲", at=LATER, key=KEY, single_person=True).approved_by_another


def test_no_name_of_an_official_stands_in_what_is_served(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store, stage=True, maker="甲某某")
    store.approve(1, approver="乙某某", at=LATER, key=KEY)
    store.withdraw(1, reason="错", by="丙某某", at=LATER, key=KEY)
    served = [path for path in store.storage.list(".") if not path.startswith(("acts/", "objects/"))]
    texts = "".join(store.storage.read(path).decode() for path in served)
    assert "某某" not in texts


def test_a_candidate_reserves_its_number(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store, stage=True)
    assert publish(store).number == 2
    with pytest.raises(ReleaseError, match="cannot be published after release 2"):
        store.approve(1, approver="another", at=LATER, key=KEY)
    store.discard(1)
    assert store.candidates() == ()
    with pytest.raises(ReleaseNotFound, match="no candidate 1"):
        store.approve(1, approver="another", at=LATER, key=KEY)


def test_discarding_a_candidate_removes_its_objects_and_no_others(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    before = digests(store)
    publish(store, content(things({"paid": 7})), stage=True)
    store.discard(2)
    assert digests(store) == before


def test_a_withdrawn_release_leaves_a_tombstone_and_the_pointer_goes_back(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for paid in (1, 2, 3):
        publish(store, content(things({"paid": paid})))
    store.withdraw(3, reason="两个县的数互换", by="乙", at=LATER, key=KEY)
    assert open_release(store).number == 2
    assert not open_release(store).degraded
    with pytest.raises(ReleaseWithdrawn) as refusal:
        open_release(store, 3)
    assert refusal.value.reason == "两个县的数互换"
    kept = open_release(store, 3, withdrawn_too=True)
    assert kept.table("things")["paid"].to_list() == [3]
    assert kept.tombstone is not None
    assert kept.tombstone.withdrawn_at == LATER
    assert publish(store).number == 4


def test_when_all_are_withdrawn_nothing_is_served(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    store.withdraw(1, reason="错", by="乙", at=LATER, key=KEY)
    assert store.current_number() is None
    with pytest.raises(ReleaseNotFound):
        open_release(store)


def test_a_withdrawal_needs_a_reason_and_happens_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    with pytest.raises(ReleaseError, match="needs a reason"):
        store.withdraw(1, reason=" ", by="乙", at=LATER, key=KEY)
    store.withdraw(1, reason="错", by="乙", at=LATER, key=KEY)
    with pytest.raises(ReleaseError, match="already"):
        store.withdraw(1, reason="错", by="乙", at=LATER, key=KEY)
    with pytest.raises(ReleaseNotFound):
        store.withdraw(2, reason="错", by="乙", at=LATER, key=KEY)


def test_of_two_publishers_at_once_one_is_told_to_wait(tmp_path: Path) -> None:
    first, second = store_in(tmp_path), store_in(tmp_path)
    with first.exclusive():
        for refused in (publish, lambda store: store.approve(1, approver="x", at=LATER, key=KEY)):
            with pytest.raises(StoreBusy, match="another publisher is at work"):
                refused(second)
        assert publish(first).number == 1
    assert publish(second).number == 2


def test_who_holds_the_store_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    first, second = store_in(tmp_path), store_in(tmp_path)
    held = threading.Event()

    def hold() -> None:
        with first.exclusive():
            held.set()
            time.sleep(0.2)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with second.exclusive():
        assert not first.numbers()
    holder.join()


def test_equal_files_of_two_releases_are_stored_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    before = set(store.storage.list("objects"))
    publish(store)
    numbered = {"parquet", "xlsx", "datapackage"}  # these name the release they belong to
    assert len(set(store.storage.list("objects")) - before) == len(numbered) + 1  # one of them compressed too


def test_publishing_mends_a_damaged_object_that_it_would_write_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    path = open_release(store).file("things", "csv").path
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    publish(store)
    assert not open_release(store, 1).recheck()


def test_leftovers_of_a_killed_writer_are_removed_and_nothing_else(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    publish(store, content(things({"paid": 7})), stage=True)
    before = digests(store)
    for path in ("staging/half", "objects/ab/abcd", "log/entries/00000001", "acts/000003-published.json"):
        store.storage.put((path, b"left over"))
    store.storage.put(("releases/000003.json", b"{}"))
    store.storage.put(("tombstones/000001.json", b"{}"))
    with store.exclusive():
        pass
    assert digests(store) == before


def test_a_log_that_lost_its_end_stops_the_publisher_and_removes_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    old_head = store.storage.read("log/checkpoint")
    publish(store, content(things({"paid": 7})))
    store.storage.put(("log/checkpoint", old_head))
    before = digests(store)
    with pytest.raises(CorruptObject, match="the release log ends too early"):
        publish(store)
    assert digests(store) == before


def test_a_head_of_another_log_can_be_anchored(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    state = store.anchor("operation-log", "ab" * 32, at=LATER, key=KEY)
    assert [entry.kind for entry in state.entries] == ["release", "anchor"]
    assert open_release(store).number == 1
