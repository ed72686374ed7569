"""What machines ask for: health, robots, the map of the site, and our own style sheet and script."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.web.asking import CURRENT_HEADERS, FOR_EVER, AnyRequest, edition_of, parameters_of, standing_of
from portal.web.pages import site_of
from portal.web.static import LIBRARY

MOST_IN_SITEMAP = 45_000


@get("/healthz", sync_to_thread=False)
def healthz(request: AnyRequest) -> Response[bytes]:
    """The process answers; `degraded` when the newest release could not be shown."""
    standing = standing_of(request)
    body: dict[str, object] = {
        "status": "degraded" if standing.problems else "ok",
        "release": standing.edition.number if standing.edition else None,
        "problems": list(standing.problems),
    }
    return _json(body, 200)


@get("/readyz", sync_to_thread=False)
def readyz(request: AnyRequest) -> Response[bytes]:
    """Whether there is a release to show."""
    is_ready = standing_of(request).edition is not None
    return _json({"status": "ready" if is_ready else "nothing published"}, 200 if is_ready else 503)


def _json(body: dict[str, object], status: int) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/json", headers=headers
    )


@get("/robots.txt", sync_to_thread=False)
def robots(request: AnyRequest) -> Response[bytes]:
    """Everything public may be read by anybody."""
    base = site_of(request).settings.base_url
    lines = ["User-agent: *", "Allow: /", "Disallow: /desk", "Disallow: /login"]
    if base:
        lines.append(f"Sitemap: {base}/sitemap.xml")
    body = "\n".join(lines) + "\n"
    return Response(body.encode(), media_type="text/plain; charset=utf-8", headers=CURRENT_HEADERS)


@get("/sitemap.xml", sync_to_thread=True)
def sitemap(request: AnyRequest) -> Response[bytes]:
    """All pages of the current release."""
    base = site_of(request).settings.base_url
    edition = edition_of(request)
    paths = [
        "/",
        "/projects",
        "/spending",
        "/map",
        "/compare",
        "/receipt",
        "/ask",
        "/datasets",
        "/dictionary",
        "/disclosure",
        "/releases",
        "/verify",
        "/api",
    ]
    paths += [f"/reports/{edition.number}"]
    paths += [f"/datasets/{name}" for name in edition.specs]
    paths += [f"/regions/{quote(code, safe='')}" for code in edition.places.by_code]
    ids = edition.frame("projects")["project_id"].to_list()
    paths += [f"/projects/{quote(found, safe='')}" for found in ids]
    day = edition.release.published_at.date().isoformat()
    items = "".join(
        f"<url><loc>{escape(base + path)}</loc><lastmod>{day}</lastmod></url>\n"
        for path in paths[:MOST_IN_SITEMAP]
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{items}</urlset>\n'
    )
    return Response(body.encode(), media_type="application/xml; charset=utf-8", headers=CURRENT_HEADERS)


@get("/static/{name:path}", sync_to_thread=False)
def static(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A file of our own. With its digest in the address it may be kept for ever."""
    found = site_of(request).static.get(name.lstrip("/"))
    if found is None:
        raise NotFoundException
    is_exact = parameters_of(request).get("v", [""])[-1] == found.digest[:12]
    headers = {
        "x-sunshine-keep": "1",
        "etag": f'"{found.digest[:40]}"',
        "cache-control": FOR_EVER if is_exact else "public, max-age=300",
    }
    if name.lstrip("/") != LIBRARY:
        return Response(found.body, media_type=found.media_type, headers=headers)
    del headers["x-sunshine-keep"]  # packed here, for those who can unpack it
    headers["vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.body, media_type=found.media_type, headers=headers)
    headers |= {"content-encoding": "gzip", "etag": f'"{found.digest[:40]}-gz"'}
    return Response(found.packed, media_type=found.media_type, headers=headers)


@get("/favicon.ico", sync_to_thread=False)
def favicon(request: AnyRequest) -> Response[bytes]:
    """Browsers ask for it by this name whatever the page says."""
    found = site_of(request).static.get("icon.svg")
    if found is None:
        raise NotFoundException
    return Response(
        found.body, media_type=found.media_type, headers={"cache-control": "public, max-age=86400"}
    )


SERVICE = [healthz, readyz, robots, sitemap, static, favicon]
