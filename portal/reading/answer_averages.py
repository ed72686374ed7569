"""高于全省平均: the average that a reading compares with, computed from published numbers before the reading is run."""

from __future__ import annotations

from dataclasses import replace

from portal.reading.answer_cells import Outcome, Scene, cell_of, single, unavailable
from portal.reading.answer_words import rounded, say
from search.plan import Filter, Operator, Plan

_MARK = "average:"


def with_average(scene: Scene) -> Scene | Outcome:
    """The same scene with the average as a condition on its groups; an outcome when the average is not published."""
    reading = scene.reading
    if not reading.attribute.startswith(_MARK) or reading.base is None:
        return scene
    operator = Operator(reading.attribute.removeprefix(_MARK))
    of_members = bool(reading.base.group_by)
    average, status = _mean(scene, reading.base) if of_members else _whole(scene, reading.base)
    if average is None:
        return unavailable(scene, status, f"{scene.scope}的平均数")
    short = say(average, reading.unit).partition("（")[0]
    condition = Filter(reading.column, operator, (f"{average:f}",))
    settled = replace(
        reading,
        plan=replace(reading.plan, having=(condition,)),
        scope=tuple(f"{part}（{short}）" if part.endswith("平均") else part for part in reading.scope),
        attribute="",
    )
    return replace(scene, reading=settled)


def _whole(scene: Scene, base: Plan) -> tuple[float | None, str]:
    cell = single(scene, base)
    return cell.number, cell.status


def _mean(scene: Scene, base: Plan) -> tuple[float | None, str]:
    """The mean of all members; none when one of them is not published, because the mean would give it away."""
    result = scene.run(replace(base, having=(), order=(), limit=None))
    cells = [cell_of(result, row, scene.reading.column) for row in result.frame.to_dicts()]
    missing = next((cell.status for cell in cells if cell.number is None), "")
    if missing or not cells:
        return None, missing or "absent"
    return rounded(sum(cell.number or 0 for cell in cells) / len(cells), 6), "published"
