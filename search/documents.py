"""What a searchable document is.

A document is one thing that has an address on the portal. Everything in it is public already: an index never
holds more than the page it leads to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a document is about."""

    PROJECT = "project"
    CONTRACT = "contract"
    SUPPLIER = "supplier"
    ORGANISATION = "organisation"
    DATASET = "dataset"
    REPORT = "report"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One thing that can be found.

    id          unique over all kinds, e.g. `project:P0001`
    title       as the page shows it; found by characters, pinyin, initials and with typing mistakes
    body        more text of the page; found by characters
    aliases     other names of the same thing (earlier names, codes), searched like the title, never shown
    regions     codes from the province down to the region itself: a filter on any of them finds the document
    functions   codes of the functional classification from the class (类) down, likewise
    years       fiscal years the thing belongs to
    amount_fen  the published amount people compare by; None when there is none or it is withheld
    dated_on    the day to sort by
    url         path on the portal, starting with `/`
    """

    id: str
    kind: Kind
    title: str
    url: str
    body: str = ""
    aliases: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    sector: str | None = None
    years: tuple[int, ...] = ()
    amount_fen: int | None = None
    dated_on: date | None = None
    status: str | None = None
    light: str | None = None
