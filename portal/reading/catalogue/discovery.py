"""Short texts by which programs find their way: the list of interfaces, whom to tell of a weakness, a guide for
language models. Sources: RFC 9727, RFC 9116, llmstxt.org.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.reading.catalogue.model import Catalogue, Identity
from portal.reading.quantities import currency_of

PERMANENCE = "每个回答都写明出自哪一号发布；地址里带 @号码 的内容永远不变，引用时请带上。"
CONTACT_HOLDS = timedelta(days=180)


def api_catalog(identity: Identity) -> dict[str, Any]:
    """The interfaces of this site as a set of links."""
    address = identity.address
    return {
        "linkset": [
            {
                "anchor": address("/api/v1"),
                "service-desc": [{"href": address("/openapi.json"), "type": "application/json"}],
                "service-doc": [{"href": address("/api"), "type": "text/html"}],
                "service-meta": [{"href": address("/catalog.jsonld"), "type": "application/ld+json"}],
                "status": [{"href": address("/healthz"), "type": "application/json"}],
                "terms-of-service": [{"href": identity.terms_url, "type": "text/html"}],
            }
        ]
    }


def security_txt(identity: Identity, now: datetime) -> str:
    """Whom to tell of a weakness: the configured contact, else the page where anybody can write to the office.

    It holds from the first of this month on, so that the text changes once a month and not with every request.
    """
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {identity.contact or identity.address('/cases/new')}",
        f"Expires: {(month + CONTACT_HOLDS).isoformat()}",
        "Preferred-Languages: zh, en",
    ]
    if identity.base_url:
        lines.append(f"Canonical: {identity.address('/.well-known/security.txt')}")
    return "\n".join(lines) + "\n"


def llms_txt(catalogue: Catalogue) -> str:
    """What a language model should know before it answers from this site."""
    address = catalogue.identity.address
    demo = "全部数据都是虚构的演示数据。" if catalogue.is_fictional else ""
    head = [
        f"# {catalogue.title}",
        "",
        f"> {catalogue.publisher}公布的预算、支付、项目、合同和绩效。{demo}{PERMANENCE}",
        "",
        f"- 金额单位为{currency_of(catalogue.currency).label}（{catalogue.currency}），两位小数。",
        "- 数为空时看同名的 `_status` 列：withheld 是依规不公开，不等于零，也不能由合计推算。",
        "- 不同层级（省、市、县；类、款、项）的行不能相加。",
        "- 执行率 = 已支付 ÷ 调整预算。",
        "",
        "## 接口",
        f"- [接口说明]({address('/openapi.json')}): OpenAPI 3.1，筛选、分组、导出",
        f"- [用中文提问]({address('/api/v1/ask?q=')}): 回答带口径、公式和来源；不知道就说不知道",
        f"- [数据目录]({address('/catalog.jsonld')}): DCAT-AP 3",
        f"- [合同（OCDS）]({address('/ocds/releases.jsonl')}): 每行一份合同",
        "",
        "## 数据集",
    ]
    lines = [
        f"- [{series.newest.spec.title}]({address(series.path)}): 每行是{series.newest.spec.grain}"
        for series in catalogue.series
    ]
    return "\n".join([*head, *lines]) + "\n"
