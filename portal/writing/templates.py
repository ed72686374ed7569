"""Replies a unit uses often. A template is text; the few named places are replaced, everything else stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from portal.writing.acting import Subject, Whereabouts, Work
from portal.writing.database import insert_once
from portal.writing.errors import AlreadyDone, NotThere
from portal.writing.models import ReplyTemplate
from portal.writing.permissions import TEMPLATE_COLUMNS, Row, require, scope_clause
from portal.writing.texts import SUBJECT, TEXT, tidy

PLACES = ("{编号}", "{事项}", "{今天}")


@dataclass(frozen=True, slots=True)
class TemplateOut:
    """A template of a unit."""

    id: int
    unit_id: str
    title: str
    body: str


def write_template(work: Work, where: Whereabouts, title: str, body: str) -> int:
    """Keep a template for a unit in one's scope. Raises: AlreadyDone when the unit has one of that title."""
    require(work.subject, "template", "write", Row(where))
    row = ReplyTemplate(
        unit_id=where.unit_id,
        title=tidy("title", title, SUBJECT, is_one_line=True),
        body=tidy("body", body, TEXT),
        author_id=work.subject.account_id or 0,
        written_at=work.acting.at,
    )
    template_id = insert_once(work.session, row)
    if template_id is None:
        raise AlreadyDone("本单位已有同名的模板。")
    work.tell("template.write", "template", template_id)
    return template_id


def list_templates(session: Session, subject: Subject) -> tuple[TemplateOut, ...]:
    """Templates of the units in scope, by title."""
    scope = scope_clause(subject, "template", "read", TEMPLATE_COLUMNS)
    rows = session.exec(
        select(ReplyTemplate)
        .where(scope, col(ReplyTemplate.is_retired).is_(False))
        .order_by(col(ReplyTemplate.title), col(ReplyTemplate.id))
    )
    return tuple(TemplateOut(row.id or 0, row.unit_id, row.title, row.body) for row in rows)


def retire_template(work: Work, template_id: int) -> None:
    """The template is not offered any more. Raises: NotThere."""
    scope = scope_clause(work.subject, "template", "write", TEMPLATE_COLUMNS)
    row = work.session.exec(
        select(ReplyTemplate).where(col(ReplyTemplate.id) == template_id, scope)
    ).one_or_none()
    if row is None:
        raise NotThere
    row.is_retired = True
    work.session.add(row)
    work.tell("template.retire", "template", template_id)


def fill(body: str, number: str, subject: str, today: date) -> str:
    """The text with its named places replaced, each once over: what is put in is not looked at again."""
    values = dict(zip(PLACES, (number, subject, f"{today.year}年{today.month}月{today.day}日"), strict=True))
    pieces = [body]
    for place, value in values.items():
        pieces = [part for piece in pieces for part in _replaced(piece, place, value)]
    return "".join(pieces)


class _Done(str):
    """A piece that was put in."""

    __slots__ = ()


def _replaced(piece: str, place: str, value: str) -> list[str]:
    if isinstance(piece, _Done):
        return [piece]
    parts: list[str] = []
    for index, part in enumerate(piece.split(place)):
        parts += [part] if index == 0 else [_Done(value), part]
    return parts
