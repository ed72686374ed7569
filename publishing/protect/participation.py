"""What people did and said, through the same rules as money: few of them, all of one mind, totals, earlier releases.

Everybody behind a number is protected: who rated, who asked. A number is sensitive when fewer persons than the smallest
sample of the policy stand behind it, or when all gave the same stars, so that the mean would tell what each gave. Numbers
that add up (places, units, projects, kinds of case) are one linear system, as for money, together with all earlier
releases; what came in between two releases has its own rule.

What is taken for known, so that nothing rests on it: how many rated (in the system of each mean), and how many cases
stand in the public list (in the system of cases).
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from anonymize.policy import Policy
from anonymize.rules import PrimaryRules, assess
from publishing.aggregate.participation import (
    CASE,
    LEAST_STAR,
    PLACE,
    RATING,
    SUBJECTS_OF,
    TOP,
    VOICE_OF,
    VOICES,
    Voice,
    entries_of,
)
from publishing.contributors import two_largest
from publishing.protect.eras import Era, EraSystem, Frame, build_system
from publishing.protect.family import REGION_COLUMNS, Trees
from publishing.protect.keys import cell_key
from publishing.protect.pieces import sum_relation
from publishing.protect.tree import OWN, RELATION_SCHEMA, CellTable

DATASET = "participation"
DOCUMENT = "recorded-participation.parquet"
MEASURES = tuple(voice.name for voice in VOICES)
SAMPLE, UNANIMOUS = "sample", "unanimous"
_SHORT, _WHOLE, _FEW = "short", "whole", "few:"
_AMOUNTS = ("base", "points", "listed")
_DEAREST, _DEAR = 1000.0, 3.0


@dataclass(frozen=True, slots=True)
class VoiceRows:
    """Who adds what to one measure: entries as `entries_of` gives them; for what came in between, also what is now."""

    entries: pl.DataFrame
    now: pl.DataFrame | None = None

    def less(self, earlier: VoiceRows) -> VoiceRows:
        """Who came in between, and who changed what they had said."""
        before = earlier.entries.with_columns(-pl.col(*_AMOUNTS))
        changed = (
            pl.concat([self.entries, before])
            .group_by(*PLACE, "contributor")
            .agg(pl.col(*_AMOUNTS).sum())
            .filter((pl.col("base") != 0) | (pl.col("points") != 0))
            .sort(*PLACE, "contributor")
        )
        return VoiceRows(changed, self.entries)


def to_document(books: pl.DataFrame) -> bytes:
    """The books as a file of the internal release."""
    sink = io.BytesIO()
    books.write_parquet(sink, compression="zstd", statistics=False)
    return sink.getvalue()


def from_document(content: bytes) -> pl.DataFrame:
    """Read them back."""
    return pl.read_parquet(io.BytesIO(content))


def voice_system(
    measure: str,
    books: Sequence[tuple[int, pl.DataFrame, pl.DataFrame | None]],
    trees: Trees,
    policy: Policy,
    *,
    strict: bool = False,
) -> EraSystem:
    """Write down what an attacker has of one measure.

    In:  books   oldest first, number of the release · its books · its public table (None for the one being made)
         strict  an attacker who also knows how many rated, that stars end at five, and that a row stands for something;
                 else one who knows only that nothing is below zero, as for money
    """
    voice = VOICE_OF[measure]
    eras = [
        Era(number, VoiceRows(entries_of(kept, voice)), None if table is None else _statuses(table, measure))
        for number, kept, table in books
    ]
    sample = _sample(voice, policy)
    least = policy.rules.min_contributors
    p_pct = policy.rules.p_pct
    rules, between = _Rules(sample, least, p_pct, strict), _Rules(least, least, p_pct, strict)
    frame: Frame[VoiceRows] = Frame(
        lambda rows: _cells(rows, trees, voice, rules),
        lambda rows: _cells(rows, trees, voice, between),
        _weight(trees),
        policy.insiders and not strict,
        upwards=strict,
    )
    return build_system(eras, frame)


def _sample(voice: Voice, policy: Policy) -> int:
    return policy.samples.cases if voice.record == CASE else policy.samples.ratings


def is_heard(books: pl.DataFrame, measure: str) -> bool:
    """Whether anything counts for a measure."""
    return entries_of(books, VOICE_OF[measure]).height > 0


def with_bases(
    verdicts: Mapping[str, pl.DataFrame], voices: pl.DataFrame | None, policy: Policy
) -> dict[str, pl.DataFrame]:
    """Withhold what rests on a withheld count, and units and projects that too few stand behind.

    A mean with two decimals tells how many it was made of.
    """
    found = dict(verdicts)
    for voice in VOICES:
        if voice.name not in found or voices is None:
            continue
        few = few_subjects(voices, voice, policy).with_columns(
            pl.lit(value=True).alias("withheld"), pl.lit(SAMPLE).alias("rule")
        )
        found[voice.name] = pl.concat([found[voice.name].join(few, on="key", how="anti"), few])
        if voice.base is None:
            continue
        base = found[voice.base].select("key", of_base="withheld", base_rule="rule")
        closed = pl.col("of_base").fill_null(value=False)
        found[voice.name] = (
            found[voice.name]
            .join(base, on="key", how="left", maintain_order="left")
            .select(
                "key",
                (pl.col("withheld") | closed).alias("withheld"),
                pl.coalesce("rule", pl.when(closed).then("base_rule")).alias("rule"),
            )
        )
    return found


def _statuses(table: pl.DataFrame, measure: str) -> pl.DataFrame:
    # Above all: a number that was not there, because nobody had rated, is no published cell.
    known = table.filter(pl.col(f"{measure}_status").is_in(["published", "withheld"]))
    return known.select(
        cell_key(DATASET, measure).alias("key"),
        (pl.col(f"{measure}_status") == "published").alias("published"),
    )


def _weight(trees: Trees) -> pl.Expr:
    """Readers want the whole first, then the places."""
    roots = trees.regions["region_province"].drop_nulls().unique().sort().to_list()
    key = pl.col("variable")
    of_root = pl.any_horizontal([key.str.contains(f"|region|{root}", literal=True) for root in roots])
    of_place = key.str.contains("|region|", literal=True)
    factor = pl.when(of_root).then(_DEAREST).when(of_place).then(_DEAR).otherwise(1.0)
    return pl.max_horizontal(pl.col("value").abs().cast(pl.Float64), 1.0) * factor


# ---------------------------------------------------------------- cells and sums


@dataclass(frozen=True, slots=True)
class _Rules:
    """Fewer persons than `sample` is too few; `unlisted` likewise for those who stand in no public list."""

    sample: int
    unlisted: int
    p_pct: Fraction
    strict: bool


def _cells(rows: VoiceRows, trees: Trees, voice: Voice, rules: _Rules) -> CellTable:
    placed = _placed(rows.entries, trees)
    if rows.now is None:
        placed = _with_small_together(placed, rules.sample)
    found = _judged(_behind(_members(placed, voice)), voice, rules)
    sums = _sums(placed, voice)
    if not voice.is_mean:
        lifted = voice.base is not None and not rules.strict
        return CellTable(_shaped(_lifted(found) if lifted else found), sums)
    opened = _with_levels(found, is_change=rows.now is not None)
    if not rules.strict:
        return CellTable(_shaped(_sums_of_stars(opened)), sums)
    now = _behind(_members(placed if rows.now is None else _placed(rows.now, trees), voice))
    return CellTable(_both_ends(opened, now), pl.concat([sums, _scales(opened)]))


def _placed(entries: pl.DataFrame, trees: Trees) -> pl.DataFrame:
    return entries.join(trees.regions, on="region_code").with_columns(
        pl.coalesce(*reversed(REGION_COLUMNS)).alias("_own"), pl.struct(*PLACE).hash().alias("_place")
    )


def _with_small_together(placed: pl.DataFrame, sample: int) -> pl.DataFrame:
    """Units and projects with too few persons are one cell, which no table shows: most are such, and none is singled out.

    What is in such a cell can be split among them in any way, so it need only be protected as a whole.
    """
    of_unit = pl.col("base").sum().over("quarter", "org_id")
    of_project = pl.col("base").sum().over("quarter", "project_id")
    units = pl.when(of_unit < sample).then(pl.lit(_FEW + OWN)).otherwise("org_id")
    together = pl.concat_str(pl.lit(_FEW), units, pl.lit(" "), "_own", pl.lit(OWN))
    small = (of_project < sample) & pl.col("project_id").is_not_null()
    return placed.with_columns(
        units.alias("org_id"), pl.when(small).then(together).otherwise("project_id").alias("project_id")
    )


def few_subjects(books: pl.DataFrame, voice: Voice, policy: Policy) -> pl.DataFrame:
    """The units and projects that too few stand behind, by the key of their cell."""
    sample = _sample(voice, policy)
    entries = entries_of(books, voice)
    found = [
        entries.drop_nulls(column)
        .group_by("quarter", column)
        .agg(pl.col("base").sum())
        .filter(pl.col("base") < sample)
        .select(_key(kind, column).alias("key"))
        for kind, column in (("organisation", "org_id"), ("project", "project_id"))
        if kind in SUBJECTS_OF[voice.record]
    ]
    return pl.concat(found).sort("key")


def _members(placed: pl.DataFrame, voice: Voice) -> pl.DataFrame:
    """Every entry once for each cell that it is part of."""
    columns = {
        "region": REGION_COLUMNS,
        "organisation": ("org_id",),
        "project": ("project_id",),
        "case_kind": ("case_kind",),
    }
    return pl.concat(
        placed.drop_nulls(column).select(_key(kind, column).alias("key"), "_place", "contributor", *_AMOUNTS)
        for kind in SUBJECTS_OF[voice.record]
        for column in columns[kind]
    )


def _behind(members: pl.DataFrame) -> pl.DataFrame:
    """The amounts of each cell and who stands behind it; `least`: records that an outsider may know to be there.

    A row is only there for something that happened, and the public list of cases can be counted. So that this knowledge
    adds up like the cells do, an outsider is given more: in which unit, place, kind and project something happened.
    """
    least = (
        members.group_by("key", "_place")
        .agg(pl.col("listed").sum())
        .group_by("key")
        .agg(pl.max_horizontal(pl.col("listed"), 1).sum().alias("least"))
    )
    persons = members.group_by("key", "contributor").agg(pl.col(*_AMOUNTS).sum())
    cells = (
        persons.group_by("key")
        .agg(
            pl.col(*_AMOUNTS).sum(),
            ((pl.col("base") - pl.col("listed")) != 0).sum().cast(pl.Int64).alias("unlisted"),
        )
        .join(least, on="key")
        .sort("key")
        .with_row_index("cell")
    )
    counted = persons.join(cells.select("key", "cell"), on="key")
    ranked = two_largest(
        counted.select("cell", "contributor", pl.max_horizontal(pl.col("base").abs(), 1).alias("amount_fen")),
        named=True,
    )
    return cells.join(ranked, on="cell", maintain_order="left")


def _judged(cells: pl.DataFrame, voice: Voice, rules: _Rules) -> pl.DataFrame:
    """Apply the primary rules to the persons: `few` where they are too few, `needed` how far a count must stay open."""
    sized = cells.with_columns(
        pl.max_horizontal(pl.col("base").abs(), pl.col("largest_fen") + pl.col("second_fen")).alias("value"),
        pl.col("largest_fen").alias("largest"),
        pl.col("second_fen").alias("second"),
    )
    found = assess(sized, PrimaryRules(rules.sample, rules.p_pct))
    few, is_public = pl.col("reason").is_not_null(), pl.lit(value=False)
    together = pl.col("key").str.contains(f"|{_FEW}", literal=True)
    few |= together & (
        pl.col("base") <= pl.col("least")
    )  # one for each of them: nothing could be split otherwise
    if voice.name == "cases":
        few |= (pl.col("unlisted") > 0) & (pl.col("unlisted") < rules.unlisted)
        is_public = pl.col("unlisted") == 0
    is_told = rules.strict and voice.base is None
    lower = pl.min_horizontal("least", "points") if is_told else pl.min_horizontal(0, "points")
    needed = pl.when(few & ~is_public).then(1).otherwise(0)
    return found.with_columns(
        pl.when(few).then(pl.lit(SAMPLE)).alias("reason"),
        lower.cast(pl.Int64).alias("lower"),
        needed.cast(pl.Int64).alias("upl"),
        pl.col("points").alias("value"),
        # Too few, but each of them stands in the public list: not shown, and known all the same.
        is_public.alias("known"),
    ).with_columns(_downwards(rules).alias("lpl"))


def _downwards(rules: _Rules) -> pl.Expr:
    """Upwards is enough against those who know more: what may be one more is not told."""
    if rules.strict:
        return pl.lit(0, dtype=pl.Int64)
    return pl.min_horizontal("upl", pl.col("value") - pl.col("lower")).clip(0)


def _shaped(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.select(
        "key",
        pl.col("value").cast(pl.Int64),
        pl.col("lower").cast(pl.Int64),
        pl.col("upl").cast(pl.Int64),
        pl.col("lpl").cast(pl.Int64),
        pl.col("reason").cast(pl.String),
        pl.col("contributors").cast(pl.UInt32),
        # Who is alone in a cell knows it, whatever it is a sum of.
        pl.when(pl.col("contributors") == 1)
        .then(pl.col("value").abs())
        .otherwise("largest_fen")
        .cast(pl.Int64)
        .alias("largest"),
        "largest_by",
        (~pl.col("key").str.ends_with(OWN)).alias("shown"),
        "known",
        pl.col("reason").is_not_null().alias("closed"),
        # One who gives a single star adds no points; the cell is another one all the same.
        (pl.col("base") * (1 << 32) + pl.col("points")).alias("stamp"),
    )


def _lifted(cells: pl.DataFrame) -> pl.DataFrame:
    """Part of a count, and the count: nobody answered is a number to protect as well, and needs something to stand on."""
    lifted = cells.with_columns((pl.col("points") + pl.col("base")).alias("value"))
    return lifted.with_columns(pl.min_horizontal("upl", pl.col("value").clip(0)).alias("lpl"))


def _with_levels(cells: pl.DataFrame, *, is_change: bool) -> pl.DataFrame:
    """Where too few rated, or all alike, the mean must stay open by half a star; a change must not be told exactly.

    Adds short (points missing to five stars for everybody) and level, and says in `reason` when all were alike.
    """
    short = pl.col("base") * TOP - pl.col("points")
    alike = (pl.col("points") == 0) | (short == 0)
    reason = pl.when(pl.col("reason").is_not_null()).then("reason").when(alike).then(pl.lit(UNANIMOUS))
    half = pl.lit(1) if is_change else (pl.col("base") + 1) // 2
    level = pl.when(reason.is_null()).then(0).otherwise(half)
    return cells.with_columns(
        short.alias("short"), reason.alias("reason"), level.cast(pl.Int64).alias("level")
    )


def _sums_of_stars(cells: pl.DataFrame) -> pl.DataFrame:
    stars = cells.with_columns((pl.col("points") + pl.col("base") * LEAST_STAR).alias("value"), upl="level")
    return _bounded(stars)


def _scales(cells: pl.DataFrame) -> pl.DataFrame:
    """The points and what is missing to five stars make up the whole."""
    scale = cells.select(
        "key",
        pl.concat_str("key", pl.lit("/scale")).alias("relation"),
        _renamed(_SHORT).alias("short"),
        _renamed(_WHOLE).alias("whole"),
    )
    return pl.concat(
        _side(scale, column, sign) for column, sign in (("whole", 1), ("key", -1), ("short", -1))
    )


def _both_ends(cells: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Points above one star, what is missing to five for everybody, and the whole, which is known as how many rated is.

    How far the mean is open is asked of the nearer end of the scale, upwards: there is always room for that.
    """
    ends = now.select("key", near_top=pl.col("points") * 2 >= pl.col("base") * TOP)
    placed = cells.join(ends, on="key", how="left", maintain_order="left")
    top = pl.col("near_top").fill_null(value=False)
    points = placed.with_columns(
        pl.when(top).then(0).otherwise("level").alias("upl"), pl.col("points").alias("value")
    )
    short = placed.with_columns(
        _renamed(_SHORT).alias("key"),
        pl.when(top).then("level").otherwise(0).alias("upl"),
        pl.col("short").alias("value"),
    )
    whole = placed.with_columns(
        _renamed(_WHOLE).alias("key"),
        pl.lit(0, dtype=pl.Int64).alias("upl"),
        (pl.col("base") * TOP).alias("value"),
    )
    return pl.concat(
        [
            _shaped(_bounded(points)),
            _shaped(_bounded(short)).with_columns(**_ASIDE),
            _shaped(_bounded(whole)).with_columns(**_ASIDE | {"known": pl.lit(value=True)}),
        ]
    )


_ASIDE = {
    "shown": pl.lit(value=False),
    "closed": pl.lit(value=False),
    "reason": pl.lit(None, dtype=pl.String),
}


def _bounded(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns(
        pl.min_horizontal(pl.lit(0, dtype=pl.Int64), "value").alias("lower"),
        pl.lit(0, dtype=pl.Int64).alias("lpl"),
    )


def _side(scale: pl.DataFrame, column: str, sign: int) -> pl.DataFrame:
    return scale.select("relation", pl.col(column).alias("key"), pl.lit(sign, dtype=pl.Int8).alias("sign"))


def _sums(placed: pl.DataFrame, voice: Voice) -> pl.DataFrame:
    """Places add up to the place above; units and kinds to the province; projects to their unit and to their place."""
    root, own = _key("region", REGION_COLUMNS[0]), _key("region", "_own")
    upper = {
        **{
            _LEVEL[lower]: (_key("region", lower), _key("region", above))
            for above, lower in itertools.pairwise(REGION_COLUMNS)
        },
        "/units": (_key("organisation", "org_id"), root),
    }
    if voice.record == RATING:
        project = _key("project", "project_id")
        upper |= {"/projects": (project, _key("organisation", "org_id")), "/here": (project, own)}
    else:
        upper |= {"/kinds": (_key("case_kind", "case_kind"), root)}
    parts = [
        sum_relation(placed.select(child.alias("key"), parent.alias("parent")).drop_nulls().unique(), name)
        for name, (child, parent) in upper.items()
    ]
    return pl.concat([pl.DataFrame(schema=RELATION_SCHEMA), *parts])


_LEVEL = {REGION_COLUMNS[1]: "/cities", REGION_COLUMNS[2]: "/counties"}


def _key(kind: str, column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(DATASET), "quarter", pl.lit(kind), pl.col(column), separator="|")


def _renamed(name: str) -> pl.Expr:
    return pl.col("key").str.replace(rf"^{DATASET}\|", f"{name}|")
