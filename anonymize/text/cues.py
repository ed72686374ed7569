"""What stands beside a name: labels, roles, verbs, forms of address, what is paid to persons.

Scores are added to that of the candidate's own shape; none decides alone except a label with a
colon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from anonymize.lists import words
from anonymize.text.folding import NAME_BARRIER, PERSONAL_BARRIERS


class _Vocabulary:
    """Looks up whether one of many words ends or begins at a place of a text."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._last: dict[str, list[int]] = {}
        self._first: dict[str, list[int]] = {}
        for text in sorted(self._texts, key=len, reverse=True):
            for lengths in (self._last.setdefault(text[-1], []), self._first.setdefault(text[0], [])):
                if len(text) not in lengths:
                    lengths.append(len(text))

    def before(self, text: str, end: int) -> int:
        """Length of the longest word that ends at `end`, or 0."""
        for length in self._last.get(text[end - 1], ()) if end else ():
            if length <= end and text[end - length : end] in self._texts:
                return length
        return 0

    def after(self, text: str, start: int) -> int:
        """Length of the longest word that begins at `start`, or 0."""
        for length in self._first.get(text[start], ()) if start < len(text) else ():
            if text[start : start + length] in self._texts:
                return length
        return 0


_LABELS = _Vocabulary(words("labels"))
_ROLES = _Vocabulary(words("roles"))
_VERBS_BEFORE = _Vocabulary(words("verbs_before"))
_HONORIFICS = _Vocabulary(words("honorifics"))
_ADDRESS_FORMS = _Vocabulary(
    [
        "先生",
        "女士",
        "小姐",
        "老师",
        "教授",
        "医生",
        "大夫",
        "师傅",
        "同志",
        "同学",
        "大爷",
        "大妈",
        "大叔",
        "大婶",
        "大娘",
        "大伯",
        "大哥",
        "大姐",
        "大嫂",
        "阿姨",
        "叔叔",
        "伯伯",
        "奶奶",
        "爷爷",
        "婆婆",
        "老太",
        "老汉",
        "老伯",
        "主任",
        "书记",
        "局长",
        "科长",
        "处长",
        "厅长",
        "县长",
        "市长",
        "镇长",
        "乡长",
        "村长",
        "站长",
        "校长",
        "院长",
        "所长",
        "队长",
        "组长",
        "会计",
        "律师",
        "经理",
        "总监",
        "老板",
        "警官",
        "护士",
        "司机",
        "博士",
        "院士",
        "法官",
        "家人",
        "家属",
    ]
)
_NOUNS_AFTER = _Vocabulary(words("nouns_after"))
_VERBS_AFTER = _Vocabulary(words("verbs_after"))
_PLACES = _Vocabulary(words("place_suffixes"))

_ADMINISTRATIVE = frozenset("省市县区镇乡村")
_WITHIN_PLACE = frozenset(["市内", "市区", "县内", "区内", "区间", "镇上", "村里", "乡下", "市场", "市场价"])
_DELIMITERS = " ,;:、/|()[]{}<>\"'“”‘’《》【】「」\n。!?-+=_*#&…→"
_OPENERS = frozenset(_DELIMITERS)
_LABEL_GAP = re.compile(r"(?:姓名|名字)?(?:为|是|系)?[ :(\[【“\"'=\-]{0,3}$")
_PERSONAL_NUMBER = re.compile(
    rf"[ ,、|/(:;]{{0,3}}(?:[{PERSONAL_BARRIERS}]|\d{{6}}|[男女][ ,、|;/)]|(?:公民)?身份证|证件号|联系电话|电话|手机|卡号|账号|银行卡|微信|QQ)"
)
_PERSONAL_NUMBER_BEFORE = re.compile(rf"(?:[{PERSONAL_BARRIERS}]|\d{{6}}[Xx]?)[ ,、|/()]{{0,3}}$")
_COUNT = re.compile(
    r" ?等? ?(?:共|共计)? ?[0-9一二两三四五六七八九十百]{1,4} ?余?(?:人|名|位|户|家|个人|同志|老师|位同志|名同志|学生|农户|村民)"
)
_MONEY = re.compile(r" ?[¥￥]? ?\d[\d,]*(?:\.\d{1,2})? ?(?:元|万元|块|(?=[,、;。]|$))")
_SPEAKER = re.compile(r"(?:.*[\n。])?[\u4e00-\u9fff]{2,4}", re.DOTALL)
# 高桥、白马、梅岭三个乡镇: what a list of names turns out to be.
_LIST_OF_PLACES = re.compile(
    r"(?:[、和及][\u4e00-\u9fff]{2,5}?)*(?:等(?:[0-9一二两三四五六七八九十]+)?[个座条处所]?|[0-9一二两三四五六七八九十]+[个座条处所])"
    r"[\u4e00-\u9fff]{0,3}?(?:村(?!民)|镇(?!长)|乡(?!长)|县(?!长)|市(?!长)|区(?!长)|街道|社区|林场|农场|水库|渠|河|江|湖|山|岭|学校|中学|小学|景区|园区|站|港|码头|大桥|路|地区|流域|项目|工程)"
)
_PERIOD = re.compile(r" ?(?:20\d\d|\d{1,2})(?:年|月|-\d|/\d|\.\d)")
# 代课费, 感谢信印刷费: whatever it is, it is paid for.
_PAID_FOR = re.compile(
    r"[\u4e00-\u9fff]{1,7}?(?:费|款|补助|补贴|工资|奖金|报酬|津贴|酬|租金|工钱|保险|奖补|补偿|救助|慰问)"
)
_PAYING = frozenset("付发给退转补")
_AND = frozenset("和与及")
_PERSON_ENDS = frozenset("员人者民师生")
_PLACE_ENDS = frozenset("组村镇乡街队屯寨号室栋社区户")


def is_place_ahead(text: str, end: int, next_word: str = "") -> bool:
    """True when what follows makes a place, body or thing of the word that ends at `end`.

    `next_word` is the dictionary word there: 市内 is not 市, 路费 is not 路.
    """
    length = _PLACES.after(text, end)
    if length == 0:
        return False
    if text[end] in _ADMINISTRATIVE:
        return next_word not in _WITHIN_PLACE
    return len(next_word) <= length or _PLACES.after(next_word, 0) == len(next_word)


def is_in_list_of_places(text: str, end: int) -> bool:
    """True when the list that goes on at `end` is said to be one of villages, towns, waters …"""
    return _LIST_OF_PLACES.match(text, end) is not None


def is_form_of_address(text: str, position: int) -> bool:
    """True when 先生, 女士, 老师 … stands at `position`: what came before was a surname alone."""
    return _ADDRESS_FORMS.after(text, position) > 0


def label_score(text: str, start: int) -> float:
    """What a field label or a role directly before `start` is worth."""
    window_start = max(0, start - 24)
    window = text[window_start:start]
    gap = _LABEL_GAP.search(window)
    stem_end = start - len(gap[0]) if gap else start
    has_gap = stem_end < start
    if _LABELS.before(text, stem_end) or (gap and gap[0].startswith("姓名")):
        return 4.0 if has_gap else 2.5
    if _ROLES.before(text, stem_end):
        return 2.8 if text[stem_end:start].strip() or not has_gap else 2.0
    return 0.0


def left_score(text: str, start: int) -> float:
    """What everything before `start` says in favour of a name."""
    if start == 0:
        return 0.7
    score = label_score(text, start) or _score_after_mark(text, start)
    if score:
        return score
    if text[start - 1] in _OPENERS:
        return 1.5 if _PERSONAL_NUMBER_BEFORE.search(text[max(0, start - 12) : start]) else 0.6
    return _score_after_word(text, start)


def _score_after_mark(text: str, start: int) -> float:
    """The worth of a name or number found before, directly or across a comma or an "and"."""
    before = text[start - 1]
    if before in PERSONAL_BARRIERS:
        return 1.5
    if before == NAME_BARRIER:
        return 0.5
    if before in _OPENERS or before in _AND:
        return 3.0 if text[max(0, start - 4) : start].rstrip(" 、,/;和与及").endswith(NAME_BARRIER) else 0.0
    return 0.0


def _score_after_word(text: str, start: int) -> float:
    before = text[start - 1]
    length = _VERBS_BEFORE.before(text, start)
    if length:
        return 1.8 if length > 1 or before in _PAYING else 1.2
    if before in _PERSON_ENDS:
        return 1.2
    if before in _PLACE_ENDS:
        return 0.6
    return 0.0 if before == "的" or before.isdigit() else -0.6


def right_score(text: str, end: int, next_word: str = "") -> float:
    """What everything from `end` on says in favour of a name; `next_word` is the dictionary word there."""
    if end >= len(text):
        return 0.5
    for is_so, score in _AHEAD:
        if is_so(text, end):
            return score
    if text[end] in _OPENERS:
        return 0.4
    if _PAID_FOR.match(text, end):
        return 1.3 if next_word else 0.9
    return 0.2 if next_word else -0.4


def _is_mark_ahead(text: str, end: int) -> bool:
    return text[end] == NAME_BARRIER or (
        text[end] in "、,/和与及" and text[end + 1 : end + 2] == NAME_BARRIER
    )


def _is_speaker(text: str, end: int) -> bool:
    return text[end] == ":" and _SPEAKER.fullmatch(text[:end]) is not None


# What may follow a name and what it is worth; the first that holds decides.
_AHEAD: tuple[tuple[Callable[[str, int], bool], float], ...] = (
    (lambda text, end: _COUNT.match(text, end) is not None, 2.4),
    (lambda text, end: _HONORIFICS.after(text, end) > 0, 2.4),
    (lambda text, end: _PERSONAL_NUMBER.match(text, end) is not None, 2.6),
    (_is_mark_ahead, 2.8),
    (lambda text, end: _NOUNS_AFTER.after(text, end) > 0, 1.6),
    (_is_speaker, 1.6),
    (lambda text, end: _MONEY.match(text, end) is not None or _PERIOD.match(text, end) is not None, 1.3),
    (lambda text, end: _VERBS_AFTER.after(text, end) > 1, 1.2),
    (lambda text, end: _VERBS_AFTER.after(text, end) == 1, 0.8),
)
