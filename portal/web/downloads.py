"""Files: whole datasets, manifests and the log, byte for byte, with everything that clients of files rely on.

One range, strong entity tags that are the SHA-256, `If-Range`, not-modified, digests, HEAD. A file at an address with
`@n` never changes; without it, the address redirects to the current release's file.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from portal.reading.catalog import spec_of
from portal.reading.edition import Edition
from portal.reading.query import nearest
from portal.web.asking import FOR_EVER, AnyRequest, missing_dataset, numbered, pinned, printable
from portal.web.pages import site_of
from portal.web.problems import RANGE
from publishing.errors import DatasetNotFound
from publishing.release.log import CHECKPOINT, KEY
from publishing.release.reader import VerifiedFile

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


@get("/datasets/{name:str}/{file_name:str}", sync_to_thread=True)
def dataset_file(request: AnyRequest, name: FromPath[str], file_name: FromPath[str]) -> Response[Any]:
    """A file of a dataset."""
    plain, edition, is_pinned = pinned(request, name)
    if plain not in edition.specs:
        raise missing_dataset(edition, plain, nearest(plain, list(edition.specs)))
    file_format = _format_of(edition, plain, file_name)
    if not is_pinned:
        path = f"/datasets/{plain}@{edition.number}/{quote(file_name)}"
        return Redirect(path, status_code=302, headers={"cache-control": "no-cache"})
    encoding = _encoding(request, edition, plain, file_format)
    file = edition.release.file(plain, file_format, encoding=encoding)
    title = f"{spec_of(edition, plain).title}-第{edition.number}号"
    return send_file(request, file, edition, f"{title}.{file_name.rsplit('.', 1)[-1]}", file_name)


def _format_of(edition: Edition, name: str, file_name: str) -> str:
    if file_name == "datapackage.json":
        return "datapackage"
    stem, _, ending = file_name.rpartition(".")
    known = [stored.format for stored in edition.release.entry(name).files if stored.format != "datapackage"]
    if stem != name or ending not in known:
        raise DatasetNotFound(
            f"没有文件 {printable(file_name)}；有 {'、'.join(f'{name}.{ending}' for ending in known)} 和 datapackage.json。"
        )
    return ending


def _encoding(request: AnyRequest, edition: Edition, name: str, file_format: str) -> str | None:
    """Compressed when the client takes it, the release has it so, and no range is asked for."""
    stored = edition.release.entry(name).file(file_format)
    takes_gzip = re.search(
        r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", request.headers.get("accept-encoding", "")
    )
    return "gzip" if takes_gzip and stored.gzip_sha256 and "range" not in request.headers else None


@dataclass(frozen=True, slots=True)
class Slice:
    """Which octets of a file are sent: from `first` on, `length` of them."""

    first: int
    length: int


def send_file(
    request: AnyRequest, file: VerifiedFile, edition: Edition, title: str, file_name: str
) -> Response[Any]:
    """The answer for a file: whole, a part of it, not modified, or not satisfiable."""
    etag = f'"{file.sha256}"'
    headers = {
        "etag": etag,
        "cache-control": FOR_EVER,
        "accept-ranges": "bytes",
        "vary": "Accept-Encoding",
        "x-sunshine-release": str(edition.number),
        "repr-digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        "last-modified": f"{edition.release.published_at:%a, %d %b %Y %H:%M:%S} GMT",
        "content-disposition": f"attachment; filename=\"{file_name}\"; filename*=UTF-8''{quote(title)}",
    }
    if file.encoding:
        headers["content-encoding"] = file.encoding
    if _is_fresh(request.headers.get("if-none-match", ""), etag):
        return Response(b"", status_code=304, headers=headers)
    part = _asked_range(request, file.bytes, etag)
    if part is None:
        return _stream(request, file, Slice(0, file.bytes), 200, headers)
    if part.length <= 0:
        headers = {"content-range": f"bytes */{file.bytes}", "cache-control": "no-store"}
        return Response(
            RANGE.advice.encode(), status_code=416, headers=headers, media_type="text/plain; charset=utf-8"
        )
    headers["content-range"] = f"bytes {part.first}-{part.first + part.length - 1}/{file.bytes}"
    return _stream(request, file, part, 206, headers)


def _is_fresh(asked: str, etag: str) -> bool:
    return asked.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in asked.split(","))


def _asked_range(request: AnyRequest, size: int, etag: str) -> Slice | None:
    """The one range that is asked for; None for the whole file; no length when it lies outside.

    Several ranges, or a unit that is not octets, are answered with the whole file, as the standard allows.
    """
    found = _RANGE.match(request.headers.get("range", ""))
    if found is None or (not found[1] and not found[2]):
        return None
    condition = request.headers.get("if-range")
    if condition is not None and condition != etag:
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return Slice(size - length, length)
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    return Slice(first, last - first + 1)


def _stream(
    request: AnyRequest, file: VerifiedFile, part: Slice, status: int, headers: dict[str, str]
) -> Response[Any]:
    headers["content-length"] = str(part.length)
    is_head = request.scope["state"].get("is_head", False)
    pieces = iter(()) if is_head else _pieces(file, part)
    return Stream(pieces, status_code=status, media_type=file.media_type, headers=headers)


def _pieces(file: VerifiedFile, part: Slice) -> Iterator[bytes]:
    with file.path.open("rb") as source:
        source.seek(part.first)
        left = part.length
        while left > 0 and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


@get("/releases/{number:str}/manifest.json", sync_to_thread=True)
def manifest(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """The manifest, byte for byte as it is signed."""
    edition = numbered(request, number)
    return _document(edition.release.manifest_bytes, "application/json", edition)


@get("/releases/{number:str}/manifest.proof", sync_to_thread=True)
def proof(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """The signed proof that the manifest is in the log."""
    edition = numbered(request, number)
    return _document(
        edition.release.proof_text.encode(), "text/plain; charset=utf-8", edition, for_ever=False
    )


@get("/log/checkpoint", sync_to_thread=True)
def checkpoint(request: AnyRequest) -> Response[bytes]:
    """The signed head of the log of releases."""
    return _from_log(request, CHECKPOINT)


@get("/log/key", sync_to_thread=True)
def public_key(request: AnyRequest) -> Response[bytes]:
    """The public key that the log is signed with, for whoever has no better source of it."""
    return _from_log(request, KEY)


def _from_log(request: AnyRequest, path: str) -> Response[bytes]:
    storage = site_of(request).library.shelf.store.storage
    try:
        content = storage.read(path)
    except FileNotFoundError:
        raise DatasetNotFound("还没有发布，登记簿是空的。") from None
    return Response(content, media_type="text/plain; charset=utf-8", headers={"cache-control": "no-cache"})


def _document(content: bytes, media_type: str, edition: Edition, *, for_ever: bool = True) -> Response[bytes]:
    headers = {
        "x-sunshine-keep": "1",
        "cache-control": FOR_EVER if for_ever else "no-cache",
        "x-sunshine-release": str(edition.number),
    }
    return Response(content, media_type=media_type, headers=headers)


DOWNLOADS = [dataset_file, manifest, proof, checkpoint, public_key]
