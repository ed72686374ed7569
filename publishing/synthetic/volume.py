"""How many payments each line has in each month, so that the package holds exactly as many as were asked for.

The number asked for is what has been recorded by the *sizing day*: 31 October of the last year, or everything when
the hand-over is after February of the following year. It does not depend on the hand-over otherwise, which is why a
later hand-over holds the same payments as an earlier one, and more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from publishing.synthetic.arrays import Bools, Floats, Ints, generator, share_out
from publishing.synthetic.lines import GENERAL, PROJECT, SUBSIDY, Lines
from publishing.synthetic.schedule import Paths, instalments

SIZING_MONTH = 10
LATE_SHARE, REFUND_SHARE, CORRECTION_SHARE = 0.012, 0.006, 0.003
FEWEST_PER_PROGRAMME = 12
PAYMENTS_PER_PROGRAMME_YEAR = 24
FEWEST_SUBSIDY_LINES = 20
MANY_IN_A_MONTH = 10
SETTLING_MONTHS = (4, 5, 6, 7, 3, 2, 8, 1)
MONTHS_PER_LINE = 12.4


@dataclass(frozen=True, slots=True)
class Targets:
    """Visible payments wanted per kind of line, and how many lines of the elastic kinds there are a year."""

    general: int
    project: int
    general_lines: int
    subsidy_lines: int


@dataclass(frozen=True, slots=True)
class FixedLines:
    """What a world of any size has: units, possible subsidy lines, project lines, planted monthly payments."""

    units: int
    programmes: int
    project: int
    planted: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Counts by line and month. Of `slots` payments the last `late` are recorded `lag` months later; the first
    `refunds` are paid back in the following month, the next `corrections` are corrected `lag` months later.
    """

    slots: Ints
    late: Ints
    lag: Ints
    refunds: Ints
    corrections: Ints


def sizing_month_index(years: tuple[int, int], as_of: dt.date) -> int:
    """The last month that counts, numbered from January of the first year."""
    if as_of >= dt.date(years[1] + 1, 3, 1):
        return 12 * (years[1] - years[0] + 2)
    return 12 * (years[1] - years[0]) + SIZING_MONTH - 1


def targets(payments: int, years: tuple[int, int], lines: FixedLines) -> Targets:
    """Small worlds spend their payments on having every line at all, large ones on subsidies to persons."""
    span = years[1] - years[0] + 0.83
    project = max(int(min(0.40 * payments, 0.06 * payments + 60_000)), lines.project)
    fewest_subsidies = int(FEWEST_SUBSIDY_LINES * span * FEWEST_PER_PROGRAMME)
    affordable = payments - project - fewest_subsidies - lines.planted
    general = int(min(0.40 * payments, 0.10 * payments + 100_000, affordable))
    fewest = round(lines.units * min(1.0, 0.2 + payments / 40_000 * 6 / (span + 0.17)))
    general_lines = max(min(fewest, int(general / span)), int(general / span / MONTHS_PER_LINE), 1)
    subsidy = payments - project - general
    subsidy_lines = int(subsidy / span / PAYMENTS_PER_PROGRAMME_YEAR)
    return Targets(
        general, project, general_lines, min(lines.programmes, max(FEWEST_SUBSIDY_LINES, subsidy_lines))
    )


def build_volume(  # noqa: PLR0913, PLR0917
    lines: Lines,
    paths: Paths,
    planted: Bools,
    shares: Floats,
    wanted: Targets,
    total: int,
    sizing: int,
    seed: int,
) -> Volume:
    """Fix all counts; subsidies take what general and project lines leave of `total`.

    `shares` weighs the subsidy lines; `planted` marks lines that need their payments month by month.
    """
    rng = generator(seed, "volume")
    months = _month_indexes(lines)
    slots = np.zeros((len(lines), 12), dtype=np.int64)
    for role, target in ((GENERAL, wanted.general), (PROJECT, wanted.project)):
        _place_regular(
            slots, lines, planted, np.flatnonzero(lines.role == role), target, months <= sizing, rng
        )
    spread = np.diff(paths.spent, axis=1, prepend=0.0) > 1e-9
    slots[planted] = np.where(spread[planted], np.maximum(slots[planted], 1), 0)
    regular = _with_exceptions(slots, planted, rng)
    subsidies = np.flatnonzero(lines.role == SUBSIDY)
    left = total - _recorded(regular, months, sizing)
    slots[subsidies] = _subsidy_slots(lines, paths, subsidies, shares, left, months, sizing, rng)
    volume = _with_exceptions(slots, planted | (lines.role != SUBSIDY), rng, regular)
    complete = subsidies[months[subsidies, max(SETTLING_MONTHS)] <= sizing]
    _settle(volume, complete, total - _recorded(volume, months, sizing))
    return volume


def _month_indexes(lines: Lines) -> Ints:
    first = int(lines.year.min())
    return np.asarray((lines.year[:, None] - first) * 12 + np.arange(12)[None, :])


def _place_regular(
    slots: Ints,
    lines: Lines,
    planted: Bools,
    rows: Ints,
    target: int,
    visible: Bools,
    rng: np.random.Generator,
) -> None:
    active = (13 - lines.starts[rows]).astype(np.float64)
    seen = visible[rows].sum() / 12 / len(rows)
    wanted = round(target / seen)
    # Monthly payments when they can be afforded: gaps of a quarter and lumps of a fifth are alarms.
    at_least = active.astype(np.int64) if wanted >= active.sum() else np.ones(len(rows), dtype=np.int64)
    counts = at_least + share_out(
        max(0, wanted - int(at_least.sum())), active * rng.lognormal(0.0, 0.3, len(rows))
    )
    counts = np.where(planted[rows], np.maximum(counts, 12), counts)
    slots[rows] = instalments(counts, lines.starts[rows], rng.random(len(rows)))


def _subsidy_slots(  # noqa: PLR0913, PLR0917
    lines: Lines, paths: Paths, rows: Ints, shares: Floats, left: int, months: Ints, sizing: int,
    rng: np.random.Generator,
) -> Ints:  # fmt: skip
    reached = paths.spent[rows] / paths.spent[rows, -1:]
    last_seen = np.clip(sizing - months[rows, 0], -1, 11)
    seen = np.where(
        last_seen < 0, 0.0, np.take_along_axis(reached, np.maximum(last_seen, 0)[:, None], 1)[:, 0]
    )
    sparse = np.array([lines.rows[row].sparse for row in rows.tolist()], dtype=bool)
    weights = np.where(sparse, 0.0, shares)
    monthly = int((last_seen + 1).sum())
    rate = max(0.0, left - monthly) / float((weights * seen).sum())
    spread = np.floor((weights * rate)[:, None] * reached + rng.random((len(rows), 1)))
    return 1 + np.diff(spread, axis=1, prepend=0.0).astype(np.int64)


def _with_exceptions(
    slots: Ints, quiet: Bools, rng: np.random.Generator, done: Volume | None = None
) -> Volume:
    """Draw late records, refunds and corrections for all lines but the quiet ones; keep those already `done`."""

    def draw(share: float) -> Ints:
        drawn = np.floor(slots * share + rng.random(slots.shape)).astype(np.int64)
        return np.where(quiet[:, None], 0, drawn)

    late, refunds, corrections = draw(LATE_SHARE), draw(REFUND_SHARE), draw(CORRECTION_SHARE)
    refunds[:, 11] = 0
    # A single December payment that is recorded in the new year would make a whole line look underspent.
    late[:, 11] = np.where(slots[:, 11] >= MANY_IN_A_MONTH, late[:, 11], 0)
    corrections = np.minimum(corrections, slots - np.minimum(slots, late))
    refunds = np.minimum(refunds, slots - np.minimum(slots, late + corrections))
    late = np.minimum(late, slots)
    lag = rng.integers(1, 3, slots.shape)
    if done is not None:
        late, refunds, corrections = late + done.late, refunds + done.refunds, corrections + done.corrections
        lag = np.where(done.slots > 0, done.lag, lag)
    return Volume(slots.copy() if done is None else slots, late, lag, refunds, corrections)


def _recorded(volume: Volume, months: Ints, sizing: int) -> int:
    """How many rows are recorded by the end of the sizing month."""
    on_time = (volume.slots - volume.late)[months <= sizing].sum()
    lagging = (volume.late + volume.corrections)[months + volume.lag <= sizing].sum()
    return int(on_time + lagging + volume.refunds[months + 1 <= sizing].sum())


def _settle(volume: Volume, rows: Ints, missing: int) -> None:
    """Add or take away single subsidy payments until the total is exact; empty no month while others have two."""
    step = 1 if missing > 0 else -1
    taken = volume.late + volume.refunds + volume.corrections
    places = [(row, month) for month in SETTLING_MONTHS for row in rows.tolist()]
    for spared in (1, 0):
        before = 0
        while missing and missing != before:
            before = missing
            for row, month in places:
                bound = int(taken[row, month]) if step < 0 else 0
                if missing and (step > 0 or volume.slots[row, month] - bound > spared):
                    volume.slots[row, month] += step
                    missing -= step
