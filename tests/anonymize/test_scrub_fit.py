from __future__ import annotations

from random import Random

import numpy as np
import pytest

from anonymize.lists import named_weights
from anonymize.text import Kind, Scrubber
from anonymize.text.evidence import BIAS, PAIR, PAIRS, Evidence
from benchmarks.scrub_compose import fitting, held_out
from benchmarks.scrub_corpus import tally
from benchmarks.scrub_fit import as_file, fit, fitting_examples, stored_pairs, with_pairs


def numbers(text: str) -> dict[str, float]:
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {name: float(weight) for weight, name in lines}


def test_the_weights_in_use_are_what_the_fit_gives_again() -> None:
    found = fitting_examples()
    pairs = stored_pairs()
    again = numbers(as_file(fit(with_pairs(found.evidence, pairs), found), pairs))
    assert again == pytest.approx(named_weights("name_evidence"), abs=0.02)


def test_every_piece_of_evidence_and_every_pair_has_one_weight() -> None:
    names = [*Evidence._fields, *(one + PAIR + other for one, other in PAIRS), BIAS]
    assert len(set(names)) == len(names)
    assert as_file(np.zeros(len(names)), stored_pairs()).count("\n0.000 ") == len(names)


def test_no_frame_and_no_word_of_the_measure_is_in_the_fit() -> None:
    seen, unseen = fitting(), held_out()
    assert not set(seen.persons) & set(unseen.persons)
    assert not set(seen.clean) & set(unseen.clean)
    assert len(seen.vocabulary["role"]) < len(unseen.vocabulary["role"])


def test_names_are_found_in_frames_that_the_fit_has_not_seen() -> None:
    scrubber = Scrubber()
    sentences = list(held_out().sentences(Random(11), persons=3, clean=3))  # noqa: S311 - the same sentences every time
    pairs = [(sentence, scrubber.scrub(sentence.text).spans) for sentence in sentences]
    names = tally(pairs)[Kind.NAME]
    clean = [found for sentence, found in pairs if not sentence.spans]
    assert names.recall > 0.93
    assert names.precision > 0.95
    assert sum(map(bool, clean)) < 0.06 * len(clean)
