"""Your tax receipt: an amount of one's own, divided as the whole of a region's spending was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from portal.reading.charts.model import Bar, Bars, Chart, Reading, money, stamp_of
from portal.reading.charts.shown import Shown, show
from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.quantities import Amount, amount_in, part_of, say_each
from portal.reading.spending import TOTAL, cell, function_names, function_parents, year_of
from portal.reading.tongue import is_chinese, tell
from portal.reading.unit_costs import Likened, liken

EXAMPLE = "10000"
MOST = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class ReceiptQuery:
    """The amount as it was typed, in units of the currency; region and year as elsewhere."""

    amount: str = ""
    region: str = ""
    year: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> ReceiptQuery:
        """Take what is known from the address."""
        given = {name: values[-1].strip()[:40] for name, values in parameters.items() if values}
        return cls(given.get("amount", ""), given.get("region", ""), given.get("year", ""))

    def fen(self) -> int | None:
        """The amount in fen; None when it is no amount above zero that a person could have paid."""
        text = (
            (self.amount or EXAMPLE).replace(",", "").replace("，", "").removesuffix("元").removesuffix("円")
        )
        try:
            value = Decimal(text)
        except InvalidOperation:
            return None
        return int(value * 100) if value.is_finite() and 0 < value <= MOST else None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The receipt, or what is wrong with what was typed."""

    query: ReceiptQuery
    is_example: bool
    fault: str
    place: Place | None
    year: int | None
    years: tuple[int, ...]
    whole: Amount | None
    shown: Shown | None
    likened: tuple[Likened, ...]


def receipt_view(edition: Edition, query: ReceiptQuery) -> ReceiptView:
    """The receipt for an amount."""
    place = edition.places.get(query.region) or edition.places.root
    year = year_of(edition, query.year)
    fen = query.fen()
    fault = "" if fen is not None else tell("请写一个大于零、不超过一百亿的金额，例如 10000。")
    chart = receipt_chart(edition, query)
    whole = cell(edition, year, place.code, TOTAL).paid if place and year else None
    return ReceiptView(
        query=query,
        is_example=not query.amount,
        fault=fault,
        place=place,
        year=year,
        years=edition.years,
        whole=whole,
        shown=show(chart) if chart else None,
        likened=liken(edition, whole.fen) if whole and whole.fen else (),
    )


def receipt_chart(edition: Edition, query: ReceiptQuery) -> Chart | None:
    """The parts of the amount as bars; None when there is nothing to divide or nothing to divide it by."""
    place = edition.places.get(query.region) or edition.places.root
    year = year_of(edition, query.year)
    fen = query.fen()
    if place is None or year is None or fen is None:
        return None
    whole = cell(edition, year, place.code, TOTAL).paid
    if not whole.fen or whole.fen < 0:
        return None
    bars = _bars(edition, place, year, fen, whole.fen)
    known = [bar for bar in bars if bar.size.value]
    top = max(known, key=lambda bar: bar.size.value or 0, default=None)
    said = say_each(Amount(fen), edition.currency)
    title = (
        tell(
            "每 {} 里，{} 用于{}",
            said,
            top.size.said,
            top.name.removesuffix("支出") if is_chinese() else top.name,
        )
        if top
        else tell("每 {}", said)
    )
    parameters = {"amount": query.amount or EXAMPLE, "region": place.code, "year": str(year)}
    return Chart(
        "receipt",
        urlencode(parameters),
        title,
        tell("{} 年，{}：按各类支出占全部已支付的份额分摊", year, place.name),
        Bars(tuple(bars), tell("分到的钱")),
        stamp_of(edition),
        "spending",
        tell(
            "假定每一{}钱都按全部支出的结构花掉；税收并不专款专用，这是份额，不是账单。",
            edition.currency.word,
        ),
        "/receipt?" + urlencode(parameters),
    )


def _bars(edition: Edition, place: Place, year: int, fen: int, whole: int) -> list[Bar]:
    parents, names = function_parents(edition), function_names(edition)
    rows = [
        row
        for row in edition.runs("spending", "fiscal_year", "region_code").rows(year, place.code)
        if parents.get(row["function_code"]) == TOTAL
    ]
    amounts = {row["function_code"]: amount_in(row, "paid") for row in rows}
    ordered = sorted(amounts, key=lambda code: (-(amounts[code].fen or 0), code))
    bars = [
        Bar(names.get(code, code), _part(amounts[code], fen, whole, edition), _under(amounts[code], whole))
        for code in ordered
        if (amounts[code].fen or 0) > 0
    ]
    hidden = [code for code in ordered if not amounts[code].is_known]
    bars += [Bar(names.get(code, code), money(amounts[code], edition.currency)) for code in hidden]
    return bars


def _part(amount: Amount, fen: int, whole: int, edition: Edition) -> Reading:
    part = round(fen * (amount.fen or 0) / whole)
    small = abs(part) < 10_000 * 100
    said = (
        f"{part / 100:,.2f} {edition.currency.word}"
        if small
        else str(money(Amount(part), edition.currency).said)
    )
    return Reading(part, said)


def _under(amount: Amount, whole: int) -> str:
    return tell("占 {}", part_of((amount.fen or 0) / whole * 100, 2))
