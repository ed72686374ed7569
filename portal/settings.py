"""Every setting of the program: one source for the environment, `--help` and docs/settings.md."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

Surface = Literal["public", "internal", "both"]
SURFACES: tuple[Surface, ...] = ("public", "internal", "both")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: the name of its environment variable, its default as text, and what it does."""

    name: str
    default: str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("SUNSHINE_HOME", "var", "数据目录：public/、internal/、search/、keys/ 和 sunshine.db 都在其中。"),
    Setting(
        "SUNSHINE_SURFACE",
        "public",
        "对外提供哪一面：public、internal 或 both；通常由 serve --surface 设定。",
    ),
    Setting(
        "SUNSHINE_BASE_URL",
        "",
        "站点对外的网址，如 https://example.gov.cn；绝对链接只用它，不用请求头。空则用相对链接。",
    ),
    Setting("SUNSHINE_DATABASE_URL", "", "业务数据库；空则用数据目录里的 SQLite。公开面不需要数据库。"),
    Setting("SUNSHINE_REDIS_URL", "", "多个进程共用的限流计数器；空则每个进程各计各的。"),
    Setting("SUNSHINE_MEILISEARCH_URL", "", "Meilisearch 服务；空则用进程内的检索。"),
    Setting("SUNSHINE_MEILISEARCH_KEY", "", "Meilisearch 的密钥。"),
    Setting(
        "SUNSHINE_REPHRASE_URL",
        "",
        "可选的改写服务（OpenAI 兼容接口，如 http://127.0.0.1:8080/v1）：没有看懂的问题改写成一句建议；空则不用。",
    ),
    Setting("SUNSHINE_REPHRASE_MODEL", "", "改写服务的模型名；空则不用。"),
    Setting("SUNSHINE_REPHRASE_KEY", "", "改写服务的密钥。"),
    Setting("SUNSHINE_STORAGE_URL", "", "发布文件的存放处；空则用数据目录里的 public/。"),
    Setting(
        "SUNSHINE_TRUSTED_PROXIES",
        "",
        "可信反向代理的地址或网段，逗号分隔；只有它们写的 X-Forwarded-For 才算数。默认谁也不信。",
    ),
    Setting("SUNSHINE_OIDC_ISSUER", "", "统一身份认证（OpenID Connect）的签发方网址；空则只用本站账户。"),
    Setting("SUNSHINE_OIDC_CLIENT_ID", "", "在统一身份认证登记的客户端编号。"),
    Setting("SUNSHINE_OIDC_CLIENT_SECRET", "", "在统一身份认证登记的客户端密钥。"),
    Setting("SUNSHINE_OIDC_NAME", "统一身份认证", "登录页上对统一身份认证的称呼。"),
    Setting(
        "SUNSHINE_SMTP_URL",
        "",
        "发信服务器：smtp://用户:密码@主机:端口（STARTTLS）或 smtps://…；空则不发信，信件留在待发列表。",
    ),
    Setting("SUNSHINE_MAIL_FROM", "", "发信人地址，如 sunshine@example.gov.cn。"),
    Setting("SUNSHINE_TODAY", "", "把“今天”固定为某日（YYYY-MM-DD），供演示和测试；页面会说明。"),
    Setting("SUNSHINE_RATE_LIMIT", "3000/minute", "匿名使用接口的限额，写成 次数/时间，如 3000/minute。"),
    Setting(
        "SUNSHINE_KEY_RATE_LIMIT",
        "30000/minute",
        "带密钥（X-API-Key，在 /api/keys 自助领取）使用接口的限额，写法同上；内部面不限。",
    ),
    Setting("SUNSHINE_CACHE_MB", "64", "每个进程用于缓存应答的内存，单位 MB。"),
    Setting(
        "SUNSHINE_ACCESS_LOG",
        "logs/access.jsonl",
        "访问日志的文件，相对路径在数据目录里；off 则不记。每行一个 JSON，不含完整地址、密钥和查询内容。",
    ),
    Setting(
        "SUNSHINE_CONTACT",
        "",
        "机读目录和 security.txt 里的联系方式：mailto: 或 https:// 地址；空则指向来件页。",
    ),
    Setting("SUNSHINE_LICENCE_URL", "", "数据使用条件的网址；空则用数据目录页上的“无条件开放”。"),
    Setting(
        "SUNSHINE_OCID_PREFIX",
        "ocds-xxxxxx",
        "合同公开标准（OCDS）的编号前缀；正式使用前须向 Open Contracting Partnership 登记。",
    ),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}

_OCID_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")

Network = IPv4Network | IPv6Network


class SettingRefused(ValueError):
    """A setting has a value that cannot be used; the message names the setting and says what it wants."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, read and checked once at the start of a process."""

    home: Path
    surface: Surface
    base_url: str
    database_url: str
    redis_url: str
    meilisearch_url: str
    meilisearch_key: str
    storage_url: str
    trusted_proxies: tuple[Network, ...]
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    smtp_url: str
    mail_from: str
    today: date | None
    rate_limit: str
    key_rate_limit: str
    cache_octets: int
    access_log: str
    contact: str
    licence_url: str
    ocid_prefix: str

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, **overrides: str) -> Settings:
        """Take settings from the environment; `overrides` (by name without prefix, lower case) win.

        Raises: SettingRefused when a value cannot be used.
        """
        given = os.environ if environment is None else environment
        values = {name: given.get(name, default).strip() for name, default in DEFAULTS.items()}
        values |= {f"SUNSHINE_{name.upper()}": value for name, value in overrides.items()}
        return cls(
            home=Path(values["SUNSHINE_HOME"] or "var"),
            surface=_surface(values["SUNSHINE_SURFACE"]),
            base_url=_base_url(values["SUNSHINE_BASE_URL"]),
            database_url=values["SUNSHINE_DATABASE_URL"],
            redis_url=values["SUNSHINE_REDIS_URL"],
            meilisearch_url=values["SUNSHINE_MEILISEARCH_URL"],
            meilisearch_key=values["SUNSHINE_MEILISEARCH_KEY"],
            storage_url=values["SUNSHINE_STORAGE_URL"],
            trusted_proxies=_networks(values["SUNSHINE_TRUSTED_PROXIES"]),
            oidc_issuer=_address(
                "SUNSHINE_OIDC_ISSUER",
                values["SUNSHINE_OIDC_ISSUER"],
                "https://",
                "http://127.0.0.1",
                "http://localhost",
            ).rstrip("/"),
            oidc_client_id=values["SUNSHINE_OIDC_CLIENT_ID"],
            oidc_client_secret=values["SUNSHINE_OIDC_CLIENT_SECRET"],
            oidc_name=values["SUNSHINE_OIDC_NAME"],
            smtp_url=_address("SUNSHINE_SMTP_URL", values["SUNSHINE_SMTP_URL"], "smtp://", "smtps://"),
            mail_from=values["SUNSHINE_MAIL_FROM"],
            today=_day(values["SUNSHINE_TODAY"]),
            rate_limit=values["SUNSHINE_RATE_LIMIT"],
            key_rate_limit=values["SUNSHINE_KEY_RATE_LIMIT"],
            cache_octets=_megabytes(values["SUNSHINE_CACHE_MB"]),
            access_log=values["SUNSHINE_ACCESS_LOG"] or "off",
            contact=_address("SUNSHINE_CONTACT", values["SUNSHINE_CONTACT"], "mailto:", "https://"),
            licence_url=_address(
                "SUNSHINE_LICENCE_URL", values["SUNSHINE_LICENCE_URL"], "http://", "https://"
            ),
            ocid_prefix=_ocid_prefix(values["SUNSHINE_OCID_PREFIX"]),
        )


def _surface(text: str) -> Surface:
    for surface in SURFACES:
        if text == surface:
            return surface
    raise SettingRefused(f"SUNSHINE_SURFACE 是 {text!r}，只能是 {'、'.join(SURFACES)}。")


def _base_url(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingRefused(f"SUNSHINE_BASE_URL 是 {text!r}，应以 http:// 或 https:// 开头。")
    return text.rstrip("/")


def _address(name: str, text: str, *starts: str) -> str:
    if text and (not text.startswith(starts) or any(sign.isspace() or sign in '<>"' for sign in text)):
        raise SettingRefused(f"{name} 是 {text!r}，应是以 {' 或 '.join(starts)} 开头的地址。")
    return text


def _ocid_prefix(text: str) -> str:
    if not _OCID_PREFIX.fullmatch(text):
        raise SettingRefused(f"SUNSHINE_OCID_PREFIX 是 {text!r}，应写成 ocds-xxxxxx 这样。")
    return text


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingRefused(f"SUNSHINE_TRUSTED_PROXIES 里有不是地址的内容：{error}") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingRefused(f"SUNSHINE_TODAY 是 {text!r}，应为 YYYY-MM-DD。") from error


def _megabytes(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingRefused(f"SUNSHINE_CACHE_MB 是 {text!r}，应为整数（MB）。")
    return int(text) * 1_000_000
