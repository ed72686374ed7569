"""Names that have no Chinese surname: Uyghur and Kazakh with a dot, Tibetan, Mongol, Yi, Latin letters."""

from __future__ import annotations

import re

from anonymize.lists import characters, words
from anonymize.text import cues
from anonymize.text.folding import PERSONAL_BARRIERS
from anonymize.text.lexicon import is_word
from anonymize.text.segments import Segmentation
from anonymize.text.spans import Kind, Taken

_SOUNDS = "".join(sorted(characters("transliteration")))
_HAN = r"\u4e00-\u9fff"
_DOTTED = re.compile(rf"[{_SOUNDS}]{{1,7}}(?: ?[·.] ?[{_SOUNDS}{_HAN}]{{1,8}}){{1,3}}")
_TAIL = re.compile(rf"[{_SOUNDS}]{{1,8}}")
_PARTS = "|".join(sorted(words("borrowed_names"), key=lambda part: (-len(part), part)))
_BORROWED = re.compile(rf"(?:{_PARTS}){{1,3}}(?:别克|江|汗)?")
_BORROWED_PART = re.compile(_PARTS)
_THRESHOLD = 3.2
_SINGLE_PART = {1: 0.2, 2: 0.2, 3: 1.2, 4: 2.2}  # what one part is worth by its length
_PINYIN_SURNAME = "|".join(name.capitalize() for name in words("pinyin_surnames"))
_SYLLABLE = r"(?:[bpmfdtnlgkhjqxrzcswy]|zh|ch|sh)?[aeiouv]{1,3}(?:ng|n|r)?"
_PINYIN = re.compile(
    rf"(?<![A-Za-z])(?P<surname>{_PINYIN_SURNAME}|(?:{_PINYIN_SURNAME.upper()}))[ ,]{{1,2}}"
    rf"(?P<given>[A-Z](?:{_SYLLABLE})?(?:[\-']?{_SYLLABLE}){{0,2}}|[A-Z]{{2,12}})(?![A-Za-z])"
    r"(?! (?:Road|Street|District|County|City|Town|Village|River|Lake|Mountain|Province|Project|Bridge|School|University))"
)
_CAPITAL = re.compile("[A-Z][A-Za-z]")
_TITLED = re.compile(
    r"(?<![A-Za-z])(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|MR|MS|DR)\.? ?(?P<name>[A-Z][a-z]+(?:[ \-][A-Z][a-z]+){1,2})(?![A-Za-z])"
)
_LABELLED = re.compile(
    r"(?:[Pp]ayee|[Nn]ame|[Cc]ontact(?: person)?|[Rr]ecipient|[Bb]eneficiary|[Aa]pplicant|[Aa]ttn|姓名|联系人|收款人|专家|外教|讲师|教师|付|支付|聘请|邀请)"
    r"(?:为|是)? ?[:=]? ?(?P<name>[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z]+){1,2})(?! ?(?:Co|Ltd|Inc|Bank|University|Institute|Company|Group))(?![A-Za-z])"
)

_IDENTIFIED = re.compile(
    r"(?<![A-Za-z])(?P<name>[A-Z][a-z]+(?:[ \-][A-Z][a-z]+){1,2})(?=[ ,:(]{0,2}(?:护照|身份证|电话|手机|先生|女士|教授|老师|[Pp]assport|ID |[Tt]el|["
    + PERSONAL_BARRIERS
    + "]))"
)


def find_foreign_names(folded: str, taken: Taken) -> None:
    """Add names written with a dot, in borrowed syllables or in Latin letters."""
    _find_dotted(folded, taken)
    _find_borrowed(folded, taken)
    _find_latin(folded, taken)


def _find_dotted(folded: str, taken: Taken) -> None:
    if "·" not in folded and "." not in folded:
        return
    for match in _DOTTED.finditer(folded):
        dot = max(
            folded.rfind("·", match.start(), match.end()), folded.rfind(".", match.start(), match.end())
        )
        tail = _TAIL.match(folded, dot + 1 + (folded[dot + 1] == " "))
        start = match.start() + _is_half_of_kinship(folded, match.start())
        if tail is None or len(tail[0]) + dot - match.start() < 3 or cues.is_place_ahead(folded, tail.end()):
            continue
        taken.add(start, tail.end(), Kind.NAME)


def _is_half_of_kinship(folded: str, start: int) -> bool:
    """丈夫木合塔尔·阿不都: 夫 is a sound of foreign names and the end of a word for a relative."""
    return folded[max(0, start - 1) : start + 1] in (
        "丈夫",
        "前夫",
        "亡夫",
        "妹夫",
        "姐夫",
        "姑父",
        "舅妈",
        "姑妈",
        "大妈",
    )


def _find_borrowed(folded: str, taken: Taken) -> None:
    if _BORROWED_PART.search(folded) is None:
        return
    segmentation = Segmentation(folded)
    for match in _BORROWED.finditer(folded):
        if cues.is_place_ahead(folded, match.end()):
            continue
        parts = len(_BORROWED_PART.findall(match[0]))
        if parts == 1 and is_word(match[0]):
            continue
        score = 3.2 if parts > 1 else _SINGLE_PART[min(len(match[0]), 4)]
        next_word = segmentation.word_at(match.end())
        score += cues.left_score(folded, match.start()) + cues.right_score(folded, match.end(), next_word)
        if score >= _THRESHOLD:
            taken.add(match.start(), match.end(), Kind.NAME)


def _find_latin(folded: str, taken: Taken) -> None:
    if _CAPITAL.search(folded) is None:
        return
    for pattern in (_TITLED, _LABELLED, _IDENTIFIED):
        for match in pattern.finditer(folded):
            taken.add(match.start("name"), match.end("name"), Kind.NAME)
    for match in _PINYIN.finditer(folded):
        taken.add(match.start(), match.end(), Kind.NAME)
