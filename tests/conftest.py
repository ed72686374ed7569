"""One small fictional province for the whole run: two hand-overs, two releases, made once and shared by all workers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from publishing.build import Request, publish
from publishing.home import Home
from publishing.protect import default_policy
from publishing.synthetic import generate
from tests.builders.postgresql import Server, running_postgresql
from tests.builders.voices import Voices

PAYMENTS = 20_000
HAND_OVERS = (date(2026, 9, 30), date(2026, 10, 31))


@pytest.fixture(autouse=True)
def the_environment_is_put_back() -> Iterator[None]:
    """Commands hand settings to their workers through the environment; a test must not hand them to the next."""
    before = dict(os.environ)
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@dataclass(frozen=True)
class Province:
    """The fixture: `sources[n]` and `truths[n]` are the package and planted truth behind release n + 1 of `home`."""

    home: Home
    sources: tuple[Path, ...]
    truths: tuple[Path, ...]


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "province"
    shared.mkdir(exist_ok=True)
    made = Province(
        Home(shared / "home"),
        tuple(shared / f"package-{number}" for number in range(len(HAND_OVERS))),
        tuple(shared / f"truth-{number}.json" for number in range(len(HAND_OVERS))),
    )
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first worker makes it, the others wait
        if not (shared / "done").exists():
            for number, (source, truth, as_of) in enumerate(
                zip(made.sources, made.truths, HAND_OVERS, strict=True)
            ):
                generate(
                    source,
                    payments=PAYMENTS,
                    seed=7,
                    years=(2023, 2026),
                    as_of=as_of,
                    file_format="csv",
                    truth=truth,
                )
                publish(
                    Request(
                        source,
                        made.home,
                        default_policy(),
                        "tests",
                        datetime.now(UTC),
                        "tests",
                        str(as_of),
                        participation=_what_people_said(source, shared / "voices.csv") if number else None,
                    )
                )
            (shared / "done").touch()
    return made


def _what_people_said(source: Path, out: Path) -> Path:
    """Ratings of the largest public projects by enough persons, of one by too few; and some cases."""
    projects = pl.read_csv(source / "projects.csv", infer_schema=False).filter(pl.col("secrecy") == "public")
    largest = projects.sort(pl.col("total_investment").cast(pl.Float64), descending=True)
    voices = Voices()
    for place, code in enumerate(largest["project_id"].head(6).to_list()):
        voices.many(code, 24 - place, aspects=("usefulness", "quality", "progress", "openness"))
    voices.many(largest["project_id"][6], 3)
    for number, (org, region) in enumerate(largest.select("org_id", "region_code").head(12).iter_rows()):
        reply = "late" if number % 5 == 0 else "on_time"
        voices.case(org, region, f"asker-{number}", reply=reply, reply_rating=3 + number % 3)
    return voices.write(out)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A throw-away PostgreSQL, started when the first test of a run wants it."""
    with running_postgresql() as server:
        yield server
