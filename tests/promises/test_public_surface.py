"""The public surface runs on a machine that has no database and no internal store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import portal
from tests.builders.published import province_tables, publish

PROGRAM = """
import asyncio, json, sys
from pathlib import Path

opened = []
def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    if event in ("sqlite3.connect", "socket.connect", "subprocess.Popen"):
        opened.append(event)
sys.addaudithook(watch)

from portal.app import build_app
from portal.settings import Settings

app = build_app(Settings.read(), "public")

async def ask(path):
    sent, whole = [], asyncio.Event()
    async def receive():
        await whole.wait()
        return {"type": "http.disconnect"}
    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            whole.set()
    await app({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
               "headers": [(b"accept", b"text/html")], "client": ("203.0.113.1", 1), "server": ("portal", 80),
               "scheme": "http", "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"}}, receive, send)
    return sent[0]["status"]

paths = ["/", "/projects", "/projects/P202100000", "/spending", "/regions/990000", "/datasets", "/datasets/spending",
         "/datasets/spending@1/spending.csv", "/api/v1/datasets/spending/rows", "/disclosure", "/releases/1", "/verify"]
statuses = {path: asyncio.run(ask(path)) for path in paths}
names = ["sqlalchemy", "sqlmodel", "aiosqlite", "sqlite3", "psycopg", "publishing.intake", "publishing.build",
         "publishing.release.writer", "publishing.synthetic", "portal.writing.database", "plotly"]
home = Settings.read().home.resolve()
events = ("sqlite3.connect", "socket.connect", "subprocess.Popen")
inside = [name for name in opened if name.startswith(str(home)) or name in events]
print(json.dumps({"statuses": statuses, "loaded": [name for name in names if name in sys.modules], "opened": inside}))
"""


def test_the_public_surface_needs_no_database_and_never_opens_the_internal_store(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=2, counties=2, projects=8))
    root = Path(portal.__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root), "SUNSHINE_HOME": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout.splitlines()[-1])
    assert set(report["statuses"].values()) == {200}
    assert report["loaded"] == []
    assert report["opened"]
    allowed = (str(tmp_path / "public"), str(tmp_path / "search"))
    assert all(name.startswith(allowed) for name in report["opened"]), report["opened"]
