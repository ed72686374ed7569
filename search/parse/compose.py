"""Tokens in, one `Meaning` out, or the first thing that stands in the way.

Every token must find its place. One that does not is reported, never skipped: a word that was not understood might
have restricted the scope, and a broader number would be a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.parse.dividing import BUDGETS, completed_budget, lifted, names_a_whole, of_the_part, percent_of
from search.parse.edges import Sort, Token
from search.parse.excluding import denials_as_exclusions, split_excluded
from search.parse.grades import with_grades
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.measuring import measure_of
from search.parse.outcome import Ambiguity, Choice, Code, Refusal
from search.parse.placing import Draft, Unplaced, check_count, lost, place_token
from search.parse.resolve import Ambiguous, Contradiction, resolve_things
from search.timewords import TimeMatch, in_year, shifted
from search.vocabulary import Concept, Kind, Vocabulary

_ASKED = (
    "各",
    "每",
    "哪",
    "分",
    "按",
    "所有",
    "全部",
    "逐",
    "什么",
    "which",
    "each",
    "every",
    "by ",
    "per ",
    "下辖",
    "下属",
    "历",
    "21个",
)


def compose(tokens: Sequence[Token], vocabulary: Vocabulary, chosen: dict[str, Concept]) -> Meaning:
    """Put the tokens of a question together. `chosen` settles words that may mean several things.

    Raises: Unplaced with a refusal or a question back.
    """
    tokens, excluded = split_excluded(denials_as_exclusions(with_grades(tokens)))
    if excluded:  # 除教育外的其他支出: what is left, not the class of that name
        tokens = [
            replace(token, sort=Sort.PHRASE, word=Word.MEASURE, value="paid", concepts=())
            if token.sort is Sort.THING and token.text in ("其他支出", "其余支出")
            else token
            for token in tokens
        ]
    meaning = _compose(tokens, vocabulary, chosen)
    if not excluded:
        return meaning
    try:
        left_out = resolve_things(
            [token for token in excluded if token.sort is Sort.THING],
            excluded,
            vocabulary,
            chosen,
            frozenset(),
        )
    except (Ambiguous, Contradiction) as error:
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, "没有看懂要排除的是什么，请写出完整的名称。")) from error
    together = any(token.is_word(Word.ASK, "altogether") for token in tokens) and meaning.level
    return replace(
        meaning, excluded=left_out, asks=meaning.asks | ({"altogether"} if together else frozenset())
    )


def _compose(tokens: Sequence[Token], vocabulary: Vocabulary, chosen: dict[str, Concept]) -> Meaning:
    if any(
        token.is_word(Word.ASK, "times") for token in tokens
    ):  # 相当于霁港的多少倍 compares, it is no share
        tokens = [
            replace(token, word=Word.VERSUS) if token.is_word(Word.OF) and token.text == "相当于" else token
            for token in tokens
        ]
    tokens = completed_budget(tokens)
    place = next(
        (number for number, token in enumerate(tokens) if token.is_word(Word.OF)), percent_of(tokens)
    )
    if place is None or place + 1 >= len(tokens) or not names_a_whole(tokens[place + 1 :]):
        inside = _inside(tokens, vocabulary, chosen, place)
        if inside is not None:
            return inside
    if place is None:
        return _compose_part(tokens, vocabulary, chosen)
    before, after = list(tokens[:place]), list(tokens[place + 1 :])
    part = _compose_part(before, vocabulary, chosen, partial=True)
    whole = _compose_part(after, vocabulary, chosen, partial=True)
    part, whole = lifted(part, whole)
    if len(whole.times) > 1:
        raise Unplaced(
            Refusal(Code.NOT_UNDERSTOOD, "没有看懂占的是哪一段时间的总数；“占”的后面请只写一个时间。")
        )
    times = part.times or whole.times
    if part.times and whole.times:
        whole = replace(whole, times=(of_the_part(whole.times[0], part.times[0]),))
    if whole.times and part.times and part.times[0].inherits and whole.times[0].period is not None:
        times = (in_year(part.times[0], whole.times[0].period.start.year), *part.times[1:])
    asks = (part.asks | whole.asks | {"share"}) - {"howmuch", "money"}
    places = () if part.of(Kind.REGION, Kind.GROUP) else whole.of(Kind.REGION, Kind.GROUP)
    if part.things and not places and not part.measure and not part.subjects and not part.of(*_NARROWING):
        places = tuple(item for item in whole.things if item.kind not in (Kind.REGION, Kind.GROUP))
    part = replace(part, things=(*places, *part.things))  # 鹿泽市占全省教育支出: what is asked of the whole
    spent = any(token.sort is Sort.THING and token.text.endswith("支出") for token in before)
    measure = part.measure or ("paid" if spent and whole.measure in BUDGETS else whole.measure)
    if whole.measure == "budget" and measure == "paid" and set(whole.things) <= set(part.things):
        rate = asks - {"share"}
        return replace(part, asks=rate, times=times, measure="execution_rate")  # 支出占预算的百分之几
    return replace(part, whole=whole, asks=asks, times=times, measure=measure)


_INSIDE = ("里", "里面", "中", "当中", "其中", "之中", "里边")
_NARROWING = frozenset({Kind.STATUS, Kind.LIGHT, Kind.METHOD, Kind.SECTOR, Kind.FUNCTION, Kind.ORGANISATION})


def _inside(
    tokens: Sequence[Token], vocabulary: Vocabulary, chosen: dict[str, Concept], place: int | None
) -> Meaning | None:
    """在建项目里民生项目占多少: what stands before 里 is the whole, when it is narrower than a place."""
    asked = place is not None or any(token.is_word(Word.ASK, "share") for token in tokens)
    marker = next(
        (
            number
            for number, token in enumerate(tokens)
            if token.sort is Sort.PHRASE and token.text in _INSIDE
        ),
        None,
    )
    if not asked or marker is None or not names_a_whole(tokens[marker + 1 : place]):
        return None
    whole = _compose_part(tokens[:marker], vocabulary, chosen, partial=True)
    if not (whole.livelihood or any(item.kind in _NARROWING for item in whole.things)):
        return None
    kept = [token for number, token in enumerate(tokens) if number != place]
    part = _compose_part(kept, vocabulary, chosen)
    asks = (part.asks | {"share"}) - {"howmuch", "money"}
    return replace(part, asks=asks, whole=replace(whole, exact=True))


def _compose_part(
    tokens: Sequence[Token], vocabulary: Vocabulary, chosen: dict[str, Concept], *, partial: bool = False
) -> Meaning:
    draft = Draft(
        commas=tuple(token.start for token in tokens if token.sort is Sort.MARK and token.text in ",;:")
    )
    words = [token for token in tokens if token.sort is not Sort.MARK]
    for number, token in enumerate(words):
        place_token(token, words[:number], words[number + 1 :], draft)
    try:
        things = resolve_things(draft.things, tokens, vocabulary, chosen, _context(draft))
    except Ambiguous as error:
        raise Unplaced(_ask_back(error)) from error
    except Contradiction as error:
        code = Code.NOT_IN_DATA if error.understood else Code.NOT_UNDERSTOOD
        raise Unplaced(Refusal(code, str(error))) from error
    return _finish(draft, things, vocabulary, partial=partial)


def _context(draft: Draft) -> frozenset[str]:
    """What the rest of the question is about, for words that may be several things."""
    about = {f"subject:{subject}" for subject in draft.subjects}
    about |= {f"split:{token.value}" for token in draft.splits}
    about |= {f"measure:{token.value}" for token in draft.measures}
    about |= {f"ask:{ask}" for ask in draft.asks}
    about |= {f"unit:{unit}" for unit in draft.units}
    about |= {f"verb:{verb}" for verb in draft.verbs}
    return frozenset(about | ({"date_role"} if draft.date_role else set()))


def _ask_back(error: Ambiguous) -> Ambiguity:
    choices = tuple(Choice(label, concept.label, concept=concept) for label, concept in error.choices)
    return Ambiguity(f"“{error.words}”可以指 {error.total} 个对象，请选择一个。", choices, error.total)


# ---------------------------------------------------------------- one token at a time


# ---------------------------------------------------------------- putting together


def _finish(draft: Draft, things: tuple[Concept, ...], vocabulary: Vocabulary, *, partial: bool) -> Meaning:
    _place_numbers(draft, things)
    for token in draft.counts:
        check_count(token, draft)
    _drop_named_level(draft, things)
    things = _without_companies(draft, things)
    _count_places(draft)
    _largest_items(draft, things)
    _mainly_several(draft)
    _largest_winners(draft)
    level, level_asked = _level(draft)
    splits = _splits(draft)
    measure = measure_of(draft)
    baseline = _baseline(draft)
    meaning = Meaning(
        things=things,
        level=level,
        level_asked=level_asked,
        splits=splits,
        times=_distinct(draft.times, compared=bool(draft.change or draft.versus)),
        baseline=baseline,
        measure=measure,
        second_measure=draft.second_measure,
        subject=draft.subjects[0] if draft.subjects else "",
        subjects=tuple(dict.fromkeys(draft.subjects)),
        asks=_weighty(draft),
        verbs=tuple(draft.verbs),
        verb_words=tuple(draft.verb_words),
        units=tuple(draft.units),
        conditions=tuple(draft.conditions),
        extreme=draft.extreme,
        top=draft.top,
        change=draft.change,
        versus=draft.versus,
        joined=draft.joined,
        negated=draft.negated,
        date_role=draft.date_role,
        livelihood=draft.livelihood,
        own=draft.own,
        skip=draft.skip,
        ascending=draft.ascending,
        preceding=draft.preceding,
        less=draft.less,
        more=draft.more,
        picked=_picked(draft),
        spread=draft.spread,
        over_time=draft.over_time,
        spent=draft.spent,
        place_tail=_place_tail(draft),
        notes=tuple(draft.notes),
    )
    return _with_whole_place(meaning, draft, vocabulary, partial=partial)


_PICKING = ("哪", "的", "几", "什么", "那", "which")


def _picked(draft: Draft) -> bool:
    """哪些市的支出下降了, 支出下降的市: only those; 各市的支出下降了多少 is each of them."""
    if "howmuch" in draft.asks and not draft.asks & {"which", "apart"}:
        return False
    asked = bool(draft.asks & {"which", "list", "howmany", "exists"})
    return asked or any(token.text.startswith(_PICKING) for token in (*draft.levels, *draft.splits))


def _mainly_several(draft: Draft) -> None:
    """主要用在哪些部门: the departments from the largest down, and not only the first."""
    plural = any(token.text.startswith(("哪些", "哪几")) for token in (*draft.levels, *draft.splits))
    if draft.mainly and plural and draft.top is None:
        draft.extreme = ""
        draft.asks.add("rank")


def _largest_items(draft: Draft, things: Sequence[Concept]) -> None:
    """支出最大的三项: items of spending are classes, where nothing else was named that could be counted."""
    named = draft.subjects or draft.splits or draft.levels
    classes = any(concept.kind in (Kind.FUNCTION, Kind.INDICATOR, Kind.PROJECT) for concept in things)
    if draft.extreme and "项" in draft.units and not named and not classes and draft.measures:
        spoken = draft.measures[0]
        draft.splits.append(replace(spoken, word=Word.SPLIT, value="function", text="哪些科目"))


def _weighty(draft: Draft) -> frozenset[str]:
    """一共 says something only where there are several to be added up: of the first three, or of those above a limit."""
    several = draft.extreme or draft.conditions or draft.levels
    listed = draft.asks & {"which", "list", "exists", "who", "howmany"}
    dropped = frozenset() if several and not listed else frozenset({"altogether"})
    return frozenset(draft.asks) - dropped


def _baseline(draft: Draft) -> TimeMatch | None:
    """去年同期的支出, when nothing is compared, is the amount of that time and no change.

    Raises: Unplaced when it is not said which part of the year is meant.
    """
    baseline = draft.baseline
    compared = draft.change or draft.versus or draft.asks & {"larger", "smaller", "times", "trend"}
    if baseline is None or baseline.period is not None or compared:
        return baseline
    spans = [time.period for time in draft.times if time.period is not None]
    if len(spans) != 1:
        raise Unplaced(
            Refusal(Code.NOT_UNDERSTOOD, "没有看懂是哪一段时间的同期，请写明月份，例如“2025年1月至9月”。")
        )
    draft.times = [replace(baseline, period=shifted(spans[0], baseline.shift))]
    return None


def _only_parts(distinct: tuple[TimeMatch, ...]) -> tuple[TimeMatch, ...]:
    """The parts of one year that was named beside them: 2025年上半年和下半年, 截至2026年6月底今年的支出."""
    periods = [time.period for time in distinct if time.period is not None]
    wholes = [period for period in periods if period.is_whole_years]
    parts = [period for period in periods if not period.is_whole_years]
    if len(wholes) != 1 or not parts or any(part.years != wholes[0].years for part in parts):
        return distinct
    return tuple(time for time in distinct if time.period in parts)


def _distinct(times: Sequence[TimeMatch], *, compared: bool) -> tuple[TimeMatch, ...]:
    """去年2025年 is one time, and so is 一季度 with a 2025年 that was said later."""
    if len(times) == 2 and times[0].inherits and times[1].period is not None and not times[1].inherits:
        year = times[1].period
        if year.is_whole_years and len(year.years) == 1:
            return (in_year(times[0], year.start.year),)
    distinct = tuple({time.period: time for time in times}.values())
    return distinct if compared else _only_parts(distinct)


def _with_whole_place(meaning: Meaning, draft: Draft, vocabulary: Vocabulary, *, partial: bool) -> Meaning:
    """全市 without a city: the whole territory of this portal, and said so; 全县 without a county is asked back."""
    if not draft.whole_place or meaning.of(Kind.REGION) or partial:
        return meaning
    root = vocabulary.root
    if draft.whole_place != "city" or root is None:
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, "没有说是哪个地方，请写出市或县（区）的名称。"))
    note = f"没有说是哪个市，“全市”按{vocabulary.regions.label(root)}全境计算；要看某个市，请写出市名。"
    return replace(meaning, notes=(*meaning.notes, note))


def _place_numbers(draft: Draft, things: Sequence[Concept]) -> None:
    for token in draft.numbers:
        value = token.number
        places = max((sum(1 for other in things if other.kind is one.kind) for one in things), default=0)
        if value is None or value != int(value) or value < 1 or value > 1000:
            raise Unplaced(lost(token))
        if draft.extreme or draft.conditions:
            draft.top = draft.top or int(value)
        elif value == places and draft.levels:
            draft.levels = [level for level in draft.levels if level.start != token.end]
        elif value == places or (value == 1 and (draft.splits or "average" in draft.asks)):
            continue
        else:
            raise Unplaced(lost(token))


def _without_companies(draft: Draft, things: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """合同额超过两千万的公司: where contracts are spoken of, companies are those that won them."""
    about = "contract" in draft.subjects or any(name == "contracted" for name, _ in draft.conditions)
    about = about or any(token.value in ("contracted", "contracts") for token in draft.measures)
    companies = [item for item in things if item.kind is Kind.PAYEE_GROUP and item.code == "company"]
    if not (about and companies) or "supplier" in draft.subjects:
        return things
    draft.subjects.append("supplier")
    if draft.extreme or "which" in draft.asks:
        spoken = next(token for token in draft.things if Kind.PAYEE_GROUP in token.kinds())
        draft.splits.append(replace(spoken, word=Word.SPLIT, value="supplier", text="哪家公司"))
    return tuple(item for item in things if item not in companies)


def _drop_named_level(draft: Draft, things: Sequence[Concept]) -> None:
    """鹿泽和汐湾哪个市花钱多: which of the two, not which of all cities."""
    named = sum(1 for concept in things if concept.kind is Kind.REGION)
    classes = sum(1 for concept in things if concept.kind is Kind.FUNCTION)
    compared = bool(draft.asks & {"larger", "smaller"} or draft.extreme)
    if classes > 1 and compared:
        which = [token for token in draft.splits if token.value == "function" and token.text.startswith("哪")]
        draft.splits = [token for token in draft.splits if token not in which]
        draft.asks |= {"which"} if which else set()
    if named > 1 and compared and draft.joined:
        asked = [token for token in draft.levels if token.text.startswith(("哪", "which", "那"))]
        draft.levels = [token for token in draft.levels if token not in asked]
        draft.asks |= {"which"} if asked else set()


_DISTRICTS = ("区", "district", "districts")
_WIDER = ("县", "市", "地")


def _place_tail(draft: Draft) -> str:
    """澜州市有几个区: districts only; 区县 and 县 are all that lie on that level."""
    words = "".join(token.text for token in draft.levels)
    districts = words.endswith(_DISTRICTS) and not any(word in words for word in _WIDER)
    return "区" if districts else ""


def _largest_winners(draft: Draft) -> None:
    """最大的三家中标供应商: large by what they won, and not by how often."""
    winners = "winners" in draft.asks or {"supplier", "contract"} <= set(draft.subjects)
    if draft.largest is not None and winners and not (draft.measures or draft.conditions):
        draft.measures.append(replace(draft.largest, word=Word.MEASURE, value="contracted"))


_HOW_MANY = ("几个", "几座", "多少")
_SEVERAL = ("几个", "几座", "哪几个")


def _count_places(draft: Draft) -> None:
    """全省有几个市, 多少个县超过3亿: how many there are, and not which."""
    counted = any(
        token.text.startswith(_HOW_MANY) or (token.text.startswith("个") and "howmuch" in draft.asks)
        for token in draft.levels
    )
    if counted and not draft.extreme:
        draft.asks = (draft.asks - {"howmuch"}) | {"howmany"}
    several = any(token.text.startswith(_SEVERAL) for token in draft.levels)
    if several and draft.extreme in ("most", "least") and draft.top is None and not draft.conditions:
        draft.ascending, draft.extreme = draft.extreme == "least", ""
        draft.asks.add("rank")  # 最高的几个市: from the highest down, because no number was said


def _level(draft: Draft) -> tuple[str, bool]:
    if not draft.levels:
        return "", False
    asked = [token for token in draft.levels if _is_asked(token)]
    values = {token.value for token in draft.levels if token.value != "any"} or {"any"}
    if len(values) > 1:
        counties = [token for token in draft.levels if token.value == "county"]
        raise Unplaced(lost(counties[0]))
    wanted = (
        draft.extreme
        or draft.conditions
        or draft.asks & {"rank", "howmany", "which", "list", "larger", "smaller", "average", "exists"}
        or draft.change
    )
    if not asked and not wanted:
        raise Unplaced(lost(draft.levels[0]))
    return values.pop(), bool(asked)


def _is_asked(token: Token) -> bool:
    return token.text.startswith(_ASKED)


def _splits(draft: Draft) -> tuple[str, ...]:
    found: list[str] = []
    for token in draft.splits:
        wanted = (
            draft.extreme
            or draft.conditions
            or draft.asks & {"rank", "which", "list", "howmany", "share", "average", "trend"}
        )
        if (
            not _is_asked(token)
            and not wanted
            and token.value in ("sector", "function")
            and len(token.text) <= 4
            and token.text.isalpha()
            and not token.text.isascii()
            and token.text in ("部门", "主管部门", "科目", "功能分类")
        ):
            raise Unplaced(lost(token))
        if token.value not in found:
            found.append(token.value)
    return tuple(found)
