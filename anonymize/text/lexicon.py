"""What one word or character tells, before any context: surnames, given names, ordinary words.

Dictionary knowledge comes from the segmenter; its guesses for words it does not know (nearly
always "a name") are not believed.
"""

from __future__ import annotations

from functools import cache, lru_cache

import rjieba

from anonymize.lists import characters, words

COMPOUND_SURNAMES = frozenset(words("surnames_compound"))
_COMMON = characters("surnames_common")
_AMBIGUOUS = characters("surnames_ambiguous") - _COMMON
_RARE = characters("surnames_rare") - _COMMON - _AMBIGUOUS
SURNAMES = _COMMON | _AMBIGUOUS | _RARE
ORDINARY = frozenset(words("ordinary_words"))
PLACES = frozenset(words("place_words"))
FAMOUS = frozenset(words("famous"))
GIVEN_WORDS = frozenset(words("given_words"))
PLACEHOLDERS = frozenset(
    ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "王二", "李二", "张二", "刘六"]
)

_NEVER = characters("given_never")
_UNLIKELY = characters("given_unlikely")
_USUAL = characters("given_usual")
_TYPICAL = characters("given_typical")
_NAME_TAGS = ("nr", "x", "eng")
_LOOSE_TAGS = ("nz", "t", "tg", "b", "zg")  # what the dictionary calls words that it does not know well
_IMPOSSIBLE = -9.0


def is_han(character: str) -> bool:
    """True for a Chinese character of the common planes."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or character == "〇"
        or character > "\U0001ffff"
    )


@cache
def _character_score(character: str) -> float:
    if character in _NEVER or not is_han(character):
        return _IMPOSSIBLE
    if character in _UNLIKELY:
        return -1.6
    if character in _USUAL:
        return 0.4
    return 1.3 if character in _TYPICAL else -0.3


@cache
def surname_score(surname: str) -> float:
    """How readily `surname` is one; negative for those that begin many ordinary words."""
    if surname in COMPOUND_SURNAMES:
        return 1.8
    if surname in _COMMON:
        return 1.5
    return 1.0 if surname in _RARE else 0.0


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """True for a dictionary word that is not itself a person's name."""
    if text in ORDINARY or text in PLACES:
        return True
    if len(text) < 2 or not rjieba.has_word(text):
        return False
    tags = rjieba.tag(text)
    return len(tags) == 1 and not tags[0][1].startswith(_NAME_TAGS)


@lru_cache(maxsize=65536)
def shape_score(surname: str, given: str) -> float:
    """How much `surname` + `given` looks like a person's name, apart from any context."""
    name = surname + given
    if name in PLACEHOLDERS:
        return 2.5
    scores = [_character_score(character) for character in given]
    if min(scores) <= _IMPOSSIBLE:
        return _IMPOSSIBLE
    score = surname_score(surname) + sum(scores) / len(scores) + (0.3 if len(given) == 2 else -0.2)
    if name in ORDINARY or name in FAMOUS or name in PLACES:
        return score - 4.0
    if is_word(name):
        score -= 1.5 if rjieba.tag(name)[0][1] in _LOOSE_TAGS else 2.5
    if len(given) == 2:
        score += _given_word_score(given, min(scores)) + _beginning_score(name[:2], given[-1])
    return score


def _beginning_score(beginning: str, last: str) -> float:
    """文化和, 安全员: an ordinary word with a character behind it."""
    if last in "和同为与":
        return -2.0 if is_word(beginning) else -0.8
    if beginning in ORDINARY and _character_score(last) < 1:
        return -2.0
    return -1.0 if is_word(beginning) else 0.0


def _given_word_score(given: str, weakest: float) -> float:
    """What it says that a two-character given name is a word of the dictionary."""
    if given[0] == given[1]:
        return 0.4  # 圆圆, 程程: doubled characters are names, or reduplications that seldom follow a surname
    if given in GIVEN_WORDS:
        return 0.4
    if given in ORDINARY:
        return -2.5
    if given in PLACES or not is_word(given):
        return 0.0
    if rjieba.tag(given)[0][1].startswith("n"):
        return -0.4 if weakest > 0 else -1.2
    return -0.8


def warm_up() -> None:
    """Pay for the segmenter's dictionary now (about a quarter of a second, once a process)."""
    rjieba.tag("阳光财政")
