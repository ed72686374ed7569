"""The fields of the embedded index and how a document is written into them.

A document goes into the index as one line of JSON: one call and no copies, where a call per value takes three times
as long. What is shown comes from one stored field, the document itself as JSON.

A field that may have several values has a column beside it in which they are one value: hits are filtered by the
field and counted by the column, since counting several values per document takes five times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec
import tantivy

from search.documents import SearchDocument
from search.engine import FacetField
from search.engines.values import column_of, column_value, tree_values, year_values
from search.streams import TokenStreams

FORMAT = 2
"""Raised whenever fields or tokens change: an index of another format is rebuilt, never misread."""

TOKENS = "tokens"
LARGEST_INTEGER = 2**63 - 1
_REMEMBERED = 100_000
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


class _Row(msgspec.Struct, omit_defaults=True):
    """What is written of a document, one attribute per field of the schema; bytes are written in base 64."""

    document: bytes
    title: str
    body: str
    words: str
    sounds: str
    initials: str
    kind: str
    region: tuple[str, ...] = ()
    region_path: str | None = None
    function: tuple[str, ...] = ()
    function_path: str | None = None
    year: tuple[str, ...] = ()
    all_years: str | None = None
    sector: str | None = None
    status: str | None = None
    light: str | None = None
    amount: int | None = None
    date: int | None = None


def index_rows(entries: Iterable[tuple[SearchDocument, TokenStreams]]) -> list[str]:
    """Documents as the index takes them, one line of JSON each; a thousand or so at once are quickest."""
    lines = _encoder.encode_lines([_row(document, streams) for document, streams in entries])
    return lines.decode().split("\n")[:-1]  # `splitlines` would cut at line separators within a text


def _row(document: SearchDocument, streams: TokenStreams) -> _Row:
    return _Row(
        _encoder.encode(document),
        streams.title,
        streams.body,
        streams.words,
        streams.sounds,
        streams.initials,
        document.kind,
        *_terms_and_column(tree_values(document.regions)),
        *_terms_and_column(tree_values(document.functions)),
        *_terms_and_column(year_values(document.years)),
        document.sector,
        document.status,
        document.light,
        document.amount_fen,
        document.dated_on.toordinal() if document.dated_on else None,
    )


@lru_cache(maxsize=_REMEMBERED)
def _terms_and_column(values: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """What hits are filtered by and what they are counted by; thousands of documents share them."""
    return values, column_value(values)


def stored(row: tantivy.Document) -> SearchDocument:
    """The document back from the index."""
    content = row.get_first("document")
    if not isinstance(content, bytes):
        raise TypeError("a row of the index holds no document: the index must be rebuilt")
    return _decoder.decode(content)
