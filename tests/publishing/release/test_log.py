from __future__ import annotations

import base64
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.errors import CorruptObject, ReleaseError
from publishing.release.keys import (
    load_or_create_signing_key,
    load_public_key,
    load_signing_key,
    new_signing_key,
    public_key_text,
)
from publishing.release.log import EMPTY_LOG, LogEntry, LogState, appended, read_log
from publishing.release.merkle import consistency_proof, inclusion_proof
from publishing.release.standalone_verify import (
    Mismatch,
    Proof,
    PublicKey,
    consistency_holds,
    ed25519_verify,
    inclusion_holds,
    leaf_hash,
    open_checkpoint,
    tree_root,
)
from publishing.release.storage import LocalStorage
from tests.publishing.release.builders import KEY

LEAVES = [leaf_hash(str(number).encode()) for number in range(40)]
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def log_of(size: int) -> LogState:
    state = EMPTY_LOG
    for number in range(size):
        state, _ = appended(state, LogEntry("release", str(number + 1), "ab" * 32, MOMENT), KEY, "test")
    return state


# ---------------------------------------------------------------- tree
def test_the_root_is_that_of_rfc_6962() -> None:
    entries = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in entries]
    assert tree_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree_root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert tree_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_inclusion_proof_holds_for_its_leaf_alone() -> None:
    for size in range(1, len(LEAVES)):
        root = tree_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, LEAVES[:size])
            assert inclusion_holds(index, size, LEAVES[index], proof, root)
            assert not inclusion_holds(index, size, LEAVES[size], proof, root)
            assert not inclusion_holds((index + 1) % size, size, LEAVES[index], proof, root) or size == 1
            assert not inclusion_holds(index, size, LEAVES[index], [*proof, root], root)
            assert not proof or not inclusion_holds(index, size, LEAVES[index], proof[:-1], root)


def test_every_consistency_proof_holds_for_its_pair_alone() -> None:
    for size in range(1, len(LEAVES)):
        root = tree_root(LEAVES[:size])
        for old in range(1, size + 1):
            proof, old_root = consistency_proof(old, LEAVES[:size]), tree_root(LEAVES[:old])
            assert consistency_holds(old, size, old_root, root, proof)
            assert not consistency_holds(old, size, LEAVES[39], root, proof)
            assert not consistency_holds(old, size, old_root, LEAVES[39], proof)
            if old < size:
                assert not consistency_holds(old, size, old_root, root, proof[:-1])
                assert not consistency_holds(old, size, old_root, root, [*proof, root])


@given(st.data())
@settings(deadline=None)
def test_no_changed_proof_holds(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 39))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, LEAVES[:size])
    position = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(proof[position])
    changed[bit // 8] ^= 1 << bit % 8
    forged = [*proof[:position], bytes(changed), *proof[position + 1 :]]
    assert not inclusion_holds(index, size, LEAVES[index], forged, tree_root(LEAVES[:size]))


# ---------------------------------------------------------------- signatures
RFC_8032 = (  # section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
)


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032, ids=["empty", "one byte"])
def test_the_signatures_of_rfc_8032_hold(public: str, message: str, signature: str) -> None:
    assert ed25519_verify(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))
    assert not ed25519_verify(bytes.fromhex(public), b"x" + bytes.fromhex(message), bytes.fromhex(signature))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
@settings(max_examples=40, deadline=None)
def test_our_own_check_of_signatures_agrees_with_the_library(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519_verify(public, message, signature)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert ed25519_verify(public, message, bytes(changed)) is _library_says(public, message, bytes(changed))
    assert not ed25519_verify(public, message, bytes(changed))


def _library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_a_signature_with_a_scalar_beyond_the_order_is_refused() -> None:
    public, message, signature = (bytes.fromhex(part) for part in RFC_8032[1])
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order
    assert not ed25519_verify(public, message, signature[:32] + scalar.to_bytes(32, "little"))
    assert not ed25519_verify(public, message, signature[:63])
    assert not ed25519_verify(b"\xff" * 32, message, signature)


# ---------------------------------------------------------------- the signed head and the entries
def test_the_head_is_a_signed_note_that_says_origin_size_and_root() -> None:
    state = log_of(3)
    lines = state.checkpoint.split("\n")
    assert lines[:2] == ["test", "3"]
    assert base64.b64decode(lines[2]) == tree_root(list(state.leaves))
    assert lines[3] == ""
    assert lines[4].startswith("— sunshine-test ")
    assert open_checkpoint(state.checkpoint, KEY.public).size == 3


def test_each_head_continues_the_one_before_it() -> None:
    state = log_of(9)
    for old in range(1, 10):
        proof = state.consistency(old)
        assert consistency_holds(
            old, 9, tree_root(list(state.leaves[:old])), tree_root(list(state.leaves)), proof
        )


@given(st.integers(0, 10_000), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_no_changed_head_is_accepted(position: int, bit: int) -> None:
    note = bytearray(log_of(3).checkpoint.encode())
    note[position % len(note)] ^= 1 << bit
    try:
        head = open_checkpoint(note.decode(), KEY.public)
    except (Mismatch, UnicodeDecodeError):
        return
    assert head == open_checkpoint(
        log_of(3).checkpoint, KEY.public
    )  # e.g. a mark after the signature changed


def test_a_head_of_another_key_or_another_name_is_refused() -> None:
    note = log_of(1).checkpoint
    for stranger in (new_signing_key("sunshine-test").public, PublicKey("other", KEY.public.public)):
        with pytest.raises(Mismatch, match="no valid signature"):
            open_checkpoint(note, stranger)


def written(folder: Path, size: int) -> LocalStorage:
    storage, state = LocalStorage(folder), EMPTY_LOG
    for number in range(size):
        entry = LogEntry("anchor", str(number), "ab" * 32, MOMENT)
        state, files = appended(state, entry, KEY, "test")
        storage.put(*files)
    return storage


@pytest.mark.parametrize("act", ["edit", "delete", "swap", "truncate", "insert"])
def test_a_log_that_was_tampered_with_is_refused(tmp_path: Path, act: str) -> None:
    storage = written(tmp_path, 4)
    paths = [f"log/entries/{position:08d}" for position in range(4)]
    contents = [storage.read(path) for path in paths]
    assert read_log(storage, KEY.public).size == 4
    if act == "edit":
        storage.put((paths[1], contents[1].replace(b"ab", b"ac")))
    elif act == "delete":
        storage.delete(paths[1])
    elif act == "swap":
        storage.put((paths[1], contents[2]), (paths[2], contents[1]))
    elif act == "truncate":
        storage.delete(paths[3])
    else:
        storage.put(*zip(paths, [contents[0], contents[0], *contents[1:3]], strict=True))
    with pytest.raises(CorruptObject, match="the release log cannot be trusted"):
        read_log(storage, KEY.public)


def test_an_entry_that_no_head_covers_does_not_count(tmp_path: Path) -> None:
    storage = written(tmp_path, 2)
    storage.put(("log/entries/00000002", b"{}"))
    assert read_log(storage, KEY.public).size == 2


@pytest.mark.parametrize(
    "text", ["", "x", "c2sp.org/tlog-proof@v1\nindex x\n\n", "c2sp.org/tlog-proof@v1\nindex 0\n!\n\n"]
)
def test_a_proof_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Mismatch):
        Proof.parse(text)


# ---------------------------------------------------------------- keys
def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    made = load_or_create_signing_key(tmp_path / "keys", "public")
    assert load_or_create_signing_key(tmp_path / "keys", "public") == made
    assert stat.S_IMODE((tmp_path / "keys" / "public.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert load_public_key(tmp_path / "keys" / "public.pub") == made.public
    assert made.seed.hex() not in repr(made)
    assert load_or_create_signing_key(tmp_path / "keys", "internal").public.public != made.public.public


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_or_create_signing_key(tmp_path, "public")
    path = tmp_path / "public.key"
    path.chmod(0o644)
    with pytest.raises(ReleaseError, match="chmod 600"):
        load_signing_key(path)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+b+c", "not a key", "PRIVATE+KEY+a+00000000+AQ=="])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "public.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ReleaseError, match="does not hold a signing key"):
        load_signing_key(path)
    with pytest.raises(ReleaseError, match="does not hold a public key"):
        load_public_key(path)


def test_processes_that_make_a_key_at_once_agree_on_one(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from publishing.release.keys import *; "
        "print(public_key_text(load_or_create_signing_key(Path(sys.argv[1]), 'public').public))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    texts = {process.communicate()[0].strip() for process in running}
    assert texts == {public_key_text(load_or_create_signing_key(tmp_path, "public").public).strip()}
