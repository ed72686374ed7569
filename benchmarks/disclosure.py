"""`./run bench disclosure [--full] [--no-peer]`: protecting tables of several sizes and shapes.

Each run has a process of its own, so that its processor seconds (not wall clock: the machine may be shared) and its peak
memory are its own. *Baseline*, on the same instance: one pass over the sensitive cells, each protected by its cheapest
witness, and a clean-up, with nothing improved afterwards. *Peer*: tau-argus (pytauargus) in an environment of its own,
optimal on tables of about 400 cells, where it may take a minute, modular up to 12,000 cells, where it may take five.
*us/cell* are microseconds per cell; the last lines say how seconds and memory grow from one size to the next, as a power
of the cells (1 is linear; means over the seeds).
Values are in fen, of the cells withheld only to protect others. `payees`: the same with single payees as attackers.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from math import log
from statistics import fmean

from anonymize.attack import attack, attack_as_insiders
from anonymize.cells import table_system
from anonymize.certificate import make_certificate, verify_certificate
from anonymize.rules import PrimaryRules
from anonymize.suppress import Pattern, suppress
from anonymize.suppress.construct import build, clean
from anonymize.suppress.draft import Draft
from anonymize.system import Booleans, System
from benchmarks.disclosure_instances import SHAPES, Shape, make_table
from benchmarks.disclosure_peer import MODULAR, OPTIMAL, Peer, run_peer

_QUICK = {"2-D 400": (1, 2, 3), "3-D 400": (1,), "2-D 10k": (1, 2)}
_FULL = {"2-D 400": (1, 2, 3, 4, 5), "3-D 400": (1, 2, 3), "2-D 10k": (1, 2, 3), "3-D 11k": (1, 2), "2-D 72k": (1,), "3-D 70k": (1,)}  # fmt: skip
_PEERS = ((1_000, OPTIMAL), (12_000, MODULAR))
"""Up to how many cells tau-argus runs beside, and by which of its methods."""
_MOST_SECONDS = 1_800.0


@dataclass(frozen=True)
class Measured:
    """One instance protected in one way. Seconds are processor seconds; memory is the process's peak in MiB."""

    cells: int
    sensitive: int
    secondary: int
    value: int
    seconds: float
    attack_seconds: float
    verify_seconds: float
    exposed: int
    narrowed: int
    peak_mib: float


def measure(shape: Shape, seed: int, method: str) -> Measured:
    """Protect, attack and certify one instance. `method`: outsiders, payees or baseline."""
    system, _ = table_system(make_table(shape, seed), PrimaryRules(), insiders=method == "payees")
    began = time.process_time()
    pattern: Pattern | None = None
    if method == "baseline":
        withheld, value = _one_pass(system)
    else:
        pattern = _pattern(system, shape, seed)
        withheld, value = pattern.withheld, pattern.cost(system)
    chosen = time.process_time()
    found = attack(system, withheld)
    exposed = len(found.exposures)
    if method == "payees":
        exposed += len(attack_as_insiders(system, withheld, system.insiders).exposures)
    attacked = verified = time.process_time()
    if pattern is not None:
        certificate = make_certificate(system, pattern)
        made = time.process_time()
        verify_certificate(system, withheld, certificate)
        verified = time.process_time() - made
    return Measured(
        cells=system.size,
        sensitive=int(system.sensitive.sum()),
        secondary=int((withheld & ~system.must_withhold).sum()),
        value=value,
        seconds=chosen - began,
        attack_seconds=attacked - chosen,
        verify_seconds=verified if pattern is not None else 0.0,
        exposed=exposed,
        narrowed=len(pattern.narrowed) if pattern is not None else 0,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _one_pass(system: System) -> tuple[Booleans, int]:
    draft = Draft(system)
    build(draft, lambda: False)
    clean(draft)
    return draft.withheld, int(draft.cost())


def _pattern(system: System, shape: Shape, seed: int) -> Pattern:
    pattern = suppress(system)
    if not isinstance(pattern, Pattern):
        raise SystemExit(f"{shape.name}, seed {seed}: {pattern}")
    return pattern


def in_a_process(shape: Shape, seed: int, method: str) -> Measured | None:
    """Measure in a process of its own; None when it took too long."""
    command = [sys.executable, "-m", "benchmarks.disclosure", "--one", shape.name, str(seed), method]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return Measured(**json.loads(done.stdout))


def lines(shape: Shape, seed: int, kept: list[Measured], *, peer: bool) -> Iterator[str]:
    """Give the lines of one instance; keep what was measured against outsiders."""
    ours = None
    for method in ("baseline", "outsiders", "payees"):
        measured = in_a_process(shape, seed, method)
        if measured is None:
            yield f"{shape.name:<8} {seed:>4} {method:<10} stopped after {_MOST_SECONDS:.0f} s"
            continue
        ours = measured if method == "outsiders" else ours
        yield _line(shape, seed, method, measured)
    if ours is None:
        return
    kept.append(ours)
    chosen = next((method for most, method in _PEERS if ours.cells <= most), None)
    if peer and chosen is not None:
        yield _peer_line(shape, seed, chosen, run_peer(make_table(shape, seed), chosen), ours)


def growth(measured: dict[str, list[Measured]]) -> Iterator[str]:
    """Say how seconds and memory grow with the cells, from each size to the next of the same number of dimensions."""
    for dimensions in ("2-D", "3-D"):
        sizes = [(name, ones) for name, ones in measured.items() if name.startswith(dimensions) and ones]
        for (name, small), (next_name, large) in pairwise(sizes):
            cells = _mean(large, "cells") / _mean(small, "cells")
            factors = [
                (what, _mean(large, field) / max(_mean(small, field), 1e-9))
                for what, field in (
                    ("seconds", "seconds"),
                    ("attack", "attack_seconds"),
                    ("memory", "peak_mib"),
                )
            ]
            told = ", ".join(f"{what} x{by:.1f} (n^{log(by) / log(cells):.2f})" for what, by in factors)
            yield f"growth   {name} to {next_name}: cells x{cells:.1f}, {told}"


def _mean(measured: list[Measured], field: str) -> float:
    return fmean(float(getattr(one, field)) for one in measured)


def _line(shape: Shape, seed: int, method: str, one: Measured) -> str:
    return (
        f"{shape.name:<8} {seed:>4} {method:<10} {one.cells:>6} {one.sensitive:>6} {one.secondary:>6} {one.value:>10.3e} "
        f"{one.seconds:>8.2f} {one.attack_seconds:>8.2f} {one.verify_seconds:>7.3f} {one.exposed:>7} {one.narrowed:>8} "
        f"{one.peak_mib:>6.0f} {1e6 * one.seconds / one.cells:>8.0f}"
    )


def _peer_line(shape: Shape, seed: int, method: str, peer: Peer | str, ours: Measured) -> str:
    start = f"{shape.name:<8} {seed:>4} {'tau-argus':<10} "
    if isinstance(peer, str):
        return f"{start}{method}: {peer}"
    return (
        f"{start}{ours.cells:>6} {ours.sensitive:>6} {peer.secondary:>6} {peer.value:>10.3e} {peer.seconds:>8.2f}"
        f"   {method}; ours / tau-argus {ours.value / max(peer.value, 1):.3f}, exposed by our attacker {peer.exposed}"
    )


def main() -> None:
    """Run as asked."""
    parser = argparse.ArgumentParser(prog="./run bench disclosure", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes up to 72 k cells (half an hour)")
    parser.add_argument("--no-peer", action="store_true", help="leave tau-argus out")
    parser.add_argument("--one", nargs=3, metavar=("SHAPE", "SEED", "METHOD"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    shapes = {shape.name: shape for shape in SHAPES}
    if given.one:
        name, seed, method = given.one
        print(json.dumps(asdict(measure(shapes[name], int(seed), method))))
        return
    print(
        "shape    seed method      cells  sens.  secon.      value  seconds   attack  verify exposed narrowed    MiB  us/cell"
    )
    measured: dict[str, list[Measured]] = {}
    for name, seeds in (_FULL if given.full else _QUICK).items():
        for seed in seeds:
            kept = measured.setdefault(name, [])
            for line in lines(replace(shapes[name]), seed, kept, peer=not given.no_peer):
                print(line, flush=True)
    for line in growth(measured):
        print(line)


if __name__ == "__main__":
    main()
