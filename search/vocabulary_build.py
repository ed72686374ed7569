"""Making the vocabulary of a release from its plain rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from search import synonyms
from search.names import NameIndex, pinyin
from search.normalize import normal
from search.vocabulary import (
    Concept,
    IndicatorName,
    Kind,
    Node,
    Sources,
    Tree,
    Vocabulary,
    split_indicator,
)


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
    _add_offices(words, sources)
    _add_short_offices(words, sources)
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
        groups=groups_of(sources),
    )


def _longest(words: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


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
            f"{latin}{node.name[len(short) :]}" if len(latin) > 3 and len(node.name) > len(short) else "",
            pinyin(node.name) if len(latin) > 3 else "",
        )
        words.add(concept, *_by_code(node, node.name))
        if node.code in roots:
            words.add(concept, *_WHOLE_PROVINCE, f"{short}全省", f"{node.name}全省")
        else:
            tail = node.name[len(short) :]
            words.add(concept, *(f"{name}全{tail[-1:]}" for name in (node.name, short) if tail))
    _add_renamed(words, sources.regions)
    by_name = {node.name: node for node in sources.regions} | {node.code: node for node in sources.regions}
    for alias, target in sources.aliases.items():
        if target in by_name:
            node = by_name[target]
            words.add(Concept(Kind.REGION, node.code, node.name, node.level, node.parent), alias)
    for name, codes in groups_of(sources).items():
        words.add(
            Concept(Kind.GROUP, name, name, parent=",".join(codes)),
            name,
            f"{name}地区",
            f"{name}城市",
        )


def groups_of(sources: Sources) -> dict[str, tuple[str, ...]]:
    """Groups the release declares, and the usual ones whose members it all has."""
    codes = {node.name: node.code for node in sources.regions}
    usual = {
        name: tuple(codes[member] for member in names)
        for name, names in synonyms.GROUPS.items()
        if all(member in codes for member in names)
    }
    return usual | {name: tuple(members) for name, members in sources.groups.items()}


def _add_renamed(words: _Words, nodes: Sequence[Node]) -> None:
    """A county may have become a district or a city: 玄河县 is 玄河区, where no other place has that name."""
    lowest = [node for node in nodes if node.level == "county"]
    for node in lowest:
        short = short_place(node.name)
        for kind in ("县", "区", "市"):
            if normal(f"{short}{kind}") not in words.found:
                concept = Concept(Kind.REGION, node.code, node.name, node.level, node.parent)
                words.add(concept, f"{short}{kind}")


def short_place(name: str) -> str:
    """A place's name without what kind of place it is: 云溪市 -> 云溪; left alone when one letter would remain."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def _add_functions(words: _Words, nodes: Sequence[Node]) -> None:
    for node in nodes:
        concept = Concept(Kind.FUNCTION, node.code, node.name, node.level, node.parent)
        core = node.name.removesuffix("支出")
        words.add(concept, node.name, core, f"{core}类", *_rearranged(core), *_by_code(node, node.name, core))
        latin = pinyin(core)
        words.add(concept, latin if len(latin) > _SHORTEST_PINYIN else "")
        stem, spoken = synonyms.FUNCTION_CLASS_WORDS.get(node.code, ("", ()))
        if stem and stem in node.name.replace("节能环保", "环保"):
            words.add(concept, *spoken, *(f"{word}支出" for word in spoken if word >= "一"))


_JOINTS = re.compile("和|与|及|、")
_PARTS = (
    "文化",
    "旅游",
    "体育",
    "传媒",
    "卫生",
    "健康",
    "科学",
    "技术",
    "节能",
    "环保",
    "社会保障",
    "就业",
    "交通",
    "运输",
    "城乡",
    "社区",
)
_MOST_PARTS = 4
_SHORTEST_PINYIN = 5
_SHORTEST_CODE = 5  # 205 may be an amount, 20502 is what an auditor calls a class


def _by_code(node: Node, *names: str) -> Iterator[str]:
    """20502, and 20502普通教育: the code, alone or before the name."""
    if len(node.code) >= _SHORTEST_CODE and node.code.isdecimal():
        yield node.code
        yield from (f"{node.code}{joint}{name}" for name in names for joint in ("", " ", "-"))


def _rearranged(name: str) -> Iterator[str]:
    """文化旅游体育与传媒 as 文化体育旅游: two or more parts of a compound name, all distinct, in any order."""
    parts = [part for part in _PARTS if part in name]
    if _JOINTS.sub("", name) != "".join(sorted(parts, key=name.index)) or not 3 <= len(parts) <= _MOST_PARTS:
        return
    for count in range(2, len(parts) + 1):
        for chosen in permutations(parts, count):
            yield "".join(chosen)


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
        tails = (
            "部门",
            "系统",
            "主管部门",
            "口",
            "行业",
            "战线",
            "条线",
            "类单位",
            "类",
            "部门主管",
            "部门负责",
        )
        words.add(concept, sector, *(f"{core}{tail}" for tail in tails))
        words.add(concept, core)
        words.add(
            concept, *(f"{name}{tail}" for name in synonyms.SECTOR_WORDS.get(sector, ()) for tail in tails)
        )
        if "和" in core or "与" in core:
            words.add(concept, core.replace("和", ""), core.replace("与", ""))


def _add_offices(words: _Words, sources: Sources) -> None:
    """Offices of the whole territory go by their name without it, or with its kind alone: 教育厅, 省教育厅."""
    roots = {node.code: node.name for node in sources.regions if node.parent is None}
    for row in sources.organisations:
        root = roots.get(row.region or "")
        if root is not None and row.name.startswith(root) and len(row.name) - len(root) > 2:
            concept = Concept(Kind.ORGANISATION, row.code, row.name, parent=row.region)
            short = row.name.removeprefix(root)
            words.add(concept, short, f"省{short}" if root.endswith("省") else short)


def _add_short_offices(words: _Words, sources: Sources) -> None:
    """鹿泽市住建局, 省疾控中心: offices by what people say for a long piece of their names."""
    roots = tuple(node.name for node in sources.regions if node.parent is None)
    for row in sources.organisations:
        piece = next((piece for piece in synonyms.OFFICE_SHORT if piece in row.name), None)
        if piece is None:
            continue
        concept = Concept(Kind.ORGANISATION, row.code, row.name, parent=row.region)
        for spoken in synonyms.OFFICE_SHORT[piece]:
            name = row.name.replace(piece, spoken, 1)
            words.add(concept, name)
            for root in roots:
                short = name.removeprefix(root)
                if short != name and len(short) > _SHORTEST_OFFICE:
                    words.add(concept, short, f"省{short}" if root.endswith("省") else short)


_SHORTEST_OFFICE = 2


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
    overdue = Concept(Kind.STATUS, synonyms.OVERDUE, synonyms.OVERDUE_LABEL)
    words.add(overdue, *synonyms.OVERDUE_WORDS)
    for method in sources.methods:
        spoken = (method, *synonyms.PROCUREMENT_WORDS.get(method, ()))
        tails = ("方式", "采购方式", "方式采购", "的方式", "方式采购的")
        words.add(
            Concept(Kind.METHOD, method, method),
            *spoken,
            *(f"{word}{tail}" for word in spoken for tail in tails),
        )


def _add_indicators(words: _Words, indicators: Sequence[IndicatorName]) -> None:
    for item in indicators:
        concept = Concept(Kind.INDICATOR, item.name, item.name, item.unit)
        words.add(concept, item.name)
        verb, core, tail = split_indicator(item.name)
        words.add(replace(concept, loose=True, detail=verb), core, f"{verb}{core}", f"{core}{tail}")
        words.add(replace(concept, loose=True, detail=verb), f"{core}{verb}", f"{core}{verb}{tail}")
        english = [
            word
            for piece, spoken in synonyms.INDICATOR_ENGLISH.items()
            if piece in item.name
            for word in spoken
        ]
        words.add(replace(concept, loose=True, detail=verb), *english, *_spoken_indicators(item.name, verb))
        counted = (
            f"{name}{noun}"
            for name in (f"{verb}{core}", item.name)  # 床位总数 is how many there are, not how many came
            for noun in ("数", "数量", "总数", "总量")
        )
        words.add(replace(concept, loose=True, detail=verb), *counted)


def _spoken_indicators(name: str, verb: str) -> Iterator[str]:
    """An indicator with a piece of its name as people say it: 改造老旧小区户数 as 老小区, 改造老小区."""
    for piece, spoken in synonyms.INDICATOR_SPOKEN.items():
        if piece in name:
            for word in spoken:
                yield from (word, f"{verb}{word}", f"{word}{verb}" if verb else "")
