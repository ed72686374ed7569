"""The tables of a mapping file, read key by key; all that is wrong in them is gathered and told at once.

A fault that leaves the rest readable is noted and the reading goes on; any other ends the reading of its table, source or
column, and the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from publishing.errors import MappingError

_Read = TypeVar("_Read")


class Faults:
    """What is wrong in one mapping file, in the order in which it was found."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def note(self, fault: MappingError) -> None:
        """Remember a fault, once."""
        if str(fault) not in self._found:
            self._found.append(str(fault))

    def tried(self, read: Callable[[], _Read]) -> _Read | None:
        """What `read` gives; None, and its fault noted, where it cannot go on."""
        try:
            return read()
        except MappingError as fault:
            self.note(fault)
            return None

    def refuse_if_any(self) -> None:
        """Raise MappingError with everything that was noted, one fault a line."""
        if self._found:
            raise MappingError("\n".join(self._found))


class Place:
    """A table of the TOML file whose keys are taken one by one; whatever is left is a mistake."""

    def __init__(self, content: Any, where: str, faults: Faults) -> None:
        if not isinstance(content, dict):
            raise MappingError(f"{where}: expected a table, found {content!r}")
        self._content: dict[str, Any] = dict(content)
        self._faults = faults
        self.where = where

    def inside(self, content: Any, where: str) -> Place:
        """A table inside this one, or beside it, whose faults are told with those of this one."""
        return Place(content, where, self._faults)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """The value of a key; the default where it is not there, or, with a fault, of another type."""
        if key not in self._content:
            return default
        value = self._content.pop(key)
        is_number_asked = kind in {int, (int, float, str)}
        if not isinstance(value, kind) or (isinstance(value, bool) and is_number_asked):
            self.note(f"{key} = {value!r} has the wrong type")
            return default
        return value

    def need(self, key: str, kind: type) -> Any:
        """The value of a key that must be there."""
        if key not in self._content:
            raise self.fault(f"{key} is missing")
        value = self.take(key, kind)
        if value is None:
            raise self.fault(f"{key} is needed")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key, (str, list), ())
        items = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(item, str) for item in items):
            self.note(f"{key} must be a text or a list of texts")
            return ()
        return items

    def number(self, key: str, default: str | None) -> Decimal | None:
        """An exact number, written as a number or as a text."""
        value = self.take(key, (int, float, str), default)
        if value is None:
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.note(f"{key} = {value!r} is not a number")
            return None if default is None else Decimal(default)
        return number

    def has(self, key: str) -> bool:
        """Whether a key is still there."""
        return key in self._content

    def close(self) -> None:
        """Note the keys that are left."""
        if self._content:
            self.note(f"unknown: {', '.join(sorted(self._content))}")

    def note(self, what: str) -> None:
        """Tell that something is wrong here, and go on."""
        self._faults.note(self.fault(what))

    def fault(self, what: str) -> MappingError:
        """An error at this place, with which reading it cannot go on."""
        return MappingError(f"{self.where}: {what}")
