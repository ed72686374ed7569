from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from pathlib import Path

import polars as pl
import pytest

from publishing.release.keys import load_or_create_signing_key
from publishing.release.store import ReleaseStore
from tests.builders.published import AS_OF, province_tables, publish
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

PARQUET = "/datasets/spending@1/spending.parquet"
CSV = "/datasets/spending@1/spending.csv"


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "jsonl"])
def test_a_file_comes_whole_with_its_digest_as_tag(province: Visitor, ending: str) -> None:
    answer = province.get(f"/datasets/spending@1/spending.{ending}", {"accept-encoding": "identity"})
    digest = hashlib.sha256(answer.content)
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert "immutable" in answer.headers["cache-control"]
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_page_of_a_dataset_states_the_digests_that_are_served(province: Visitor) -> None:
    page = province.browse("/datasets/spending").text
    for ending in ("csv", "parquet"):
        content = province.get(
            f"/datasets/spending@1/spending.{ending}", {"accept-encoding": "identity"}
        ).content
        assert hashlib.sha256(content).hexdigest() in page


def test_text_files_come_compressed_when_asked_with_a_tag_of_their_own(province: Visitor) -> None:
    plain = province.get(CSV, {"accept-encoding": "identity"})
    packed = province.get(CSV, {"accept-encoding": "gzip"})
    assert packed.content == plain.content
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert gzip.compress(plain.content) != b""
    refused = province.get(CSV, {"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=5-9", 5, 9), ("bytes=100-", 100, None), ("bytes=-7", -7, None)],
)
def test_one_range_is_served(province: Visitor, asked: str, first: int, last: int | None) -> None:
    whole = province.get(PARQUET).content
    answer = province.get(PARQUET, {"range": asked})
    expected = whole[first:] if last is None else whole[first : last + 1]
    assert answer.status_code == 206
    assert answer.content == expected
    start = first if first >= 0 else len(whole) + first
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(len(expected))


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-5", "bytes=-", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole_file(province: Visitor, asked: str) -> None:
    assert province.get(PARQUET, {"range": asked}).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_the_file_is_refused_with_its_size(province: Visitor, asked: str) -> None:
    size = len(province.get(PARQUET).content)
    answer = province.get(PARQUET, {"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"


def test_a_range_goes_on_only_in_the_file_it_began_in(province: Visitor) -> None:
    tag = province.get(PARQUET).headers["etag"]
    assert province.get(PARQUET, {"range": "bytes=5-9", "if-range": tag}).status_code == 206
    assert province.get(PARQUET, {"range": "bytes=5-9", "if-range": '"other"'}).status_code == 200


def test_a_file_that_is_there_already_is_not_sent_again(province: Visitor) -> None:
    tag = province.get(PARQUET).headers["etag"]
    again = province.get(PARQUET, {"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_head_tells_the_size_without_the_file(province: Visitor) -> None:
    whole = province.get(PARQUET)
    head = province.ask("HEAD", PARQUET)
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_without_a_number_the_current_release_is_meant(province: Visitor) -> None:
    answer = province.get("/datasets/spending/spending.parquet")
    assert answer.status_code == 302
    assert answer.headers["location"] == PARQUET


@pytest.mark.parametrize(
    "path",
    [
        "/datasets/spending@1/other.csv",
        "/datasets/spending@1/spending.exe",
        "/datasets/spending@1/..%2F..%2Fcurrent",
        "/datasets/spending@1/spending.csv%00",
        "/datasets/nothing@1/nothing.csv",
        "/datasets/spending@9/spending.csv",
        "/releases/1/../../keys/public",
        "/static/..%2f..%2fportal%2fapp.py",
        "/static/%2e%2e/pyproject.toml",
        "/objects/ab/abcd",
        "/.git/config",
        "/.env",
    ],
)
def test_nothing_but_published_files_can_be_had(province: Visitor, path: str) -> None:
    assert province.get(path).status_code == 404


def test_the_data_package_describes_the_files_beside_it(province: Visitor) -> None:
    package = json.loads(province.get("/datasets/spending@1/datapackage.json").content)
    csv = province.get(CSV, {"accept-encoding": "identity"}).content
    assert package["resources"][0]["path"] == "spending.csv"
    assert package["resources"][0]["hash"] == f"sha256:{hashlib.sha256(csv).hexdigest()}"


def test_the_manifest_is_the_signed_one_and_its_proof_is_beside_it(
    province: Visitor, province_home: Path
) -> None:
    stored = (province_home / "public" / "releases" / "000001.json").read_bytes()
    assert province.get("/releases/1/manifest.json").content == stored
    assert "sunshine-public" in province.get("/releases/1/manifest.proof").text
    assert "sunshine-public" in province.get("/log/checkpoint").text
    assert province.get("/log/key").text.startswith("sunshine-public+")


def test_a_withdrawn_release_is_gone_with_its_reason(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=2, projects=8)
    publish(tmp_path, tables)
    second = publish(tmp_path, tables | {"projects": tables["projects"].head(5)})
    key = load_or_create_signing_key(tmp_path / "keys", "public")
    ReleaseStore(tmp_path / "public").withdraw(
        1, reason="误收了一张表", by="甲", at=second.published_at, key=key
    )
    visitor = visitor_to(tmp_path)
    for path in (
        "/datasets/spending@1",
        "/datasets/spending@1/spending.csv",
        "/releases/1",
        "/api/v1/datasets/spending@1/rows",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 410
        assert "误收了一张表" in answer.json()["detail"]
    assert "误收了一张表" in visitor.browse("/releases").text
    assert visitor.get("/api/v1/releases").json()["releases"][1]["withdrawn"] == "误收了一张表"


def test_a_flipped_bit_is_refused_and_told(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=2, counties=2, projects=8))
    visitor = visitor_to(tmp_path)
    digest = visitor.get(CSV).headers["etag"].strip('"')
    objects = list((tmp_path / "public" / "objects").rglob(digest))
    damaged = bytearray(objects[0].read_bytes())
    damaged[100] ^= 1
    objects[0].chmod(0o644)
    objects[0].write_bytes(damaged)
    answer = visitor.get(CSV)
    assert answer.status_code == 503
    assert answer.json()["title"] == "这份数据没有通过校验，暂不提供"
    assert visitor.get("/healthz").json()["status"] == "degraded"
    assert visitor.browse("/spending").status_code == 200


def test_a_damaged_newest_release_is_not_shown_and_the_one_before_is(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=2, projects=8)
    publish(tmp_path, tables)
    newest = publish(tmp_path, tables | {"projects": tables["projects"].head(5)}, as_of=AS_OF)
    digest = newest.table("projects").file("parquet").sha256
    [path] = (tmp_path / "public" / "objects").rglob(digest)
    path.chmod(0o644)
    path.write_bytes(b"nonsense")
    visitor = visitor_to(tmp_path)
    assert visitor.browse("/").headers["x-sunshine-release"] == "1"
    assert visitor.get("/healthz").json()["status"] == "degraded"


def test_the_feed_lists_the_releases(province: Visitor) -> None:
    feed = province.get("/feeds/releases.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "第 1 号发布" in feed.text


def test_files_read_with_polars_hold_exact_money(province: Visitor) -> None:
    table = pl.read_parquet(io.BytesIO(province.get(PARQUET).content))
    assert table.schema["paid"] == pl.Decimal(18, 2)
    assert table.schema["region_code"] == pl.String
