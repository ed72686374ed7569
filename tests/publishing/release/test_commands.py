from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from publishing.cli.releases import COMMANDS
from publishing.home import Home
from publishing.release.store import ReleaseStore
from publishing.release.writer import write_release
from tests.publishing.release.builders import MOMENT, content, things


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """A home with one release and one candidate made by 甲."""
    home = Home(tmp_path)
    for paid, stage in ((1, False), (2, True)):
        write_release(
            home.public,
            content(things({"paid": paid})),
            stage=stage,
            maker="甲",
            note="十月",
            audience="public",
            published_at=MOMENT,
            keys=home.key("public"),
        )
    return home.public


def run(store: ReleaseStore, name: str, *arguments: object) -> Result:
    command = next(command for command in COMMANDS if command.name == name)
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(command, words, env={"SUNSHINE_HOME": str(store.root.parent)})


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_another_person_approves(store: ReleaseStore) -> None:
    refused = run(store, "approve", 2, "--by", "甲")
    assert refused.exit_code == 1
    assert "another person must approve" in refused.output
    assert answer(run(store, "approve", 2, "--by", "乙", "--json"))["approved_by_another"] is True
    assert store.current_number() == 2
    assert run(store, "approve", 2, "--by", "乙").exit_code == 1


def test_releases_are_listed_with_their_state(store: ReleaseStore) -> None:
    listed = answer(run(store, "releases", "--json"))
    assert listed["current"] == 1
    assert [(row["number"], row["state"]) for row in listed["releases"]] == [(1, "current"), (2, "candidate")]
    shown = run(store, "releases")
    assert shown.exit_code == 0
    assert "待审批" in shown.output


def test_a_release_is_withdrawn_with_a_reason(store: ReleaseStore) -> None:
    run(store, "approve", 2, "--by", "乙")
    assert run(store, "withdraw", 2).exit_code == 2
    assert answer(run(store, "withdraw", 2, "--reason", "数有误", "--json")) == {
        "number": 2,
        "reason": "数有误",
        "current": 1,
    }
    assert answer(run(store, "releases", "--json"))["releases"][1]["reason"] == "数有误"
    assert run(store, "withdraw", 2, "--reason", "x", "--json").exit_code == 1


def test_the_difference_of_two_releases_is_told(store: ReleaseStore) -> None:
    told = run(store, "diff", 1, 2)
    assert "已支付" in told.output or "paid·名" in told.output
    dataset = answer(run(store, "diff", 1, 2, "--json"))["datasets"][0]
    assert dataset["measures"][0]["change"] == 0.01
    assert run(store, "diff", 1, 9).exit_code == 1
    assert run(store, "diff", 1).exit_code == 2


def test_a_home_is_verified_and_damage_ends_with_status_one(store: ReleaseStore) -> None:
    home = store.root.parent
    assert answer(run(store, "verify", home, "--json"))["ok"] is True
    assert (
        answer(run(store, "verify", home, "--key", home / "keys" / "public.pub", "--json"))["key_pinned"]
        is True
    )
    manifest = store.storage.local("releases/000001.json")
    manifest.chmod(0o644)
    manifest.write_bytes(manifest.read_bytes() + b" ")
    damaged = run(store, "verify", home)
    assert damaged.exit_code == 1
    assert "release 1" in damaged.output
    assert run(store, "verify", home / "nothing").exit_code == 2
