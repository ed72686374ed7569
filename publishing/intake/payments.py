"""Payments, batch by batch: checked, coded, staged and hashed in bounded memory.

The staged file is made for grouping (see `STAGED_PAYMENTS`); what a payment was for, and names, accounts and ID
numbers of payees, do not enter it. A batch is hashed and written in the background while the next one is checked.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

from publishing.intake.digest import SpilledDigest
from publishing.intake.lookups import PaymentLookups
from publishing.intake.report import ReportBuilder
from publishing.intake.row_rules import fiscal_year
from publishing.intake.schema import Table
from publishing.intake.table_rows import yuan_text
from publishing.intake.tables_spending import PAYEE_KINDS
from publishing.intake.values import TypedBatch

STAGED_PAYMENTS: dict[str, type[pl.DataType]] = {
    "payment_id": pl.String,
    "paid_on": pl.Date,
    "line_ix": pl.UInt32,
    "project_ix": pl.UInt32,
    "contract_ix": pl.UInt32,
    "supplier_ix": pl.UInt32,
    "org_ix": pl.UInt32,
    "payee_key": pl.UInt64,
    "payee_kind": pl.UInt8,
    "amount_fen": pl.Int64,
    "reverses": pl.String,
}

_REFERENCES = {
    "line_id": ("line_ix", "budget_lines"),
    "project_id": ("project_ix", "projects"),
    "contract_id": ("contract_ix", "contracts"),
    "supplier_id": ("supplier_ix", "suppliers"),
    "org_id": ("org_ix", "organisations"),
}
_INDIVIDUAL = PAYEE_KINDS.index("individual")
_MOST_NAMES_HELD = 1_000_000
_WORK_OF_A_BATCH = 2
"""Writing it and hashing it, at the same time."""


@dataclass(frozen=True)
class RowRule:
    """A rule inside one payment and what it points at; `column` is where to look in the file."""

    rule: str
    column: str
    is_broken: pl.Expr


def payment_rules(as_of: date | None, first_month: int) -> tuple[RowRule, ...]:
    """Rules inside one payment and what it points at, over the columns that `_with_facts` joins."""
    amount, reverses = pl.col("amount_fen"), pl.col("reverses")
    is_individual = pl.col("payee_kind") == _INDIVIDUAL
    supplier = pl.col("supplier_ix")
    rules = (
        RowRule("payment_zero", "amount", amount == 0),
        RowRule("refund_without_reverses", "reverses", (amount < 0) & reverses.is_null()),
        RowRule("refund_not_negative", "amount", (amount >= 0) & reverses.is_not_null()),
        RowRule("refund_of_itself", "reverses", reverses == pl.col("payment_id")),
        RowRule("individual_with_supplier", "supplier_id", is_individual & supplier.is_not_null()),
        RowRule("payee_not_in_register", "supplier_id", ~is_individual & supplier.is_null()),
        RowRule(
            "payee_kind_differs",
            "payee_kind",
            ~is_individual & (pl.col("payee_kind") != pl.col("supplier_kind")),
        ),
        RowRule(
            "payment_outside_year",
            "paid_on",
            fiscal_year(pl.col("paid_on"), first_month) != pl.col("fiscal_year"),
        ),
        RowRule("payment_before_contract", "paid_on", pl.col("paid_on") < pl.col("signed_on")),
        RowRule(
            "contract_of_other_project", "contract_id", pl.col("project_ix") != pl.col("contract_project_ix")
        ),
        RowRule("contract_of_other_supplier", "supplier_id", supplier != pl.col("contract_supplier_ix")),
        RowRule("line_of_other_project", "project_id", pl.col("project_ix") != pl.col("line_project_ix")),
        RowRule("line_of_other_organisation", "org_id", pl.col("org_ix") != pl.col("line_org_ix")),
    )
    if as_of is None:
        return rules
    return (*rules, RowRule("payment_after_as_of", "paid_on", pl.col("paid_on") > as_of))


class PaymentsIntake:
    """Takes typed batches of payments in file order."""

    def __init__(
        self,
        table: Table,
        file: str,
        staged: Path,
        lookups: PaymentLookups,
        report: ReportBuilder,
        rules: tuple[RowRule, ...],
    ) -> None:
        self._file = file
        self._lookups = lookups
        self._report = report
        self._rules = rules
        self._digest = SpilledDigest(table, staged.parent / "spill")
        self._id_hashes: list[npt.NDArray[np.uint64]] = []
        self._writer = pq.ParquetWriter(
            staged,
            pl.DataFrame(schema=STAGED_PAYMENTS).to_arrow().schema,
            compression={"payment_id": "lz4", "reverses": "lz4"},
            use_dictionary=False,  # the codes are integers already; building dictionaries would cost more than it saves
            write_statistics=False,
        )
        self._background = ThreadPoolExecutor(max_workers=_WORK_OF_A_BATCH)
        self._pending: list[Future[None]] = []
        """What is still to be done with the last batch; batches are written and hashed in their order."""
        self._names: list[pl.Series] = [pl.Series("name", [], dtype=pl.String)]
        self._names_held = 0
        self._rows: list[npt.NDArray[np.int64] | range] = []
        self._expected_row = 2
        self._rows_were_left_out = False
        self.last_paid_on: date | None = None

    def take(self, batch: TypedBatch) -> None:
        """Check, code, stage and hash one batch."""
        frame = batch.frame
        if not frame.height:
            return
        self._remember_rows(batch.rows)
        last = frame.get_column("paid_on").max()
        if isinstance(last, date) and (self.last_paid_on is None or last > self.last_paid_on):
            self.last_paid_on = last
        self._id_hashes.append(frame.get_column("payment_id").hash(0).to_numpy())
        coded = self._coded(frame, batch.rows)
        self._check(frame, coded, batch.rows)
        self._collect_names(frame, coded)
        self._submit(frame, coded.select(*STAGED_PAYMENTS))

    def _remember_rows(self, rows: npt.NDArray[np.int64]) -> None:
        first, last = int(rows[0]), int(rows[-1])
        counts_up = last - first == len(rows) - 1
        self._rows_were_left_out |= first != self._expected_row or not counts_up
        self._expected_row = last + 1
        self._rows.append(range(first, last + 1) if counts_up else rows)

    def row_numbers(self) -> npt.NDArray[np.int64] | None:
        """Row numbers in the file of the staged rows; None when they simply count up from 2."""
        if not self._rows_were_left_out:
            return None
        return np.concatenate([np.asarray(rows, dtype=np.int64) for rows in self._rows])

    def _submit(self, frame: pl.DataFrame, staged: pl.DataFrame) -> None:
        self._finish_pending()
        self._pending = [
            self._background.submit(self._write, staged),
            self._background.submit(self._digest.update, frame),
        ]

    def _finish_pending(self) -> None:
        for work in self._pending:
            work.result()

    def _write(self, staged: pl.DataFrame) -> None:
        self._writer.write_table(staged.to_arrow(), row_group_size=staged.height or None)

    def _coded(self, frame: pl.DataFrame, rows: npt.NDArray[np.int64]) -> pl.DataFrame:
        positions: list[pl.Series] = []
        for column, (coded, target) in _REFERENCES.items():
            values = frame.get_column(column)
            position = self._lookups.lists[column].positions(values).alias(coded)
            if position.null_count() > values.null_count() and target not in self._lookups.cut_short:
                wrong = (position.is_null() & values.is_not_null()).arg_true()
                self._report.add_rows(
                    "reference_broken",
                    self._file,
                    rows=pl.Series(rows[wrong.to_numpy()]),
                    column=column,
                    values=values.gather(wrong),
                    detail=f"{target} 表没有此代码 (not in {target})",
                )
            positions.append(position)
        kinds = frame.get_column("payee_kind").cast(pl.Enum(PAYEE_KINDS)).to_physical().cast(pl.UInt8)
        return frame.with_columns(*positions, kinds.alias("payee_kind"), _payee_keys(frame))

    def _check(self, frame: pl.DataFrame, coded: pl.DataFrame, rows: npt.NDArray[np.int64]) -> None:
        facts = self._with_facts(coded)
        broken = facts.lazy().select(rule.is_broken.any().alias(rule.rule) for rule in self._rules).collect()
        for rule in self._rules:
            if not broken[rule.rule][0]:
                continue
            wrong = facts.select(rule.is_broken.fill_null(value=False)).to_series().arg_true()
            staged = "amount_fen" if rule.column == "amount" else rule.column
            values = frame.get_column(staged).gather(wrong)
            self._report.add_rows(
                rule.rule,
                self._file,
                rows=pl.Series(rows[wrong.to_numpy()]),
                column=rule.column,
                values=yuan_text(values) if staged == "amount_fen" else values,
            )

    def _with_facts(self, coded: pl.DataFrame) -> pl.DataFrame:
        """Beside each payment what is known about its line, contract and supplier."""
        joined: list[pl.Series] = []
        for table, position, columns in (
            (self._lookups.lines, "line_ix", ("fiscal_year", "line_project_ix", "line_org_ix")),
            (
                self._lookups.contracts,
                "contract_ix",
                ("signed_on", "contract_project_ix", "contract_supplier_ix"),
            ),
            (self._lookups.suppliers, "supplier_ix", ("supplier_kind",)),
        ):
            where = coded.get_column(position)
            for column in columns:
                facts = table.get_column(column)
                if facts.is_empty():
                    joined.append(pl.Series(column, [None], dtype=facts.dtype).new_from_index(0, where.len()))
                else:
                    joined.append(facts.gather(where))
        return coded.with_columns(joined)

    def _collect_names(self, frame: pl.DataFrame, coded: pl.DataFrame) -> None:
        """Distinct names of natural persons, for the text scrubber only."""
        is_person = coded.get_column("payee_kind") == _INDIVIDUAL
        names = frame.get_column("payee_name").filter(is_person.fill_null(value=False)).unique().alias("name")
        self._names.append(names)
        self._names_held += names.len()
        if self._names_held > _MOST_NAMES_HELD:
            self._names = [pl.concat(self._names).unique()]
            self._names_held = self._names[0].len() // 2

    def possible_repeats(self) -> pl.Series:
        """Hashes (seed 0) of payment ids that may stand more than once; empty when no id repeats."""
        hashes = np.concatenate([np.empty(0, dtype=np.uint64), *self._id_hashes])
        hashes.sort()
        return pl.Series("hash", np.unique(hashes[1:][hashes[1:] == hashes[:-1]]), dtype=pl.UInt64)

    def person_names(self) -> pl.DataFrame:
        """All distinct names seen, sorted."""
        return pl.concat(self._names).drop_nulls().unique().sort().to_frame()

    def close(self) -> None:
        """Wait for the background work and finish the staged file."""
        try:
            self._finish_pending()
        finally:
            self._background.shutdown()
            self._writer.close()

    @property
    def digest(self) -> SpilledDigest:
        """Complete after `close`."""
        return self._digest


def _payee_keys(frame: pl.DataFrame) -> pl.Series:
    """Who is paid, as one u64: the supplier, else the ID number, else account and name.

    Keys live inside one build only (the hash may change between polars versions); each kind of
    identity has its own seed, so that a supplier's id never meets a person's number.
    """
    supplier, number = frame.get_column("supplier_id"), frame.get_column("payee_id_number")
    account = frame.get_column("payee_account").hash(3).to_numpy()
    name = frame.get_column("payee_name").hash(4).to_numpy()
    keys = account * np.uint64(0x9E3779B97F4A7C15) + name  # wraps on purpose
    keys = np.where(number.is_not_null().to_numpy(), number.hash(2).to_numpy(), keys)
    keys = np.where(supplier.is_not_null().to_numpy(), supplier.hash(1).to_numpy(), keys)
    return pl.Series("payee_key", keys)
