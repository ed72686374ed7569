"""The same suite on SQLite and on a throw-away PostgreSQL that is started here, once for the run."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from portal.writing.database import Database
from portal.writing.migrating import migrate
from tests.writing.office import Office, open_office, staff

BACKENDS = ("sqlite", "postgresql")
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one, the tests do not wait for a disk
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own: the address up to the database's name."""

    base_url: str

    def new_database(self, name: str, template: str = "template1") -> str:
        plain = self.base_url.replace("+psycopg", "")
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return f"{self.base_url}/{name}"


def _fast_folder() -> Path | None:
    return IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None


def _as_postgres() -> dict[str, object]:
    """The server refuses to run as root; `subprocess` can step down by itself."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    assert found, "no PostgreSQL: apt-get install postgresql (./run test does it)"
    programs, folder = found[-1], Path(tempfile.mkdtemp(prefix="sunshine-postgresql-", dir=_fast_folder()))
    step_down = _as_postgres()
    if step_down:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        subprocess.run(  # type: ignore[call-overload]
            [str(programs / program), *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={"PATH": str(programs), "LC_ALL": "C.UTF-8"},
            **step_down,
        )

    cluster, log = str(folder / "cluster"), str(folder / "log")
    run("initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off "
        "-c max_connections=120 -c shared_buffers=32MB"
    )
    run("pg_ctl", "-w", "-D", cluster, "-l", log, "-o", options, "start")
    try:
        yield Server(f"postgresql+psycopg://postgres@127.0.0.1:{port}")
    finally:
        run("pg_ctl", "-m", "immediate", "-D", cluster, "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="sunshine-writing-", dir=_fast_folder()))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def new_database_url(request: pytest.FixtureRequest, folder: Path) -> Callable[[str], str]:
    """Makes a database (`sqlite`, `empty sqlite` without tables, `staffed sqlite` with people) and gives its address."""
    models: dict[str, str] = {}

    def empty(backend: str) -> str:
        number = next(_NUMBERS)
        if backend == "sqlite":
            return f"sqlite:///{folder}/{number}.db"
        server: Server = request.getfixturevalue("postgresql_server")
        return server.new_database(f"sunshine_{number}")

    def copy(backend: str, *, is_staffed: bool) -> str:
        name = f"{backend} {is_staffed}"
        if name not in models:
            models[name] = empty(backend)
            made = Database(models[name])
            migrate(made)
            if is_staffed:
                staff(made)
            made.close()
        model, number = models[name], next(_NUMBERS)
        if backend == "sqlite":
            shutil.copy(model.removeprefix("sqlite:///"), folder / f"{number}.db")
            return f"sqlite:///{folder}/{number}.db"
        server: Server = request.getfixturevalue("postgresql_server")
        return server.new_database(f"sunshine_{number}", template=model.rsplit("/", 1)[1])

    def make(kind: str) -> str:
        state, _, backend = kind.rpartition(" ")
        return empty(backend) if state == "empty" else copy(backend, is_staffed=state == "staffed")

    return make


@pytest.fixture(params=BACKENDS)
def office(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> Iterator[Office]:
    """A database with the people of two invented units; once on SQLite, once on PostgreSQL."""
    made = Database(new_database_url(f"staffed {request.param}"))
    yield open_office(made)
    made.close()


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> Iterator[Database]:
    """A migrated database with nothing in it; once on SQLite, once on PostgreSQL."""
    made = Database(new_database_url(request.param))
    yield made
    made.close()


@pytest.fixture(params=BACKENDS)
def empty_database(
    request: pytest.FixtureRequest, new_database_url: Callable[[str], str]
) -> Iterator[Database]:
    """A database without tables."""
    made = Database(new_database_url(f"empty {request.param}"))
    yield made
    made.close()
