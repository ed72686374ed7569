"""Which thing a word stands for, when it may stand for several: by its neighbours, by what is asked, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.synonyms import OVERDUE, UNIT_WORDS
from search.vocabulary import Concept, Kind, Vocabulary

_VERBS_OF_INDICATORS: dict[str, tuple[str, ...]] = {
    "build": (
        "新建",
        "建成",
        "建设",
        "修建",
        "新改扩建",
        "改扩建",
        "新改建",
        "建立",
        "创建",
        "开工",
        "完成",
        "新增",
        "筹集",
    ),
    "repair": (
        "新建",
        "改建",
        "修建",
        "维修",
        "修缮",
        "养护",
        "新改建",
        "完成",
        "修复",
        "建成",
        "改造",
        "新改扩建",
    ),
    "rebuild": (
        "改造",
        "改建",
        "改扩建",
        "新改建",
        "更新改造",
        "整治",
        "提升",
        "更新",
        "新建改造",
        "新建及改造",
        "加固",
    ),
    "add": ("新增", "扩建", "新增或更新", "新建", "加装", "新购", "增设"),
    "train": ("培训", "开展"),
    "give": ("发放", "补贴", "补助", "资助"),
    "treat": ("治理", "整治", "清淤", "疏浚", "修复"),
    "strengthen": ("加固", "除险加固"),
    "plant": ("种植", "绿化", "营造", "新增"),
    "help": ("帮扶", "救助", "惠及", "服务", "受益", "资助", "扶持", "支持", "保障"),
    "lay": ("新装", "铺设", "安装", "购置", "更新", "配备", "加装", "新建", "新购", "更新改造"),
    "grow": ("培育", "带动", "上线", "硬化", "改善", "恢复"),
    "hold": ("举办", "开展", "提供", "完成"),
}
_GENERIC_COUNTERS = frozenset({"个", "项", "次", "处", "座", "所", "件"})
_MEASURED = frozenset(
    {
        "公里",
        "千米",
        "km",
        "kilometers",
        "kilometres",
        "平方米",
        "平米",
        "亩",
        "万亩",
        "吨",
        "万吨",
        "公顷",
        "米",
        "立方米",
        "万立方米",
        "吨/日",
        "万吨/日",
        "万平方米",
    }
)


class Ambiguous(Exception):
    """A word may stand for several things and nothing settles which."""

    def __init__(self, words: str, choices: Sequence[tuple[str, Concept]]) -> None:
        super().__init__(words)
        self.words = words
        self.total = len(choices)
        self.choices = tuple(choices)


class Contradiction(Exception):
    """Two words cannot both be meant; `understood` when each is known and they exclude each other."""

    def __init__(self, message: str, *, understood: bool = True) -> None:
        super().__init__(message)
        self.understood = understood


def resolve_things(
    tokens: Sequence[Token],
    everything: Sequence[Token],
    vocabulary: Vocabulary,
    chosen: dict[str, Concept],
    context: frozenset[str],
) -> tuple[Concept, ...]:
    """One concept for each token that names a thing, in order; nested places and classes become the inner one.

    Raises: Ambiguous, Contradiction.
    """
    if any(token.kinds() and token.kinds() <= _FLOWS for token in tokens):
        context = context | {"flow"}
    found: list[tuple[Token, Concept]] = []
    for token in tokens:
        candidates = _fitting(token, context, vocabulary)
        candidates = _settled(token, candidates, chosen)
        if len(candidates) > 1:
            candidates = _by_neighbours(token, candidates, tokens, vocabulary)
        if len(candidates) > 1:
            raise Ambiguous(token.text, [(_label(concept, vocabulary), concept) for concept in candidates])
        found.append((token, candidates[0]))
    found = _nested(found, everything, vocabulary, Kind.REGION)
    found = _nested(found, everything, vocabulary, Kind.FUNCTION)
    _refuse_run_together(found, everything)
    return tuple({(concept.kind, concept.code): concept for _, concept in found}.values())


def _refuse_run_together(found: Sequence[tuple[Token, Concept]], everything: Sequence[Token]) -> None:
    """Two classes, sectors or units side by side without 和 are probably one thing that is not known.

    Raises: Contradiction.
    """
    last: dict[Kind, tuple[Token, Concept]] = {}
    for after, second in found:
        before, first = last.get(second.kind, (None, None))
        if (
            before is not None
            and first is not None
            and second.kind not in (Kind.REGION, Kind.GROUP, Kind.LIGHT)  # 黄灯橙灯红灯 are three
            and second.code != first.code
            and OVERDUE not in (first.code, second.code)
            and not _are_counted(second.kind, found, everything)
            and not _separated(before, after, everything)
        ):
            raise Contradiction(
                f"没有看懂“{before.text}{after.text}”：是“{first.label}”和“{second.label}”两项吗？请用“和”连接，或者分开问。",
                understood=False,
            )
        last[second.kind] = (after, second)


def _settled(
    token: Token, candidates: tuple[Concept, ...], chosen: dict[str, Concept]
) -> tuple[Concept, ...]:
    pick = chosen.get(token.text)
    if pick is not None and any(
        (pick.kind, pick.code) == (concept.kind, concept.code) for concept in token.concepts
    ):
        return (pick,)
    return candidates


def _are_counted(kind: Kind, found: Sequence[tuple[Token, Concept]], everything: Sequence[Token]) -> bool:
    """教育卫生社保三项: several run together are meant one by one where their number is said."""
    codes = {concept.code for _, concept in found if concept.kind is kind}
    return any(token.sort is Sort.NUMBER and token.number == len(codes) for token in everything)


_STANDING = frozenset(
    {Kind.ORGANISATION, Kind.SUPPLIER, Kind.PROJECT}
)  # namesakes differ by where they stand


def _label(concept: Concept, vocabulary: Vocabulary) -> str:
    tree = vocabulary.regions if concept.kind is Kind.REGION else vocabulary.functions
    if concept.parent and concept.kind in (Kind.REGION, Kind.FUNCTION) and concept.parent in tree.nodes:
        return f"{tree.label(concept.parent)}·{concept.label}"
    if concept.kind in _STANDING and concept.parent in vocabulary.regions.nodes:
        return f"{concept.label}（{vocabulary.regions.label(concept.parent)}，{concept.code}）"
    return f"{concept.label}（{concept.level}）" if concept.kind is Kind.INDICATOR else concept.label


# ---------------------------------------------------------------- kinds that fit what is asked


def _fitting(token: Token, context: frozenset[str], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    concepts = token.concepts
    kinds = token.kinds()
    if len(concepts) == 1:
        return concepts
    if Kind.INDICATOR in kinds:
        indicators = tuple(concept for concept in concepts if concept.kind is Kind.INDICATOR)
        if len(kinds) == 1 or _asks_for_indicator(context):
            return _indicators_that_fit(indicators, context)
        concepts = tuple(concept for concept in concepts if concept.kind is not Kind.INDICATOR)
    for kind in _preferred(context):
        chosen = tuple(concept for concept in concepts if concept.kind is kind)
        if chosen:
            firm = tuple(concept for concept in chosen if not concept.loose)
            return _highest(firm or chosen, vocabulary)
    return concepts


def _asks_for_indicator(context: frozenset[str]) -> bool:
    if any(item in context for item in ("measure:actual", "measure:target", "measure:completion")):
        return True
    units = {item.removeprefix("unit:") for item in context if item.startswith("unit:")}
    money = {"元", "万元", "亿元", "块", "块钱", "元钱", "万", "亿"}
    if any(
        item in context
        for item in (
            "measure:paid",
            "measure:budget",
            "measure:approved",
            "measure:adjusted",
            "measure:execution_rate",
        )
    ):
        return False
    return bool(
        (units - money) or "ask:howmany" in context or any(item.startswith("verb:") for item in context)
    )


_MEASURES_OF_ROWS = frozenset(
    f"measure:{name}" for name in ("total_investment", "progress", "projects", "contracted", "contracts")
)


_FLOWS = frozenset({Kind.FUND_SOURCE, Kind.PAYEE_GROUP})


def _preferred(context: frozenset[str]) -> tuple[Kind, ...]:
    row_like = any(
        f"{what}:{name}" in context
        for what in ("subject", "split")
        for name in ("project", "contract", "organisation", "supplier")
    ) or bool(context & _MEASURES_OF_ROWS)
    classes = (Kind.SECTOR, Kind.FUNCTION) if "flow" in context else (Kind.FUNCTION, Kind.SECTOR)
    spending = (Kind.REGION, Kind.GROUP, *classes)  # flows of funds are known by sector only
    by_row = (Kind.REGION, Kind.GROUP, Kind.STATUS, Kind.LIGHT, Kind.METHOD, Kind.SECTOR, Kind.FUNCTION)
    return (
        *(by_row if row_like else spending),
        Kind.FUND_SOURCE,
        Kind.ECONOMIC,
        Kind.PAYEE_GROUP,
        Kind.STATUS,
        Kind.LIGHT,
        Kind.METHOD,
        Kind.ORGANISATION,
        Kind.PROJECT,
        Kind.SUPPLIER,
    )


def _highest(concepts: tuple[Concept, ...], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """Of classes with one name, the one that contains all the others."""
    tree = {Kind.FUNCTION: vocabulary.functions, Kind.REGION: vocabulary.regions}.get(concepts[0].kind)
    if tree is None or len(concepts) == 1:
        return concepts
    for concept in concepts:
        if all(tree.is_below(other.code, concept.code) for other in concepts):
            return (concept,)
    return concepts


def _indicators_that_fit(indicators: tuple[Concept, ...], context: frozenset[str]) -> tuple[Concept, ...]:
    exact = tuple(concept for concept in indicators if not concept.loose)
    if exact:
        return exact
    units = {item.removeprefix("unit:") for item in context if item.startswith("unit:")}
    by_unit = tuple(
        concept for concept in indicators if all(unit_fits(unit, concept.level) for unit in units)
    )
    by_verb = tuple(concept for concept in by_unit or indicators if _verb_fits(concept, context))
    return by_verb or by_unit or indicators


def unit_fits(spoken: str, unit: str) -> bool:
    """Whether a unit in a question may be the unit of an indicator: the same, a synonym, or a general counter."""
    if spoken == unit or spoken in ("万", "亿", "元", "万元", "亿元"):
        return spoken == unit or spoken in ("万", "亿")
    for words in UNIT_WORDS:
        if spoken in words and unit in words:
            return True
    return spoken in _GENERIC_COUNTERS and unit not in _MEASURED and unit != "%"


def verb_fits(verb: str, detail: str) -> bool:
    """Whether a spoken verb may be the verb that an indicator's name begins with."""
    if verb == "do" or not detail:
        return True
    return any(
        detail.startswith(item) or item.startswith(detail) or f"或{item}" in detail
        for item in _VERBS_OF_INDICATORS.get(verb, ())
    )


def _verb_fits(concept: Concept, context: frozenset[str]) -> bool:
    spoken = {item.removeprefix("verb:") for item in context if item.startswith("verb:")}
    return any(verb_fits(verb, concept.detail) for verb in spoken) if spoken else True


# ---------------------------------------------------------------- neighbours


def _by_neighbours(
    token: Token, candidates: tuple[Concept, ...], tokens: Sequence[Token], vocabulary: Vocabulary
) -> tuple[Concept, ...]:
    """A place or class named beside the word settles it, when one candidate lies in it."""
    kind = candidates[0].kind
    tree = {Kind.FUNCTION: vocabulary.functions, Kind.REGION: vocabulary.regions}.get(kind)
    if tree is None:
        return candidates
    named = [
        concept
        for other in tokens
        if other is not token
        for concept in other.concepts
        if concept.kind is kind
    ]
    inside = tuple(
        concept
        for concept in candidates
        if any(
            other.code != concept.code and other.parent and tree.is_below(concept.code, other.code)
            for other in named
        )
    )
    if not inside and kind is Kind.FUNCTION:
        inside = tuple(
            concept
            for concept in candidates
            if any(other.code != concept.code and tree.is_below(concept.code, other.code) for other in named)
        )
    return inside if len(inside) == 1 else candidates


def _nested(
    found: list[tuple[Token, Concept]], everything: Sequence[Token], vocabulary: Vocabulary, kind: Kind
) -> list[tuple[Token, Concept]]:
    """云溪市东山区 is one place: drop a place or class that stands right before (or after) one inside it."""
    tree = vocabulary.regions if kind is Kind.REGION else vocabulary.functions
    dropped: set[int] = set()
    places = [
        (number, token, concept) for number, (token, concept) in enumerate(found) if concept.kind is kind
    ]
    for (first, before, outer), (second, after, inner) in pairwise(places):
        if _separated(before, after, everything):
            continue
        if tree.is_below(inner.code, outer.code):
            dropped.add(first)
        elif tree.is_below(outer.code, inner.code):
            dropped.add(second)
        elif kind is Kind.REGION and before.end == after.start and inner.level != outer.level:
            raise Contradiction(f"{inner.label}不在{outer.label}。")
    return [item for number, item in enumerate(found) if number not in dropped]


def _separated(before: Token, after: Token, everything: Sequence[Token]) -> bool:
    """Whether something between two words makes them two things: 和, 比, 占, a comma, or a measure."""
    between = [token for token in everything if before.end <= token.start < after.start]
    return any(
        token.word in (Word.AND, Word.VERSUS, Word.OF, Word.MEASURE, Word.ASK, Word.EXTREME)
        or (token.sort is Sort.PHRASE and token.text in ("在", "是", "为"))
        or (token.sort is Sort.MARK and token.text not in " -·")
        for token in between
    )
