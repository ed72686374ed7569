"""What speaks for and against a stretch of text being a person's name, and how much each thing weighs.

The weights were fitted by logistic regression on annotated sentences in which every name was
exchanged for others, drawn at random, so that no single name could be learnt, and on names of things
from the segmenter's dictionary, most of which were hidden from it, so that what is in no dictionary
is not taken for a person. `log_odds` is above zero when a name is likelier than not.
"""

from __future__ import annotations

from typing import NamedTuple

from anonymize.text import lexicon
from anonymize.text.lattice import WordLattice, cost_inside
from anonymize.text.segments import Segmentation

_WORST_SHAPE = -5.0
_MOST_CROSSING = 15.0
_MOST_NET, _LEAST_NET = 30.0, -8.0
_MOST_LAST = 4.0
_FUNCTION_WORDS = frozenset("和同为与的在是已等未系说")
_FREQUENT = 5.3  # more than three in a million words


class Evidence(NamedTuple):
    """One number for each thing that is looked at; also the shape of the weights."""

    shape: float  # as the lists of characters and words have it
    last: float  # the last character ends names or nouns
    net: float  # how badly dictionary words explain it, less how rare the name is
    crossing: float  # how badly the text reads around it
    guessed: float  # the segmenter guesses a name exactly here
    guessed_across: float  # the segmenter guesses a name that begins or ends elsewhere
    single: float  # one given character
    is_word: float  # the whole is an ordinary word
    given_word: float  # how frequent the given name is as a word
    given_frequent: float  # the given name is a frequent word, and none that is usual as a name
    first_word: float  # how frequent the first two of three characters are as a word
    function_last: float  # it ends in a function word
    left: float  # what stands before it
    right: float  # what stands behind it
    after_verb: float  # an ordinary verb stands before it
    after_character: float  # a single character that is no cue stands before it
    before_noun: float
    before_of: float  # 的
    before_mark: float  # a punctuation mark or space
    before_character: float  # a single character that is no word stands behind it
    paid: float  # a character of paying stands before it
    paid_for: float  # and what is paid for behind it
    place: float  # what follows makes a place or body of it
    firm: float  # it stands inside the name of a firm
    listed: float  # its neighbours in a list look like names


WEIGHTS = Evidence(
    shape=0.7,
    last=0.51,
    net=0.05,
    crossing=-0.65,
    guessed=2.77,
    guessed_across=-1.34,
    single=-2.06,
    is_word=-1.2,
    given_word=0.18,
    given_frequent=-2.23,
    first_word=-0.08,
    function_last=-2.5,
    left=0.72,
    right=1.44,
    after_verb=-0.67,
    after_character=-1.24,
    before_noun=1.44,
    before_of=4.09,
    before_mark=2.59,
    before_character=-1.34,
    paid=1.22,
    paid_for=-0.13,
    place=-7.0,
    firm=-6.0,
    listed=2.07,
)
BIAS = -2.88


def log_odds(evidence: Evidence) -> float:
    """Natural logarithm of how much likelier a name is than no name."""
    return BIAS + sum(weight * value for weight, value in zip(WEIGHTS, evidence, strict=True))


class Surroundings(NamedTuple):
    """What the reader of a text found around a candidate, for `weigh`."""

    left: float
    right: float
    is_cue_before: bool
    is_mark_behind: bool
    is_paid: bool
    is_paid_for: bool
    is_place: bool
    is_in_firm: bool
    listed: float


def weigh(
    lattice: WordLattice,
    segmentation: Segmentation,
    span: tuple[int, int],
    surname_length: int,
    around: Surroundings,
    shape: float,
) -> Evidence:
    """All evidence on the candidate `span` whose first `surname_length` characters are its surname."""
    start, end = span
    text = lattice.text
    name, given = text[start:end], text[start + surname_length : end]
    inside = cost_inside(name)
    crossing = lattice.crossing(start, end, inside)
    rarity = lexicon.surname_weight(name[:surname_length]) + lexicon.given_weight(given)
    is_single = len(given) == 1
    frequency = lexicon.word_frequency(name)
    given_frequency = 0.0 if is_single else lexicon.word_frequency(given)
    next_word, previous_word = lattice.word_at(end), lattice.word_before(start)
    next_tag = lexicon.dictionary_tag(next_word) if next_word else ""
    is_guessed, is_guessed_across = segmentation.guess(start, end)
    is_open_behind = end < len(text) and not around.is_mark_behind
    return Evidence(
        shape=max(_WORST_SHAPE, shape),
        last=max(-_MOST_LAST, min(_MOST_LAST, lexicon.last_weight(name[-1]))),
        net=max(_LEAST_NET, min(_MOST_NET, inside - crossing + rarity)),
        crossing=min(_MOST_CROSSING, crossing),
        guessed=is_guessed,
        guessed_across=is_guessed_across,
        single=is_single,
        is_word=frequency > 0,
        given_word=given_frequency,
        given_frequent=given_frequency > _FREQUENT and not lexicon.is_usual_as_name(given),
        first_word=lexicon.word_frequency(name[:2]) if len(name) > 2 and surname_length == 1 else 0.0,
        function_last=name[-1] in _FUNCTION_WORDS,
        left=around.left,
        right=around.right,
        after_verb=lexicon.dictionary_tag(previous_word).startswith("v") if previous_word else False,
        after_character=not (previous_word or around.is_cue_before),
        before_noun=next_tag.startswith("n"),
        before_of=text[end : end + 1] == "的",
        before_mark=around.is_mark_behind,
        before_character=is_open_behind and not next_word,
        paid=around.is_paid,
        paid_for=around.is_paid and around.is_paid_for,
        place=around.is_place,
        firm=around.is_in_firm,
        listed=around.listed,
    )
