"""Fit what speaks for and against a name (`anonymize.text.evidence`), and write the weights.

`./run bench scrub_fit [--keep-pairs] [--write]`: sentences are composed (`scrub_compose`), every candidate in them is
weighed, the pairs of evidence that tell more together than apart are chosen one handful at a time by how much the
likelihood gains, and logistic regression with a ridge gives the weights. No chance is left in it but a fixed seed. What is
printed is measured on frames and words that the fit has not seen.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from anonymize.text import Kind
from anonymize.text.addresses import find_addresses
from anonymize.text.contacts import find_contacts
from anonymize.text.evidence import BIAS, PAIR, PAIRS, Evidence
from anonymize.text.folding import fold, with_spoken_digits
from anonymize.text.foreign_names import find_foreign_names
from anonymize.text.names import weighed_candidates
from anonymize.text.numbers import find_numbers
from anonymize.text.spans import Taken
from benchmarks.scrub_compose import fitting, held_out
from benchmarks.scrub_corpus import Sentence, read

Numbers: TypeAlias = npt.NDArray[np.float64]

_ROOT = Path(__file__).parents[1]
_WEIGHTS = _ROOT / "anonymize" / "lists" / "name_evidence.txt"
_TUNING = _ROOT / "tests" / "anonymize" / "corpus" / "tuning.txt"
_NAMES = Evidence._fields
_RIDGE = 2.0
_GIVEN = {"place": -7.0, "firm": -6.0, "shop": -3.5}
"""Weights that are not fitted: no made-up frame tells how often a town or a shop is called like a person."""
_GIVEN_COLUMNS = [_NAMES.index(name) for name in _GIVEN]
_GIVEN_WEIGHTS = np.array(list(_GIVEN.values()))
_OVERLAPPING = 0.5  # the weight of a candidate that overlaps a name: the name itself competes with it
_PERSON_TIMES, _CLEAN_TIMES = 12, 20
_ROUNDS, _PAIRS_A_ROUND = 4, 8
_STEPS = 14
_HEADER = """# How much each piece of evidence on a name weighs, and each pair of them: natural logarithms of odds.
# Fitted by benchmarks/scrub_fit.py on sentences composed of benchmarks/frames; do not edit by hand.
"""


@dataclass(frozen=True, slots=True)
class Examples:
    """Every candidate of many sentences: its evidence, whether it is a name (1 or 0), how much it counts."""

    evidence: Numbers
    is_name: Numbers
    counts: Numbers


def examples(sentences: Iterable[Sentence]) -> Examples:
    """Weigh all candidates of `sentences`, as the scrubber would meet them in its first pass."""
    evidence: list[Evidence] = []
    is_name: list[bool] = []
    counts: list[float] = []
    for sentence in sentences:
        names = {(span.start, span.end) for span in sentence.spans if span.kind is Kind.NAME}
        for (start, end), weighed in _candidates(sentence.text):
            overlaps = any(start < name_end and name_start < end for name_start, name_end in names)
            evidence.append(weighed)
            is_name.append((start, end) in names)
            counts.append(_OVERLAPPING if overlaps and (start, end) not in names else 1.0)
    return Examples(np.array(evidence, float), np.array(is_name, float), np.array(counts))


def _candidates(text: str) -> Iterable[tuple[tuple[int, int], Evidence]]:
    folded = fold(text)
    spoken = with_spoken_digits(folded)
    taken = Taken()
    find_contacts(spoken, taken)
    find_numbers(spoken, taken)
    find_addresses(folded, taken)
    find_foreign_names(folded, taken)
    for (start, end), weighed in weighed_candidates(folded):
        if not any(span.start < end and start < span.end for span in taken.sorted()):
            yield (start, end), weighed


def fitting_examples() -> Examples:
    """What the weights are fitted to."""
    rng = Random(3)  # noqa: S311 - the same sentences every time
    return examples([*fitting().sentences(rng, _PERSON_TIMES, _CLEAN_TIMES), *read(_TUNING)])


def with_pairs(evidence: Numbers, pairs: Iterable[tuple[int, int]]) -> Numbers:
    """The evidence, and behind it the products of `pairs` (columns of it)."""
    return np.column_stack([evidence, *(evidence[:, one] * evidence[:, other] for one, other in pairs)])


def fit(columns: Numbers, found: Examples) -> Numbers:
    """Weights of the columns and, last, the bias: Newton's method on the likelihood less a ridge."""
    mean, spread = columns.mean(0), columns.std(0) + 1e-9
    design = np.column_stack([(columns - mean) / spread, np.ones(len(columns))])
    known = columns[:, _GIVEN_COLUMNS] @ _GIVEN_WEIGHTS
    design[:, _GIVEN_COLUMNS] = 0.0
    ridge = np.diag([_RIDGE] * columns.shape[1] + [0.0])
    solved = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = _chance(design @ solved + known)
        slope = design.T @ (found.counts * (found.is_name - chance)) - ridge @ solved
        bend = (design * (found.counts * chance * (1 - chance))[:, None]).T @ design + ridge
        solved = solved + np.linalg.solve(bend, slope)
    weights = solved[:-1] / spread
    bias = solved[-1] - weights @ mean
    weights[_GIVEN_COLUMNS] = _GIVEN_WEIGHTS
    return np.append(weights, bias)


def _chance(log_odds: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


def choose_pairs(found: Examples) -> list[tuple[int, int]]:
    """The pairs that raise the likelihood most, by the score test, `_PAIRS_A_ROUND` between two fits."""
    chosen: list[tuple[int, int]] = []
    for _ in range(_ROUNDS):
        columns = with_pairs(found.evidence, chosen)
        weights = fit(columns, found)
        gains = _gains(found, _chance(columns @ weights[:-1] + weights[-1]))
        best = sorted(gains, key=lambda pair: -gains[pair])
        chosen += [pair for pair in best if pair not in chosen][:_PAIRS_A_ROUND]
    return chosen


def _gains(found: Examples, chance: Numbers) -> dict[tuple[int, int], float]:
    surprise = found.counts * (found.is_name - chance)
    bend = found.counts * chance * (1 - chance)
    gains: dict[tuple[int, int], float] = {}
    fitted = [column for column in range(found.evidence.shape[1]) if column not in _GIVEN_COLUMNS]
    for one in fitted:
        products = found.evidence[:, one:] * found.evidence[:, [one]]
        products -= products.mean(0)
        gain = (surprise @ products) ** 2 / (bend @ products**2 + _RIDGE)
        gains |= {(one, other): float(gain[other - one]) for other in fitted if other >= one}
    return gains


def stored_pairs() -> list[tuple[int, int]]:
    """The pairs of the weights in use, as columns of the evidence."""
    return [(_NAMES.index(one), _NAMES.index(other)) for one, other in PAIRS]


def as_file(weights: Numbers, pairs: Iterable[tuple[int, int]]) -> str:
    """The list `name_evidence`."""
    names = [*_NAMES, *(f"{_NAMES[one]}{PAIR}{_NAMES[other]}" for one, other in pairs), BIAS]
    return _HEADER + "".join(f"{weight:.3f} {name}\n" for weight, name in zip(weights, names, strict=True))


def _told(found: Examples, log_odds: Numbers) -> str:
    chance = _chance(log_odds)
    likely = np.where(found.is_name == 1, chance, 1 - chance)
    loss = -float((found.counts * np.log(likely + 1e-12)).sum())
    return f"{len(log_odds)} candidates, {int(found.is_name.sum())} names, loss {loss:.0f}, wrong {int(((chance > 0.5) != (found.is_name == 1)).sum())}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep-pairs", action="store_true", help="do not choose the pairs anew")
    parser.add_argument("--write", action="store_true", help="write the weights for the scrubber")
    options = parser.parse_args()
    found = fitting_examples()
    pairs = stored_pairs() if options.keep_pairs else choose_pairs(found)
    weights = fit(with_pairs(found.evidence, pairs), found)
    unseen = examples(held_out().sentences(Random(11), 4, 4))  # noqa: S311 - the same sentences every time
    for name, group in (("fitted", found), ("held out", unseen)):
        print(name, _told(group, with_pairs(group.evidence, pairs) @ weights[:-1] + weights[-1]))
    if options.write:
        _WEIGHTS.write_text(as_file(weights, pairs), encoding="utf-8")


if __name__ == "__main__":
    main()
