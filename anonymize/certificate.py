"""Proof that a pattern protects, checkable with integer arithmetic and no solver.

A certificate holds witnesses: integer vectors d over withheld cells with M d = 0 (no published total changes) and
value + d >= lower (no bound is broken). Then value + d is as possible as value, for anybody who sees only what is
published. For every sensitive cell some witness raises it by at least UPL, and some witness (or the negative of one)
lowers it by at least LPL. Feasible values form a convex set, so the whole interval between is possible too.

The certificate names the system and the pattern by digest, so it proves nothing about any other. **It is internal**: the
size of a witness says something about withheld values. Publish its digest, keep the file.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.errors import CertificateError
from anonymize.suppress import Pattern
from anonymize.system import LARGEST_VALUE, Booleans, Integers, System

MAGIC: Final = b"SUNSHINE-CERTIFICATE-1\n"
_SAFE: Final = 1 << 62
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Certificate:
    """Witnesses, one after the other.

    system, pattern  digests of what is certified
    start            first entry of each witness, and the number of entries at the end
    cells, shifts    the entries
    """

    system: str
    pattern: str
    start: Integers
    cells: Integers
    shifts: Integers

    def to_bytes(self) -> bytes:
        """Serialise: a line of JSON, then the compressed arrays. The same certificate gives the same bytes."""
        body = zlib.compress(
            np.diff(self.start).astype("<u4").tobytes()
            + self.cells.astype("<u4").tobytes()
            + self.shifts.astype("<i8").tobytes(),
            level=6,
        )
        head = {
            "entries": len(self.cells),
            "pattern": self.pattern,
            "system": self.system,
            "witnesses": len(self.start) - 1,
        }
        return MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, content: bytes) -> Certificate:
        """Read what `to_bytes` wrote. Raises CertificateError for anything else."""
        if not content.startswith(MAGIC):
            raise CertificateError("this is no certificate of this program (wrong first line)")
        line, separator, body = content[len(MAGIC) :].partition(b"\n")
        try:
            head = json.loads(line)
            witnesses, entries = _count(head["witnesses"]), _count(head["entries"])
            length = 4 * witnesses + 12 * entries
            inflate = zlib.decompressobj()
            arrays = inflate.decompress(body, length + 1)
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            raise CertificateError(f"the certificate is damaged: {error}") from error
        if not separator or len(arrays) != length or not inflate.eof:
            raise CertificateError("the certificate is damaged: its length is not what its first line says")
        sizes = np.frombuffer(arrays, "<u4", witnesses).astype(np.int64)
        cells = np.frombuffer(arrays, "<u4", entries, 4 * witnesses).astype(np.int64)
        shifts = np.frombuffer(arrays, "<i8", entries, 4 * (witnesses + entries)).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(sizes)])
        if start[-1] != entries:
            raise CertificateError("the certificate is damaged: its witnesses do not fill its entries")
        return cls(str(head["system"]), str(head["pattern"]), start, cells, shifts)


def make_certificate(system: System, pattern: Pattern) -> Certificate:
    """Write down the witnesses of a pattern. Checks nothing: that is `verify_certificate`'s part."""
    sizes = [len(witness.cells) for witness in pattern.witnesses]
    empty = np.zeros(0, dtype=np.int64)
    return Certificate(
        system=system_digest(system),
        pattern=pattern_digest(pattern.withheld),
        start=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
        cells=np.concatenate([empty, *(witness.cells for witness in pattern.witnesses)]),
        shifts=np.concatenate([empty, *(witness.shifts for witness in pattern.witnesses)]),
    )


def verify_certificate(system: System, withheld: Booleans, certificate: Certificate) -> int:
    """Check that the certificate proves this pattern safe for this system; give back how many cells it protects.

    Raises: CertificateError when it is about another system or pattern, when a witness touches a published cell,
    changes a total or breaks a bound, and when a sensitive cell is not moved far enough.
    """
    if certificate.system != system_digest(system):
        raise CertificateError("the certificate is about other cells, values or relations than these")
    if certificate.pattern != pattern_digest(withheld):
        raise CertificateError("the certificate is about another pattern of withheld cells")
    _check_entries(system, withheld, certificate)
    _check_totals(system, certificate)
    risen, fallen = _reach(system, certificate)
    sensitive = system.sensitive
    short = sensitive & ((risen < system.upl) | (fallen < system.lpl))
    if short.any():
        raise CertificateError(f"not protected far enough: {_names(system, short)}")
    return int(sensitive.sum())


def still_proves(system: System, withheld: Booleans, certificate: Certificate) -> bool:
    """Whether the witnesses, whatever they were made for, protect every sensitive cell of this system as well.

    What was free when a release was made is published or withheld afterwards: other states, hence another digest, but the
    same cells. Nothing is believed: every witness is checked against this system, with integers.
    """
    try:
        _check_entries(system, withheld, certificate)
        _check_totals(system, certificate)
        risen, fallen = _reach(system, certificate)
    except CertificateError:
        return False
    return not (system.sensitive & ((risen < system.upl) | (fallen < system.lpl))).any()


def pairs_left_open(system: System, certificate: Certificate) -> frozenset[tuple[int, int]]:
    """Which payees the witnesses leave to be asked about which sensitive cells, as (number of the insider, cell).

    A cell is safe from a payee when some witness moves it far enough, both ways, and leaves everything still in which the
    payee has a part. For a certificate that `verify_certificate` accepted; what is left open is not therefore exposed.
    """
    count = len(certificate.start) - 1
    if not system.insiders or not count:
        return frozenset()
    cells, shifts = certificate.cells, certificate.shifts
    witness = np.repeat(np.arange(count), np.diff(certificate.start))
    one_way = np.zeros(count, dtype=np.bool_)
    one_way[witness[np.abs(shifts) > system.room_below[cells]]] = True
    level = np.maximum(system.upl, system.lpl)[cells]
    protects = system.sensitive[cells] & (np.abs(shifts) >= level) & ~one_way[witness]
    moves = sparse.csr_matrix(
        (np.ones(len(cells), dtype=np.int64), (cells, witness)), shape=(system.size, count)
    )
    safe = sparse.csr_matrix(
        (np.ones(int(protects.sum()), dtype=np.int64), (cells[protects], witness[protects])),
        shape=(system.size, count),
    )
    sensitive = np.flatnonzero(system.sensitive)
    safe = safe[sensitive]
    reasons = np.asarray(safe.sum(axis=1)).ravel()
    found: set[tuple[int, int]] = set()
    for number, insider in enumerate(system.insiders):
        touched = np.asarray(moves[insider.cells].sum(axis=0)).ravel() > 0
        lost = safe @ touched.astype(np.int64)
        own = set(insider.cells[insider.sole].tolist())
        found |= {(number, cell) for cell in sensitive[lost == reasons].tolist() if cell not in own}
    return frozenset(found)


def _check_entries(system: System, withheld: Booleans, certificate: Certificate) -> None:
    cells = certificate.cells
    if len(cells) and (cells.max() >= system.size or cells.min() < 0):
        raise CertificateError("a witness names a cell that does not exist")
    touched = np.zeros(system.size, dtype=np.bool_)
    touched[cells] = True
    open_ones = touched & (~withheld | system.pinned)
    if open_ones.any():
        raise CertificateError(
            f"a witness moves cells that are published or known: {_names(system, open_ones)}"
        )
    witness = np.repeat(np.arange(len(certificate.start) - 1), np.diff(certificate.start))
    if len(np.unique(witness * system.size + cells)) != len(cells):
        raise CertificateError("a witness names the same cell twice")


def _check_totals(system: System, certificate: Certificate) -> None:
    """Check M d = 0 for every witness d, exactly: sums that could leave 64 bits are made in Python integers."""
    sizes = np.diff(certificate.start)
    largest = int(np.abs(certificate.shifts).max(initial=0))
    relations = sparse.csc_matrix(system.relations)
    if largest < LARGEST_VALUE and largest * int(sizes.max(initial=0)) < _SAFE:
        witnesses = sparse.csc_matrix(
            (certificate.shifts, certificate.cells, certificate.start), shape=(system.size, len(sizes))
        )
        sums = sparse.csc_matrix(relations @ witnesses)
        wrong = int(np.count_nonzero(sums.data))
    else:
        wrong = sum(_changed_totals(relations, certificate, witness) for witness in range(len(sizes)))
    if wrong:
        raise CertificateError(f"{wrong} sums of a witness are not zero: it changes published totals")


def _changed_totals(relations: sparse.csc_matrix, certificate: Certificate, witness: int) -> int:
    sums: dict[int, int] = {}
    for entry in range(certificate.start[witness], certificate.start[witness + 1]):
        cell, shift = int(certificate.cells[entry]), int(certificate.shifts[entry])
        for at in range(relations.indptr[cell], relations.indptr[cell + 1]):
            row = int(relations.indices[at])
            sums[row] = sums.get(row, 0) + int(relations.data[at]) * shift
    return sum(1 for total in sums.values() if total)


def _reach(system: System, certificate: Certificate) -> tuple[Integers, Integers]:
    """How far the witnesses can raise and lower each cell, using only those directions that keep all bounds."""
    cells, shifts = certificate.cells, certificate.shifts
    count = len(certificate.start) - 1
    witness = np.repeat(np.arange(count), np.diff(certificate.start))
    room = system.room_below[cells]
    forward = np.ones(count, dtype=np.bool_)
    backward = np.ones(count, dtype=np.bool_)
    forward[witness[-shifts > room]] = False
    backward[witness[shifts > room]] = False
    useless = ~(forward | backward)
    if useless.any():
        raise CertificateError(f"{int(useless.sum())} witnesses break a bound in both directions")
    risen, fallen = np.zeros(system.size, dtype=np.int64), np.zeros(system.size, dtype=np.int64)
    for usable, signed in ((forward[witness], shifts), (backward[witness], -shifts)):
        np.maximum.at(risen, cells[usable], signed[usable])
        np.maximum.at(fallen, cells[usable], -signed[usable])
    return risen, fallen


def system_digest(system: System) -> str:
    """Name a system by everything that matters to an attacker: keys, values, bounds, levels, states, relations."""
    relations = sparse.csr_matrix(system.relations, copy=True)
    relations.sort_indices()
    digest = hashlib.sha256()
    digest.update("\n".join(system.keys.to_list()).encode())
    for numbers in (system.value, system.lower, system.upl, system.lpl):
        digest.update(numbers.astype("<i8").tobytes())
    digest.update(system.state.astype("u1").tobytes())
    for part in (relations.indptr, relations.indices, relations.data):
        digest.update(np.asarray(part).astype("<i8").tobytes())
    return "sha256:" + digest.hexdigest()


def pattern_digest(withheld: NDArray[np.bool_]) -> str:
    """Name a pattern."""
    return (
        "sha256:" + hashlib.sha256(np.packbits(withheld).tobytes() + str(len(withheld)).encode()).hexdigest()
    )


def _names(system: System, cells: Booleans) -> str:
    positions = np.flatnonzero(cells)
    shown = ", ".join(repr(str(system.keys[int(position)])) for position in positions[:_SHOWN])
    return shown + (f" and {len(positions) - _SHOWN} more" if len(positions) > _SHOWN else "")


def _count(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 1 << 31:
        raise ValueError(f"{number!r} is no count")
    return number
