"""tau-argus beside us: the same cells, sensitive marks and protection levels, in its own environment.

The environment is made like those of the validators (`requirements/validators/tauargus.txt`). What it withholds is attacked
by our auditor, which trusts neither.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from anonymize.attack import attack
from anonymize.cells import CellTable, table_system
from anonymize.hierarchy import Hierarchy
from anonymize.rules import PrimaryRules

_PYTHON = Path(".cache/venvs/tauargus/bin/python")
OPTIMAL, MODULAR = "optimal", "modular"
_COMMANDS = {OPTIMAL: ("OPT", 1), MODULAR: ("MOD", 5)}
"""Its method, and how many minutes it may take; half a minute more, and it is stopped from outside."""
_RULES = {OPTIMAL: "", MODULAR: "FREQ(1,10)"}
"""The marks and levels are ours. The modular method wants some rule all the same; this one marks nothing further."""
_RUN = """
import json, sys
from pytauargus.engine import run_batch
engine = run_batch("table.arb")
engine.write_intermediate_table(0, "out.tab")
"""


@dataclass(frozen=True)
class Peer:
    """What tau-argus made of an instance. `exposed`: sensitive cells our attacker can estimate too closely."""

    secondary: int
    value: int
    seconds: float
    exposed: int


def run_peer(table: CellTable, method: str) -> Peer | str:
    """Let tau-argus protect a table by its optimal or its modular method; a sentence when it cannot."""
    _, minutes = _COMMANDS[method]
    if not _PYTHON.exists():
        return "not installed here (./run test makes its environment): left out"
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        _write_job(table, where, method)
        began = time.perf_counter()
        command = [str(_PYTHON.absolute()), "-c", _RUN]
        try:
            done = subprocess.run(
                command,
                cwd=where,
                capture_output=True,
                text=True,
                check=False,
                timeout=60 * minutes + 30,
            )
        except subprocess.TimeoutExpired:
            return f"no answer in {minutes} minutes"
        seconds = time.perf_counter() - began
        if done.returncode < 0:
            return f"crashed (signal {-done.returncode})"
        if done.returncode:
            return f"failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
        return _read_answer(table, where / "out.tab", seconds)


def _write_job(table: CellTable, where: Path, method: str) -> None:
    command, minutes = _COMMANDS[method]
    system, assessed = table_system(table, PrimaryRules())
    rows = assessed.with_columns(
        status=pl.when(pl.col("upl") > 0).then(pl.lit("U")).otherwise(pl.lit("S")),
        number=pl.max_horizontal("contributors", 1),
    ).select(*table.dimensions, "value", "number", "status", "lpl", "upl")
    rows.write_csv(where / "table.tab", separator=";", include_header=False)
    described = ['<SEPARATOR> ";"', '<SAFE> "S"', '<UNSAFE> "U"', '<PROTECT> "Z"']
    for name, tree in table.hierarchies.items():
        (where / f"{name}.hrc").write_text("\n".join(_outline(tree, tree.root, 0)) + "\n")
        described += [
            name,
            "  <RECODEABLE>",
            f'  <TOTCODE> "{tree.root}"',
            "  <HIERARCHICAL>",
            f'  <HIERCODELIST> "{name}.hrc"',
            '  <HIERLEADSTRING> "@"',
        ]
    described += ["value", "  <NUMERIC>", "  <DECIMALS> 0", "number", "  <FREQUENCY>", "status", "  <STATUS>"]
    described += ["lpl", "  <NUMERIC> <LOWERPL>", "upl", "  <NUMERIC> <UPPERPL>"]
    (where / "table.rda").write_text("\n".join(described) + "\n")
    variables = "".join(f'"{name}"' for name in table.dimensions)
    (where / "table.arb").write_text(
        '<OPENTABLEDATA> "table.tab"\n<OPENMETADATA> "table.rda"\n'
        f'<SPECIFYTABLE> {variables}|"value"||\n<SAFETYRULE> {_RULES[method]}\n<READTABLE> 1\n<SUPPRESS> {command}(1,{minutes})\n'
    )
    (where / "size.json").write_text(json.dumps(system.size))


def _outline(tree: Hierarchy, code: str, depth: int) -> list[str]:
    lines = []
    for child in tree.children.get(code, ()):
        lines += ["@" * depth + child, *_outline(tree, child, depth + 1)]
    return lines


def _read_answer(table: CellTable, path: Path, seconds: float) -> Peer | str:
    system, _ = table_system(table, PrimaryRules())
    positions = {key: place for place, key in enumerate(system.keys.to_list())}
    withheld = np.zeros(system.size, dtype=np.bool_)
    width = len(table.dimensions)
    roots = [tree.root for tree in table.hierarchies.values()]
    for line in path.read_text().splitlines():
        fields = [field.strip().strip('"') for field in line.split(";")]
        codes = [code or root for code, root in zip(fields[:width], roots, strict=True)]
        place = positions.get("|".join(codes))
        if place is not None and fields[width + 4].upper() in {"U", "M", "D"}:
            withheld[place] = True
    if not withheld[system.sensitive].all():
        return "its answer could not be read: sensitive cells are missing"
    secondary = withheld & ~system.must_withhold
    found = attack(system, withheld)
    return Peer(int(secondary.sum()), int(system.value[secondary].sum()), seconds, len(found.exposures))
