"""A mapping file, read and checked before any data file is opened.

Everything that is not understood is an error that names the place: misspelt keys are never ignored. All that can be told is
told in one run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from publishing.errors import MappingError
from publishing.intake.contracts import TABLES
from publishing.intake.mapping.amounts import UNITS
from publishing.intake.mapping.dates import DateReader, date_reader
from publishing.intake.mapping.expressions import Condition, Names, Predicate, parse_expression
from publishing.intake.mapping.model import (
    FORMATS,
    Allotment,
    Choice,
    CodeMap,
    ColumnRule,
    Filter,
    KeyRule,
    Mapping,
    PackageRule,
    RecordRule,
    SourceRule,
    TableRule,
)
from publishing.intake.mapping.places import Faults, Place


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises MappingError with everything that is wrong and its place, one fault a line."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError(f"{path}: cannot be opened ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path.name}: not valid TOML: {error}") from error
    return _Reader(content).mapping()


_Rule = TypeVar("_Rule", SourceRule, RecordRule, TableRule)


class _Reader:
    """Turns the TOML content into a Mapping."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._faults = Faults()
        self._top = Place(content, "mapping", self._faults)
        self._names = Names({}, {})
        self._maps: dict[str, CodeMap] = {}
        self._package = PackageRule()

    def mapping(self) -> Mapping:
        top, tried = self._top, self._faults.tried
        package = tried(lambda: self._read_package(top.inside(top.take("package", dict, {}), "[package]")))
        self._package = package or PackageRule()
        self._names = self._read_names(top)
        for name, values in top.take("map", dict, {}).items():
            read = tried(partial(self._read_map, name, values))
            self._maps[name] = read or CodeMap(name, {})  # what uses it is no mistake
        known: set[str] = set()
        sources = self._read_all("source", lambda place: self._read_source(place, known), needed=True)
        records = self._read_all("records", lambda place: self._read_records(place, known))
        tables = self._read_all("table", lambda place: self._read_table(place, known), needed=True)
        top.close()
        self._faults.refuse_if_any()
        return Mapping(self._package, sources, records, tables, self._maps)

    def _read_all(
        self, key: str, read: Callable[[Place], _Rule], *, needed: bool = False
    ) -> tuple[_Rule, ...]:
        """Every block of one kind; those that cannot be read are left out, and told."""
        top, tried = self._top, self._faults.tried
        blocks = tried(lambda: top.need(key, list)) if needed else top.take(key, list, [])

        def rule(number: int, content: Any) -> _Rule:
            return read(top.inside(content, f"[[{key}]] {number}"))

        found = [
            tried(partial(rule, number, content)) for number, content in enumerate(blocks or (), start=1)
        ]
        return tuple(one for one in found if one is not None)

    @staticmethod
    def _read_package(place: Place) -> PackageRule:
        plain = PackageRule()
        first_month = place.take("fiscal_year_first_month", int, 1)
        decimals = place.take("decimals", int, 2)
        if not 1 <= first_month <= 12 or decimals not in {0, 1, 2}:
            place.note("fiscal_year_first_month is 1 to 12, decimals 0 to 2")
            first_month, decimals = 1, 2
        rule = PackageRule(
            name=place.take("name", str, plain.name),
            title=place.take("title", str, ""),
            currency=place.take("currency", str, plain.currency),
            attribution=place.take("attribution", str, ""),
            province=place.take("province", str, ""),
            as_of=place.take("as_of", str),
            fictional=place.take("fictional", bool, False),
            fiscal_year_first_month=first_month,
            decimals=decimals,
            empty=place.texts("empty") if place.has("empty") else plain.empty,
        )
        place.close()
        return rule

    def _read_names(self, top: Place) -> Names:
        lists: dict[str, tuple[str, ...]] = {}
        for name, words in top.take("lists", dict, {}).items():
            fits = isinstance(words, list) and all(isinstance(word, str) for word in words)
            if not fits:
                self._faults.note(MappingError(f"[lists] {name}: a list of texts is needed"))
            lists[name] = tuple(words) if fits else ()
        conditions: dict[str, Condition] = {}
        for name, text in top.take("conditions", dict, {}).items():
            read = self._faults.tried(partial(_condition, name, text, Names(lists, dict(conditions))))
            conditions[name] = read or _UNREAD
        return Names(lists, conditions)

    def _read_map(self, name: str, content: Any) -> CodeMap:
        place = self._top.inside(content, f"[map.{name}]")
        values = place.take("values", dict, {})
        rule = CodeMap(
            name, {str(key): str(value) for key, value in values.items()}, place.take("number_from", int)
        )
        place.close()
        return rule

    @staticmethod
    def _read_source(place: Place, known: set[str]) -> SourceRule:
        name: str = place.need("name", str)
        known.add(name)  # even if the rest is wrong: what reads from it is no mistake
        rule = SourceRule(
            name=name,
            files=place.take("files", str, "*"),
            format=place.take("format", str),
            encoding=place.take("encoding", str),
            delimiter=place.take("delimiter", str, ","),
            skip_rows=place.take("skip_rows", int, 0),
            sheet=place.take("sheet", str),
            records=place.take("records", str, ""),
            columns=place.texts("columns"),
        )
        place.close()
        if rule.format is not None and rule.format not in FORMATS:
            place.note(f"format is one of {', '.join(FORMATS)}")
        if len(rule.delimiter) != 1:
            place.note("delimiter is one character")
        if rule.encoding is not None:
            try:
                "".encode(rule.encoding)
            except LookupError:
                place.note(f"there is no encoding {rule.encoding!r}")
        return rule

    def _read_filter(self, place: Place) -> Filter:
        keep_text, drop_text = place.take("keep", str, ""), place.take("drop", str, "")
        keep, drop = (self._read_expression(text) for text in (keep_text, drop_text))
        paths = frozenset[str]().union(
            *(condition.paths for condition in (keep, drop) if condition is not None)
        )
        return Filter(
            None if keep is None else keep.holds,
            keep_text,
            None if drop is None else drop.holds,
            drop_text,
            paths,
        )

    def _read_expression(self, text: str) -> Condition | None:
        if not text:
            return None
        return self._faults.tried(lambda: parse_expression(text, self._names))

    def _read_records(self, place: Place, known: set[str]) -> RecordRule:
        allot = place.take("allot", dict)
        source = self._known_source(place, known)
        rule = RecordRule(
            name=_named(place, known),
            source=source,
            explode=place.take("explode", str),
            ordinal=place.texts("ordinal"),
            allot=None
            if allot is None
            else self._read_allotment(place.inside(allot, f"{place.where} allot")),
            filter=self._read_filter(place),
        )
        place.close()
        return rule

    def _read_allotment(self, place: Place) -> Allotment:
        rule = Allotment(
            total=place.need("total", str),
            parts=place.need("parts", str),
            amount=place.need("amount", str),
            same=place.need("same", str),
            tolerance=place.number("tolerance", "0") or Decimal(0),
            factor=self._factor(place),
        )
        place.close()
        return rule

    @staticmethod
    def _known_source(place: Place, known: set[str]) -> str:
        name: str = place.need("from", str)
        if name not in known:
            place.note(f"from = {name!r}: there are {', '.join(sorted(known))}")
        return name

    def _read_table(self, place: Place, known: set[str]) -> TableRule:
        name: str = place.need("name", str)
        if name not in TABLES:
            raise place.fault(f"there is no table {name!r}; there are {', '.join(TABLES)}")
        place.where = f"{place.where} ({name})"
        contract = TABLES[name]
        rules = place.need("columns", dict)
        columns: dict[str, ColumnRule] = {}
        for column, item in rules.items():
            if column not in contract.by_name:
                place.note(f"{name} has no column {column!r}; it has {', '.join(contract.by_name)}")
                continue
            read = self._faults.tried(partial(self._read_column, place, item, column))
            columns[column] = read or ColumnRule()
        absent = [column.name for column in contract.columns if column.required and column.name not in rules]
        if absent:
            place.note(f"nothing says how to fill {', '.join(absent)}")
        rule = TableRule(
            table=name,
            source=self._known_source(place, known),
            columns=columns,
            filter=self._read_filter(place),
            distinct=place.take("distinct", bool, False),
        )
        place.close()
        return rule

    def _read_column(self, table: Place, item: Any, column: str) -> ColumnRule:
        if isinstance(item, str):
            return ColumnRule(choices=(Choice((item,)),), paths=frozenset({item}))
        place = table.inside(item, f"{table.where} {column}")
        paths: set[str] = set()
        choices = self._read_choices(place, paths)
        total: str | None = place.take("sum", str)
        if total is not None:
            paths.add(total)
        rule = ColumnRule(
            choices=choices,
            prefix=place.take("prefix", str, ""),
            join=place.take("join", str),
            sum=total,
            map=self._column_map(place),
            otherwise=place.take("otherwise", str),
            factor=self._factor(place),
            dates=self._dates(place),
            default=_text(place.take("default", (str, int, float, bool))),
            clip=place.take("clip", int),
            one_line=place.take("one_line", bool, False),
            minimum=place.number("minimum", None),
            not_before=place.take("not_before", str),
            repeats=self._repeats(place),
            paths=frozenset(paths),
        )
        place.close()
        if not (choices or total or rule.default is not None):
            raise place.fault("nothing says where the value comes from (field, value, cases, key, sum)")
        return rule

    def _read_choices(self, place: Place, paths: set[str]) -> tuple[Choice, ...]:
        choices: list[Choice] = []
        for number, case in enumerate(place.take("cases", list, []), start=1):
            inner = place.inside(case, f"{place.where} cases {number}")
            when = self._read_expression(inner.need("when", str)) or _UNREAD
            paths.update(when.paths)
            choices.append(self._choice(inner, when.holds, paths))
            inner.close()
        if any(place.has(key) for key in ("field", "fields", "value", "key")):
            choices.append(self._choice(place, None, paths))
        return tuple(choices)

    @staticmethod
    def _choice(place: Place, when: Predicate | None, paths: set[str]) -> Choice:
        fields = (*place.texts("field"), *place.texts("fields"))
        value = place.take("value", (str, int, float, bool))
        key = place.texts("key")
        rule = None
        if key:
            rule = KeyRule(key, place.take("hash", int), place.take("prefix", str, ""))
        paths.update(fields, key)
        if bool(fields) + bool(key) + (value is not None) != 1:
            raise place.fault("one of field(s), value or key")
        return Choice(fields, _text(value), rule, when)

    def _column_map(self, place: Place) -> CodeMap | None:
        value = place.take("map", (str, dict))
        if isinstance(value, dict):
            return CodeMap(place.where, {str(key): str(code) for key, code in value.items()})
        if value is not None and value not in self._maps:
            place.note(f"there is no [map.{value}]")
        return None if value is None else self._maps.get(value)

    @staticmethod
    def _factor(place: Place) -> Decimal:
        unit = place.take("unit", str)
        if unit is not None and unit not in UNITS:
            place.note(f"unknown unit {unit!r}; known are {', '.join(UNITS)}")
        factor = place.number("factor", "1") or Decimal(1)
        return factor * UNITS.get(unit, Decimal(1))

    def _dates(self, place: Place) -> tuple[DateReader, ...]:
        readers: list[DateReader] = []
        for form in place.texts("date"):
            reader = date_reader(form, self._package.fiscal_year_first_month)
            if reader is None:
                place.note(f"unknown form of date {form!r}")
            else:
                readers.append(reader)
        return tuple(readers)

    @staticmethod
    def _repeats(place: Place) -> bool:
        value = place.take("repeats", str)
        if value not in {None, "number"}:
            place.note('repeats = "number" is the only way')
        return value is not None


_UNREAD = Condition(lambda _record: False, frozenset())
"""Stands for a condition that is told as wrong, so that what refers to it is not told too."""


def _condition(name: str, text: Any, names: Names) -> Condition:
    if not isinstance(text, str):
        raise MappingError(f"[conditions] {name}: a text is needed")
    return parse_expression(text, names)


def _named(place: Place, known: set[str]) -> str:
    """The name that a block gives its records, known from now on."""
    name: str = place.need("name", str)
    if name in known:
        place.note(f"the name {name!r} is taken")
    known.add(name)
    return name


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
