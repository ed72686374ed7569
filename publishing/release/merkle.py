"""The proofs of an append-only Merkle tree (RFC 9162, section 2.1); checking them is in `standalone_verify`."""

from __future__ import annotations

from publishing.release.standalone_verify import node_hash, tree_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaves: list[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, nearest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"the log has {len(leaves)} entries, none at {index}")
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*inclusion_proof(index, leaves[:half]), tree_root(leaves[half:])]
    return [*inclusion_proof(index - half, leaves[half:]), tree_root(leaves[:half])]


def consistency_proof(old_size: int, leaves: list[bytes]) -> list[bytes]:
    """The hashes that show that the tree over `leaves` begins with its first `old_size` leaves."""
    if not 0 < old_size <= len(leaves):
        raise IndexError(f"the log has {len(leaves)} entries and never had {old_size} before that")
    return _subproof(old_size, leaves, whole=True)


def _subproof(old_size: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [tree_root(leaves)]
    half = _split(len(leaves))
    if old_size <= half:
        return [*_subproof(old_size, leaves[:half], whole=whole), tree_root(leaves[half:])]
    return [*_subproof(old_size - half, leaves[half:], whole=False), tree_root(leaves[:half])]


__all__ = ["consistency_proof", "inclusion_proof", "node_hash", "tree_root"]
