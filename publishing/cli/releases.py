"""`sunshine approve`, `withdraw`, `releases`, `diff`, `verify`: the life of releases after they are made."""

from __future__ import annotations

import getpass
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.table import Table

from publishing.cli.options import home_option, json_option, print_json, refuse
from publishing.errors import PublishingError
from publishing.home import Home
from publishing.release.diff import diff_releases
from publishing.release.download import fetch_for_verifying, is_address
from publishing.release.keys import load_public_key
from publishing.release.manifest import Manifest
from publishing.release.reader import Release, open_candidate, open_release
from publishing.release.store import ReleaseStore
from publishing.release.verify import Verification, verify_path

_by_option = click.option(
    "--by", "person", default=getpass.getuser, show_default="the user", help="Who does it."
)
_internal_option = click.option(
    "--internal", is_flag=True, help="In the internal store instead of the public one."
)


def _store(home: Path, *, internal: bool) -> ReleaseStore:
    return Home(home).internal if internal else Home(home).public


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@home_option
@_by_option
@click.option(
    "--single-person", is_flag=True, help="This office lets the maker approve; the manifest will say so."
)
@_internal_option
@json_option
def approve(number: int, home: Path, person: str, single_person: bool, internal: bool, as_json: bool) -> None:
    """Publish candidate NUMBER, which another person has made, and move the pointer to it."""
    store = _store(home, internal=internal)
    try:
        manifest = store.approve(
            number,
            approver=person,
            at=datetime.now(UTC),
            key=Home(home).key("internal" if internal else "public"),
            single_person=single_person,
        )
    except PublishingError as error:
        refuse(error, as_json=as_json)
    if as_json:
        print_json(
            {
                "number": manifest.number,
                "id": manifest.id,
                "approved_by_another": manifest.approved_by_another,
            }
        )
    else:
        click.echo(f"已发布 published: 版本 release {manifest.number}  {manifest.id}")


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why; the public reads it.")
@home_option
@_by_option
@_internal_option
@json_option
def withdraw(number: int, reason: str, home: Path, person: str, internal: bool, as_json: bool) -> None:
    """Stop offering release NUMBER. A tombstone says why; the pointer goes back to the newest release that stands."""
    store = _store(home, internal=internal)
    try:
        key = Home(home).key("internal" if internal else "public")
        tombstone = store.withdraw(number, reason=reason, by=person, at=datetime.now(UTC), key=key)
        current = store.current_number()
    except PublishingError as error:
        refuse(error, as_json=as_json)
    if as_json:
        print_json({"number": number, "reason": tombstone.reason, "current": current})
    else:
        click.echo(
            f"已撤回 withdrawn: 版本 release {number}（{tombstone.reason}）；当前版本 current: {current or '无 none'}"
        )


@click.command()
@home_option
@_internal_option
@json_option
def releases(home: Path, internal: bool, as_json: bool) -> None:
    """List all releases and the candidates that wait for approval."""
    store = _store(home, internal=internal)
    try:
        rows = [_release_row(store, number) for number in store.numbers()]
        rows += [
            {**_manifest_row(waiting.manifest), "state": "candidate", "maker": waiting.maker}
            for waiting in store.candidates()
        ]
    except PublishingError as error:
        refuse(error, as_json=as_json)
    if as_json:
        print_json({"current": store.current_number(), "releases": rows})
        return
    table = Table("版本", "状态", "数据截至", "发布时间（UTC）", "标识", "说明")
    for row in rows:
        remark = row.get("reason") or row["note"]
        table.add_row(
            str(row["number"]),
            _STATES[row["state"]],
            row["as_of"],
            row["published_at"][:19],
            row["id"][:19],
            remark,
        )
    Console().print(table)


_STATES = {"current": "当前", "published": "已发布", "withdrawn": "已撤回", "candidate": "待审批"}


def _release_row(store: ReleaseStore, number: int) -> dict[str, Any]:
    row = _manifest_row(Manifest.from_bytes(store.manifest_bytes(number)))
    tombstone = store.tombstone(number)
    if tombstone is not None:
        return {**row, "state": "withdrawn", "reason": tombstone.reason}
    return {**row, "state": "current" if number == store.current_number() else "published"}


def _manifest_row(manifest: Manifest) -> dict[str, Any]:
    return {
        "number": manifest.number,
        "id": manifest.id,
        "as_of": manifest.lineage.as_of.isoformat(),
        "published_at": manifest.published_at.isoformat(),
        "note": manifest.note,
        "rows": sum(entry.rows for entry in manifest.tables),
    }


@click.command()
@click.argument("before", type=click.IntRange(min=1))
@click.argument("after", type=click.IntRange(min=1))
@home_option
@_internal_option
@click.option("--all", "everything", is_flag=True, help="Name datasets without changes too.")
@json_option
def diff(before: int, after: int, home: Path, internal: bool, everything: bool, as_json: bool) -> None:
    """Explain the difference between releases BEFORE and AFTER; the parts sum to the exact change of every total.

    AFTER may be a candidate that waits for approval.
    """
    store = _store(home, internal=internal)
    try:
        found = diff_releases(_opened(store, before), _opened(store, after))
    except PublishingError as error:
        refuse(error, as_json=as_json)
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(found.to_text(everything=everything), nl=False)


def _opened(store: ReleaseStore, number: int) -> Release:
    """A release, withdrawn or not, else the candidate of that number."""
    waiting = {candidate.number for candidate in store.candidates()}
    return (
        open_candidate(store, number)
        if number in waiting
        else open_release(store, number, withdrawn_too=True)
    )


@click.command()
@click.argument("target")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Public key of the log, from a source you trust.",
)
@click.option(
    "--checkpoint",
    "checkpoint_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A signed head you kept: the log must continue it.",
)
@json_option
def verify(target: str, key_file: Path | None, checkpoint_file: Path | None, as_json: bool) -> None:
    """Check a downloaded file, a folder with its manifest, a store of releases, or a file or release at an address.

    Exit status 1 when anything does not match; the first such thing is named.
    """
    if not is_address(target) and not Path(target).exists():
        raise click.BadParameter(f"there is nothing at {target}", param_hint="TARGET")
    try:
        key = load_public_key(key_file) if key_file else None
        kept = checkpoint_file.read_text(encoding="utf-8") if checkpoint_file else None
        with tempfile.TemporaryDirectory() as folder:
            path = fetch_for_verifying(target, Path(folder)) if is_address(target) else Path(target)
            verification = verify_path(path, key=key, checkpoint=kept)
    except PublishingError as error:
        refuse(error, as_json=as_json)
    _report(target, verification, as_json=as_json)


def _report(target: str, verification: Verification, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "target": target,
                "ok": verification.ok,
                "checked": list(verification.checked),
                "mismatch": verification.mismatch,
                "key_pinned": verification.pinned,
            }
        )
    else:
        for checked in verification.checked:
            click.echo(f"相符 ok: {checked}")
        if not verification.pinned:
            click.echo(
                "提示 note: 公钥取自同一处，未由您指定；用 --key 指定可信的公钥 (the key was not pinned)",
                err=True,
            )
        if verification.mismatch is not None:
            click.secho(f"不符 MISMATCH: {verification.mismatch}", fg="red", err=True)
    sys.exit(0 if verification.ok else 1)


COMMANDS = (approve, withdraw, releases, diff, verify)
