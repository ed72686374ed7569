"""The fields of the embedded index and how a document is written into them.

Trap kept in mind: a Python int given to an unsigned or text field kills the writer, so every value goes through
the typed `add_...` method of its field. What is shown comes from one stored field, the document as JSON.
"""

from __future__ import annotations

from functools import cache

import msgspec
import tantivy

from search.documents import SearchDocument
from search.engines.values import tree_value
from search.streams import TokenStreams

FORMAT = 1
"""Raised whenever what is asked of fields or tokens changes: an index of another format is never misread."""

TOKENS = "tokens"
LARGEST_INTEGER = 2**63 - 1
_decoder = msgspec.json.Decoder(SearchDocument)
_encoder = msgspec.json.Encoder()


@cache
def index_schema() -> tantivy.Schema:
    """The schema every generation of the index has."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body", "sounds", "initials"):
        builder.add_text_field(name, tokenizer_name=TOKENS, index_option="position")
    builder.add_text_field("words", tokenizer_name=TOKENS, index_option="basic")
    for name in ("kind", "region", "function", "sector", "status", "light"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "amount", "date"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("document", stored=True)
    return builder.build()


def token_analyzer() -> tantivy.TextAnalyzer:
    """Tokens are made by `streams.py`; the index only splits them at spaces."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def indexed(document: SearchDocument, streams: TokenStreams) -> tantivy.Document:
    """A document as the index takes it."""
    row = tantivy.Document()
    row.add_text("title", streams.title)
    row.add_text("body", streams.body)
    row.add_text("words", streams.words)
    row.add_text("sounds", streams.sounds)
    row.add_text("initials", streams.initials)
    row.add_text("kind", document.kind.value)
    for depth, code in enumerate(document.regions, start=1):
        row.add_text("region", tree_value(code, depth))
    for depth, code in enumerate(document.functions, start=1):
        row.add_text("function", tree_value(code, depth))
    for name in ("sector", "status", "light"):
        value = getattr(document, name)
        if value is not None:
            row.add_text(name, value)
    for year in document.years:
        row.add_integer("year", year)
    if document.amount_fen is not None:
        row.add_integer("amount", document.amount_fen)
    if document.dated_on is not None:
        row.add_integer("date", document.dated_on.toordinal())
    row.add_bytes("document", _encoder.encode(document))
    return row


def stored(row: tantivy.Document) -> SearchDocument:
    """The document back from the index."""
    content = row.get_first("document")
    if not isinstance(content, bytes):
        raise TypeError("a row of the index holds no document: the index must be rebuilt")
    return _decoder.decode(content)
