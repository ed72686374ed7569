"""The disclosure policy: one reviewed TOML file that says what is protected, how strictly, and on what legal ground.

The file is read as text; where it is kept is the caller's affair. Everything in it is checked: an unknown key is
refused with its place, so that a misspelt setting cannot silently fall back to a default.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar

from anonymize.errors import PolicyError
from anonymize.rules import Dominance, PrimaryRules

RULE_IDS: Final = (
    "threshold", "p_percent", "dominance", "secondary", "history", "insider", "merged", "secrecy", "text", "micro",
    "sample", "unanimous",
)  # fmt: skip
"""Reasons a figure can be withheld for, each of which may carry a legal basis."""

INSIDER_COST_PCT: Final = Fraction(1)
"""What protecting against single payees may cost where the policy says nothing, in per cent of what is withheld anyway."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class LegalBasis:
    """Why a rule exists, in words for the public (Chinese)."""

    rule: str
    title: str
    basis: str


@dataclass(frozen=True)
class KnownByLaw:
    """Figures that must be public by law and are therefore known to every attacker; they are never withheld.

    measure    which measures; empty = every measure
    dimension  the dimension whose codes are named, e.g. economic_code; or "contracts" for awarded contracts
    codes      the codes; a code stands for everything below it; empty = all
    """

    title: str
    dimension: str
    basis: str
    measures: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Samples:
    """How many persons must stand behind statistics of what people say, before anything is published."""

    ratings: int = 10
    cases: int = 5


@dataclass(frozen=True)
class Change:
    """One line of the policy's changelog."""

    version: str
    on: str
    text: str


@dataclass(frozen=True)
class Policy:
    """A checked policy.

    protected_kinds   kinds of payee that are protected contributors
    protected_secrecy secrecy of projects that are protected contributors to everything they enter
    lowest            the smallest value anybody thinks a cell can have, in the table's units (refund bound)
    insiders          whether single payees are attackers too
    insider_share     how much protecting against them may cost, as a share of what is withheld anyway
    micro_k           rows of a row-level table must share their quasi-identifiers with at least k - 1 others
    samples           the smallest samples of ratings and cases
    digest            sha256 of the file
    """

    version: str
    title: str
    rules: PrimaryRules
    protected_kinds: tuple[str, ...]
    protected_secrecy: tuple[str, ...]
    measures: tuple[str, ...]
    lowest: int
    insiders: bool
    insider_share: float
    micro_k: int
    samples: Samples
    known_by_law: tuple[KnownByLaw, ...]
    legal: tuple[LegalBasis, ...]
    changelog: tuple[Change, ...]
    digest: str

    def basis(self, rule: str) -> LegalBasis | None:
        """Find the legal basis of a rule."""
        return next((one for one in self.legal if one.rule == rule), None)


def read_policy(content: bytes) -> Policy:
    """Read a policy from the bytes of its TOML file. Raises PolicyError with the place and what to do."""
    try:
        document = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise PolicyError(f"byte {error.start}", "not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError("the file", f"not TOML: {error}") from error
    top = _Section("", document)
    protected = top.section("protected")
    rules = top.section("rules")
    bounds = top.section("bounds")
    micro = top.section("micro")
    samples = top.section("samples")
    primary = _primary_rules(rules)
    policy = Policy(
        version=top.take("version", str),
        title=top.take("title", str, ""),
        rules=primary,
        protected_kinds=protected.words("payee_kinds", ("individual",)),
        protected_secrecy=protected.words("secrecy", ("internal", "secret")),
        measures=protected.words("measures", ()),
        lowest=bounds.take("lowest", int, 0),
        insiders=rules.take("insiders", bool, True),
        insider_share=float(rules.number("insider_cost_pct", INSIDER_COST_PCT) / 100),
        micro_k=micro.take("k", int, 3),
        samples=_samples(samples, primary.min_contributors),
        known_by_law=tuple(_known(one) for one in top.sections("known_by_law")),
        legal=tuple(_legal(one) for one in top.sections("legal")),
        changelog=tuple(_change(one) for one in top.sections("changelog")),
        digest="sha256:" + hashlib.sha256(content).hexdigest(),
    )
    for section in (protected, rules, bounds, micro, samples, top):
        section.finish()
    if policy.lowest > 0:
        raise PolicyError("bounds.lowest", f"{policy.lowest} is above zero; empty cells would be impossible")
    if policy.micro_k < 1:
        raise PolicyError("micro.k", f"{policy.micro_k} is less than 1")
    return policy


def _primary_rules(rules: _Section) -> PrimaryRules:
    dominance = rules.optional_section("dominance")
    wanted = None
    if dominance is not None:
        wanted = Dominance(dominance.take("n", int), dominance.number("k_pct", None))
        dominance.finish()
    return PrimaryRules(rules.take("min_contributors", int, 3), rules.number("p", Fraction(10)), wanted)


def _samples(section: _Section, least: int) -> Samples:
    usual = Samples()
    found = Samples(
        section.take("ratings", int, max(usual.ratings, least)),
        section.take("cases", int, max(usual.cases, least)),
    )
    for name, size in (("ratings", found.ratings), ("cases", found.cases)):
        if size < least:
            raise PolicyError(f"samples.{name}", f"{size} is less than rules.min_contributors ({least})")
    return found


def _known(section: _Section) -> KnownByLaw:
    known = KnownByLaw(
        title=section.take("title", str),
        dimension=section.take("dimension", str),
        basis=section.take("basis", str),
        measures=section.words("measures", ()),
        codes=section.words("codes", ()),
    )
    section.finish()
    return known


def _legal(section: _Section) -> LegalBasis:
    legal = LegalBasis(section.take("rule", str), section.take("title", str), section.take("basis", str))
    if legal.rule not in RULE_IDS:
        raise PolicyError(f"{section.place}.rule", f"{legal.rule!r} is none of {', '.join(RULE_IDS)}")
    section.finish()
    return legal


def _change(section: _Section) -> Change:
    change = Change(section.take("version", str), str(section.take("on", object)), section.take("text", str))
    section.finish()
    return change


class _Section:
    """One table of the file; whatever nobody takes is refused at the end."""

    def __init__(self, place: str, entries: Mapping[str, Any]) -> None:
        self.place = place
        self._entries = dict(entries)

    def take(self, key: str, kind: type[Value], default: Value | None = None) -> Value:
        if key not in self._entries:
            if default is None:
                raise PolicyError(self._path(key), "is missing; every policy needs it")
            return default
        value = self._entries.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise PolicyError(self._path(key), f"{value!r} is not of type {kind.__name__}")
        return value

    def number(self, key: str, default: Fraction | None) -> Fraction:
        value = self._entries.pop(key, default)
        if value is None:
            raise PolicyError(self._path(key), "is missing")
        if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
            raise PolicyError(self._path(key), f"{value!r} is not a number")
        try:
            return Fraction(value)
        except (ValueError, OverflowError) as error:
            raise PolicyError(self._path(key), f"{value!r} is not a finite number") from error

    def words(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._entries.pop(key, list(default))
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise PolicyError(self._path(key), "must be a list of words")
        return tuple(value)

    def section(self, key: str) -> _Section:
        return self.optional_section(key) or _Section(self._path(key), {})

    def optional_section(self, key: str) -> _Section | None:
        value = self._entries.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise PolicyError(self._path(key), "must be a table [...]")
        return _Section(self._path(key), value)

    def sections(self, key: str) -> list[_Section]:
        value = self._entries.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise PolicyError(self._path(key), "must be a list of tables [[...]]")
        return [_Section(f"{self._path(key)}[{number}]", one) for number, one in enumerate(value, start=1)]

    def finish(self) -> None:
        if self._entries:
            unknown = min(self._entries)
            raise PolicyError(self._path(unknown), "unknown setting; correct the name or remove it")

    def _path(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key
