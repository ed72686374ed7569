"""What single payees can do to figures that are out, with a certificate that saves work and is not believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from anonymize.certificate import Certificate, make_certificate
from anonymize.suppress import Pattern, suppress
from anonymize.system import FREE, PUBLISHED, WITHHOLD, Insider, System
from publishing.protect.reattack import payees_against


def total_of(*parts: tuple[str, int, str, int]) -> System:
    """A published total of parts, each (key, value, state, protection level); payee `p-x` is alone in part `x`."""
    names = [key for key, *_ in parts]
    cells = pl.DataFrame(
        [("total", sum(value for _, value, *_ in parts), PUBLISHED, 0, 0)]
        + [(key, value, state, level, level) for key, value, state, level in parts],
        schema=["key", "value", "state", "upl", "lpl"],
        orient="row",
    )
    relations = pl.DataFrame({"relation": "sum", "key": ["total", *names], "sign": [1, *(-1 for _ in names)]})
    system = System.from_frames(cells, relations)
    return system.with_insiders(
        [
            Insider(f"p-{key}", np.array([at]), system.value[[at]], np.array([True]))
            for key, at in ((key, system.position(key)) for key in names)
        ]
    )


def certificate_of(system: System) -> Certificate:
    """Proof against outsiders only."""
    pattern = suppress(system.with_insiders(()))
    assert isinstance(pattern, Pattern)
    return make_certificate(system, pattern)


TWO = total_of(("a", 100, WITHHOLD, 10), ("b", 200, WITHHOLD, 20), ("c", 900, PUBLISHED, 0))
THREE = total_of(("a", 100, WITHHOLD, 10), ("b", 200, WITHHOLD, 20), ("c", 900, WITHHOLD, 0))


def test_a_leak_to_a_payee_is_found_although_the_certificate_holds() -> None:
    found = payees_against(TWO, frozenset(), certificate_of(TWO).to_bytes())
    assert {(one.key, one.insider) for one in found.exposures} == {("a", "p-b"), ("b", "p-a")}
    assert all(one.recovered for one in found.exposures)


def test_a_leak_on_the_published_merge_list_is_counted_and_not_alarmed_about() -> None:
    found = payees_against(TWO, frozenset({"b"}), certificate_of(TWO).to_bytes())
    assert [one.key for one in found.exposures] == ["a"]
    assert found.named == 1


def test_what_is_wide_for_every_payee_is_no_leak() -> None:
    found = payees_against(THREE, frozenset(), certificate_of(THREE).to_bytes())
    assert (found.exposures, found.payees) == ((), 3)
    assert 0 < found.certified <= found.attempts


def test_without_a_certificate_the_same_leak_is_found() -> None:
    with_proof = payees_against(TWO, frozenset(), certificate_of(TWO).to_bytes())
    without = payees_against(TWO, frozenset(), None)
    assert {one.key for one in without.exposures} == {one.key for one in with_proof.exposures}


def test_a_certificate_of_other_figures_is_not_believed() -> None:
    honest = certificate_of(THREE)
    forged = replace(honest, shifts=honest.shifts + 1).to_bytes()
    found = payees_against(TWO, frozenset(), forged)
    assert {one.key for one in found.exposures} == {"a", "b"}
    assert found.certified == 0


def test_a_free_cell_of_the_day_of_the_proof_is_the_same_cell_once_it_is_out() -> None:
    before = total_of(("a", 100, FREE, 10), ("b", 200, FREE, 20), ("c", 900, FREE, 0))
    found = payees_against(TWO, frozenset(), certificate_of(before).to_bytes())
    assert {one.key for one in found.exposures} == {"a", "b"}
    assert found.certified > 0
