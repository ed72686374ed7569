"""How numbers are said: money in the unit a person would use, percentages, and the five marks.

Inside, money is a whole number of fen (hundredths of the currency's unit). Here it becomes words. Rounding is
exact (decimal, half up); the exact amount always travels beside the rounded one.

The five marks are the same on every page: `0` zero, `—` not applicable, `…` not yet reported,
`◫` withheld by rule, `⊕` published merged with something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.reading.tongue import is_chinese, tell
from publishing.specs.model import STATUSES

PUBLISHED = "published"
WITHHELD = "withheld"
MERGED = "merged"
NOT_REPORTED = "not_reported"
NOT_APPLICABLE = "not_applicable"

MARKS: dict[str, str] = {WITHHELD: "◫", MERGED: "⊕", NOT_REPORTED: "…", NOT_APPLICABLE: "—"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that amounts are said in: from `factor_fen` on, with so many decimals."""

    factor_fen: int
    label: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and its customary large units, largest first; the last is the unit of account itself."""

    code: str
    label: str
    units: tuple[Unit, ...]

    def unit_for(self, fen: int) -> Unit:
        """The largest unit, of those the page's language has, in which the amount is at least one."""
        units = self.units if is_chinese() else self._english()
        return next((unit for unit in units if abs(fen) >= unit.factor_fen), units[-1])

    def _english(self) -> tuple[Unit, ...]:
        """What English readers count in."""
        return (
            Unit(10**14, f"trillion {self.word}", 2),
            Unit(10**11, f"billion {self.word}", 2),
            Unit(10**8, f"million {self.word}", 1),
            Unit(100, self.word, self.units[-1].decimals),
        )

    def in_place_of_yuan(self, unit: str) -> str:
        """A unit as specs and readers write it, 元 or 元/人 whatever the currency is, with this currency in it."""
        account, per, head = unit.partition("/")
        return f"{self.label}{per}{head}" if account == CNY.label else unit

    @property
    def word(self) -> str:
        """The unit of account in the language of the page."""
        return tell(self.label)


CNY = Currency(
    "CNY",
    "元",
    (Unit(10**14, "万亿元", 2), Unit(10**10, "亿元", 2), Unit(10**6, "万元", 1), Unit(100, "元", 2)),
)
JPY = Currency(
    "JPY",
    "円",
    (Unit(10**14, "兆円", 2), Unit(10**10, "億円", 2), Unit(10**8, "百万円", 1), Unit(100, "円", 0)),
)
KNOWN_CURRENCIES = {currency.code: currency for currency in (CNY, JPY)}


def currency_of(code: str | None) -> Currency:
    """The currency of that ISO 4217 code; one we have no customary units for is said in millions."""
    if not code:
        return CNY
    known = KNOWN_CURRENCIES.get(code.upper())
    if known is not None:
        return known
    label = code.upper()
    return Currency(label, label, (Unit(10**8, f"百万 {label}", 1), Unit(100, label, 2)))


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money as a release publishes it: fen, or the reason why it is not there."""

    fen: int | None
    status: str = PUBLISHED

    @property
    def is_known(self) -> bool:
        """Whether there is a number to show, add or draw."""
        return self.fen is not None and self.status == PUBLISHED

    @property
    def is_hidden(self) -> bool:
        """Whether a rule keeps it back: the only reason for hatching."""
        return self.status in (WITHHELD, MERGED)


ABSENT = Amount(None, NOT_REPORTED)
INAPPLICABLE = Amount(None, NOT_APPLICABLE)


def amount_in(row: Mapping[str, Any], measure: str) -> Amount:
    """The amount a row holds for that measure, with the status its twin gives.

    A measure without a twin is published when it is there and not reported when it is null.
    """
    fen = row.get(measure)
    status = row.get(f"{measure}_status")
    if status is None:
        status = NOT_REPORTED if fen is None else PUBLISHED
    return Amount(fen if status == PUBLISHED else None, status)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as people do: halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def said_in(fen: int, unit: Unit) -> str:
    """The amount in that unit with thousands separators: `1,234.5`. Zero is `0`."""
    if fen == 0:
        return "0"
    rounded = round_half_up(Decimal(fen) / unit.factor_fen, unit.decimals)
    return f"{rounded or abs(rounded):,}"  # what rounds to nothing has no sign


@dataclass(frozen=True, slots=True)
class Said:
    """An amount in words: `figure` and `unit` apart (the unit is set smaller), `exact` for the tooltip.

    `mark` is set instead of a figure when there is none; `word` says what the mark means.
    """

    figure: str
    unit: str
    exact: str
    mark: str = ""
    word: str = ""

    def __str__(self) -> str:
        """The amount as running text."""
        return f"{self.mark} {self.word}" if self.mark else f"{self.figure} {self.unit}"


def say(amount: Amount, currency: Currency = CNY) -> Said:
    """Say an amount in the unit that suits its size, or the mark that stands for its absence."""
    if amount.fen is None or amount.status != PUBLISHED:
        return Said("", "", "", MARKS.get(amount.status, "…"), tell(STATUSES.get(amount.status, "尚未报送")))
    unit = currency.unit_for(amount.fen)
    figure = said_in(amount.fen, unit)
    exact = f"{exact_in(amount.fen, currency)} {currency.word}"
    return Said(figure, currency.word if figure == "0" else unit.label, exact)


def say_each(amount: Amount, currency: Currency = CNY) -> Said:
    """Say an amount per head: always in the unit of account, whole, so that two of them compare at a glance."""
    if amount.fen is None or amount.status != PUBLISHED:
        return say(amount, currency)
    unit = Unit(100, currency.word, 0)
    return Said(said_in(amount.fen, unit), unit.label, f"{exact_in(amount.fen, currency)} {currency.word}")


def exact_text(fen: int) -> str:
    """The exact amount in units of the currency, two decimals: `1,234,567.89`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def exact_in(fen: int, currency: Currency) -> str:
    """The exact amount as people write it: a currency without hundredths is written without them."""
    text = exact_text(fen)
    return text.removesuffix(".00") if currency.units[-1].decimals == 0 else text


def plain_text(fen: int) -> str:
    """The exact amount as files and APIs write it: `1234567.89`."""
    return exact_text(fen).replace(",", "")


def percent(value: float | None, decimals: int = 1) -> str:
    """A percentage: `63.2%`; `—` when there is none."""
    if value is None:
        return "—"
    return f"{round_half_up(Decimal(str(value)), decimals):,}%"


def part_of(value: float, decimals: int = 1) -> str:
    """A part of a whole: what is there but rounds to nothing is less than the least that can be told: `<0.1%`."""
    least = Decimal(1).scaleb(-decimals)
    return f"<{least}%" if 0 < value < least / 2 else percent(value, decimals)


def share(part: Amount, whole: Amount) -> float | None:
    """What percentage `part` is of `whole`; None when either is unknown or the whole is not positive."""
    if part.fen is None or whole.fen is None or whole.fen <= 0:
        return None
    return part.fen / whole.fen * 100


def quantity(value: float | None) -> str:
    """A physical quantity: thousands separators, at most two decimals, none when they are zero."""
    if value is None:
        return "…"
    text = f"{round_half_up(Decimal(str(value)), 2):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def file_size(octets: int) -> str:
    """A file size as people read it: `12.3 MB`."""
    size = float(octets)
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.2f} GB"
