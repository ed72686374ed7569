"""Chinese that stands in a template as it is, said in the language of the page.

Templates are written in Chinese. When one is compiled, every run of Chinese between two tags, or in an attribute, is
replaced by a look-up of exactly these words (`portal.web.language`); what is not listed stays as it is. Sentences
with a value in the middle are written `t('共 {} 页', count)` instead, because another language may turn them round.

What a template puts out is looked up too, so that words which the program chose (a status, a kind) need no care. Not
so what stands in an address, in the value of a field or in a text area: that is what somebody wrote or what a form
sends, and must come back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from portal.reading.tongue import is_chinese, tell
from portal.web.english_refusals import retold

PIECE = re.compile(r"""[^<>"\n]*[\u3400-\u9fff][^<>"\n]*""")
SPEAK = "spoken"
"""The name under which a template finds what says its own words."""
AS_IT_IS = "verbatim"
"""The name of what keeps a value from being looked up."""
SENTENCE_END = "。"
READ_OUT = ("aria-label", "title", "content", "alt", "placeholder")
INSIDE_ATTRIBUTE = re.compile(r"""<[a-zA-Z][^<>]*?\s([a-zA-Z-]+)=(?:"[^"<>]*|'[^'<>]*)$""")
MOST_LOOKED_BACK = 4000
INSIDE_FIELD = re.compile(r"<textarea\b[^<]*$")


class Verbatim(str):
    """A value that is put out as it is."""

    __slots__ = ()

    def __new__(cls, value: object) -> Any:
        """Only text needs keeping; everything else is as it is anyway."""
        return super().__new__(cls, value) if type(value) is str else value


def as_told(value: object) -> object:
    """What a template puts out: words of the program in the language of the page, and what it refuses."""
    if type(value) is not str:
        return value
    said = tell(value)
    if said is value and value.endswith(SENTENCE_END) and not is_chinese():
        return retold(value, tell)
    return said


def refusal(value: object) -> object:
    """A refusal, or a part of one that is no whole sentence, in the language of the page."""
    if type(value) is not str or is_chinese():
        return value
    said = tell(value)
    return retold(value, tell) if said == value else said


def pieces_of(text: str) -> Iterator[tuple[str, bool]]:
    """A template's text in pieces, each with whether it is words to be looked up; blanks around words stay outside."""
    at = 0
    for found in PIECE.finditer(text):
        words = found.group().strip()
        start = found.start() + found.group().index(words)
        if start > at:
            yield text[at:start], False
        yield words, True
        at = start + len(words)
    if at < len(text):
        yield text[at:], False


def words_in(environment: Environment, source: str) -> set[str]:
    """All words of a template that are looked up as they stand."""
    return {
        words
        for _, kind, value in environment.lex(source)
        if kind == "data"
        for words, is_words in pieces_of(value)
        if is_words
    }


class SpokenText(Extension):
    """Puts the look-up into every template when it is compiled."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template with its own words replaced."""
        before, is_kept = "", False
        for token in stream:
            if token.type == "variable_begin":
                is_kept = _is_kept(before)
                yield token
                if is_kept:
                    yield Token(token.lineno, "name", AS_IT_IS)
                    yield Token(token.lineno, "lparen", "(")
                continue
            if token.type == "variable_end":
                if is_kept:
                    yield Token(token.lineno, "rparen", ")")
                before += "\u25cb"  # something stood here
            if token.type != "data":
                yield token
                continue
            before = (before + token.value)[-MOST_LOOKED_BACK:]
            for text, is_words in pieces_of(token.value):
                if is_words:
                    yield from _looked_up(token.lineno, text)
                else:
                    yield Token(token.lineno, "data", text)


def _is_kept(before: str) -> bool:
    """Whether a value after this text is one that must not be looked up."""
    attribute = INSIDE_ATTRIBUTE.search(before)
    if attribute is not None:
        return attribute[1] not in READ_OUT
    return INSIDE_FIELD.search(before) is not None


def _looked_up(line: int, words: str) -> Iterator[Token]:
    """`{{ spoken('words') }}`."""
    yield Token(line, "variable_begin", "{{")
    yield Token(line, "name", SPEAK)
    yield Token(line, "lparen", "(")
    yield Token(line, "string", words)
    yield Token(line, "rparen", ")")
    yield Token(line, "variable_end", "}}")
