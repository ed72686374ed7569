"""Wrong words put right from the words of the index itself and of its lexicon."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_TERMS = 200_000


class Speller:
    """Knows the words of an index, the frequent ones first."""

    def __init__(self, words: Sequence[tuple[str, int]]) -> None:
        """Take words with the number of documents that have them."""
        useful = [(word, count) for word, count in words if len(word) > 1 and not word.isdigit()]
        useful.sort(key=lambda entry: (-entry[1], entry[0]))
        self._words = [word for word, _ in useful[:MAX_TERMS]]

    def nearest(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Words that differ by one slip of the finger (two in words of seven letters and more)."""
        slips = 2 if len(word) > 6 else 1
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=slips, limit=limit)
        return tuple(entry for entry, _, _ in found)

    def corrected(self, words: Sequence[str], is_known: Callable[[str], bool]) -> tuple[tuple[str, str], ...]:
        """Unknown words with the nearest known one."""
        found: list[tuple[str, str]] = []
        for word in words:
            if len(word) < 2 or word.isdigit() or is_known(word):
                continue
            nearest = self.nearest(word, limit=1)
            if nearest:
                found.append((word, nearest[0]))
        return tuple(found)
