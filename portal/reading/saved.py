"""Questions with a short address that stays: `/q/{hash}`.

A question is a small file named by its own digest, beside the releases: which table of which release, and the
parameters in the one canonical form of `search.plan`. Equal questions have equal addresses, several processes need
share nothing but the folder, and what was published later changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import parse_qsl, urlencode

from portal.reading.errors import Fault, NotInRelease, QueryRefused
from portal.reading.query import shown
from search.plan import from_parameters, to_parameters

View = Literal["rows", "aggregate"]
FOLDER = "queries"
ID = re.compile(r"[a-z2-7]{16}")
LONGEST = 8_000
_ADDRESS = re.compile(
    r"/api/v1/datasets/([a-z0-9_]{1,60})(?:@([1-9][0-9]{0,8}))?/(rows|aggregate)(?:\?(.*))?\Z", re.DOTALL
)
_OF_PAGES = ("cursor", "limit")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one table of one release; `parameters` are canonical and hold no page."""

    dataset: str
    number: int
    view: View
    parameters: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        """The parameters as a query string."""
        return urlencode(self.parameters)

    @property
    def content(self) -> bytes:
        """The file of the question."""
        fields = [self.dataset, self.number, self.view, [list(pair) for pair in self.parameters]]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def id(self) -> str:
        """The short name: eighty bits of the digest of its content."""
        return base64.b32encode(hashlib.sha256(self.content).digest()[:10]).decode().lower()

    def address(self, ending: str = "", *, is_pinned: bool = True) -> str:
        """Where the interface answers it: over its own release, or over the current one; `ending` as `.csv`."""
        pin = f"@{self.number}" if is_pinned else ""
        query = f"?{self.query}" if self.parameters else ""
        return f"/api/v1/datasets/{self.dataset}{pin}/{self.view}{ending}{query}"

    def grouped(self) -> dict[str, list[str]]:
        """The parameters, each with all its values."""
        found: dict[str, list[str]] = {}
        for name, value in self.parameters:
            found.setdefault(name, []).append(value)
        return found


def question_of(address: str, current: int) -> Question:
    """The question an address of the interface asks; one that names no release asks the current one.

    Raises: QueryRefused; whether the table has such columns is not looked at here. SearchError for an operator,
    statistic or limit that does not exist.
    """
    path = re.sub(r"\Ahttps?://[^/?#]+", "", address)
    found = _ADDRESS.match(path)
    if found is None or len(path) > LONGEST:
        raise QueryRefused(
            Fault("of", f"{shown(address)} 不是 rows 或 aggregate 的地址。", "/api/v1/datasets/spending/rows")
        )
    dataset, number, view, query = found.groups()
    pairs = [pair for pair in parse_qsl(query or "", keep_blank_values=True) if pair[0] not in _OF_PAGES]
    plan = from_parameters(dataset, pairs)
    return Question(dataset, int(number or current), cast("View", view), to_parameters(plan))


class Questions:
    """The folder of the questions that were given an address."""

    def __init__(self, home: Path) -> None:
        self.root = home / FOLDER

    def keep(self, question: Question) -> str:
        """Give it its address, which it may have already. Returns its id. Raises: OSError."""
        path = self._path(question.id)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.new")
            draft.write_bytes(question.content)
            draft.replace(path)
        return question.id

    def find(self, name: str) -> Question:
        """The question of that id. Raises: NotInRelease when there is none, or its file is not what it was."""
        path = self._path(name) if ID.fullmatch(name) else None
        if path is not None and path.is_file():
            dataset, number, view, pairs = json.loads(path.read_bytes())
            question = Question(dataset, number, view, tuple((key, value) for key, value in pairs))
            if question.id == name:
                return question
        raise NotInRelease(f"没有短链接 {shown(name)}。")

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / f"{name}.json"
