"""除了教育以外, 不含澜州市, 省本级: everything but what was named, and what a place spends itself.

Both are differences of published numbers, so where one of them is withheld there is no answer either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from search.parse.cubes import Cube
from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import Scene, is_whole, members, place_names, refuse, region_scope, regions_below
from search.parse.timing import same_cube
from search.plan import Operator
from search.vocabulary import Concept, Kind

_REMAINDER = ("其余", "其他", "其它", "剩下", "剩余", "别的", "还", "外")
_COLUMNS = {
    Kind.SECTOR: "sector",
    Kind.STATUS: "status",
    Kind.LIGHT: "light",
    Kind.METHOD: "method",
    Kind.ORGANISATION: "org_id",
    Kind.SUPPLIER: "supplier_id",
    Kind.FUND_SOURCE: "fund_source",
    Kind.PAYEE_GROUP: "payee_group",
    Kind.FUNCTION: "function_code",
    Kind.REGION: "region_code",
}
_ROW_COLUMNS = {
    "projects": frozenset({"sector", "status", "light", "org_id", "function_code", "region_code"}),
    "contracts": frozenset({"method", "supplier_id", "org_id"}),
    "suppliers": frozenset({"supplier_id", "region_code"}),
    "organisations": frozenset({"sector", "region_code"}),
}


_DENIALS = ("不是", "非", "不属于", "不算", "并非")
_DENIED = frozenset({Kind.LIGHT, Kind.METHOD, Kind.FUND_SOURCE, Kind.PAYEE_GROUP, Kind.SECTOR})


def denials_as_exclusions(tokens: Sequence[Token]) -> list[Token]:
    """不是绿灯的项目, 非公开招标的合同: all but these, where the thing denied stands right behind."""
    made = list(tokens)
    for number, token in enumerate(tokens[:-1]):
        following = tokens[number + 1].kinds()
        denied = bool(following) and following <= _DENIED
        if denied and token.is_word(Word.NOT) and token.text in _DENIALS:
            made[number] = replace(token, word=Word.EXCEPT, value="before")
    return made


def split_excluded(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The tokens without an exclusion, and the things it excludes; all tokens when there is none."""
    place = next((number for number, token in enumerate(tokens) if token.word is Word.EXCEPT), None)
    if place is None:
        return tuple(tokens), ()
    if tokens[place].value == "after":
        first = place
        while first and _may_be_excluded(tokens[first - 1]):
            first -= 1
        span, rest = tokens[first:place], (*tokens[:first], *tokens[place + 1 :])
    else:
        last = place + 1
        while last < len(tokens) and _may_be_excluded(tokens[last]):
            last += 1
        span = tokens[place + 1 : last]
        tail = list(tokens[last:])
        if tail and (tail[0].is_word(Word.EXCEPT, "after") or tail[0].text == "外"):
            tail = tail[1:]
        rest = (*tokens[:place], *tail)
    excluded = tuple(span) if any(token.sort is Sort.THING for token in span) else ()
    kept = _without_remainder(rest)
    return (kept, excluded) if excluded else (tuple(tokens), ())


def _without_remainder(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """除了澜州以外，其他20个市: the words for what is left say nothing new, but that cities are meant, each of them."""
    kept: list[Token] = []
    after = False
    for token in tokens:
        remainder = token.is_word_any(Word.NOT) and token.text in _REMAINDER
        counted = after and (token.sort is Sort.NUMBER or token.is_word_any(Word.LEVEL, Word.SPLIT))
        if counted and token.is_word_any(Word.LEVEL):
            kept.append(replace(token, text=f"各{token.text}"))
        elif not (remainder or counted):
            kept.append(token)
        after = remainder or (counted and token.sort is Sort.NUMBER)
    return tuple(kept)


def _may_be_excluded(token: Token) -> bool:
    joins = token.is_word(Word.AND) or (token.sort is Sort.MARK and token.text in " 、")
    return token.sort is Sort.THING or joins or token.is_word(Word.MEASURE, "paid")


def rest_reading(
    cube: Cube, meaning: Meaning, scene: Scene, shape: Callable[[Cube, Meaning, Scene], Reading]
) -> Reading:
    """The reading of a question that leaves something out.

    Raises: NoRoute when what is left out cannot be taken away in the table that answers.
    """
    if meaning.own:
        return _own_level(cube, meaning, scene, shape)
    plain = replace(meaning, excluded=())
    kinds = {concept.kind for concept in meaning.excluded}
    labels = "、".join(concept.label for concept in meaning.excluded)
    if len(kinds) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, f"一次只能排除一类：“{labels}”不是同一类。")
    kind = kinds.pop()
    column = _COLUMNS.get(kind, "")
    words = f"除{labels}外"
    grouped = column in cube.by and not cube.fold
    if grouped or column in _ROW_COLUMNS.get(cube.dataset, ()):
        codes = _row_codes(kind, meaning.excluded, scene, rows=not grouped)
        if grouped:
            _refuse_no_members(cube, column, meaning.excluded)
        narrowed = replace(
            cube,
            plan=cube.plan.where(column, *codes, operator=Operator.NOT),
            scope=(*cube.scope, words),
            attempts=(),
        )
        return shape(narrowed, plain, scene)
    return _difference(cube, plain, scene, shape, meaning.excluded)


_LEVELS = {"region_code": "region_level", "function_code": "function_level"}


def _refuse_no_members(cube: Cube, column: str, excluded: Sequence[Concept]) -> None:
    """What is left out of a table must be one of its members: 除青湾区外哪个市最多 leaves nothing out.

    Raises: NoRoute naming what is no member.
    """
    named = [frozenset(item.values) for item in cube.plan.filters if item.column == column]
    level = [item.values for item in cube.plan.filters if item.column == _LEVELS.get(column)]
    for concept in excluded:
        if (named and concept.code not in named[0]) or (level and concept.level not in level[0]):
            raise refuse(Code.NOT_UNDERSTOOD, f"“{concept.label}”不在要比较的对象里，没有什么可以排除。")


def _row_codes(kind: Kind, excluded: Sequence[Concept], scene: Scene, *, rows: bool) -> tuple[str, ...]:
    codes = tuple(concept.code for concept in excluded)
    if not rows:
        return codes
    if kind is Kind.REGION:
        return regions_below(codes, scene)
    if kind is Kind.FUNCTION:
        return tuple(sorted({inner for code in codes for inner in scene.vocabulary.functions.below(code)}))
    return codes


_CELLS = frozenset({"spending", "spending_monthly", "fund_flow", "spending_by_organisation", "outputs"})


def _difference(
    cube: Cube,
    plain: Meaning,
    scene: Scene,
    shape: Callable[[Cube, Meaning, Scene], Reading],
    excluded: tuple[Concept, ...],
) -> Reading:
    reading = shape(cube, plain, scene)
    labels = "、".join(concept.label for concept in excluded)
    kind = excluded[0].kind
    if reading.form is not Form.AMOUNT or cube.dataset not in _CELLS or not cube.additive:
        raise refuse(
            Code.NOT_UNDERSTOOD, f"“除{labels}外”只能用在一个总数上，例如“除教育支出外全省2025年支出多少”。"
        )
    _refuse_outside(plain, scene, excluded)
    kept = tuple(item for item in plain.things if item.kind is not kind)
    part = same_cube(cube, replace(plain, things=(*kept, *excluded)), scene)
    if part.dataset != cube.dataset:
        raise refuse(Code.NOT_IN_DATA, f"公开的表里，{cube.title}不能减去“{labels}”。")
    return replace(
        reading,
        form=Form.REST,
        base=replace(part.plan, period=reading.plan.period),
        base_scope=labels,
        scope=(*reading.scope[:-1], f"除{labels}外", reading.scope[-1]),
        attempts=(),
    )


def _refuse_outside(plain: Meaning, scene: Scene, excluded: Sequence[Concept]) -> None:
    """What is taken away must be part of what it is taken from."""
    kind = excluded[0].kind
    tree = {Kind.REGION: scene.vocabulary.regions, Kind.FUNCTION: scene.vocabulary.functions}.get(kind)
    whole = region_scope(plain, scene) if kind is Kind.REGION else tuple(c.code for c in plain.of(kind))
    if tree is None and whole:
        raise refuse(Code.NOT_UNDERSTOOD, f"没有看懂“{excluded[0].label}”要从什么里面减去。")
    if tree is None or not whole:
        return
    for concept in excluded:
        inside = any(tree.is_below(concept.code, code) and concept.code != code for code in whole)
        if not inside:
            raise refuse(Code.NOT_UNDERSTOOD, f"“{concept.label}”不在要算的范围里，没有什么可以减去。")


def _own_level(
    cube: Cube, meaning: Meaning, scene: Scene, shape: Callable[[Cube, Meaning, Scene], Reading]
) -> Reading:
    """What a place spends itself: its total without the places below it."""
    plain = replace(meaning, own="", excluded=())
    codes = region_scope(plain, scene)
    tree = scene.vocabulary.regions
    if len(codes) != 1 or cube.dataset not in ("spending", "spending_monthly") or not cube.additive:
        raise refuse(Code.NOT_IN_DATA, f"“{meaning.own}”只能问一个地区的支出和预算；其他的数不单列本级。")
    level = tree.nodes[codes[0]].level
    said = {"省": "province", "市": "city", "县": "county", "区": "county"}.get(meaning.own[0], level)
    if said != level:
        raise refuse(
            Code.NOT_UNDERSTOOD, f"没有看懂“{meaning.own}”是哪个地方的本级，请写出名称，例如“某市本级”。"
        )
    reading = shape(cube, plain, scene)
    if reading.form is not Form.AMOUNT or meaning.excluded:
        raise refuse(Code.NOT_UNDERSTOOD, f"“{meaning.own}”只能单独问一个数。")
    below = members(codes, "any", tree)
    name = place_names(codes, tree)
    if below == codes:
        note = f"{name}没有下一级，本级就是全部。"
        return replace(reading, notes=(*reading.notes, note))
    base = replace(
        reading.plan,
        filters=tuple(
            replace(item, values=below) if item.column == "region_code" else item
            for item in reading.plan.filters
        ),
    )
    whole = is_whole(codes, scene)
    return replace(
        reading,
        form=Form.REST,
        base=base,
        base_scope="各市" if whole else "各县（市、区）",
        attribute="own",
        scope=tuple(f"{part}本级" if part == name else part for part in reading.scope),
        attempts=(),
        notes=(*reading.notes, "本级 = 全部减去下一级各地区，由公开的数算出。"),
    )
