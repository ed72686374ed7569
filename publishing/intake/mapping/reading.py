"""A mapping file, read and checked before any data file is opened.

Everything that is not understood is an error that names the place: misspelt keys are never ignored.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

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


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises MappingError with the place of what is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError(f"{path}: cannot be opened ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path.name}: not valid TOML: {error}") from error
    return _Reader(content).mapping()


class _Place:
    """A table of the TOML file whose keys are taken one by one; whatever is left is a mistake."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict):
            raise MappingError(f"{where}: expected a table, found {content!r}")
        self._content: dict[str, Any] = dict(content)
        self.where = where

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """The value of a key, of that type."""
        if key not in self._content:
            return default
        value = self._content.pop(key)
        is_number_asked = kind in {int, (int, float, str)}
        if not isinstance(value, kind) or (isinstance(value, bool) and is_number_asked):
            raise self.fault(f"{key} = {value!r} has the wrong type")
        return value

    def need(self, key: str, kind: type) -> Any:
        """The value of a key that must be there."""
        if key not in self._content:
            raise self.fault(f"{key} is missing")
        return self.take(key, kind)

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key, (str, list), ())
        items = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(item, str) for item in items):
            raise self.fault(f"{key} must be a text or a list of texts")
        return items

    def has(self, key: str) -> bool:
        """Whether a key is still there."""
        return key in self._content

    def close(self) -> None:
        """Raise when keys are left."""
        if self._content:
            raise self.fault(f"unknown: {', '.join(sorted(self._content))}")

    def fault(self, what: str) -> MappingError:
        """An error at this place."""
        return MappingError(f"{self.where}: {what}")


class _Reader:
    """Turns the TOML content into a Mapping."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._top = _Place(content, "mapping")
        self._names = Names({}, {})
        self._maps: dict[str, CodeMap] = {}
        self._package = PackageRule()

    def mapping(self) -> Mapping:
        top = self._top
        self._package = self._read_package(_Place(top.take("package", dict, {}), "[package]"))
        self._names = self._read_names(top)
        for name, values in top.take("map", dict, {}).items():
            self._maps[name] = self._read_map(name, _Place(values, f"[map.{name}]"))
        sources = tuple(
            self._read_source(_Place(item, f"[[source]] {number}"))
            for number, item in enumerate(top.need("source", list), start=1)
        )
        known = {source.name for source in sources}
        records: list[RecordRule] = []
        for number, item in enumerate(top.take("records", list, []), start=1):
            rule = self._read_records(_Place(item, f"[[records]] {number}"), known)
            known.add(rule.name)
            records.append(rule)
        tables = tuple(
            self._read_table(_Place(item, f"[[table]] {number}"), known)
            for number, item in enumerate(top.need("table", list), start=1)
        )
        top.close()
        return Mapping(self._package, sources, tuple(records), tables, self._maps)

    @staticmethod
    def _read_package(place: _Place) -> PackageRule:
        plain = PackageRule()
        first_month = place.take("fiscal_year_first_month", int, 1)
        decimals = place.take("decimals", int, 2)
        if not 1 <= first_month <= 12 or decimals not in {0, 1, 2}:
            raise place.fault("fiscal_year_first_month is 1 to 12, decimals 0 to 2")
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

    @staticmethod
    def _read_names(top: _Place) -> Names:
        lists: dict[str, tuple[str, ...]] = {}
        for name, words in top.take("lists", dict, {}).items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise MappingError(f"[lists] {name}: a list of texts is needed")
            lists[name] = tuple(words)
        conditions: dict[str, Condition] = {}
        for name, text in top.take("conditions", dict, {}).items():
            if not isinstance(text, str):
                raise MappingError(f"[conditions] {name}: a text is needed")
            conditions[name] = parse_expression(text, Names(lists, conditions))
        return Names(lists, conditions)

    @staticmethod
    def _read_map(name: str, place: _Place) -> CodeMap:
        values = place.take("values", dict, {})
        rule = CodeMap(
            name, {str(key): str(value) for key, value in values.items()}, place.take("number_from", int)
        )
        place.close()
        return rule

    @staticmethod
    def _read_source(place: _Place) -> SourceRule:
        rule = SourceRule(
            name=place.need("name", str),
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
            raise place.fault(f"format is one of {', '.join(FORMATS)}")
        if len(rule.delimiter) != 1:
            raise place.fault("delimiter is one character")
        if rule.encoding is not None:
            try:
                "".encode(rule.encoding)
            except LookupError:
                raise place.fault(f"there is no encoding {rule.encoding!r}") from None
        return rule

    def _read_filter(self, place: _Place) -> Filter:
        keep_text, drop_text = place.take("keep", str, ""), place.take("drop", str, "")
        keep = parse_expression(keep_text, self._names) if keep_text else None
        drop = parse_expression(drop_text, self._names) if drop_text else None
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

    def _read_records(self, place: _Place, known: set[str]) -> RecordRule:
        allot = place.take("allot", dict)
        rule = RecordRule(
            name=place.need("name", str),
            source=self._known_source(place, known),
            explode=place.take("explode", str),
            ordinal=place.texts("ordinal"),
            allot=None if allot is None else self._read_allotment(_Place(allot, f"{place.where} allot")),
            filter=self._read_filter(place),
        )
        place.close()
        if rule.name in known:
            raise place.fault(f"the name {rule.name!r} is taken")
        return rule

    def _read_allotment(self, place: _Place) -> Allotment:
        rule = Allotment(
            total=place.need("total", str),
            parts=place.need("parts", str),
            amount=place.need("amount", str),
            same=place.need("same", str),
            tolerance=_decimal(place, "tolerance", "0"),
            factor=self._factor(place),
        )
        place.close()
        return rule

    @staticmethod
    def _known_source(place: _Place, known: set[str]) -> str:
        name: str = place.need("from", str)
        if name not in known:
            raise place.fault(f"from = {name!r}: there are {', '.join(sorted(known))}")
        return name

    def _read_table(self, place: _Place, known: set[str]) -> TableRule:
        name: str = place.need("name", str)
        if name not in TABLES:
            raise place.fault(f"there is no table {name!r}; there are {', '.join(TABLES)}")
        place.where = f"{place.where} ({name})"
        contract = TABLES[name]
        columns: dict[str, ColumnRule] = {}
        for column, item in place.need("columns", dict).items():
            if column not in contract.by_name:
                raise place.fault(f"{name} has no column {column!r}; it has {', '.join(contract.by_name)}")
            columns[column] = self._read_column(item, f"{place.where} {column}")
        absent = [
            column.name for column in contract.columns if column.required and column.name not in columns
        ]
        if absent:
            raise place.fault(f"nothing says how to fill {', '.join(absent)}")
        rule = TableRule(
            table=name,
            source=self._known_source(place, known),
            columns=columns,
            filter=self._read_filter(place),
            distinct=place.take("distinct", bool, False),
        )
        place.close()
        return rule

    def _read_column(self, item: Any, where: str) -> ColumnRule:
        if isinstance(item, str):
            return ColumnRule(choices=(Choice((item,)),), paths=frozenset({item}))
        place = _Place(item, where)
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
            minimum=_decimal(place, "minimum", None),
            not_before=place.take("not_before", str),
            repeats=self._repeats(place),
            paths=frozenset(paths),
        )
        place.close()
        if not (choices or total or rule.default is not None):
            raise place.fault("nothing says where the value comes from (field, value, cases, key, sum)")
        return rule

    def _read_choices(self, place: _Place, paths: set[str]) -> tuple[Choice, ...]:
        choices: list[Choice] = []
        for number, case in enumerate(place.take("cases", list, []), start=1):
            inner = _Place(case, f"{place.where} cases {number}")
            when = parse_expression(inner.need("when", str), self._names)
            paths.update(when.paths)
            choices.append(self._choice(inner, when.holds, paths))
            inner.close()
        if any(place.has(key) for key in ("field", "fields", "value", "key")):
            choices.append(self._choice(place, None, paths))
        return tuple(choices)

    @staticmethod
    def _choice(place: _Place, when: Predicate | None, paths: set[str]) -> Choice:
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

    def _column_map(self, place: _Place) -> CodeMap | None:
        value = place.take("map", (str, dict))
        if isinstance(value, dict):
            return CodeMap(place.where, {str(key): str(code) for key, code in value.items()})
        if value is not None and value not in self._maps:
            raise place.fault(f"there is no [map.{value}]")
        return None if value is None else self._maps[value]

    @staticmethod
    def _factor(place: _Place) -> Decimal:
        unit = place.take("unit", str)
        if unit is not None and unit not in UNITS:
            raise place.fault(f"unknown unit {unit!r}; known are {', '.join(UNITS)}")
        factor = _decimal(place, "factor", "1") or Decimal(1)
        return factor * UNITS[unit] if unit is not None else factor

    def _dates(self, place: _Place) -> tuple[DateReader, ...]:
        readers: list[DateReader] = []
        for form in place.texts("date"):
            reader = date_reader(form, self._package.fiscal_year_first_month)
            if reader is None:
                raise place.fault(f"unknown form of date {form!r}")
            readers.append(reader)
        return tuple(readers)

    @staticmethod
    def _repeats(place: _Place) -> bool:
        value = place.take("repeats", str)
        if value not in {None, "number"}:
            raise place.fault('repeats = "number" is the only way')
        return value is not None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decimal(place: _Place, key: str, default: str | None) -> Any:
    value = place.take(key, (int, float, str), default)
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise place.fault(f"{key} = {value!r} is not a number") from None
    if not number.is_finite():
        raise place.fault(f"{key} = {value!r} is not a number")
    return number
