"""Foreign records: named values, with the record they were taken from.

A path names a value: `年度` in the record itself, `../府省庁` in the record it was exploded from, `a.b` in a nested
object. The path `_file`, `_row` and `_index` tell where a record stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

Value = Any
"""What JSON, CSV, XLSX or Parquet hold: text, int, Decimal, bool, date, None, list or dict."""


@dataclass(frozen=True, slots=True)
class _Steps:
    """A path, read once."""

    up: int
    name: str
    parts: tuple[str, ...]
    is_place: bool


@cache
def _steps(path: str) -> _Steps:
    up = 0
    while path.startswith("../"):
        path, up = path[3:], up + 1
    return _Steps(up, path, tuple(path.split(".")), path.startswith("_"))


@dataclass(frozen=True, slots=True)
class Record:
    """One foreign record."""

    values: dict[str, Value]
    file: str
    row: int
    """Number of the record in its file: the header of a table is row 1, a line of NDJSON its line."""
    parent: Record | None = None
    index: int = 0
    """Position in the list it was exploded from."""

    def get(self, path: str) -> Value:
        """The value at a path, None when there is none."""
        steps = _steps(path)
        record = self
        for _ in range(steps.up):
            if record.parent is None:
                return None
            record = record.parent
        if steps.name in record.values:
            return record.values[steps.name]
        if steps.is_place:
            return {"_file": record.file, "_row": record.row, "_index": record.index}.get(steps.name)
        value: Value = record.values if len(steps.parts) > 1 else None
        for part in steps.parts:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def get_all(self, path: str) -> Iterator[Value]:
        """Every value at a path that runs through lists, written `列表[].字段`."""
        if "[]" not in path:
            value = self.get(path)
            yield from value if isinstance(value, list) else [value]
            return
        head, _, rest = path.partition("[]")
        items = self.get(head)
        for item in items if isinstance(items, list) else []:
            values = item if isinstance(item, dict) else {"": item}
            yield from Record(values, self.file, self.row, self).get_all(rest.removeprefix("."))


def is_empty(value: Value) -> bool:
    """Whether a value stands for nothing."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == []
