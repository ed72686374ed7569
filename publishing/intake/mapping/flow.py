"""Records flow from the files through filters, explosions and allotments to the tables, one at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from publishing.intake.mapping.amounts import plain, read_number, rounded, scaled
from publishing.intake.mapping.model import Allotment, Filter, Mapping, RecordRule
from publishing.intake.mapping.records import Record, Value, is_empty

Sink = Callable[[Record], None]
_MOST_EXAMPLES = 3


@dataclass
class LeftOut:
    """What did not become a row: counted by place and reason, with a few examples."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: str, reason: str, example: str = "") -> None:
        """Count one."""
        self.counts[place, reason] += 1
        if example and len(self.examples[place, reason]) < _MOST_EXAMPLES:
            self.examples[place, reason].append(example[:120])


def where(record: Record) -> str:
    """File and row of a record, for examples."""
    return f"{record.file}, row {record.row}"


def passes(rule: Filter, record: Record, place: str, left_out: LeftOut) -> bool:
    """Whether a record passes the filter; if not, it is counted."""
    if rule.keep is not None and not rule.keep(record):
        left_out.add(place, f"not kept: {rule.keep_text}", where(record))
        return False
    if rule.drop is not None and rule.drop(record):
        left_out.add(place, f"dropped: {rule.drop_text}", where(record))
        return False
    return True


class Flow:
    """Pushes each record of a source to everything that is made from it."""

    def __init__(
        self, mapping: Mapping, tables: Sequence[tuple[str, Sink]], left_out: LeftOut, roundings: Counter[str]
    ) -> None:
        self._roundings = roundings
        self._decimals = mapping.package.decimals
        self._left_out = left_out
        self._rules: dict[str, list[RecordRule]] = defaultdict(list)
        self._sinks: dict[str, list[Sink]] = defaultdict(list)
        for rule in mapping.records:
            self._rules[rule.source].append(rule)
        for name, sink in tables:
            self._sinks[name].append(sink)

    def push(self, name: str, record: Record) -> None:
        """A record of the set `name`."""
        for rule in self._rules[name]:
            for made in self._made(rule, record):
                if passes(rule.filter, made, rule.name, self._left_out):
                    self.push(rule.name, made)
        for sink in self._sinks[name]:  # after what is made from it: the finer row comes first
            sink(record)

    def _made(self, rule: RecordRule, record: Record) -> list[Record]:
        if rule.allot is not None:
            return self._allotted(rule.name, rule.allot, record)
        if rule.explode is None:
            return [record]
        return _with_ordinals(_exploded(record, rule.explode), rule.ordinal)

    def _allotted(self, name: str, rule: Allotment, record: Record) -> list[Record]:
        """One record for each part that fits into the total, in their order, and one for the rest.

        A part that exceeds what is left by no more than the tolerance (a share of the total, for rounding) takes
        what is left. The first part that does not fit ends it: what follows was paid on by those before.
        """
        total = self._amount(name, record.get(rule.total), rule.factor)
        if total is None or total <= 0:
            if total is not None and total < 0:
                self._left_out.add(name, f"{rule.total} is negative", where(record))
            return []
        made: list[Record] = []
        left = total
        parts = [
            part
            for part in _exploded(record, rule.parts)
            if _same(part.get(rule.same), record.get(rule.same))
        ]
        for position, part in enumerate(parts):
            amount = self._amount(name, part.get(rule.amount), rule.factor)
            if amount is None or amount <= 0:
                self._left_out.add(
                    name, f"{rule.amount} of a part is absent, zero or negative", where(record)
                )
                continue
            if amount > left + total * rule.tolerance or not left:
                self._left_out.counts[name, f"parts beyond {rule.total}"] += len(parts) - position
                break
            amount = min(amount, left)
            left -= amount
            made.append(_share(part, record, amount, "part"))
        if left:
            rest = Record({rule.same: record.get(rule.same)}, record.file, record.row, record, len(parts))
            made.append(_share(rest, record, left, "rest" if made else "whole"))
        return made

    def _amount(self, name: str, value: Value, factor: Decimal) -> Decimal | None:
        number = read_number(value)
        if number is None:
            return None
        exact = scaled(number, factor)
        amount = rounded(exact, self._decimals)
        if amount != exact:
            self._roundings[name] += 1
        return amount


def _share(part: Record, total: Record, amount: Decimal, kind: str) -> Record:
    values = {**part.values, "_amount": plain(amount), "_kind": kind}
    return Record(values, total.file, total.row, total, part.index)


def _same(first: Value, second: Value) -> bool:
    return not is_empty(first) and str(first).strip() == str(second).strip()


def _exploded(record: Record, path: str) -> list[Record]:
    """The items of a list, each with the record as its parent; an absent list has none."""
    items = record.get(path)
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        return []
    return [
        Record(item if isinstance(item, dict) else {"value": item}, record.file, record.row, record, position)
        for position, item in enumerate(items)
        if not is_empty(item)
    ]


def _with_ordinals(records: list[Record], paths: tuple[str, ...]) -> list[Record]:
    """Tell apart items of one list that have the same name."""
    if not paths:
        return records
    times: Counter[str] = Counter()
    made: list[Record] = []
    for record in records:
        name = next((str(value).strip() for path in paths if not is_empty(value := record.get(path))), "")
        times[name] += 1
        ordinal = "" if times[name] == 1 else f"（{times[name]}）"
        made.append(replace(record, values={**record.values, "_ordinal": ordinal}))
    return made
