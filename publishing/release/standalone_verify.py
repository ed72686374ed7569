#!/usr/bin/env python3
"""Check downloaded files of a release against its signed manifest, with nothing but Python's standard library.

    python3 standalone_verify.py FOLDER --key public.pub
    python3 standalone_verify.py spending.csv --key public.pub          (manifest.json and manifest.proof beside it)

FOLDER holds `manifest.json`, `manifest.proof` and any files of that release. What is checked, in this order:
the signature on the log's head (Ed25519, RFC 8032); that the manifest is in the log (Merkle inclusion, RFC 9162);
that the release's id follows from the manifest; that the bytes of every file have the digest written there; and that
the rows of every JSON Lines file have the canonical digest of their table. This file imports nothing of the program
that made the release: whoever does not trust that program can read these lines instead.

Exit status: 0 all is well, 1 something does not match (the first such thing is named), 2 wrong use.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Mismatch(Exception):
    """Something is not what the signed log says. The message names it."""


# ---------------------------------------------------------------- Ed25519, RFC 8032, section 5.1
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, x*y = T/Z


def _add(left: _Point, right: _Point) -> _Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % _P
    b = (left[1] + left[0]) * (right[1] + right[0]) % _P
    c = 2 * left[3] * right[3] * _D % _P
    d = 2 * left[2] * right[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(factor: int, point: _Point) -> _Point:
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _point(encoded: bytes) -> _Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = _point(_BASE_Y.to_bytes(32, "little"))


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `message` under the public key (32 bytes)."""
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, commitment = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    left, right = _times(scalar, _BASE), _add(commitment, _times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % _P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# ---------------------------------------------------------------- Merkle tree, RFC 9162, section 2.1
def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry of the log."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_holds(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    """Whether the entry with hash `leaf` stands at `index` of the tree of `size` entries with that root."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(old_size: int, size: int, old_root: bytes, root: bytes, proof: list[bytes]) -> bool:
    """Whether the tree of `size` entries begins with the entries of the tree of `old_size`."""
    if old_size == size:
        return old_root == root and not proof
    if not 0 < old_size < size or not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else proof
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_found = found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_found, found = node_hash(sibling, old_found), node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


def tree_root(leaves: list[bytes]) -> bytes:
    """Root over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [node_hash(leaves[at], leaves[at + 1]) for at in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) & ~1 :]
    return leaves[0]


# ---------------------------------------------------------------- signed notes and proofs (C2SP)
@dataclass(frozen=True)
class PublicKey:
    """Who signs the log: `name+hash+base64`, where the bytes are 0x01 and the Ed25519 public key."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand before each signature of this key."""
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read the text of a public key.

        Raises: Mismatch when it is none.
        """
        name, _, rest = text.strip().partition("+")
        digits, _, encoded = rest.partition("+")
        content = _unbase64(encoded, "public key")
        key = cls(name, content[1:])
        if content[:1] != b"\x01" or len(content) != 33 or key.key_id.hex() != digits:
            raise Mismatch("the key file does not hold an Ed25519 public key (name+hash+base64)")
        return key


@dataclass(frozen=True)
class Checkpoint:
    """The head of the log: how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Proof:
    """That a manifest is entry `index` of the log whose signed head is `checkpoint`."""

    index: int
    hashes: list[bytes]
    checkpoint: str

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof file.

        Raises: Mismatch when it is none.
        """
        head, _, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
            raise Mismatch("the proof file is not in the form c2sp.org/tlog-proof@v1")
        index = lines[1][len("index ") :]
        if not index.isdecimal():
            raise Mismatch("the proof file has no index")
        return cls(int(index), [_unbase64(line, "proof") for line in lines[2:]], checkpoint)


def open_note(note: str, key: PublicKey) -> str:
    """The text of a signed note, after checking that this key signed it.

    Raises: Mismatch when there is no valid signature of the key.
    """
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if mark != "—" or name != key.name:
            continue
        content = _unbase64(encoded, "signature")
        if content[:4] == key.key_id and ed25519_verify(key.public, text.encode(), content[4:]):
            return text
    raise Mismatch(f"no valid signature of {key.name} on the head of the log")


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a log's head.

    Raises: Mismatch when it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or not lines[1].isdecimal():
        raise Mismatch("the head of the log cannot be read")
    return Checkpoint(lines[0], int(lines[1]), _unbase64(lines[2], "root"))


def open_checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """The head of the log in a signed note.

    Raises: Mismatch when the signature or the text is wrong.
    """
    return parse_checkpoint(open_note(note, key))


def _unbase64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Mismatch(f"the {what} is not valid base64") from None


# ---------------------------------------------------------------- manifest, id, rows
def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def release_entry(manifest: bytes) -> bytes:
    """What the log holds about a release: a function of the manifest's bytes alone."""
    value = json.loads(manifest)
    digest = hashlib.sha256(manifest).hexdigest()
    entry = {
        "kind": "release",
        "subject": str(value["number"]),
        "digest": digest,
        "at": value["published_at"],
    }
    return canonical_json(entry)


def id_of(manifest: dict[str, Any]) -> str:
    """The id that follows from what a manifest says."""
    lineage = {name: value for name, value in manifest["lineage"].items() if name != "program_version"}
    tables = {
        table["name"]: {
            "digest": table["digest"],
            "rows": table["rows"],
            "spec": "sha256:" + hashlib.sha256(canonical_json(table["spec"])).hexdigest(),
        }
        for table in manifest["tables"]
    }
    documents = {document["name"]: document["sha256"] for document in manifest["documents"]}
    content = {
        "format": manifest["format"],
        "audience": manifest["audience"],
        "tables": tables,
        "documents": documents,
        "lineage": lineage,
    }
    return "sha256:" + hashlib.sha256(canonical_json(content)).hexdigest()


def check_manifest(content: bytes, proof_text: str, key: PublicKey) -> dict[str, Any]:
    """The manifest, after checking signature, inclusion in the log and id.

    Raises: Mismatch at the first thing that is wrong.
    """
    try:
        manifest: dict[str, Any] = json.loads(content)
        entry, expected_id = release_entry(content), id_of(manifest)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Mismatch(f"manifest.json is not a manifest: {error!r}") from error
    proof = Proof.parse(proof_text)
    head = open_checkpoint(proof.checkpoint, key)
    if not inclusion_holds(proof.index, head.size, leaf_hash(entry), proof.hashes, head.root):
        raise Mismatch("manifest.json is not the one that the signed log holds")
    if manifest["id"] != expected_id:
        raise Mismatch(f"manifest.json says {manifest['id']}, but its content has {expected_id}")
    return manifest


def json_lines_digest(lines: Iterable[str], spec: dict[str, Any]) -> str:
    """Canonical digest of a table from its JSON Lines file.

    Raises: Mismatch when rows are not in the order of the key or a column is missing.
    """
    columns = [(column["name"], column["type"]) for column in spec["columns"]]
    heading = "\t".join(f"{name}:{kind}" for name, kind in columns)
    digest = hashlib.sha256(f"sunshine-table/1\n{heading}\n".encode())
    before: tuple[Any, ...] | None = None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line, parse_float=_Decimals)
            cells = [_cell(row[name]) for name, _ in columns]
            key = tuple(_sortable(row[name]) for name in spec["key"])
            in_order = before is None or before < key
        except (ValueError, KeyError, TypeError) as error:
            raise Mismatch(f"line {number} is not a row of {spec['name']}: {error!r}") from error
        if not in_order:
            raise Mismatch(f"line {number} is not in the order of the key of {spec['name']}")
        before = key
        digest.update(("\t".join(cells) + "\n").encode())
    return "sha256:" + digest.hexdigest()


class _Decimals(str):
    """A number with decimals, kept as it was written."""

    __slots__ = ()


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, _Decimals)):
        return str(value)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _sortable(value: Any) -> Any:
    return float(value) if isinstance(value, _Decimals) else value


# ---------------------------------------------------------------- files and folders
@dataclass(frozen=True)
class CheckedFile:
    """A file that is what the manifest says, and how far that was checked."""

    name: str
    what: str


def check_file(path: Path, manifest: dict[str, Any]) -> CheckedFile:
    """Check one file by its name, else by its digest.

    Raises: Mismatch when its bytes are not those of the release.
    """
    digest = sha256_of_file(path)
    known = {stored["sha256"]: (table, stored) for table, stored in _listed(manifest)}
    if digest in known:
        table, stored = known[digest]
        return _checked_rows(path, table, stored)
    for _, stored in _listed(manifest):
        if digest == stored.get("gzip_sha256"):
            return CheckedFile(path.name, f"{stored['name']}, compressed: bytes")
    names = {stored["name"] for _, stored in _listed(manifest)}
    if path.name in names:
        raise Mismatch(f"{path.name}: its bytes are not those of release {manifest['number']} ({digest})")
    raise Mismatch(f"{path.name}: release {manifest['number']} has no such file ({digest})")


def _checked_rows(path: Path, table: dict[str, Any] | None, stored: dict[str, Any]) -> CheckedFile:
    if table is None or stored["format"] != "jsonl":
        return CheckedFile(path.name, "bytes")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
        if json_lines_digest(lines, table["spec"]) != table["digest"]:
            raise Mismatch(f"{path.name}: its rows do not have the digest of table {table['name']}")
    return CheckedFile(path.name, "bytes and rows")


def _listed(manifest: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
    for table in manifest["tables"]:
        for stored in table["files"]:
            yield table, stored
    for stored in manifest["documents"]:
        yield None, stored


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def check_folder(folder: Path, key: PublicKey) -> tuple[dict[str, Any], list[CheckedFile]]:
    """Check `manifest.json`, `manifest.proof` and every other file in a folder that belongs to the release.

    Raises: Mismatch at the first thing that is wrong.
    """
    manifest = check_manifest(_read(folder / "manifest.json"), _read(folder / "manifest.proof").decode(), key)
    beside = {"manifest.json", "manifest.proof", "checkpoint", "standalone_verify.py"}
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in beside)
    return manifest, [check_file(path, manifest) for path in paths if path.suffix != ".pub"]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Mismatch(f"{path} cannot be read: {error.strerror}") from error


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description="Check files of a release against its signed manifest.")
    parser.add_argument(
        "path", type=Path, help="a folder with manifest.json and manifest.proof, or one file in it"
    )
    parser.add_argument("--key", type=Path, required=True, help="the public key of the log")
    chosen = parser.parse_args(arguments)
    folder = chosen.path if chosen.path.is_dir() else chosen.path.parent
    try:
        key = PublicKey.parse(_read(chosen.key).decode())
        if chosen.path.is_dir():
            manifest, files = check_folder(folder, key)
        else:
            proof = _read(folder / "manifest.proof").decode()
            manifest = check_manifest(_read(folder / "manifest.json"), proof, key)
            files = [check_file(chosen.path, manifest)]
    except Mismatch as mismatch:
        print(f"MISMATCH: {mismatch}", file=sys.stderr)  # noqa: T201 - a script that stands alone
        return 1
    print(f"release {manifest['number']}, {manifest['id']}: signature, log and id are right")  # noqa: T201
    for checked in files:
        print(f"  {checked.name}: {checked.what} are right")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
