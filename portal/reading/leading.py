"""What a title may claim when some of the numbers beside it are not published.

A title says which of several is the largest. When one of them is withheld, or not reported yet, that holds for certain
only if everything that is not shown together is less than the largest that is: the parts make up the whole. Otherwise
the title says that it speaks of what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.reading.quantities import Amount
from portal.reading.tongue import tell


def leads_for_sure(parts: Sequence[Amount], whole: Amount) -> bool:
    """Whether the largest published part is the largest of all parts, shown or not.

    `whole` is the sum of all parts; parts that are not shown are taken for not negative.
    """
    known = [part.fen for part in parts if part.fen is not None]
    if len(known) == len(parts):
        return True
    if not known or whole.fen is None:
        return False
    return whole.fen - sum(known) < max(known)


def all_known(amounts: Iterable[Amount]) -> bool:
    """Whether there is a number for each."""
    return all(amount.is_known for amount in amounts)


def claim(title: str, *, is_sure: bool) -> str:
    """The title as it is when it holds of everything, else said of what is published only."""
    return title if is_sure else tell("已公布的里面，{}", title)
