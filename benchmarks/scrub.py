"""Measure the scrubber: recall and precision by kind on annotated sentences, and sentences a second.

`./run bench scrub [--made N] [--seed S] [--json] [CORPUS...]`: the corpora of the tests (one of
them is kept out of tuning) and N sentences made from templates.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from anonymize.text import Scrubber
from benchmarks.scrub_corpus import Sentence, Tally, parse, read, tally
from benchmarks.scrub_templates import line as made_line

_CORPORA = Path(__file__).parents[1] / "tests" / "anonymize" / "corpus"


def measure(scrubber: Scrubber, sentences: list[Sentence]) -> dict[str, object]:
    started, used = time.perf_counter(), time.process_time()
    pairs = [(sentence, scrubber.scrub(sentence.text).spans) for sentence in sentences]
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - used
    clean = [found for sentence, found in pairs if not sentence.spans]
    return {
        "sentences": len(sentences),
        "per_second": round(len(sentences) / seconds),
        "per_cpu_second": round(len(sentences) / cpu_seconds),
        "clean": len(clean),
        "clean_flagged": sum(bool(found) for found in clean),
        "kinds": {
            kind: _row(counts) for kind, counts in tally(pairs).items() if counts.expected or counts.proposed
        },
    }


def _row(counts: Tally) -> dict[str, float]:
    return {
        "expected": counts.expected,
        "recall": round(counts.recall, 4),
        "exact": round(counts.exact / counts.expected, 4) if counts.expected else 1.0,
        "precision": round(counts.precision, 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--made", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    scrubber = Scrubber()
    scrubber.scrub("付款给张伟")
    rng = random.Random(options.seed)  # noqa: S311 - the same sentences every time
    sets = {path.stem: read(path) for path in options.corpus or sorted(_CORPORA.glob("*.txt"))}
    sets["made"] = [parse(made_line(rng), rng) for _ in range(options.made)]
    results = {name: measure(scrubber, sentences) for name, sentences in sets.items() if sentences}
    if options.json:
        print(json.dumps(results, ensure_ascii=False))
        return
    for name, result in results.items():
        print(
            f"\n{name}: {result['sentences']} sentences, {result['per_second']}/s ({result['per_cpu_second']} per CPU second), clean flagged {result['clean_flagged']} of {result['clean']}"
        )
        kinds = result["kinds"]
        assert isinstance(kinds, dict)
        for kind, row in kinds.items():
            print(
                f"  {kind:<13} {row['expected']:>5}  recall {row['recall']:.3f}  exact {row['exact']:.3f}  precision {row['precision']:.3f}"
            )


if __name__ == "__main__":
    main()
