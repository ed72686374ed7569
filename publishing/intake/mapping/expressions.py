"""The small language in which a mapping says which rows to keep: no code is ever evaluated.

    当初予算 is not null or 予算計 > 0
    status in ["open", "closed"] and not (name contains "作废")
    支出先名 contains any @organisation_words
    `field with spaces` starts with "A"
    $is_organisation and 支出額 > 0

Operators: `== != < <= > >=`, `in [...]`, `contains`, `contains any`, `starts with`, `ends with`, `ends with any`,
`is null`, `is not null`, `and`, `or`, `not`, parentheses. Both sides are paths, texts, numbers, `true`, `false`
or a named list `@name`; `$name` is a named condition. Comparing with an absent value is false. A text that is a number compares as a number with
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from publishing.errors import MappingError
from publishing.intake.mapping.records import Record, Value, is_empty

Predicate = Callable[[Record], bool]
_Operand = Callable[[Record], Value]
_Comparison = Callable[[Value, Value], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')
    |(?P<quoted>`[^`]+`)
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?(?![\w]))
    |(?P<operator>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)
    |(?P<list>@[A-Za-z_][A-Za-z0-9_]*)
    |(?P<condition>\$[A-Za-z_][A-Za-z0-9_]*)
    |(?P<word>(?:\.\./)*[^\s()\[\],<>=!"'`@$]+))""",
    re.VERBOSE,
)
_MOST_NESTED = 50


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True)
class Condition:
    """A parsed expression: the predicate and the paths it looks at."""

    holds: Predicate
    paths: frozenset[str]


@dataclass(frozen=True)
class Names:
    """What an expression may refer to by name."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)


def parse_expression(text: str, names: Names) -> Condition:
    """The condition that a text says.

    Raises MappingError with the place where the expression cannot be understood.
    """
    parser = _Parser(text, names)
    predicate = parser.whole()
    return Condition(predicate, frozenset(parser.paths))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise MappingError(f"expression {text!r}: cannot read {text[position:]!r}")
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Parser:
    """Recursive descent, bounded in depth."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._names = names
        self._rest = _tokens(text)
        self._depth = 0
        self.paths: set[str] = set()

    def whole(self) -> Predicate:
        predicate = self._either()
        if self._rest:
            raise self._fault(f"unexpected {self._rest[0].text!r}")
        return predicate

    def _fault(self, what: str) -> MappingError:
        return MappingError(f"expression {self._text!r}: {what}")

    def _peek(self, *texts: str) -> bool:
        words = [token.text for token in self._rest[: len(texts)]]
        return words == list(texts) and all(token.kind != "text" for token in self._rest[: len(texts)])

    def _take(self, *texts: str) -> bool:
        if not self._peek(*texts):
            return False
        del self._rest[: len(texts)]
        return True

    def _either(self) -> Predicate:
        first = self._both()
        while self._take("or"):
            first = _or(first, self._both())
        return first

    def _both(self) -> Predicate:
        first = self._one()
        while self._take("and"):
            first = _and(first, self._one())
        return first

    def _one(self) -> Predicate:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise self._fault("nested too deeply")
        try:
            if self._take("not"):
                inner = self._one()
                return lambda record: not inner(record)
            if self._take("("):
                inner = self._either()
                if not self._take(")"):
                    raise self._fault("a parenthesis is not closed")
                return inner
            if self._rest and self._rest[0].kind == "condition":
                return self._named_condition(self._rest.pop(0).text[1:])
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Predicate:
        left = self._operand()
        if self._take("is", "not", "null"):
            return lambda record: not is_empty(left(record))
        if self._take("is", "null"):
            return lambda record: is_empty(left(record))
        negated = self._take("not")
        for words, compare in _WORDS:
            if self._take(*words):
                return _compared(left, self._operand(), compare, negated=negated)
        for symbol, compare in _SYMBOLS:
            if not negated and self._take(symbol):
                return _compared(left, self._operand(), compare, negated=False)
        raise self._fault("a comparison is missing, such as == or 'is null'")

    def _operand(self) -> _Operand:
        if not self._rest:
            raise self._fault("it ends too early")
        token = self._rest.pop(0)
        if token.kind == "text":
            return _constant(token.text[1:-1].replace('\\"', '"'))
        if token.kind == "number":
            return _constant(Decimal(token.text))
        if token.kind == "list":
            return self._named_list(token.text[1:])
        if token.text == "[":
            return _constant(self._listed())
        if token.text in {"true", "false"}:
            return _constant(token.text == "true")
        if token.kind not in {"word", "quoted"}:
            raise self._fault(f"unexpected {token.text!r}")
        path = token.text.strip("`")
        self.paths.add(path)
        return lambda record: record.get(path)

    def _named_condition(self, name: str) -> Predicate:
        if name not in self._names.conditions:
            raise self._fault(f"there is no condition named {name!r} under [conditions]")
        condition = self._names.conditions[name]
        self.paths.update(condition.paths)
        return condition.holds

    def _named_list(self, name: str) -> _Operand:
        if name not in self._names.lists:
            raise self._fault(f"there is no list named {name!r} under [lists]")
        return _constant(list(self._names.lists[name]))

    def _listed(self) -> list[Value]:
        items: list[Value] = []
        while not self._take("]"):
            token = self._rest.pop(0) if self._rest else _Token("end", "")
            if token.kind not in {"text", "number"}:
                raise self._fault("a list holds texts and numbers")
            items.append(token.text[1:-1] if token.kind == "text" else Decimal(token.text))
            self._take(",")
        return items


def _constant(value: Value) -> _Operand:
    return lambda _record: value


def _or(first: Predicate, second: Predicate) -> Predicate:
    return lambda record: first(record) or second(record)


def _and(first: Predicate, second: Predicate) -> Predicate:
    return lambda record: first(record) and second(record)


def _compared(left: _Operand, right: _Operand, compare: _Comparison, *, negated: bool) -> Predicate:
    def holds(record: Record) -> bool:
        first, second = left(record), right(record)
        if is_empty(first) or second is None:
            return False
        return compare(first, second) is not negated

    return holds


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _equal(first: Value, second: Value) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return first.strip() == second
    numbers = _number(first), _number(second)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return bool(first == second)


def _ordered(first: Value, second: Value) -> int | None:
    one, other = _number(first), _number(second)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    left, right = str(first), str(second)
    return (left > right) - (left < right)


def _texts(value: Value) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _contains(first: Value, second: Value) -> bool:
    return any(str(second) in text for text in _texts(first))


def _contains_any(first: Value, second: Value) -> bool:
    return any(word in text for text in _texts(first) for word in _texts(second))


def _ends_with_any(first: Value, second: Value) -> bool:
    return str(first).strip().endswith(tuple(_texts(second)))


_WORDS: tuple[tuple[tuple[str, ...], _Comparison], ...] = (
    (("contains", "any"), _contains_any),
    (("contains",), _contains),
    (("starts", "with"), lambda first, second: str(first).strip().startswith(tuple(_texts(second)))),
    (("ends", "with", "any"), _ends_with_any),
    (("ends", "with"), _ends_with_any),
    (("in",), lambda first, second: any(_equal(first, item) for item in second)),
)
_SYMBOLS: tuple[tuple[str, _Comparison], ...] = (
    ("==", _equal),
    ("!=", lambda first, second: not _equal(first, second)),
    ("<=", lambda first, second: (_ordered(first, second) or 0) <= 0),
    (">=", lambda first, second: (_ordered(first, second) or 0) >= 0),
    ("<", lambda first, second: (_ordered(first, second) or 0) < 0),
    (">", lambda first, second: (_ordered(first, second) or 0) > 0),
)
