"""When sign-in may be offered: over https, or on this very machine for trying things out.

A password that travels in clear is everybody's. So the surfaces with sign-in start only when the portal's address is
https, or when it is a loopback address that nobody else can reach.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from portal.settings import SettingRefused, Settings, Surface


def refuse_unguarded(settings: Settings, surface: Surface, host: str | None = None) -> None:
    """Let the public surface pass; the others only over https or on loopback.

    `host` is the address that is listened on, where it is known.
    Raises: SettingRefused saying what to set.
    """
    if surface == "public" or settings.base_url.startswith("https://"):
        return
    address = urlsplit(settings.base_url).hostname or ""
    if not is_loopback(address) or (host is not None and not is_loopback(host)):
        raise SettingRefused(
            f"{surface} 面有登录，密码和会话不能走明文：请把 SUNSHINE_BASE_URL 设为对外的 https:// 网址"
            "（由前面的反向代理做 TLS）；只在本机试用时用 --host 127.0.0.1。"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to that address."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
