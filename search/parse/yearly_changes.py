"""哪一年增幅最大: the year whose change against the year before was the largest or the smallest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import Scene, check_covered, ranked, refuse
from search.parse.timing import make_reading
from search.plan import TIME_COLUMNS, Period
from search.timewords import describe


def is_yearly_change(cube: Cube, meaning: Meaning) -> bool:
    """Whether the change of each year is compared with that of the others."""
    asked = meaning.splits == ("year",) and bool(meaning.change) and bool(meaning.extreme)
    return asked and TIME_COLUMNS.get(cube.dataset) == "fiscal_year" and not (cube.by or cube.several)


def yearly_changes(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The year of the largest change among the years that are over."""
    if meaning.conditions or meaning.baseline is not None or meaning.has("rank", "share") or cube.unit == "%":
        raise refuse(Code.NOT_UNDERSTOOD, "各年的变化一次只能问一个地区、一个科目的金额或产出。")
    period = _years(cube, meaning, scene)
    plan = replace(cube.plan, group_by=("fiscal_year",), period=period)
    by_year = replace(cube, by=("fiscal_year",))
    ordered = ranked(plan, "fiscal_year", descending=False, limit=meaning.top or 1)
    spoken = next((time.period for time in meaning.times if time.period is not None), period)
    reading = make_reading(
        Form.CHANGES, by_year, ordered, None, (f"{describe(spoken)}各年与上一年相比",), meaning
    )
    return replace(
        reading,
        base=plan,
        period=spoken,
        by="fiscal_year",
        attribute="growth" if meaning.change == "growth" else "",
        descending=(meaning.extreme != "least") != meaning.less,
        skip=meaning.skip,
        attempts=(),
    )


def _years(cube: Cube, meaning: Meaning, scene: Scene) -> Period:
    """The years named, else all that are over; the year before the first is needed to compare it with."""
    covered = scene.vocabulary.covered[cube.dataset]
    last = scene.as_of.year if (scene.as_of.month, scene.as_of.day) == (12, 31) else scene.as_of.year - 1
    spoken = [time.period for time in meaning.times if time.period is not None]
    if not spoken:
        return Period(covered.start, date(last, 12, 31))
    if len(spoken) > 1 or not spoken[0].is_whole_years:
        raise refuse(Code.NOT_UNDERSTOOD, "各年的变化请写从哪一年到哪一年，例如“2021年到2025年”。")
    check_covered(spoken[0], covered, scene)
    first = max(spoken[0].start.year - 1, covered.start.year)
    return Period(date(first, 1, 1), date(min(spoken[0].end.year, last), 12, 31))
