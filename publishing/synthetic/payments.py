"""Payments of a group of lines as one frame: whole columns at a time, in bounded memory.

A group's payments are a function of (seed, group) alone; the day of the hand-over only filters them. So a later
hand-over repeats every earlier payment to the letter and adds what was paid, or recorded late, since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from publishing.synthetic.arrays import Bools, Floats, Hashes, Ints, generator, position_in_run, sums_of_runs
from publishing.synthetic.identities import (
    bank_accounts,
    digits,
    fixed_width_text,
    identity_numbers,
    mobile_numbers,
    person_hashes,
    person_names,
)
from publishing.synthetic.lines import SUBSIDY
from publishing.synthetic.programmes import PURPOSES
from publishing.synthetic.purposes import Texts, build_texts
from publishing.synthetic.suppliers import INDIVIDUAL
from publishing.synthetic.world import World

ROWS_PER_GROUP = 200_000
REFUND_SEQUENCE, CORRECTION_SEQUENCE = 500_000, 700_000
MANY_PAYMENTS = 60
EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive lines of one sort, [first, last), that are generated together."""

    number: int
    first: int
    last: int
    subsidies: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """Payments as arrays: line, month (0-11), serial number, day paid, day recorded, fen, payee, what they undo.

    `payee` is a supplier's number, or for persons the number of the person in the county; `undoes` is a position
    in these rows or -1.
    """

    line: Ints
    month: Ints
    sequence: Ints
    paid: Ints
    recorded: Ints
    fen: Ints
    payee: Ints
    undoes: Ints

    def chosen(self, mask: Bools) -> Rows:
        """Only the rows of a mask; `undoes` still counts in the old rows."""
        return Rows(*(getattr(self, name)[mask] for name in self.__slots__))


def groups_of(world: World) -> Iterator[Group]:
    """Cut the lines into groups of about as many rows as fit comfortably into memory."""
    counts = (world.volume.slots + world.volume.refunds + world.volume.corrections).sum(axis=1)
    subsidies = world.lines.role == SUBSIDY
    number, first, rows = 0, 0, 0
    for line, count in enumerate(counts.tolist()):
        if line > first and (rows + count > ROWS_PER_GROUP or subsidies[line] != subsidies[first]):
            yield Group(number, first, line, bool(subsidies[first]))
            number, first, rows = number + 1, line, 0
        rows += count
    yield Group(number, first, len(counts), bool(subsidies[first]))


class PaymentWriter:
    """Turns groups of lines into frames with the columns of `payments`, as known on the hand-over day."""

    def __init__(self, world: World, as_of: dt.date) -> None:
        self._world = world
        self._as_of = as_of.toordinal() - EPOCH
        self._texts: Texts = build_texts(world)
        self._month_starts = {year: _month_starts(year) for year in range(world.years[0], world.years[1] + 2)}

    def frame(self, group: Group) -> tuple[pl.DataFrame, pl.Series]:
        """The group's payments that are recorded by the day, and the fiscal year of each."""
        rng = generator(self._world.seed, "payments", group.number)
        rows = self._draw(group, rng)
        keep = rows.recorded <= self._as_of
        undone = np.where(rows.undoes >= 0, rows.sequence[rows.undoes], -1)
        undone_month = np.where(rows.undoes >= 0, rows.month[rows.undoes], 0)
        salt = rng.integers(0, 1 << 62, len(rows.line)).astype(np.uint64)
        rows, undone, undone_month, salt = rows.chosen(keep), undone[keep], undone_month[keep], salt[keep]
        year = self._world.lines.year[rows.line]
        columns = self._persons(rows, salt) if group.subsidies else self._bodies(rows, salt)
        frame = pl.DataFrame(
            {
                "payment_id": _payment_ids(year, rows.line, rows.month + 1, rows.sequence),
                "paid_on": pl.Series(rows.paid.astype(np.int32)).cast(pl.Date),
                "line_id": self._texts.line_ids.gather(rows.line),
                "project_id": self._texts.project_ids.gather(rows.line),
                "contract_id": self._texts.contract_ids.gather(rows.line),
                "org_id": self._texts.org_ids.gather(rows.line),
                **columns,
                "reverses": _nullable(_payment_ids(year, rows.line, undone_month + 1, undone), undone >= 0),
            }
        )
        amount = money(rows.fen)
        return frame.insert_column(11, amount.alias("amount")), pl.Series(year)

    # ------------------------------------------------------------ numbers
    def _draw(self, group: Group, rng: np.random.Generator) -> Rows:
        world, part = self._world, slice(group.first, group.last)
        slots, due = world.volume.slots[part].ravel(), world.due_fen[part].ravel()
        cells = np.flatnonzero(slots > 0)
        lengths = slots[cells]
        cell = np.repeat(cells, lengths)
        position = position_in_run(lengths)
        line, month = group.first + cell // 12, cell % 12
        sigma = self._texts.spread[line]
        weights = np.exp(rng.standard_normal(len(cell), dtype=np.float32).astype(np.float64) * sigma)
        fen = _divided(due[cells], lengths, weights, world.unit_fen[group.first + cells // 12])
        starts = self._starts(line, month)
        days_left = self._starts(line, month + 1) - starts - 2
        paid = _weekday(starts + 2 + (rng.random(len(cell)) * days_left).astype(np.int64))
        late = position >= (slots - world.volume.late[part].ravel())[cell]
        lag = world.volume.lag[part].ravel()[cell]
        recorded = np.where(late, self._starts(line, month + lag) + 9, paid)
        payee = self._payees(group, line, month, position, rng)
        base = Rows(line, month, position, paid, recorded, fen, payee, np.full(len(cell), -1))
        return self._with_refunds(base, cell, part, lag, rng)

    def _with_refunds(self, base: Rows, cell: Ints, part: slice, lag: Ints, rng: np.random.Generator) -> Rows:
        refunds = self._world.volume.refunds[part].ravel()[cell]
        corrections = self._world.volume.corrections[part].ravel()[cell]
        refunded = np.flatnonzero(base.sequence < refunds)
        corrected = np.flatnonzero((base.sequence >= refunds) & (base.sequence < refunds + corrections))
        undone = np.concatenate([refunded, corrected])
        late = np.arange(len(undone)) >= len(refunded)
        origin = _taken(base, undone)
        many = self._texts.yearly[origin.line] >= MANY_PAYMENTS
        whole = many & (self._world.lines.role[origin.line] == SUBSIDY) & (rng.random(len(undone)) < 0.6)
        share = np.where(whole, 1.0, rng.uniform(0.03, 0.15, len(undone)))
        fen = -np.maximum(np.floor(origin.fen * share).astype(np.int64), 1)
        next_month = _weekday(self._starts(origin.line, origin.month + 1) + rng.integers(2, 26, len(undone)))
        paid = np.where(late, origin.paid, next_month)
        recorded = np.where(late, self._starts(origin.line, origin.month + lag[undone]) + 9, paid)
        month = np.where(late, origin.month, np.minimum(origin.month + 1, 11))
        sequence = origin.sequence + np.where(late, CORRECTION_SEQUENCE, REFUND_SEQUENCE)
        added = Rows(origin.line, month, sequence, paid, recorded, fen, origin.payee, undone)
        return Rows(*(np.concatenate([getattr(base, name), getattr(added, name)]) for name in base.__slots__))

    def _starts(self, line: Ints, month: Ints) -> Ints:
        """Days since 1970 of the first of a month; month 12 and later belong to the next year."""
        year = self._world.lines.year[line] + month // 12
        table = np.stack([self._month_starts[y] for y in sorted(self._month_starts)])
        return np.asarray(table[year - self._world.years[0], month % 12])

    def _payees(
        self, group: Group, line: Ints, month: Ints, position: Ints, rng: np.random.Generator
    ) -> Ints:
        texts = self._texts
        if not group.subsidies:
            drawn = (rng.random(len(line)) * texts.payee_count[line]).astype(np.int64)
            return np.asarray(texts.payee_start[line] + drawn)
        slots = self._world.volume.slots
        before = np.cumsum(slots, axis=1) - slots
        return np.asarray(
            texts.person_start[line] + (before[line, month] + position) % texts.person_count[line]
        )

    # ------------------------------------------------------------ words
    def _persons(self, rows: Rows, salt: Hashes) -> dict[str, pl.Series]:
        county = self._texts.county[rows.line]
        who = person_hashes(self._world.seed, county, rows.payee)
        name, identity, phone = person_names(who), identity_numbers(who, county), mobile_numbers(who)
        year, month = self._world.lines.year[rows.line], rows.month + 1
        form = (salt % np.uint64(len(PURPOSES))).astype(np.int64)
        parts = [pl.Series([purpose[n] for purpose in PURPOSES]).gather(form) for n in range(5)]
        shows_identity = np.array([bool(purpose[1]) for purpose in PURPOSES])[form]
        shows_phone = np.array([bool(purpose[3]) for purpose in PURPOSES])[form]
        what = self._texts.stems.gather(rows.line)
        words = pl.DataFrame({
            "refund": _either("退回：", "", rows.undoes >= 0), "a": parts[0], "name": name, "b": parts[1],
            "identity": _blank(identity, shows_identity), "c": parts[2], "year": pl.Series(year).cast(pl.String),
            "y": "年", "month": pl.Series(month).cast(pl.String), "m": "月", "what": what, "d": parts[3],
            "phone": _blank(phone, shows_phone), "e": parts[4],
        })  # fmt: skip
        count = len(rows.line)
        return {
            "supplier_id": pl.Series([None], dtype=pl.String).new_from_index(0, count),
            "payee_name": name,
            "payee_kind": pl.Series([INDIVIDUAL]).new_from_index(0, count),
            "payee_account": bank_accounts(who),
            "payee_id_number": identity,
            "purpose": words.select(pl.concat_str(pl.all())).to_series(),
        }

    def _bodies(self, rows: Rows, salt: Hashes) -> dict[str, pl.Series]:
        texts, count = self._texts, len(rows.line)
        contact = salt % np.uint64(25) == 0
        who = person_hashes(self._world.seed, texts.county[rows.line], 20_000_000 + rows.payee)
        words = pl.DataFrame({
            "refund": _either("退回：", "", rows.undoes >= 0),
            "year": pl.Series(self._world.lines.year[rows.line]).cast(pl.String), "y": "年",
            "month": pl.Series(rows.month + 1).cast(pl.String), "m": "月", "what": texts.stems.gather(rows.line),
            "contact": _either("，经办人", "", contact), "name": _blank(person_names(who), contact),
            "phone": _blank(mobile_numbers(who), contact),
        })  # fmt: skip
        return {
            "supplier_id": texts.supplier_ids.gather(rows.payee),
            "payee_name": texts.supplier_names.gather(rows.payee),
            "payee_kind": texts.supplier_kinds.gather(rows.payee),
            "payee_account": texts.supplier_accounts.gather(rows.payee),
            "payee_id_number": pl.Series([None], dtype=pl.String).new_from_index(0, count),
            "purpose": words.select(pl.concat_str(pl.all())).to_series(),
        }

    def irregular_frame(self) -> tuple[pl.DataFrame, pl.Series]:
        """The hand-made payments, as a frame like the others."""
        world, texts = self._world, self._texts
        shown = [p for p in world.irregular if p.paid_on.toordinal() - EPOCH <= self._as_of]
        line = np.array([p.line for p in shown], dtype=np.int64)
        none = len(world.register.suppliers)
        supplier = np.array([p.supplier if p.supplier >= 0 else none for p in shown], dtype=np.int64)
        frame = pl.DataFrame({
            "payment_id": pl.Series([p.payment_id for p in shown], dtype=pl.String),
            "paid_on": pl.Series([p.paid_on for p in shown], dtype=pl.Date),
            "line_id": texts.line_ids.gather(line), "project_id": texts.project_ids.gather(line),
            "contract_id": texts.contract_ids.gather(line), "org_id": texts.org_ids.gather(line),
            "supplier_id": texts.supplier_ids.gather(supplier),
            "payee_name": pl.Series([p.payee_name for p in shown], dtype=pl.String),
            "payee_kind": pl.Series([p.payee_kind for p in shown], dtype=pl.String),
            "payee_account": pl.Series([p.payee_account for p in shown], dtype=pl.String),
            "payee_id_number": pl.Series([p.payee_id_number for p in shown], dtype=pl.String),
            "amount": money(np.array([p.amount_fen for p in shown], dtype=np.int64)),
            "purpose": pl.Series([p.purpose for p in shown], dtype=pl.String),
            "reverses": pl.Series([None] * len(shown), dtype=pl.String),
        })  # fmt: skip
        return frame, pl.Series(world.lines.year[line])


def money(fen: Ints) -> pl.Series:
    """Whole fen as yuan, Decimal(18,2), without ever being a float."""
    words = np.empty((len(fen), 2), dtype=np.int64)
    words[:, 0], words[:, 1] = fen, fen >> 63
    array = pa.Decimal128Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words)])
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)  # noqa: S101 - an array becomes a Series
    return series


def _divided(due: Ints, lengths: Ints, weights: Floats, unit: Ints) -> Ints:
    """Cut each month's money into its payments: at least one unit each, the rest by weight, to the fen."""
    spare = due // unit - lengths
    share = weights / np.repeat(sums_of_runs(weights, lengths), lengths) if len(weights) else weights
    parts = np.floor(share * np.repeat(spare, lengths)).astype(np.int64)
    if len(parts):
        ends = np.cumsum(lengths) - 1
        parts[ends] += spare - np.add.reduceat(parts, ends - lengths + 1)
    return np.asarray((parts + 1) * np.repeat(unit, lengths))


def _month_starts(year: int) -> Ints:
    return np.array([dt.date(year, month, 1).toordinal() - EPOCH for month in range(1, 13)])


def _weekday(days: Ints) -> Ints:
    """Treasuries do not pay on Saturdays and Sundays: the Friday before."""
    return np.asarray(days - np.clip((days + 3) % 7 - 4, 0, None))


def _payment_ids(year: Ints, line: Ints, month: Ints, sequence: Ints) -> pl.Series:
    letters = np.broadcast_to(np.frombuffer(b"ZF", dtype=np.uint8), (len(line), 2))
    number = [digits(year, 4), digits(line, 6), digits(month, 2), digits(np.maximum(sequence, 0), 6)]
    return fixed_width_text(np.concatenate([letters, *number], axis=1))


def _taken(rows: Rows, order: Ints) -> Rows:
    return Rows(*(getattr(rows, name)[order] for name in rows.__slots__))


def _either(yes: str, no: str, condition: Bools) -> pl.Series:
    return pl.Series([no, yes]).gather(condition.astype(np.int64))


def _blank(text: pl.Series, shown: Bools) -> pl.Series:
    return pl.select(pl.when(pl.Series(shown)).then(text).otherwise(pl.lit(""))).to_series()


def _nullable(text: pl.Series, shown: Bools) -> pl.Series:
    return pl.select(pl.when(pl.Series(shown)).then(text)).to_series()
