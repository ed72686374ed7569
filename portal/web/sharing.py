"""What other sites ask about a page they were given the address of: a frame with its chart (oEmbed 1.0).

Nothing is fetched: the address is taken apart, and only pages of this portal that have a chart are answered.
Source: oEmbed, https://oembed.com, section 2.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import msgspec
from litestar import Response, get

from portal.reading.chart_gallery import PARAMETERS, chart_named
from portal.reading.charts.shown import show
from portal.reading.errors import Fault, NotInRelease, QueryRefused
from portal.reading.spending import VIEWS
from portal.web.asking import (
    CURRENT_HEADERS,
    AnyRequest,
    Parameters,
    edition_of,
    numbered,
    parameters_of,
    read_parameters,
)
from portal.web.pages import site_of

WIDTH, HEIGHT = 800, 560
NARROWEST, LOWEST = 240, 200
FRAMED = re.compile(r"/(?:embed|charts)/([a-z-]+)(?:@(\d{1,9}))?(?:\.[a-z.]+)?")
PROJECT = re.compile(r"/projects/([^/]+)")


@get("/oembed", sync_to_thread=True)
def oembed(request: AnyRequest) -> Response[bytes]:
    """The frame for the chart of a page: JSON as oEmbed has it."""
    asked = {name: values[-1] for name, values in parameters_of(request).items()}
    if asked.get("format", "json") != "json":
        return Response(b"", status_code=501, media_type="text/plain; charset=utf-8")
    site = site_of(request)
    base = site.settings.base_url
    name, number, state = _chart_at(asked.get("url", ""), base)
    edition = numbered(request, number) if number else edition_of(request)
    shown = show(chart_named(edition, name, state))
    width, height = _size(asked, "maxwidth", WIDTH, NARROWEST), _size(asked, "maxheight", HEIGHT, LOWEST)
    document = {
        "type": "rich",
        "version": "1.0",
        "title": shown.chart.title,
        "provider_name": "阳光财政",
        "provider_url": base or "/",
        "cache_age": 86_400 if number else 300,
        "width": width,
        "height": height,
        "html": shown.snippet(base, width=str(width), height=height),
        "thumbnail_url": base + shown.card,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    return Response(
        msgspec.json.encode(document), media_type="application/json", headers=dict(CURRENT_HEADERS)
    )


def _size(asked: dict[str, str], name: str, usual: int, least: int) -> int:
    """How wide or high the frame may be."""
    text = asked.get(name, "")
    return min(usual, max(least, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def _chart_at(url: str, base: str) -> tuple[str, str, Parameters]:
    """The name, the release and the state of the chart that a page shows.

    Raises: QueryRefused without an address; NotInRelease when the address is not one of ours with a chart.
    """
    if not url:
        raise QueryRefused(Fault("url", "请用 url 写明页面的网址。"))
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotInRelease("这不是一个网址。") from None
    own = urlsplit(base)
    if parts.netloc and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise NotInRelease("这个网址不是本站的。")
    given = read_parameters(parts.query.encode())
    name, number, more = _named(parts.path, given)
    known = PARAMETERS.get(name.partition("-")[0], ())
    return name, number, {key: values for key, values in given.items() if key in known} | more


def _named(path: str, given: Parameters) -> tuple[str, str, Parameters]:
    framed = FRAMED.fullmatch(path)
    if framed:
        return framed[1], framed[2] or "", {}
    project = PROJECT.fullmatch(path)
    if project:
        return "project-curve", "", {"id": [unquote(project[1])]}
    view = (given.get("view") or ["tree"])[-1]
    pages = {
        "/": "spending-tree",
        "/spending": f"spending-{view if view in VIEWS else 'tree'}",
        "/compare": "compare-paid",
        "/receipt": "receipt",
    }
    if path not in pages:
        raise NotInRelease("这一页没有可以嵌入的图。")
    return pages[path], "", {}


SHARING = [oembed]
