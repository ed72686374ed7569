"""Text into tokens, and back to the places in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import Analyzer, pairs
from search.folding import FoldedText, fold, fold_solid
from search.highlight import EXCERPT_CHARACTERS, Highlighter
from search.lexicon import Lexicon, Term
from search.sounds import blur, split_pinyin, split_unfinished_pinyin
from search.spelling import Speller
from search.suggest import Suggester
from tests.search.engine.library import LEXICON, ROAD

ANALYZER = Analyzer(LEXICON)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("農村公路", "农村公路"),
        ("裡裏里", "里里里"),
        ("ＡＢＣ１２３", "abc123"),
        ("Nóngcūn", "nongcun"),
        ("３０㎡", "30m2"),
        ("第①批", "第1批"),
        ("ガソリン", "ガソリン"),
        ("😀\x00\u200b！", "    "),
    ],
)
def test_the_same_thing_is_written_the_same_way(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(), st.text())
def test_the_folded_form_of_a_part_is_a_part_of_the_folded_form(first: str, second: str) -> None:
    assert fold(first) + fold(second) == fold(first + second)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.sampled_from("农村㎡路（）ＡB1😀 ①"), max_size=30))
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = FoldedText.of(text)
    assert folded.text == fold_solid(text)
    assert len(folded.positions) == len(folded.text)
    for character, position in zip(folded.text, folded.positions, strict=True):
        assert character in fold(text[position])


def test_pairs_overlap_and_the_last_character_stands_alone() -> None:
    assert pairs("农村公路") == ["农村", "村公", "公路", "路"]
    assert pairs("") == []


def test_an_alias_stands_behind_a_bar_that_no_phrase_crosses() -> None:
    (streams,) = ANALYZER.streams([ROAD])
    assert "|" not in streams.title
    assert "农村 村公 公路" in streams.title


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("nongcungonglu", (("nong", "cun", "gong", "lu"),)),
        ("xian", (("xian",), ("xi", "an"))),
        ("gzncgl", ()),
        ("lvse", (("lv", "se"),)),
    ],
)
def test_typed_pinyin_is_read_in_every_way(typed: str, readings: tuple[tuple[str, ...], ...]) -> None:
    assert split_pinyin(typed) == readings


def test_pinyin_still_being_typed_keeps_the_beginning_of_a_syllable() -> None:
    assert (("nong", "cun"), "g") in split_unfinished_pinyin("nongcung")


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("shi", "si"), ("ling", "lin"), ("cheng", "cen")]
)
def test_near_homophones_are_blurred_to_one(one: str, other: str) -> None:
    assert blur(one) == blur(other)


def test_a_query_falls_into_runs_and_pieces() -> None:
    query = ANALYZER.query("旧名府农村公路，二期")
    assert [run.text for run in query.runs] == ["旧名府农村公路", "二期"]
    assert [piece.text for piece in query.runs[0].pieces] == ["旧名府", "农村公路"]
    assert query.runs[0].pieces[0].alternatives == ("清河市",)


def test_filler_words_do_not_count_towards_closeness() -> None:
    assert ANALYZER.query("请问清河市的公路怎么样了").core == "清河市公路"


def test_a_query_of_nothing_but_filler_is_searched_as_it_is() -> None:
    assert ANALYZER.query("怎么样").core == "怎么样"


def test_only_the_beginning_of_a_very_long_query_counts() -> None:
    query = ANALYZER.query("公路" * 3_000)
    assert sum(len(run.text) for run in query.runs) <= 160


def test_marks_span_punctuation_between_what_was_found() -> None:
    marked = Highlighter(ANALYZER, ANALYZER.query("工程二期")).title(ROAD.title)
    assert [marked.text[start:end] for start, end in marked.spans] == ["工程（二期"]


def test_an_excerpt_begins_shortly_before_the_first_mark() -> None:
    text = "前言" * 200 + "这里说到水库加固。" + "后记" * 200
    excerpt = Highlighter(ANALYZER, ANALYZER.query("水库")).excerpt(text)
    assert len(excerpt.text) == EXCERPT_CHARACTERS
    assert [excerpt.text[start:end] for start, end in excerpt.spans] == ["水库"]


def test_an_excerpt_begins_after_a_stop_rather_than_within_a_word() -> None:
    text = f"{'前面还有很多别的内容' * 12}由望山县交通运输局实施；公路养护；关于农村公路的通知"
    assert (
        Highlighter(ANALYZER, ANALYZER.query("农村公路")).excerpt(text).text == "公路养护；关于农村公路的通知"
    )


def test_initials_are_marked_with_or_without_the_kind_of_place() -> None:
    for letters in ("qhsnc", "qhnc"):
        marked = Highlighter(ANALYZER, ANALYZER.query(letters)).title(ROAD.title)
        assert [marked.text[start:end] for start, end in marked.spans] == ["清河市农村"]


def test_a_lexicon_comes_back_from_its_file() -> None:
    assert Lexicon.from_json(LEXICON.to_json()) == LEXICON


def test_an_extended_lexicon_holds_nothing_twice() -> None:
    once = LEXICON.extended(
        words=("清河",), synonyms=(("清河市", "旧名府"), ("独",)), terms=(Term("教育", "function"),)
    )
    assert once == LEXICON


def test_the_nearest_known_word_is_one_slip_away() -> None:
    speller = Speller([("公路", 9), ("公园", 3), ("transport", 2), ("2024", 9)])
    assert speller.nearest("transprot") == ("transport",)
    assert speller.nearest("公露")[0] == "公路"
    assert speller.corrected(["transprot", "公路", "20242"], {"公路": 9}.get) == (("transprot", "transport"),)  # type: ignore[arg-type]


def test_names_that_begin_with_the_text_come_before_those_that_hold_it() -> None:
    terms = (Term("望山教育局", "organisation"), Term("教育", "function"), Term("教育厅", "organisation"))
    suggested = Suggester(terms, ANALYZER).suggest("教育", 8)
    assert [suggestion.title.text for suggestion in suggested] == ["教育", "教育厅", "望山教育局"]


@pytest.mark.parametrize("typed", ["jy", "jiaoyu", "jiaoy"])
def test_names_are_suggested_by_pinyin_and_initials(typed: str) -> None:
    suggested = Suggester((Term("教育", "function"), Term("水务", "function")), ANALYZER).suggest(typed, 8)
    assert [suggestion.title.text for suggestion in suggested] == ["教育"]
