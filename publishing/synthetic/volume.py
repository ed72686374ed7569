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
LATE_SHARE, REFUND_SHARE, CORRECTION_SHARE = 0.004, 0.006, 0.0012
FEWEST_PER_PROGRAMME = 6
PAYMENTS_PER_PROGRAMME_YEAR = 24
MONTHS_PER_LINE = 12


@dataclass(frozen=True, slots=True)
class Targets:
    """Visible payments wanted per kind of line, and how many lines of the elastic kinds there are a year."""

    general: int
    project: int
    general_lines: int
    subsidy_lines: int


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


def targets(payments: int, years: tuple[int, int], units: int, programmes: int) -> Targets:
    """Small worlds spend their payments on having every line at all, large ones on subsidies to persons."""
    span = years[1] - years[0] + 0.83
    project = int(min(0.34 * payments, 0.06 * payments + 60_000))
    general = int(min(0.36 * payments, 0.10 * payments + 100_000))
    fewest = round(units * min(1.0, 0.35 + payments / 40_000 * min(1.0, 6 / (span + 0.17))))
    general_lines = max(fewest, int(general / span / MONTHS_PER_LINE))
    subsidy = payments - project - general
    subsidy_lines = min(programmes, max(30, int(subsidy / span / PAYMENTS_PER_PROGRAMME_YEAR)))
    return Targets(general, project, general_lines, subsidy_lines)


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
    _settle(volume, subsidies, months, total - _recorded(volume, months, sizing))
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
    weights = active * rng.lognormal(0.0, 0.05, len(rows))
    counts = 1 + share_out(max(0, round(target / seen) - len(rows)), weights)
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
    rate = max(0.0, left - FEWEST_PER_PROGRAMME * float((seen * sparse).sum())) / float(
        (weights * seen).sum()
    )
    counts = np.maximum(np.rint(weights * rate), FEWEST_PER_PROGRAMME)
    slots = np.floor(counts[:, None] * reached + rng.random((len(rows), 1)))
    return np.diff(slots, axis=1, prepend=0.0).astype(np.int64)


def _with_exceptions(
    slots: Ints, quiet: Bools, rng: np.random.Generator, done: Volume | None = None
) -> Volume:
    """Draw late records, refunds and corrections for all lines but the quiet ones; keep those already `done`."""

    def draw(share: float) -> Ints:
        drawn = np.floor(slots * share + rng.random(slots.shape)).astype(np.int64)
        return np.where(quiet[:, None], 0, drawn)

    late, refunds, corrections = draw(LATE_SHARE), draw(REFUND_SHARE), draw(CORRECTION_SHARE)
    refunds[:, 11] = 0
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


def _settle(volume: Volume, rows: Ints, months: Ints, missing: int) -> None:
    """Add or take away single subsidy payments until the total is exact."""
    seen = np.flatnonzero(months[rows, 5] <= months.max())
    places = [(row, month) for month in (4, 5, 6, 7, 3, 2) for row in rows[seen].tolist()]
    step = 1 if missing > 0 else -1
    while missing:
        before = missing
        for row, month in places:
            spare = volume.slots[row, month] - (volume.late + volume.refunds + volume.corrections)[row, month]
            if missing and (step > 0 or spare > 1):
                volume.slots[row, month] += step
                missing -= step
        if missing == before:
            return
