"""Made-up tables for the disclosure benchmark: trees, payees and payments from a seed, rolled up with all totals.

A leaf cell has a few persons (protected) with skewed amounts, often an organisation's larger sum beside them, sometimes
only that. Some persons are paid in many cells. Nothing is taken from real accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.cells import CellTable, check_table, roll_up
from anonymize.hierarchy import Hierarchy


@dataclass(frozen=True)
class Shape:
    """What kind of table.

    levels   per dimension, how many codes there are on each level below the root
    filled   share of leaf combinations with money
    persons  mean number of protected payees in a filled leaf cell
    only_organisations  share of filled leaf cells without a person
    """

    name: str
    levels: tuple[tuple[int, ...], ...]
    filled: float = 0.7
    persons: float = 5.0
    only_organisations: float = 0.15


SHAPES = (
    Shape("2-D 400", ((4, 15), (4, 14))),
    Shape("2-D 10k", ((21, 122), (10, 59)), filled=0.6, persons=6.0),
    Shape("2-D 72k", ((21, 122), (27, 110, 370)), filled=0.5, persons=6.0),
    Shape("3-D 400", ((2, 5), (2, 5), (2, 4)), filled=0.8),
    Shape("3-D 11k", ((4, 17), (4, 17), (5, 18)), filled=0.35, persons=5.0),
    Shape("3-D 70k", ((10, 40), (6, 30), (6, 30)), filled=0.3, persons=5.0),
)


def make_table(shape: Shape, seed: int) -> CellTable:
    """Make one table; the same shape and seed give the same table. Amounts in fen."""
    generator = np.random.default_rng([seed, *(one for levels in shape.levels for one in levels)])
    trees = {
        f"dimension_{number}": make_tree(f"dimension_{number}", levels, generator)
        for number, levels in enumerate(shape.levels, start=1)
    }
    return check_table(
        f"{shape.name}, seed {seed}",
        roll_up(make_payments(shape, trees, generator), trees),
        trees,
        nobody_allowed=True,
    )


def make_tree(name: str, levels: Sequence[int], generator: np.random.Generator) -> Hierarchy:
    """Make a tree with so many codes on each level; parents get unequal numbers of children, at least one."""
    pairs: list[tuple[str, str | None]] = [("0", None)]
    above = ["0"]
    for depth, count in enumerate(levels, start=1):
        share = generator.dirichlet(np.full(len(above), 4.0))
        chosen = np.sort(
            np.concatenate(
                [np.arange(len(above)), generator.choice(len(above), size=count - len(above), p=share)]
            )
        )
        codes = [f"{depth}.{number:03d}" for number in range(count)]
        pairs += [(code, above[parent]) for code, parent in zip(codes, chosen.tolist(), strict=True)]
        above = codes
    return Hierarchy.from_pairs(name, pairs)


def make_payments(shape: Shape, trees: dict[str, Hierarchy], generator: np.random.Generator) -> pl.DataFrame:
    """One row per payee and leaf cell: the dimensions, payee (null: an organisation), amount in fen."""
    leaves = [
        np.array([code for code in sorted(tree.parents) if tree.is_leaf(code)]) for tree in trees.values()
    ]
    mesh = np.stack(np.meshgrid(*(np.arange(len(one)) for one in leaves), indexing="ij"), axis=-1)
    cells = mesh.reshape(-1, len(leaves))
    cells = cells[generator.random(len(cells)) < shape.filled]
    popularity = generator.lognormal(0.0, 0.8, size=len(cells))
    counts = 1 + generator.poisson((shape.persons - 1) * popularity / popularity.mean())
    counts[generator.random(len(cells)) < shape.only_organisations] = 0
    cell_of = np.repeat(np.arange(len(cells)), counts)
    local = cell_of * 1000 + generator.integers(0, 1000, size=len(cell_of))
    travels = generator.random(len(cell_of)) < 0.1
    payee = np.where(travels, -1 - generator.integers(0, max(len(cells) // 4, 3), size=len(cell_of)), local)
    scale = generator.lognormal(0.0, 1.0, size=len(cells))
    amounts = 1 + (generator.lognormal(12.5, 1.2, size=len(cell_of)) * scale[cell_of]).astype(np.int64)
    with_organisation = np.flatnonzero((counts == 0) | (generator.random(len(cells)) < 0.3))
    sums = 1 + (generator.lognormal(15.0, 1.5, size=len(with_organisation))).astype(np.int64)
    places = np.concatenate([cell_of, with_organisation])
    return pl.DataFrame(
        {name: leaves[axis][cells[places, axis]] for axis, name in enumerate(trees)}
        | {
            "payee": pl.concat(
                [
                    pl.Series("payee", payee).cast(pl.String),
                    pl.Series("payee", [None] * len(sums), dtype=pl.String),
                ]
            ),
            "amount": np.concatenate([amounts, sums]),
        }
    )
