"""The access log: a line for every answer however it was made, and nobody in it."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from portal.settings import Settings
from portal.web import journal
from portal.web.journal import Journal, Seen, append, lines_of, network_of, told
from tests.builders.published import province_tables, publish
from tests.conformance.server import serving


@pytest.mark.parametrize(
    ("asker", "said"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2::", "2001:db8:1::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("key:0123456789abcdef", "key"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_asker_is_told_by_network_only(asker: str, said: str) -> None:
    assert network_of(asker) == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "/"),
        ("/api/v1/datasets/spending@1/rows", "/api/v1/datasets/spending@1/rows"),
        ("/datasets/spending", "/datasets/spending"),
        ("/choose-password/secret-token", "/choose-password/…"),
        ("/cases/SZ-2026-0001", "/cases/…"),
        ("/desk", "/desk"),
        ("/13800138000", "/…"),
        ("/projects/" + "a" * 300, "/projects/" + "a" * 190 + "…"),
    ],
)
def test_rooms_where_people_write_are_told_by_their_first_part(path: str, said: str) -> None:
    assert told(path) == said


def test_a_line_has_moment_number_network_and_outcome() -> None:
    line = lines_of([(1_700_000_000.25, "n1", "198.51.100.77", "GET", "/healthz", 200, 51, 0.00125)])
    assert json.loads(line) == {
        "at": "2023-11-14T22:13:20.250Z",
        "id": "n1",
        "from": "198.51.100.0/24",
        "method": "GET",
        "path": "/healthz",
        "status": 200,
        "octets": 51,
        "ms": 1.25,
    }


def test_a_full_file_is_put_aside_and_the_oldest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LARGEST_FILE", 10)
    monkeypatch.setattr(journal, "FILES_KEPT", 3)
    place = tmp_path / "logs" / "access.jsonl"
    for number in range(5):
        append(place, b"line number %d\n" % number)
    kept = {found.name: found.read_text() for found in place.parent.iterdir()}
    assert kept == {"access.1.jsonl": "line number 4\n", "access.2.jsonl": "line number 3\n"}


def _append_many(place: Path, writer: int) -> None:
    journal.LARGEST_FILE, journal.FILES_KEPT = 5_000, 100
    for number in range(50):
        append(place, b"".join(b"%d %d %d\n" % (writer, number, part) for part in range(5)))


def test_processes_that_share_a_file_lose_no_line(tmp_path: Path) -> None:
    place = tmp_path / "access.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(place, number)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    lines = [line for found in tmp_path.iterdir() for line in found.read_text().splitlines()]
    assert sorted(lines) == sorted(
        f"{w} {n} {part}" for w in range(2) for n in range(50) for part in range(5)
    )


def test_a_disk_that_refuses_costs_lines_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    found = Journal.of("logs/access.jsonl", tmp_path)
    assert found is not None
    for _ in range(2):
        found.note((0.0, "n", "", "GET", "/", 200, 0, 0.0))
        found.flush()
    assert found.lost == 2
    assert len(caplog.records) == 1


def test_lines_are_made_a_few_at_a_time_and_none_is_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(seen: list[Seen]) -> bytes:
        made.append(len(seen))
        return lines_of(seen)

    monkeypatch.setattr(journal, "lines_of", counted)
    found = Journal(tmp_path / "access.jsonl")
    for number in range(1_000):
        found.note((0.0, f"n{number}", "", "GET", "/", 200, 0, 0.0))
    found.flush()
    assert max(made) <= journal.PIECE
    ids = [json.loads(line)["id"] for line in found.place.read_text().splitlines()]
    assert ids == [f"n{number}" for number in range(1_000)]


def test_what_waits_for_a_slow_disk_is_bounded_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(journal, "MOST_WAITING", 3)
    found = Journal(tmp_path / "access.jsonl")
    for _ in range(5):
        found.note((0.0, "n", "", "GET", "/", 200, 0, 0.0))
    found.flush()
    found.flush()
    assert len(found.place.read_text().splitlines()) == 3
    assert ["lost 2 lines" in record.getMessage() for record in caplog.records] == [True]


def test_every_answer_has_its_line_whichever_way_it_was_made(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=3))
    rows = "/api/v1/datasets/spending/rows"
    with serving(tmp_path) as site:
        for _ in range(3):
            site.get(f"{rows}?limit=2")
        site.get(f"{rows}.csv", {"X-API-Key": "no-such-key"})
        size = len(site.get("/datasets"))
    lines = (tmp_path / "logs" / "access.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    asked = [(line["path"], line["status"], line["from"]) for line in found if line["path"] != "/readyz"]
    local = "127.0.0.0/24"
    assert asked == [*[(rows, 200, local)] * 3, (f"{rows}.csv", 200, local), ("/datasets", 200, local)]
    assert found[-1]["octets"] == size
    assert all(line["octets"] > 0 and line["ms"] >= 0 for line in found)
    assert "no-such-key" not in "".join(lines)
    assert "limit=2" not in "".join(lines)


def test_the_log_may_be_off() -> None:
    settings = Settings.read({"SUNSHINE_ACCESS_LOG": "off"})
    assert Journal.of(settings.access_log, settings.home) is None
