"""Array types and the few vector idioms that the generator is made of."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]

GEOGRAPHY_SEED = 20210101


def generator(seed: int, purpose: str, part: int = 0) -> np.random.Generator:
    """An independent stream of random numbers for one purpose: adding a purpose moves no other stream."""
    label = int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "big")
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, label, part))))


def share_out(total: int, weights: Floats) -> Ints:
    """Whole numbers in the proportion of the weights that add up to exactly `total` (cumulative rounding)."""
    if weights.size == 0:
        return np.zeros(0, dtype=np.int64)
    bounds = np.rint(np.cumsum(weights) / weights.sum() * total).astype(np.int64)
    return np.asarray(np.diff(bounds, prepend=np.int64(0)))


def mixed(values: Hashes) -> Hashes:
    """Scramble 64-bit numbers (the finalizer of splitmix64): neighbours in, unrelated numbers out."""
    scrambled = values + np.uint64(0x9E3779B97F4A7C15)
    scrambled = (scrambled ^ (scrambled >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    scrambled = (scrambled ^ (scrambled >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return scrambled ^ (scrambled >> np.uint64(31))


def position_in_run(lengths: Ints) -> Ints:
    """0, 1, 2 ... inside each run: for lengths (2, 3) that is 0 1 0 1 2."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum()), dtype=np.int64) - np.repeat(starts, lengths)


def sums_of_runs(values: Floats, lengths: Ints) -> Floats:
    """The sum of each run of `values`; every run holds at least one value."""
    return np.add.reduceat(values, np.cumsum(lengths) - lengths)
