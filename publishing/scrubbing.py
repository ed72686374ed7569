"""Free text on its way out: every column of text that becomes public passes here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from anonymize.text import Scrubber, is_japanese
from anonymize.text.spans import Scrubbed

_FREE_TEXT = {"projects": ("name", "description", "address"), "contracts": ("title",)}
"""Columns of the staged tables whose texts become public."""
_JAPANESE_SHARE = 0.1  # of the texts: a column of Japanese has many without kana


class ColumnScrubber:
    """Scrubs columns of text, each distinct text once, and counts what it took out.

    The texts of `early` are scrubbed in the background from the beginning: that is Python, the sums over payments that
    are worked out meanwhile are not, and both together take little longer than the longer one.
    """

    def __init__(self, person_names: Path | None, early: Iterable[pl.Series] = ()) -> None:
        """Prepare for one source package.

        In: staged Parquet with one column `name`, the natural persons that were paid; None when there are none.
        """
        names = pl.read_parquet(person_names)["name"].to_list() if person_names is not None else []
        self._scrubber = Scrubber(names)
        self.removed: dict[str, int] = {}
        with_texts = [texts.drop_nulls().unique() for texts in early]
        background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scrubbing")
        self._early = background.submit(self._scrubbed, with_texts)
        background.shutdown(wait=False)

    def _scrubbed(self, columns: list[pl.Series]) -> dict[str, Scrubbed]:
        return {
            text: self._scrubber.scrub(text, japanese=japanese)
            for column, japanese in ((column, _is_japanese(column)) for column in columns)
            for text in column
        }

    def __call__(self, texts: pl.Series) -> pl.Series:
        """Return the same column without personal data; nulls stay null."""
        early = self._early.result()
        clean: dict[str, str] = {}
        distinct = texts.drop_nulls().unique()
        japanese = _is_japanese(distinct)
        for text in distinct:
            scrubbed = early.get(text) or self._scrubber.scrub(text, japanese=japanese)
            clean[text] = scrubbed.text
            for span in scrubbed.spans:
                self.removed[span.kind] = self.removed.get(span.kind, 0) + 1
        if not clean:
            return texts
        return texts.replace_strict(list(clean), list(clean.values()), default=None, return_dtype=pl.String)


def _is_japanese(texts: pl.Series) -> bool:
    return sum(map(is_japanese, texts)) > _JAPANESE_SHARE * len(texts)


def free_texts(tables: Mapping[str, Path]) -> list[pl.Series]:
    """The columns of free text of the staged tables, as far as they are there; without those of closed projects."""
    return [
        series
        for name, columns in _FREE_TEXT.items()
        if name in tables
        for series in _public_rows(pl.scan_parquet(tables[name])).select(columns).collect().iter_columns()
    ]


def _public_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    is_project = "secrecy" in rows.collect_schema()
    return rows.filter(pl.col("secrecy") == "public") if is_project else rows
