"""Files and exports through the programs people use: DuckDB, polars, pandas, curl, LibreOffice."""

from __future__ import annotations

import hashlib
import io
import urllib.request
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl

from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from tests.builders.published import province_tables, publish
from tests.conformance.server import Site, ask_python, counting, run

FILE = "/datasets/spending@2/spending"
YEAR_SUMS = """
import glob, json, os, sys
import duckdb, duckdb_extension_httpfs
folder = os.path.dirname(duckdb_extension_httpfs.__file__)
connection = duckdb.connect()
connection.load_extension(glob.glob(folder + "/**/httpfs.duckdb_extension", recursive=True)[0])
rows = connection.execute(
    "select fiscal_year, sum(paid) from read_parquet($1) where region_level = 'province' and function_level = 'total'"
    " group by fiscal_year order by fiscal_year", [sys.argv[1]]).fetchall()
print(json.dumps([[year, str(paid)] for year, paid in rows]))
"""
UTF_8_CSV = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"


def year_sums(site: Site) -> list[tuple[int, Decimal]]:
    """What the interface says the province paid in each year."""
    address = f"{FILE.rpartition('/')[0].replace('/datasets', '/api/v1/datasets')}/aggregate"
    query = "?region_level=province&function_level=total&group_by=fiscal_year&measure=paid&sort=fiscal_year"
    rows = site.json(address + query)["rows"]
    return [(row["fiscal_year"], Decimal(str(row["paid"])).quantize(Decimal("0.01"))) for row in rows]


def test_duckdb_sums_a_column_over_http_by_reading_a_fraction_of_the_file(site: Site) -> None:
    size = len(site.get(f"{FILE}.parquet"))
    with counting(site) as relay:
        rows = ask_python("duckdb", YEAR_SUMS, f"{relay.url}{FILE}.parquet")
        fetched = relay.octets
    assert [(year, Decimal(paid)) for year, paid in rows] == year_sums(site)
    assert 0 < fetched < 0.75 * size, f"{fetched} of {size} octets"


def test_polars_scans_a_file_over_http(site: Site) -> None:
    found = (
        pl.scan_parquet(f"{site.url}{FILE}.parquet")
        .filter(pl.col("region_level") == "province", pl.col("function_level") == "total")
        .group_by("fiscal_year")
        .agg(pl.col("paid").sum())
        .sort("fiscal_year")
        .collect()
    )
    assert found.rows() == year_sums(site)


def test_pandas_reads_all_four_formats_from_their_addresses(site: Site) -> None:
    address = f"{site.url}/datasets/regions@2/regions"
    frames = {
        "csv": pd.read_csv(f"{address}.csv", dtype={"region_code": str, "parent_code": str}),
        "parquet": pd.read_parquet(f"{address}.parquet"),
        "jsonl": pd.read_json(f"{address}.jsonl", lines=True, dtype={"region_code": str, "parent_code": str}),
        "xlsx": pd.read_excel(f"{address}.xlsx"),
    }
    named = {
        ending: list(zip(frame["region_code"].astype(str), frame["name"], frame["population"], strict=True))
        for ending, frame in frames.items()
    }
    assert len(named["csv"]) > 100
    assert named["csv"] == named["parquet"] == named["jsonl"] == named["xlsx"]


def test_curl_fetches_a_range_and_resumes_a_broken_download(site: Site, tmp_path: Path) -> None:
    address, whole = f"{site.url}{FILE}.csv", site.get(f"{FILE}.csv")
    part = tmp_path / "part"
    done = run("curl", "--silent", "--fail", "-r", "1000-1999", "-o", part, "-w", "%{http_code}", address)
    assert done.stdout == "206"
    assert part.read_bytes() == whole[1000:2000]
    part.write_bytes(whole[:5000])
    done = run("curl", "--silent", "--fail", "-C", "-", "-o", part, address)
    assert done.returncode == 0
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(whole).digest()
    done = run("curl", "--silent", "--fail", "--compressed", address, "-o", part)
    assert part.read_bytes() == whole


def converted(source: Path, out: Path, *more: str) -> list[tuple[object, ...]]:
    """Open a file with LibreOffice, save it as a workbook, and return the rows of its first sheet."""
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    done = run(
        "soffice",
        profile,
        "--headless",
        "--norestore",
        *more,
        "--convert-to",
        "xlsx",
        "--outdir",
        out,
        source,
    )
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(out / f"{source.stem}.xlsx")
    rows: list[tuple[object, ...]] = [*book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


def test_libreoffice_opens_the_workbook_with_codes_as_text_and_runs_nothing(tmp_path: Path) -> None:
    tables = province_tables(cities=1, counties=2, projects=4)
    hostile = ["=1+1", '=HYPERLINK("http://example.org","x")', "@SUM(A1)", "+1"]
    projects = tables["projects"].with_columns(name=pl.Series(hostile), sector=pl.lit("0012"))
    publish(tmp_path / "home", tables | {"projects": projects})
    release = open_release(ReleaseStore(tmp_path / "home" / "public"))
    source = tmp_path / "projects.xlsx"
    source.write_bytes(release.file("projects", "xlsx").path.read_bytes())
    heading, *rows = converted(source, tmp_path / "out")
    place = {name: position for position, name in enumerate(heading)}
    named = {row[place["project_id"]]: row for row in rows if row[place["project_id"]]}
    assert [named[found][place["name"]] for found in projects["project_id"]] == hostile
    assert {row[place["sector"]] for row in named.values()} == {"0012"}
    adjusted = dict(projects.select("project_id", "adjusted").iter_rows())
    fen = {found: round(Decimal(str(row[place["adjusted"]])) * 100) for found, row in named.items()}
    assert fen == adjusted
    opened = openpyxl.load_workbook(tmp_path / "out" / "projects.xlsx")
    formulas = {
        cell.value for row in opened.worksheets[0].iter_rows() for cell in row if cell.data_type == "f"
    }
    opened.close()
    assert formulas <= {"=TRUE()", "=FALSE()"}  # LibreOffice's own spelling of a truth value
    assert openpyxl.load_workbook(source).worksheets[0].freeze_panes == "A2"


def test_libreoffice_opens_the_csv(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "regions.csv"
    source.write_bytes(site.get("/datasets/regions@2/regions.csv"))
    heading, *rows = converted(source, tmp_path / "out", UTF_8_CSV)
    assert heading == ("region_code", "name", "parent_code", "level", "lon", "lat", "population", "groups")
    expected = pl.read_csv(io.BytesIO(source.read_bytes()))
    assert [(str(row[0]), row[1], row[6]) for row in rows] == [
        (str(row["region_code"]), row["name"], row["population"]) for row in expected.iter_rows(named=True)
    ]


def test_the_answer_to_head_has_the_size_and_the_tag_of_the_file(site: Site) -> None:
    request = urllib.request.Request(f"{site.url}{FILE}.parquet", method="HEAD")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.read() == b""
        size, tag = int(answer.headers["content-length"]), answer.headers["etag"]
    whole = site.get(f"{FILE}.parquet")
    assert (size, tag) == (len(whole), f'"{hashlib.sha256(whole).hexdigest()}"')
