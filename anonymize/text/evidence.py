"""What speaks for and against a stretch of text being a person's name, and how much each thing weighs.

The weights are fitted by `benchmarks/scrub_fit.py`: logistic regression on sentences composed of frames,
words and names drawn at random, so that no single name can be learnt, and on made-up places and firms,
so that what is in no dictionary is not taken for a person. `log_odds` is above zero when a name is
likelier than not.
"""

from __future__ import annotations

from typing import NamedTuple

from anonymize.lists import named_weights
from anonymize.text import lexicon
from anonymize.text.cues import WORDS_BEHIND
from anonymize.text.lattice import WordLattice, cost_inside
from anonymize.text.segments import Segmentation

_WORST_SHAPE = -5.0
_MOST_CROSSING = 15.0
_MOST_NET, _LEAST_NET = 30.0, -8.0
_MOST_LAST = 4.0
_FUNCTION_WORDS = frozenset("和同为与的在是已等未系说")
_FREQUENT = 5.3  # more than three in a million words
_ANNOUNCED = 2.0
_ACTIONS = ("v", "d", "p", "c", "r")


class Evidence(NamedTuple):
    """One number for each thing that is looked at; also the shape of the weights."""

    shape: float  # as the lists of characters and words have it
    bad_shape: float  # the same where it is below zero
    last: float  # the last character ends names or nouns
    net: float  # how badly dictionary words explain it, less how rare the name is
    crossing: float  # how badly the text reads around it
    guessed: float  # the segmenter guesses a name exactly here
    guessed_across: float  # the segmenter guesses a name that begins or ends elsewhere
    single: float  # one given character
    is_word: float  # the whole is an ordinary word
    word_frequency: float  # and how frequent it is
    word_of_offices: float  # a word of budget language
    word_of_action: float  # a verb or adverb
    word_announced: float  # a word, where a person is announced
    frequency_announced: float
    offices_announced: float
    given_word: float  # how frequent the given name is as a word
    given_frequent: float  # the given name is a frequent word, and none that is usual as a name
    first_word: float  # how frequent the first two of three characters are as a word
    function_last: float  # it ends in a function word
    left: float  # what stands before it
    right: float  # what stands behind it
    announced: float  # a label, a role or a list of names says that a person comes next
    fills_field: float  # it stands alone behind a label
    word_fills_field: float
    verb_surname: float  # its surname is a verb, a preposition or another word of one character
    verb_surname_announced: float
    within_word: float  # its surname is also a character of many words, and nothing ends before it
    seldom_surname: float  # its surname is that of few families, and nothing ends before it
    unlisted_surname: float
    compound_surname: float
    after_verb: float  # an ordinary verb stands before it
    after_character: float  # a single character that is no cue stands before it
    before_noun: float
    before_verb: float
    before_word: float  # any other word
    before_of: float  # 的
    before_mark: float  # a punctuation mark or space
    before_character: float  # a single character that is no word stands behind it
    at_end: float
    paid: float  # a character of paying stands before it
    paid_for: float  # what is paid for stands behind it
    paid_and_paid_for: float
    place: float  # what follows makes a place or body of it
    firm: float  # it stands inside the name of a firm
    shop: float  # or of a shop, which may be called by its owner
    listed: float  # its neighbours in a list look like names


BIAS = "bias"
PAIR = "*"
_FITTED = named_weights("name_evidence")
WEIGHTS = Evidence(**{name: _FITTED[name] for name in Evidence._fields})
PAIRS = tuple(tuple(name.split(PAIR)) for name in _FITTED if PAIR in name)
"""Pieces of evidence that tell more together than apart: their product has a weight too."""
_BIAS = _FITTED[BIAS]
_PLACES_OF_PAIRS = tuple(
    (Evidence._fields.index(one), Evidence._fields.index(other), _FITTED[one + PAIR + other])
    for one, other in PAIRS
)


def log_odds(evidence: Evidence) -> float:
    """Natural logarithm of how much likelier a name is than no name."""
    apart: float = sum(weight * value for weight, value in zip(WEIGHTS, evidence, strict=True))
    together: float = sum(evidence[one] * evidence[other] * weight for one, other, weight in _PLACES_OF_PAIRS)
    return _BIAS + apart + together


class Surname(NamedTuple):
    """How a candidate begins: how many characters, and what makes one doubt that they are a surname here."""

    length: int
    is_verb: bool
    is_within_word: bool
    is_seldom: bool
    is_unlisted: bool


class Surroundings(NamedTuple):
    """What the reader of a text found around a candidate, for `weigh`."""

    left: float
    right: float
    is_cue_before: bool
    is_mark_behind: bool
    fills_field: bool
    is_paid: bool
    is_paid_for: bool
    is_place: bool
    is_in_firm: bool
    is_in_shop: bool
    listed: float


class _Whole(NamedTuple):
    """What the dictionary says of the whole candidate."""

    frequency: float
    is_of_offices: bool
    is_action: bool


def _as_word(name: str) -> _Whole:
    frequency = lexicon.word_frequency(name)
    is_action = frequency > 0 and lexicon.dictionary_tag(name).startswith(_ACTIONS)
    return _Whole(frequency, name in lexicon.ORDINARY, is_action)


def weigh(
    lattice: WordLattice,
    segmentation: Segmentation,
    span: tuple[int, int],
    surname: Surname,
    around: Surroundings,
    shape: float,
) -> Evidence:
    """All evidence on the candidate `span`."""
    start, end = span
    text = lattice.text
    name, given = text[start:end], text[start + surname.length : end]
    inside = cost_inside(name)
    crossing = lattice.crossing(start, end, inside)
    rarity = lexicon.surname_weight(name[: surname.length]) + lexicon.given_weight(given)
    is_single = len(given) == 1
    whole = _as_word(name)
    is_word = whole.frequency > 0
    is_announced = around.left >= _ANNOUNCED
    given_frequency = 0.0 if is_single else lexicon.word_frequency(given)
    next_word, previous_word = lattice.word_at(end), lattice.word_before(start)
    next_tag = lexicon.dictionary_tag(next_word)[:1] if next_word else ""
    is_guessed, is_guessed_across = segmentation.guess(start, end)
    is_open_behind = end < len(text) and not around.is_mark_behind
    return Evidence(
        shape=max(_WORST_SHAPE, shape),
        bad_shape=max(_WORST_SHAPE, min(0.0, shape)),
        last=max(-_MOST_LAST, min(_MOST_LAST, lexicon.last_weight(name[-1]))),
        net=max(_LEAST_NET, min(_MOST_NET, inside - crossing + rarity)),
        crossing=min(_MOST_CROSSING, crossing),
        guessed=is_guessed,
        guessed_across=is_guessed_across,
        single=is_single,
        is_word=is_word,
        word_frequency=whole.frequency,
        word_of_offices=whole.is_of_offices,
        word_of_action=whole.is_action,
        word_announced=is_word and is_announced,
        frequency_announced=whole.frequency * is_announced,
        offices_announced=whole.is_of_offices and is_announced,
        given_word=given_frequency,
        given_frequent=given_frequency > _FREQUENT and not lexicon.is_usual_as_name(given),
        first_word=lexicon.word_frequency(name[:2]) if len(name) > 2 and surname.length == 1 else 0.0,
        function_last=name[-1] in _FUNCTION_WORDS,
        left=around.left,
        right=around.right,
        announced=is_announced,
        fills_field=around.fills_field,
        word_fills_field=around.fills_field and is_word,
        verb_surname=surname.is_verb,
        verb_surname_announced=surname.is_verb and is_announced,
        within_word=surname.is_within_word,
        seldom_surname=surname.is_seldom,
        unlisted_surname=surname.is_unlisted,
        compound_surname=surname.length > 1,
        after_verb=lexicon.dictionary_tag(previous_word).startswith("v") if previous_word else False,
        after_character=not (previous_word or around.is_cue_before),
        before_noun=next_tag == "n",
        before_verb=next_tag == "v",
        before_word=next_tag not in ("", "n", "v"),
        before_of=text[end : end + 1] == "的",
        before_mark=around.is_mark_behind,
        before_character=is_open_behind and not next_word and text[end] not in WORDS_BEHIND,
        at_end=end == len(text),
        paid=around.is_paid,
        paid_for=around.is_paid_for,
        paid_and_paid_for=around.is_paid and around.is_paid_for,
        place=around.is_place,
        firm=around.is_in_firm,
        shop=around.is_in_shop and not around.is_in_firm,
        listed=around.listed,
    )
