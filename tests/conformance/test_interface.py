"""The description of the interface is valid, and an unfriendly client made from it finds no fault in the server."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from tests.conformance.server import Site, run, validator

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PHASES = "examples,fuzzing"
SEED = "20261031"
FEWEST_CASES = 50


def test_the_description_of_the_interface_is_valid_openapi(site: Site, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_bytes(site.get("/openapi.json"))
    done = run(validator("interfaces", "openapi-spec-validator"), tmp_path / "openapi.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK" in done.stdout


def test_no_request_that_can_be_made_from_the_description_breaks_the_server(
    site: Site, tmp_path: Path
) -> None:
    log = tmp_path / "requests.har"
    done = run(
        validator("interfaces", "schemathesis"), "run", f"{site.url}/openapi.json",
        "--checks", CHECKS, "--phases", PHASES, "--max-examples", "55", "--seed", SEED, "--workers", "1",
        "--no-color", "--warnings", "off", "--no-shrink", "--generation-database", "none",
        "--report", "har", "--report-har-path", log,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    entries = json.loads(log.read_text())["log"]["entries"]
    cases = Counter(urlsplit(entry["request"]["url"]).path for entry in entries)
    asked = [path for path in cases if path.endswith(("/rows", "/aggregate"))]
    assert len(asked) >= 20
    assert min(cases[path] for path in asked) >= FEWEST_CASES
    assert Counter(entry["response"]["status"] for entry in entries)[200] > len(entries) // 4
