"""What a release can be asked about: places, classes, sectors, units, indicators, projects, and what people call them.

`build_vocabulary` is pure: plain rows in, a `Vocabulary` out. It knows neither releases nor HTTP, and nothing in it
is about one province: another province, or a source without regions, has its own vocabulary at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from search.names import NameIndex
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
    PROJECT_KIND = "project_kind"
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


# ---------------------------------------------------------------- places


# ---------------------------------------------------------------- classes


# ---------------------------------------------------------------- indicators

INDICATOR_VERBS: tuple[str, ...] = (
    "培育", "上线", "上门服务", "配备", "更新改造", "更换", "硬化", "新改建", "新增或更新", "加装", "带动", "改善", "恢复", "新装", "免费", "新建及改造", "新建改造", "新改扩建", "改扩建", "新建", "改建", "扩建", "改造", "新增", "新购", "完成", "建成", "建设", "修建", "修缮", "维修", "养护",
    "培训", "发放", "补贴", "补助", "资助", "惠及", "受益", "种植", "治理", "整治", "加固", "除险加固", "铺设", "安装", "购置", "更新", "提供", "开展", "举办",
    "帮扶", "救助", "服务", "扶持", "支持", "引进", "建立", "修复", "提升", "绿化", "营造", "疏浚", "清淤", "开通", "覆盖", "接种", "筛查", "开工", "筹集", "发展", "创建", "保障", "监测", "检测",
)  # fmt: skip
INDICATOR_TAILS: tuple[str, ...] = (
    "总里程", "里程", "户数", "人数", "人次数", "人次", "数量", "个数", "面积", "长度", "能力", "规模", "总量", "总数", "次数", "场次", "家数", "套数", "台数", "座数", "亩数", "床位数", "数", "量",
)  # fmt: skip


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
