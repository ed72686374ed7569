"""A throw-away PostgreSQL for tests: a cluster of our own, in memory where that can be had."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one, the tests do not wait for a disk


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own: the address up to the database's name."""

    base_url: str

    def new_database(self, name: str, template: str = "template1") -> str:
        """Make a database, a copy of another one; returns its address."""
        plain = self.base_url.replace("+psycopg", "")
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return f"{self.base_url}/{name}"


def fast_folder() -> Path | None:
    """Where temporary files are written quickest; None for the usual place."""
    return IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None


def _as_postgres() -> dict[str, object]:
    """The server refuses to run as root; `subprocess` can step down by itself."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def running_postgresql() -> Iterator[Server]:
    """A server until the end of the block; what it held is gone afterwards."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    assert found, "no PostgreSQL: apt-get install postgresql (./run test does it)"
    programs, folder = found[-1], Path(tempfile.mkdtemp(prefix="sunshine-postgresql-", dir=fast_folder()))
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
