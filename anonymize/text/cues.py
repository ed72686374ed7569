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

    def __contains__(self, text: str) -> bool:
        return text in self._texts

    @property
    def last_characters(self) -> frozenset[str]:
        """What the words end in."""
        return frozenset(self._last)

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
# Of these, what belongs to places and bodies as often as to persons.
_THINGS_AFTER = _Vocabulary(
    [
        "生态",
        "设计",
        "监理",
        "测绘",
        "绿化",
        "编辑",
        "种植",
        "养殖",
        "庭院",
        "文化",
        "收购",
        "维修",
        "房屋",
        "青年",
        "春节",
        "中秋",
        "节日",
        "考核",
        "会议",
        "会务",
        "保险",
        "草原",
        "公益林",
        "果园",
        "种子",
        "粮食",
        "垃圾",
        "保洁",
        "安保",
        "旱厕",
        "户厕",
        "传承人",
        "培训",
        "演出",
        "管护",
        "清洁",
        "停车",
        "搬迁",
        "安置",
        "移民",
    ]
)
_VERBS_AFTER = _Vocabulary(words("verbs_after"))
_PLACES = _Vocabulary(words("place_suffixes"))

_ADMINISTRATIVE = frozenset("省市县区镇乡村")
_WITHIN_PLACE = frozenset(["市内", "市区", "县内", "区内", "区间", "镇上", "村里", "乡下", "市场", "市场价"])
_DELIMITERS = " .,;:、/|()[]{}<>\"'“”‘’《》【】「」\n。!?-+=_*#&…→"
_OPENERS = frozenset(_DELIMITERS)
_LABEL_GAP = re.compile(r"(?:姓名|名字)?(?:为|是|系)?[ :(\[【“\"'=\-]{0,3}$")
# What stands before a colon and is in no list: who somebody is, or the number of a group.
_LABEL_OF_PERSON = re.compile(
    r"(?:(?<![法个本他无])人|[^人成全派]员|[^学作记读]者|[贫住农租]户|[^月年日] ?[0-9一二三四五六七八九十]组|师傅|代表|家长)(?:签字|签名|签章|姓名|名单|名字)?$"
)
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
_CUE_ENDS = (
    _LABELS.last_characters
    | _ROLES.last_characters
    | _OPENERS
    | frozenset("和与及为是系")
    | frozenset(NAME_BARRIER)
)
_PERIOD = re.compile(r" ?(?:20\d\d|\d{1,2})(?:年|月|-\d|/\d|\.\d)")
# 代课费, 感谢信印刷费: whatever it is, it is paid for.
_PAID_FOR = re.compile(
    r"[\u4e00-\u9fff]{1,7}?(?:费|款|补助|补贴|工资|奖金|报酬|津贴|酬|租金|工钱|保险|奖补|补偿|救助|慰问)"
)
_PAYING = frozenset("付发给退转补")
_MONEY_VERBS = frozenset("付支发给退转补拨奖收报领借还聘请租购")
_STUDENT = re.compile(r"(?:大学|中学|小学|高中|初中|学校|学院)(?:新?生|毕业|录取|入学|学费|就读)")
_FILE_ENDING = re.compile(r"\.(?:[A-Za-z]{3,4}|7z)(?![A-Za-z0-9])")
_AND = frozenset("和与及")
SINGLE_WORDS = frozenset(
    "说找给被把让和与及跟同对向为请叫将由比像替帮问见陪是的了到从在答查因据称记派调转缴交收租接送"
)
"""Words of one character after which a name may begin though they are no cue."""
WORDS_BEHIND = frozenset(
    "已多称说很把在也都就还又被是的有没不要向对给和与等因从到将为于所领自同系任曾正未能可会去来做住找问带教太最"
)
"""Words of one character that a sentence goes on with behind a name."""
_PERSON_ENDS = frozenset("员人者民师生")
# 矿工, 理发师, 村支书: words that end so are nearly always kinds of persons …
_KIND_OF_PERSON = re.compile(
    r"[\u4e00-\u9fff]+(?:员|人|者|师|匠|户|工|民|兵|嫂|妇|童|生|长|官|手|友|书|老|士|倌|医|农|商|贩|主|妈|娘|爷|叔|婶|伯|姑|舅|姨|侄|孙|婿|徒|弟|兄|姐|妹|亲|属|事|理|方)"
)
# … but not these.
_NO_PERSON = re.compile(
    r".*(?:施工|竣工|开工|完工|动工|复工|停工|误工|务工|用工|招工|手工|人工|加工|化工|分工|员工餐|账户|帐户|窗户|门户|入户|到户|落户|开户|分户|每户|农副产|"
    r"卫生|发生|产生|民生|学生餐|增长|成长|生长|延长|特长|专长|市长热线|文书|证书|图书|读书|申请书|承诺书|责任书|任务书|计划书|说明书|通知书|意见书|建议书|决定书|协议书|秘书处|"
    r"养老|敬老|古老|道士|博士点|中医|就医|行医|兽医站|务农|惠农|支农|三农|涉农|电商|招商|营商|工商|通商|自主|民主|做主|为主|业主大会|办理|管理|修理|清理|整理|治理|受理|代理|处理|审理|物理|"
    r"合理|同事务|人事|民事|刑事|军事|赛事|办事|理事|故事|从事|一方|地方|对方|双方|警方|官方|南方|北方|东方|西方|官方|平方|立方|甲方|乙方|分手|动手|联手|助手台|工人文|个人|法人|无人|行人|老人机|机器人|"
    r"惠民|便民|利民|为民|富民|移民局|人民|国民|居民点|官兵|征兵|阅兵|练兵|二手|一手|房主|交友|生产者|记者站|人员|全员|动员|满员|成员国|议员|派员|会员|妇|儿童|孩童)"
)
_PLACE_ENDS = frozenset("组村镇乡街队屯寨号室栋社区户")


def is_place_ahead(text: str, end: int, next_word: str = "") -> bool:
    """True when what follows makes a place, body or thing of the word that ends at `end`.

    `next_word` is the dictionary word there: 市内 is not 市, 路费 is not 路.
    """
    if "〔" in text[end : end + 3]:
        return True  # 桂财农〔2024〕88号, 云财教函〔2025〕36号
    length = _PLACES.after(text, end)
    if length == 0 or _STUDENT.match(text, end):
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
    if text[start - 1] == ":" and _LABEL_OF_PERSON.search(window, 0, start - 1 - window_start):
        return 4.0  # 反映问题人:, 评分人:, 6组:
    if _ROLES.before(text, stem_end):
        return 2.8 if text[stem_end:start].strip() or not has_gap else 2.0
    return 0.0


def may_end_cue(character: str) -> bool:
    """False when no label, role or list of names can end in `character` (nothing at the beginning of a text)."""
    return character in _CUE_ENDS


def is_cue(text: str) -> bool:
    """True for what announces persons and is none itself: 车主, 代扣, 原告."""
    return text in _LABELS or text in _ROLES or text in _VERBS_BEFORE or text in _NOUNS_AFTER


def is_role(text: str) -> bool:
    """True for a word of the list of roles."""
    return text in _ROLES


def is_mark(character: str) -> bool:
    """True for punctuation and spaces."""
    return character in _OPENERS


def is_paying(character: str) -> bool:
    """True for verbs of one character whose object is whoever pays or is paid: 付, 退, 聘."""
    return character in _MONEY_VERBS


def is_paid_for(text: str, end: int) -> bool:
    """True when what is paid for stands at `end`: 代课费, 感谢信印刷费."""
    return _PAID_FOR.match(text, end) is not None


def is_kind_of_person(word: str) -> bool:
    """True for words such as 矿工, 理发师, 监护人: whoever is named next is one."""
    return _KIND_OF_PERSON.fullmatch(word) is not None and _NO_PERSON.fullmatch(word) is None


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
    if before == "的" and start > 1 and text[start - 2] in PERSONAL_BARRIERS:
        return 1.5
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
    return text[end] == NAME_BARRIER or (text[end] in "、/和与及" and text[end + 1 : end + 2] == NAME_BARRIER)


def _is_speaker(text: str, end: int) -> bool:
    return text[end] == ":" and _SPEAKER.fullmatch(text[:end]) is not None


# What may follow a name and what it is worth; the first that holds decides.
_AHEAD: tuple[tuple[Callable[[str, int], bool], float], ...] = (
    (lambda text, end: _COUNT.match(text, end) is not None, 2.4),
    (lambda text, end: _HONORIFICS.after(text, end) > 0, 2.4),
    (lambda text, end: _PERSONAL_NUMBER.match(text, end) is not None, 2.6),
    (_is_mark_ahead, 2.8),
    (lambda text, end: text[end] == "," and text[end + 1 : end + 2] == NAME_BARRIER, 1.2),
    (lambda text, end: _FILE_ENDING.match(text, end) is not None, 1.3),
    (lambda text, end: _THINGS_AFTER.after(text, end) > 0, 0.9),
    (lambda text, end: _NOUNS_AFTER.after(text, end) > 0, 1.6),
    (_is_speaker, 1.6),
    (lambda text, end: _MONEY.match(text, end) is not None or _PERIOD.match(text, end) is not None, 1.3),
    (lambda text, end: _VERBS_AFTER.after(text, end) > 1, 1.2),
    (lambda text, end: _VERBS_AFTER.after(text, end) == 1, 0.8),
)
