"""Chinese free text in, text without personal identifiers out, and what was found.

`scrub` repeats its pass until a pass finds nothing; marks of earlier passes are barriers that no
detector crosses. So `scrub(scrub(x).text).text == scrub(x).text` by construction, and a name beside
a name that was found is found too. Measured, not perfect: see `benchmarks/scrub.py`.

What is left on purpose: a surname with a form of address (王先生), names that are masked already
(张某某, 李*明), an office's own telephone (after 监督电话, 服务热线 and the like) and mailbox, hotlines
(12345, 400…), villages, roads, public buildings and sites of projects, codes of companies and bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from anonymize.text.addresses import find_addresses
from anonymize.text.contacts import find_contacts
from anonymize.text.folding import fold, with_spoken_digits
from anonymize.text.foreign_names import find_foreign_names
from anonymize.text.lexicon import warm_up
from anonymize.text.names import find_known_names, find_names
from anonymize.text.numbers import find_numbers
from anonymize.text.payees import PayeeNames
from anonymize.text.spans import MARKS, Kind, Scrubbed, Span, Taken, in_original, replace_spans
from anonymize.text.writing import is_japanese

__all__ = ["MARKS", "Kind", "Scrubbed", "Scrubber", "Span", "is_japanese", "scrub"]

_LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
_NOBODY = PayeeNames(())


class Scrubber:
    """Scrubs any number of texts with one set of known names.

    Immutable once made, so threads may share it. Making one reads the word lists and, once a
    process, the segmenter's dictionary.
    """

    def __init__(self, names: Iterable[str] | None = None) -> None:
        self._payees = PayeeNames(names or ())
        warm_up()

    def scrub(self, text: str, *, japanese: bool = False) -> Scrubbed:
        """`text` with marks in place of what names a person, and the spans of `text` they replaced.

        In a Japanese text (one that says so itself, or one that is `japanese` because its column is) Chinese
        names and addresses are not guessed: known names and numbers are found.
        """
        spans: list[Span] = []
        current = text
        names_found: set[str] = set()
        while True:
            known = PayeeNames(names_found) if names_found else _NOBODY
            found = self._one_pass(current, known, japanese=japanese)
            if not found:
                return Scrubbed(current, tuple(spans))
            names_found |= {current[span.start : span.end] for span in found if span.kind is Kind.NAME}
            spans = sorted([*spans, *in_original(found, spans)])
            current = replace_spans(text, spans)

    def _one_pass(self, text: str, found_before: PayeeNames, *, japanese: bool) -> list[Span]:
        folded = fold(text)
        spoken = with_spoken_digits(folded)
        taken = Taken()
        if _LATIN_OR_DIGIT.search(spoken):
            find_contacts(spoken, taken)
            find_numbers(spoken, taken)
        if japanese or is_japanese(folded):
            find_known_names(folded, taken, self._payees)
            return taken.sorted()
        find_addresses(folded, taken)
        find_foreign_names(folded, taken)
        find_names(folded, taken, self._payees, found_before)
        return taken.sorted()


_DEFAULT: Scrubber | None = None


def scrub(text: str, *, names: Iterable[str] | None = None) -> Scrubbed:
    """Scrub one text; for many texts with the same names make one `Scrubber`."""
    if names is not None:
        return Scrubber(names).scrub(text)
    global _DEFAULT  # noqa: PLW0603 - the one scrubber without names, made at first use
    if _DEFAULT is None:
        _DEFAULT = Scrubber()
    return _DEFAULT.scrub(text)
