"""The answer card: the number, how the question was understood, how each part of that can be changed, what lies near.

A question is changed by changing its words: every part of a reading is followed back to the words it came from, and
each alternative is the same question with other words there. So whatever is chosen is again a question that anybody
can read, send on or type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from portal.reading.answer_words import say, spoken_in
from portal.reading.answers import Answer, Answerer
from portal.reading.edition import Edition
from portal.reading.finders import Finder
from portal.reading.finding import FindingView, finding_view, trees_of
from portal.reading.leading import claim
from portal.reading.number_bars import NumberBar, NumberBars, number_bars
from portal.reading.words import STATUS_WORDS
from publishing.release.query import unit_of
from search.engine import Query
from search.parse import Code, Form, Reading, WordUse
from search.plan import parse_measure
from search.rephrasing import configured_rephraser
from search.timewords import describe
from search.vocabulary import TOTAL, Kind, Tree, Vocabulary

LONGEST_ASKED = 300
MOST_BARS = 30
MOST_ROWS = 20
MOST_ALTERNATIVES = 60
HITS_BESIDE = 5
MEASURES_OFFERED = ("支出", "年初预算", "调整预算", "执行率", "人均支出")
PART_TITLES = {
    "filter": "限定",
    "period": "时间",
    "measure": "看什么数",
    "group_by": "按什么分",
    "scope": "范围",
    "subject": "对象",
    "order": "顺序",
    "comparison": "比较",
    "condition": "条件",
    "limit": "取几个",
    "form": "问法",
    "unknown": "没有看懂",
    "refused": "不能回答",
}
CODE_TITLES = {
    Code.WITHHELD: "这个数依规不公开",
    Code.NOT_IN_DATA: "公开数据里没有这个数",
    Code.NOT_UNDERSTOOD: "没有看懂这个问题",
    Code.OUT_OF_SCOPE: "这个问题不在能回答的范围里",
    Code.PERIOD_NOT_COVERED: "数据没有覆盖这个时间",
}
PAGE_OF = {
    "region_code": "/regions/",
    "project_id": "/projects/",
    "supplier_id": "/suppliers/",
    "org_id": "/organisations/",
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other words in the same place: what they say, and the whole question with them."""

    label: str
    question: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the reading: the words it came from (none: it was assumed), what they mean, what else may stand there."""

    title: str
    words: str
    means: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One thing of the answer: its cells, and the page that the first of them leads to (empty: none)."""

    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Rows of the answer as a table."""

    headings: tuple[str, ...]
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class AskView:
    """The page of a question.

    `headline` is the number as it is said, `exact` the same in full; `sentence` what there is to say beside them.
    Each is empty where it would only repeat what stands there already.
    `hits` are what a plain search for the same words finds; `leads_with_hits` when they are the better answer.
    """

    question: str
    is_asked: bool
    answer: Answer
    headline: str
    headline_unit: str
    exact: str
    sentence: str
    title: str
    parts: tuple[Part, ...]
    bars: NumberBars | None
    table: AnswerTable | None
    hits: FindingView
    leads_with_hits: bool
    examples: tuple[str, ...]
    rows_page: str
    api: str
    permalink: str
    search_note: str


def answerer_of(edition: Edition) -> Answerer:
    """Who answers questions from this release; made once, because its vocabulary is large."""
    return edition.keep(
        "answerer",
        lambda: Answerer(edition.release, rephrase=configured_rephraser(), currency=edition.currency),
    )


def ask_view(edition: Edition, finder: Finder, question: str, today: date | None) -> AskView:
    """The page of a question asked on a day (by default the day the figures are as of)."""
    answerer = answerer_of(edition)
    answer = answerer.ask(question, today)
    is_asked = bool(question.strip())
    query = Query(question[:LONGEST_ASKED] if is_asked else "", page_size=HITS_BESIDE)
    hits = finding_view(query, finder.engine.search(query), trees_of(edition))
    headline, unit, exact = _headline(answer)
    return AskView(
        question=question,
        is_asked=is_asked,
        answer=answer,
        headline=headline,
        headline_unit=unit,
        exact=exact,
        sentence=_sentence(answer),
        title=CODE_TITLES.get(answer.code, "") if answer.code else "",
        parts=tuple(_parts(edition, answerer.vocabulary, answer)) if answer.status != "refused" else (),
        bars=_bars(edition, answer),
        table=_table(edition, answer),
        hits=hits,
        leads_with_hits=_leads_with_hits(answer, hits),
        examples=answerer.reader.examples(edition.release.as_of),
        rows_page=answer.rows_url,
        api="/api/v1/ask?" + urlencode(_asked(question, today)),
        permalink="/ask?" + urlencode([*_asked(question, today), ("release", str(edition.number))]),
        search_note=finder.note,
    )


def _asked(question: str, today: date | None) -> list[tuple[str, str]]:
    return [("q", question), *([("today", today.isoformat())] if today else [])]


def _leads_with_hits(answer: Answer, hits: FindingView) -> bool:
    """A name typed into the box is no question: what bears the name comes first, the refusal is a note."""
    is_name = answer.code in (Code.NOT_UNDERSTOOD, Code.NOT_IN_DATA)
    return answer.status == "refused" and is_name and hits.total > 0


# ---------------------------------------------------------------- the number


def _headline(answer: Answer) -> tuple[str, str, str]:
    """The number in the unit people use, that unit, and the exact number."""
    value = answer.value
    is_table = (
        answer.reading is not None
        and answer.reading.form in (Form.TABLE, Form.SHARES)
        and value is not None
        and value.unit == "个"
    )
    if (
        value is None or value.number is None or is_table
    ):  # a table has no one number: its rows are the answer
        return "", "", ""
    if isinstance(value.number, str):
        return (value.number, "", "") if len(value.number) <= 24 else ("", "", "")
    short, _, exact = say(value.number, value.unit).partition("（")
    figure = short.rstrip(_UNITS_AFTER) or short
    return figure, short.removeprefix(figure), exact.rstrip("）")


_UNITS_AFTER = "元万亿円億百個个百分点%人家份公里平方米"


def _sentence(answer: Answer) -> str:
    """What the answer says beyond its scope and its number; the notes stand below on lines of their own."""
    if answer.reading is None or answer.reading.form in (Form.AMOUNT, Form.COUNT, Form.LIST):
        return ""
    is_table = answer.reading.form in (Form.TABLE, Form.SHARES)
    if is_table and answer.value is not None and answer.value.unit == "个":
        return _extremes(answer, answer.reading)
    text = answer.text
    for note in answer.notes:
        text = text.replace(f"（{note.rstrip('。')}）", "")
    text = text.removeprefix(" ".join(answer.reading.scope) + "：")
    if is_table and answer.reading.attribute == "sum":
        text = text.partition("：")[0] + "。"  # the members stand below as bars
    return _EXACT.sub("", text)  # the exact amounts stand beside the figure, in the tooltips and in the rows


_EXACT = re.compile(r"（-?[\d,.]+[元円]）")


def _extremes(answer: Answer, reading: Reading) -> str:
    """The finding of a table: its largest and its smallest number, where names rather than times stand in it."""
    rows = [row for row in answer.rows if isinstance(_value_of(row, reading), (int, float))]
    told = answer.value.number if answer.value is not None else None
    if told != len(answer.rows):
        return ""  # only the first rows are here, and the smallest may be among the others
    if len(rows) < 2 or reading.plan.group_by[:1] in (("month",), ("fiscal_year",), ("quarter",)):
        return ""
    first = max(rows, key=lambda row: _value_of(row, reading))
    last = min(rows, key=lambda row: _value_of(row, reading))
    unit = "%" if "share_pct" in first else reading.unit
    most, least = (_shown(_value_of(row, reading), unit)[0] for row in (first, last))
    finding = f"{first.get('name', '')}最多，{most}；{last.get('name', '')}最少，{least}。"
    return claim(finding, is_sure=len(rows) == len(answer.rows))


def _shown(number: Any, unit: str) -> tuple[str, str]:
    short, _, exact = say(number, unit).partition("（")
    return short, exact.rstrip("）") or short


# ---------------------------------------------------------------- groups and rows


def _value_of(row: Mapping[str, Any], reading: Reading) -> Any:
    return row.get("share_pct", row.get("value", row.get(reading.column)))


def _bars(edition: Edition, answer: Answer) -> NumberBars | None:
    """The numbers of an answer as bars; None when it has but one, or they cannot be compared."""
    reading = answer.reading
    if reading is None:
        return None
    found = [
        (row, _value_of(row, reading))
        for row in answer.ranking or answer.rows
        if "name" in row and isinstance(_value_of(row, reading), (int, float))
    ]
    if len(found) < 2:
        return None
    unit = "%" if "share_pct" in found[0][0] else _unit(edition, reading) or reading.unit
    groups = reading.plan.group_by
    stem = PAGE_OF.get(groups[0], "") if len(groups) == 1 else ""
    bars = []
    for row, value in found[:MOST_BARS]:
        said, exact = _shown(value, unit)
        bars.append(NumberBar(row["name"], float(value), said, exact, _page(stem, row)))
    return number_bars("", "", bars)


def _page(stem: str, row: Mapping[str, Any]) -> str:
    return stem + quote(str(row["code"]), safe="") if stem and row.get("code") else ""


def _unit(edition: Edition, reading: Reading) -> str:
    try:
        unit = unit_of(edition.release.spec(reading.plan.dataset), parse_measure(reading.column))
        return spoken_in(unit, edition.currency)
    except Exception:  # noqa: BLE001 - a unit is an ornament here: without it the number still stands
        return ""


_COLUMNS = ("name", "title", "indicator", "region_name", "org_name", "supplier_name", "status", "signed_on",
            "planned_end", "adjusted", "amount", "paid", "target", "actual")  # fmt: skip


def _table(edition: Edition, answer: Answer) -> AnswerTable | None:
    """Rows that are things (projects, contracts): the columns people look for, with the words of the dictionary."""
    reading = answer.reading
    if reading is None or reading.plan.measures or not answer.rows:
        return None
    spec = edition.specs.get(reading.plan.dataset)
    columns = {column.name: column for column in spec.columns} if spec else {}
    names = [name for name in _COLUMNS if name in columns and any(row.get(name) for row in answer.rows)]
    if not names:
        return None
    key = next((name for name in PAGE_OF if name in columns), "")
    lines = tuple(
        AnswerLine(
            PAGE_OF[key] + quote(str(row[key]), safe="") if key and row.get(key) else "",
            tuple(
                _cell(name, row.get(name), spoken_in(columns[name].unit or "", edition.currency))
                for name in names
            ),
        )
        for row in answer.rows[:MOST_ROWS]
    )
    return AnswerTable(tuple(columns[name].title for name in names), lines)


def _cell(name: str, value: Any, unit: str) -> str:
    if value is None:
        return "—"
    if name == "status":
        return STATUS_WORDS.get(str(value), str(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _shown(value, unit)[0]
    return str(value)


# ---------------------------------------------------------------- the reading and its alternatives


def _parts(edition: Edition, vocabulary: Vocabulary, answer: Answer) -> Iterator[Part]:
    """Each word that meant something, then what was assumed because nobody said it."""
    for use in answer.words:
        if use.part == "form" and use.words == use.means:
            continue
        title, others = _alternatives(edition, vocabulary, use)
        yield Part(title, use.words, use.means, tuple(_swapped(answer.question, use.words, others)))
    if answer.reading is None:
        return
    said = {use.part for use in answer.words}
    if "period" not in said and answer.reading.period is not None:
        period = answer.reading.period
        others = [f"{year}年" for year in reversed(edition.years)]
        yield Part("时间", "", describe(period), tuple(_prefixed(answer.question, others)))
    subject = answer.reading.subject
    about_one = subject is not None and subject.kind is Kind.PROJECT
    if not about_one and not _says_place(vocabulary, answer.words):
        root = vocabulary.root
        places = _labels(vocabulary.regions, vocabulary.regions.children.get(root or "", ()))
        if root and places:
            yield Part("地区", "", vocabulary.regions.label(root), tuple(_prefixed(answer.question, places)))


def _says_place(vocabulary: Vocabulary, words: Sequence[WordUse]) -> bool:
    return any(
        use.part in ("scope", "group_by") or _codes(vocabulary.regions, _bare(use.means)) for use in words
    )


def _bare(means: str) -> str:
    """A meaning without the hint that a spelling was corrected."""
    return means.partition("（按")[0]


def _codes(tree: Tree, label: str) -> list[str]:
    return [code for code, node in tree.nodes.items() if node.name == label]


def _alternatives(edition: Edition, vocabulary: Vocabulary, use: WordUse) -> tuple[str, list[str]]:
    """What a part is called, and the words that could stand in its place."""
    if use.part == "period":
        return "时间", [f"{year}年" for year in reversed(edition.years)]
    if use.part == "measure" and _bare(use.means).startswith(_MEASURES):
        return "看什么数", list(MEASURES_OFFERED)
    if use.part == "filter":
        for title, tree in (("地区", vocabulary.regions), ("功能分类", vocabulary.functions)):
            codes = _codes(tree, _bare(use.means))
            if codes:
                return title, _siblings(tree, codes[0])
        if _bare(use.means) in vocabulary.sectors:
            return "主管部门", list(vocabulary.sectors)
    return PART_TITLES.get(use.part, "说明"), []


_MEASURES = ("支出", "年初预算", "调整预算", "执行率", "人均")


def _siblings(tree: Tree, code: str) -> list[str]:
    """The things beside one in its tree, with the thing above them first."""
    node = tree.nodes[code]
    beside = tree.children.get(node.parent or "", ()) or tree.at_level(node.level)
    above = [node.parent] if node.parent and node.parent != TOTAL else []
    below = tree.children.get(code, ()) if len(beside) < 2 else ()
    return _labels(tree, [*above, *beside, *below])[:MOST_ALTERNATIVES]


def _labels(tree: Tree, codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tree.nodes[code].name for code in codes if code in tree.nodes))


def _swapped(question: str, words: str, others: Sequence[str]) -> Iterator[Alternative]:
    if words not in question:
        return
    for other in others:
        yield Alternative(other, question.replace(words, other, 1), other == words)


def _prefixed(question: str, others: Sequence[str]) -> Iterator[Alternative]:
    for other in others:
        yield Alternative(other, f"{other}{question}")
