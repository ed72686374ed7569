"""Names of projects, suppliers and units in a question: whole ones first, loose ones when words are left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from search.names import NameHit, NameIndex, spell
from search.normalize import normal
from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.outcome import Ambiguity, Choice
from search.vocabulary import Concept, Kind, Named, Vocabulary

_SHORTEST_NAME = 4
_CERTAIN = 0.999
_LIKELY = 0.75
_MARGIN = 6.0
_ALIKE = 80
_SHORTEST_LOOSE = 3
_MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Loose:
    """The tokens with a stretch of words replaced by the one name they mean."""

    tokens: tuple[Token, ...]


def _indexes(vocabulary: Vocabulary) -> tuple[tuple[Kind, NameIndex, Sequence[Named]], ...]:
    return (
        (Kind.ORGANISATION, vocabulary.organisations, vocabulary.organisation_rows),
        (Kind.SUPPLIER, vocabulary.suppliers, vocabulary.supplier_rows),
        (Kind.PROJECT, vocabulary.projects, vocabulary.project_rows),
    )


def named_things(text: str, vocabulary: Vocabulary) -> dict[int, list[Token]]:
    """Names that stand in the text letter by letter, by where they begin."""
    spans: dict[tuple[int, int], list[Concept]] = {}
    for kind, index, rows in _indexes(vocabulary):
        for place, start, end in index.contained_in(text):
            row = rows[place]
            is_sector = row.name in vocabulary.sectors
            if end - start >= _SHORTEST_NAME and not is_sector:  # a ministry is all of its units
                spans.setdefault((start, end), []).append(
                    Concept(kind, row.code, row.name, parent=row.region)
                )
    for start, end, concept in _coded(text, vocabulary):
        spans.setdefault((start, end), []).append(concept)
    found: dict[int, list[Token]] = {}
    for (start, end), concepts in spans.items():
        found.setdefault(start, []).append(
            Token(Sort.THING, start, end, text[start:end], concepts=tuple(concepts))
        )
    return found


_CODE = re.compile(r"(?<![a-z0-9])[a-z]{1,4}-?\d{3,12}(?![a-z0-9])")


def _coded(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, Concept]]:
    """Projects, suppliers and units asked for by the key of the tables: P00706."""
    for found in _CODE.finditer(text):
        code = found.group().upper()
        for kind, names in (
            (Kind.PROJECT, vocabulary.project_names),
            (Kind.SUPPLIER, vocabulary.supplier_names),
            (Kind.ORGANISATION, vocabulary.organisation_names),
        ):
            if code in names:
                yield found.start(), found.end(), Concept(kind, code, names[code])


_NAME_TAILS = (
    "项目",
    "工程",
    "公司",
    "集团",
    "局",
    "厅",
    "委",
    "院",
    "中心",
    "学校",
    "中学",
    "小学",
    "医院",
    "大学",
    "站",
    "馆",
    "办",
    "二期",
    "一期",
    "三期",
    "合同",
    "专项",
    "资金",
    "补助",
    "计划",
    "行动",
    "卫生院",
    "派出所",
    "幼儿园",
    "基地",
)


def loose_names(
    text: str, tokens: Sequence[Token], vocabulary: Vocabulary, chosen: dict[str, Concept]
) -> Loose | Ambiguity | None:
    """Look for a name in the stretch of words around what was not understood.

    A single good candidate replaces the stretch; several are asked back; none leaves the question as it is.
    """
    stretch = _stretch(tokens)
    if stretch is None:
        return None
    first, last = stretch
    start, end = tokens[first].start, tokens[last].end
    words = _unpointed(text[start:end].strip())
    inside = tokens[first : last + 1]
    if words in chosen:
        return Loose(_replaced(tokens, first, last, words, (chosen[words],)))
    named = any(token.is_word(Word.SUBJECT) for token in inside) or words.endswith(_NAME_TAILS)
    own = sum(len(token.text) for token in inside if not token.kinds() & {Kind.REGION})
    if own < _SHORTEST_LOOSE:
        return None
    candidates = candidates_for(words, vocabulary)
    asked = named or asks_lookup(tokens) or _is_plain(candidates[:1], own)
    refused = any(token.is_word_any(Word.REFUSE) for token in inside)
    if is_named_already(inside, candidates):
        return None
    if not candidates or not asked or (refused and not candidates[0][0].literal):
        return None
    return settle(text, tokens, (first, last), words, candidates)


_NAMED = (Kind.ORGANISATION, Kind.SUPPLIER, Kind.PROJECT)


def is_named_already(inside: Sequence[Token], candidates: Sequence[tuple[NameHit, Concept]]) -> bool:
    """Whether the best candidate stands there in full: what is left beside it is no piece of its name."""
    whole = {
        (concept.kind, concept.code)
        for token in inside
        if token.sort is Sort.THING and not token.corrected
        for concept in token.concepts
        if concept.kind in _NAMED
    }
    return any((concept.kind, concept.code) in whole for _, concept in candidates[:1])


_PLAIN_NAME = 4


def _is_plain(best: Sequence[tuple[NameHit, Concept]], own: int) -> bool:
    """Whether the words are a piece of a supplier's or unit's name, letter by letter: 泰基交通建设."""
    kinds = (Kind.SUPPLIER, Kind.ORGANISATION)
    return any(hit.literal and own >= _PLAIN_NAME and concept.kind in kinds for hit, concept in best)


def _unpointed(words: str) -> str:
    for word in _POINTING:
        words = words.replace(word, "")
    return words


def asks_lookup(tokens: Sequence[Token]) -> bool:
    """Whether something is asked that only one thing has: who built it, when it ends, why it is late."""
    wanted = (
        "owner",
        "contractor",
        "late",
        "lamp",
        "policy",
        "about",
        "place",
        "status",
        "start",
        "end",
        "when",
    )
    return any(token.word is Word.ASK and token.value in wanted for token in tokens)


def settle(
    text: str,
    tokens: Sequence[Token],
    span: tuple[int, int],
    words: str,
    candidates: list[tuple[NameHit, Concept]],
) -> Loose | Ambiguity:
    """One clearly best candidate is taken; otherwise the asker chooses."""
    first, last = span
    start, end = tokens[first].start, tokens[last].end
    best = candidates[0][0]
    close = [item for item in candidates if item[0].score >= best.score - _MARGIN]
    alike = {concept.label for _, concept in close}
    if (
        len(alike) == 1
        and _is_sure(best, words, close[0][1].label)
        and not _has_twin(candidates, words)
        and len({concept.kind for _, concept in close}) == len(close)
    ):
        return Loose(_replaced(tokens, first, last, words, tuple(concept for _, concept in close)))
    only = _only_one_in_order(words, candidates)
    if only is not None:
        return Loose(_replaced(tokens, first, last, words, (only,)))
    places = {concept.code for token in tokens[first : last + 1] for concept in token.concepts}
    near = [concept for _, concept in candidates if concept.parent in places]
    offered = _told_apart(near or [concept for _, concept in candidates])
    choices = tuple(
        Choice(label, text[:start] + name + text[end:]) for label, name in offered[:_MOST_CHOICES]
    )
    return Ambiguity(
        f"没有正好叫“{words}”的项目、单位或供应商。您要问的是不是下面的一个？", choices, len(offered)
    )


def _told_apart(concepts: Sequence[Concept]) -> list[tuple[str, str]]:
    """Labels that differ, and the words to ask with: a unit that is a supplier, too, once; namesakes with their codes."""
    codes: dict[tuple[str, Kind], list[str]] = {}
    for concept in concepts:
        codes.setdefault((concept.label, concept.kind), []).append(concept.code)
    found: dict[str, str] = {}
    for (label, _), same in codes.items():
        if len(same) == 1:
            found.setdefault(label, label)
        else:
            found |= {f"{label}（{code}）": code for code in same}
    return list(found.items())


_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")


def _has_twin(candidates: Sequence[tuple[NameHit, Concept]], words: str) -> bool:
    """Whether another name differs from the best one by what it says in brackets only: （2025年度）."""
    best = candidates[0][1]
    return normal(best.label) != words and any(is_twin(item, candidates[:1]) for item in candidates[1:])


def is_twin(item: tuple[NameHit, Concept], best: Sequence[tuple[NameHit, Concept]]) -> bool:
    """Whether a name is that of the best candidate but for what it says in brackets."""
    bare = _IN_BRACKETS.sub("", item[1].label)
    return any(item[1].kind is one.kind and _IN_BRACKETS.sub("", one.label) == bare for _, one in best)


_SHORTEST_PIECE = 2
_OFTEN_MIXED_UP = frozenset("乡镇的那个 ")


def _is_sure(best: NameHit, words: str, name: str) -> bool:
    """Whether a name may be taken without asking: all letters are its own by sound, and few pieces make it up.

    Four letters that occur somewhere in a long name, each by itself, are chance; 凤沟乡+农村公路 are pieces of it. A
    letter of its own names another thing more often than it is a slip: 第九小学 is not 第八小学, 民办 not 公办, and 交通局
    not 教育局. Only the ending of a place may be another (桃岭乡 for 桃岭镇), for that place is named in the answer.
    """
    if not _OFTEN_MIXED_UP.issuperset(strange_letters(words, name)):
        return False
    return best.literal or best.ratio >= _ALIKE or best.pieces * _SHORTEST_PIECE <= len(words)


def strange_letters(words: str, name: str) -> str:
    """The letters of the words that a name does not have, in their order and by sound."""
    steps = LCSseq.opcodes(spell(words), spell(normal(name)))
    return "".join(words[step.src_start : step.src_end] for step in steps if step.tag != "equal")


_SURELY_LONG = 8


def _only_one_in_order(words: str, candidates: Sequence[tuple[NameHit, Concept]]) -> Concept | None:
    """The only name that has all the letters in this order: 凤沟乡农村公路项目 leaves out what lies between."""
    core = words
    for tail in ("的项目", "项目", "工程"):
        core = core.removesuffix(tail)
    if len(core) < _SURELY_LONG:
        return None
    fitting = {concept.code: concept for _, concept in candidates if in_order(core, concept.label)}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def in_order(piece: str, name: str) -> bool:
    """Whether the letters of a piece occur in a name in the same order."""
    place = 0
    for letter in piece:
        place = name.find(letter, place) + 1
        if not place:
            return False
    return True


def _replaced(
    tokens: Sequence[Token], first: int, last: int, words: str, concepts: tuple[Concept, ...]
) -> tuple[Token, ...]:
    start, end = tokens[first].start, tokens[last].end
    named = Token(
        Sort.THING,
        start,
        end,
        words,
        concepts=concepts,
        corrected="" if words == concepts[0].label else concepts[0].label,
    )
    return (*tokens[:first], named, *tokens[last + 1 :])


def candidates_for(words: str, vocabulary: Vocabulary) -> list[tuple[NameHit, Concept]]:
    """Projects, suppliers and units whose names have most of the words' sounds, best first."""
    found: list[tuple[NameHit, Concept]] = []
    for kind, index, rows in _indexes(vocabulary):
        for hit in index.search(words, limit=_MOST_CHOICES):
            row = rows[hit.place]
            found.append((hit, Concept(kind, row.code, row.name, parent=row.region)))
    found.sort(key=lambda item: (-item[0].score, item[1].code))
    return [item for item in found if item[0].recall >= _LIKELY]


def _stretch(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The words that may be one name: around what was not understood, or before 项目 and the like."""
    strange = [
        number
        for number, token in enumerate(tokens)
        if token.sort is Sort.UNKNOWN or token.is_word_any(Word.REFUSE)
    ]
    if not strange:
        return None
    first, last = strange[0], strange[-1]
    while first > 0 and _may_be_named(tokens[first - 1]):
        first -= 1
    while last + 1 < len(tokens) and _may_be_named(tokens[last + 1]):
        last += 1
    while first < last and _is_edge(tokens[first]):
        first += 1
    while last > first and _is_edge(tokens[last]):
        last -= 1
    return first, last


_POINTING = ("那个", "这个", "那条", "那座", "这座", "这条")


def _may_be_named(token: Token) -> bool:
    if token.sort in (Sort.THING, Sort.UNKNOWN, Sort.NUMBER):
        return True
    if token.sort is Sort.MARK:
        return token.text in "()·-"
    if token.is_word(Word.VERB, "do"):
        return False
    return (
        token.is_word_any(
            Word.SUBJECT,
            Word.VERB,
            Word.LIVELIHOOD,
            Word.AND,
            Word.LEVEL,
            Word.UNIT_NOUN,
            Word.OWN_LEVEL,
            Word.DATE_ROLE,
            Word.REFUSE,
            Word.NOT,
        )
        or (token.sort is Sort.PHRASE and token.word is Word.FILLER and len(token.text) == 1)
        or token.text in _POINTING
    )


def _is_edge(token: Token) -> bool:
    return token.sort is Sort.MARK or token.is_word_any(Word.FILLER, Word.POLITE, Word.AND, Word.UNIT_NOUN)
