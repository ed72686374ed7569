"""A stand-in for a Meilisearch server: the few routes the adapter uses, over HTTP, on plain dicts.

It is stricter than it is clever: settings must come before documents, a swap needs both indexes, ids must be of the
characters a server allows. Text is found when every word is a part of a searchable field or of a synonym.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Server:
    """The state of the server."""

    def __init__(self) -> None:
        self.indexes: dict[str, Json] = {}
        self.tasks: list[Json] = []

    def done(self, kind: str) -> Json:
        self.tasks.append({"uid": len(self.tasks), "type": kind, "status": "succeeded"})
        return {**self.task(len(self.tasks) - 1), "status": "enqueued"}

    def task(self, number: int) -> Json:
        task = self.tasks[number]
        return {**task, "taskUid": number, "enqueuedAt": "2026-01-01T00:00:00.0Z"} | dict.fromkeys(
            ("indexUid", "error", "canceledBy", "details", "startedAt", "finishedAt", "duration")
        )

    def index(self, name: str) -> Json:
        if name not in self.indexes:
            raise Refused("index_not_found")
        return self.indexes[name]

    def create(self, body: Json) -> Json:
        if body["uid"] in self.indexes:
            raise Refused("index_already_exists")
        self.indexes[body["uid"]] = {"settings": {}, "rows": {}}
        return self.done("indexCreation")

    def add(self, name: str, lines: bytes) -> Json:
        index = self.index(name)
        if not index["settings"]:
            raise Refused("settings_come_first")
        for line in lines.splitlines():
            row = json.loads(line)
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,511}", row["key"]):
                raise Refused("invalid_document_id")
            index["rows"][row["key"]] = row
        return self.done("documentAdditionOrUpdate")

    def swap(self, body: list[Json]) -> Json:
        first, second = body[0]["indexes"]
        self.index(first), self.index(second)
        self.indexes[first], self.indexes[second] = self.indexes[second], self.indexes[first]
        return self.done("indexSwap")

    def search(self, query: Json) -> Json:
        index = self.index(query["indexUid"])
        settings = index["settings"]
        fields = query.get("attributesToSearchOn", settings.get("searchableAttributes", []))
        words = query["q"].split()
        need = any if query["matchingStrategy"] == "frequency" else all
        rows = [
            row
            for row in index["rows"].values()
            if (not words or need(self._holds(row, fields, word, settings) for word in words))
            and all(_passes(row, expression) for expression in query.get("filter", []))
        ]
        for order in query.get("sort", []):
            name, _, direction = order.partition(":")
            having = [row for row in rows if row[name] is not None]
            having.sort(key=lambda row: row[name], reverse=direction == "desc")
            rows = having + [row for row in rows if row[name] is None]
        size, page = query["hitsPerPage"], query["page"]
        return {
            "hits": [{"document": row["document"]} for row in rows[(page - 1) * size : page * size]],
            "totalHits": len(rows),
            "facetDistribution": {
                name: Counter(map(str, _all(rows, name))) for name in query.get("facets", [])
            },
        }

    def _holds(self, row: Json, fields: list[str], word: str, settings: Json) -> bool:
        text = "\n".join(
            "\n".join(row[name]) if isinstance(row[name], list) else row[name] for name in fields
        )
        return any(spelling in text for spelling in (word, *settings["synonyms"].get(word, ())))


def _all(rows: list[Json], name: str) -> Iterator[Any]:
    for row in rows:
        yield from row[name]


def _passes(row: Json, expression: str) -> bool:
    if found := re.fullmatch(r"(\w+) IN \[(.*)\]", expression):
        values = [json.loads(value) for value in re.findall(r'"(?:[^"\\]|\\.)*"', found[2])]
        return any(value in row[found[1]] for value in values)
    name, sign, number = expression.split(" ")
    amount = row[name]
    return amount is not None and (amount >= int(number) if sign == ">=" else amount <= int(number))


class Handler(BaseHTTPRequestHandler):
    server_state: Server

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer, status = self._route(method, self.path.split("?")[0], body), 200
        except Refused as refused:
            answer = {"message": refused.code, "code": refused.code, "type": "invalid_request", "link": ""}
            status = 404 if refused.code == "index_not_found" else 400
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _route(self, method: str, path: str, body: bytes) -> Json:  # noqa: PLR0911 - one return per route
        state, parts = self.server_state, path.strip("/").split("/")
        match [method, *parts]:
            case ["POST", "indexes"]:
                return state.create(json.loads(body))
            case ["GET", "indexes", name]:
                state.index(name)
                return {"uid": name, "primaryKey": "key"}
            case ["DELETE", "indexes", name]:
                del state.indexes[name]
                return state.done("indexDeletion")
            case ["PATCH", "indexes", name, "settings"]:
                state.index(name)["settings"] = json.loads(body)
                return state.done("settingsUpdate")
            case ["POST", "indexes", name, "documents"]:
                return state.add(name, body)
            case ["POST", "swap-indexes"]:
                return state.swap(json.loads(body))
            case ["GET", "tasks", number]:
                return state.task(int(number))
            case ["POST", "multi-search"]:
                return {"results": [state.search(query) for query in json.loads(body)["queries"]]}
        raise Refused("no_such_route")

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def running() -> Iterator[tuple[str, Server]]:
    """A server on a free port, its address and its state."""
    state = Server()
    handler = type("BoundHandler", (Handler,), {"server_state": state})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", state
        finally:
            server.shutdown()
            thread.join()
