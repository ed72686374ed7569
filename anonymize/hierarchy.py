"""Code lists as trees: regions, function classes, months.

A hierarchy has one root; every other code names a parent that exists. A parent's figure is the sum of its
children's figures, which is all that the disclosure control needs to know about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from anonymize.errors import HierarchyError


@dataclass(frozen=True)
class Hierarchy:
    """A tree of codes with one root.

    `parents` maps every code to its parent, the root to None. Build with `from_pairs`, which checks the tree.
    """

    name: str
    root: str
    parents: Mapping[str, str | None] = field(repr=False)

    @classmethod
    def from_pairs(cls, name: str, pairs: Iterable[tuple[str, str | None]]) -> Hierarchy:
        """Check (code, parent) pairs and make the tree.

        Raises: HierarchyError when a code is empty or given twice, when a parent does not exist (orphan), when
        there is no root or a second one, and when codes form a cycle.
        """
        parents: dict[str, str | None] = {}
        for code, parent in pairs:
            if not code:
                raise HierarchyError(name, None, "a code is empty; give every row a code")
            if code in parents:
                raise HierarchyError(name, code, "the code is listed twice; keep one row for it")
            parents[code] = parent or None
        root = _only_root(name, parents)
        _check_parents_exist(name, parents)
        _check_no_cycle(name, parents)
        return cls(name, root, parents)

    @classmethod
    def flat(cls, name: str, root: str, leaves: Iterable[str]) -> Hierarchy:
        """A total with its parts and nothing between, e.g. a year and its months."""
        return cls.from_pairs(name, [(root, None), *((leaf, root) for leaf in leaves)])

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The children of every code that has any, in the order of the codes."""
        found: dict[str, list[str]] = {}
        for code, parent in sorted(self.parents.items()):
            if parent is not None:
                found.setdefault(parent, []).append(code)
        return {code: tuple(below) for code, below in found.items()}

    def is_leaf(self, code: str) -> bool:
        """Whether nothing is below this code."""
        return code not in self.children

    def ancestry(self, code: str) -> tuple[str, ...]:
        """The code itself, its parent, and so on up to the root."""
        chain = [code]
        parent = self.parents[code]
        while parent is not None:
            chain.append(parent)
            parent = self.parents[parent]
        return tuple(chain)

    def level(self, code: str) -> int:
        """Steps from the root; the root is level 0."""
        return len(self.ancestry(code)) - 1

    def parent_frame(self, column: str, parent_column: str) -> pl.DataFrame:
        """One row per code other than the root: the code and its parent."""
        pairs = sorted((code, parent) for code, parent in self.parents.items() if parent is not None)
        return pl.DataFrame(pairs, schema={column: pl.String, parent_column: pl.String}, orient="row")

    def ancestor_frame(self, column: str, ancestor_column: str) -> pl.DataFrame:
        """One row per code and each of its ancestors, the code itself included."""
        pairs = [(code, above) for code in sorted(self.parents) for above in self.ancestry(code)]
        return pl.DataFrame(pairs, schema={column: pl.String, ancestor_column: pl.String}, orient="row")


def _only_root(name: str, parents: Mapping[str, str | None]) -> str:
    roots = sorted(code for code, parent in parents.items() if parent is None)
    if not parents:
        raise HierarchyError(name, None, "no codes at all; list at least the root")
    if not roots:
        raise HierarchyError(
            name, min(parents), "no root: every code has a parent, so the codes form a cycle"
        )
    if len(roots) > 1:
        raise HierarchyError(
            name,
            roots[1],
            f"a second root beside {roots[0]!r}; give one of them a parent, or add a total above both",
        )
    return roots[0]


def _check_parents_exist(name: str, parents: Mapping[str, str | None]) -> None:
    for code, parent in sorted(parents.items()):
        if parent is not None and parent not in parents:
            raise HierarchyError(
                name, code, f"its parent {parent!r} is not in the list (orphan); add the parent"
            )


def _check_no_cycle(name: str, parents: Mapping[str, str | None]) -> None:
    safe: set[str] = set()
    for start in sorted(parents):
        path: list[str] = []
        on_path: set[str] = set()
        code: str | None = start
        while code is not None and code not in safe:
            if code in on_path:
                cycle = " -> ".join([*path[path.index(code) :], code])
                raise HierarchyError(name, code, f"the parents form a cycle: {cycle}")
            path.append(code)
            on_path.add(code)
            code = parents[code]
        safe.update(path)
