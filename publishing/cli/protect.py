"""`sunshine protect`: the disclosure control alone, for any statistician's table."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

import polars as pl
import rich_click as click

from anonymize.cells import SOLE_PAYEE, CellTable, check_table
from anonymize.certificate import Certificate
from anonymize.errors import AnonymizeError, HierarchyError, TableError, TableProblem
from anonymize.hierarchy import Hierarchy
from anonymize.policy import Policy, read_policy
from anonymize.rules import PrimaryRules
from anonymize.standalone import INSIDER_SHARE, protect_table, verify_table
from publishing.cli.options import json_option, print_json, steps

VALUE, CONTRIBUTORS, LARGEST, SECOND = "value", "contributors", "largest", "second_largest"
_NUMBERS = (VALUE, CONTRIBUTORS, LARGEST, SECOND)


@click.command(name="protect")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--hierarchy",
    "hierarchies",
    multiple=True,
    required=True,
    metavar="DIM=FILE.csv",
    help="A dimension column and its code list (code,parent). Once per dimension.",
)
@click.option("--policy", "policy_file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--p", "p_pct", type=str, help="p of the p% rule, in percent (default 10, or the policy's).")
@click.option("--min-contributors", type=click.IntRange(1), help="Default 3, or the policy's.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the results go.")
@click.option("--check", "check_dir", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Do not protect: verify the results in this folder against TABLE, without a solver.")  # fmt: skip
@click.option(
    "--allow-no-contributors", is_flag=True, help="Accept cells with a value but no protected contributor."
)
@json_option
def protect(
    table: Path,
    hierarchies: tuple[str, ...],
    policy_file: Path | None,
    p_pct: str | None,
    min_contributors: int | None,
    out: Path | None,
    check_dir: Path | None,
    allow_no_contributors: bool,
    as_json: bool,
) -> None:
    """Decide which cells of TABLE to withhold so that no sensitive cell can be worked out, prove it and attack it.

    TABLE has one column per dimension and value, contributors, largest, second_largest, with all its totals as rows.
    An optional column sole_payee says who the only contributor of a cell is (any code that is the same in all cells of
    one payee): without it, a payee who is alone in several cells that are no parts of each other is taken for several.

    Writes DIR/table.csv (dimensions, value, status; withheld values blank, nothing about contributors),
    DIR/report.json and DIR/certificate. The last two are internal: they say something about withheld values.

    Exit status: 0 done, 1 refused, 2 wrong use.
    """
    if (out is None) == (check_dir is None):
        raise click.UsageError("give either --out DIR (to protect) or --check DIR (to verify)")
    trees = [_named_file(argument) for argument in hierarchies]
    try:
        policy = read_policy(policy_file.read_bytes()) if policy_file else None
        rules = _rules(policy, p_pct, min_contributors)
        lowest = policy.lowest if policy else 0
        cells = check_table(
            table.name,
            _read_table(table, [name for name, _ in trees]),
            {name: _read_hierarchy(name, path) for name, path in trees},
            lowest=lowest,
            nobody_allowed=allow_no_contributors,
        )
        if check_dir is not None:
            _verify(cells, rules, lowest, check_dir, as_json=as_json)
        elif out is not None:
            _protect(cells, rules, policy, out, as_json=as_json)
    except TableError as error:
        _refuse(_as_in_the_file(error), as_json=as_json)
    except AnonymizeError as error:
        _refuse(error, as_json=as_json)


def _as_in_the_file(error: TableError) -> TableError:
    """Name columns as the file names them."""
    problems = [replace(one, column=SECOND) if one.column == "second" else one for one in error.problems]
    return TableError(error.table, problems)


def verify_protected(table: Path, hierarchies: dict[str, Path], rules: PrimaryRules, folder: Path) -> int:
    """Verify the results in a folder against the original table, without a solver; gives the cells protected.

    Raises: AnonymizeError when anything does not hold.
    """
    trees = {name: _read_hierarchy(name, path) for name, path in hierarchies.items()}
    cells = check_table(table.name, _read_table(table, list(trees)), trees, nobody_allowed=True)
    return _verified(cells, rules, 0, folder)


def _protect(
    cells: CellTable, rules: PrimaryRules, policy: Policy | None, out: Path, *, as_json: bool
) -> None:
    began = time.perf_counter()
    named = {"version": policy.version, "digest": policy.digest} if policy else {}
    lowest = policy.lowest if policy else 0
    named |= {"p": str(rules.p_pct), "min_contributors": str(rules.min_contributors)}
    insiders = policy.insiders if policy else True
    done = protect_table(
        cells,
        rules,
        lowest=lowest,
        insiders=insiders,
        insider_share=policy.insider_share if policy else INSIDER_SHARE,
        policy=named,
        step=steps(quiet=as_json),
    )
    certificate = done.certificate.to_bytes()
    report = done.report.as_json() | {"seconds": round(time.perf_counter() - began, 3)}
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "table.csv", done.frame.write_csv().encode())
    _write(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1).encode(), private=True)
    _write(out / "certificate", certificate, private=True)
    if as_json:
        print_json(report)
        return
    click.echo(
        f"{done.report.withheld} of {done.report.cells} cells withheld "
        f"({done.report.sensitive} sensitive, {done.report.secondary_cells} to protect them, "
        f"value {done.report.secondary_value}); 0 exposed; results in {out}"
    )


def _verify(cells: CellTable, rules: PrimaryRules, lowest: int, folder: Path, *, as_json: bool) -> None:
    protected = _verified(cells, rules, lowest, folder)
    if as_json:
        print_json({"verified": True, "protected_cells": protected})
    else:
        click.echo(
            f"the certificate holds: {protected} sensitive cells are protected, every published value is true"
        )


def _verified(cells: CellTable, rules: PrimaryRules, lowest: int, folder: Path) -> int:
    published = pl.read_csv(folder / "table.csv", infer_schema=False)
    certificate = Certificate.from_bytes((folder / "certificate").read_bytes())
    return verify_table(cells, rules, published, certificate, lowest=lowest)


# ---------------------------------------------------------------- reading and writing


def _rules(policy: Policy | None, p_pct: str | None, min_contributors: int | None) -> PrimaryRules:
    base = policy.rules if policy else PrimaryRules()
    try:
        share = base.p_pct if p_pct is None else Fraction(p_pct)
    except (ValueError, ZeroDivisionError) as error:
        raise click.UsageError(f"--p {p_pct!r} is not a number") from error
    return PrimaryRules(min_contributors or base.min_contributors, share, base.dominance)


def _named_file(argument: str) -> tuple[str, Path]:
    name, separator, path = argument.partition("=")
    if not separator or not name or not Path(path).is_file():
        raise click.UsageError(f"--hierarchy {argument!r}: write DIM=FILE.csv with a file that exists")
    return name, Path(path)


def _read_rows(path: Path) -> pl.DataFrame:
    """Read a CSV as text: codes keep their leading zeros, numbers are checked by us."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
        _refuse_odd_rows(path.name, text)
        return pl.read_csv(content, infer_schema=False, encoding="utf8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = f"line {line} is not UTF-8; save the file as UTF-8"
        raise TableError(path.name, [TableProblem(None, None, reason)]) from error
    except (pl.exceptions.PolarsError, csv.Error) as error:
        raise TableError(
            path.name, [TableProblem(None, None, f"cannot be read as UTF-8 CSV: {error}")]
        ) from error


def _refuse_odd_rows(name: str, text: str) -> None:
    """A column that is there twice, or a row with more fields than columns: no reader can tell which field is meant."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    columns = next(rows, [])
    twice = sorted({column for column in columns if columns.count(column) > 1})
    problems = [TableProblem(None, column, "the column is there twice; keep one") for column in twice]
    problems += [
        TableProblem(row, None, f"{len(fields)} fields, but there are {len(columns)} columns")
        for row, fields in enumerate(rows, start=1)
        if len(fields) > len(columns)
    ]
    if problems:
        raise TableError(name, problems)


def _read_hierarchy(name: str, path: Path) -> Hierarchy:
    rows = _read_rows(path)
    for column in ("code", "parent"):
        if column not in rows.columns:
            raise HierarchyError(name, None, f"{path.name} has no column {column!r}")
    return Hierarchy.from_pairs(
        name, ((code or "", parent or None) for code, parent in rows.select("code", "parent").iter_rows())
    )


def _read_table(path: Path, dimensions: list[str]) -> pl.DataFrame:
    rows = _read_rows(path)
    missing = [column for column in (*dimensions, *_NUMBERS) if column not in rows.columns]
    if missing:
        raise TableError(
            path.name, [TableProblem(None, column, "the column is missing") for column in missing]
        )
    if not rows.height:
        raise TableError(path.name, [TableProblem(None, None, "no cells; give one row per cell")])
    _refuse_forgotten_dimensions(path.name, rows, dimensions)
    numbers = rows.select(pl.col(_NUMBERS).str.strip_chars().str.to_integer(strict=False, dtype=pl.Int64))
    texts = [*dimensions, *(one for one in (SOLE_PAYEE,) if one in rows.columns)]
    return rows.select(texts).hstack(numbers.rename({SECOND: "second"}))


def _refuse_forgotten_dimensions(name: str, rows: pl.DataFrame, dimensions: list[str]) -> None:
    """Rows that differ only in a column without a hierarchy are cells of a dimension that was forgotten."""
    others = [column for column in rows.columns if column not in {*dimensions, *_NUMBERS, SOLE_PAYEE}]
    repeated = rows.select(dimensions).is_duplicated()
    if not others or not repeated.any():
        return
    row = int(repeated.arg_true()[0]) + 1
    reason = "is a dimension without a code list, for rows repeat without it; add --hierarchy {}=FILE.csv"
    raise TableError(name, [TableProblem(row, column, reason.format(column)) for column in others])


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write beside and move into place, so that a reader never sees half a file."""
    beside = path.with_name(path.name + ".part")
    mode = 0o600 if private else 0o644
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(content)
    beside.replace(path)


def _refuse(error: AnonymizeError, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"refused": True, "error": type(error).__name__, "message": str(error)})
    else:
        click.secho(f"未执行 refused: {error}", fg="red", err=True)
    sys.exit(1)
