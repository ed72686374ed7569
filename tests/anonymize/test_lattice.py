from __future__ import annotations

import pytest

from anonymize.text.lattice import WordLattice, cost_inside


def test_a_word_reads_better_than_its_characters() -> None:
    assert cost_inside("农田") < cost_inside("农") + cost_inside("田")


def test_the_dictionarys_persons_are_no_words() -> None:
    assert cost_inside("郑智化") == pytest.approx(
        cost_inside("郑") + cost_inside("智") + cost_inside("化"), rel=0.2
    )


def test_cutting_a_word_costs_and_cutting_between_words_does_not() -> None:
    lattice = WordLattice("高标准农田建设")
    assert lattice.crossing(0, 3, cost_inside("高标准")) == pytest.approx(0.0)
    assert lattice.crossing(1, 4, cost_inside("标准农")) > 5.0


def test_the_next_and_the_last_word_are_those_of_the_best_reading() -> None:
    lattice = WordLattice("支付王建农机补贴")
    assert lattice.word_before(2) == "支付"
    assert lattice.word_at(4) == "农机"
    assert lattice.word_at(8) == ""
