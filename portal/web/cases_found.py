"""Public cases beside search results, asked of the writing room while somebody searches."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from portal.reading.edition import Edition
from portal.reading.finding_cases import FIRST_CASES, FoundCase, FoundCases, case_excerpt, case_title
from portal.web.cases_places import unit_name
from portal.web.writing_room import WritingRoom
from portal.writing.case_counts import count_public
from portal.writing.case_views import CaseFilter, CasePage, list_public, public_page
from portal.writing.database import ReadingSession
from portal.writing.models.words import CASE_KIND_NAMES, STATUS_NAMES

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomCaseFinder:
    """Finds listed public cases in the database, so that one is found at once and gone at once.

    It is called from the thread of the request.
    """

    room: WritingRoom

    def find(
        self, words: str, region: str | None, edition: Edition, *, skip: int = 0, limit: int = FIRST_CASES
    ) -> FoundCases | None:
        """The newest cases that hold all words; None while the database does not answer."""
        wanted = CaseFilter(region_code=region, words=words, only_listed=True, skip=skip, limit=limit)
        try:
            with self.room.database.reading() as session:
                return self._find(session, wanted, edition)
        except SQLAlchemyError:
            _log.warning("cases: the database does not answer, search results are shown without cases")
            return None

    def _find(self, session: ReadingSession, wanted: CaseFilter, edition: Edition) -> FoundCases:
        rules, today = self.room.rules, self.room.by_system().today
        found = list_public(session, rules, today, wanted)
        is_all = not wanted.skip and len(found) < wanted.limit
        total = len(found) if is_all else count_public(session, rules, today, wanted).everything
        pages = [public_page(session, rules, today, case.number) for case in found]
        return FoundCases(wanted.words, total, tuple(_found(page, wanted.words, edition) for page in pages))


def _found(page: CasePage, words: str, edition: Edition) -> FoundCase:
    case = page.case
    return FoundCase(
        number=case.number,
        kind=CASE_KIND_NAMES[case.kind],
        status=STATUS_NAMES[case.status],
        status_code=case.status.value,
        unit=unit_name(edition, case.unit_id),
        received_on=case.received_on,
        title=case_title(case.subject or case.number, words),
        excerpt=case_excerpt([message.text for message in page.messages], words),
    )
