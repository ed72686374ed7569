"""The page of search results: what was asked in the address, what the engine found, and where each link leads.

Everything is in the address, so a page can be sent to somebody else and read without JavaScript: a choice is a link
to the same page with that value added, a chosen one a link without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portal.reading.edition import Edition
from portal.reading.finding_address import LAST_PAGE, address_of, toggled
from portal.reading.quantities import CNY, Currency
from portal.reading.tongue import tell
from portal.reading.words import LIGHTS, STATUS_WORDS
from search.documents import Kind
from search.engine import Closeness, Facet, FacetCount, FacetField, Filters, Hit, Hits, Marked, Query, Sort

_CHOICES_SHOWN = 12

KIND_WORDS: dict[Kind, str] = {
    Kind.PROJECT: "项目",
    Kind.CONTRACT: "合同",
    Kind.SUPPLIER: "供应商",
    Kind.ORGANISATION: "预算单位",
    Kind.DATASET: "数据集",
    Kind.REPORT: "报告",
    Kind.CASE: "来件",
}
_KINDS: dict[str, str] = {kind.value: word for kind, word in KIND_WORDS.items()}
FACET_TITLES: dict[FacetField, str] = {
    FacetField.KIND: "类别",
    FacetField.REGION: "地区",
    FacetField.FUNCTION: "功能分类",
    FacetField.SECTOR: "主管部门",
    FacetField.YEAR: "年度",
    FacetField.STATUS: "状态",
    FacetField.LIGHT: "预警灯",
}
SORT_WORDS: dict[Sort, str] = {
    Sort.RELEVANCE: "最相关",
    Sort.AMOUNT_DESCENDING: "金额从高到低",
    Sort.AMOUNT: "金额从低到高",
    Sort.DATE_DESCENDING: "日期从新到旧",
    Sort.DATE: "日期从旧到新",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A value of a tree (a region, a class): what it is called and what it lies in."""

    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Trees:
    """The names of codes, as the release has them, and the currency of its amounts."""

    regions: Mapping[str, Branch] = field(default_factory=dict)
    functions: Mapping[str, Branch] = field(default_factory=dict)
    currency: Currency = CNY

    def of(self, facet: FacetField) -> Mapping[str, Branch] | None:
        """The tree of that field; None when its values lie side by side."""
        return {FacetField.REGION: self.regions, FacetField.FUNCTION: self.functions}.get(facet)


def trees_of(edition: Edition) -> Trees:
    """The names of places and classes in one release."""
    return edition.keep(
        "search trees",
        lambda: Trees(
            _branches_in(edition, "regions", "region_code"),
            _branches_in(edition, "functions", "function_code"),
            edition.currency,
        ),
    )


def _branches_in(edition: Edition, table: str, code: str) -> dict[str, Branch]:
    rows = edition.frame(table).select(code, "name", "parent_code").iter_rows()
    return {own: Branch(name or own, parent) for own, name, parent in rows if own != "total"}


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of text, and whether it answers what was typed."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as the page shows it. `amount_fen` is None when there is none or it is not published."""

    kind: str
    title: tuple[TextPart, ...]
    excerpt: tuple[TextPart, ...]
    url: str
    place: str
    amount_fen: int | None
    status: str
    light: str
    is_close: bool


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value that can be ticked or unticked; `address` is the query string that does it."""

    label: str
    count: int
    is_chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The choices of one field."""

    title: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another query string; an empty address is where the reader already is."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """The page. `notice` says in words when the hits are not exactly what was typed."""

    text: str
    total: int
    found: tuple[Found, ...]
    notice: str
    corrected: Link | None
    groups: tuple[FacetGroup, ...]
    chosen: tuple[Link, ...]
    sorts: tuple[Link, ...]
    previous: Link | None
    next: Link | None
    advice: tuple[Link, ...]


def finding_view(query: Query, hits: Hits, trees: Trees) -> FindingView:
    """What the page shows for one query and its hits."""
    return FindingView(
        text=query.text,
        total=hits.total,
        found=tuple(_found(hit, trees) for hit in hits.hits),
        notice=_notice(query, hits),
        corrected=_corrected(query, hits),
        groups=tuple(_groups(query, hits, trees)),
        chosen=tuple(_chosen(query, trees)),
        sorts=tuple(
            Link(word, "" if sort is query.sort else address_of(replace(query, sort=sort, page=1)))
            for sort, word in SORT_WORDS.items()
        ),
        previous=Link(tell("上一页"), address_of(replace(query, page=query.page - 1)))
        if query.page > 1
        else None,
        next=_next(query, hits),
        advice=tuple(_advice(query, hits)),
    )


def _found(hit: Hit, trees: Trees) -> Found:
    document = hit.document
    region = trees.regions.get(document.regions[-1]) if document.regions else None
    light = LIGHTS.get(document.light or "")
    return Found(
        kind=KIND_WORDS[document.kind],
        title=tuple(text_parts(hit.title)),
        excerpt=tuple(text_parts(hit.excerpt)),
        url=document.url,
        place=region.name if region else "",
        amount_fen=document.amount_fen,
        status=tell(STATUS_WORDS.get(document.status or "", "")),
        light=f"{light.shape} {tell(light.word)}" if light else "",
        is_close=hit.closeness is Closeness.CLOSE,
    )


def text_parts(marked: Marked) -> Iterator[TextPart]:
    """A marked text cut into what answers and what does not."""
    at = 0
    for start, end in marked.spans:
        if start > at:
            yield TextPart(marked.text[at:start])
        yield TextPart(marked.text[start:end], is_match=True)
        at = end
    if at < len(marked.text):
        yield TextPart(marked.text[at:])


def _notice(query: Query, hits: Hits) -> str:
    if not query.text or not hits.hits:
        return ""
    if hits.closeness is Closeness.CLOSE:
        return tell("没有与“{}”完全一致的结果，以下是最接近的 {} 条。", query.text[:60], hits.total)
    if any(hit.closeness is Closeness.CLOSE for hit in hits.hits):
        return tell("找到 {} 条，后面列出的是相近的结果。", hits.total)
    return ""


def _corrected(query: Query, hits: Hits) -> Link | None:
    if hits.corrected is None:
        return None
    return Link(
        tell("您是不是要找：{}", hits.corrected), address_of(replace(query, text=hits.corrected, page=1))
    )


def _next(query: Query, hits: Hits) -> Link | None:
    if query.page * query.size >= hits.total or query.page >= LAST_PAGE:
        return None
    return Link(tell("下一页"), address_of(replace(query, page=query.page + 1)))


def _groups(query: Query, hits: Hits, trees: Trees) -> Iterator[FacetGroup]:
    for facet in hits.facets:
        tree = trees.of(facet.field)
        counts = _branches(facet, query, tree) if tree is not None else _flat(facet, query)
        choices = tuple(_choice(query, facet.field, count, trees) for count in counts)
        if choices:
            yield FacetGroup(FACET_TITLES[facet.field], choices)


def _choice(query: Query, facet: FacetField, count: FacetCount, trees: Trees) -> FacetChoice:
    is_chosen = count.value in query.filters.values(facet)
    address = address_of(toggled(query, facet, count.value))
    return FacetChoice(facet_label(facet, count.value, trees), count.count, is_chosen, address)


def _flat(facet: Facet, query: Query) -> list[FacetCount]:
    """The most frequent values and all chosen ones; years from the newest."""
    chosen = query.filters.values(facet.field)
    found = {count.value: count for count in facet.counts}
    kept = list(facet.counts[:_CHOICES_SHOWN])
    kept += [found.get(value, FacetCount(value, 0)) for value in chosen if found.get(value) not in kept]
    if facet.field is FacetField.YEAR:
        kept.sort(key=lambda count: count.value, reverse=True)
    return kept


def _branches(facet: Facet, query: Query, tree: Mapping[str, Branch]) -> list[FacetCount]:
    """The way down to what is chosen and what lies directly below it; from the top when nothing is chosen."""
    chosen = query.filters.values(facet.field)
    counts = {count.value: count for count in facet.counts}
    way = _way_down(chosen[-1], tree) if chosen else _only_root(tree)
    below = [count for count in facet.counts if _parent(count.value, tree) == (way[-1] if way else None)]
    shown = [counts.get(code, FacetCount(code, 0)) for code in way if chosen]
    return shown + [count for count in below if count.value not in way]


def _way_down(code: str, tree: Mapping[str, Branch]) -> list[str]:
    way: list[str] = []
    current: str | None = code
    while current is not None and current not in way:
        way.insert(0, current)
        current = _parent(current, tree)
    return way


def _only_root(tree: Mapping[str, Branch]) -> list[str]:
    """The single root of a tree, such as the province: its children are the first choices."""
    roots = [code for code in tree if _parent(code, tree) is None]
    return roots if len(roots) == 1 else []


def _parent(code: str, tree: Mapping[str, Branch]) -> str | None:
    branch = tree.get(code)
    return branch.parent if branch is not None and branch.parent in tree else None


def facet_label(facet: FacetField, value: str, trees: Trees) -> str:
    """What a value of a field is called."""
    tree = trees.of(facet)
    if tree is not None:
        return tree[value].name if value in tree else value
    if facet is FacetField.YEAR:
        return tell("{} 年", value)
    if facet is FacetField.LIGHT:
        light = LIGHTS.get(value)
        return f"{light.shape} {tell(light.word)}" if light else value
    words = {FacetField.KIND: _KINDS, FacetField.STATUS: STATUS_WORDS}.get(facet, {})
    return tell(words.get(value, value))


def _chosen(query: Query, trees: Trees) -> Iterator[Link]:
    """Every filter that is set, each with the address that takes it away."""
    for facet in FacetField:
        for value in query.filters.values(facet):
            yield Link(facet_label(facet, value, trees), address_of(toggled(query, facet, value)))
    yield from _amount_links(query, trees.currency.word)


def _amount_links(query: Query, word: str) -> Iterator[Link]:
    lowest, highest = query.filters.amount_min_fen, query.filters.amount_max_fen
    if lowest is not None:
        without = replace(query.filters, amount_min_fen=None)
        yield Link(
            tell("不低于 {:f} {}", Decimal(lowest) / 100, word),
            address_of(replace(query, filters=without, page=1)),
        )
    if highest is not None:
        without = replace(query.filters, amount_max_fen=None)
        yield Link(
            tell("不高于 {:f} {}", Decimal(highest) / 100, word),
            address_of(replace(query, filters=without, page=1)),
        )


def _advice(query: Query, hits: Hits) -> Iterable[Link]:
    """What to try when nothing was found: fewer conditions, fewer words, another way in."""
    if hits.hits:
        return []
    advice: list[Link] = []
    if query.page > 1:
        advice.append(Link(tell("回到第一页"), address_of(replace(query, page=1))))
    if query.filters != Filters():
        advice.append(
            Link(tell("去掉所有筛选条件再找"), address_of(replace(query, filters=Filters(), page=1)))
        )
    words = query.text.split()
    if len(words) > 1:
        longest = max(words, key=len)
        advice.append(Link(tell("只找“{}”", longest[:30]), address_of(replace(query, text=longest, page=1))))
    if query.text:
        advice.append(Link(tell("查看全部内容"), address_of(replace(query, text="", page=1))))
    return advice
