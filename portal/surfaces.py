"""Who may be shown the internal surface. It has no sign-in yet, so by default nobody is.

Internal releases hold what the public must not see. Until people sign in, showing them to whoever reaches the port
would give everything away: it is refused, unless somebody on this very machine says in so many words that it is meant.
"""

from __future__ import annotations

from ipaddress import ip_address

from portal.settings import SettingRefused, Settings, Surface

WORD = "SUNSHINE_INTERNAL_WITHOUT_SIGN_IN"


def refuse_unguarded(settings: Settings, surface: Surface, host: str | None = None) -> None:
    """Let the public surface pass; the internal one only on request and, where the address is known, on loopback.

    Raises: SettingRefused saying what would be shown to whom, and what to do.
    """
    if surface == "public":
        return
    if host is not None and not is_loopback(host):
        raise SettingRefused(
            f"内部面还没有登录，不能在 {host} 上提供：能连到这个地址的人都会看到内部数据。"
            "请改用 --surface public；只在本机查看时用 --host 127.0.0.1。"
        )
    if not settings.internal_without_sign_in:
        raise SettingRefused(
            f"内部面还没有登录：打开它，本机的任何人都会看到内部数据。请改用 --surface public；"
            f"确实要在本机查看，先设定 {WORD}=yes。"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to that address."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
