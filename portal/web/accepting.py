"""Which form of a result a program accepts, by its `Accept` header: JSON unless it says otherwise."""

from __future__ import annotations

from litestar.exceptions import ClientException

from portal.reading.errors import Fault

FORMS: dict[str, str] = {
    "application/json": "json",
    "text/csv": "csv",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.apache.arrow.stream": "arrow",
}
"""Media types that can be had, the preferred one first."""


class NotAcceptable(ClientException):
    """None of the accepted types can be had; the message names those that can."""

    status_code = 406

    def __init__(self) -> None:
        detail = f"这个地址给得出的格式：{'、'.join(FORMS)}。"
        self.faults = (Fault("Accept", detail, next(iter(FORMS))),)
        super().__init__(detail)


def accepted_form(header: str) -> str:
    """The form that is accepted most.

    Raises: NotAcceptable.
    """
    if not header.strip() or "text/html" in header:  # a person who looks at an address with a browser
        return "json"
    wanted = dict(_read(part) for part in header.split(",")[:50])
    best = max(FORMS, key=lambda kind: _weight(wanted, kind))  # the first of equals
    if _weight(wanted, best) <= 0:
        raise NotAcceptable
    return FORMS[best]


def _weight(wanted: dict[str, float], kind: str) -> float:
    family = f"{kind.partition('/')[0]}/*"
    return next((wanted[found] for found in (kind, family, "*/*") if found in wanted), 0.0)


def _read(part: str) -> tuple[str, float]:
    kind, *parameters = (text.strip().lower() for text in part.split(";"))
    quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return kind, min(1.0, max(0.0, float(quality)))
    except ValueError:
        return kind, 0.0
