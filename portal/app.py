"""The composition root: settings -> release store -> library -> pages -> Litestar -> doorway. Nothing else constructs.

The public surface opens the public release store and nothing else: no database, no internal store.
"""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ASGIApp

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
from portal.web.doorway import Doorway
from portal.web.downloads import DOWNLOADS
from portal.web.errors import answer_error
from portal.web.feeds import releases_feed
from portal.web.finding import FINDING_API, FINDING_PAGES
from portal.web.limits import Limits
from portal.web.openapi import openapi
from portal.web.pages import TEMPLATES, Pages, Site
from portal.web.public import PAGES
from portal.web.service import SERVICE
from portal.web.static import StaticFiles
from publishing.release.store import ReleaseStore


def build_app(settings: Settings, surface: Surface | None = None) -> ASGIApp:
    """The ASGI application of one surface."""
    surface = surface or settings.surface
    site = build_site(settings, surface)
    application = Litestar(
        route_handlers=handlers_of(surface),
        exception_handlers={Exception: answer_error},
        openapi_config=None,
        logging_config=None,
        state=State({"site": site}),
    )
    return Doorway(application, site.library, AnswerCache(settings.cache_octets), site.limits)


def build_site(settings: Settings, surface: Surface) -> Site:
    """What the web layer works with. The internal surface alone reads the internal store."""
    folder = "internal" if surface == "internal" else "public"
    indexes = settings.home / "search"

    def prepare(edition: Edition) -> None:
        rehearse(edition)
        finder_of(edition, indexes)  # opens the index now rather than for the first who searches

    library = Library(Shelf(ReleaseStore(settings.home / folder)), prepare)
    static = StaticFiles(TEMPLATES / "static")
    return Site(settings, library, Pages(static), static, Limits(settings))


def handlers_of(surface: Surface) -> list[Any]:
    """The routes of a surface."""
    del surface  # the rooms of officials are added here with what people write
    return [
        *PAGES,
        *FINDING_PAGES,
        *API,
        *FINDING_API,
        *CATALOGUES,
        *DOWNLOADS,
        openapi,
        releases_feed,
        *SERVICE,
    ]


def from_environment() -> ASGIApp:
    """The application as the environment describes it: what every worker process of `serve` calls."""
    settings = Settings.read()
    refuse_unguarded(settings, settings.surface)  # however the process was started
    return build_app(settings)
