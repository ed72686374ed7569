"""A project meant by pieces of its name: 荷坪到兴亭的农村公路, 西潭乡那个农业产业园.

People leave out what lies between the telling pieces of a name. A name explains a question when the question's letters
between its first and its last piece are pieces of the name or mere joints, and what stands outside is grammar that is
known. The second is for the reader of questions to try; here the stretches are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from search.names import spell
from search.normalize import normal
from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.mentions import asks_lookup
from search.parse.outcome import Ambiguity, Choice, Reading
from search.vocabulary import Concept, Kind, Vocabulary

_TRIED = 24
_SHORTEST_PIECE = 2
_LEAST_COVERED = 5
_SURE = 6
_LEAST_TELLING = 3
_OF_TIMES = "年月度"
_TOWN = re.compile("[\u4e00-\u9fff]{1,2}(?:镇|乡|街道|村)")
_KINDS = tuple("厂站院馆楼路桥园场校")  # what sort of building it is, where the name has another word for it
_JOINTS = (
    "那个",
    "这个",
    "那条",
    "这条",
    "那座",
    "这座",
    "那家",
    "到",
    "至",
    "的",
    "里",
    "和",
    "与",
    "、",
    " ",
    "市",
    "县",
    "区",
    "镇",
    "乡",
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]` may mean a project; `covered` letters of it are its name's own."""

    start: int
    end: int
    covered: int
    concept: Concept


def stretches(text: str, vocabulary: Vocabulary) -> list[Stretch]:
    """The projects whose names have pieces in a normalized question, those with the most letters first."""
    sound = spell(text)
    found: list[Stretch] = []
    for hit in vocabulary.projects.search(text, limit=_TRIED):
        row = vocabulary.project_rows[hit.place]
        concept = Concept(Kind.PROJECT, row.code, row.name, parent=row.region)
        stretch = _stretch(text, sound, vocabulary.projects.normal_name(hit.place), concept)
        if stretch is not None and stretch.covered >= _LEAST_COVERED:
            found.append(stretch)
    return sorted(found, key=lambda item: (-item.covered, item.end - item.start, item.concept.code))


def tells_enough(text: str, stretch: Stretch, tokens: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether the words mean this project rather than a kind of spending of its place.

    汐湾市培训支出 and 霁港市服务支出 have a piece of some project's name each; three letters besides the place, the word
    项目, or a question that only one thing can answer, are needed.
    """
    words = text[stretch.start : stretch.end]
    for code in vocabulary.regions.above(stretch.concept.parent or ""):
        place = normal(vocabulary.regions.label(code))
        words = (
            words.replace(place, "").replace(place[:-1], "") if len(place) > 2 else words.replace(place, "")
        )
    words = _TOWN.sub("", words)
    own = sum("一" <= letter <= "鿿" for letter in words if letter not in _OF_TIMES)
    spoken = any(token.is_word(Word.SUBJECT, "project") for token in tokens) or asks_lookup(tokens)
    return own >= _LEAST_TELLING or spoken


def as_token(stretch: Stretch, text: str) -> Token:
    """The words of a stretch as the one name they mean."""
    words = text[stretch.start : stretch.end]
    return Token(
        Sort.THING,
        stretch.start,
        stretch.end,
        words,
        concepts=(stretch.concept,),
        corrected=stretch.concept.label,
    )


def _stretch(text: str, sound: str, name: str, concept: Concept) -> Stretch | None:
    """The chain of pieces with the most letters of the name."""
    chains = list(_chains(text, list(_pieces(sound, name))))
    if not chains:
        return None
    covered, best = max((_own_letters(text, chain), chain) for chain in chains)
    end = best[-1][1]
    end += 1 if covered >= _SURE and text[end : end + 1] in _KINDS else 0
    return Stretch(best[0][0], end, covered, concept)


def _own_letters(text: str, chain: list[tuple[int, int]]) -> int:
    """How many Chinese letters the pieces have: a year is in many names and tells nothing."""
    return sum("一" <= letter <= "鿿" for start, end in chain for letter in text[start:end])


def _pieces(sound: str, name: str) -> Iterator[tuple[int, int]]:
    for step in LCSseq.opcodes(sound, spell(name)):
        if step.tag == "equal":
            yield step.src_start, step.src_end


def _chains(text: str, pieces: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Pieces that follow each other with nothing but joints between them.

    A piece has two letters at least: 城 and 区 of 城区, each found somewhere in a name, are no pieces of it.
    """
    chain: list[tuple[int, int]] = []
    for start, end in pieces:
        if end - start < _SHORTEST_PIECE and not (chain and text[start] in _KINDS):
            continue
        if chain and not _is_joint(text[chain[-1][1] : start]):
            yield chain
            chain = []
        chain.append((start, end))
    if chain:
        yield chain


def _is_joint(words: str) -> bool:
    while words:
        joint = next((item for item in _JOINTS if words.startswith(item)), None)
        if joint is None:
            return False
        words = words[len(joint) :]
    return True


def has_name(tokens: Sequence[Token], stretch: Stretch) -> bool:
    """Whether the words of a stretch were read as its name."""
    return any(token.start == stretch.start and token.concepts == (stretch.concept,) for token in tokens)


_MOST_PROJECTS = 8


def which_project(text: str, explained: Sequence[tuple[Stretch, Reading]]) -> Ambiguity:
    """The question back when several projects explain it equally well."""
    choices = tuple(
        Choice(
            stretch.concept.label,
            text[: stretch.start] + stretch.concept.label + text[stretch.end :],
            reading,
        )
        for stretch, reading in explained[:_MOST_PROJECTS]
    )
    words = text[explained[0][0].start : explained[0][0].end]
    return Ambiguity(f"“{words}”可以指 {len(explained)} 个项目，请选择一个。", choices, len(explained))
