"""Phrases with many forms, read by pattern rather than from a list: politeness, changes, shares of a head, ordinals.

A pattern stands for a family of phrases that mean one thing (帮忙查一下, 能不能给我算算); each match is one token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from search.numerals import read_number
from search.parse.edges import Edge, Sort, Token
from search.parse.lexicon import Word

_ASKER = "(?:我们?|俺们?|咱们?|本人)(?:代表团|审计组|课题组|调研组|编辑部|小组|处室|科室)?"
_ASKED = "(?:您|你们?|大家|各位)"
_DOING = "(?:查|看|问|算|说|讲|找|列|统计|核|搜|数|调|了解|知道|打听|咨询|请教|介绍|汇报|公布|晓得|核实|核对|确认|查证|弄清楚|弄清|搞清楚|听听|关心)"
_POLITE = re.compile(
    rf"(?:{_ASKER})?(?:就是|就|只|也|还)?(?:想要|想|要|需要|希望|打算)?(?:请|麻烦|劳驾|烦请|拜托)?(?:{_ASKED})?"
    rf"(?:能不能|可不可以|能否|可否|是否能|是否可以|能|可以)?(?:再)?(?:帮忙|帮着|帮|给|替|跟|向|同|为)?(?:{_ASKER}|{_ASKED})?(?:再)?"
    rf"{_DOING}{_DOING}?(?:一{_DOING}|一下子|一下|一句|一声|下|个|出来|到)?(?:看|吗|吧|呗|呀|啊)?"
)
_TAILS = re.compile(r"(?:可以|行|好|能|成)?(?:吗|不|么|嘛)?(?:谢谢|多谢|谢啦|谢了|3q|thx)(?:您|你|啦|了|啊)?")
_PER_HEAD = re.compile(
    r"(?:平均|均摊|平摊|分摊|摊|落|分|算|折算|折合)(?:下来)?到?(?:每|各)(?:一)?(?:个|位|名)?(?:人|居民|市民|老百姓|百姓)(?:的?头|的?身)?上?(?:的)?"
    r"|(?:平均)?每(?:一)?(?:个|位|名)?(?:人|居民|市民|老百姓|百姓)(?:头上|头|身上)?(?:平均)?(?:能|可以)?(?:摊到|分到|摊上|合到|摊|分摊|合|平均)"
)
_CHANGE = re.compile(
    r"(?P<verb>同比|环比)?(?:了)?(?P<way>增长|增加|增|提高|上升|上涨|多|高|涨|升|减少|减|少|降低|下降|低|降|跌|变化|变动|相差|差)(?:花|支出|用|投入|投|付)?(?:了|出|出了)?"
    r"(?P<what>百分之几|百分之多少|几个百分点|多少个百分点|多少百分点|几个点|多少个点|几成|多少%|几%|(?:多少|几)个?(?:亿|万|千万|百万|十万|百亿|千亿)(?:元|块钱|块)?|(?:几|多少)(?:座|个|家|公里|户|张|部|人次|人|套|盏|处|件|项|米|台|辆|所|间|亩|万亩|吨|床|份|条|次|名|平方米)|多少(?:元|钱|块钱)?|几多钱?)"
)
_RATE_WAYS = ("增长", "下降", "上升", "提高", "上涨", "涨", "降", "降低", "跌", "增", "变化", "变动")
_UP = "(?:增加|增长|增|涨|升|上升|提高|多|高)了?"
_DOWN = "(?:减少|下降|减|跌|降|降低|少|低)了?"
_EITHER = re.compile(rf"(?:是|到底是)?(?:{_UP}(?:还是|或者|或){_DOWN}|{_DOWN}(?:还是|或者|或){_UP})")
_GREETING = re.compile(
    r"(?:各位)?(?:老师|同志|领导|师傅|亲|客服|小编|大家|大神|工作人员|朋友|小哥哥|小姐姐|先生|女士)?(?:们)?,? ?(?:(?<=[师志导服编])好|(?<=朋友)好|(?<=大家)好|您们?好|你们?好|大家好|早上好|上午好|中午好|下午好|晚上好|早安|在吗|hello|hi there)(?:呀|啊)?"
)
_PEOPLE = "老人|大爷|大妈|市民|居民|群众|家长|妈妈|爸爸|学生|大学生|研究生|记者|编辑|人大代表|政协委员|人大|政协委员会?委员|代表|委员|农民|农户|工人|司机|村民|业主|教师|老师|医生|护士|纳税人|网友|选民|住户|患者|老百姓|员工|职工|审计员|律师|教授|学者|研究员|博主|会计|志愿者|个体户|店主|公务员|干部|网民|工程师|设计师|社工|创业者"
_MYSELF = re.compile(
    r"(?:(?:我|本人|俺|咱)(?:就)?是|(?:我|本人|俺)?(?:作为|身为))(?:一|个|名|位|普通|退休|老|新|外来|全职|的|省|市|县|区|全国|基层|小学|初中|中学|高中|大学|高校|幼儿园|乡村|农村|社区|公司|企业|工厂|报社|电视台|医院|大型|私营|民营){0,6}"
    rf"(?:{_PEOPLE})(?=[,;: 想要请问]|$)"
)
_ASKED_BY = re.compile(
    rf"(?:有(?:一|几)?[位个名些]?|一[位个名]|几[位个名]|我们?|单位|领导|同事|朋友|邻居|孩子){{0,3}}(?:{_PEOPLE}|领导|同事|朋友|邻居|孩子|上级|老板|主任|我妈|我爸|爸妈)们?"
    r"(?:来电|来信|写信|会上)?(?:(?:问|追问|提问|询问|打听|想问问?|想知道|想了解|关心|说想知道)(?:我们?)?(?:过|了|道|起)?(?:一下|下|的是)?"
    r"|(?:让|叫|要|托)我们?(?:来|帮忙?|去)?(?:查查|查一下|查|问问|问一下|问|看看|看一下|看|找找|统计一下))(?=[,;: ])"
)
_LATE = re.compile(
    r"(?:为什么|为啥|为何|怎么|咋|因为什么)(?:会|要)?(?:被)?(?:亮|标|评|打|判|列|是)(?:了|成|为)?(?:红|橙|黄|预警)?(?:的)?灯?"
)
_HAPPENS = r"(?:计划|预计|打算|大概|估计)?(?:在|于|是)?(?:会|要|能|将)?(?:什么时候|什么时间|何时|几时|啥时候|多会儿|哪一?天|哪一?年|哪个?月|几月份?|几号)(?:能够?|可以|才能|会|才|就|的)?"
_ENDS = re.compile(
    _HAPPENS
    + r"(?:完工|竣工|建成|建好|修好|修完|做完|完成|弄好|搞完|结束|交付|交工|投用|投入使用|通车|收尾|完(?![整善全]))(?:的|了)?"
)
_STARTS = re.compile(_HAPPENS + r"(?:开工|动工|启动|开建|开始建设?|开始修|开始施工|立项)(?:的|了)?")
_STOPPED = re.compile(
    r"(?:现在|是不是|是否)?(?:已经?)?(?:停工?|停建|烂尾|完工|竣工|建成|建好|修好|修完|弄好|搞好|盖好|开工|动工|通车)(?:了)?(?:没有?|吗|么|不|没得)(?![到达过])"
)
_HOW_FAR = re.compile(
    r"(?:建|修|干|搞|弄|做|盖|进行|进展|推进)(?:得|的|到)(?:怎么样|怎样|咋样|如何|哪(?:里|儿|了|一步|步)?|什么(?:程度|地步))(?:了)?"
)
_WHY_ASKED = re.compile(
    r"(?:我们?|本人)?(?:最近)?(?:在|正在|正|要|打算|准备)?(?:写|做|搞|准备|弄)(?:一?篇|一?个|一?份|毕业|课程|学期)?(?:毕业)?(?:论文|报告|作业|调研|研究|课题|文章|稿子|提案|议案|建议案|ppt|功课)(?=[,;: ]|想|需要|要)"
)
_AGAINST_PLAN = re.compile(
    r"(?:比|较|跟|和|与)(?:原来?|原定|原先)?(?:的)?计划(?:的)?(?:工期|时间|完工时间|完工日期)?(?:相比)?(?:是)?(?:完工|竣工)?(?:提前|推迟|晚|早|延后|延期|拖后?|慢|快)(?:了)?(?:还是(?:提前|推迟|晚|早|延后|延期|拖后?|慢|快)(?:了)?)?(?:完工|竣工|完成)?(?:的)?(?:多久|多长时间|几天|多少天|几个月|多少时间)?"
)
_RATES = ("百分之几", "百分之多少", "几个点", "多少个点", "几成", "多少%", "几%")
_NTH = re.compile(
    r"(?P<bottom>倒数)?(?P<placed>排名?|排在|位列|位居|居)?(?P<end>倒数)?第(?P<n>\d{1,2}|[二两三四五六七八九十]{1,3})(?P<way>多|高|大|贵|少|低|小|名|位|的(?=是|市|县|区|城市|地|项目|部门|单位|公司|企业|领域|科目|合同))?"
    r"|(?P<word>second|third|fourth|fifth)[ -](?P<english>most|highest|largest|biggest|least|lowest|smallest)"
)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_LEAST = ("少", "低", "小", "least", "lowest", "smallest")


_THERE_ARE_WHICH = ("有哪些", "有哪几个")


def patterns(text: str, start: int) -> Iterator[Edge]:
    """Tokens of all pattern families that begin at that place."""
    for pattern, word, value, cost in (
        (_POLITE, Word.POLITE, "", 1.15),
        (_TAILS, Word.POLITE, "", 1.15),
        (_GREETING, Word.POLITE, "", 1.0),
        (_MYSELF, Word.POLITE, "", 0.8),
        (_ASKED_BY, Word.POLITE, "", 0.8),
        (_WHY_ASKED, Word.POLITE, "", 0.8),
        (_EITHER, Word.CHANGE, "difference", 0.95),
        (_PER_HEAD, Word.ASK, "perhead", 0.95),
        (_LATE, Word.ASK, "late", 0.8),
        (_ENDS, Word.ASK, "end", 0.8),
        (_STARTS, Word.ASK, "start", 0.8),
        (_AGAINST_PLAN, Word.ASK, "end", 0.8),
        (_STOPPED, Word.ASK, "status", 0.95),
        (_HOW_FAR, Word.MEASURE, "progress", 0.95),
    ):
        found = pattern.match(text, start)
        if found is not None and found.end() > start:
            yield cost, _phrase(text, start, found.end(), word, value)
    if text.startswith(_THERE_ARE_WHICH, start):
        yield 0.2, _phrase(text, start, start + 1, Word.POLITE, "")  # 有哪些领域 asks 哪些领域
    yield from _changes(text, start)
    yield from _nth(text, start)


def _phrase(text: str, start: int, end: int, word: Word, value: str) -> Token:
    return Token(Sort.PHRASE, start, end, text[start:end], word=word, value=value)


def _changes(text: str, start: int) -> Iterator[Edge]:
    """多百分之几, 少花了多少亿, 差几个百分点; 高多少 needs more than 多 and 少, which are asked by themselves too."""
    found = _CHANGE.match(text, start)
    if found is None:
        return
    plain_question = found["way"] == "多" and found["what"].startswith("多少") and found.end() - start < 3
    growth = found["what"] in _RATES
    if not plain_question:
        spoken_rate = found["verb"] and found["what"] in ("多少", "几多") and found["way"] in _RATE_WAYS
        value = "growth" if growth or spoken_rate else "difference"
        yield 0.95, _phrase(text, start, found.end(), Word.CHANGE, value)


def _nth(text: str, start: int) -> Iterator[Edge]:
    """第二多, 排名第三的是: the one after so many others."""
    found = _NTH.match(text, start)
    if found is None:
        return
    number = read_number(found["n"], 0) if found["n"] else None
    place = _ORDINALS[found["word"]] if found["word"] else int(number.value) if number is not None else 0
    bottom = bool(found["bottom"] or found["end"])
    least = bottom or found["way"] in _LEAST or found["english"] in _LEAST
    if place >= 2 and (found["word"] or found["way"] or found["placed"] or bottom):
        value = f"{'least' if least else 'most'}+{place - 1}"
        token = Token(Sort.TOP, start, found.end(), found.group(), value=value, number=Decimal(1))
        yield 0.9, token
