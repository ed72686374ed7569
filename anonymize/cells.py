"""Tables with all their totals: checking them, making them, and turning one into a system.

A cell table has one row per cell: one column per dimension with a code of its hierarchy, and

    value i64            the cell's sum, whole units
    contributors i64     distinct protected payees in the cell
    largest i64          the largest payee's sum in the cell
    second i64           the second largest payee's sum
Every total is a row of its own. A combination of codes without a row is a published zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import csgraph

from anonymize.errors import TableError, TableProblem
from anonymize.hierarchy import Hierarchy
from anonymize.rules import PrimaryRules, assess
from anonymize.system import FREE, KNOWN, Insider, Integers, System

MEASURES = ("value", "contributors", "largest", "second")
SOLE_PAYEE = "sole_payee"
"""Optional column: who the only contributor of a cell is, by any name that stays the same from cell to cell."""
SEPARATOR = "|"


@dataclass(frozen=True, eq=False)
class CellTable:
    """A checked cell table.

    name         for messages
    frame        the dimension columns and MEASURES, in the order given, and SOLE_PAYEE if it was
    hierarchies  one per dimension column
    """

    name: str
    frame: pl.DataFrame
    hierarchies: Mapping[str, Hierarchy]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimension columns."""
        return tuple(self.hierarchies)

    def keys(self) -> pl.Series:
        """One key per row: the codes, joined."""
        return self.frame.select(pl.concat_str(self.dimensions, separator=SEPARATOR).alias("key")).to_series()


def check_table(
    name: str,
    frame: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    *,
    lowest: int = 0,
    nobody_allowed: bool = False,
) -> CellTable:
    """Check the rows of a cell table one by one.

    `lowest` is the smallest value a cell may have (below zero where refunds may outweigh payments).
    `nobody_allowed`: a cell may have a value and no protected contributor (its money went to companies).
    Raises: TableError with every broken rule: missing columns, unknown codes, cells given twice, values below the
    bound, contributors that contradict the largest.
    """
    missing = [column for column in (*hierarchies, *MEASURES) if column not in frame.columns]
    if missing:
        raise TableError(name, [TableProblem(None, column, "the column is missing") for column in missing])
    texts = [*hierarchies, *(one for one in (SOLE_PAYEE,) if one in frame.columns)]
    table = CellTable(
        name,
        frame.select(*(pl.col(one).cast(pl.String) for one in texts), *(pl.col(one).cast(pl.Int64) for one in MEASURES)),
        hierarchies,
    )  # fmt: skip
    problems = [*_code_problems(table), *_number_problems(table, lowest, nobody_allowed=nobody_allowed)]
    if problems:
        raise TableError(name, problems)
    return table


def _code_problems(table: CellTable) -> list[TableProblem]:
    problems: list[TableProblem] = []
    for dimension, hierarchy in table.hierarchies.items():
        codes = table.frame[dimension]
        known = codes.is_in(list(hierarchy.parents))
        problems += [
            TableProblem(row + 1, dimension, f"code {codes[row]!r} is not in hierarchy {hierarchy.name!r}")
            for row in (~known).fill_null(value=True).arg_true().to_list()
        ]
        broken = codes.str.contains(SEPARATOR, literal=True).fill_null(value=False).arg_true().to_list()
        problems += [
            TableProblem(row + 1, dimension, f"a code may not contain {SEPARATOR!r}") for row in broken
        ]
    again = table.frame.select(table.dimensions).with_row_index("row").filter(
        ~pl.struct(table.dimensions).is_first_distinct()
    )  # fmt: skip
    problems += [
        TableProblem(row[0] + 1, None, f"the cell {SEPARATOR.join(map(str, row[1:]))} is given a second time")
        for row in again.iter_rows()
    ]
    return problems


def _number_problems(table: CellTable, lowest: int, *, nobody_allowed: bool) -> list[TableProblem]:
    value, contributors, largest, second = (pl.col(name) for name in MEASURES)
    rules = {
        "value": [
            (value < lowest, f"below the lowest possible value {lowest}; correct it, or set the refund bound in the policy"),
        ],
        "contributors": [
            (contributors < 0, "a negative number of contributors"),
        ],
        "largest": [
            ((contributors == 0) & (largest != 0), "nobody contributes, yet there is a largest contributor"),
            (largest < 0, "the largest contribution is negative; give absolute sums per payee"),
        ],
        "second": [
            (second < 0, "the second largest contribution is negative; give absolute sums per payee"),
            (second > largest, "larger than the largest"),
            ((contributors <= 1) & (second != 0), "there is no second contributor"),
        ],
    }  # fmt: skip
    if lowest >= 0:
        rules["largest"].append(
            (largest + second > value, "the largest contributors hold more than the value")
        )
    if not nobody_allowed:
        rules["contributors"].append(
            (
                (contributors == 0) & (value != 0),
                "a cell with a value has no contributors; count them, or say that such cells are allowed (--allow-no-contributors)",
            )
        )
    problems: list[TableProblem] = []
    for column, checks in rules.items():
        empty = table.frame[column].is_null().arg_true().to_list()
        problems += [TableProblem(row + 1, column, "empty or not a whole number") for row in empty]
        for broken, reason in checks:
            rows = table.frame.select(broken.fill_null(value=False)).to_series().arg_true().to_list()
            problems += [TableProblem(row + 1, column, reason) for row in rows]
    if SOLE_PAYEE in table.frame.columns:
        several = table.frame.select(
            (pl.col(SOLE_PAYEE).is_not_null() & (contributors != 1)).fill_null(value=False)
        )
        rows = several.to_series().arg_true().to_list()
        problems += [TableProblem(row + 1, SOLE_PAYEE, "the cell has not one contributor") for row in rows]
    return problems


def table_relations(table: CellTable) -> pl.DataFrame:
    """All sums of the table: in each dimension, every cell is the sum of the cells with the child codes.

    Out: relation str · key str · sign i8, for System.from_frames. A total that has no row is a published zero, so its
    parts must add up to zero.
    """
    pieces: list[pl.DataFrame] = []
    present = table.frame.select(table.dimensions).with_columns(key=table.keys())
    for dimension, hierarchy in table.hierarchies.items():
        parents = hierarchy.parent_frame(dimension, "_parent")
        total = pl.concat_str(
            [pl.col("_parent") if one == dimension else pl.col(one) for one in table.dimensions],
            separator=SEPARATOR,
        )
        parts = present.join(parents, on=dimension).select(
            pl.concat_str(pl.lit(dimension + ": "), total).alias("relation"), "key", total.alias("total")
        )
        totals = (
            parts.select("relation", key="total").unique().join(present.select("key"), on="key", how="semi")
        )
        pieces += [
            totals.with_columns(sign=pl.lit(1, dtype=pl.Int8)),
            parts.select("relation", "key", sign=pl.lit(-1, dtype=pl.Int8)),
        ]
    return pl.concat(pieces).sort("relation", "sign", "key", descending=[False, True, False])


def table_system(
    table: CellTable, rules: PrimaryRules, *, lowest: int = 0, insiders: bool = False
) -> tuple[System, pl.DataFrame]:
    """Assess the cells of one table and link them by its sums.

    Gives the system, and the table's rows with key, reason, upl and lpl added.
    Raises: TableError when totals do not add up.
    """
    assessed = assess(table.frame.with_columns(key=table.keys(), lower=pl.lit(lowest, dtype=pl.Int64)), rules)
    nothing = (pl.col("contributors") == 0) & (pl.col("value") == 0)
    cells = assessed.with_columns(state=pl.when(nothing).then(pl.lit(KNOWN)).otherwise(pl.lit(FREE)))
    try:
        system = System.from_frames(cells, table_relations(table))
    except TableError as error:
        raise TableError(table.name, error.problems) from error
    if insiders:
        system = with_sole_payees(system, assessed)
    return system, assessed


def with_sole_payees(system: System, cells: pl.DataFrame) -> System:
    """Add the payees that are alone in a cell as insiders.

    Two cells with one contributor each have the same one if SOLE_PAYEE says so, or if one is a part of the other;
    otherwise they are taken for different payees. (Who knows all payees can name them: `System.insiders`.)
    """
    alone = np.zeros(system.size, dtype=np.bool_)
    placed = pl.DataFrame({"key": system.keys}).join(cells, on="key", how="left", maintain_order="left")
    alone[:] = (placed["contributors"] == 1) & (placed["largest"] == placed["value"])
    chosen = sparse.diags_array(alone.astype(np.float64))
    touching = sparse.csr_matrix(abs(system.relations) @ chosen)
    # A total with one contributor: its only part with money has the same one.
    totals = system.relations > 0
    lone_total = np.asarray((totals.astype(np.float64) @ alone) > 0).ravel()
    touching = sparse.csr_matrix(sparse.diags_array(lone_total.astype(np.float64)) @ touching)
    positions = np.flatnonzero(alone)
    together = touching.T @ touching
    if SOLE_PAYEE in placed.columns:
        together += _of_one_name(placed[SOLE_PAYEE], positions)
    _, group = csgraph.connected_components(together, directed=False)
    found: dict[int, list[int]] = {}
    for position in positions.tolist():
        found.setdefault(int(group[position]), []).append(position)
    insiders = [
        Insider(
            name=f"sole payee of {system.keys[cells[0]]}",
            cells=np.array(cells, dtype=np.int64),
            own=system.value[cells],
            sole=np.ones(len(cells), dtype=np.bool_),
        )
        for cells in found.values()
    ]
    return system.with_insiders(insiders)


def _of_one_name(names: pl.Series, positions: Integers) -> sparse.csr_matrix:
    """Each cell of a named payee beside the next one of the same name."""
    named = (
        pl.DataFrame({"cell": positions, "name": names.gather(positions)}).drop_nulls().sort("name", "cell")
    )
    pairs = named.with_columns(pl.col("cell").shift(-1).over("name").alias("next")).drop_nulls()
    cells, following = pairs["cell"].to_numpy(), pairs["next"].to_numpy()
    return sparse.csr_matrix((np.ones(len(cells)), (cells, following)), shape=(len(names), len(names)))


def roll_up(
    contributions: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    *,
    payee: str = "payee",
    amount: str = "amount",
) -> pl.DataFrame:
    """Make a cell table with all totals from what each payee received.

    In:   one row per payment or sum: the dimension columns (any code, usually leaves) · payee (null: not protected) ·
          amount i64 (refunds negative)
    Out:  one row per cell and combination of ancestors: dimension columns · MEASURES, sorted by the dimensions.

    A payee's payments in a cell are summed first, so it counts once and its refunds are netted; it enters
    `largest` and `second` by the size of its sum.
    """
    dimensions = list(hierarchies)
    spread = contributions.group_by(*dimensions, payee).agg(pl.col(amount).sum())
    for dimension, hierarchy in hierarchies.items():
        above = hierarchy.ancestor_frame(dimension, "_above")
        spread = (
            spread.join(above, on=dimension)
            .drop(dimension)
            .rename({"_above": dimension})
            .group_by(*dimensions, payee)
            .agg(pl.col(amount).sum())
        )
    size = pl.col(amount).abs().filter(pl.col(payee).is_not_null()).sort(descending=True)
    return (
        spread.group_by(*dimensions)
        .agg(
            pl.col(amount).sum().alias("value"),
            pl.col(payee).drop_nulls().n_unique().cast(pl.Int64).alias("contributors"),
            size.get(0, null_on_oob=True).fill_null(0).alias("largest"),
            size.get(1, null_on_oob=True).fill_null(0).alias("second"),
        )
        .sort(*dimensions)
    )
