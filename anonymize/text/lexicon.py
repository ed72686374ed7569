"""What one word or character tells, before any context: surnames, given names, ordinary words.

Dictionary knowledge comes from the segmenter; its guesses for words it does not know (nearly
always "a name") are not believed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import inf, log

import rjieba

from anonymize.lists import characters, weights, words

COMPOUND_SURNAMES = frozenset(words("surnames_compound"))
_COMMON = characters("surnames_common")
AMBIGUOUS_SURNAMES = characters("surnames_ambiguous") - _COMMON
_RARE = characters("surnames_rare") - _COMMON - AMBIGUOUS_SURNAMES
SELDOM_SURNAMES = characters("surnames_seldom") - _COMMON - AMBIGUOUS_SURNAMES - _RARE
SURNAMES = _COMMON | AMBIGUOUS_SURNAMES | _RARE | SELDOM_SURNAMES
ORDINARY = frozenset(words("ordinary_words"))
PLACES = frozenset(words("place_words"))
FAMOUS = frozenset(words("famous"))
NO_PERSONS = frozenset(words("no_persons"))
GIVEN_WORDS = frozenset(words("given_words"))
PLACEHOLDERS = frozenset(
    ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "王二", "李二", "张二", "刘六"]
)

NEVER_GIVEN = characters("given_never")
_UNLIKELY = characters("given_unlikely")
_USUAL = characters("given_usual")
_TYPICAL = characters("given_typical")
_NAME_TAGS = ("nr", "x", "eng")
_LOOSE_TAGS = ("nz", "t", "tg", "b", "zg")  # what the dictionary calls words that it does not know well
_IMPOSSIBLE = -9.0
_GIVEN_WEIGHTS = weights("given_weights")
_LAST_WEIGHTS = weights("last_weights")
_SURNAME_WEIGHTS = weights("surname_weights")
_UNSEEN_CHARACTER = -1.0
_COMPOUND_SHARE = -7.0
_UNSEEN_SURNAME = -10.0
_WORDS_COUNTED = log(60_101_964)  # the sum of all frequencies in the segmenter's dictionary
_LEAST_OF_ORDINARY = 1500
_LEAST_OF_PLACES = 300
_LEAST_OF_THINGS = 100
_LEAST_OF_CHARACTERS = 3
_STREETS = frozenset("路街巷道桥河江湖山港渠")
_TOO_FREQUENT = 7.5  # words as frequent as 具有 and 反映 are no given names


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
    if character in NEVER_GIVEN or not is_han(character):
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
    if surname in _RARE:
        return 1.0
    return 0.0 if surname in AMBIGUOUS_SURNAMES else -0.5


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """True for a dictionary word that is not itself a person's name."""
    if text in ORDINARY or text in PLACES or text in NO_PERSONS:
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
    if name in FAMOUS or name in ORDINARY or name in PLACES or name in NO_PERSONS:
        return score - (5.5 if name in FAMOUS or name in NO_PERSONS else 4.0)
    if name[:-1] in PLACES and name[-1] in _STREETS:
        return _IMPOSSIBLE
    if is_word(name):
        score -= (1.5 if rjieba.tag(name)[0][1] in _LOOSE_TAGS else 2.5) + (1.0 if len(name) > 2 else 0.0)
    if len(given) == 2:
        score += _given_word_score(given, min(scores)) + _beginning_score(name[:2], given[-1])
    return score


def _beginning_score(beginning: str, last: str) -> float:
    """文化和, 安全员: an ordinary word with a character behind it."""
    if last in "和同为与":
        return -2.0 if is_word(beginning) else -0.8
    if beginning in ORDINARY and _character_score(last) < 1:
        return -2.0
    if beginning in PLACES or beginning in NO_PERSONS:
        return -3.0 if beginning in PLACES else -1.5
    return -1.0 if is_word(beginning) else 0.0


def _given_word_score(given: str, weakest: float) -> float:
    """What it says that a two-character given name is a word of the dictionary."""
    if given[0] == given[1]:
        return 0.4  # 圆圆, 程程: doubled characters are names, or reduplications that seldom follow a surname
    if given in GIVEN_WORDS:
        return 0.4
    if given in ORDINARY or (word_frequency(given) > _TOO_FREQUENT and given not in PLACES):
        return -2.5
    if given in PLACES or not is_word(given):
        return 0.0
    if rjieba.tag(given)[0][1].startswith("n"):
        return -0.4 if weakest > 0 else -1.2
    return -0.8


@lru_cache(maxsize=1 << 17)
def word_cost(word: str) -> float:
    """How surprising `word` is as a word of a text: minus the natural logarithm of its share; inf if it is none.

    Names of persons are no words here, though the dictionary has tens of thousands: they are what is looked for.
    """
    least = _least_frequency(word)
    is_known = bool(rjieba.has_word(word))
    if not least and (not is_known or dictionary_tag(word).startswith("nr")):
        return inf
    return _WORDS_COUNTED - log(max(least, rjieba.suggest_freq(word) if is_known else 0))


def _least_frequency(word: str) -> int:
    """How often a word of our own lists is taken to occur at least; 0 for words of the dictionary alone."""
    if len(word) == 1:
        return _LEAST_OF_CHARACTERS
    if word in ORDINARY:
        return _LEAST_OF_ORDINARY
    if word in PLACES or word in FAMOUS:
        return _LEAST_OF_PLACES
    return _LEAST_OF_THINGS if word in NO_PERSONS else 0


@lru_cache(maxsize=1 << 16)
def dictionary_tag(word: str) -> str:
    """The part of speech that the dictionary gives `word`; nothing for what is no word of it."""
    tag = str(rjieba.tag(word)[0][1]) if rjieba.has_word(word) else ""
    is_ours = len(word) > 1 and _least_frequency(word) > 0
    return "n" if is_ours and (not tag or tag.startswith("nr")) else tag


def word_frequency(word: str) -> float:
    """Natural logarithm of how often the dictionary counted `word` (no person's name); 0 for no word."""
    cost = word_cost(word) if len(word) > 1 else inf
    return 0.0 if cost == inf else _WORDS_COUNTED - cost


def is_usual_as_name(given: str) -> bool:
    """True for words that are given names too, and for places, which are no rarer as names than other words."""
    return given in GIVEN_WORDS or given in PLACES


def given_weight(given: str) -> float:
    """How much more the characters of `given` occur in given names than in text, in natural logarithms."""
    return sum(_GIVEN_WEIGHTS.get(character, _UNSEEN_CHARACTER) for character in given)


def last_weight(character: str) -> float:
    """How much more `character` ends a name than a noun, in natural logarithms."""
    return _LAST_WEIGHTS.get(character, 0.0)


def surname_weight(surname: str) -> float:
    """Natural logarithm of the share of persons who have this surname."""
    if surname in COMPOUND_SURNAMES:
        return _COMPOUND_SHARE
    return _SURNAME_WEIGHTS.get(surname, _UNSEEN_SURNAME)


def warm_up() -> None:
    """Pay for the segmenter's dictionary now (about a quarter of a second, once a process)."""
    rjieba.tag("阳光财政")
