from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from portal.settings import SettingRefused, Settings
from portal.web.limits import Limits, forwarded_for, limit_in_words
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

PATH = "/api/v1/releases"


def test_the_answer_says_what_is_left_and_the_refusal_when_to_come_back(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_RATE_LIMIT="3/minute")
    answers = [visitor.get(PATH) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert answers[0].headers["ratelimit-policy"] == '"api";q=3;w=60'
    assert re.fullmatch(r'"api";r=2;t=\d+', answers[0].headers["ratelimit"])
    assert "retry-after" not in answers[0].headers
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 429


def test_pages_and_files_are_not_counted(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_RATE_LIMIT="1/minute")
    for _ in range(3):
        assert visitor.browse("/").status_code == 200
        assert visitor.get("/datasets/spending@1/spending.csv").status_code == 200
    assert "ratelimit" not in visitor.browse("/").headers


def test_asking_for_the_quota_costs_nothing(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_RATE_LIMIT="2/minute")
    visitor.get(PATH)
    for _ in range(4):
        quota = visitor.get("/api/v1/quota").json()
        assert (quota["limit"], quota["remaining"]) == (2, 1)


def test_a_forged_header_buys_nothing(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_RATE_LIMIT="3/minute")
    codes = [
        visitor.get(PATH, {"x-forwarded-for": f"198.51.100.{n}", "x-api-key": str(n)}).status_code
        for n in range(5)
    ]
    assert codes == [200, 200, 200, 429, 429]


def test_behind_a_trusted_proxy_each_visitor_counts_alone(province_home: Path) -> None:
    app = visitor_to(province_home, SUNSHINE_RATE_LIMIT="1/minute", SUNSHINE_TRUSTED_PROXIES="10.0.0.0/8").app
    proxy = Visitor(app, address="10.1.2.3")
    assert proxy.get(PATH, {"x-forwarded-for": "198.51.100.1"}).status_code == 200
    assert proxy.get(PATH, {"x-forwarded-for": "198.51.100.2"}).status_code == 200
    assert proxy.get(PATH, {"x-forwarded-for": "203.0.113.9, 198.51.100.2"}).status_code == 429


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"198.51.100.1", "198.51.100.1"),
        (b"1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        (b"nonsense", "10.0.0.1"),
        (b"", "10.0.0.1"),
        (b"10.2.2.2", "10.2.2.2"),
    ],
)
def test_the_nearest_stranger_in_the_chain_counts(header: bytes, found: str) -> None:
    assert forwarded_for("10.0.0.1", header, [ip_network("10.0.0.0/8")]) == found


def test_neighbours_of_one_ipv6_network_share_an_allowance() -> None:
    limits = Limits(Settings.read({}))
    assert limits.client_of("2001:db8::1", {}) == limits.client_of("2001:db8::ffff", {})
    assert limits.client_of("2001:db8::1", {}) != limits.client_of("2001:db8:0:1::1", {})


def test_without_its_shared_counters_a_process_counts_for_itself() -> None:
    limits = Limits(
        Settings.read({"SUNSHINE_REDIS_URL": "redis://127.0.0.1:1/0", "SUNSHINE_RATE_LIMIT": "2/minute"})
    )
    assert [limits.check("a").is_allowed for _ in range(3)] == [True, True, False]


def test_a_limit_that_cannot_be_read_is_refused_at_the_start() -> None:
    with pytest.raises(SettingRefused, match="SUNSHINE_RATE_LIMIT"):
        Limits(Settings.read({"SUNSHINE_RATE_LIMIT": "many"}))


def test_a_picture_takes_ten_from_the_allowance_and_a_drawing_nothing(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_RATE_LIMIT="25/minute")
    assert "ratelimit" not in visitor.get("/charts/spending-tree@1.svg").headers
    codes = [visitor.get("/charts/spending-tree@1.png").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert int(visitor.get("/api/v1/quota").json()["remaining"]) == 0


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("3000/minute", "每分钟 3,000 次"),
        ("5/hour", "每小时 5 次"),
        ("10/second", "每秒 10 次"),
        ("100/2 minute", "每 120 秒 100 次"),
    ],
)
def test_a_limit_is_said_as_people_say_it(limit: str, said: str) -> None:
    assert limit_in_words(Limits(Settings.read({"SUNSHINE_RATE_LIMIT": limit})).anonymous) == said
