"""The routes of what people write, and what they work with. Loaded on the surfaces `internal` and `both` only.

`internal` is for staff: sign-in, the desk, and the public reading pages. `both` adds what citizens do: registering,
asking, rating, following. A route is added to its module's list, which is named in `STAFF_ROUTES` or `PUBLIC_ROUTES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.back_office import BackOffice
from portal.caretaker import Caretaker
from portal.letters import PostOffice
from portal.settings import Settings, Surface
from portal.web.account import ACCOUNT
from portal.web.api_keys import API_KEYS
from portal.web.cases_found import RoomCaseFinder
from portal.web.cases_routes import DESK_CASES, TAKING_PART
from portal.web.desk_accounts import DESK_ACCOUNTS
from portal.web.desk_alerts import DESK_ALERTS
from portal.web.desk_home import DESK_HOME
from portal.web.desk_log import DESK_LOG
from portal.web.desk_releases import DESK_RELEASES
from portal.web.desk_tables import DESK_TABLES
from portal.web.guarding import check_declared
from portal.web.joining import JOINING, LINKS_ROUTES
from portal.web.preview import PREVIEW
from portal.web.provider_pages import PROVIDER_PAGES
from portal.web.signing_in import SIGNING_IN
from portal.web.writing_room import WritingRoom, open_room
from publishing.home import Home

STAFF_ROUTES: tuple[Any, ...] = (
    *SIGNING_IN,
    *ACCOUNT,
    *LINKS_ROUTES,
    *PROVIDER_PAGES,
    *DESK_HOME,
    *DESK_ACCOUNTS,
    *DESK_LOG,
    *DESK_RELEASES,
    *DESK_TABLES,
    *DESK_ALERTS,
    *PREVIEW,
    *DESK_CASES,
)
PUBLIC_ROUTES: tuple[Any, ...] = (
    *API_KEYS,
    *TAKING_PART,
    *JOINING,
)


def handlers_of(surface: Surface, reading: Sequence[Any]) -> tuple[Any, ...]:
    """The routes of a surface with rooms. Raises: UndeclaredRoute."""
    routes = STAFF_ROUTES if surface == "internal" else (*STAFF_ROUTES, *PUBLIC_ROUTES)
    check_declared(routes, reading)
    return routes


def state_of(settings: Settings, surface: Surface, room: WritingRoom | None = None) -> dict[str, Any]:
    """What handlers find in the application's state. `room`: one that is open already, with a clock of its own."""
    opened = room or open_room(settings)
    office = BackOffice(Home(settings.home), opened)
    caretaker = Caretaker(opened, office, PostOffice.of(settings))
    takes_part = surface == "both"
    state = {"room": opened, "office": office, "caretaker": caretaker, "takes_part": takes_part}
    return state | ({"case_finder": RoomCaseFinder(opened)} if takes_part else {})
