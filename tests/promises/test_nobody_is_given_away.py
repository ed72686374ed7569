"""What we promise: no protected figure can be worked out, from one release or from all of them together."""

from __future__ import annotations

import dataclasses
import io

import polars as pl
import pytest

from anonymize.certificate import Certificate
from publishing.past import past_releases
from publishing.protect import PastRelease, attack_releases, default_policy, participation
from publishing.protect.recorded import MEASURES
from publishing.release.reader import open_release
from tests.conftest import Province

POLICY = default_policy().policy


@pytest.fixture(scope="module")
def past(province: Province) -> list[PastRelease]:
    return past_releases(province.home)


def test_the_attacker_recovers_nothing_from_both_releases_together(past: list[PastRelease]) -> None:
    reports = attack_releases(past, POLICY)
    assert set(reports) == {*MEASURES, *participation.MEASURES}
    assert sum(report.checked for report in reports.values()) > 100, "there was something to attack"
    assert [one.key for report in reports.values() for one in report.exposures] == []


def test_the_attacker_notices_when_only_the_primary_cells_are_withheld(past: list[PastRelease]) -> None:
    """A check that cannot fail is none: give back what was withheld to protect others, and sums must tell."""
    newest = past[-1]
    careless = {
        name: frame.with_columns(
            pl.when(pl.col("paid_rule").is_in(["secondary", "history"]))
            .then(pl.lit("published"))
            .otherwise("paid_status")
            .alias("paid_status")
        )
        if "paid_rule" in frame.columns
        else frame
        for name, frame in newest.tables.items()
    }
    leaking = [*past[:-1], dataclasses.replace(newest, tables=careless)]
    assert not attack_releases(leaking, POLICY)["paid"].clean


def test_every_protected_measure_has_a_certificate_in_the_internal_release_only(province: Province) -> None:
    internal, public = open_release(province.home.internal), open_release(province.home.public)
    for measure in MEASURES:
        assert Certificate.from_bytes(internal.document(f"certificate-{measure}.bin")).start.size >= 1
    assert not {stored.name for stored in public.manifest.documents} & {
        stored.name
        for stored in internal.manifest.documents
        if stored.name.startswith(("certificate", "recorded", "findings"))
    }


def test_no_raw_value_of_a_person_is_in_any_public_file(province: Province) -> None:
    """Names may coincide with common words; numbers and accounts may not."""
    payments = pl.read_csv(province.sources[-1] / "payments.csv", infer_schema=False)
    people = payments.filter(pl.col("payee_kind") == "individual")
    secrets = {
        *people["payee_id_number"].drop_nulls().to_list(),
        *people["payee_account"].drop_nulls().to_list(),
    }
    assert len(secrets) > 1_000
    release = open_release(province.home.public)
    words: set[str] = set()
    for spec in release.specs:
        frame = release.table(spec.name)
        for column in frame.columns:
            if frame.schema[column] == pl.String:
                for text in frame[column].drop_nulls().unique():
                    words.update(_numbers(text))
    for stored in release.manifest.documents:
        words.update(_numbers(release.document(stored.name).decode("utf-8", "replace")))
    assert secrets.isdisjoint(words)


def _numbers(text: str) -> set[str]:
    """Runs of 15 and more letters or digits."""
    runs, run = set(), io.StringIO()
    for character in text + " ":
        if character.isascii() and character.isalnum():
            run.write(character)
            continue
        if len(run.getvalue()) >= 15:
            runs.add(run.getvalue())
        run = io.StringIO()
    return runs


def test_withheld_values_are_in_no_format_of_any_table(province: Province) -> None:
    release = open_release(province.home.public)
    withheld = 0
    for spec in release.specs:
        frame = release.table(spec.name)
        for measure in spec.protected:
            kept = frame.filter(pl.col(f"{measure}_status") == "withheld")
            withheld += kept.height
            assert kept[measure].null_count() == kept.height
            if f"{measure}_rule" in frame.columns:
                assert kept[f"{measure}_rule"].null_count() == 0, "a withheld cell says by which rule"
    assert withheld > 0
