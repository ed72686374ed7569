"""The only place where an error becomes a status.

Domain errors know nothing of HTTP; `TABLE` gives each its kind, and the nearest ancestor counts. Expected errors are
answered and not logged; anything that is not in the table is a fault of ours: logged whole, answered with an incident
number and nothing else.

Whoever accepts HTML gets a page, everybody else `application/problem+json` (RFC 9457).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from anonymize.errors import AnonymizeError
from portal.reading.errors import (
    Fault,
    FontMissing,
    NothingPublished,
    NotInRelease,
    OffersNearest,
    PicturesBusy,
    QueryRefused,
    ReadingError,
    Suggestion,
)
from portal.web.pages import chrome_of, site_of
from portal.web.problems import (
    BAD_QUERY,
    BUSY,
    CONFLICT,
    DAMAGED,
    FAULT,
    FOREIGN_FORM,
    LINK_DEAD,
    METHOD,
    NO_DATASET,
    NO_RELEASE,
    NOT_ACCEPTABLE,
    NOT_ALLOWED,
    NOT_FOUND,
    NOTHING_YET,
    RANGE,
    REFUSED_INPUT,
    REQUEST,
    SIGN_IN,
    STEP_FIRST,
    TOO_LARGE,
    TOO_LONG,
    TOO_MANY,
    WITHDRAWN,
    Kind,
)
from portal.web.refusals import ForeignForm, SignInFirst, StepFirst, WebRefusal
from portal.writing import errors as writing_errors
from publishing import errors as publishing_errors
from search.errors import SearchError

log = logging.getLogger("sunshine.web")

TABLE: dict[type[Exception], Kind] = {
    ReadingError: FAULT,
    NothingPublished: NOTHING_YET,
    NotInRelease: NOT_FOUND,
    QueryRefused: BAD_QUERY,
    FontMissing: BUSY,
    PicturesBusy: BUSY,
    publishing_errors.PublishingError: FAULT,
    publishing_errors.MappingError: REFUSED_INPUT,
    publishing_errors.PolicyError: REFUSED_INPUT,
    publishing_errors.ProtectionFailed: REFUSED_INPUT,
    publishing_errors.SameAgain: CONFLICT,
    publishing_errors.ReleaseError: FAULT,
    publishing_errors.ReleaseNotFound: NO_RELEASE,
    publishing_errors.ReleaseWithdrawn: WITHDRAWN,
    publishing_errors.DatasetNotFound: NO_DATASET,
    publishing_errors.CorruptObject: DAMAGED,
    publishing_errors.StoreBusy: BUSY,
    publishing_errors.StoreFull: BUSY,
    SearchError: BUSY,
    AnonymizeError: FAULT,
    WebRefusal: NOT_ALLOWED,
    SignInFirst: SIGN_IN,
    StepFirst: STEP_FIRST,
    ForeignForm: FOREIGN_FORM,
    writing_errors.WritingError: FAULT,
    writing_errors.NotThere: NOT_FOUND,
    writing_errors.NotAllowed: NOT_ALLOWED,
    writing_errors.Conflict: CONFLICT,
    writing_errors.InputRefused: REFUSED_INPUT,
    writing_errors.LinkRefused: LINK_DEAD,
    writing_errors.ProofRefused: REFUSED_INPUT,
    writing_errors.TooMany: TOO_MANY,
    writing_errors.DatabaseBusy: BUSY,
    writing_errors.DatabaseBehind: BUSY,
}

BY_STATUS = {
    404: NOT_FOUND,
    405: METHOD,
    406: NOT_ACCEPTABLE,
    413: TOO_LARGE,
    414: TOO_LONG,
    416: RANGE,
    422: REFUSED_INPUT,
    429: TOO_MANY,
    500: FAULT,
    503: BUSY,
}


def kind_of(error: Exception) -> Kind:
    """The kind of an error: that of the nearest class in the table; a fault of ours when there is none."""
    if isinstance(error, HTTPException):
        if error.status_code in BY_STATUS:
            return BY_STATUS[error.status_code]
        return REQUEST if error.status_code < 500 else FAULT
    return next((TABLE[found] for found in type(error).__mro__ if found in TABLE), FAULT)


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page or a problem document says."""

    kind: Kind
    detail: str
    instance: str
    request_id: str
    errors: tuple[Fault, ...] = ()
    nearest: tuple[Suggestion, ...] = ()

    def document(self, base_url: str) -> dict[str, Any]:
        """The problem as RFC 9457 has it, with what we add."""
        document: dict[str, Any] = {
            "type": f"{base_url}/api#problem-{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": self.instance,
            "errors": [_plain(fault) for fault in self.errors],
            "request_id": self.request_id,
        }
        if self.nearest:
            document["suggestions"] = [{"path": found.path, "name": found.name} for found in self.nearest]
        return document


def problem_of(error: Exception, path: str, request_id: str) -> Problem:
    """Say an error to the person who asked. What is unexpected tells nothing but its incident number."""
    kind = kind_of(error)
    if kind is FAULT:
        log.error("incident %s at %s", request_id, path, exc_info=error)
        return Problem(kind, f"事件编号 {request_id}。{kind.advice}", path, request_id)
    return Problem(
        kind,
        _detail(error, kind),
        path,
        request_id,
        errors=getattr(error, "faults", ()),
        nearest=error.nearest if isinstance(error, OffersNearest) else (),
    )


def _detail(error: Exception, kind: Kind) -> str:
    if isinstance(error, publishing_errors.ReleaseWithdrawn):
        return f"撤回的原因：{error.reason}"
    if isinstance(error, (ReadingError, publishing_errors.DatasetNotFound, WebRefusal)):
        return str(error)
    if isinstance(error, writing_errors.WritingError):
        return str(error)
    return kind.advice


def _plain(fault: Fault) -> dict[str, str]:
    found = {"parameter": fault.parameter, "detail": fault.detail}
    return found | {"nearest": fault.nearest} if fault.nearest else found


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to any error, as a page or as a problem document. Never kept in a cache."""
    request_id = str(request.scope["state"].get("request_id", ""))
    problem = problem_of(error, request.scope["path"], request_id)
    headers = {"cache-control": "no-store", "vary": "Accept"}
    if isinstance(error, HTTPException) and error.headers:
        headers |= {name.lower(): value for name, value in error.headers.items()}
    if "allow" in headers:
        headers["allow"] = _with_head(headers["allow"])
    if problem.kind is BUSY:
        headers["retry-after"] = "5"
    if isinstance(error, writing_errors.TooMany):
        headers["retry-after"] = str(error.retry_after_seconds)
    onward = _onward(request, error)
    if onward:
        return Response(b"", status_code=303, media_type="text/plain", headers=headers | {"location": onward})
    if wants_page(request):
        body = site_of(request).pages.render("error.html", chrome_of(request), view=problem)
        return Response(body, status_code=problem.kind.status, media_type="text/html", headers=headers)
    body = msgspec.json.encode(problem.document(site_of(request).settings.base_url))
    return Response(
        body, status_code=problem.kind.status, media_type="application/problem+json", headers=headers
    )


def _with_head(allowed: str) -> str:
    """The methods of a 405 with HEAD wherever GET is: the doorway answers it, the routes do not list it."""
    methods = {method.strip() for method in allowed.split(",")}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _onward(request: Request[Any, Any, Any], error: Exception) -> str:
    """Where a browser that only wanted to read is sent first; empty for everything else."""
    if request.scope["method"] != "GET" or not wants_page(request):
        return ""
    if isinstance(error, SignInFirst):
        return chrome_of(request).link("/login", next=error.next_path)
    return error.path if isinstance(error, StepFirst) else ""


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Whether whoever asks reads HTML: browsers say so, programs do not."""
    path = request.scope["path"]
    return "text/html" in request.headers.get("accept", "") and not path.startswith("/api/")
