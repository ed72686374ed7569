"""A model may say a question in other words; it never sees data, never writes a number, and is off by default."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.reading.answers import Answerer
from search.rephrasing import Rephraser, RephraserAddress, configured_rephraser, is_fit

STRANGE = "2025年澜州市娃娃读书花销咋样呢唉"
PLAIN = "2025年澜州市教育支出是多少？"


@dataclass
class Model:
    """A stub that speaks the protocol: what it will write, and what it was sent."""

    says: str = PLAIN
    status: int = 200
    sent: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def model() -> Iterator[Model]:
    state = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            state.sent.append(f"{self.path} {self.rfile.read(length).decode()}")
            body = json.dumps({"choices": [{"message": {"content": state.says}}]}).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def asking(answerer: Answerer, model: Model) -> Answerer:
    rephrase = Rephraser(RephraserAddress(model.url, "any"))
    return Answerer(answerer.release, answerer.vocabulary, rephrase)


def test_nothing_is_asked_unless_an_address_and_a_model_are_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SUNSHINE_REPHRASE_URL", raising=False)
    assert configured_rephraser() is None
    assert RephraserAddress.configured({"SUNSHINE_REPHRASE_URL": "http://m/v1"}) is None


def test_a_question_that_was_not_understood_is_offered_in_other_words_and_stays_refused(
    answerer: Answerer, model: Model
) -> None:
    answer = asking(answerer, model).ask(STRANGE)
    assert (answer.status, answer.value, answer.suggestions[0]) == ("refused", None, PLAIN)


def test_the_model_sees_the_question_and_no_data(answerer: Answerer, model: Model) -> None:
    asking(answerer, model).ask(STRANGE)
    (sent,) = model.sent
    path, _, body = sent.partition(" ")
    assert path == "/v1/chat/completions"
    messages = json.loads(body)["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert messages[1]["content"] == STRANGE
    amounts = {str(value) for value in answerer.release.table("spending")["paid"].drop_nulls().head(500)}
    assert not any(amount in body for amount in amounts if len(amount) > 4)


@pytest.mark.parametrize(
    "says",
    [
        "无",
        "",
        "教育支出是3亿元",
        "2024年澜州市教育支出是多少？",
        "第一行\n第二行",
        "长" * 500,
        "娃娃读书花销",
    ],
)
def test_what_is_no_readable_question_or_brings_in_a_number_is_thrown_away(
    answerer: Answerer, model: Model, says: str
) -> None:
    model.says = says
    plain = answerer.ask(STRANGE)
    assert asking(answerer, model).ask(STRANGE).suggestions == plain.suggestions


@pytest.mark.parametrize("question", ["2025年国防支出", "天气怎么样", "四川省教育支出", PLAIN])
def test_what_is_withheld_out_of_scope_or_answered_never_reaches_the_model(
    answerer: Answerer, model: Model, question: str
) -> None:
    asking(answerer, model).ask(question)
    assert model.sent == []


def test_a_failing_model_is_left_alone_for_a_while(answerer: Answerer, model: Model) -> None:
    model.status = 500
    asked = asking(answerer, model)
    for _ in range(3):
        assert asked.ask(STRANGE).status == "refused"
    assert len(model.sent) == 1


def test_numbers_in_chinese_count_as_numbers() -> None:
    assert is_fit("澜州二〇二五年读书钱", "澜州二〇二五年教育支出")
    assert not is_fit("澜州读书钱", "澜州教育支出三亿")
