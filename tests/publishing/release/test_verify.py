from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from publishing.errors import ReleaseError
from publishing.release import standalone_verify
from publishing.release.download import fetch_for_verifying
from publishing.release.keys import new_signing_key, public_key_text
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from publishing.release.verify import verify_path
from tests.publishing.release.builders import KEY, MOMENT, content, publish, store_in, things

SCRIPT = Path(standalone_verify.__file__)


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """Two releases."""
    made = store_in(tmp_path)
    for paid in (1, 2):
        publish(made, content(things({"paid": paid}, {"code": "002", "name": '引号"和\\'})))
    return made


@pytest.fixture
def folder(store: ReleaseStore, tmp_path: Path) -> Path:
    """What somebody has downloaded of release 2."""
    target = tmp_path / "downloaded"
    target.mkdir()
    release = open_release(store, 2)
    (target / "manifest.json").write_bytes(release.manifest_bytes)
    (target / "manifest.proof").write_text(release.proof_text)
    (target / "portal.pub").write_text(public_key_text(KEY.public))
    for stored in release.manifest.table("things").files:
        shutil.copyfile(release.file("things", stored.format).path, target / stored.name)
    return target


def standalone(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the script as somebody would who has nothing but Python: isolated, without site packages."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def changed(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_downloaded_folder_is_verified_offline(folder: Path) -> None:
    verification = verify_path(folder, key=KEY.public)
    assert verification.ok
    assert "things.jsonl: bytes and rows" in verification.checked
    assert len(verification.checked) == 6
    assert verification.pinned
    assert not verify_path(folder).pinned


def test_one_file_beside_its_manifest_is_verified(folder: Path) -> None:
    assert verify_path(folder / "things.csv", key=KEY.public).checked[-1] == "things.csv: bytes"
    renamed = (folder / "things.csv").rename(folder / "某省数据.csv")
    assert verify_path(renamed, key=KEY.public).ok


@pytest.mark.parametrize(
    "name",
    [
        "things.csv",
        "things.parquet",
        "things.xlsx",
        "things.jsonl",
        "datapackage.json",
        "manifest.json",
        "manifest.proof",
    ],
)
def test_a_changed_file_is_named_and_the_script_agrees(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    changed(folder / name, whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    verification = verify_path(folder, key=KEY.public)
    assert not verification.ok
    if not name.startswith("manifest"):
        assert name in (verification.mismatch or "")
    script = standalone(folder, "--key", folder / "portal.pub")
    assert script.returncode == 1
    assert script.stderr.startswith("MISMATCH")


def test_files_of_another_release_are_not_those_of_this_one(folder: Path, store: ReleaseStore) -> None:
    changed(folder / "things.csv", open_release(store, 1).file("things", "csv").path.read_bytes())
    assert "not those of release 2" in (verify_path(folder, key=KEY.public).mismatch or "")


def test_a_manifest_signed_by_somebody_else_is_refused(folder: Path) -> None:
    verification = verify_path(folder, key=new_signing_key("sunshine-test").public)
    assert verification.mismatch == "no valid signature of sunshine-test on the head of the log"


def test_the_script_needs_nothing_but_python(folder: Path) -> None:
    script = standalone(folder, "--key", folder / "portal.pub")
    assert script.returncode == 0, script.stderr
    assert "signature, log and id are right" in script.stdout
    assert standalone(folder / "things.csv", "--key", folder / "portal.pub").returncode == 0
    assert standalone(folder / "nothing.csv", "--key", folder / "portal.pub").returncode == 1
    assert standalone().returncode == 2


def test_a_compressed_file_is_verified_too(folder: Path, store: ReleaseStore) -> None:
    packed = open_release(store, 2).file("things", "jsonl", encoding="gzip").path
    shutil.copyfile(packed, folder / "things.jsonl.gz")
    assert verify_path(folder, key=KEY.public).ok
    changed(folder / "things.jsonl.gz", gzip.compress(b"{}"))
    assert not verify_path(folder, key=KEY.public).ok


def test_a_store_and_a_home_are_verified_to_the_last_byte(store: ReleaseStore) -> None:
    assert verify_path(store.root, key=KEY.public).checked[-1] == "public: pointer"
    assert verify_path(store.root.parent, key=KEY.public).ok
    for path in store.storage.list("."):
        local = store.storage.local(path)
        whole = local.read_bytes()
        if path.startswith(
            ("acts/", ".lock", "log/key")
        ):  # not covered: names of officials, the lock, a copy of the key
            continue
        for position in {0, len(whole) // 2}:
            changed(local, whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            assert not verify_path(store.root, key=KEY.public).ok, path
        local.unlink()
        assert not verify_path(store.root, key=KEY.public).ok, path
        local.write_bytes(whole)
    assert verify_path(store.root, key=KEY.public).ok


def test_a_log_that_was_cut_is_found_out_by_a_head_kept_elsewhere(
    store: ReleaseStore, tmp_path: Path
) -> None:
    kept = store.log().checkpoint
    store.withdraw(2, reason="错", by="x", at=MOMENT + timedelta(days=1), key=KEY)
    assert verify_path(store.root, key=KEY.public, checkpoint=kept).ok
    other = store_in(tmp_path / "other")
    publish(other)
    verification = verify_path(other.root, key=KEY.public, checkpoint=kept)
    assert "cut or rewritten" in (verification.mismatch or "")
    publish(other)
    assert "cut or rewritten" in (verify_path(other.root, key=KEY.public, checkpoint=kept).mismatch or "")


def test_what_cannot_be_verified_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a")
    for path in (tmp_path, tmp_path / "x.csv"):
        with pytest.raises(ReleaseError, match=r"manifest\.proof"):
            verify_path(path)


@pytest.fixture
def portal(folder: Path, tmp_path: Path) -> Iterator[str]:
    """A server that has the addresses of the portal."""
    site = tmp_path / "site"
    (site / "releases" / "2").mkdir(parents=True)
    (site / "datasets" / "things@2").mkdir(parents=True)
    (site / "log").mkdir()
    for name in ("manifest.json", "manifest.proof"):
        shutil.copyfile(folder / name, site / "releases" / "2" / name)
    shutil.copyfile(folder / "portal.pub", site / "log" / "key")
    shutil.copyfile(folder / "things.csv", site / "datasets" / "things@2" / "things.csv")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_file_or_a_release_at_an_address_is_verified(portal: str, tmp_path: Path) -> None:
    for number, address in enumerate((f"{portal}/datasets/things@2/things.csv", f"{portal}/releases/2")):
        target = tmp_path / str(number)
        target.mkdir()
        assert verify_path(fetch_for_verifying(address, target), key=KEY.public).ok
    with pytest.raises(ReleaseError, match="does not answer"):
        fetch_for_verifying(f"{portal}/releases/3", tmp_path)
    with pytest.raises(ReleaseError, match="give the address"):
        fetch_for_verifying(f"{portal}/datasets/things", tmp_path)
