"""Replies a unit uses often: read, written, retired. A template is text with a few named places, never code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post

from portal.reading.errors import QueryRefused
from portal.web.asking import parameters_of, standing_of
from portal.web.cases_places import unit_name, whereabouts
from portal.web.guarding import Desk, works_with
from portal.web.private_pages import form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Subject, Whereabouts, Work
from portal.writing.errors import Conflict, InputRefused, NotAllowed
from portal.writing.templates import PLACES, TemplateOut, list_templates, retire_template, write_template

DONE = {"written": "模板已保存。", "retired": "模板已停用。"}


@dataclass(frozen=True, slots=True)
class UnitTemplate:
    """A template with the name of its unit."""

    unit: str
    found: TemplateOut


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """Templates in scope. `units` are those the reader may write for."""

    templates: tuple[UnitTemplate, ...]
    units: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    may_write: bool


@get("/desk/cases/templates", guards=[Desk("template", "read")])
async def desk_templates(request: AnyRequest) -> Response[bytes]:
    """TemplatesPage."""
    return await _show(request, notice=DONE.get(parameters_of(request).get("done", [""])[-1], ""))


async def _show(request: AnyRequest, *, status: int = 200, **more: Any) -> Response[bytes]:
    room, subject = room_of(request), caller_of(request).subject
    edition = standing_of(request).edition
    found = await room.read(lambda session: list_templates(session, subject))
    view = TemplatesPage(
        tuple(UnitTemplate(unit_name(edition, one.unit_id), one) for one in found),
        tuple((unit_id, unit_name(edition, unit_id)) for unit_id in _units_of(subject)),
        PLACES,
        works_with(subject, "template", "write"),
    )
    given: dict[str, Any] = {"notice": "", "errors": {}, "typed": {}, **more}
    return private_page(request, "desk/cases_templates.html", view, status=status, **given)


def _units_of(subject: Subject) -> tuple[str, ...]:
    return tuple(sorted({held.unit_id for held in subject.held if held.unit_id is not None}))


@post("/desk/cases/templates", guards=[Desk("template", "write")], status_code=303)
async def write(request: AnyRequest) -> Response[bytes]:
    """Keep a template."""
    form = await form_of(request)
    title, body, unit_id = form.text("title"), form.text("text"), form.text("unit")
    edition = standing_of(request).edition

    def act(work: Work) -> None:
        where = Whereabouts(unit_id, "", "")
        if edition is not None:
            try:
                where = whereabouts(edition, "", unit_id, "")
            except QueryRefused:  # a unit the release does not know; the grant decides all the same
                where = Whereabouts(unit_id, "", "")
        write_template(work, where, title, body)

    return await _run(request, act, "written", {"title": title, "text": body})


@post("/desk/cases/templates/retire", guards=[Desk("template", "write")], status_code=303)
async def retire(request: AnyRequest) -> Response[bytes]:
    """Stop offering a template."""
    template_id = (await form_of(request)).whole("template") or 0
    return await _run(request, lambda work: retire_template(work, template_id), "retired", {})


async def _run(
    request: AnyRequest, act: Callable[[Work], None], done: str, typed: dict[str, str]
) -> Response[bytes]:
    try:
        await room_of(request).write(caller_of(request).acting, act)
    except (InputRefused, Conflict, NotAllowed) as error:
        field = {"body": "text"}.get(error.field, error.field) if isinstance(error, InputRefused) else ""
        status = 409 if isinstance(error, Conflict) else 422 if isinstance(error, InputRefused) else 403
        return await _show(request, status=status, errors={field: str(error)}, typed=typed)
    return see_other(request, f"/desk/cases/templates?done={done}")


DESK_TEMPLATES = [desk_templates, write, retire]
