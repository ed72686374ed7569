"""The operation log on the desk: looked through, verified against its anchors, taken along by the auditor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from litestar import Response, get, post
from sqlmodel import Session

from portal.reading.tongue import apart, tell
from portal.web.asking import parameters_of
from portal.web.desk_exports import csv_bytes, download
from portal.web.guarding import Desk
from portal.web.log_words import ACTION_NAMES, action_code
from portal.web.pages import CHINA, site_of
from portal.web.private_pages import private_page
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.accounts import list_accounts
from portal.writing.acting import Subject, Work
from portal.writing.audit import Anchor, verify_log
from portal.writing.errors import LogBroken
from portal.writing.log_desk import LogFilter, LogLine, export_log, search_log
from portal.writing.permissions import may_ever
from publishing.release.store import ReleaseStore

PAGE = 50
ANCHOR = "operation-log/"
COLUMNS = (
    "sequence", "at", "actor_id", "actor_role", "origin", "request_id", "action", "object_kind", "object_key", "changes",
    "hash", "taken_by", "taken_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verified:
    """What the check of the whole log found."""

    is_sound: bool
    sentence: str
    entries: int
    anchors: int


@dataclass(frozen=True, slots=True)
class LogView:
    """Entries, newest first, with the filter they were found by."""

    filters: dict[str, str]
    lines: tuple[LogLine, ...]
    names: dict[int, str]
    older: int | None
    may_export: bool
    verified: Verified | None
    action_names: Mapping[str, str]


@get("/desk/log", guards=[Desk("log", "read")])
async def log_page(request: AnyRequest) -> Response[bytes]:
    """LogView."""
    room, caller = room_of(request), caller_of(request)
    given = {name: values[-1].strip()[:200] for name, values in parameters_of(request).items()}
    anchors = anchors_of(site_of(request).library.shelf.store) if "verify" in given else ()

    def look(session: Session) -> LogView:
        names = _names(session, caller.subject)
        lines = search_log(session, caller.subject, replace(filter_of(given, names), limit=PAGE + 1))
        shown = lines[:PAGE]
        return LogView(
            filters=given,
            lines=shown,
            names=names,
            older=shown[-1].sequence if len(lines) > PAGE else None,
            may_export=may_ever(caller.subject, "log", "export"),
            verified=verified(session, anchors) if "verify" in given else None,
            action_names=ACTION_NAMES,
        )

    return private_page(request, "desk/log.html", await room.read(look))


def _names(session: Session, subject: Subject) -> dict[int, str]:
    """Logins by id, for those who may read accounts."""
    if not may_ever(subject, "account", "read"):
        return {}
    return {account.id: account.login for account in list_accounts(session, subject)}


def filter_of(given: dict[str, str], names: dict[int, str]) -> LogFilter:
    """The filter as its parameters say; what cannot be read narrows to nothing rather than to everything."""
    who = given.get("who", "")
    actor = next((found for found, login in names.items() if login == who), None) if who else None
    before = given.get("before", "")
    return LogFilter(
        actor_id=(actor if actor is not None else -1) if who else None,
        action=action_code(given.get("action", "")) or None,
        object_kind=given.get("kind") or None,
        object_key=given.get("key") or None,
        since=_moment(given.get("since", ""), 0),
        until=_moment(given.get("until", ""), 1),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
    )


def _moment(text: str, days: int) -> datetime | None:
    """The beginning of a day in China; `days` later for an end that is included."""
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), CHINA) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def anchors_of(store: ReleaseStore) -> tuple[Anchor, ...]:
    """The ends of the operation log that the signed release log holds.

    Raises: CorruptObject when the release log itself cannot be trusted.
    """
    entries = (entry for entry in store.log().entries if entry.kind == "anchor")
    return tuple(
        Anchor(int(entry.subject.removeprefix(ANCHOR)), entry.digest)
        for entry in entries
        if entry.subject.startswith(ANCHOR)
    )


def verified(session: Session, anchors: Iterable[Anchor]) -> Verified:
    """Check the whole log, and say it in a sentence."""
    held = tuple(anchors)
    try:
        head = verify_log(session, held)
    except LogBroken as error:
        return Verified(False, str(error), error.sequence, len(held))
    last = max((anchor.sequence for anchor in held), default=0)
    said = tell("全部 {} 条记录首尾相接，没有被改动、删除或插入。", head.sequence)
    kept = (
        tell("其中前 {} 条由签名的发布日志存证（{} 处），连整段重写也会被发现。", last, len(held))
        if held
        else tell("签名的发布日志里还没有存证。")
    )
    return Verified(True, apart(said, kept), head.sequence, len(held))


@post("/desk/log/export", guards=[Desk("log", "export")], status_code=200)
async def log_export(request: AnyRequest) -> Response[bytes]:
    """All entries of the filter as CSV or JSON Lines, each row marked with who took it."""
    room, caller = room_of(request), caller_of(request)
    given = {name: values[-1].strip()[:200] for name, values in parameters_of(request).items()}
    login = caller.visit.login if caller.visit else ""
    is_csv = given.get("format") != "jsonl"

    def take(work: Work) -> bytes:
        names = _names(work.session, caller.subject)
        lines = export_log(work.session, work.acting, replace(filter_of(given, names), before=None))
        rows = (_row(line, login, work.acting.at) for line in lines)
        return csv_bytes(COLUMNS, rows) if is_csv else _json_lines(rows)

    body = await room.write(caller.acting, take)
    name = f"operation-log-{caller.acting.today:%Y%m%d}-{login}.{'csv' if is_csv else 'jsonl'}"
    return download(body, name, "text/csv" if is_csv else "application/jsonl")


def _row(line: LogLine, login: str, at: datetime) -> tuple[object, ...]:
    changes = (
        None if line.changes is None else {each.field: [each.before, each.after] for each in line.changes}
    )
    told = None if changes is None else json.dumps(changes, ensure_ascii=False)
    return (
        line.sequence, line.at.isoformat(), line.actor_id, line.actor_role, line.origin, line.request_id, line.action,
        line.object_kind, line.object_key, told, line.hash, login, at.isoformat(),
    )  # fmt: skip


def _json_lines(rows: Iterable[tuple[object, ...]]) -> bytes:
    return b"".join(
        json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False).encode() + b"\n" for row in rows
    )


DESK_LOG = [log_page, log_export]
