"""One column of one row: from a foreign record to the text of the source package."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from publishing.errors import MappingError
from publishing.intake.mapping.amounts import plain, read_number, rounded, scaled
from publishing.intake.mapping.model import Choice, CodeMap, ColumnRule, KeyRule, PackageRule
from publishing.intake.mapping.records import Record, Value, is_empty
from publishing.intake.schema import Column, ColumnType

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufffd\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]"
)
_TRUE = {"true", "1", "yes", "y", "是", "有", "真"}
_FALSE = {"false", "0", "no", "n", "否", "无", "無", "假"}


class Unreadable(Exception):
    """A value that does not say what its column needs."""

    def __init__(self, value: Value) -> None:
        super().__init__(str(value))
        self.value = value


@dataclass
class Changes:
    """What was done to values on the way, counted by column."""

    roundings: Counter[str] = field(default_factory=Counter)
    bounded: Counter[str] = field(default_factory=Counter)
    clipped: Counter[str] = field(default_factory=Counter)
    cleaned: Counter[str] = field(default_factory=Counter)
    defaults: Counter[str] = field(default_factory=Counter)
    numbered: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code map -> foreign value -> number it was given."""
    unmapped: Counter[str] = field(default_factory=Counter)


def _key(rule: KeyRule, record: Record) -> str:
    values = (record.get(path) for path in rule.paths)
    parts = ["" if value is None else " ".join(str(value).split()) for value in values]
    while parts and not parts[-1]:
        parts.pop()
    if not parts:
        return ""
    if rule.hash is None:
        return rule.prefix + "-".join(re.sub(r"\s", "", part) for part in parts)
    return rule.prefix + _hashed("\x1f".join(parts), rule.hash)


@lru_cache(maxsize=65_536)
def _hashed(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits].upper()


class ColumnMaker:
    """Makes the values of one column of one table."""

    def __init__(self, column: Column, rule: ColumnRule, package: PackageRule, changes: Changes) -> None:
        self._column = column
        self._rule = rule
        self._package = package
        self._changes = changes
        self._empty = frozenset(package.empty)
        self._typed = {
            ColumnType.MONEY: self._money,
            ColumnType.DECIMAL: self._number,
            ColumnType.INTEGER: self._number,
            ColumnType.DATE: self._date,
            ColumnType.MONTH: self._date,
            ColumnType.BOOLEAN: self._boolean,
            ColumnType.TEXT: self._text,
        }.get(column.type, self._code)
        self.name = f"{column.name}"

    def make(self, record: Record, row: dict[str, str]) -> str:
        """The text of the cell; `row` holds the columns made before.

        Raises Unreadable when the foreign value cannot be understood and there is no default.
        """
        try:
            text = self._made(record, row)
        except Unreadable:
            if self._rule.default is None:
                raise
            text = ""
        if text == "" and self._rule.default is not None:
            self._changes.defaults[self.name] += 1
            return self._rule.default
        return text

    def _made(self, record: Record, row: dict[str, str]) -> str:
        rule = self._rule
        choice = next((item for item in rule.choices if item.when is None or item.when(record)), None)
        if choice is not None and choice.key is not None:
            return _key(choice.key, record)
        value = self._sum(record) if rule.sum is not None else self._value(record, choice)
        if self._is_empty(value):
            return ""
        if rule.map is not None:
            value = self._mapped(rule.map, self._single(value))
        return self._typed(value, row)

    def _is_empty(self, value: Value) -> bool:
        return is_empty(value) or (isinstance(value, str) and value.strip() in self._empty)

    def _value(self, record: Record, choice: Choice | None) -> Value:
        """Of the chosen fields the first that is filled, or all joined; or the chosen constant."""
        if choice is None or not choice.fields:
            return None if choice is None else choice.value
        if self._rule.join is not None:
            return self._joined(record, choice.fields)
        return next((value for path in choice.fields if not self._is_empty(value := record.get(path))), None)

    def _joined(self, record: Record, paths: tuple[str, ...]) -> str:
        values = [value for path in paths for value in record.get_all(path)]
        texts = [str(value).strip() for value in values if not self._is_empty(value)]
        return (self._rule.join or "").join(texts)

    def _sum(self, record: Record) -> Decimal | None:
        numbers = [read_number(value) for value in record.get_all(self._rule.sum or "")]
        known = [number for number in numbers if number is not None]
        return sum(known, Decimal(0)) if known else None

    @staticmethod
    def _single(value: Value) -> Value:
        """The first of a list, where one value is needed."""
        return next((item for item in value if not is_empty(item)), "") if isinstance(value, list) else value

    def _mapped(self, codes: CodeMap, value: Value) -> str:
        text = str(value).strip()
        if text in codes.values:
            return codes.values[text]
        if codes.number_from is not None:
            numbered = self._changes.numbered.setdefault(codes.name, {})
            if text not in numbered:
                taken = {*codes.values.values(), *numbered.values()}
                number = codes.number_from
                while str(number) in taken:
                    number += 1
                numbered[text] = str(number)
            return numbered[text]
        self._changes.unmapped[f"{self.name}: {text[:40]}"] += 1
        if self._rule.otherwise is not None:
            return self._rule.otherwise
        raise Unreadable(value)

    def _code(self, value: Value, row: dict[str, str]) -> str:
        del row
        return self._rule.prefix + re.sub(r"\s", "", _UNPRINTABLE.sub("", _digits(self._single(value))))

    def _bounded(self, number: Decimal) -> Decimal:
        if self._rule.minimum is not None and number < self._rule.minimum:
            self._changes.bounded[self.name] += 1
            return self._rule.minimum
        return number

    def _money(self, value: Value, row: dict[str, str]) -> str:
        del row
        number = read_number(self._single(value))
        if number is None:
            raise Unreadable(value)
        exact = self._bounded(scaled(number, self._rule.factor))
        amount = rounded(exact, self._package.decimals)
        if amount != exact:
            self._changes.roundings[self.name] += 1
        return plain(amount.quantize(Decimal("0.01")) if abs(amount) < Decimal(10) ** 25 else amount)

    def _number(self, value: Value, row: dict[str, str]) -> str:
        del row
        if self._rule.dates:  # a fiscal year, written in any form of date
            return str(self._day(value).year)
        number = read_number(self._single(value))
        if number is None:
            raise Unreadable(value)
        number = self._bounded(scaled(number, self._rule.factor))
        if self._column.type is ColumnType.INTEGER:
            if number != number.to_integral_value():
                raise Unreadable(value)
            return plain(number.to_integral_value())
        if abs(number) >= Decimal(10) ** 15:
            raise Unreadable(value)
        return plain(rounded(number, 10).normalize())

    def _date(self, value: Value, row: dict[str, str]) -> str:
        if not self._rule.dates:
            raise MappingError(f"column {self.name}: say with date = ... how dates are written")
        text = self._not_before(self._day(value), row).isoformat()
        return text[:7] if self._column.type is ColumnType.MONTH else text

    def _day(self, value: Value) -> date:
        single = self._single(value)
        day = next((day for reader in self._rule.dates if (day := reader(single)) is not None), None)
        if day is None:
            raise Unreadable(value)
        return day

    def _not_before(self, day: date, row: dict[str, str]) -> date:
        bound = self._rule.not_before
        if bound is None:
            return day
        text = row.get(bound, bound)
        try:
            earliest = date.fromisoformat(text)
        except ValueError:
            return day
        if day < earliest:
            self._changes.bounded[self.name] += 1
            return earliest
        return day

    def _boolean(self, value: Value, row: dict[str, str]) -> str:
        del row
        text = str(self._single(value)).strip().lower()
        if text in _TRUE:
            return "true"
        if text in _FALSE:
            return "false"
        raise Unreadable(value)

    def _text(self, value: Value, row: dict[str, str]) -> str:
        del row
        raw = "、".join(str(item) for item in value) if isinstance(value, list) else _digits(value)
        text = _UNPRINTABLE.sub(" ", raw).replace("\r\n", "\n").replace("\r", "\n").strip()
        if text != raw.strip().replace("\r\n", "\n"):
            self._changes.cleaned[self.name] += 1
        if self._rule.one_line:
            text = " ".join(text.split())
        if self._rule.clip is not None and len(text) > self._rule.clip:
            self._changes.clipped[self.name] += 1
            text = text[: self._rule.clip - 1].rstrip() + "…"
        return self._rule.prefix + text


def _digits(value: Value) -> str:
    """A value as text; a whole number that a spreadsheet made of a code loses its `.0`."""
    if isinstance(value, float | Decimal):
        return plain(Decimal(str(value))).removesuffix(".0")
    return str(value).strip()
