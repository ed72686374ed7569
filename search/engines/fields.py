"""The fields of the embedded index and how a document is written into them.

Trap kept in mind: a Python int given to an unsigned or text field kills the writer, so every value goes through
the typed `add_...` method of its field. What is shown comes from one stored field, the document as JSON.

A field that may have several values has a column beside it in which they are one value: hits are filtered by the
field and counted by the column, since counting several values per document takes five times as long.
"""

from __future__ import annotations

from functools import cache

import msgspec
import tantivy

from search.documents import SearchDocument
from search.engine import FacetField
from search.engines.values import column_of, column_value, facet_values
from search.streams import TokenStreams

FORMAT = 2
"""Raised whenever fields or tokens change: an index of another format is rebuilt, never misread."""

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
    for field in FacetField:
        if column_of(field) != field.value:
            builder.add_text_field(field.value, tokenizer_name="raw", index_option="basic")
        builder.add_text_field(column_of(field), tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("amount", "date"):
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
    for field in FacetField:
        values = facet_values(document, field)
        if column_of(field) != field.value:
            for value in values:
                row.add_text(field.value, value)
        if values:
            row.add_text(column_of(field), column_value(values))
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
