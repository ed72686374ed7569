from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anonymize.text import scrub
from portal.cli import main
from portal.writing.accounts import account_id_of, subject_of
from portal.writing.acting import VISITOR, Acting, Rules
from portal.writing.audit import verify_log
from portal.writing.database import Database
from portal.writing.deadlines import Deadlines
from portal.writing.errors import AlreadyDone, InputRefused
from portal.writing.inputs import AccountIn
from portal.writing.keys import read_keys
from portal.writing.persons import IssuedCodes, PersonCheck, person_key, register_citizen
from portal.writing.signing_in import Outcome, check_credentials
from tests.writing.office import Office, seeded_entropy


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("SUNSHINE_HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(main, ["users", *arguments])


def test_the_first_administrator_gets_a_password_that_works_once_shown(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    made = run("add", "admin.zhou", "--role", "administrator", "--clearance", "6", "--json")
    assert made.exit_code == 0, made.output
    shown = json.loads(made.output)
    database = Database.at(tmp_path)
    acting = Acting(VISITOR, datetime.now(UTC), date(2026, 11, 2), "10.0.0.7")
    rules = Rules(Deadlines.read(), scrub, secrets.token_bytes)
    found = check_credentials(database, rules, acting, "admin.zhou", shown["one_time_password"])
    assert (found.outcome, found.must_change_password) == (Outcome.NEEDS_SET_UP, True)
    assert shown["one_time_password"].encode() not in b"".join(
        path.read_bytes() for path in tmp_path.glob("*.db*")
    )
    database.close()


def test_accounts_are_listed_granted_reset_and_disabled(run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("add", "clerk", "--role", "official", "--clearance", "3", "--unit", "U-1").exit_code == 0
    assert (
        run("grant", "clerk", "--role", "supervision", "--clearance", "5", "--region", "440100").exit_code
        == 0
    )
    listed = json.loads(run("list", "--json").output)
    assert [(grant["role"], grant["unit"], grant["region"]) for grant in listed[0]["grants"]] == [
        ("official", "U-1", None),
        ("supervision", None, "440100"),
    ]
    assert "一次性密码" in run("reset", "clerk").output
    assert run("disable", "clerk").exit_code == 0
    assert "已停用" in run("list").output
    database = Database.at(tmp_path)
    with database.reading() as session:
        assert subject_of(session, account_id_of(session, "clerk")).held == ()
        verify_log(session)
    database.close()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("add", "clerk", "--role", "official"), 1),
        (("add", "no spaces", "--role", "official"), 1),
        (("disable", "nobody"), 1),
        (("add", "x.y", "--role", "king"), 2),
        (("add", "x.y", "--role", "official", "--clearance", "13"), 2),
    ],
    ids=["taken", "login", "nobody", "role", "clearance"],
)
def test_what_is_refused_is_said_with_its_status(
    run: Callable[..., Result], arguments: tuple[str, ...], status: int
) -> None:
    assert run("add", "clerk", "--role", "official").exit_code == 0
    refused = run(*arguments)
    assert refused.exit_code == status
    assert refused.output.strip()


def test_the_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    first, second = read_keys(tmp_path, os.urandom), read_keys(tmp_path, os.urandom)
    assert first == second
    assert len({first.second_factors.key, first.followers, first.persons, first.proofs.key}) == 4
    path = tmp_path / "keys" / "people.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["people.key"]
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match=r"people\.key"):
        read_keys(tmp_path, seeded_entropy())


def test_a_citizen_registers_once_for_a_person_and_no_identity_is_kept(office: Office) -> None:
    check: PersonCheck = IssuedCodes(frozenset({"code-of-wu"}))
    identity = check.identity_of("code-of-wu")
    assert identity is not None
    assert check.identity_of("made up") is None
    key = person_key(identity, b"k" * 32)
    assert "wu" not in key
    with office.work(None) as work:
        account_id = register_citizen(
            work, AccountIn(login="wu", display_name="吴"), "一句很长的话作为密码", key
        )
    with pytest.raises(AlreadyDone), office.work(None) as work:
        register_citizen(work, AccountIn(login="wu2", display_name="吴"), "一句很长的话作为密码", key)
    with pytest.raises(InputRefused), office.work("chen") as work:
        register_citizen(work, AccountIn(login="wu3", display_name="吴"), "一句很长的话作为密码", None)
    with office.database.reading() as session:
        subject = subject_of(session, account_id)
    assert ([held.role for held in subject.held], subject.person_key) == (["citizen"], key)
