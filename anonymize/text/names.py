"""Personal names: candidates by surname, decided by shape, segmentation and context.

A candidate's score is the sum of what its characters, the segmentation and its neighbours say; it
is a name when the sum passes a threshold. A surname with a form of address alone (王先生, 小李) and a
name that is masked already (张某, 李*明) are left as they are: they single out nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anonymize.text import cues
from anonymize.text.lexicon import COMPOUND_SURNAMES, FAMOUS, ORDINARY, SURNAMES, is_han, is_word, shape_score
from anonymize.text.organisations import organisation_spans
from anonymize.text.payees import PayeeNames
from anonymize.text.segments import Segmentation
from anonymize.text.spans import Kind, Taken

_THRESHOLD = 2.4
_KNOWN_BONUS = 3.0
_PLACE_PENALTY = -3.5
_INSIDE_FIRM = -6.0
_COMPOUND_BEGINNINGS = frozenset(surname[0] for surname in COMPOUND_SURNAMES)
_HOPELESS = -3.0  # no context makes a name of such a shape
_SHORT_TITLES = frozenset(
    "工总哥姐叔婶嫂姨局处科队所导某家"
)  # 王工, 李总, 韩家: a surname and a title, a family
_JOINING = frozenset("和由位")
_VERBAL = frozenset("付来支占向有都公项年空后如经时越") | _JOINING
_HAN = r"\u4e00-\u9fff"
_SPACED = re.compile(rf"(?<![{_HAN}])([{_HAN}]) {{1,3}}([{_HAN}])(?: {{1,3}}([{_HAN}]))?(?![{_HAN}])")


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    score: float
    start: int
    end: int


def find_names(folded: str, taken: Taken, payees: PayeeNames, found_before: PayeeNames) -> None:
    """Add every personal name in `folded`; `found_before` were names elsewhere in the same text."""
    if not any(map(is_han, folded)):
        for start, end in payees.occurrences(folded):
            taken.add(start, end, Kind.NAME)
        return
    reader = _Reader(folded)
    candidates = [
        candidate
        for candidate in (
            *reader.by_surname(),
            *reader.spaced(),
            *reader.known(payees),
            *reader.known(found_before),
        )
        if candidate.score >= _THRESHOLD
    ]
    for candidate in sorted(candidates, key=lambda each: (-each.score, each.start - each.end, each.start)):
        taken.add(candidate.start, candidate.end, Kind.NAME)


class _Reader:
    """Scores candidates of one text."""

    def __init__(self, folded: str) -> None:
        self._text = folded
        self._segmentation = Segmentation(folded)
        self._firms = organisation_spans(self._segmentation)

    def by_surname(self) -> Iterator[_Candidate]:
        """Every surname with one or two characters behind it."""
        text = self._text
        for start in range(len(text) - 1):
            if text[start] in _COMPOUND_BEGINNINGS and text[start : start + 2] in COMPOUND_SURNAMES:
                yield from self._with_surname(start, 2)
            if text[start] in SURNAMES:
                yield from self._with_surname(start, 1)

    def _with_surname(self, start: int, surname_length: int) -> Iterator[_Candidate]:
        given_start = start + surname_length
        for end in (given_start + 1, given_start + 2):
            if end > len(self._text):
                return
            shape = shape_score(self._text[start:given_start], self._text[given_start:end])
            is_title = end - given_start == 1 and self._text[given_start] in _SHORT_TITLES
            if shape < _HOPELESS or is_title or cues.is_form_of_address(self._text, given_start):
                continue
            if surname_length > 1 or self._text[start] not in _VERBAL or self._is_called(start, end):
                yield _Candidate(shape + self._context(start, end), start, end)

    def _is_called(self, start: int, end: int) -> bool:
        """付, 来, 向 are verbs and prepositions unless something says that a person is meant."""
        if self._text[start + 1] in "小老阿" and self._text[start + 2 : start + 3] in SURNAMES:
            return False  # 付小王 is paying Xiao Wang
        if self._text[start] in _JOINING:
            return cues.left_score(self._text, start) >= 2.0
        return cues.left_score(self._text, start) >= 1.6 or cues.right_score(self._text, end) >= 2.4

    def spaced(self) -> Iterator[_Candidate]:
        """Names with spaces between their characters: 张 伟."""
        for match in _SPACED.finditer(self._text):
            surname, *given = [character for character in match.groups() if character]
            if surname not in SURNAMES:
                continue
            shape = shape_score(surname, "".join(given)) + 1.0
            score = (
                shape + cues.left_score(self._text, match.start()) + cues.right_score(self._text, match.end())
            )
            yield _Candidate(score, match.start(), match.end())

    def known(self, names: PayeeNames) -> Iterator[_Candidate]:
        """Names that are known to belong to a person; ordinary words still need context."""
        for start, end in names.occurrences(self._text):
            name = self._text[start:end]
            if not is_han(name[0]) or "·" in name:
                yield _Candidate(_THRESHOLD + 4, start, end)
                continue
            surname_length = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
            shape = max(0.5, shape_score(name[:surname_length], name[surname_length:]))
            doubt = -_KNOWN_BONUS if name in ORDINARY or name in FAMOUS or is_word(name) else 0.0
            yield _Candidate(shape + _KNOWN_BONUS + doubt + self._context(start, end), start, end)

    def _context(self, start: int, end: int) -> float:
        text = self._text
        score = self._segmentation.agreement(start, end)
        next_word = self._segmentation.word_at(end)
        left, right = cues.left_score(text, start), cues.right_score(text, end, next_word)
        if left < 0:
            left = self._left_by_word(start, left)
        if right <= 0.2 and self._segmentation.is_verb_at(end):
            right = 0.8
        score += left + right
        if cues.is_place_ahead(text, end, next_word) or cues.is_in_list_of_places(text, end):
            score += _PLACE_PENALTY
        if any(firm_start <= start and end <= firm_end for firm_start, firm_end in self._firms):
            score += _INSIDE_FIRM
        return score + self._enumeration_score(start, end)

    def _left_by_word(self, start: int, otherwise: float) -> float:
        """What the word before says that is in no list: 矿工, 采购, 隔壁."""
        word = self._segmentation.word_before(start)
        if word is None:
            return otherwise
        if cues.is_kind_of_person(word.text):
            return 2.0
        return 0.8 if word.tag.startswith("v") else 0.2

    def _enumeration_score(self, start: int, end: int) -> float:
        """Names come in lists: the neighbour across a 、 looks like one too."""
        text = self._text
        score = 0.0
        if text[end : end + 1] == "、" and _looks_like_name(text[end + 1 : end + 5]):
            score += 0.8
        if text[max(0, start - 1) : start] == "、":
            before = max(text.rfind("、", 0, start - 1), text.rfind(" ", 0, start - 1), start - 4) + 1
            if _looks_like_name(text[before : start - 1]) or _looks_like_name(
                text[max(0, start - 3) : start - 1]
            ):
                score += 0.8
        return score


def _looks_like_name(text: str) -> bool:
    """True when `text` begins with two or three characters in the shape of a name."""
    surname_length = 2 if text[:2] in COMPOUND_SURNAMES else 1
    if text[:1] not in SURNAMES and surname_length == 1:
        return False
    lengths = (surname_length + 2, surname_length + 1)
    return any(
        len(text) >= length and shape_score(text[:surname_length], text[surname_length:length]) > 0.4
        for length in lengths
    )
