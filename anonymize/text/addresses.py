"""Home and contact addresses, down to the door or the villagers' group.

An address is a person's when a label says so (家住, 住址, 邮寄至), when it goes down to a room, or when
a person stands beside it. Sites of projects, public buildings, villages and roads are places, and
stay.
"""

from __future__ import annotations

import re

from anonymize.lists import words
from anonymize.text.folding import NAME_BARRIER, PERSONAL_BARRIERS
from anonymize.text.segments import Segmentation
from anonymize.text.spans import Kind, Taken

_N = r"(?:[0-9]{1,5}|[A-Za-z](?:[0-9]{1,4})?|[零〇一二三四五六七八九十百两]{1,5}|[甲乙丙丁东西南北中])"
_NUMBER = rf"(?:第? ?{_N}(?:[\-之#/]{_N}){{0,3}})"
_DOOR_WORDS = r"号大院|号院|号楼|号房(?![主东屋产])|号|#楼|#|弄|幢|栋|座|单元|门(?![街路巷口外内市])|梯|层|楼|室|房|(?<=[东西南北中])户"
_GROUP_WORDS = r"村民小组|生产队|村小组|居民组|居民小组|小组|组|社(?!区|会|保|员)|队"
_DOOR = rf"{_NUMBER} ?(?:{_DOOR_WORDS})(?:附[0-9]{{1,3}}号?|之[一二三四五六七八九十])?"
_GROUP = rf"{_NUMBER} ?(?:{_GROUP_WORDS})"
# 大屋组, 石湾屯: a group of a village by its name.
_NAMED_GROUP = r"(?:(?:(?<=村)|(?<=村委会)|(?<=社区))[\u4e00-\u9fff]{1,4}?(?:(?:村民)?小?组(?![织长成合员建团装局阁件])|塆|坪组|湾组)|(?<=[村乡镇会区])[\u4e00-\u9fff]{1,4}?(?:屯|自然村))"
_DASHED = r"(?<=[园苑区城府庭居里湾寓村庄楼幢栋号])[0-9]{1,3}(?:-[0-9]{1,4}){1,3}"  # 花园11-2-1804
_UNIT = re.compile(rf"{_DOOR}|{_GROUP}|{_NAMED_GROUP}|{_DASHED}|[\u4e00-\u9fff]{{2,5}}村(?:民)?小组")
_HOME_UNITS = re.compile(rf"(?:{_DOOR}|{_GROUP}|{_NAMED_GROUP}|{_DASHED}){{1,4}}")
_LAST_BARE = re.compile(
    r"[\- ]?(?:[A-Za-z]?[0-9]{2,5}|[A-Za-z]|[0-9]{1,2}-[0-9]{1,4})(?:\-[0-9]{1,4})?(?![0-9A-Za-z.元年月%万户人名亩米])"
)
_RUN = re.compile(
    r"[〇\u4e00-\u9fffA-Za-z0-9\-#/]+(?:(?: (?=[0-9\u4e00-\u9fff])|\(原[^()]{1,6}\)(?=[0-9]))[〇\u4e00-\u9fffA-Za-z0-9\-#/]+)*"
)
# 118号院内平房, 61号后院东厢: what of a house is lived in.
_ANNEX = re.compile(r"(?:院?内|[前后]院|院)?(?:平房|[东西南北]厢房?|阁楼|地下室|车库|杂物间)")

_HOME_LABEL = re.compile(
    r"(?:家庭(?:住址|地址)|家住(?:在)?|现住址|住址|现住(?:在|地)?|居住(?:在|于|地址|地)|居住地?(?=[:为是])|户籍(?:地址|所在地|地|在)|通讯处|(?:老宅|老家|新房|旧房|房子|住房|祖屋|祖宅)(?:坐落)?(?:位于|在|于)|(?<=[(,])住(?=[\u4e00-\u9fff]{4,16}(?:屯|自然村|组)[),。])|户口(?:所在地|地址|在|是)|常住地?址?|"
    r"(?:通讯|通信|联系|收件|收货|邮寄|送货|送达|寄件|回寄|寄送|投递|租房|租住)地址|(?:邮寄|寄送|寄|送|邮|快递|送货|投递)(?:到|至|往)|(?<=请)寄|家在|家位于|现居(?:住)?(?:在|于)?|住在|住于|租住(?:在|于)?|暂住(?:在|于|地)?|入住|"
    r"(?<![院村居])住(?=[\u4e00-\u9fffA-Za-z0-9]{0,16}(?:\d|[一二三四五六七八九十])(?:[号栋幢座组楼单室队社]|村民小组|[乡镇村][\u4e00-\u9fff]{1,4}(?:屯|自然村)))(?!院|房|建|户|宿|所)|[Hh]ome [Aa]ddress|[Aa]ddress|ADDRESS|[Aa]ddr\.?|(?<!项目)(?<!工程)(?<!建设)(?<!施工)(?<!单位)(?<!公司)(?<!办公)(?<!注册)(?<!经营)(?<!企业)(?<!现场)(?<!报名)(?<!学校)(?<!医院)(?<!网站)(?<!网络)(?<!机构)(?<!服务)地址)"
    r"(?:地址)?(?:为|是|在|于)? ?[:=(\[]{0,2} ?"
)
_ROOM = re.compile(
    rf"(?:{_NUMBER} ?(?:号大院|号院|号楼|号|#楼|#|弄|幢|栋|座|单元|门|梯|期|区|楼|层)[ ,]?){{1,5}}"
    rf"(?:[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{3,4}}|[0-9]{{1,3}}-[0-9]{{3,4}}(?![0-9\-])|{_NUMBER} ?(?:号房(?![主东屋产])|室|房(?!屋|产|改|租)|户(?!型|籍|外|主)|号(?!楼))|[A-Za-z]?[0-9]{{3,4}}(?![0-9元年万亩米人户.%个名]))"
)
_SITE_LABEL = re.compile(
    r"(?:位于|地点|选址|坐落|地处|建设|施工|改造|工程|项目|加装|维修|实施|场址|站点|新建|扩建|修建|硬化|绿化|清淤|租用|租赁|办公)[^,。;]{0,12}$"
)
_WORK_AHEAD = re.compile(
    r"(?:等|及|至|的|内|外|旁|前|后|附近|路段|沿线|[\u4e00-\u9fff]{0,6}?)(?:道路|硬化|工程|项目|建设|改造|维修|加固|水渠|饮水|供水|路灯|管网|绿化|加装|办公|门面|商铺|铺面|仓库|会议|培训|开标|评标|场地|征地|拆迁|土地|林地|耕地|整治|安装|修缮|清淤|巷道|污水|垃圾|公厕|桥|塘|渠|路面|路段|入户路|文化|广场|机耕|电梯|消防|外墙)"
)
_PUBLIC = tuple(words("public_places"))
_RESIDENTIAL = tuple(words("residential"))
_BESIDE_PUBLIC = re.compile(
    r"(?:车站|医院|学校|小学|中学|市场|机场|政府|银行|公司)(?:东|西|南|北|前|后|旁|老|新|对面)?[街路巷]"
)
_PERSON_AHEAD = re.compile(
    rf"[ ,、(]{{0,2}}(?:的|居民|村民|住户|业主|农户|住|租户|脱贫户|贫困户|低保户|五保户|特困户|户主|监测户|群众|老党员|党员|老人|房主|屋主|产权人|店主)?[ :]?{NAME_BARRIER}|(?:的)?(?:住户|业主|居民(?!小?组|委|活动|饮)|租户)(?!委员|大会|活动)"
)
_CELL_BEHIND = re.compile(rf"[{NAME_BARRIER}{PERSONAL_BARRIERS}][ ,|/;]{{1,3}}$")
_CELL_AHEAD = re.compile(rf"[ ,|/;]{{1,3}}[{NAME_BARRIER}{PERSONAL_BARRIERS}\d]|[ |]*$")
_SELF_BEHIND = re.compile(r"(?:我|本人|他|她|其|母亲|父亲|家)(?:们)?(?:家)?(?:是|系|在|住)?$|(?:是|系|来自)$")
_SELF_AHEAD = re.compile(
    r"的?(?:一名|一个)?(?:普通)?(?:村民|居民|农民|群众|业主|住户|人(?=[,。]))|的(?=[,。;!?]|$)"
)
_PORTRAIT_BEHIND = re.compile(rf"{NAME_BARRIER}[ ,(][^。;]{{0,24}}[,(|]$")
_PORTRAIT_AHEAD = re.compile(r"(?:人|村民|居民)?[ ,。;)|]|$")
_PERSON_BEHIND = re.compile(
    rf"{NAME_BARRIER}[ ,(:]{{0,2}}(?:家|家住|系|是|的|位于|坐落(?:于|在)|名下(?:位于)?|在|,? ?男,? ?|,? ?女,? ?|户)?[ ,(:]{{0,2}}$"
)
_PLACE_ENDS = "省市县区镇乡村屯庄寨道路街巷里弄社湾坪坡岭园苑城府庭居轩楼组院州旗盟营堡沟坝场"
_STOP_TAGS = ("p", "u", "r", "d", "y", "x", "c")
_STOP_WORDS = (
    frozenset(words("verbs_before"))
    | frozenset(words("roles"))
    | frozenset(words("labels"))
    | frozenset(
        [
            "派人",
            "请",
            "派",
            "找",
            "反映",
            "来自",
            "居住",
            "收到",
            "位于",
            "坐落",
            "家住",
            "住",
            "现住",
            "地址",
            "我",
            "我们",
            "发生",
            "发现",
            "承租",
            "出租",
            "房租",
            "原",
            "现",
            "本人",
            "家",
            "送",
            "寄",
            "村民",
            "拨付",
            "下达",
            "安排",
            "用于",
            "涉及",
            "位",
            "处",
            "上门",
            "前往",
            "搬到",
            "搬至",
            "搬入",
            "属",
            "本",
            "该",
        ]
    )
) - {"和", "社区", "小区", "通过", "安置"}
_STOP_CHARACTERS = frozenset("在给向对为由至到和与及我你他她该本此的了将把被从于住付是系")
_LED_IN = re.compile(r"[\u4e00-\u9fff]{0,4}?[到至在往系是]")
_DOOR_IN_GROUP = re.compile(rf"(?:{_GROUP}){_NUMBER} ?号(?!楼)")  # 二组17号: houses of a group are homes
_LONGEST = 36
_MAY_HAVE_UNIT = re.compile(r"[0-9一二三四五六七八九十甲乙丙丁]|组|屯|自然村|塆")


def find_addresses(folded: str, taken: Taken) -> None:
    """Add every home or contact address in `folded`."""
    if _MAY_HAVE_UNIT.search(folded) is None:
        return
    _find_labelled(folded, taken)
    _find_rooms(folded, taken)
    _find_beside_persons(folded, taken)


def _find_labelled(folded: str, taken: Taken) -> None:
    for label in _HOME_LABEL.finditer(folded):
        run = _RUN.match(folded, label.end())
        if run is None:
            continue
        end = _end_of_units(folded, label.end(), min(run.end(), label.end() + _LONGEST + 12))
        if end and not _is_public(folded, label.end(), end):
            taken.add(label.end(), end, Kind.ADDRESS)


def _end_of_units(folded: str, start: int, limit: int) -> int:
    """Where the last door, room or group number of the run `start`..`limit` ends; 0 if there is none."""
    end = 0
    for unit in _UNIT.finditer(folded, start, limit):
        if end and unit.start() - end > 8:
            break
        end = unit.end()
    if end and (bare := _LAST_BARE.match(folded, end)):
        end = bare.end()
    if end and (annex := _ANNEX.match(folded, end)):
        end = annex.end()
    return end


def _is_public(folded: str, start: int, end: int) -> bool:
    tail = re.match(r"[\u4e00-\u9fff()]{0,10}", folded[end : end + 10])
    text = (
        (folded[max(0, start - 3) : end] + (tail[0] if tail else ""))
        .replace("村民委员会", "")
        .replace("居民委员会", "")
    )
    if any(word in folded[start:end] for word in _RESIDENTIAL):
        return False
    return any(word in text for word in _PUBLIC) and _BESIDE_PUBLIC.search(text) is None


def _find_rooms(folded: str, taken: Taken) -> None:
    for room in _ROOM.finditer(folded):
        start = _start_of_place(folded, room.start())
        if start == room.start() and not room[0].endswith(("室", "房")):
            continue
        if _is_public(folded, start, room.end()) or re.match(
            r"[^,。;]{0,6}(?:作为)?(?:办公|门面|商铺|铺面|会议|仓库)", folded[room.end() :]
        ):
            continue
        taken.add(start, room.end(), Kind.ADDRESS)


def _find_beside_persons(folded: str, taken: Taken) -> None:
    """Group and house numbers are a home only when a person stands beside them."""
    for unit in _HOME_UNITS.finditer(folded):
        ahead = _PERSON_AHEAD.match(folded, unit.end())
        start = _start_of_place(folded, unit.start())
        before = folded[max(0, start - 12) : start]
        behind = (
            _PERSON_BEHIND.search(before)
            or (_CELL_BEHIND.search(before) and _CELL_AHEAD.match(folded, unit.end()))
            or _is_in_portrait(folded, start, unit.end())
            or _DOOR_IN_GROUP.search(unit[0])
        )
        if not (ahead or behind) or start == unit.start() or _is_public(folded, start, unit.end()):
            continue
        if not ahead and _WORK_AHEAD.match(folded, unit.end()):
            continue
        annex = _ANNEX.match(folded, unit.end())
        taken.add(start, annex.end() if annex else unit.end(), Kind.ADDRESS)


def _is_in_portrait(folded: str, start: int, end: int) -> bool:
    """彭某，女，78岁，大湾村二组，独居 · 我是新田村九组的村民: a clause that is nothing but an address."""
    before = folded[max(0, start - 30) : start]
    if _SELF_BEHIND.search(before) and _SELF_AHEAD.match(folded, end):
        return True
    return _PORTRAIT_BEHIND.search(before) is not None and _PORTRAIT_AHEAD.match(folded, end) is not None


def _start_of_place(folded: str, position: int) -> int:
    """How far left the place before a number reaches: back to a verb, a person or a punctuation mark."""
    window_start = max(0, position - _LONGEST)
    window = folded[window_start:position]
    segmentation = Segmentation(window)
    start = position
    following = ""
    for token in reversed(segmentation.tokens):
        is_name_of_place = following[:1] in tuple(_PLACE_ENDS) if following else False
        if token.text[-1] in _PLACE_ENDS and token.text not in _STOP_WORDS:
            is_name_of_place = True
        is_function = token.tag.startswith(_STOP_TAGS) and (
            len(token.text) > 1 or token.text in _STOP_CHARACTERS
        )
        is_stop = token.text in _STOP_WORDS or is_function or not _RUN.fullmatch(token.text)
        if is_stop and not (
            is_name_of_place and _RUN.fullmatch(token.text) and token.text not in _STOP_WORDS
        ):
            break
        start = window_start + token.start
        following = token.text
    led = _LED_IN.match(folded, start, position)
    return led.end() if led else start
