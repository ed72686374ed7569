from __future__ import annotations

import polars as pl

from anonymize.text import Scrubber
from tests.conftest import Province

PUBLIC_TEXTS = {"projects": ("name", "description"), "contracts": ("title",), "functions": ("name",)}


def test_hardly_a_public_text_of_the_province_is_taken_for_a_persons(province: Province) -> None:
    scrubber = Scrubber()
    texts = {
        text
        for table, columns in PUBLIC_TEXTS.items()
        for column in pl.read_csv(province.sources[-1] / f"{table}.csv", columns=columns).iter_columns()
        for text in column.drop_nulls()
    }
    flagged = sorted(text for text in texts if scrubber.scrub(text).spans)
    assert len(texts) > 1000
    assert len(flagged) <= len(texts) / 1000, flagged[:20]
