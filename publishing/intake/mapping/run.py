"""An import from beginning to end: files in, a source package out, and an account of what could not be placed.

The package is written beside its destination and moved there when it is complete; a failed import leaves nothing.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TextIO

from publishing.errors import MappingError
from publishing.intake.contracts import TABLES, table_schema
from publishing.intake.mapping.columns import Changes, ColumnMaker, Unreadable
from publishing.intake.mapping.flow import Flow, LeftOut, passes, where
from publishing.intake.mapping.model import Mapping, TableRule
from publishing.intake.mapping.records import Record
from publishing.intake.mapping.sources import read_records
from publishing.intake.mapping.unused import FieldsSeen
from publishing.intake.schema import Table


@dataclass(frozen=True)
class ImportReport:
    """What became of the foreign files."""

    out: Path
    rows: dict[str, int]
    records: dict[str, int]
    """Records read, by file."""
    left_out: tuple[tuple[str, str, int, tuple[str, ...]], ...]
    """Place, reason, count, examples."""
    unused_fields: tuple[tuple[str, str, int], ...]
    """Source, field, number of values."""
    unused_files: tuple[str, ...]
    changes: Changes = field(default_factory=Changes)

    @property
    def without_rows(self) -> tuple[str, ...]:
        """Tables that a package must have and that no rule made a row of."""
        return tuple(name for name, table in TABLES.items() if table.required and not self.rows.get(name))

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        changes = self.changes
        return {
            "out": str(self.out),
            "rows": self.rows,
            "records": self.records,
            "left_out": [
                {"place": place, "reason": reason, "count": count, "examples": list(examples)}
                for place, reason, count, examples in self.left_out
            ],
            "unused_fields": [
                {"source": source, "field": name, "values": count}
                for source, name, count in self.unused_fields
            ],
            "unused_files": list(self.unused_files),
            "without_rows": list(self.without_rows),
            "rounded": dict(changes.roundings),
            "bounded": dict(changes.bounded),
            "clipped": dict(changes.clipped),
            "cleaned": dict(changes.cleaned),
            "defaults": dict(changes.defaults),
            "numbered": changes.numbered,
            "unmapped": dict(changes.unmapped.most_common(200)),
        }


def import_files(mapping: Mapping, files: Sequence[Path], out: Path) -> ImportReport:
    """Write a source package from foreign files.

    Raises MappingError when the files are not what the mapping says; nothing is written then.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise MappingError(f"{out} exists and is not an empty folder; nothing was written")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        report = _Import(mapping, files, partial, out).run()
        if out.exists():
            out.rmdir()
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return report


class _Import:
    def __init__(self, mapping: Mapping, files: Sequence[Path], folder: Path, out: Path) -> None:
        self._mapping = mapping
        self._files = files
        self._folder = folder
        self._out = out
        self._left_out = LeftOut()
        self._changes = Changes()
        self._seen = FieldsSeen()

    def run(self) -> ImportReport:
        chosen = self._choose_files()
        writers = {name: _TableWriter(table, self._folder) for name, table in TABLES.items()}
        try:
            makers = [
                (
                    rule.source,
                    _RowMaker(rule, self._mapping, writers[rule.table], self._left_out, self._changes).take,
                )
                for rule in self._mapping.tables
            ]
            flow = Flow(self._mapping, makers, self._left_out, self._changes.roundings)
            records = self._push_all(flow, chosen)
        finally:
            for writer in writers.values():
                writer.close()
        self._refuse_absent()
        rows = {name: writer.rows for name, writer in writers.items()}
        self._write_descriptor(rows)
        used = {path for _, path in chosen}
        return ImportReport(
            out=self._out,
            rows=rows,
            records=dict(records),
            left_out=tuple(
                (place, reason, count, tuple(self._left_out.examples[place, reason]))
                for (place, reason), count in sorted(self._left_out.counts.items())
            ),
            unused_fields=tuple(self._seen.unused(self._mapping)),
            unused_files=tuple(str(path) for path in self._files if path not in used),
            changes=self._changes,
        )

    def _refuse_absent(self) -> None:
        absent = self._seen.absent(self._mapping)
        if absent:
            faults = "; ".join(
                f"[[table]] {table}, column {column}: no record of source {source!r} has {' or '.join(paths)}"
                for table, column, source, paths in absent
            )
            there = {source: ", ".join(self._seen.fields(source)[:40]) for _, _, source, _ in absent}
            fields = "; ".join(f"fields of {source!r}: {names}" for source, names in there.items())
            raise MappingError(f"{faults}. {fields}")

    def _choose_files(self) -> list[tuple[int, Path]]:
        """Positions of sources with their files; in the order of the mapping, then of the command line."""
        chosen: list[tuple[int, Path]] = []
        for position, source in enumerate(self._mapping.sources):
            matching = [path for path in self._files if fnmatch(path.name, source.files)]
            if not matching:
                given = ", ".join(path.name for path in self._files)
                raise MappingError(
                    f"no file for source {source.name!r} (files = {source.files!r}) among: {given}"
                )
            chosen += [(position, path) for path in matching]
        return chosen

    def _push_all(self, flow: Flow, chosen: list[tuple[int, Path]]) -> Counter[str]:
        records: Counter[str] = Counter()
        for position, path in chosen:
            source = self._mapping.sources[position]
            for record in read_records(path, source):
                records[path.name] += 1
                self._seen.add(source.name, record)
                flow.push(source.name, record)
        return records

    def _write_descriptor(self, rows: dict[str, int]) -> None:
        package = self._mapping.package
        about: dict[str, Any] = {
            "currency": package.currency,
            "fictional": package.fictional,
            "fiscal_year_first_month": package.fiscal_year_first_month,
            "attribution": package.attribution,
            "province": package.province,
        }
        if package.as_of is not None:
            about["as_of"] = package.as_of
        content = {
            "profile": "tabular-data-package",
            "name": package.name,
            "title": package.title,
            "sunshine": about,
            "resources": [
                {
                    "name": name,
                    "path": f"{name}.csv",
                    "profile": "tabular-data-resource",
                    "format": "csv",
                    "encoding": "utf-8",
                    "schema": table_schema(TABLES[name]),
                }
                for name in rows
            ],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (self._folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")


class _TableWriter:
    """The CSV file of one table; several rules may write to it."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.table = table
        self.rows = 0
        self.keys: set[tuple[str, ...]] = set()
        self._stream: TextIO = (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
        self._names = [column.name for column in table.columns]
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow(self._names)

    def write(self, row: dict[str, str], key: tuple[str, ...]) -> None:
        self.keys.add(key)
        self.rows += 1
        self._writer.writerow([row.get(name, "") for name in self._names])

    def close(self) -> None:
        self._stream.close()


class _RowMaker:
    """Makes the rows of one table rule."""

    def __init__(
        self, rule: TableRule, mapping: Mapping, writer: _TableWriter, left_out: LeftOut, changes: Changes
    ) -> None:
        contract = writer.table
        self._rule = rule
        self._writer = writer
        self._left_out = left_out
        self._makers = [
            (contract.by_name[name], ColumnMaker(contract.by_name[name], column, mapping.package, changes))
            for name, column in sorted(rule.columns.items(), key=lambda item: item[0] not in contract.key)
        ]
        self._last_of_key = sum(name in contract.key for name in rule.columns) - 1
        self._repeats = [name for name, column in rule.columns.items() if column.repeats]

    def take(self, record: Record) -> None:
        """Make a row of a record, unless it is filtered out or cannot be read; then it is counted."""
        rule, name = self._rule, self._rule.table
        # A derived table takes what there is; records that do not concern it are not lost.
        if not passes(rule.filter, record, name, LeftOut() if rule.distinct else self._left_out):
            return
        row: dict[str, str] = {}
        for position, (column, maker) in enumerate(self._makers):
            try:
                row[column.name] = maker.make(record, row)
            except Unreadable as unreadable:
                row[column.name] = ""
                shown = "" if column.is_personal else f"{str(unreadable.value)[:40]!r} "
                example = f"{shown}({where(record)})"
                fate = "row left out" if column.required else "left empty"
                self._left_out.add(name, f"{column.name} cannot be read, {fate}", example)
                if column.required:
                    return
            if column.required and row[column.name] == "":
                self._left_out.add(name, f"{column.name} is empty, row left out", where(record))
                return
            if rule.distinct and position == self._last_of_key and self._key(row) in self._writer.keys:
                return
        self._write(row, record)

    def _write(self, row: dict[str, str], record: Record) -> None:
        key = self._key(row)
        if key in self._writer.keys:
            if self._rule.distinct:
                return
            if self._repeats:
                key = self._numbered(row)
            else:
                self._left_out.add(
                    self._rule.table, "key seen before, row kept for the check to tell", where(record)
                )
        self._writer.write(row, key)

    def _key(self, row: dict[str, str]) -> tuple[str, ...]:
        return tuple(row.get(name, "") for name in self._writer.table.key)

    def _numbered(self, row: dict[str, str]) -> tuple[str, ...]:
        """Number a repeated text until the key is new."""
        name = self._repeats[0]
        plain, number = row[name], 1
        while (key := self._key(row)) in self._writer.keys:
            number += 1
            row[name] = f"{plain}（{number}）"
        return key
