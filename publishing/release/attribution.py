"""Which cell a change belongs to: own shares in one or more hierarchies, that sum exactly to the change of the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publishing.errors import DatasetNotFound
from publishing.release.reader import Release
from publishing.specs import DatasetSpec


@dataclass(frozen=True, slots=True)
class Tree:
    """A hierarchy as it shows in one table: the column of codes, and for each code the next one above it there."""

    column: str
    parents: Mapping[str, str]

    def is_root(self) -> pl.Expr:
        """Whether a row stands at the top of this hierarchy."""
        return ~pl.col(self.column).is_in(list(self.parents))


def own_shares(cells: pl.DataFrame, key: Sequence[str], trees: Sequence[Tree]) -> pl.DataFrame:
    """Turn each cell's change into its own share: what moved there and in no cell below it.

    In:   one row per `key`: delta i64 · moved bool · hidden bool · in_before bool · in_after bool
    Out:  the same columns, sorted by `key`; `moved` and `hidden` also say so of the cells directly below. Rows may
          appear that were not there: a parent that is absent from the table while its children are in it.

    Every cell that is not at the top is added once and taken away once at its parent, so the sum over all rows is the
    sum of `delta` over the rows at the top.
    """
    for tree in trees:
        parents = pl.DataFrame(
            {"code": list(tree.parents), "parent": list(tree.parents.values())},
            schema={"code": pl.String, "parent": pl.String},
        )
        raised = (
            cells.join(parents, left_on=tree.column, right_on="code")
            .drop(tree.column)
            .rename({"parent": tree.column})
            .with_columns(-pl.col("delta"), in_before=pl.lit(False), in_after=pl.lit(False))
            .select(cells.columns)
        )
        flags = [pl.col(name).any() for name in ("moved", "hidden", "in_before", "in_after")]
        cells = pl.concat([cells, raised]).group_by(key).agg(pl.col("delta").sum(), *flags)
    return cells.sort(key)


def trees_of(spec: DatasetSpec, codes: Mapping[str, pl.DataFrame], releases: Sequence[Release]) -> list[Tree]:
    """The hierarchies of a table. `codes`: for each hierarchical column, its codes and the level each stands on."""
    return [
        _tree(column, codes[column], hierarchy, top_level, releases)
        for column, hierarchy, top_level in hierarchical_columns(spec)
    ]


def hierarchical_columns(spec: DatasetSpec) -> list[tuple[str, str, str]]:
    """Key columns with a level beside them: (column, dimension table, name of the top level)."""
    levels = {column.level_of: column for column in spec.columns if column.level_of}
    return [
        (column.name, column.hierarchy, levels[column.name].enum[0])
        for column in spec.columns
        if column.name in spec.key and column.hierarchy and column.name in levels
    ]


def level_column(spec: DatasetSpec, code: str) -> str:
    """The column that says on which level a code stands."""
    return next(column.name for column in spec.columns if column.level_of == code)


def _tree(
    column: str, codes: pl.DataFrame, hierarchy: str, top_level: str, releases: Sequence[Release]
) -> Tree:
    present = set(codes["code"].to_list())
    tops = set(codes.filter(pl.col("level") == top_level)["code"].to_list())
    above = _parents_of(hierarchy, releases)
    parents = {}
    for code in sorted(present - tops):
        found = _nearest(code, above, present)
        if found is None and len(tops) == 1:
            found = next(iter(tops))  # a class under the total of all classes, say
        if found is not None:
            parents[code] = found
    return Tree(column, parents)


def _nearest(code: str, above: Mapping[str, str], present: set[str]) -> str | None:
    """The next code above that the table holds; a tree with a loop in it ends the search."""
    seen = {code}
    parent = above.get(code)
    while parent is not None and parent not in seen:
        if parent in present:
            return parent
        seen.add(parent)
        parent = above.get(parent)
    return None


def _parents_of(hierarchy: str, releases: Sequence[Release]) -> dict[str, str]:
    """Child to parent in a dimension table; of several releases, the first that knows a code decides."""
    above: dict[str, str] = {}
    for release in reversed(releases):
        try:
            spec, frame = release.spec(hierarchy), release.table(hierarchy)
        except DatasetNotFound:
            continue
        parent = next((column.name for column in spec.columns if column.references == hierarchy), None)
        if parent is not None:
            pairs = frame.select(spec.key[0], parent).drop_nulls()
            above.update(zip(pairs[spec.key[0]].to_list(), pairs[parent].to_list(), strict=True))
    return above
