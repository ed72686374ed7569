"""The way of a question: normal form, names in it, words, meaning, reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from search.normalize import Normalized, normalize
from search.parse.compose import compose
from search.parse.directions import refuse_other_direction
from search.parse.edges import Sort, Token
from search.parse.idle import refuse_busy
from search.parse.indicators import match_indicator
from search.parse.last_resort import name_in_question
from search.parse.lexicon import Word
from search.parse.measures import measure_title
from search.parse.mentions import Loose, loose_names, named_things
from search.parse.naming import Stretch, as_token, has_name, stretches, tells_enough, which_project
from search.parse.outcome import Ambiguity, Choice, Code, Outcome, Reading, Refusal, WordUse
from search.parse.placing import Unplaced
from search.parse.project_kinds import LEAST, TELLING, asks_for_several, kind_of_project
from search.parse.read import read_meaning
from search.parse.route import NoRoute, Scene
from search.parse.sides import (
    refuse_crossed,
    refuse_nested,
    refuse_one_sided,
    refuse_other_form,
    refuse_other_unit,
    refuse_two_numbers,
)
from search.parse.sounds import SoundIndex
from search.parse.tokens import Names, tokenize
from search.parse.traces import refuse_untraced
from search.parse.writings import other_writings
from search.timewords import describe, in_year
from search.vocabulary import Concept, Kind, Vocabulary

LONGEST_QUESTION = 300
_MOST_EXAMPLES = 3
_WHICH_PLACE = (("city", "哪个市"), ("county", "哪个县"))
_REFUSALS: dict[str, tuple[Code, str]] = {
    "forecast": (Code.OUT_OF_SCOPE, "这里只回答已经发生并公布的数，不做预测。"),
    "opinion": (Code.OUT_OF_SCOPE, "这里只回答数据里有的事实，不作评价和判断。"),
    "person": (Code.OUT_OF_SCOPE, "这里不公开、也不回答任何个人的信息。"),
    "not_in_data": (
        Code.NOT_IN_DATA,
        "公开的数据里没有这一项：这里有预算、支出、项目、合同、供应商和绩效指标。",
    ),
    "out_of_scope": (Code.OUT_OF_SCOPE, "这个问题不是问财政公开数据的。"),
}
_BUDGET_CHOICES = (("approved", "年初预算"), ("adjusted", "调整预算"))


def _asks_future(text: str, tokens: Sequence[Token], as_of: date) -> bool:
    """明年会是多少: a time after the figures end, with a word for what will be."""
    later = any(
        token.time is not None
        and token.time.period is not None
        and (
            token.time.period.start > as_of
            or (token.text.endswith(("底", "末", "年底")) and token.time.period.end > as_of)
        )
        for token in tokens
    )
    return later and any(word in text for word in ("会", "将", "能", "打算", "准备", "will", "going to"))


def _candidates(vocabulary: Vocabulary, year: int) -> Iterator[str]:
    """Questions about what the release has: its places, classes, sectors and projects."""
    covered = vocabulary.covered.get("spending")
    has_year = covered is not None and year in covered.years
    if vocabulary.root and has_year:
        place = vocabulary.regions.label(vocabulary.root)
        classes = [node for node in vocabulary.functions.nodes.values() if node.level == "class"]
        usual = next((node for node in classes if node.code == "205"), next(iter(classes), None))
        if usual is not None:
            yield f"{year}年{place}{usual.name}是多少？"
            for level, asked in _WHICH_PLACE:
                if sum(node.level == level for node in vocabulary.regions.nodes.values()) > 1:
                    yield f"{year}年{asked}{usual.name}最多？"
                    break
            else:
                yield f"{year}年{place}总支出是多少？"
                yield f"{year}年哪个功能分类支出最多？"
    if vocabulary.has("projects"):
        yield "在建的项目有多少个？"


class Reader:
    """Reads questions against one vocabulary. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.sounds = SoundIndex(vocabulary)
        self._examples: dict[int, tuple[str, ...]] = {}

    def read(
        self, question: str, today: date | None = None, chosen: dict[str, Concept] | None = None
    ) -> Outcome:
        """Read a question. Never raises, whatever the text; `chosen` settles words that may mean several things."""
        day = today or self.vocabulary.as_of
        if len(question) > LONGEST_QUESTION:
            return Refusal(
                Code.NOT_UNDERSTOOD,
                f"问题太长了，请用不超过{LONGEST_QUESTION}个字的一句话来问。",
                self.examples(day),
            )
        normalized = normalize(question)
        if not normalized.text.strip(" ?!.,;:"):
            return Refusal(Code.NOT_UNDERSTOOD, "请写出要问的问题。", self.examples(day))
        outcome = self._read(normalized, day, dict(chosen or {}))
        if _is_unread(outcome) and not chosen:
            outcome = self._rewritten(question, day) or outcome
        if isinstance(outcome, Refusal) and not outcome.nearest:
            return replace(outcome, nearest=self.examples(day))
        return outcome

    def _rewritten(self, question: str, day: date) -> Reading | None:
        """The reading of the question without blanks between its letters, or with short words in full."""
        for other in other_writings(question):
            outcome = self._read(normalize(other), day, {})
            if isinstance(outcome, Reading):
                return outcome
        return None

    def read_by_name(self, question: str, today: date | None = None) -> Outcome | None:
        """Read a question as one about a project that pieces of its name stand for; None when there is none."""
        normalized = normalize(question[:LONGEST_QUESTION])
        return self._by_pieces(normalized, today or self.vocabulary.as_of, {})

    def examples(self, today: date) -> tuple[str, ...]:
        """Questions that this release can answer, for somebody whose question cannot be."""
        year = min(today.year, self.vocabulary.as_of.year) - 1
        if year not in self._examples:
            asked = (
                question for question in _candidates(self.vocabulary, year) if self._reads(question, today)
            )
            self._examples[year] = tuple(asked)[:_MOST_EXAMPLES]
        return self._examples[year]

    def _reads(self, question: str, today: date) -> bool:
        return isinstance(self._read(normalize(question), today, {}), Reading)

    def _read(self, normalized: Normalized, today: date, chosen: dict[str, Concept]) -> Outcome:
        found = self._tokens(normalized.text, today)
        several = self._of_kind(normalized, found, today, chosen, least=TELLING)
        if several is not None:
            return several
        tokens, problem = self._explained(normalized, found, chosen)
        outcome = problem if problem is not None else self._read_tokens(normalized, tokens, today, chosen)
        if not isinstance(outcome, Reading):
            several = self._of_kind(normalized, found, today, chosen, least=LEAST)
            if several is not None:
                return several
        if _may_be_named(outcome, found):
            outcome = self._by_pieces(normalized, today, chosen) or outcome
        if (
            isinstance(outcome, Refusal)
            and outcome.code in (Code.NOT_UNDERSTOOD, Code.NOT_IN_DATA)
            and _may_name(found)
        ):
            named = name_in_question(normalized.text, found, self.vocabulary)
            if isinstance(named, Loose):
                second = self._read_tokens(normalized, named.tokens, today, chosen)
                return (
                    outcome if isinstance(second, Refusal) and second.code is Code.NOT_UNDERSTOOD else second
                )
            return named or outcome
        return outcome

    def _of_kind(
        self,
        normalized: Normalized,
        found: tuple[Token, ...],
        today: date,
        chosen: dict[str, Concept],
        *,
        least: int,
    ) -> Reading | None:
        """The reading with all projects whose names have the words before 项目, when several are asked for."""
        text = normalized.text
        if not asks_for_several(text, found) or not _may_name(found) or chosen:
            return None
        kind = kind_of_project(text, found, self.vocabulary)
        if kind is None or len(kind.words) < least or (least > 1 and kind.is_known(found)):
            return None
        names = Names({kind.start: [kind.as_token()]})
        tokens = tokenize(text, self.vocabulary, today, names=names)
        if any(token.sort is Sort.UNKNOWN for token in tokens):
            return None
        read = self._read_tokens(normalized, tokens, today, chosen)
        return read if isinstance(read, Reading) and read.plan.dataset == "projects" else None

    def _by_pieces(self, normalized: Normalized, today: date, chosen: dict[str, Concept]) -> Outcome | None:
        """The reading with the project whose name explains what was not understood; a question back when several do."""
        text = normalized.text
        explained: list[tuple[Stretch, Reading]] = []
        for stretch in stretches(text, self.vocabulary):
            if explained and stretch.covered < explained[0][0].covered:
                break
            names = Names({stretch.start: [as_token(stretch, text)]})
            tokens = tokenize(text, self.vocabulary, today, names=names)
            if any(token.sort is Sort.UNKNOWN for token in tokens) or not has_name(tokens, stretch):
                continue
            if not tells_enough(text, stretch, tokens, self.vocabulary):
                continue
            read = self._read_tokens(normalized, tokens, today, chosen)
            if isinstance(read, Reading):
                explained.append((stretch, read))
        if len(explained) == 1:
            return explained[0][1]
        return which_project(text, explained) if explained else None

    def _read_tokens(
        self, normalized: Normalized, tokens: tuple[Token, ...], today: date, chosen: dict[str, Concept]
    ) -> Outcome:
        words, ignored = _uses(normalized, tokens)
        try:
            meaning = compose(tokens, self.vocabulary, chosen)
            refuse_busy(tokens, meaning)
            refuse_other_direction(tokens, meaning)
            refuse_one_sided(tokens, meaning)
            refuse_nested(tokens)
            refuse_two_numbers(tokens, meaning)
            if meaning.measure == "budget":
                return self._ask_which_budget(normalized, tokens, today, chosen)
            future = _asks_future(normalized.text, tokens, self.vocabulary.as_of)
            if future:
                code, text = _REFUSALS["forecast"]
                return Refusal(code, text, words=words)
            scene = Scene(self.vocabulary, today)
            reading = read_meaning(meaning, scene)
            refuse_untraced(reading, meaning, scene)
            refuse_other_unit(tokens, meaning, reading)
            refuse_other_form(reading, meaning)
            refuse_crossed(tokens, reading)
        except Unplaced as error:
            return self._problem(error.outcome, normalized, today, chosen, words)
        except NoRoute as error:
            return replace(error.refusal, words=words)
        return replace(reading, words=words, ignored=ignored)

    # ------------------------------------------------------------ words that are not known at once

    def _tokens(self, text: str, today: date) -> tuple[Token, ...]:
        names = Names(named_things(text, self.vocabulary))
        tokens = tokenize(text, self.vocabulary, today, names=names)
        if any(token.sort is Sort.UNKNOWN for token in tokens):
            corrected = tokenize(text, self.vocabulary, today, names=names, sounds=self.sounds)
            if not any(token.sort is Sort.UNKNOWN for token in corrected):
                return corrected
        return tokens

    def _explained(
        self, normalized: Normalized, tokens: tuple[Token, ...], chosen: dict[str, Concept]
    ) -> tuple[tuple[Token, ...], Refusal | Ambiguity | None]:
        """Give unknown words a meaning as an indicator or a loose name, or say that there is none."""
        strange = [token for token in tokens if token.sort is Sort.UNKNOWN]
        refused = [token for token in tokens if token.is_word_any(Word.REFUSE)]
        matched = (
            match_indicator(normalized.text, tokens, self.vocabulary) if strange and not refused else None
        )
        if matched is not None:
            return (tokens, matched) if isinstance(matched, Ambiguity) else (matched, None)
        loose = loose_names(normalized.text, tokens, self.vocabulary, chosen)
        if isinstance(loose, Loose):
            return loose.tokens, None
        problem = _refused(normalized, refused) if refused else _elsewhere(normalized, tokens)
        if problem is None and loose is not None:
            whole = name_in_question(normalized.text, tokens, self.vocabulary)
            return (whole.tokens, None) if isinstance(whole, Loose) else (tokens, whole or loose)
        return tokens, problem or (_not_understood(normalized, strange) if strange else None)

    def _problem(
        self,
        outcome: Refusal | Ambiguity,
        normalized: Normalized,
        today: date,
        chosen: dict[str, Concept],
        words: tuple[WordUse, ...],
    ) -> Outcome:
        if isinstance(outcome, Refusal):
            return replace(outcome, words=outcome.words or words)
        return self._with_readings(outcome, normalized, today, chosen)

    def _with_readings(
        self, outcome: Ambiguity, normalized: Normalized, today: date, chosen: dict[str, Concept]
    ) -> Ambiguity:
        """Read the question once for each choice, so that each can be shown with its number."""
        word = outcome.text.split("”")[0].removeprefix("“")
        if word in chosen:  # it was settled once and asked again: no choice would lead further
            return outcome
        choices = []
        for choice in outcome.choices[:12]:
            concept = choice.concept
            if concept is None:
                choices.append(choice)
                continue
            reading = self._read(normalized, today, {**chosen, word: concept})
            question = normalized.text.replace(word, _full_name(concept, self.vocabulary), 1)
            known = reading if isinstance(reading, Reading) else None
            choices.append(Choice(choice.label, question, known, concept))
        return replace(outcome, choices=tuple(choices))

    def _ask_which_budget(
        self, normalized: Normalized, tokens: Sequence[Token], today: date, chosen: dict[str, Concept]
    ) -> Outcome:
        del tokens
        scene = Scene(self.vocabulary, today)
        choices = []
        for measure, title in _BUDGET_CHOICES:
            question = _with_budget_named(normalized.text, title)
            if question == normalized.text:
                break  # said in a word that has no other in its place: asked back without choices, never for ever
            outcome = self._read(normalize(question), today, chosen)
            if isinstance(outcome, Refusal):
                return outcome
            if isinstance(outcome, Ambiguity):
                return outcome
            choices.append(Choice(measure_title(measure), question, outcome))
        del scene
        return Ambiguity(
            "“预算”有两个数：年初批准的预算，和年中调整以后的预算。请选择一个。", tuple(choices), len(choices)
        )


def _full_name(concept: Concept, vocabulary: Vocabulary) -> str:
    if concept.kind in (Kind.ORGANISATION, Kind.SUPPLIER, Kind.PROJECT):
        return concept.code  # asked back because others have the same name
    tree = {Kind.REGION: vocabulary.regions, Kind.FUNCTION: vocabulary.functions}.get(concept.kind)
    if (
        tree is not None
        and concept.parent
        and concept.parent in tree.nodes
        and concept.parent != vocabulary.root
    ):
        return f"{tree.label(concept.parent)}{concept.label}"
    return concept.label


def _with_budget_named(text: str, title: str) -> str:
    for word in (
        "预算安排",
        "安排预算",
        "预算总额",
        "总预算",
        "预算资金",
        "预算规模",
        "预算金额",
        "预算额",
        "预算数",
        "列了预算",
        "预算是",
        "预算",
        "予算",
        "安排了",
        "安排",
        "budgeted",
        "budgets",
        "budget",
    ):
        if word in text:
            return text.replace(word, title, 1)
    return text


def _elsewhere(normalized: Normalized, tokens: Sequence[Token]) -> Refusal | None:
    """A real place that this release knows nothing about."""
    for token in tokens:
        if token.sort is Sort.THING and token.kinds() == {Kind.OTHER_PLACE}:
            name = normalized.quote(token.start, token.end)
            return Refusal(Code.NOT_IN_DATA, f"这里没有“{name}”的数据，只有本省的。")
    return None


def _is_unread(outcome: Outcome) -> bool:
    """Whether words were not understood, and no choice offered has a number."""
    if isinstance(outcome, Ambiguity):
        return not any(choice.concept or choice.reading for choice in outcome.choices)
    return isinstance(outcome, Refusal) and outcome.code is Code.NOT_UNDERSTOOD


def _may_be_named(outcome: Outcome, found: Sequence[Token]) -> bool:
    """Whether pieces of a project's name may explain what could not be read: loose names asked back, strange words."""
    if isinstance(outcome, Ambiguity):
        return all(choice.concept is None and choice.reading is None for choice in outcome.choices)
    missed = isinstance(outcome, Refusal) and outcome.code in (Code.NOT_UNDERSTOOD, Code.NOT_IN_DATA)
    return missed and _may_name(found)


def _may_name(tokens: Sequence[Token]) -> bool:
    """Whether a question that was not understood may be about one project after all."""
    return not any(token.is_word_any(Word.REFUSE) or token.kinds() == {Kind.OTHER_PLACE} for token in tokens)


def _refused(normalized: Normalized, refused: Sequence[Token]) -> Refusal:
    order = ("out_of_scope", "person", "opinion", "forecast", "not_in_data")
    worst = min(refused, key=lambda token: order.index(token.value))
    code, text = _REFUSALS[worst.value]
    words = (WordUse(normalized.quote(worst.start, worst.end), text, "refused"),)
    return Refusal(code, text, words=words)


_PERSON = re.compile(
    r"[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾韦方白邹孟熊秦邱江尹薛][\u4e00-\u9fff]{1,2}"
    r"(?:的|领|拿|收|得|是谁|家)"
)


def _not_understood(normalized: Normalized, strange: Sequence[Token]) -> Refusal:
    person = next((token for token in strange if _PERSON.match(normalized.text, token.start)), None)
    if person is not None:
        code, text = _REFUSALS["person"]
        return Refusal(
            code, text, words=(WordUse(normalized.quote(person.start, person.end), text, "refused"),)
        )
    words = tuple(normalized.quote(token.start, token.end) for token in strange)
    listed = "、".join(f"“{word}”" for word in words)
    return Refusal(
        Code.NOT_UNDERSTOOD,
        f"没有看懂{listed}。它可能限定了范围，所以不敢忽略它来回答。",
        words=tuple(WordUse(word, "没有看懂", "unknown") for word in words),
    )


# ---------------------------------------------------------------- which words produced what

_PARTS = {
    Word.MEASURE: "measure",
    Word.SUBJECT: "subject",
    Word.LEVEL: "group_by",
    Word.SPLIT: "group_by",
    Word.ASK: "form",
    Word.EXTREME: "order",
    Word.CHANGE: "comparison",
    Word.VERSUS: "comparison",
    Word.OF: "comparison",
    Word.WHOLE: "scope",
    Word.DATE_ROLE: "period",
    Word.LIVELIHOOD: "filter",
    Word.NOT: "filter",
    Word.VERB: "measure",
    Word.AND: "form",
}


def _uses(normalized: Normalized, tokens: Sequence[Token]) -> tuple[tuple[WordUse, ...], tuple[str, ...]]:
    uses: list[WordUse] = []
    ignored: list[str] = []
    for token in _with_own_years(tokens):
        words = normalized.quote(token.start, token.end)
        if token.sort is Sort.PHRASE and token.word in (Word.FILLER, Word.POLITE, Word.UNIT_NOUN):
            ignored.append(words)
        elif token.sort is not Sort.MARK:
            uses.append(WordUse(words, *_means(token)))
    return tuple(uses), tuple(ignored)


def _with_own_years(tokens: Sequence[Token]) -> Iterator[Token]:
    """2025年上半年和下半年: a part of a year is told with the year said before it."""
    year: int | None = None
    for token in tokens:
        time = token.time
        if time is not None and time.inherits and year is not None:
            yield replace(token, time=in_year(time, year))
            continue
        year = time.period.start.year if time is not None and time.period is not None else year
        yield token


def _means(token: Token) -> tuple[str, str]:
    hint = f"（按“{token.corrected}”理解）" if token.corrected else ""
    if token.sort is Sort.THING:
        label = "/".join(dict.fromkeys(concept.label for concept in token.concepts))
        is_whole_name = token.corrected == label and Kind.PROJECT in token.kinds()
        return label if is_whole_name else label + hint, "filter"
    if token.sort is Sort.TIME and token.time is not None:
        return describe(token.time.period) if token.time.period else "上一年同期", "period"
    if token.sort is Sort.PHRASE and token.word is Word.MEASURE:
        return measure_title(token.value) + hint, "measure"
    if token.word is not None:
        return (token.corrected or token.text) + hint, _PARTS.get(token.word, "form")
    return token.text, {Sort.CONDITION: "condition", Sort.TOP: "limit", Sort.NUMBER: "limit"}.get(
        token.sort, "form"
    )


def parse(question: str, vocabulary: Vocabulary, today: date | None = None) -> Outcome:
    """Read one question; build a `Reader` to read many."""
    return Reader(vocabulary).read(question, today)
