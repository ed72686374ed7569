"""Which foreign fields no rule of a mapping looks at, and which fields of rules no record has.

The first are told, because a field that is forgotten is lost in silence. The second are refused where a required
column comes from nowhere else: the name is mistyped, or the file was read in the wrong encoding.
"""

from __future__ import annotations

import re
from collections import Counter

from publishing.intake.contracts import TABLES
from publishing.intake.mapping.model import Mapping, RecordRule
from publishing.intake.mapping.records import Record, Value

_DEEPEST = 4
_MOST_FIELDS = 2_000


class FieldsSeen:
    """Counts the fields of records, nested ones as `列表[].字段`."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._empty: dict[str, set[str]] = {}

    def add(self, source: str, record: Record) -> None:
        """The fields of one record."""
        counts = self._counts.setdefault(source, Counter())
        if len(counts) < _MOST_FIELDS:
            _count(record.values, "", counts, 0)
        empty = self._empty.setdefault(source, set())
        if len(empty) < _MOST_FIELDS:
            empty.update(str(name) for name, value in record.values.items() if value is None)

    def absent(self, mapping: Mapping) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Table, column, source and paths of the required columns of which no record has any field."""
        homes = _homes(mapping)
        found = []
        for table in mapping.tables:
            source, prefixes = homes[table.source]
            if source not in self._counts:  # no record at all: the file is empty, which is told elsewhere
                continue
            for name, rule in table.columns.items():
                paths = tuple(sorted(_absolute(path, prefixes) for path in rule.paths))
                is_required = TABLES[table.table].by_name[name].required and rule.default is None
                if is_required and paths and not any(self._has(source, path) for path in paths):
                    found.append((table.table, name, source, paths))
        return found

    def fields(self, source: str) -> list[str]:
        """The fields that records of a source have, at the top."""
        names = {re.split(r"\.|\[\]", name)[0] for name in self._counts[source]} | self._empty[source]
        return sorted(name for name in names if not name.startswith("_"))

    def _has(self, source: str, path: str) -> bool:
        if "." in path or path.startswith("_") or path in self._empty[source]:
            return True  # in a list that may be empty everywhere, made by a rule, or always empty
        return any(_covers(path, name) for name in self._counts[source])

    def unused(self, mapping: Mapping) -> list[tuple[str, str, int]]:
        """Source, field and number of values that nothing looks at."""
        used = _used_paths(mapping)
        return [
            (source, name, count)
            for source, counts in sorted(self._counts.items())
            for name, count in sorted(counts.items())
            if not any(_covers(path, name) for path in used.get(source, ()))
        ]


def _count(values: dict[str, Value], prefix: str, counts: Counter[str], depth: int) -> None:
    for name, value in values.items():
        if value is None or name.startswith("_"):
            continue
        path = prefix + str(name)
        items = value if isinstance(value, list) else [value]
        nested = [item for item in items if isinstance(item, dict)]
        if not nested or depth == _DEEPEST:
            counts[path] += 1
        for item in nested if depth < _DEEPEST else []:
            _count(item, path + ("[]." if isinstance(value, list) else "."), counts, depth + 1)


def _covers(path: str, name: str) -> bool:
    """Whether a rule that looks at `path` sees the field `name`."""
    return name == path or name.startswith((f"{path}.", f"{path}[]"))


def _homes(mapping: Mapping) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By the name of a record set: its source, and the prefixes of the levels it lies in."""
    homes: dict[str, tuple[str, tuple[str, ...]]] = {
        source.name: (source.name, ("",)) for source in mapping.sources
    }
    for rule in mapping.records:
        source, prefixes = homes[rule.source]
        homes[rule.name] = (source, (*prefixes, _prefix_of(rule, prefixes)))
    return homes


def _used_paths(mapping: Mapping) -> dict[str, set[str]]:
    """Absolute paths by source; `../` is followed to the record set it leads to."""
    homes = _homes(mapping)
    used: dict[str, set[str]] = {source.name: set() for source in mapping.sources}
    for rule in mapping.records:
        source, prefixes = homes[rule.source]
        for path in _own_paths(rule):
            used[source].add(_absolute(path, prefixes))
        used[source].update(_absolute(path, homes[rule.name][1]) for path in rule.filter.paths)
        if rule.allot is not None:
            parts = _absolute(rule.allot.parts, prefixes) + "[]."
            used[source].update({parts + rule.allot.amount, parts + rule.allot.same})
    for table in mapping.tables:
        source, prefixes = homes[table.source]
        paths = set(table.filter.paths).union(*(rule.paths for rule in table.columns.values()))
        used[source].update(_absolute(path, prefixes) for path in paths)
    return used


def _own_paths(rule: RecordRule) -> tuple[str, ...]:
    return () if rule.allot is None else (rule.allot.total, rule.allot.same)


def _prefix_of(rule: RecordRule, prefixes: tuple[str, ...]) -> str:
    if rule.allot is not None:
        return _absolute(rule.allot.parts, prefixes) + "[]."
    return prefixes[-1] if rule.explode is None else _absolute(rule.explode, prefixes) + "[]."


def _absolute(path: str, prefixes: tuple[str, ...]) -> str:
    level = len(prefixes) - 1
    while path.startswith("../"):
        path, level = path[3:], max(0, level - 1)
    return prefixes[level] + path
