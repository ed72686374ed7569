"""What people did and said goes through the same protection as money: samples, totals, earlier releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.aggregate import aggregate, read_rows
from publishing.aggregate.participation import VOICE_OF, books_of, entries_of
from publishing.aggregate.rows import SourceRows
from publishing.errors import ProtectionFailed
from publishing.intake import PackageRefused
from publishing.intake.participation import read_participation
from publishing.protect import PastRelease, Protected, attack_releases, default_policy, protect
from publishing.protect.family import Trees
from publishing.protect.participation import voice_system
from tests.builders.voices import Voices
from tests.publishing.staged import Staged

POLICY = default_policy().policy
AS_OF, TODAY = date(2026, 9, 30), date(2026, 11, 1)
PROJECTS = {"P1": "990101", "P2": "990101", "P3": "990102", "P4": "990200", "P5": "990200"}


def province(folder: Path) -> tuple[dict[str, Path], SourceRows]:
    built = Staged().line("L1").pay("L1", 100, kind="company")
    for project, region in PROJECTS.items():
        built.project(project, region=region, org="O-prov" if region == "990101" else "O-city2")
    built.project("P-secret", secrecy="secret", region="990101")
    tables = built.write(folder)
    return tables, read_rows(tables)


def released(
    rows: SourceRows, voices: Voices, past: Sequence[PastRelease] = ()
) -> tuple[Protected, PastRelease]:
    """Protect one release, and give it as a past one too."""
    books = books_of(voices.frame(), rows)
    lights = pl.DataFrame(schema={"project_id": pl.String, "light": pl.String, "light_reason": pl.String})
    drafts = aggregate(rows, lambda texts: texts, books)
    made = protect(rows, drafts, POLICY, past=past, lights=lights, voices=books)
    ledger = pl.DataFrame(
        schema={
            "dataset": pl.String,
            "measure": pl.String,
            "fiscal_year": pl.Int32,
            "official_total": pl.Int64,
        }
    )
    tables = made.tables | {"coverage": ledger}
    return made, PastRelease(len(past) + 1, made.recorded, tables, books)


def said(made: Protected, kind: str, subject: str, measure: str) -> tuple[Any, str, str | None]:
    row = made.tables["participation"].row(
        by_predicate=(pl.col("subject_kind") == kind) & (pl.col("subject_id") == subject), named=True
    )
    return row[measure], row[f"{measure}_status"], row[f"{measure}_rule"]


def refused(voices: Voices, folder: Path) -> list[tuple[str, int | None, str | None]]:
    tables, _ = province(folder)
    with pytest.raises(PackageRefused) as caught:
        read_participation(voices.write(folder / "voices.csv"), tables, as_of=AS_OF, today=TODAY)
    return [(one.rule, one.row, one.column) for one in caught.value.report.violations]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("voices", "rule", "column"),
    [
        (Voices().rate("P-none", "a", 3), "reference_broken", "project_id"),
        (Voices().rate("P1", "a", 6), "out_of_range", "overall"),
        (Voices().rate("P1", "a", 0), "out_of_range", "overall"),
        (Voices().rate("P1", "a", 3, usefulness=-1), "out_of_range", "usefulness"),
        (Voices().rate("P-secret", "a", 3), "project_not_public", "project_id"),
        (Voices().rate("P1", "a", 3, quarter="2026-3"), "code_malformed", "quarter"),
        (Voices().rate("P1", "a", 3, quarter="2027Q1"), "quarter_in_future", "quarter"),
        (Voices().rate("P1", "a", 3, reply="late"), "value_of_other_record", "reply"),
        (Voices().case("O-none", "990101", "a"), "reference_broken", "org_id"),
        (
            Voices().case("O-c1", "990101", "a", reply="open", reply_rating=4),
            "rating_of_no_reply",
            "reply_rating",
        ),
        (Voices().case("O-c1", "990101", "a", case_kind=None), "value_missing", "case_kind"),
    ],
)
def test_a_bad_row_is_told_with_its_place_and_nothing_is_made(
    voices: Voices, rule: str, column: str, tmp_path: Path
) -> None:
    good = Voices().rate("P2", "somebody", 4)
    assert (rule, 3, column) in refused(Voices(good.rows + voices.rows), tmp_path)


def test_nobody_rates_a_project_twice(tmp_path: Path) -> None:
    twice = Voices().rate("P1", "a", 5).rate("P1", "a", 4, record_id="r-other")
    assert refused(twice, tmp_path) == [("project_rated_twice", 3, "project_id")]


def test_a_quarter_that_is_not_over_waits_for_a_later_release(tmp_path: Path) -> None:
    tables, _ = province(tmp_path)
    voices = Voices().rate("P1", "a", 5).rate("P2", "a", 4, quarter="2026Q4")
    read = read_participation(voices.write(tmp_path / "v.csv"), tables, as_of=AS_OF, today=TODAY)
    assert read.rows["quarter"].to_list() == ["2026Q3"]


# ---------------------------------------------------------------- what is published


def test_means_and_counts_are_true_where_enough_people_took_part(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    voices = Voices().many("P1", 12).many("P3", 15).many("P4", 30)
    for number in range(9):
        voices.case("O-c1", "990101", f"asker {number}", reply="late" if number < 2 else "on_time")
    made, _ = released(rows, voices)
    assert said(made, "project", "P1", "ratings") == (12, "published", None)
    assert said(made, "project", "P1", "satisfaction") == (4.0, "published", None)
    assert said(made, "region", "990000", "ratings") == (57, "published", None)
    assert said(made, "organisation", "O-c1", "cases") == (9, "published", None)
    assert said(made, "case_kind", "question", "on_time") == (7, "published", None)
    assert said(made, "project", "P1", "cases") == (None, "not_applicable", None)


def test_few_ratings_are_withheld_and_cannot_be_subtracted_from_totals(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    made, past = released(rows, Voices().many("P1", 12).many("P3", 3).many("P4", 30))
    assert said(made, "project", "P3", "ratings") == (None, "withheld", "sample")
    assert said(made, "region", "990102", "satisfaction") == (None, "withheld", "sample")
    beside = [said(made, "region", code, "ratings")[1] for code in ("990100", "990200", "990101")]
    assert "withheld" in beside or said(made, "region", "990000", "ratings")[1] == "withheld"
    assert all(report.clean for report in attack_releases([past], POLICY).values())


def test_when_all_give_the_same_the_mean_would_tell_what_each_gave(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    made, past = released(rows, Voices().many("P1", 14, stars=(5,)).many("P3", 20).many("P4", 30))
    assert said(made, "project", "P1", "satisfaction") == (None, "withheld", "unanimous")
    assert said(made, "project", "P1", "ratings") == (14, "published", None)
    assert all(report.clean for report in attack_releases([past], POLICY).values())


def test_a_rating_that_came_in_between_cannot_be_worked_out_from_two_releases(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    first = Voices().many("P1", 12).many("P3", 15).many("P4", 30)
    _, before = released(rows, first)
    later = Voices(list(first.rows)).rate("P1", "one more", 1)
    made, after = released(rows, later, [before])
    for kind, subject in (("project", "P1"), ("region", "990000"), ("organisation", "O-prov")):
        assert said(made, kind, subject, "satisfaction")[1] == "withheld"
        assert said(made, kind, subject, "ratings")[1] == "withheld"
    assert said(made, "project", "P3", "ratings") == (15, "published", None)
    assert all(report.clean for report in attack_releases([before, after], POLICY).values())


def test_a_rating_that_was_changed_in_between_is_not_told_either(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    first = Voices().many("P1", 12).many("P3", 15).many("P4", 30)
    _, before = released(rows, first)
    changed = [dict(row, overall=1) if row["person"] == "P1-2" else row for row in first.rows]
    made, after = released(rows, Voices(changed), [before])
    assert said(made, "project", "P1", "satisfaction")[1:] == ("withheld", "history")
    assert said(made, "project", "P1", "ratings") == (12, "published", None)
    assert all(report.clean for report in attack_releases([before, after], POLICY).values())


# ---------------------------------------------------------------- planted leaks


def opened(past: PastRelease, subject: str, measure: str, value: float) -> PastRelease:
    """The same release with one withheld number put back."""
    here = pl.col("subject_id") == subject
    table = past.tables["participation"].with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(measure).alias(measure),
        pl.when(here).then(pl.lit("published")).otherwise(f"{measure}_status").alias(f"{measure}_status"),
    )
    return replace(past, tables=dict(past.tables) | {"participation": table})


def test_a_planted_leak_is_found_by_the_attacker(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    _, past = released(rows, Voices().many("P1", 12).many("P3", 4).many("P4", 30))
    for measure in ("ratings", "satisfaction"):
        leaky = past
        for subject in ("990000", "990100", "990101", "990200"):
            leaky = opened(leaky, subject, measure, 1)
        assert not attack_releases([leaky], POLICY)[measure].clean


def test_a_release_after_a_planted_leak_is_stopped(tmp_path: Path) -> None:
    _, rows = province(tmp_path)
    voices = Voices().many("P1", 12).many("P3", 4).many("P4", 30)
    _, past = released(rows, voices)
    for subject in ("990000", "990100", "990101", "990102", "990200"):
        past = opened(past, subject, "ratings", 1)
    with pytest.raises(ProtectionFailed, match="ratings"):
        released(rows, voices, [past])


# ---------------------------------------------------------------- the system itself

ratings = st.lists(
    st.tuples(st.sampled_from(sorted(PROJECTS)), st.integers(0, 14), st.integers(1, 5)),
    min_size=1,
    max_size=60,
    unique_by=lambda rating: rating[:2],
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_stars=ratings)
def test_whatever_people_give_nothing_withheld_can_be_worked_out(
    given_stars: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    _, rows = province(tmp_path)
    voices = Voices()
    for project, person, stars in given_stars:
        voices.rate(project, f"person {person}", stars)
    made, past = released(rows, voices)
    assert all(report.clean for report in attack_releases([past], POLICY).values())
    for row in made.tables["participation"].iter_rows(named=True):
        if row["ratings_status"] == "published":
            assert row["ratings"] >= POLICY.samples.ratings
        else:
            assert row["satisfaction"] is None


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_stars=ratings)
def test_every_sum_that_the_attacker_may_write_down_holds(
    given_stars: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    _, rows = province(tmp_path)
    voices = Voices()
    for project, person, stars in given_stars:
        voices.rate(project, f"person {person}", stars)
    books, trees = books_of(voices.frame(), rows), Trees.of(rows)
    for measure in ("ratings", "satisfaction"):
        assert entries_of(books, VOICE_OF[measure])["base"].sum() == len(given_stars)
        for strict in (False, True):  # building it checks every sum
            system = voice_system(measure, [(1, books, None)], trees, POLICY, strict=strict).system
            assert (system.relations @ system.value == 0).all()
