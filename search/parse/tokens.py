"""Cut a question into words: the cheapest way to cover it with known phrases, names, times and numbers.

Every letter belongs to exactly one token. Letters that nothing explains become an `UNKNOWN` token; what to do about
it is decided later, but it is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from search.numerals import read_number, read_ratio
from search.parse.averages import averages
from search.parse.edges import Condition, Edge, Sort, Token
from search.parse.lexicon import LONGEST, PHRASES, Word
from search.parse.overspending import overspending
from search.parse.patterns import patterns
from search.parse.sounds import SoundIndex, loose_letters
from search.plan import Operator
from search.timewords import TimeMatch, match_time
from search.vocabulary import Kind, Vocabulary

_UNKNOWN_COST = 9.0


@dataclass(frozen=True, slots=True)
class Names:
    """Names of projects, suppliers or units that stand in the question: start -> tokens."""

    found: dict[int, list[Token]]


def tokenize(
    text: str, vocabulary: Vocabulary, today: date, *, names: Names, sounds: SoundIndex | None = None
) -> tuple[Token, ...]:
    """Cut a normalized text into tokens at the least cost. With `sounds`, misspelt words are taken for what they sound like."""
    best: list[float] = [0.0] + [float("inf")] * len(text)
    back: list[Token | None] = [None] * (len(text) + 1)
    loose = loose_letters(text) if sounds is not None else frozenset()
    readers: tuple[Callable[[int], Iterator[Edge]], ...] = (
        lambda start: _marks(text, start),
        lambda start: _phrases(text, start),
        lambda start: _things(text, start, vocabulary),
        lambda start: _times(text, start, today),
        lambda start: _conditions(text, start),
        lambda start: _tops(text, start),
        lambda start: patterns(text, start),
        lambda start: averages(text, start),
        lambda start: overspending(text, start),
        lambda start: _numbers(text, start),
        lambda start: ((0.4, token) for token in names.found.get(start, ())),
        lambda start: iter(()) if sounds is None else _misspelt(text, start, sounds, loose),
    )
    for start in range(len(text)):
        if best[start] == float("inf"):
            continue
        unknown = Token(Sort.UNKNOWN, start, start + 1, text[start])
        _relax(best, back, _UNKNOWN_COST, unknown)
        for reader in readers:
            for cost, token in reader(start):
                _relax(best, back, cost, token)
    return _join_unknown(text, _walk_back(back, len(text)))


def _relax(best: list[float], back: list[Token | None], cost: float, token: Token) -> None:
    total = best[token.start] + cost
    if total < best[token.end] - 1e-9:
        best[token.end] = total
        back[token.end] = token


def _walk_back(back: list[Token | None], end: int) -> list[Token]:
    tokens: list[Token] = []
    while end > 0:
        token = back[end]
        if token is None:
            break
        tokens.append(token)
        end = token.start
    return tokens[::-1]


def _join_unknown(text: str, tokens: list[Token]) -> tuple[Token, ...]:
    joined: list[Token] = []
    for token in tokens:
        if token.sort is Sort.UNKNOWN and joined and joined[-1].sort is Sort.UNKNOWN:
            first = joined.pop()
            joined.append(replace(first, end=token.end, text=text[first.start : token.end]))
        else:
            joined.append(token)
    return tuple(joined)


# ---------------------------------------------------------------- edges

_MARKS = frozenset(" ?!,.;:()[]{}<>/\\|-_~…·*#@$^=+'\"")


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _whole_latin(text: str, start: int, end: int) -> bool:
    """Whether a match of Latin letters is not a piece of a longer word."""
    if (
        _is_latin(text[start])
        and text[start].isalpha()
        and start
        and text[start - 1].isascii()
        and text[start - 1].isalpha()
    ):
        return False
    last = text[end - 1]
    return not (
        last.isascii() and last.isalpha() and end < len(text) and text[end].isascii() and text[end].isalpha()
    )


def _marks(text: str, start: int) -> Iterator[Edge]:
    if text[start] in _MARKS:
        yield 0.1, Token(Sort.MARK, start, start + 1, text[start])


def _phrases(text: str, start: int) -> Iterator[Edge]:
    most = min(LONGEST.get(text[start], 0), len(text) - start)
    for length in range(most, 0, -1):
        phrase = text[start : start + length]
        for place, (word, value) in enumerate(PHRASES.get(phrase, ())):
            if _whole_latin(text, start, start + length):
                cost = _phrase_cost(word, length) + 0.3 * place
                yield cost, Token(Sort.PHRASE, start, start + length, phrase, word=word, value=value)


def _phrase_cost(word: Word, length: int) -> float:
    if word in (Word.FILLER, Word.POLITE):
        return 1.3 if length == 1 else 1.1
    if word is Word.REFUSE:
        return 1.2 if length > 1 else 2.5
    return 1.4 if length == 1 else 1.0


def _things(text: str, start: int, vocabulary: Vocabulary) -> Iterator[Edge]:
    for end, concepts in vocabulary.longest_at(text, start):
        if _whole_latin(text, start, end):
            loose = all(concept.loose for concept in concepts)
            cost = (
                1.15
                if loose
                else 0.9
                if not all(concept.kind is Kind.OTHER_PLACE for concept in concepts)
                else 1.2
            )
            yield cost, Token(Sort.THING, start, end, text[start:end], concepts=concepts)


def _times(text: str, start: int, today: date) -> Iterator[Edge]:
    found = match_time(text, start, today)
    if found is not None and _whole_latin(text, start, found.end):
        end = found.end + _counted_months(text, found)
        yield 0.9, Token(Sort.TIME, start, end, text[start:end], time=found)


_MONTHS = re.compile(r"(?:这|的)?(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})个月")


def _counted_months(text: str, time: TimeMatch) -> int:
    """How many letters say again how long the time is: 4月到6月三个月."""
    found = _MONTHS.match(text, time.end)
    if found is None or time.period is None:
        return 0
    start, end = time.period.start, time.period.end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return len(found.group()) if months > 1 and _count(found["n"]) == months else 0


def _numbers(text: str, start: int) -> Iterator[Edge]:
    if start and text[start - 1].isdigit():
        return
    spelt = _SPELT.match(text, start)
    if spelt is not None:
        value = Decimal(_ENGLISH_NUMBERS[spelt.group()])
        yield 1.5, Token(Sort.NUMBER, start, spelt.end(), spelt.group(), number=value)
    number = read_number(text, start)
    if number is not None:
        yield 1.5, Token(Sort.NUMBER, start, number.end, text[start : number.end], number=number.value)


_TOP = re.compile(
    r"(?:排名|排在|排|位列|位居|名列|居)?(?P<word>前|头|top ?|first |后|倒数|末|倒数前|最后|bottom ?|last )第?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b)(?P<unit> ?(?:名|位|大|强|家))?(?! ?(?:季度|个月|年|月))"
)


_ENGLISH_NUMBERS = {
    word: number
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)
}


_SPELT = re.compile(rf"(?<![a-z])(?:{'|'.join(_ENGLISH_NUMBERS)})(?![a-z])")


def _count(words: str) -> int:
    number = read_number(words, 0)
    return 0 if number is None else int(number.value)


def _tops(text: str, start: int) -> Iterator[Edge]:
    found = _TOP.match(text, start)
    if found is None or found.group().startswith("倒数第"):
        return
    count = _ENGLISH_NUMBERS.get(found["n"]) or _count(found["n"])
    if count < 1:
        return
    way = (
        "least"
        if found["word"].strip() in ("后", "倒数", "末", "倒数前", "最后", "bottom", "last")
        else "most"
    )
    yield 1.0, Token(Sort.TOP, start, found.end(), found.group(), value=way, number=Decimal(count))


_BEFORE: tuple[tuple[str, Operator], ...] = (
    ("不超过", Operator.AT_MOST), ("不高于", Operator.AT_MOST), ("不多于", Operator.AT_MOST), ("不大于", Operator.AT_MOST), ("至多", Operator.AT_MOST), ("最多不超过", Operator.AT_MOST),
    ("不低于", Operator.AT_LEAST), ("不少于", Operator.AT_LEAST), ("不小于", Operator.AT_LEAST), ("至少", Operator.AT_LEAST), ("达到", Operator.AT_LEAST), ("达", Operator.AT_LEAST), ("起码", Operator.AT_LEAST),
    ("超过了", Operator.ABOVE), ("超过", Operator.ABOVE), ("超出", Operator.ABOVE), ("大于", Operator.ABOVE), ("高于", Operator.ABOVE), ("多于", Operator.ABOVE), ("高过", Operator.ABOVE), ("突破", Operator.ABOVE), ("超", Operator.ABOVE), ("过", Operator.ABOVE), ("逾", Operator.ABOVE),
    ("没有达到", Operator.BELOW), ("没达到", Operator.BELOW), ("未达到", Operator.BELOW), ("达不到", Operator.BELOW), ("未达", Operator.BELOW), ("没到", Operator.BELOW), ("没有超过", Operator.AT_MOST), ("没超过", Operator.AT_MOST), ("未超过", Operator.AT_MOST), ("不足", Operator.BELOW), ("不到", Operator.BELOW), ("不满", Operator.BELOW), ("小于", Operator.BELOW), ("低于", Operator.BELOW), ("少于", Operator.BELOW), ("未满", Operator.BELOW),
    (">=", Operator.AT_LEAST), ("<=", Operator.AT_MOST), ("≥", Operator.AT_LEAST), ("≤", Operator.AT_MOST), (">", Operator.ABOVE), ("<", Operator.BELOW),
    ("more than ", Operator.ABOVE), ("over ", Operator.ABOVE), ("above ", Operator.ABOVE), ("greater than ", Operator.ABOVE), ("exceeding ", Operator.ABOVE), ("at least ", Operator.AT_LEAST),
    ("less than ", Operator.BELOW), ("below ", Operator.BELOW), ("under ", Operator.BELOW), ("fewer than ", Operator.BELOW), ("at most ", Operator.AT_MOST), ("no more than ", Operator.AT_MOST),
)  # fmt: skip
_AFTER: tuple[tuple[str, Operator], ...] = (
    ("及以上", Operator.AT_LEAST), ("以上", Operator.AT_LEAST), ("及以下", Operator.AT_MOST), ("以下", Operator.BELOW), ("以内", Operator.AT_MOST), ("之内", Operator.AT_MOST), ("开外", Operator.ABOVE), ("or more", Operator.AT_LEAST),
)  # fmt: skip
_BETWEEN = re.compile(r"(?:在|介于)?")
_MONEY_UNITS = ("块钱", "元", "块", " yuan", "yuan", " rmb")
_ENGLISH_SCALE = (
    (" billion", 10**9),
    (" million", 10**6),
    (" thousand", 10**3),
    ("bn", 10**9),
    ("m ", 10**6),
)
_PHRASES_WITH_VALUE: tuple[tuple[str, Operator, int], ...] = (
    ("上百亿", Operator.AT_LEAST, 10**10), ("过百亿", Operator.ABOVE, 10**10), ("超百亿", Operator.ABOVE, 10**10), ("百亿以上", Operator.AT_LEAST, 10**10), ("上十亿", Operator.AT_LEAST, 10**9), ("过十亿", Operator.ABOVE, 10**9), ("上亿", Operator.AT_LEAST, 10**8), ("过亿", Operator.ABOVE, 10**8), ("超亿", Operator.ABOVE, 10**8), ("亿元以上", Operator.AT_LEAST, 10**8), ("上千万", Operator.AT_LEAST, 10**7), ("过千万", Operator.ABOVE, 10**7), ("超千万", Operator.ABOVE, 10**7), ("千万以上", Operator.AT_LEAST, 10**7), ("千万元以上", Operator.AT_LEAST, 10**7), ("百万以上", Operator.AT_LEAST, 10**6), ("过百万", Operator.ABOVE, 10**6), ("上百万", Operator.AT_LEAST, 10**6),
)  # fmt: skip


def _conditions(text: str, start: int) -> Iterator[Edge]:
    for phrase, operator, least in _PHRASES_WITH_VALUE:
        if text.startswith(phrase, start):
            end = start + len(phrase)
            end += 1 if text.startswith("元", end) else 0
            yield 0.9, _condition(text, start, end, Condition(operator, Decimal(least), money=True))
    for phrase, operator in _BEFORE:
        if text.startswith(phrase, start):
            place = start + len(phrase)
            place += 1 if text.startswith(("了", " "), place) else 0
            read = _read_value(text, place)
            if read is not None:
                value, percent, money, end = read
                yield 1.0, _condition(text, start, end, Condition(operator, value, percent, money=money))
    yield from _trailing_conditions(text, start)


def _trailing_conditions(text: str, start: int) -> Iterator[Edge]:
    if start and (text[start - 1].isdigit() or text[start - 1] in ".,"):
        return
    read = _read_value(text, start)
    if read is None:
        return
    value, percent, money, end = read
    for phrase, operator in _AFTER:
        if text.startswith(phrase, end) or text.startswith(f" {phrase}", end):
            stop = text.index(phrase, end) + len(phrase)
            yield 1.0, _condition(text, start, stop, Condition(operator, value, percent, money=money))
    yield from _between(text, start, read)


def _between(text: str, start: int, low: tuple[Decimal, bool, bool, int]) -> Iterator[Edge]:
    value, percent, money, end = low
    for joint in ("至", "到", "-", "~", "和", " and "):
        if not text.startswith(joint, end):
            continue
        high = _read_value(text, end + len(joint))
        if high is None:
            continue
        upper, upper_percent, upper_money, stop = high
        for tail in ("之间", "间", "范围内"):
            stop += len(tail) if text.startswith(tail, stop) else 0
        if not (money or upper_money or percent or upper_percent):
            continue
        low_value = value
        if not money and upper_money and upper >= 10_000 > value:
            low_value = value * _scale_of(text[end + len(joint) : stop])
        if low_value < upper:
            found = Condition(
                Operator.AT_LEAST, low_value, percent or upper_percent, upper, money or upper_money
            )
            yield 1.0, _condition(text, start, stop, found)


def _scale_of(words: str) -> Decimal:
    return Decimal(100_000_000) if "亿" in words else Decimal(10_000) if "万" in words else Decimal(1)


def _condition(text: str, start: int, end: int, condition: Condition) -> Token:
    return Token(Sort.CONDITION, start, end, text[start:end], condition=condition)


def _read_value(text: str, start: int) -> tuple[Decimal, bool, bool, int] | None:
    """A number with its unit: (value, is it a percentage, is it surely money, end)."""
    ratio = read_ratio(text, start)
    if ratio is not None:
        return ratio.value, True, False, ratio.end
    number = read_number(text, start)
    if number is None:
        return None
    value, end = number.value, number.end
    money = any(unit in text[start:end] for unit in ("万", "亿"))
    for word, scale in _ENGLISH_SCALE:
        if text.startswith(word, end):
            value, end, money = value * scale, end + len(word.rstrip()), True
            break
    for unit in _MONEY_UNITS:
        if text.startswith(unit, end):
            return value, False, True, end + len(unit)
    return value, False, money, end


def _misspelt(text: str, start: int, sounds: SoundIndex, loose: frozenset[int]) -> Iterator[Edge]:
    for end, surface, concepts, phrase in sounds.at(text, start, loose):
        cost = 3.0 + (0.5 if end - start == 2 else 0)
        if concepts:
            yield cost, Token(Sort.THING, start, end, text[start:end], concepts=concepts, corrected=surface)
        elif phrase is not None:
            yield (
                cost + 0.2,
                Token(
                    Sort.PHRASE,
                    start,
                    end,
                    text[start:end],
                    word=phrase[0],
                    value=phrase[1],
                    corrected=surface,
                ),
            )
