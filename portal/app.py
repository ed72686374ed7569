"""The composition root: settings -> release store -> library -> pages -> Litestar -> doorway. Nothing else constructs.

Reading pages show the public release store on every surface. The public surface opens nothing else: no database, no
internal store, and the modules that would are not even loaded. `portal.rooms` adds what people write.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ASGIApp

from portal.reading.ahead import begin_working_ahead, settle
from portal.reading.edition import Edition
from portal.reading.finders import finder_of
from portal.reading.library import Library
from portal.reading.rehearsal import rehearse
from portal.reading.shelf import Shelf
from portal.settings import Settings, Surface
from portal.surfaces import refuse_unguarded
from portal.web.api_v1 import API
from portal.web.cache import AnswerCache
from portal.web.catalogues import CATALOGUES
from portal.web.charts import CHARTS
from portal.web.closed import CLOSED
from portal.web.doorway import Doorway
from portal.web.downloads import DOWNLOADS
from portal.web.errors import answer_error
from portal.web.feeds import releases_feed
from portal.web.finding import FINDING_API, FINDING_PAGES
from portal.web.journal import Journal
from portal.web.limits import Limits
from portal.web.openapi import openapi
from portal.web.pages import TEMPLATES, Pages, Site
from portal.web.public import PAGES
from portal.web.saved import SAVED
from portal.web.service import SERVICE
from portal.web.sharing import SHARING
from portal.web.shortcut import shortcut_of
from portal.web.speaking import Spoken
from portal.web.static import StaticFiles
from publishing.release.store import ReleaseStore

if TYPE_CHECKING:  # the public surface must not load it
    from portal.web.writing_room import WritingRoom


def build_app(
    settings: Settings,
    surface: Surface | None = None,
    *,
    room: WritingRoom | None = None,
    journal: Journal | None = None,
) -> ASGIApp:
    """The ASGI application of one surface.

    `room`: the writing room, when it is open already; `journal`: the access log.
    """
    surface = surface or settings.surface
    site = build_site(settings, surface)
    rooms = build_rooms(settings, surface, room)
    aside = [found for found in (rooms.state.get("caretaker"), journal) if found is not None]
    application = Litestar(
        route_handlers=[*READING, *rooms.handlers],
        exception_handlers={Exception: answer_error},
        openapi_config=None,
        logging_config=None,
        state=State({"site": site, **rooms.state}),
        on_startup=[partial(begin_working_ahead, site.library), *(found.start for found in aside)],
        on_shutdown=[found.stop for found in aside],
    )
    cache = AnswerCache(settings.cache_octets)
    shortcut = shortcut_of(settings.base_url, cache)
    return Doorway(Spoken(application), site.library, cache, site.limits, shortcut, journal)


def build_site(settings: Settings, surface: Surface) -> Site:
    """What the web layer works with."""
    indexes = settings.home / "search"

    def prepare(edition: Edition) -> None:
        rehearse(edition)
        finder_of(edition, indexes)  # opens the index now rather than for the first who searches

    library = Library(Shelf(ReleaseStore(settings.home / "public")), prepare)
    static, pages = _look()
    return Site(
        settings,
        library,
        pages,
        static,
        Limits(settings),
        has_rooms=surface != "public",
        takes_part=surface == "both",
    )


@cache
def _look() -> tuple[StaticFiles, Pages]:
    """Style, script and compiled templates: the same for every application of a process, and slow to make."""
    static = StaticFiles(TEMPLATES / "static")
    return static, Pages(static)


READING: tuple[Any, ...] = (
    *PAGES,
    *FINDING_PAGES,
    *CHARTS,
    *SHARING,
    *API,
    *FINDING_API,
    *SAVED,
    *CATALOGUES,
    *DOWNLOADS,
    openapi,
    releases_feed,
    *SERVICE,
)
"""The routes that only read releases: the same on every surface."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """The routes of what people write, and what their application must know."""

    handlers: tuple[Any, ...]
    state: dict[str, Any]


def build_rooms(settings: Settings, surface: Surface, room: WritingRoom | None = None) -> Rooms:
    """The rooms of a surface. On the public one there is a page that says where else to ask, and nothing is opened."""
    if surface == "public":
        return Rooms((*CLOSED,), {})
    from portal import rooms  # noqa: PLC0415 - the public surface must not load the database

    refuse_unguarded(settings, surface)
    return Rooms(rooms.handlers_of(surface, READING), rooms.state_of(settings, surface, room))


def from_environment() -> ASGIApp:
    """The application as the environment describes it: what every worker process of `serve` calls."""
    settings = Settings.read()
    app = build_app(settings, journal=Journal.of(settings.access_log, settings.home))
    settle()
    return app
