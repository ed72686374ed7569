"""Lighthouse over the five pages people open most: mobile profile, median of three runs.

    ./run bench lighthouse                 the small province
    ./run bench lighthouse --home DIR      pages of that home instead

Goal: 100 in all four categories, performance 95 or better on the map. A run that Lighthouse itself gives up (it lost the
browser, or the trace) is told and made again, at most five times for a page; a bad score is never run again. Figures are only worth something on a quiet
machine: Lighthouse slows the processor down by four and measures what is left of it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from tests.builders.published import publish_province
from tests.builders.served import CHROMIUM, ROOT, served

PROGRAM = ROOT / ".cache/node/lighthouse/node_modules/lighthouse/cli/index.js"
RUNS = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {
    "FCP": "first-contentful-paint",
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "bytes": "total-byte-weight",
}
PAGES = {
    "home": "/",
    "project": "/projects/P202100005",
    "map": "/map",
    "spending": "/spending",
    "ask": "/ask?q=" + quote("2025年教育支出"),
}
GOALS = {("map", "performance"): 95}
MOST_GIVEN_UP = 5
LONGEST_RUN_S = 240


class GivenUp(Exception):
    """Lighthouse ended a run without having measured the page; the text says why in its words."""


def measured(address: str) -> dict[str, float]:
    """One run: scores from 0 to 100 by category, figures in milliseconds and bytes. Raises: GivenUp."""
    command = [
        "node",
        str(PROGRAM),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=LONGEST_RUN_S,
            env={**os.environ, "CHROME_PATH": CHROMIUM},
        )
    except subprocess.TimeoutExpired as stopped:
        raise GivenUp(f"no result after {LONGEST_RUN_S} s") from stopped
    if not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise GivenUp(said[-1])
    report = json.loads(done.stdout)
    if "runtimeError" in report:
        raise GivenUp(report["runtimeError"]["code"])
    scores = {name: report["categories"][name]["score"] * 100 for name in CATEGORIES}
    return scores | {name: report["audits"][audit]["numericValue"] for name, audit in FIGURES.items()}


def visits_of(address: str, runs: int) -> list[dict[str, float]]:
    """That many runs that came to an end. Raises: GivenUp when too many did not."""
    visits: list[dict[str, float]] = []
    given_up = 0
    while len(visits) < runs:
        try:
            visits.append(measured(address))
        except GivenUp as ended:
            given_up += 1
            print(f"# {address}: Lighthouse gave the run up ({ended}); made again", flush=True)
            if given_up == MOST_GIVEN_UP:
                raise
    return visits


def report(address: str, runs: int) -> None:
    """A line for each page; what misses its goal is marked. A page that cannot be measured is told and passed over."""
    print(
        f"{'page':10}"
        + "".join(f"{name:>16}" for name in CATEGORIES)
        + "".join(f"{name:>9}" for name in FIGURES)
    )
    for page, path in PAGES.items():
        try:
            visits = visits_of(address + path, runs)
        except GivenUp as ended:
            print(f"{page:10} not measured: {ended}", flush=True)
            continue
        median = {name: statistics.median(visit[name] for visit in visits) for name in visits[0]}
        line = f"{page:10}"
        for name in CATEGORIES:
            is_missed = round(median[name]) < GOALS.get((page, name), 100)
            line += f"{median[name]:>14.0f}{' !' if is_missed else '  '}"
        print(line + "".join(f"{median[name]:>9.0f}" for name in FIGURES), flush=True)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--home", type=Path)
    asked.add_argument("--runs", type=int, default=RUNS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = given.home or Path(made) / "small"
        if given.home is None:
            publish_province(home, is_indexed=True)
        with served(home) as address:
            report(address, given.runs)


if __name__ == "__main__":
    main()
