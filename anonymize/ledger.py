"""What has been published, ever: an append-only record of every cell of every release, chained by hashes.

One row per release and cell: what the cell's status was and a digest of its value. Later releases are protected against
everything in the ledger (`anonymize.history`): what is out cannot be taken back, and what was withheld may appear only
if the union still holds. Each release's block hashes the one before, so no line can be changed, dropped or slipped in.

Digests are keyed: money has few plausible values, and a plain hash of a withheld amount could be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import polars as pl

from anonymize.errors import LedgerError

SCHEMA: Final = {"release": pl.Int64, "key": pl.String, "status": pl.String, "value_digest": pl.String}
BLOCK_SCHEMA: Final = {"release": pl.Int64, "entries": pl.Int64, "hash": pl.String}
STATUSES: Final = ("published", "withheld", "merged", "hidden")
_GENESIS: Final = "sha256:" + "0" * 64


@dataclass(frozen=True, eq=False)
class Ledger:
    """The record so far.

    entries  SCHEMA, sorted by release and key
    blocks   one row per release, in order: how many entries, and the hash over them and the block before
    """

    entries: pl.DataFrame
    blocks: pl.DataFrame

    @classmethod
    def empty(cls) -> Ledger:
        """Start a ledger."""
        return cls(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=BLOCK_SCHEMA))

    @property
    def head(self) -> str:
        """The hash of the last block; whoever knows it can tell any change of the past."""
        return _GENESIS if self.blocks.is_empty() else str(self.blocks["hash"][-1])

    def append(self, release: int, cells: pl.DataFrame, digest_key: bytes) -> Ledger:
        """Record a release: one row per cell, key str · status str · value i64.

        Raises: LedgerError when the release is not newer than the last, a status is unknown or a key comes twice.
        """
        if not self.blocks.is_empty() and release <= self.blocks["release"][-1]:
            last = self.blocks["release"][-1]
            raise LedgerError(f"release {release} cannot follow release {last}; releases are only added")
        unknown = cells.filter(~pl.col("status").is_in(STATUSES))
        if unknown.height:
            raise LedgerError(f"cell {unknown['key'][0]!r}: status {unknown['status'][0]!r} is unknown")
        if cells["key"].is_duplicated().any():
            twice = cells.filter(pl.col("key").is_duplicated())["key"][0]
            raise LedgerError(f"cell {twice!r} is recorded twice in release {release}")
        cells = cells.sort("key")
        digests = [
            value_digest(digest_key, key, value) for key, value in cells.select("key", "value").iter_rows()
        ]
        added = cells.select(
            pl.lit(release, dtype=pl.Int64).alias("release"),
            "key",
            "status",
            pl.Series("value_digest", digests, dtype=pl.String),
        )
        block = pl.DataFrame(
            [(release, added.height, _block_hash(self.head, added))], schema=BLOCK_SCHEMA, orient="row"
        )
        return Ledger(pl.concat([self.entries, added]), pl.concat([self.blocks, block]))

    def verify(self, *, head: str | None = None) -> None:
        """Recompute the chain. Raises LedgerError at the first block that does not fit.

        `head`: the last hash as known from elsewhere (a signed manifest), to notice a chain rewritten as a whole.
        """
        before = _GENESIS
        if int(self.blocks["entries"].sum()) != self.entries.height:
            raise LedgerError("the ledger has entries that belong to no block")
        offset = 0
        for release, count, noted in self.blocks.iter_rows():
            part = self.entries.slice(offset, count)
            offset += count
            if part.height != count or (part["release"] != release).any():
                raise LedgerError(f"release {release}: entries are missing or out of order")
            before = _block_hash(before, part)
            if before != noted:
                raise LedgerError(f"release {release}: its entries or those before have been changed")
        if head is not None and head != before:
            raise LedgerError("the chain ends in another hash than the one recorded elsewhere")

    def statuses(self) -> pl.DataFrame:
        """What became of each cell: key · status (published if it ever was) · release (the first with it) · value_digest.

        A cell published with two different values has one row per value.
        """
        return (
            self.entries.with_columns(out=pl.col("status") == "published")
            .sort("out", "release", descending=[True, False])
            .group_by("key", "value_digest", maintain_order=True)
            .agg(pl.col("status").first(), pl.col("release").first())
            .sort("key", "release")
            .select("key", "status", "release", "value_digest")
        )


def value_digest(digest_key: bytes, key: str, value: int) -> str:
    """Digest a cell's value so that only holders of the key can compare it."""
    return hmac.new(digest_key, f"{key}\n{value}".encode(), hashlib.sha256).hexdigest()


def _block_hash(before: str, entries: pl.DataFrame) -> str:
    digest = hashlib.sha256(before.encode())
    for row in entries.select(*SCHEMA).iter_rows():
        digest.update(b"\n" + "\t".join(map(str, row)).encode())
    return "sha256:" + digest.hexdigest()
