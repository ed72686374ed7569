"""What people say about a project: ratings with their interval, the form for one's own, and the cases about it.

A page of its own, so that the page of the project is the same for everybody, can be kept, and needs no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath

from portal.reading.errors import NotInRelease
from portal.reading.project_page import nearest_projects
from portal.reading.satisfaction import NOTHING, Rated, Score, quarters_of, ranked, rated
from portal.web.asking import edition_of, parameters_of, printable
from portal.web.cases_limits import RATING, count
from portal.web.cases_places import is_project, project_name, whereabouts
from portal.web.cases_views import CaseLine, case_line
from portal.web.cases_words import STARS_WORDS
from portal.web.guarding import Needs
from portal.web.private_pages import Form, form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Subject, Work
from portal.writing.case_counts import CaseCounts, count_public
from portal.writing.case_views import CaseFilter, list_public
from portal.writing.database import ReadingSession
from portal.writing.errors import AlreadyDone, Conflict, InputRefused, NotAllowed, Stale, TooMany
from portal.writing.inputs import RatingIn
from portal.writing.permissions import Row, allows
from portal.writing.ratings import (
    DIMENSION_NAMES,
    DIMENSIONS,
    OwnRating,
    change_rating,
    own_rating,
    rate,
)

SHOWN_CASES = 10
SHOWN_PROJECTS = 50
DONE = {
    "rated": "谢谢，您的评分已记下；季度结束以后，随下一次发布计入公布的结果。可以随时修改。",
    "changed": "您的评分已修改；公布的结果随下一次发布更新。",
}


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """Ratings and cases of one project. `may_rate` says whether this person may; `own` is what they gave.

    scores    by aspect, as the release tells them; `rated` is None when it has nothing about this project
    """

    project_id: str
    project: str
    scores: tuple[tuple[str, Score], ...]
    rated: Rated | None
    cases: tuple[CaseLine, ...]
    counts: CaseCounts
    corrected: tuple[CaseLine, ...]
    own: OwnRating | None
    is_signed_in: bool
    may_rate: bool
    stars: Mapping[int, str]
    dimensions: Mapping[str, str]
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    notice: str


@dataclass(frozen=True, slots=True)
class RatingsPage:
    """Satisfaction over regions, units and projects as the release tells it; what is withheld is only counted."""

    everything: Rated | None
    quarters: tuple[str, ...]
    regions: tuple[Rated, ...]
    units: tuple[Rated, ...]
    projects: tuple[Rated, ...]
    withheld_units: int
    withheld_projects: int


@get("/projects/{project_id:str}/voices", guards=[Needs("rating", "read")])
async def voices(request: AnyRequest, project_id: FromPath[str]) -> Response[bytes]:
    """VoicesPage."""
    done = parameters_of(request).get("done", [""])[-1]
    return await _show(request, project_id, notice=DONE.get(done, ""))


async def _show(
    request: AnyRequest,
    project_id: str,
    *,
    notice: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    _known(request, project_id)
    room, acting, edition = room_of(request), caller_of(request).acting, edition_of(request)
    of_project = CaseFilter(project_id=project_id, limit=100)
    found = rated(edition, "project").get(project_id)
    scores = tuple(zip(DIMENSION_NAMES.values(), found.scores if found else NOTHING, strict=True))

    def read(session: ReadingSession) -> VoicesPage:
        lines = tuple(
            case_line(case, edition) for case in list_public(session, room.rules, acting.today, of_project)
        )
        return VoicesPage(
            project_id,
            project_name(edition, project_id),
            scores,
            found,
            lines[:SHOWN_CASES],
            count_public(session, room.rules, acting.today, of_project),
            tuple(line for line in lines if line.corrected_in),
            own_rating(session, acting.subject, project_id) if acting.subject.person_key else None,
            acting.subject.account_id is not None,
            _may_rate(acting.subject),
            STARS_WORDS,
            DIMENSION_NAMES,
            typed or {},
            errors or {},
            notice,
        )

    return private_page(request, "cases/voices.html", await room.read(read), status=status)


def _known(request: AnyRequest, project_id: str) -> None:
    edition = edition_of(request)
    if not is_project(edition, project_id):
        raise NotInRelease(
            f"没有编号为 {printable(project_id)} 的公开项目。", nearest_projects(edition, project_id)
        )


def _may_rate(subject: Subject) -> bool:
    own = Row(owner_id=subject.account_id)
    return subject.person_key is not None and allows(subject, "rating", "rate", own)


@post("/projects/{project_id:str}/voices", guards=[Needs("rating", "rate")], status_code=303)
async def give_rating(request: AnyRequest, project_id: FromPath[str]) -> Response[bytes]:
    """Rate, or change one's rating; the page again when something is wrong."""
    _known(request, project_id)
    sent, room, caller = await form_of(request), room_of(request), caller_of(request)
    where = whereabouts(edition_of(request), project_id, "", "")

    def act(work: Work) -> str:
        count(work, RATING)
        wanted, version = _wanted(sent), sent.whole("version")
        if version is None:
            rate(work, project_id, where, wanted)
            return "rated"
        change_rating(work, project_id, wanted, version)
        return "changed"

    try:
        done = await room.write(caller.acting, act)
    except (InputRefused, Conflict, NotAllowed, TooMany) as error:
        typed = {name: sent.text(name) for name in DIMENSIONS if sent.text(name)}
        status = _status_of(error)
        said = {"": _said(error)}
        return await _show(request, project_id, typed=typed, errors=said, status=status)
    return see_other(request, f"/projects/{project_id}/voices?done={done}")


def _wanted(sent: Form) -> RatingIn:
    """The rating of a form. Raises: InputRefused."""
    given = {name: sent.whole(name) for name in DIMENSIONS}
    if given["overall"] is None:
        raise InputRefused("overall", "请给“总体满意”打分，其余可以不打。")
    if any(star is not None and not 1 <= star <= 5 for star in given.values()):
        raise InputRefused("overall", "评分为 1 至 5 分。")
    return RatingIn.model_validate(given)


def _said(error: Exception) -> str:
    if isinstance(error, AlreadyDone):
        return "您已经评过这个项目，没有重复计入；下面是原来的评分，可以修改。"
    if isinstance(error, Stale):
        return "您的评分已在别处改过，下面是现在的评分；要改请再提交一次。"
    return str(error)


def _status_of(error: Exception) -> int:
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, NotAllowed):
        return 403
    return 409 if isinstance(error, Conflict) else 422


@get("/ratings", guards=[Needs("rating", "read")])
async def ratings(request: AnyRequest) -> Response[bytes]:
    """RatingsPage."""
    edition = edition_of(request)
    regions, units, projects = (rated(edition, kind) for kind in ("region", "organisation", "project"))
    root = edition.places.root
    shown_units = sorted((one for one in units.values() if one.overall.is_shown), key=lambda one: one.name)
    best = ranked(projects)
    view = RatingsPage(
        regions.get(root.code) if root else None,
        quarters_of(edition),
        tuple(one for code, one in regions.items() if edition.places.get(code) is not None),
        tuple(shown_units),
        best[:SHOWN_PROJECTS],
        len(units) - len(shown_units),
        len(projects) - len(best),
    )
    return private_page(request, "cases/ratings.html", view)


RATINGS = [voices, give_rating, ratings]
