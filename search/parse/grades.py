"""黄灯以上: a light and those that are graver, as alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search import synonyms
from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.vocabulary import Concept, Kind

GRAVITY = ("green", "yellow", "orange", "red")


def with_grades(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with 黄灯以上 as the yellow, the orange and the red light; any other 以上 is left where it is."""
    found: list[Token] = []
    for token in tokens:
        light = found[-1] if found and found[-1].kinds() == {Kind.LIGHT} else None
        bound = token.value if token.is_word_any(Word.ASK) else ""
        if light is None or bound not in ("at_least", "at_most"):
            found.append(token)
            continue
        place = GRAVITY.index(light.concepts[0].code)
        others = GRAVITY[place + 1 :] if bound == "at_least" else GRAVITY[:place]
        for offset, code in enumerate(others):
            spot = replace(token, start=token.start + offset, end=token.start + offset)
            found += [replace(spot, word=Word.AND, value="", text="和"), _lit(spot, code)]
    return found


def _lit(token: Token, code: str) -> Token:
    concept = Concept(Kind.LIGHT, code, synonyms.LIGHTS[code][0])
    place = token.start + 1
    return replace(token, start=place, end=place, sort=Sort.THING, word=None, value="", concepts=(concept,))
