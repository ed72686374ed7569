"""All projects of a kind: 高标准农田建设项目有几个 asks for every project whose name has these letters.

A kind is no column of any table, but the names tell it. What is counted is said in just these words
(名称含“高标准农田建设”), so that nobody takes it for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.mentions import asks_lookup
from search.vocabulary import Concept, Kind, Vocabulary

_NOUNS = ("项目", "工程")
_LONGEST = 14
_SHORTEST = 4
TELLING = 5
"""A piece of so many letters is a kind, whatever else its words may mean."""
LEAST = 4
"""A shorter piece (养老, 学校) may be in names of many kinds, and many of the kind are named otherwise."""
_LEAST_NAMES = 2
_SETS = frozenset({
    "howmany", "list", "exists", "which", "apart", "average", "altogether", "rank", "share", "median",
})  # fmt: skip
_SET_WORDS = (Word.LEVEL, Word.EXTREME, Word.SPLIT)
_NEVER_IN_A_KIND = frozenset({
    Kind.REGION, Kind.GROUP, Kind.STATUS, Kind.LIGHT, Kind.ORGANISATION, Kind.SUPPLIER, Kind.METHOD, Kind.FUND_SOURCE,
})  # fmt: skip
_CLASSES = frozenset({Kind.FUNCTION, Kind.SECTOR})
_TOTALS = ("总共", "一共", "合计", "共计", "加起来", "全部", "所有", "数量", "有多少", "多少个")


@dataclass(frozen=True, slots=True)
class KindOfProject:
    """`text[start:end]` is a piece of the names of several projects."""

    start: int
    end: int
    words: str

    def as_token(self) -> Token:
        """The words as the thing they mean."""
        concept = Concept(Kind.PROJECT_KIND, self.words, f"名称含“{self.words}”")
        return Token(Sort.THING, self.start, self.end, self.words, concepts=(concept,))

    def is_known(self, found: Sequence[Token]) -> bool:
        """Whether the words stand there as something else: a class, a department, or one project by its whole name."""
        return any(
            token.kinds() & _CLASSES
            if (token.start, token.end) == (self.start, self.end)
            else Kind.PROJECT in token.kinds() and token.start < self.end and self.start < token.end
            for token in found
        )


def asks_for_several(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a question is about a set of projects rather than about one of them."""
    if asks_lookup(tokens) or not any(noun in text for noun in _NOUNS):
        return False
    return any(word in text for word in _TOTALS) or any(
        (token.word is Word.ASK and token.value in _SETS)
        or token.is_word_any(*_SET_WORDS)
        or token.is_word(Word.MEASURE, "projects")
        or token.sort in (Sort.TOP, Sort.CONDITION)
        for token in tokens
    )


def kind_of_project(text: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> KindOfProject | None:
    """The longest words before 项目 or 工程 that stand in the names of two projects or more."""
    for end in _ends(text):
        first = _first_letter(end, tokens)
        for start in range(max(first, end - _LONGEST), end - _SHORTEST + 1):
            words = text[start:end]
            if all("一" <= letter <= "鿿" for letter in words) and _is_shared(words, vocabulary):
                return KindOfProject(start, end, words)
    return None


def _ends(text: str) -> Iterator[int]:
    for noun in _NOUNS:
        place = text.find(noun)
        while place >= 0:
            yield place - 1 if text[place - 1 : place] in {"的", "类"} else place
            place = text.find(noun, place + 1)


def _first_letter(end: int, tokens: Sequence[Token]) -> int:
    """Where a kind may begin: after places, times and questions, which are no pieces of it."""
    stops = [
        token.end
        for token in tokens
        if token.end <= end
        and (
            token.kinds() & _NEVER_IN_A_KIND
            or token.sort in (Sort.TIME, Sort.MARK, Sort.CONDITION, Sort.TOP)
            or token.is_word_any(Word.LEVEL, Word.AND, Word.NOT)
            or (len(token.text) > 1 and token.is_word_any(Word.ASK, Word.LIVELIHOOD, Word.EXTREME))
        )
    ]
    return max(stops, default=0)


def _is_shared(words: str, vocabulary: Vocabulary) -> bool:
    """Whether two names or more have these letters; the index is asked before any name is read."""
    return vocabulary.projects.is_in_several(words, _LEAST_NAMES)
