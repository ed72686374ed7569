"""Personal names: candidates by surname, decided by all that speaks for and against each.

A candidate's score is the logarithm of the odds that it is a name (see `evidence`). A surname with a
form of address alone (王先生, 小李) and a name that is masked already (张某, 李*明) are left as they
are: they single out nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from anonymize.text import cues
from anonymize.text.evidence import Evidence, Surname, Surroundings, log_odds, weigh
from anonymize.text.lattice import WordLattice
from anonymize.text.lexicon import (
    AMBIGUOUS_SURNAMES,
    COMPOUND_SURNAMES,
    FAMOUS,
    NEVER_GIVEN,
    ORDINARY,
    SELDOM_SURNAMES,
    SURNAMES,
    dictionary_tag,
    given_weight,
    is_han,
    is_usual_as_name,
    is_word,
    shape_score,
    word_frequency,
)
from anonymize.text.organisations import organisations
from anonymize.text.payees import PayeeNames
from anonymize.text.segments import Segmentation
from anonymize.text.spans import Kind, Taken

_THRESHOLD = -1.0
_KNOWN_BONUS = 6.0
_KNOWN_WORD_BONUS = 1.5  # an ordinary word that is a payee: as if its shape were better, no more
_LEAST_KNOWN_SHAPE = 0.5
_SPACED_BIAS = -2.1
_CERTAIN = 9.0
_COMPOUND_BEGINNINGS = frozenset(surname[0] for surname in COMPOUND_SURNAMES)
_HOPELESS = -8.0  # no context makes a name of what has a character that no name has
_CUE = 0.2  # more than this on the left says that a person may follow
_PERSON_WORD = 1.5
_STRONG_CUE = 2.0  # a label, a role or a list of names: whatever surname comes next
_NICKNAMES = frozenset("小老阿大各")  # 小陈 is not named 小
_HAMLET = re.compile(
    r"[\u4e00-\u9fff]家[冲川湾沟坪坝坡岭庄村坳塘桥营寨店堡窑畈垅垄峪洼岗山河港渡铺台集圩墩楼巷屯院园岩坎滩渠]"
)
_FIELD_LABEL = 4.0
_MONTH = re.compile(r"[一二三四五六七八九十]月")  # 于六月底前
_MASKED = frozenset("*×某")
_SHORT_TITLES = frozenset(
    "工总哥姐叔婶嫂姨局处科队所导某家记"
)  # 王工, 李总, 韩家, 刘记: a surname and a title, a family, a shop
_JOINING = frozenset("和由位")
_VERBAL = frozenset("付来支占向有都公项年空后如经时越应") | _JOINING
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
        find_known_names(folded, taken, payees)
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


def find_known_names(folded: str, taken: Taken, payees: PayeeNames) -> None:
    """Add every known name, whatever stands around it."""
    for start, end in payees.occurrences(folded):
        taken.add(start, end, Kind.NAME)


def weighed_candidates(folded: str) -> Iterator[tuple[tuple[int, int], Evidence]]:
    """Every place of `folded` that could be a name by its characters, and the evidence on it; for fitting."""
    yield from _Reader(folded).weighed()


class _Reader:
    """Scores candidates of one text."""

    def __init__(self, folded: str) -> None:
        self._text = folded
        self._segmentation = Segmentation(folded)
        self._firms = organisations(self._segmentation)

    @cached_property
    def _lattice(self) -> WordLattice:
        return WordLattice(self._text)  # most texts hold no candidate at all

    def by_surname(self) -> Iterator[_Candidate]:
        """Every surname with one or two characters behind it, scored."""
        for (start, end), evidence in self.weighed():
            score = log_odds(evidence)
            if evidence.fills_field and not dictionary_tag(self._text[start:end]).startswith("n"):
                score = max(score, _THRESHOLD)  # 证明人: 满意
            yield _Candidate(score, start, end)

    def weighed(self) -> Iterator[tuple[tuple[int, int], Evidence]]:
        """Every surname with one or two characters behind it, and the evidence on it."""
        text = self._text
        for start in range(len(text) - 1):
            if start and text[start - 1] in _MASKED:
                continue  # 李*明, 张某明
            if text[start] in _COMPOUND_BEGINNINGS and text[start : start + 2] in COMPOUND_SURNAMES:
                yield from self._with_surname(start, 2)
            if text[start] in SURNAMES or (is_han(text[start]) and self._is_announced(start)):
                yield from self._with_surname(start, 1)

    def _is_announced(self, start: int) -> bool:
        """True when a person is named here whatever the surname: after 联系人: or 护林员, in a list of names."""
        text = self._text
        if not cues.may_end_cue(text[start - 1 : start]) or cues.left_score(text, start) < _STRONG_CUE:
            return False
        return cues.label_score(text, start + 1) == 0  # 经办|人

    def _with_surname(self, start: int, surname_length: int) -> Iterator[tuple[tuple[int, int], Evidence]]:
        given_start = start + surname_length
        for end in (given_start + 1, given_start + 2):
            if end > len(self._text):
                return
            shape = shape_score(self._text[start:given_start], self._text[given_start:end])
            if (
                shape < _HOPELESS
                or self._is_no_name(start, given_start, end)
                or cues.is_form_of_address(self._text, given_start)
            ):
                continue
            if surname_length > 1 or self._may_be_surname(start, end):
                yield (start, end), self._weigh((start, end), self._surname(start, surname_length), shape)

    def _is_no_name(self, start: int, given_start: int, end: int) -> bool:
        """True for words that announce persons (车主, 由其子), titles, months, and words of budget language that fill no field."""
        given, whole = self._text[given_start:end], self._text[start:end]
        if given in _SHORT_TITLES or cues.is_role(given) or cues.is_cue(whole):
            return True
        return _MONTH.fullmatch(given) is not None or (
            whole in ORDINARY and cues.label_score(self._text, start) < _FIELD_LABEL
        )

    def _may_be_surname(self, start: int, end: int) -> bool:
        """What is in no list of surnames needs a given name that is plainly one; 付小王 is paying Xiao Wang."""
        surname = self._text[start]
        if surname in SELDOM_SURNAMES and is_word(self._text[start:end]):
            return False  # 保护, 家庭
        if surname in _VERBAL | SELDOM_SURNAMES and _is_ordinary_verb(self._text[start + 1 : end]):
            return False  # 付评审, 经核实
        if surname in _VERBAL:
            return self._text[start + 1] not in "小老阿" or self._text[start + 2 : start + 3] not in SURNAMES
        if surname not in SURNAMES:
            return surname not in NEVER_GIVEN | _NICKNAMES and _is_plainly_given(self._text[start + 1 : end])
        return True

    def _surname(self, start: int, length: int) -> Surname:
        """What speaks against a surname of `length` characters at `start`."""
        surname = self._text[start : start + length]
        return Surname(
            length=length,
            is_verb=surname in _VERBAL,
            is_within_word=surname in AMBIGUOUS_SURNAMES and self._is_within_word(start),
            is_seldom=surname in SELDOM_SURNAMES
            and not (start == 0 or cues.is_mark(self._text[start - 1]) or self._is_announced(start)),
            is_unlisted=length == 1 and surname not in SURNAMES,
        )

    def _is_within_word(self, start: int) -> bool:
        """True when nothing ends before `start`: no cue, no mark, no word of the dictionary (靖渡|区智慧校园)."""
        return (
            start > 0
            and cues.left_score(self._text, start) < 0
            and not self._lattice.word_before(start)
            and self._text[start - 1] not in cues.SINGLE_WORDS
        )

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
            yield _Candidate(score + _SPACED_BIAS + _THRESHOLD, match.start(), match.end())

    def known(self, names: PayeeNames) -> Iterator[_Candidate]:
        """Names that are known to belong to a person; ordinary words still need context."""
        for start, end in names.occurrences(self._text):
            name = self._text[start:end]
            if not is_han(name[0]) or "·" in name:
                yield _Candidate(_CERTAIN, start, end)
                continue
            surname_length = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
            shape = max(_LEAST_KNOWN_SHAPE, shape_score(name[:surname_length], name[surname_length:]))
            is_doubtful = name in ORDINARY or name in FAMOUS or is_word(name)
            bonus = _KNOWN_WORD_BONUS if is_doubtful else _KNOWN_BONUS
            evidence = self._weigh((start, end), self._surname(start, surname_length), shape)
            yield _Candidate(log_odds(evidence) + bonus, start, end)

    def _weigh(self, span: tuple[int, int], surname: Surname, shape: float) -> Evidence:
        return weigh(self._lattice, self._segmentation, span, surname, self._surroundings(*span), shape)

    def _fills_field(self, start: int, end: int) -> bool:
        """True for what stands alone behind a label: 证明人: 满意."""
        is_closed = end == len(self._text) or cues.is_mark(self._text[end])
        return is_closed and cues.label_score(self._text, start) >= _FIELD_LABEL

    def _surroundings(self, start: int, end: int) -> Surroundings:
        text = self._text
        next_word = self._lattice.word_at(end)
        previous_word = self._lattice.word_before(start)
        left = cues.left_score(text, start)
        if previous_word and cues.is_kind_of_person(previous_word):
            left = max(left, _PERSON_WORD)  # one that is in no list: 矿工, 理发师
        is_mark_behind = end < len(text) and cues.is_mark(text[end])
        within = [firm for firm in self._firms if firm.start < end and start < firm.end]
        is_in_shop = any(firm.is_shop for firm in within)
        return Surroundings(
            left=left,
            right=cues.right_score(text, end, next_word),
            is_cue_before=left > _CUE
            or start == 0
            or cues.is_mark(text[start - 1])
            or text[start - 1] in cues.SINGLE_WORDS,
            is_mark_behind=is_mark_behind,
            fills_field=self._fills_field(start, end),
            is_paid=start > 0 and cues.is_paying(text[start - 1]),
            is_paid_for=not is_mark_behind and cues.is_paid_for(text, end),
            is_place=(cues.is_place_ahead(text, end, next_word) and not is_in_shop)
            or cues.is_in_list_of_places(text, end)
            or _HAMLET.fullmatch(text, start, end) is not None,
            is_in_firm=any(not firm.is_shop for firm in within),
            is_in_shop=is_in_shop,
            listed=self._enumeration_score(start, end),
        )

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


def _is_ordinary_verb(given: str) -> bool:
    return len(given) > 1 and dictionary_tag(given).startswith("v") and not is_usual_as_name(given)


def _is_plainly_given(given: str) -> bool:
    """True for two characters that names have more than texts, and that are no word."""
    return len(given) == 2 and word_frequency(given) == 0 and all(given_weight(each) > 0 for each in given)


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
