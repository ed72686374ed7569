"""Every route of what the public writes, and of the desk that answers, for `portal.rooms`."""

from __future__ import annotations

from typing import Any

from portal.web.cases import READING_CASES
from portal.web.cases_following_up import FOLLOWING_UP
from portal.web.cases_opening import OPENING
from portal.web.desk_cases import READING_DESK_CASES
from portal.web.desk_cases_steps import DESK_CASE_STEPS
from portal.web.desk_cases_templates import DESK_TEMPLATES
from portal.web.following import FOLLOWING_ROUTES
from portal.web.following_feeds import FOLLOWING_FEEDS
from portal.web.ratings import RATINGS

TAKING_PART: tuple[Any, ...] = (
    *READING_CASES,
    *OPENING,
    *FOLLOWING_UP,
    *RATINGS,
    *FOLLOWING_ROUTES,
    *FOLLOWING_FEEDS,
)
DESK_CASES: tuple[Any, ...] = (*READING_DESK_CASES, *DESK_CASE_STEPS, *DESK_TEMPLATES)
