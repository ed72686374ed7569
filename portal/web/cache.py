"""Answers kept as encoded bytes, in front of everything else.

A public answer is a function of (release, path, query), so it may be kept until the release changes. Pages carry a
nonce that must be new each time: the body is kept in parts around it, and compressed in parts too, with the nonce
put in as a stored (uncompressed) deflate block between them.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
WORTH_COMPRESSING = 600
SECOND_KEY = 1_000
"""Octets that finding an answer under one more key takes, about."""
COMPRESSIBLE = (b"text/", b"application/json", b"application/problem+json", b"application/ld+json",
                b"application/atom+xml", b"application/xml", b"image/svg+xml", b"application/jsonl",
                b"application/vnd.oai.openapi")  # fmt: skip


@dataclass
class Answer:
    """One kept answer: status, headers that do not depend on who asks, and the body around its nonces.

    `heads` keeps the headers that were made for it, by variant, `written` the same as octets with the body: an answer belongs to one
    address and one release.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    parts: tuple[bytes, ...]
    content_type: bytes
    etag: str = ""
    release: int | None = None
    heads: dict[str, list[tuple[bytes, bytes]]] = field(default_factory=dict, repr=False)
    written: dict[str, tuple[bytes, bytes]] = field(default_factory=dict, repr=False)
    _packed: tuple[bytes, ...] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.length = sum(map(len, self.parts))
        self.is_page = self.content_type.startswith(b"text/html")
        self.is_compressible = self.length >= WORTH_COMPRESSING and self.content_type.startswith(COMPRESSIBLE)

    @property
    def octets(self) -> int:
        """Memory the body takes, and about what is kept around it."""
        return self.length + 2000

    def plain(self, nonce: bytes) -> bytes:
        """The body as it is."""
        return self.parts[0] if len(self.parts) == 1 else nonce.join(self.parts)

    def gzipped(self, nonce: bytes) -> bytes:
        """The body as one gzip member; compressed once, whatever the nonce."""
        if self._packed is None:
            self._packed = _packed_whole(self.parts[0]) if len(self.parts) == 1 else _pack(self.parts)
        if len(self.parts) == 1:
            return self._packed[0]
        length = len(nonce)
        stored = b"\x00" + struct.pack("<HH", length, length ^ 0xFFFF) + nonce
        whole = nonce.join(self.parts)
        return GZIP_HEADER + stored.join(self._packed) + _trailer(whole)


def _packed_whole(body: bytes) -> tuple[bytes]:
    return (GZIP_HEADER + _pack((body,))[0] + _trailer(body),)


def _trailer(body: bytes) -> bytes:
    return struct.pack("<II", zlib.crc32(body), len(body) % 2**32)


def _pack(parts: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Each part as raw deflate that ends on a byte border, the last one with the end of the stream."""
    packed = []
    for index, part in enumerate(parts):
        squeezer = zlib.compressobj(6, zlib.DEFLATED, -15, 9)
        is_last = index == len(parts) - 1
        packed.append(
            squeezer.compress(part) + squeezer.flush(zlib.Z_FINISH if is_last else zlib.Z_FULL_FLUSH)
        )
    return tuple(packed)


def strong_etag(body: bytes) -> str:
    """A strong entity tag: the digest of the bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:40]}"'


class AnswerCache:
    """Answers by key, the least recently used dropped when they take too much memory; emptied by a new release."""

    def __init__(self, octets: int) -> None:
        self.limit = octets
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._costs: dict[Hashable, int] = {}
        self._octets = 0
        self._generation: Hashable = None
        self._lock = threading.Lock()

    def holds(self, key: Hashable) -> bool:
        """Whether an answer is kept under that key, of whatever generation."""
        return key in self._answers

    def get(self, generation: Hashable, key: Hashable) -> Answer | None:
        """The kept answer, if it was made for this generation."""
        if generation != self._generation:
            return None
        answer = self._answers.get(key)
        if answer is not None:
            try:
                self._answers.move_to_end(key)
            except KeyError:  # dropped by another thread in between; the answer itself is still good
                return answer
        return answer

    def put(self, generation: Hashable, key: Hashable, answer: Answer, plan: Hashable = None) -> None:
        """Keep an answer; one that alone would fill an eighth of the cache is not worth it.

        `plan`: what equal questions have in common however they are spelled; the answer is found under it, too.
        """
        cost = 2 * answer.octets  # the body now, and at most as much again once it is compressed
        if cost > self.limit // 8:
            return
        with self._lock:
            if generation != self._generation:
                self._answers.clear()
                self._costs.clear()
                self._octets = 0
                self._generation = generation
            if plan is not None:  # first, so that it is dropped before the key that pays for the body
                self._hold(plan, answer, SECOND_KEY)
            self._hold(key, answer, cost)
            while self._octets > self.limit and self._answers:
                oldest, _ = self._answers.popitem(last=False)
                self._octets -= self._costs.pop(oldest)

    def _hold(self, key: Hashable, answer: Answer, cost: int) -> None:
        if key not in self._answers:
            self._answers[key] = answer
            self._costs[key] = cost
            self._octets += cost
