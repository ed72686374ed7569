"""The headers that every response carries, whatever it is: page, file, error, not modified.

Pages allow one script, ours, and the styles they bring, by a nonce that is new for every response; other styles, pictures
and forms only from here.
Everything that is not a page may do nothing at all when a browser opens it.
"""

from __future__ import annotations

import secrets

PAGE_POLICY = (
    "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
INERT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

NONCE_MARK = secrets.token_urlsafe(24)
"""Stands where the nonce goes in a rendered page; unguessable, so that nothing published can contain it."""


def new_nonce() -> str:
    """A nonce for one response: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_embeddable(path: str) -> bool:
    """Whether other sites may show this address in a frame."""
    return path.startswith("/embed/")


def page_policy(path: str, nonce: str) -> tuple[bytes, bytes]:
    """What the page at this address may do; scripts with this nonce only."""
    policy = PAGE_POLICY.format(nonce=nonce, ancestors="*" if is_embeddable(path) else "'none'")
    return (b"content-security-policy", policy.encode())


def security_headers(path: str, content_type: bytes) -> list[tuple[bytes, bytes]]:
    """The security headers of an address, whoever asks; a page's policy has a nonce and comes from `page_policy`."""
    headers = list(ALWAYS)
    is_page = content_type.startswith(b"text/html")
    if not is_page:
        headers.append((b"content-security-policy", INERT_POLICY.encode()))
    if not is_embeddable(path):
        headers.append((b"x-frame-options", b"DENY"))
    if path.startswith(OPEN) and not is_page:
        headers.append((b"access-control-allow-origin", b"*"))
        headers.append((b"access-control-expose-headers", EXPOSED))
        headers.append((b"cross-origin-resource-policy", b"cross-origin"))
    else:
        headers.append((b"cross-origin-resource-policy", b"same-origin"))
    return headers


OPEN = (
    "/api/", "/datasets/", "/catalog", "/data.json", "/feeds/", "/openapi", "/log/", "/ocds/", "/.well-known/",
    "/charts/",
)  # fmt: skip
"""Where programs of other sites may read: everything that is published for machines."""

EXPOSED = (
    b"ETag, Link, X-Sunshine-Rows, Repr-Digest, Content-Range, Accept-Ranges, RateLimit, RateLimit-Policy, Retry-After, "
    b"X-Request-Id, X-Sunshine-Release"
)
