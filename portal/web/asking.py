"""What handlers share: the parameters of a request, the release it is about, and the answers they give back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote

from litestar import Request, Response

from portal.reading.edition import Edition
from portal.reading.errors import Fault, NothingPublished, OffersNearest, QueryRefused, Suggestion
from portal.reading.library import Standing
from portal.web.pages import chrome_of, site_of
from publishing.errors import DatasetNotFound, ReleaseNotFound

AnyRequest = Request[Any, Any, Any]
Parameters = dict[str, list[str]]

KEEP = {"x-sunshine-keep": "1"}
PAGE_HEADERS = {**KEEP, "cache-control": "no-cache", "content-language": "zh-CN"}
CURRENT_HEADERS = {**KEEP, "cache-control": "public, max-age=60"}
FOR_EVER = "public, max-age=31536000, immutable"
MOST_PARAMETERS = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_OCTET = re.compile(rb"%(?:[01][0-9a-fA-F]|7[fF])")


def parameters_of(request: AnyRequest) -> Parameters:
    """The parameters of the address, each with all its values.

    Raises: QueryRefused when they are not UTF-8, hold control characters, or are too many.
    """
    return read_parameters(request.scope["query_string"])


def typed_parameters_of(request: AnyRequest) -> Parameters:
    """The same where people type what they like: a control character, as comes along when text is pasted, is a space."""
    return read_parameters(_CONTROL_OCTET.sub(b"+", request.scope["query_string"]))


def read_parameters(query_string: bytes) -> Parameters:
    """The parameters of a query string, each with all its values.

    Raises: QueryRefused, as `parameters_of`.
    """
    raw = query_string.decode("latin-1")
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise QueryRefused(Fault("", "参数不是 UTF-8 编码。")) from None
    except ValueError:
        raise QueryRefused(Fault("", f"参数太多，最多 {MOST_PARAMETERS} 个。")) from None
    parameters: Parameters = {}
    for name, value in pairs:
        if _CONTROL.search(name) or _CONTROL.search(value):
            raise QueryRefused(Fault(printable(name), "参数里有不可见的控制字符。"))
        parameters.setdefault(name, []).append(value)
    return parameters


def printable(text: str) -> str:
    """The text without what could break a line or a terminal, not too long."""
    return "".join(sign if sign.isprintable() else "�" for sign in text[:80])


def standing_of(request: AnyRequest) -> Standing:
    """What the library showed when the request came in."""
    standing: Standing = request.scope["state"]["standing"]
    return standing


def edition_of(request: AnyRequest) -> Edition:
    """The current release, the same for the whole request.

    Raises: NothingPublished.
    """
    edition = standing_of(request).edition
    if edition is None:
        raise NothingPublished("还没有发布任何数据。")
    return edition


def pinned(request: AnyRequest, text: str) -> tuple[str, Edition, bool]:
    """`name` or `name@n`: the name, the release meant, and whether it was pinned.

    Raises: ReleaseNotFound, ReleaseWithdrawn, NothingPublished.
    """
    name, mark, number = text.partition("@")
    if not mark:
        return name, edition_of(request), False
    return name, numbered(request, number), True


def numbered(request: AnyRequest, number: str) -> Edition:
    """The release of that number; only its plain form is an address, so that each has one.

    Raises: ReleaseNotFound, ReleaseWithdrawn.
    """
    if not (number.isascii() and number.isdigit()) or len(number) > 9 or number != str(int(number)):
        raise NoSuchRelease(f"没有第 {printable(number)} 号发布。")
    try:
        return site_of(request).library.edition(int(number))
    except ReleaseNotFound as error:
        raise NoSuchRelease(str(error), _with_nearest_release(request, int(number))) from None


class NoSuchRelease(OffersNearest, ReleaseNotFound):
    """There is no release of the number in an address; `nearest` is the same address with one that there is."""


def _with_nearest_release(request: AnyRequest, number: int) -> tuple[Suggestion, ...]:
    standing = [note.number for note in standing_of(request).notes if note.withdrawn is None]
    path, pin = request.scope["path"], f"@{number}"
    if not standing or pin not in path:
        return ()
    found = min(standing, key=lambda other: abs(other - number))
    return (Suggestion(quote(path.replace(pin, f"@{found}", 1), safe="/@"), f"@{found}"),)


def page(
    request: AnyRequest,
    template: str,
    view: object,
    *,
    edition: Edition | None = None,
    kept: bool = True,
    status: int = 200,
    **more: object,
) -> Response[bytes]:
    """A page. `kept` says that it depends on release and address only."""
    chrome = chrome_of(request)
    if edition is not None:  # a page of an older release is of that release throughout, its footer too
        chrome = replace(chrome, edition=edition)
    body = site_of(request).pages.render(template, chrome, view=view, **more)
    headers = dict(PAGE_HEADERS) if kept else {"cache-control": "no-store"}
    if edition is not None:
        headers["x-sunshine-release"] = str(edition.number)
    return Response(body, media_type="text/html", headers=headers, status_code=status)


def missing_dataset(edition: Edition, name: str, nearest: str | None) -> DatasetNotFound:
    """The error for a dataset that the release does not have."""
    hint = f"最接近的是 {nearest}。" if nearest else ""
    found = (Suggestion(f"/datasets/{nearest}", nearest),) if nearest else ()
    return NoSuchDataset(f"第 {edition.number} 号发布没有名为 {printable(name)} 的数据集。{hint}", found)


class NoSuchDataset(OffersNearest, DatasetNotFound):
    """The release has no dataset of the name in an address; `nearest` is the page of one that is named alike."""
