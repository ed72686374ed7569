"""What a release can be asked about: places, classes, sectors, units, indicators, projects, and what people call them.

`build_vocabulary` is pure: plain rows in, a `Vocabulary` out. It knows neither releases nor HTTP, and nothing in it
is about one province: another province, or a source without regions, has its own vocabulary at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from search import synonyms
from search.names import NameIndex, pinyin
from search.normalize import normal
from search.plan import Period

TOTAL = "total"


class Kind(StrEnum):
    """What sort of thing a word stands for."""

    REGION = "region"
    GROUP = "group"
    FUNCTION = "function"
    SECTOR = "sector"
    ORGANISATION = "organisation"
    SUPPLIER = "supplier"
    PROJECT = "project"
    INDICATOR = "indicator"
    ECONOMIC = "economic"
    FUND_SOURCE = "fund_source"
    PAYEE_GROUP = "payee_group"
    STATUS = "status"
    LIGHT = "light"
    METHOD = "method"
    OTHER_PLACE = "other_place"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a word may stand for.

    `code` is its value in the released tables, `label` its name for people, `level` its level in the tree (for an
    indicator: its unit), `parent` the code above it. `loose` marks a shortened name that needs more evidence;
    `detail` is what was cut off it.
    """

    kind: Kind
    code: str
    label: str
    level: str = ""
    parent: str | None = None
    loose: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One row of a dimension table."""

    code: str
    name: str
    parent: str | None = None
    level: str = ""
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with an id and a name, and where it belongs."""

    code: str
    name: str
    region: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """A performance indicator with its unit; `additive` when regions have sums of it."""

    name: str
    unit: str
    additive: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """The plain rows a vocabulary is made from. Everything is optional but the day the figures are as of."""

    as_of: date
    regions: Sequence[Node] = ()
    functions: Sequence[Node] = ()
    economics: Sequence[Node] = ()
    organisations: Sequence[Named] = ()
    suppliers: Sequence[Named] = ()
    projects: Sequence[Named] = ()
    indicators: Sequence[IndicatorName] = ()
    methods: Sequence[str] = ()
    fund_sources: Sequence[str] = ()
    payee_groups: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    covered: Mapping[str, Period] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


class Tree:
    """A dimension with levels: who is above and below whom."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes: dict[str, Node] = {node.code: node for node in nodes}
        self.children: dict[str, list[str]] = {}
        for node in nodes:
            if node.parent is not None and node.parent in self.nodes:
                self.children.setdefault(node.parent, []).append(node.code)
        self.roots = tuple(node.code for node in nodes if node.parent not in self.nodes)

    def label(self, code: str) -> str:
        """Name of a code, the code itself when it has none."""
        node = self.nodes.get(code)
        return node.name if node else code

    def below(self, code: str) -> tuple[str, ...]:
        """A code and everything under it, sorted."""
        found, waiting = [], [code]
        while waiting:
            current = waiting.pop()
            found.append(current)
            waiting += self.children.get(current, ())
        return tuple(sorted(found))

    def above(self, code: str) -> Iterator[str]:
        """A code and everything it lies in, from the inside out."""
        current: str | None = code
        for _ in range(20):
            if current is None or current not in self.nodes:
                return
            yield current
            current = self.nodes[current].parent

    def is_below(self, code: str, above: str) -> bool:
        """Whether a code lies under another one (or is the same)."""
        return above in self.above(code)

    def at_level(self, level: str, under: str | None = None) -> tuple[str, ...]:
        """Codes on one level, under a code when one is given."""
        return tuple(
            code
            for code in sorted(self.nodes)
            if self.nodes[code].level == level and (under is None or self.is_below(code, under))
        )


@dataclass(frozen=True)
class Vocabulary:
    """Words and what they stand for in one release.

    `words` maps a normalized surface to the things it may mean; `longest` the longest surface for a first letter.
    """

    as_of: date
    words: Mapping[str, tuple[Concept, ...]]
    longest: Mapping[str, int]
    regions: Tree
    functions: Tree
    economics: Tree
    projects: NameIndex
    project_rows: Sequence[Named]
    suppliers: NameIndex
    supplier_rows: Sequence[Named]
    organisations: NameIndex
    organisation_rows: Sequence[Named]
    indicators: tuple[IndicatorName, ...]
    sectors: tuple[str, ...]
    covered: Mapping[str, Period]
    groups: Mapping[str, tuple[str, ...]]

    @cached_property
    def project_names(self) -> dict[str, str]:
        """Id to name."""
        return {row.code: row.name for row in self.project_rows}

    @cached_property
    def supplier_names(self) -> dict[str, str]:
        """Id to name."""
        return {row.code: row.name for row in self.supplier_rows}

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """Id to name."""
        return {row.code: row.name for row in self.organisation_rows}

    @cached_property
    def organisations_by_id(self) -> dict[str, Named]:
        """Id to unit."""
        return {row.code: row for row in self.organisation_rows}

    @property
    def root(self) -> str | None:
        """The region that contains all others; None when the source has no regions."""
        return self.regions.roots[0] if len(self.regions.roots) == 1 else None

    def has(self, dataset: str) -> bool:
        """Whether the release has that dataset, with rows in it."""
        return dataset in self.covered

    def longest_at(self, text: str, start: int) -> Iterator[tuple[int, tuple[Concept, ...]]]:
        """Every surface that begins at that place, longest first: (end, concepts)."""
        most = min(self.longest.get(text[start], 0), len(text) - start)
        for length in range(most, 0, -1):
            found = self.words.get(text[start : start + length])
            if found is not None:
                yield start + length, found


class _Words:
    """Collects surfaces; the same surface may stand for several things."""

    def __init__(self) -> None:
        self.found: dict[str, dict[tuple[Kind, str], Concept]] = {}

    def add(self, concept: Concept, *surfaces: str) -> None:
        for surface in surfaces:
            word = normal(surface)
            if len(word) < 2:
                continue
            known = self.found.setdefault(word, {})
            before = known.get((concept.kind, concept.code))
            if before is None or before.loose:
                known[concept.kind, concept.code] = concept

    def frozen(self) -> dict[str, tuple[Concept, ...]]:
        return {word: tuple(concepts.values()) for word, concepts in self.found.items()}


def build_vocabulary(sources: Sources) -> Vocabulary:
    """Make the vocabulary of a release from its plain rows."""
    words = _Words()
    sectors = tuple(sorted({row.sector for row in sources.organisations if row.sector}))
    _add_regions(words, sources)
    _add_functions(words, sources.functions)
    _add_nodes(words, Kind.ECONOMIC, sources.economics)
    _add_sectors(words, sectors)
    _add_choices(words, sources)
    _add_indicators(words, sources.indicators)
    for place in synonyms.OTHER_PLACES:
        if normal(place) not in words.found:
            words.add(Concept(Kind.OTHER_PLACE, place, place), place, f"{place}省", f"{place}市")
    frozen = words.frozen()
    return Vocabulary(
        as_of=sources.as_of,
        words=frozen,
        longest=_longest(frozen),
        regions=Tree(sources.regions),
        functions=Tree(sources.functions),
        economics=Tree(sources.economics),
        projects=NameIndex([row.name for row in sources.projects]),
        project_rows=sources.projects,
        suppliers=NameIndex([row.name for row in sources.suppliers]),
        supplier_rows=sources.suppliers,
        organisations=NameIndex([row.name for row in sources.organisations]),
        organisation_rows=sources.organisations,
        indicators=tuple(sources.indicators),
        sectors=sectors,
        covered=dict(sources.covered),
        groups={name: tuple(codes) for name, codes in sources.groups.items()},
    )


def _longest(words: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


# ---------------------------------------------------------------- places

_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "林区",
    "地区",
    "新区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "州",
    "旗",
)
_WHOLE_PROVINCE = (
    "全省",
    "我省",
    "本省",
    "全省范围",
    "全省上下",
    "整个省",
    "省里",
    "咱们省",
    "我们省",
    "咱省",
    "the whole province",
    "whole province",
    "entire province",
    "the entire province",
    "province-wide",
    "provincewide",
    "the province",
    "our province",
)


def _add_regions(words: _Words, sources: Sources) -> None:
    roots = {node.code for node in sources.regions if node.parent is None}
    for node in sources.regions:
        concept = Concept(Kind.REGION, node.code, node.name, node.level, node.parent)
        short = short_place(node.name)
        latin = pinyin(short)
        english = ("province", "city", "county", "district")
        words.add(
            concept,
            node.name,
            short,
            *(f"{latin} {kind}" for kind in english),
            latin if len(latin) > 3 else "",
        )
        if node.code in roots:
            words.add(concept, *_WHOLE_PROVINCE, f"{short}全省", f"{node.name}全省")
        else:
            tail = node.name[len(short) :]
            words.add(concept, *(f"{name}全{tail[-1:]}" for name in (node.name, short) if tail))
    by_name = {node.name: node for node in sources.regions} | {node.code: node for node in sources.regions}
    for alias, target in sources.aliases.items():
        if target in by_name:
            node = by_name[target]
            words.add(Concept(Kind.REGION, node.code, node.name, node.level, node.parent), alias)
    for name, codes in sources.groups.items():
        words.add(
            Concept(Kind.GROUP, name, name, parent=",".join(codes)),
            name,
            f"{name}地区",
            f"{name}各市",
            f"{name}城市",
        )


def short_place(name: str) -> str:
    """A place's name without what kind of place it is: 云溪市 -> 云溪; left alone when one letter would remain."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


# ---------------------------------------------------------------- classes


def _add_functions(words: _Words, nodes: Sequence[Node]) -> None:
    for node in nodes:
        concept = Concept(Kind.FUNCTION, node.code, node.name, node.level, node.parent)
        core = node.name.removesuffix("支出")
        words.add(concept, node.name, core)
        stem, spoken = synonyms.FUNCTION_CLASS_WORDS.get(node.code, ("", ()))
        if stem and stem in node.name.replace("节能环保", "环保"):
            words.add(concept, *spoken, *(f"{word}支出" for word in spoken if word >= "一"))


def _add_nodes(words: _Words, kind: Kind, nodes: Sequence[Node]) -> None:
    for node in nodes:
        if len(node.code) != 3:
            continue  # published tables know the classes only
        concept = Concept(kind, node.code, node.name, node.level, node.parent)
        words.add(concept, node.name, node.name.replace("(", "").replace(")", ""))
        if node.name.startswith("机关"):
            words.add(replace(concept, loose=True, detail="机关"), node.name.removeprefix("机关"))
        if len(node.name.removesuffix("支出")) > 2:
            words.add(replace(concept, loose=True), node.name.removesuffix("支出"))


def _add_sectors(words: _Words, sectors: Sequence[str]) -> None:
    for sector in sectors:
        concept = Concept(Kind.SECTOR, sector, sector)
        core = sector
        for suffix in ("主管部门", "部门", "系统", "厅", "局", "委员会"):
            core = core.removesuffix(suffix) if len(core) - len(suffix) >= 2 else core
        tails = ("部门", "系统", "主管部门", "口", "行业", "战线", "条线", "类单位")
        words.add(concept, sector, *(f"{core}{tail}" for tail in tails))
        words.add(concept, core)
        if "和" in core or "与" in core:
            words.add(concept, core.replace("和", ""), core.replace("与", ""))


def _add_choices(words: _Words, sources: Sources) -> None:
    choices = (
        (Kind.FUND_SOURCE, synonyms.FUND_SOURCES, frozenset(sources.fund_sources)),
        (Kind.PAYEE_GROUP, synonyms.PAYEE_GROUPS, frozenset(sources.payee_groups)),
        (Kind.STATUS, synonyms.STATUSES, frozenset(synonyms.STATUSES)),
        (Kind.LIGHT, synonyms.LIGHTS, frozenset(synonyms.LIGHTS)),
    )
    for kind, table, present in choices:
        for code, (label, spoken) in table.items():
            if code in present:
                words.add(Concept(kind, code, label), label, *spoken)
    for method in sources.methods:
        words.add(Concept(Kind.METHOD, method, method), method, *synonyms.PROCUREMENT_WORDS.get(method, ()))


# ---------------------------------------------------------------- indicators

INDICATOR_VERBS: tuple[str, ...] = (
    "新建及改造", "新建改造", "新改扩建", "改扩建", "新建", "改建", "扩建", "改造", "新增", "新购", "完成", "建成", "建设", "修建", "修缮", "维修", "养护",
    "培训", "发放", "补贴", "补助", "资助", "惠及", "受益", "种植", "治理", "整治", "加固", "除险加固", "铺设", "安装", "购置", "更新", "提供", "开展", "举办",
    "帮扶", "救助", "服务", "扶持", "支持", "引进", "建立", "修复", "提升", "绿化", "营造", "疏浚", "清淤", "开通", "覆盖", "接种", "筛查", "开工", "筹集", "发展", "创建", "保障", "监测", "检测",
)  # fmt: skip
INDICATOR_TAILS: tuple[str, ...] = (
    "总里程", "里程", "户数", "人数", "人次数", "人次", "数量", "个数", "面积", "长度", "能力", "规模", "总量", "总数", "次数", "场次", "家数", "套数", "台数", "座数", "亩数", "床位数", "数", "量",
)  # fmt: skip


def _add_indicators(words: _Words, indicators: Sequence[IndicatorName]) -> None:
    for item in indicators:
        concept = Concept(Kind.INDICATOR, item.name, item.name, item.unit)
        words.add(concept, item.name)
        verb, core, tail = split_indicator(item.name)
        words.add(replace(concept, loose=True, detail=verb), core, f"{verb}{core}", f"{core}{tail}")
        words.add(replace(concept, loose=True, detail=verb), f"{core}{verb}", f"{core}{verb}{tail}")


def split_indicator(name: str) -> tuple[str, str, str]:
    """Cut an indicator's name into verb, thing and counting word: 新建 农村公路 里程. Verb and counting word may be empty."""
    verb = next(
        (
            item
            for item in sorted(INDICATOR_VERBS, key=len, reverse=True)
            if name.startswith(item) and len(name) > len(item) + 1
        ),
        "",
    )
    rest = name[len(verb) :]
    tail = next(
        (
            item
            for item in sorted(INDICATOR_TAILS, key=len, reverse=True)
            if rest.endswith(item) and len(rest) > len(item) + 1
        ),
        "",
    )
    return verb, rest[: len(rest) - len(tail)], tail
