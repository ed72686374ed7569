"""Who pays and who is paid. The figures know payees by groups and suppliers only; units and places spend.

支付给教育厅 is not what the department spent, 由企业支付 not what companies got, and 到账 without a payee is income, not
spending: each would be the right number of another question.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.outcome import Code
from search.parse.route import refuse
from search.vocabulary import Kind

_RECEIVED = ("收款", "收到", "已收", "到账", "进账", "received", "receive")
_HANDED = (
    "支付",
    "付",
    "付款",
    "拨付",
    "拨款",
    "打款",
    "支付了",
    "付了",
    "拨了",
    "转账",
    "支付金额",
    "付款金额",
)
_TO = ("给", "到", "向", "to")
_SPENDERS = frozenset({Kind.ORGANISATION, Kind.SECTOR, Kind.REGION, Kind.GROUP})
_PAYEES = frozenset({Kind.PAYEE_GROUP, Kind.SUPPLIER})


def refuse_other_direction(tokens: Sequence[Token], meaning: Meaning) -> None:
    """Refuse a question about payments in a direction that is not published.

    Raises: NoRoute.
    """
    words = [token for token in tokens if token.sort is not Sort.MARK]
    received = next((token for token in words if _is_received(token)), None)
    if received is not None and not meaning.of(*_PAYEES) and "supplier" not in _asked(meaning):
        raise refuse(
            Code.NOT_IN_DATA,
            f"这里公布的是财政支出，没有“{received.text}”这样的收入数；可以问付给企业、事业单位等收款方的金额，或者某个供应商收到的金额。",
        )
    for number, token in enumerate(words):
        if token.text in _TO and number and _is_handed(words[number - 1]):
            _refuse_spender(words[number + 1 : number + 2], meaning)
        if token.text == "由":
            _refuse_paying_payee(words[number + 1 : number + 3])


def _asked(meaning: Meaning) -> tuple[str, ...]:
    return (*meaning.subjects, *meaning.splits)


def _is_received(token: Token) -> bool:
    return token.is_word(Word.MEASURE, "paid") and token.text.startswith(_RECEIVED)


def _is_handed(token: Token) -> bool:
    return token.is_word(Word.MEASURE, "paid") and token.text in _HANDED


def _refuse_spender(following: Sequence[Token], meaning: Meaning) -> None:
    """支付给教育厅, 拨付给澜州市: units and places are no payees."""
    named = next((token for token in following if token.kinds() & _SPENDERS), None)
    if named is not None and not meaning.of(*_PAYEES):
        raise refuse(
            Code.NOT_IN_DATA,
            f"没有“付给{named.text}”的数：收款方只按企业、事业单位、个人这样的类别和供应商公布；可以问{named.text}自己支出了多少。",
        )


def _refuse_paying_payee(following: Sequence[Token]) -> None:
    """由企业支付: what payees pay is not in the data."""
    if len(following) > 1 and following[0].kinds() & _PAYEES and following[1].is_word(Word.MEASURE):
        raise refuse(Code.NOT_IN_DATA, f"没有由“{following[0].text}”付出的数；这里只有财政支付出去的数。")
