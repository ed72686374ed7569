"""How often anybody may ask: slowapi's storages and strategy behind our own outermost layer.

Its decorators insist on another framework's requests and its header code is wrong on successes, so only its limiter is
used; keys, headers and the refusal are ours. This is the only module that imports it.

Who asks is told by the address of the connection. `X-Forwarded-For` counts only when the connection comes from a proxy
that the settings name; by default none is trusted. With several processes the counters belong in Redis; when that is
away, each process counts for itself until it is back.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage
from redis.exceptions import RedisError
from slowapi import Limiter

from portal.api_keys import ApiKeys
from portal.settings import Network, SettingRefused, Settings

log = logging.getLogger("sunshine.limits")

SECONDS_WITHOUT_SHARED = 5.0
SHARED_TIMEOUT_S = 0.5
NAME = "api"
PICTURE_COST = 10
KEYED = "key:"
"""How the asker begins whose allowance is that of a key."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one asker has left: whether this request may pass, and the numbers for the headers."""

    is_allowed: bool
    limit: int
    remaining: int
    window_seconds: int
    reset_seconds: int
    resets_at: int

    def lines(self) -> bytes:
        """The headers of an answer that was allowed, as they are written."""
        return (
            b'ratelimit-policy: "api";q=%d;w=%d\r\nratelimit: "api";r=%d;t=%d\r\n'
            b"x-ratelimit-limit: %d\r\nx-ratelimit-remaining: %d\r\nx-ratelimit-reset: %d\r\n"
        ) % (
            self.limit,
            self.window_seconds,
            self.remaining,
            self.reset_seconds,
            self.limit,
            self.remaining,
            self.resets_at,
        )

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of the draft standard and the older ones, and when to come back after a refusal."""
        found = [
            (b"ratelimit-policy", f'"{NAME}";q={self.limit};w={self.window_seconds}'.encode()),
            (b"ratelimit", f'"{NAME}";r={self.remaining};t={self.reset_seconds}'.encode()),
            (b"x-ratelimit-limit", str(self.limit).encode()),
            (b"x-ratelimit-remaining", str(self.remaining).encode()),
            (b"x-ratelimit-reset", str(self.resets_at).encode()),
        ]
        if not self.is_allowed:
            found.append((b"retry-after", str(max(1, self.reset_seconds)).encode()))
        return found


class ProcessCounters(Storage):
    """Counters in the memory of this process.

    The library's own starts a thread every hundredth of a second to forget what is over; here that is done by whoever
    comes when there are many.
    """

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - as the library declares it
    MOST = 100_000

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri, **options)
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong: nothing of its own."""
        return StorageError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window that begins with the first."""
        return self.take(key, expiry, time.time(), amount)[0]

    def take(self, key: str, expiry: float, now: float, amount: int = 1) -> tuple[int, float]:
        """Count, and say when the window ends."""
        with self._lock:
            count, ends = self._windows.get(key, (0, 0.0))
            if ends <= now:
                if len(self._windows) >= self.MOST:
                    self._windows = {name: held for name, held in self._windows.items() if held[1] > now}
                count, ends = 0, now + expiry
            self._windows[key] = found = (count + amount, ends)
            return found

    def get(self, key: str) -> int:
        """The count of the window that is open."""
        count, ends = self._windows.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends."""
        ends = self._windows.get(key, (0, 0.0))[1]
        now = time.time()
        return max(now, ends)

    def check(self) -> bool:
        """It is always there."""
        return True

    def reset(self) -> int:
        """Forget everything."""
        count = len(self._windows)
        self._windows = {}
        return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._windows.pop(key, None)


def _unused(key: str) -> str:
    return key


def _storage(address: str) -> Storage:
    options: dict[str, Any] = {}
    if address.startswith("redis"):  # a server that hangs is a server that is away
        options = {"socket_timeout": SHARED_TIMEOUT_S, "socket_connect_timeout": SHARED_TIMEOUT_S}
    limiter = Limiter(
        key_func=_unused,
        storage_uri=address,
        storage_options=options,
        strategy="fixed-window",
        key_style="endpoint",
    )
    return limiter.limiter.storage


class _Taking:
    """What does not change about counting against a limit."""

    def __init__(self, item: RateLimitItem) -> None:
        self.item = item
        self.amount = item.amount
        self.seconds = item.get_expiry()
        self.start, self.end = f"{NAME}/", f"/{self.amount}/{self.seconds}"
        usual = Allowance(
            is_allowed=True,
            limit=self.amount,
            remaining=0,
            window_seconds=self.seconds,
            reset_seconds=0,
            resets_at=0,
        ).lines()
        self.lines = usual.replace(b"r=0", b"r=%d").replace(b"t=0", b"t=%d").replace(b": 0\r\n", b": %d\r\n")


class Limits:
    """Counts requests to the interface. `check` takes one from the allowance, `look` takes nothing."""

    def __init__(self, settings: Settings) -> None:
        self.trusted = settings.trusted_proxies
        self.anonymous = _parsed("SUNSHINE_RATE_LIMIT", settings.rate_limit)
        self.keyed = _parsed("SUNSHINE_KEY_RATE_LIMIT", settings.key_rate_limit)
        self.keys = ApiKeys.of(settings.home)
        self.is_free = settings.surface == "internal"
        self.local = _storage("process://")
        self._takings = {False: _Taking(self.anonymous), True: _Taking(self.keyed)}
        self.is_shared = bool(settings.redis_url)
        self.shared = _storage(settings.redis_url) if self.is_shared else self.local
        self._shared_again_at = 0.0

    def covers(self, path: str) -> bool:
        """Whether answers from this address say what is left."""
        return not self.is_free and (path.startswith("/api/") or path == "/q" or _is_picture(path))

    def counts(self, path: str) -> bool:
        """Whether requests to this address are counted; asking what is left is not."""
        return path not in ("/api/v1/quota", "/api/keys")

    def cost_of(self, path: str) -> int:
        """What a request to this address takes from an allowance: pictures and documents are set by a typesetter."""
        return PICTURE_COST if _is_picture(path) else 1

    def check(self, client: str, cost: int = 1) -> Allowance:
        """Take one request, or what it costs, from the client's allowance."""
        return self._counted(client, cost)

    def take_lines(self, client: str) -> bytes | None:
        """Take one request, counted in this process: the header lines of an allowed answer; None when it is refused.

        The same as `check(client).lines()` in a fifth of the time.
        """
        taking = self._takings[client.startswith(KEYED)]
        now = time.time()
        local = cast("ProcessCounters", self.local)
        count, ends = local.take(taking.start + client + taking.end, taking.seconds, now)
        left = taking.amount - count
        if left < 0:
            return None
        return taking.lines % (left, math.ceil(ends - now), left, math.ceil(ends))

    def look(self, client: str) -> Allowance:
        """What the client has left."""
        return self._counted(client, cost=0)

    def forget_trouble(self) -> None:
        """Try the shared counters again with the next request."""
        self._shared_again_at = 0.0

    def _counted(self, client: str, cost: int) -> Allowance:
        if self.is_shared and time.monotonic() >= self._shared_again_at:
            try:
                return self._take(self.shared, client, cost)
            except (StorageError, RedisError, OSError) as error:
                log.warning("shared counters are away, counting in this process: %s", error)
                self._shared_again_at = time.monotonic() + SECONDS_WITHOUT_SHARED
        return self._take(self.local, client, cost)

    def _take(self, storage: Storage, client: str, cost: int) -> Allowance:
        taking = self._takings[client.startswith(KEYED)]
        item, seconds = taking.item, taking.seconds
        key = taking.start + client + taking.end
        count = storage.incr(key, seconds, amount=cost) if cost else storage.get(key)
        now = time.time()
        resets = storage.get_expiry(key)
        if resets <= now or resets > now + seconds:  # Redis tells whole seconds
            resets = now + seconds
        left = max(0, item.amount - count)
        is_allowed = count <= item.amount if cost else left > 0
        return Allowance(is_allowed, item.amount, left, seconds, math.ceil(resets - now), math.ceil(resets))

    def asker_of(self, peer: str, headers: Mapping[bytes, bytes]) -> str:
        """Whose allowance a request is taken from: that of its key when it stands, else that of the address."""
        sent = headers.get(b"x-api-key")
        name = None if sent is None else self.keys.name_of(sent)
        return self.client_of(peer, headers) if name is None else KEYED + name

    def client_of(self, peer: str, headers: Mapping[bytes, bytes]) -> str:
        """Who asks: the peer's address, or what trusted proxies say stands behind them; IPv6 by its /64."""
        if not self.trusted:  # what the header says is not even read
            return _network_of(peer)
        return _network_of(forwarded_for(peer, headers.get(b"x-forwarded-for", b""), self.trusted))


def limit_in_words(item: RateLimitItem) -> str:
    """A limit as people say it: 每分钟 3,000 次."""
    seconds = item.get_expiry()
    span = {1: "每秒", 60: "每分钟", 3600: "每小时", 86400: "每天"}.get(seconds, f"每 {seconds:,} 秒")
    return f"{span} {item.amount:,} 次"


def _is_picture(path: str) -> bool:
    return path.endswith((".png", ".pdf")) and path.startswith(("/charts/", "/reports/"))


def _parsed(name: str, text: str) -> RateLimitItem:
    try:
        return parse(text)
    except ValueError as error:
        raise SettingRefused(f"{name} 是 {text!r}，应写成 3000/minute 这样。") from error


def forwarded_for(peer: str, header: bytes, trusted: Sequence[Network]) -> str:
    """The nearest address in the chain that is not a trusted proxy; the peer itself when it is not one."""
    found = peer
    for hop in reversed(header.decode("latin-1").split(",")):
        if not _is_trusted(found, trusted):
            break
        candidate = hop.strip()
        if not _is_address(candidate):
            break
        found = candidate
    return found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in trusted)


@lru_cache(maxsize=10_000)
def _network_of(text: str) -> str:
    if not _is_address(text):
        return text
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return text
