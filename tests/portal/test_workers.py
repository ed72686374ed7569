"""Several processes share files, and the counters when there is a Redis: a client cannot tell which one answered."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import redis

from portal.settings import Settings
from portal.web.limits import Limits
from tests.builders.published import (
    project_month_rows,
    project_rows,
    province_tables,
    publish,
    regions,
    table,
)
from tests.conformance.server import Site, free_port, serving

PROJECTS = 900
WALK = "/api/v1/datasets/project_months/rows?select=project_id,month&limit=300"


@contextmanager
def redis_server(folder: Path) -> Iterator[tuple[str, int]]:
    """A real Redis that keeps nothing; its address and the number of its process."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            client = redis.Redis(port=port)
            for _ in range(100):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
            client.close()
            yield f"redis://127.0.0.1:{port}/0", process.pid
        finally:
            process.kill()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("workers")
    works = project_rows(regions(2, 2), PROJECTS)
    months = table("project_months", project_month_rows(works))
    publish(place, province_tables(cities=2, counties=2, projects=4) | {"project_months": months})
    return place


def asked(site: Site, path: str) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own, so that any process may get it."""
    try:
        with urllib.request.urlopen(site.url + path, timeout=30) as answer:
            return (
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                answer.read(),
            )
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def test_a_walk_over_two_processes_meets_every_key_once_while_a_release_is_published(home: Path) -> None:
    with serving(home, workers=2) as site:
        tags = {asked(site, WALK)[1]["etag"] for _ in range(12)}
        assert len(tags) == 1
        keys, path, promised = [], WALK, 0
        while path:
            page = msgspec.json.decode(asked(site, path)[2])
            promised = promised or page["count"]
            keys += [(row["project_id"], row["month"]) for row in page["rows"]]
            path = (page["next"] or "").removeprefix(site.url)
            if len(keys) == 3_000:
                publish(home, province_tables(cities=2, counties=2, projects=4))
        assert len(keys) == len(set(keys)) == promised == PROJECTS * 10
        deadline = time.monotonic() + 30
        seen = {"1"}
        while seen != {"2"} and time.monotonic() < deadline:
            seen = {asked(site, "/readyz")[1]["x-sunshine-release"] for _ in range(8)}
            time.sleep(0.2)
        assert seen == {"2"}
        old = asked(site, "/api/v1/datasets/project_months@1/rows?limit=1")
        assert msgspec.json.decode(old[2])["count"] == promised


def test_two_processes_with_a_redis_let_exactly_the_limit_through(home: Path, tmp_path: Path) -> None:
    with redis_server(tmp_path) as (address, _):
        limit = {"SUNSHINE_REDIS_URL": address, "SUNSHINE_RATE_LIMIT": "10/minute"}
        with serving(home, workers=2, **limit) as site:
            answers = [asked(site, "/api/v1/releases") for _ in range(16)]
            statuses = [status for status, _, _ in answers]
            assert statuses == [200] * 10 + [429] * 6
            assert [headers["x-ratelimit-remaining"] for _, headers, _ in answers[:3]] == ["9", "8", "7"]
            assert 1 <= int(answers[-1][1]["retry-after"]) <= 60
            quota = msgspec.json.decode(asked(site, "/api/v1/quota")[2])
            assert (quota["limit"], quota["remaining"]) == (10, 0)
            assert asked(site, "/datasets/regions/regions.csv")[0] == 200


def test_a_redis_that_hangs_is_done_without_and_taken_again_when_it_is_back(tmp_path: Path) -> None:
    with redis_server(tmp_path) as (address, process):
        limits = Limits(Settings.read({"SUNSHINE_REDIS_URL": address, "SUNSHINE_RATE_LIMIT": "5/minute"}))
        assert limits.check("a").remaining == 4
        os.kill(process, signal.SIGSTOP)
        started = time.monotonic()
        assert limits.check("a").is_allowed
        assert limits.check("a").is_allowed
        assert time.monotonic() - started < 4
        os.kill(process, signal.SIGCONT)
        limits.forget_trouble()
        assert limits.check("a").remaining <= 3
