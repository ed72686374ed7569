"""`./run bench pipeline [--sizes 1000000,10000000]`: publishing against a bare group-by over the same payments.

Each step runs in a process of its own, so that its time and peak memory are its own. Baseline, in the same run: Polars in
memory over the text keys of the package's payments, distinct payees and the two largest per budget line, in two stages.
Printed: seconds, peak memory, ratios to the baseline, growth from size to size.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from publishing.build import Request, publish
from publishing.contributors import two_largest
from publishing.home import Home
from publishing.intake import read_package
from publishing.protect import default_policy

CELL = ("line_id",)
PAYEE = pl.coalesce("supplier_id", "payee_id_number", "payee_account").alias("payee")


@dataclass(frozen=True, slots=True)
class Measured:
    """One step: wall seconds inside the process, peak resident memory of the process, a digest of what came out.

    `parts`: seconds of each part of the step, where it tells them.
    """

    seconds: float
    peak_mib: float
    outcome: str
    parts: tuple[tuple[str, float], ...] = ()


def naive(source: Path) -> str:
    """Two stages on text keys, in memory: sum per line and payee, then count and the two largest per line."""
    columns = [*CELL, "supplier_id", "payee_id_number", "payee_account", "amount"]
    payments = pl.read_parquet(source / "payments.parquet", columns=columns)
    sums = payments.group_by(*CELL, PAYEE).agg(pl.col("amount").sum())
    cells = (
        sums.group_by(*CELL)
        .agg(pl.len().alias("payees"), pl.col("amount").sort(descending=True).head(2).alias("top"))
        .sort(*CELL)
    )
    return _digest(cells["payees"].sum(), cells["top"].list.get(0).sum() * 100)


def coded(staged: Path) -> str:
    """The same question of the staged payments: line numbers and payee hashes instead of text."""
    sums = (
        pl.scan_parquet(staged / "staged" / "payments.parquet")
        .select(pl.col("line_ix").alias("cell"), "payee_key", "amount_fen")
        .group_by("cell", "payee_key")
        .agg(pl.col("amount_fen").sum())
        .select("cell", "amount_fen")
        .collect(engine="streaming")
    )
    cells = two_largest(sums)
    return _digest(cells["contributors"].sum(), cells["largest_fen"].sum())


def stage(source: Path, staged: Path) -> str:
    """Intake alone: read, check, code, write."""
    package = read_package(source, workdir=staged)
    return package.digest


def whole(source: Path, home: Path) -> str:
    """The whole recipe of `sunshine publish`; prints how long each of its steps took."""
    marks: list[tuple[str, float]] = []
    request = Request(source, Home(home), default_policy(), "bench", datetime.now(UTC), "bench")
    made = publish(request, lambda step: marks.append((step, time.perf_counter())))
    marks.append(("", time.perf_counter()))
    for (step, begun), (_, ended) in itertools.pairwise(marks):
        print(json.dumps({"step": step, "seconds": ended - begun}))
    return made.manifest.id


def _digest(count: object, amount: object) -> str:
    return f"{count} payees, largest sum {int(str(amount).split('.')[0])}"


def measured(*arguments: str) -> Measured:
    """Run one step of this file in a child process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pipeline", "--step", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    *parts, last = map(json.loads, done.stdout.splitlines())
    return Measured(**last, parts=tuple((part["step"], part["seconds"]) for part in parts))


def run_step(name: str, *paths: str) -> None:
    """Inside the child: do one step and print what it cost."""
    steps: dict[str, Callable[..., str]] = {
        "naive": naive,
        "coded": coded,
        "stage": stage,
        "publish": whole,
    }
    begun = time.perf_counter()
    outcome = steps[name](*map(Path, paths))
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "outcome": outcome}))


def main() -> None:
    """Print one block per size and the growth between sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000000,10000000")
    parser.add_argument(
        "--keep", type=Path, default=None, help="keep the generated packages here between runs"
    )
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        packages = options.keep or Path(folder)
        wholes = {size: _bench(size, packages, Path(folder)) for size in sizes}
    for smaller, larger in itertools.pairwise(sizes):
        growth = wholes[larger].seconds / wholes[smaller].seconds
        print(
            f"growth of the whole publish {smaller:,} -> {larger:,}: {growth:.1f} x time for {larger / smaller:.0f} x payments"
        )


def _bench(size: int, packages: Path, folder: Path) -> Measured:
    source = packages / f"package-{size}"
    if not source.exists():
        subprocess.run(
            [
                sys.executable,
                "-m",
                "portal.cli",
                "generate",
                "--out",
                str(source),
                "--payments",
                str(size),
                "--format",
                "parquet",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    staged = folder / f"staged-{size}"
    staged.mkdir()
    baseline = measured("naive", str(source))
    intake = measured("stage", str(source), str(staged))
    grouped = measured("coded", str(staged))
    published = measured("publish", str(source), str(folder / f"home-{size}"))
    if grouped.outcome != baseline.outcome:
        raise SystemExit(f"the two group-bys disagree: {baseline.outcome} against {grouped.outcome}")
    print(f"{size:,} payments ({(source / 'payments.parquet').stat().st_size / 1e6:.0f} MB of Parquet)")
    for name, step in (
        ("baseline: Polars on text keys", baseline),
        ("coded group-by", grouped),
        ("intake alone", intake),
        ("whole publish", published),
    ):
        ratio = step.seconds / baseline.seconds
        print(f"  {name:<30} {step.seconds:8.2f} s  {ratio:6.2f} x baseline  {step.peak_mib:8.0f} MiB")
        for part, seconds in step.parts:
            print(f"      {part:<60} {seconds:8.2f} s  {seconds / baseline.seconds:6.2f} x baseline")
    unprotected = sum(seconds for part, seconds in published.parts if "protecting" not in part)
    print(
        f"  {'publish without protection':<30} {unprotected:8.2f} s  {unprotected / baseline.seconds:6.2f} x baseline"
    )
    return published


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        run_step(*sys.argv[2:])
    else:
        main()
