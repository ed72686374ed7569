"""The file that the writing room hands to the next release: what the release expects, and nobody's name in it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from portal.writing.hand_over import HandedOver, handed_over
from portal.writing.inputs import RatingIn
from portal.writing.ratings import rate
from publishing.intake.participation import PARTICIPATION
from tests.writing.office import ROADS, Office, answered


def test_the_columns_are_those_the_release_reads() -> None:
    assert [field.name for field in fields(HandedOver)] == [column.name for column in PARTICIPATION.columns]


def test_ratings_and_cases_are_handed_over_when_their_quarter_is_over(office: Office) -> None:
    office.citizen("handing")
    with office.work("handing") as work:
        person_key = work.subject.person_key or ""
        rate(work, "P1", ROADS, RatingIn(overall=4, quality=2))
    answered(office)
    with office.database.reading() as session:
        assert list(handed_over(session, office.rules, office.today)) == []
        rating, case = handed_over(session, office.rules, date(2027, 1, 1))
        again = list(handed_over(session, office.rules, date(2027, 4, 1)))
    assert (rating.record, rating.quarter, rating.overall, rating.quality) == ("rating", "2026Q4", 4, 2)
    assert (case.record, case.org_id, case.region_code, case.reply) == (
        "case",
        "U-ROADS",
        "440103",
        "on_time",
    )
    assert [one.record_id for one in again] == [rating.record_id, case.record_id]
    assert person_key
    assert person_key not in repr(again)
