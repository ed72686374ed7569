"""Free text on its way out: every column of text that becomes public passes here."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from anonymize.text import Scrubber


class ColumnScrubber:
    """Scrubs columns of text, each distinct text once, and counts what it took out."""

    def __init__(self, person_names: Path | None) -> None:
        """Prepare for one source package.

        In: staged Parquet with one column `name`, the natural persons that were paid; None when there are none.
        """
        names = pl.read_parquet(person_names)["name"].to_list() if person_names is not None else []
        self._scrubber = Scrubber(names)
        self.removed: dict[str, int] = {}

    def __call__(self, texts: pl.Series) -> pl.Series:
        """Return the same column without personal data; nulls stay null."""
        distinct = texts.drop_nulls().unique()
        clean: dict[str, str] = {}
        for text in distinct:
            scrubbed = self._scrubber.scrub(text)
            clean[text] = scrubbed.text
            for span in scrubbed.spans:
                self.removed[span.kind] = self.removed.get(span.kind, 0) + 1
        if not clean:
            return texts
        return texts.replace_strict(list(clean), list(clean.values()), default=None, return_dtype=pl.String)
