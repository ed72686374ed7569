"""Irregular payments: single, hand-made rows that a rule should find, added to otherwise orderly lines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from publishing.synthetic.anomalies import GRADES, Anomaly
from publishing.synthetic.arrays import generator
from publishing.synthetic.identities import bank_accounts, identity_numbers, person_hashes, person_names
from publishing.synthetic.lines import GENERAL, NOBODY, UNBUDGETED, Line, Lines
from publishing.synthetic.place_names import BRAND_FIRST, BRAND_SECOND
from publishing.synthetic.suppliers import COMPANY, INDIVIDUAL, Register
from publishing.synthetic.units import Unit

APPROVAL_LIMIT_FEN = 50_000_000
FIRST_SEQUENCE = 900_000
SPLIT_ECONOMICS = {"50201", "50205", "50299", "50203", "50209", "50306"}
LATEST_MONTH = 9


@dataclass(frozen=True, slots=True)
class IrregularPayment:
    """One added payment; `supplier` -1 means that the payee is in no register."""

    payment_id: str
    line: int
    paid_on: dt.date
    amount_fen: int
    supplier: int
    payee_name: str
    payee_kind: str
    payee_account: str
    payee_id_number: str | None
    purpose: str


@dataclass(slots=True)
class _Book:
    """Adds payments and remembers how much each line was burdened with."""

    lines: Lines
    register: Register
    payments: list[IrregularPayment]

    def pay(self, line: int, day: dt.date, amount_fen: int, supplier: int, purpose: str) -> str:
        payee = self.register.suppliers[supplier]
        return self.pay_to(
            line, day, amount_fen, supplier, (payee.name, payee.kind, payee.account, None), purpose
        )

    def pay_to(
        self,
        line: int,
        day: dt.date,
        amount_fen: int,
        supplier: int,
        payee: tuple[str, str, str, str | None],
        purpose: str,
    ) -> str:
        sequence = FIRST_SEQUENCE + len(self.payments)
        payment_id = payment_number(int(self.lines.year[line]), line, day.month, sequence)
        self.payments.append(IrregularPayment(payment_id, line, day, amount_fen, supplier, *payee, purpose))
        return payment_id


def payment_number(year: int, line: int, month: int, sequence: int) -> str:
    """`ZF`, year, number of the line, month and serial number: stable from hand-over to hand-over."""
    return f"ZF{year}{line:06d}{month:02d}{sequence:06d}"


def unbudgeted_lines(units: tuple[Unit, ...], seed: int, years: tuple[int, int], count: int) -> list[Line]:
    """Items on which money was spent although no budget was ever approved for them."""
    rng = generator(seed, "unbudgeted lines")
    lines = []
    for number in range(count):
        unit = int(rng.integers(40, len(units)))
        item = units[unit].spending[0]
        year = years[1] - number % (years[1] - years[0] + 1)
        template = Line(
            year, unit, -1, -1, item.function, "50299", "general", UNBUDGETED, 0, 1, NOBODY, -1, 0, ""
        )
        lines.append(template)
    return lines


def plant_payments(
    lines: Lines, units: tuple[Unit, ...], register: Register, seed: int, per_kind: int
) -> tuple[list[Anomaly], list[IrregularPayment]]:
    """Split payments, strangers to the register, money passed on at once, and spending without a budget."""
    rng = generator(seed, "irregular payments")
    book = _Book(lines, register, [])
    unbudgeted = np.flatnonzero(lines.role == UNBUDGETED).tolist()
    buying = [row for row in _general(lines, 3_000_000_000) if lines.rows[row].economic in SPLIT_ECONOMICS]
    rng.shuffle(buying)
    anomalies = [
        *(_without_budget(book, row, units, rng) for row in unbudgeted),
        *(_split(book, row, rng) for row in buying[:per_kind]),
        *(_unregistered(book, row, units, rng, seed) for row in buying[per_kind : 2 * per_kind]),
        *_scattered(book, units, rng, seed, per_kind),
    ]
    return anomalies, book.payments


def _general(lines: Lines, smallest_fen: int) -> list[int]:
    return np.flatnonzero((lines.role == GENERAL) & (lines.budget_fen >= smallest_fen)).tolist()


def _day(year: int, rng: np.random.Generator) -> dt.date:
    """A day early enough for a fortnight after it to end in the same month."""
    day = dt.date(year, int(rng.integers(2, LATEST_MONTH + 1)), int(rng.integers(3, 14)))
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _without_budget(book: _Book, row: int, units: tuple[Unit, ...], rng: np.random.Generator) -> Anomaly:
    line = book.lines.rows[row]
    pool = book.register.pool(units[line.unit].region, "supply")
    day = _day(line.year, rng)
    paid = tuple(
        book.pay(row, day + dt.timedelta(days=7 * n), int(rng.integers(300, 4_800)) * 10_000,
                 pool.start + int(rng.integers(pool.count)), f"{day.year}年{day.month}月追加采购款")
        for n in range(int(rng.integers(1, 3)))
    )  # fmt: skip
    kind = "payment_without_budget"
    return Anomaly(kind, GRADES[kind], line.year, day.month, row, "调整预算为零的项目发生支付", payments=paid)


def _split(book: _Book, row: int, rng: np.random.Generator) -> Anomaly:
    line = book.lines.rows[row]
    supplier = line.payees.start + int(rng.integers(line.payees.count))
    day, count = _day(line.year, rng), int(rng.integers(4, 7))
    paid = tuple(
        book.pay(row, _weekday(day, n), APPROVAL_LIMIT_FEN - int(rng.integers(1, 300)) * 10_000, supplier,
                 f"采购款（{n + 1}/{count}）")
        for n in range(count)
    )  # fmt: skip
    kind = "split_payments"
    evidence = f"一周内向同一收款人支付{count}笔，每笔略低于50万元审批限额"
    return Anomaly(kind, GRADES[kind], line.year, day.month, row, evidence, supplier, payments=paid)


def _weekday(day: dt.date, later: int) -> dt.date:
    moved = day + dt.timedelta(days=later)
    return moved + dt.timedelta(days=2) if moved.weekday() > 4 else moved


def _unregistered(
    book: _Book, row: int, units: tuple[Unit, ...], rng: np.random.Generator, seed: int
) -> Anomaly:
    line = book.lines.rows[row]
    brand = BRAND_FIRST[rng.integers(len(BRAND_FIRST))] + BRAND_SECOND[rng.integers(len(BRAND_SECOND))]
    name = f"{units[line.unit].region.name}{brand}咨询服务部"
    account = bank_accounts(person_hashes(seed, np.array([999998]), np.array([row])))[0]
    day = _day(line.year, rng)
    paid = tuple(
        book.pay_to(row, _weekday(day, 2 * n), int(rng.integers(600, 3_900)) * 10_000, -1,
                    (name, COMPANY, account, None), "咨询服务费")
        for n in range(int(rng.integers(1, 4)))
    )  # fmt: skip
    kind = "payee_not_registered"
    return Anomaly(
        kind, GRADES[kind], line.year, day.month, row, f"收款人“{name}”不在供应商库", payments=paid
    )


def _scattered(
    book: _Book, units: tuple[Unit, ...], rng: np.random.Generator, seed: int, per_kind: int
) -> list[Anomaly]:
    """A unit receives a large sum and pays nearly all of it out to a dozen payees within ten days."""
    rich = _general(book.lines, 40_000_000_000)
    givers = [row for row in rich if units[book.lines.rows[row].unit].region.level == "province"]
    takers = [row for row in rich if units[book.lines.rows[row].unit].region.level == "city"]
    rng.shuffle(takers)
    anomalies = []
    for taker in takers[:per_kind]:
        line = book.lines.rows[taker]
        giver = next(row for row in givers if book.lines.rows[row].year == line.year)
        supplier = book.register.pool(units[line.unit].region, f"unit {line.unit}").start
        day, amount = _day(line.year, rng), int(rng.integers(400, 900)) * 1_000_000
        received = book.pay(giver, day, amount, supplier, "拨付专项工作经费")
        parts = (rng.dirichlet(np.full(14, 12.0)) * amount * 0.96 / 10_000).astype(np.int64) * 10_000
        passed = [
            _pass_on(book, taker, _weekday(day, 1 + n // 2), int(part), n, seed)
            for n, part in enumerate(parts)
        ]
        kind = "received_and_scattered"
        evidence = f"收到{amount / 1_000_000:.0f}万元后10日内分14笔转出96%"
        anomalies.append(
            Anomaly(kind, GRADES[kind], line.year, day.month, taker, evidence, supplier,
                    payments=(received, *passed), more_lines=(giver,))
        )  # fmt: skip
    return anomalies


def _pass_on(book: _Book, row: int, day: dt.date, amount_fen: int, number: int, seed: int) -> str:
    line = book.lines.rows[row]
    if number % 2:
        start = book.register.pools[f"{line.county}"[:4] + "00", "grant"].start
        return book.pay(row, day, amount_fen, start + number // 2, "转拨工作经费")
    county = np.array([line.county])
    person = person_hashes(seed, county, np.array([10_000_000 + row * 100 + number]))
    payee = (
        person_names(person)[0],
        INDIVIDUAL,
        bank_accounts(person)[0],
        identity_numbers(person, county)[0],
    )
    return book.pay_to(row, day, amount_fen, -1, payee, f"转付{payee[0]}劳务费")
