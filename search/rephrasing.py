"""An optional language model that says a question in words the grammar knows. Off unless an address is configured.

It speaks the OpenAI-compatible protocol (`POST …/chat/completions`). What it sees is the question and a fixed list of
example questions: no table, no number, nothing that is not public. What it writes is only ever offered as another
question, and only when the grammar reads it and it brings in no number that the asker did not write: so no number
of an answer can come from it.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT_SECONDS = 4.0
PAUSE_SECONDS = 60.0
LONGEST = 120
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+")
_INSTRUCTION = (
    "把用户的话改写成一句简短的财政数据问题，只用这些说法：地名、年份或月份、科目或部门、"
    "支出/年初预算/调整预算/执行率/人均支出/占比/同比/排名、项目数、总投资、合同数、合同金额、绩效指标。"
    "不要回答，不要加入用户没有说过的数字、年份或地名。改写不了就只写“无”。"
    "例：2025年全省教育支出是多少？ 2025年哪个市教育支出最多？ 2025年全省教育支出占总支出的比例是多少？ "
    "在建的水利项目有多少个？ 2025年公开招标的合同金额是多少？"
)
_log = logging.getLogger(__name__)

Rephrase = Callable[[str], str | None]
"""A question in, a question in the grammar's words out, or None."""


@dataclass(frozen=True, slots=True)
class RephraserAddress:
    """Where the model is: the base address of its API, its name, and a key when it needs one."""

    url: str
    model: str
    key: str = ""

    @classmethod
    def configured(cls, environment: Mapping[str, str] | None = None) -> RephraserAddress | None:
        """The model of the settings, None when there is none."""
        given = os.environ if environment is None else environment
        url = given.get("SUNSHINE_REPHRASE_URL", "").strip().rstrip("/")
        model = given.get("SUNSHINE_REPHRASE_MODEL", "").strip()
        return cls(url, model, given.get("SUNSHINE_REPHRASE_KEY", "").strip()) if url and model else None


class Rephraser:
    """Asks the model; None whenever it fails, is slow or writes anything but a question. Safe between threads."""

    def __init__(self, address: RephraserAddress, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._lock = threading.Lock()
        self._silent_until = float("-inf")

    def __call__(self, question: str) -> str | None:
        """The question in other words."""
        with self._lock:
            if self._clock() < self._silent_until:
                return None
        try:
            written = self._ask(question)
        except (requests.RequestException, ValueError, LookupError, TypeError) as error:
            with self._lock:
                self._silent_until = self._clock() + PAUSE_SECONDS
            _log.warning("the rephrasing service does not answer, leaving it alone for a minute: %s", error)
            return None
        return written if is_fit(question, written) else None

    def _ask(self, question: str) -> str:
        body: dict[str, Any] = {
            "model": self._address.model,
            "temperature": 0,
            "max_tokens": LONGEST,
            "messages": [
                {"role": "system", "content": _INSTRUCTION},
                {"role": "user", "content": question[: 3 * LONGEST]},
            ],
        }
        headers = {"Authorization": f"Bearer {self._address.key}"} if self._address.key else {}
        answer = requests.post(
            f"{self._address.url}/chat/completions",
            json=body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        answer.raise_for_status()
        return str(answer.json()["choices"][0]["message"]["content"]).strip()


def is_fit(question: str, written: str) -> bool:
    """One line, short, another question than before, and no number that was not in the question."""
    if not 2 < len(written) <= LONGEST or "\n" in written or written == question.strip():
        return False
    return numbers_in(written) <= numbers_in(question)


def numbers_in(text: str) -> frozenset[str]:
    """Every number that is written in a text, in figures or in Chinese."""
    return frozenset(_NUMBER.findall(text))


def configured_rephraser() -> Rephraser | None:
    """The rephraser of the settings; None, which is the default, when there is none."""
    address = RephraserAddress.configured()
    return None if address is None else Rephraser(address)
