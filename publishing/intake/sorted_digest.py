"""The digest of a table too large for memory, whatever the order of its rows.

While batches arrive in ascending order of the key they are hashed at once. From the first batch on that is out
of order, rows go to files on disk by key range and are sorted and hashed range by range at the end. Rows that
were hashed before the disorder showed cannot be taken back: then `needs_second_reading` says so, and the file
is read once more for the digest alone (a file that begins sorted and ends unsorted is rare).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from publishing.intake.digest import TableDigest
from publishing.intake.schema import Table

_RANGES = 32


class SortedDigest:
    """Takes typed batches in file order."""

    def __init__(self, table: Table, key: str, spill: Path) -> None:
        self._table = table
        self._key = key
        self._spill_folder = spill
        self._hashed = TableDigest(table)
        self._last: str | None = None
        self._is_first = True
        self._spill: _Spill | None = None
        self._hashes: list[npt.NDArray[np.uint64]] = []
        self.needs_second_reading = False
        self.repeats_adjacent = False
        """Whether equal keys were seen side by side in a sorted table."""

    @property
    def is_sorted(self) -> bool:
        """Whether all rows so far came in order of the key."""
        return self._spill is None and not self.needs_second_reading

    def update(self, frame: pl.DataFrame) -> None:
        """Add a batch."""
        if not frame.height:
            return
        keys = frame.get_column(self._key)
        self._hashes.append(keys.hash(0).to_numpy())
        if self._spill is not None:
            self._spill.append(frame)
            return
        if self.needs_second_reading:
            return
        in_order = (
            keys.null_count() == 0 and keys.is_sorted() and (self._last is None or keys[0] >= self._last)
        )
        if in_order:
            self.repeats_adjacent |= bool((keys == keys.shift(1)).any()) or keys[0] == self._last
            self._last = keys[-1]
            self._hashed.update(frame)
        elif self._is_first:
            self._spill = _Spill(self._table, self._key, self._spill_folder, keys)
            self._spill.append(frame)
        else:
            self.needs_second_reading = True
        self._is_first = False

    def restart(self, sample: pl.Series) -> None:
        """Prepare for the second reading: everything goes through the disk."""
        self._spill = _Spill(self._table, self._key, self._spill_folder, sample)
        self._hashes = []
        self.needs_second_reading = False

    def possible_repeats(self) -> pl.Series:
        """Hashes (seed 0) of keys that may stand more than once; empty when no key repeats."""
        if self.is_sorted and not self.repeats_adjacent:
            return pl.Series("hash", [], dtype=pl.UInt64)
        if not self._hashes:
            return pl.Series("hash", [], dtype=pl.UInt64)
        hashes = np.concatenate(self._hashes)
        hashes.sort()
        return pl.Series("hash", np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))

    def hexdigest(self) -> str:
        """SHA-256 of the table."""
        if self._spill is None:
            return self._hashed.hexdigest()
        return self._spill.hexdigest()

    def clean(self) -> None:
        """Remove what was spilled."""
        if self._spill is not None:
            self._spill.close()
        shutil.rmtree(self._spill_folder, ignore_errors=True)


class _Spill:
    """Rows in files by key range; the ranges follow a sample, and are right for any keys."""

    def __init__(self, table: Table, key: str, folder: Path, sample: pl.Series) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._table = table
        self._key = key
        ordered = sample.drop_nulls().unique().sort()
        steps = [ordered.len() * part // _RANGES for part in range(1, _RANGES)]
        self._bounds = ordered.gather(sorted(set(steps))) if ordered.len() > _RANGES else ordered.head(0)
        schema = table.empty().to_arrow().schema
        self._paths = [folder / f"{position:02d}.arrow" for position in range(self._bounds.len() + 1)]
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writers = [pa.ipc.new_file(path, schema, options=options) for path in self._paths]
        self._open = True

    def append(self, frame: pl.DataFrame) -> None:
        """Sort a batch into the ranges."""
        keys = frame.get_column(self._key)
        if self._bounds.len():
            part = self._bounds.search_sorted(keys.fill_null(""), side="right")
        else:
            part = pl.Series([0], dtype=pl.UInt32).new_from_index(0, frame.height)
        for (position,), rows in (
            frame.with_columns(part.alias("__part"))
            .partition_by("__part", as_dict=True, include_key=False)
            .items()
        ):
            assert isinstance(position, int)  # noqa: S101 - a u32 key
            self._writers[position].write_table(rows.to_arrow())

    def hexdigest(self) -> str:
        """Sort and hash one range after the other."""
        self.close()
        digest = TableDigest(self._table)
        for path in self._paths:
            frame = pl.read_ipc(path)
            digest.update(frame.sort(self._key, nulls_last=False, maintain_order=True))
            path.unlink()
        return digest.hexdigest()

    def close(self) -> None:
        """Finish the files."""
        if self._open:
            for writer in self._writers:
                writer.close()
            self._open = False
