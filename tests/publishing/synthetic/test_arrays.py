from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from stdnum.cn import uscc

from publishing.synthetic.arrays import generator, position_in_run, share_out
from publishing.synthetic.identities import credit_code
from publishing.synthetic.payments import money


@given(st.integers(0, 10**9), st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60))
def test_shares_are_whole_never_negative_and_add_up(total: int, weights: list[float]) -> None:
    shares = share_out(total, np.array(weights))

    assert shares.sum() == total
    assert (shares >= 0).all()


@given(st.lists(st.integers(0, 9), max_size=30))
def test_positions_count_from_zero_in_every_run(lengths: list[int]) -> None:
    expected = [place for length in lengths for place in range(length)]

    assert position_in_run(np.array(lengths, dtype=np.int64)).tolist() == expected


@given(arrays.arrays(np.int64, st.integers(1, 20), elements=st.integers(-(10**15), 10**15)))
def test_fen_become_yuan_without_rounding(fen: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> None:
    assert [int(value * 100) for value in money(fen)] == fen.tolist()


@given(st.integers(0, 99_999_999), st.sampled_from(["91", "12", "11"]))
def test_credit_codes_carry_their_check_character(serial: int, authority: str) -> None:
    assert uscc.is_valid(credit_code(authority, "990102", serial))


def test_streams_of_different_purposes_are_independent_and_repeatable() -> None:
    assert generator(1, "a").integers(1 << 40) == generator(1, "a").integers(1 << 40)
    assert generator(1, "a").integers(1 << 40) != generator(1, "b").integers(1 << 40)
    assert generator(1, "a", 1).integers(1 << 40) != generator(1, "a", 2).integers(1 << 40)
