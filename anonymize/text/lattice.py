"""The cheapest readings of a text as a row of dictionary words, from its beginning and from its end.

A name is what no row of words explains well: `crossing` tells how much worse the whole text reads
when a stretch must begin and end at word borders, `cost_inside` how badly the stretch itself reads.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf

from anonymize.text.lexicon import word_cost

_LONGEST_WORD = 5


class WordLattice:
    """Costs (minus logarithms of probabilities) of the best reading up to and from every position."""

    def __init__(self, text: str) -> None:
        self.text = text
        length = len(text)
        self._until = [0.0] + [inf] * length
        self._from = [inf] * length + [0.0]
        self._last_word = [0] * (length + 1)
        self._next_word = [0] * (length + 1)
        words = [_words_at_beginning(text[position : position + _LONGEST_WORD]) for position in range(length)]
        for position in range(length):
            for size, cost in words[position]:
                if self._until[position] + cost < self._until[position + size]:
                    self._until[position + size] = self._until[position] + cost
                    self._last_word[position + size] = size
        for position in reversed(range(length)):
            for size, cost in words[position]:
                if self._from[position + size] + cost < self._from[position]:
                    self._from[position] = self._from[position + size] + cost
                    self._next_word[position] = size

    def crossing(self, start: int, end: int, inside: float) -> float:
        """What it costs to read `start`..`end` by itself (at `inside`) instead of with its neighbours."""
        return max(0.0, self._until[start] + inside + self._from[end] - self._from[0])

    def word_at(self, position: int) -> str:
        """The first word of the best reading of what follows `position`, if it has two and more characters."""
        size = self._next_word[position]
        return self.text[position : position + size] if size > 1 else ""

    def word_before(self, position: int) -> str:
        """The last word of the best reading of what comes before, if it has two and more characters."""
        size = self._last_word[position]
        return self.text[position - size : position] if size > 1 else ""


@lru_cache(maxsize=1 << 17)
def _words_at_beginning(text: str) -> tuple[tuple[int, float], ...]:
    """Lengths and costs of the words that `text` begins with; a single character is always one."""
    single = (1, word_cost(text[0]))
    if text[0] < "\u3400":
        return (single,)
    longer = ((size, word_cost(text[:size])) for size in range(2, len(text) + 1))
    return (single, *(word for word in longer if word[1] < inf))


def cost_inside(text: str) -> float:
    """Cost of the best reading of a short text."""
    best = [0.0] + [inf] * len(text)
    for end in range(1, len(text) + 1):
        best[end] = min(best[start] + word_cost(text[start:end]) for start in range(end))
    return best[-1]
