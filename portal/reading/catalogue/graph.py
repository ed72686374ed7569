"""A small RDF graph and two of its spellings: Turtle and JSON-LD (`rdf_xml` is the third). Names are written with the prefixes below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

PREFIXES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing that is named by an address."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A literal value: with a language, with a data type (a prefixed name), or plain."""

    text: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing with its kinds and properties; without an address it stands inside the node that speaks of it."""

    id: Iri | None
    types: tuple[str, ...]
    properties: tuple[tuple[str, Term], ...]


Term = Iri | Text | Node


def turtle(nodes: Sequence[Node]) -> bytes:
    """The graph in Turtle."""
    heading = "".join(f"@prefix {name}: <{address}> .\n" for name, address in PREFIXES.items())
    return (heading + "\n" + "\n".join(_statement(node) for node in nodes)).encode()


def _statement(node: Node) -> str:
    return f"{_turtle_iri(node.id)} {_predicates(node, '  ')} .\n" if node.id else ""


def _predicates(node: Node, indent: str) -> str:
    parts = [f"a {', '.join(node.types)}"] if node.types else []
    parts += [
        f"{name} {', '.join(_turtle_term(term, indent) for term in terms)}" for name, terms in _grouped(node)
    ]
    return f" ;\n{indent}".join(parts)


def _grouped(node: Node) -> Iterator[tuple[str, list[Term]]]:
    groups: dict[str, list[Term]] = {}
    for name, term in node.properties:
        groups.setdefault(name, []).append(term)
    yield from groups.items()


def _turtle_term(term: Term, indent: str) -> str:
    if isinstance(term, Iri):
        return _turtle_iri(term)
    if isinstance(term, Node):
        return f"[ {_predicates(term, indent + '  ')} ]"
    quoted = json.dumps(term.text, ensure_ascii=False).replace("\x7f", "\\u007F")
    return quoted + (f"@{term.language}" if term.language else f"^^{term.datatype}" if term.datatype else "")


def _turtle_iri(iri: Iri) -> str:
    return f"<{written_iri(iri)}>"


def written_iri(iri: Iri) -> str:
    """An address with what no address may hold percent-encoded."""
    return _NOT_IN_IRI.sub(lambda found: f"%{ord(found[0]):02X}", iri.text)


def json_ld(nodes: Sequence[Node]) -> bytes:
    """The same graph in JSON-LD."""
    document = {"@context": PREFIXES, "@graph": [_object(node) for node in nodes]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _object(node: Node) -> dict[str, Any]:
    value: dict[str, Any] = {}
    if node.id:
        value["@id"] = written_iri(node.id)
    if node.types:
        value["@type"] = list(node.types)
    for name, terms in _grouped(node):
        values = [_value(term) for term in terms]
        value[name] = values[0] if len(values) == 1 else values
    return value


def _value(term: Term) -> Any:
    if isinstance(term, Iri):
        return {"@id": written_iri(term)}
    if isinstance(term, Node):
        return _object(term)
    if term.language:
        return {"@value": term.text, "@language": term.language}
    return {"@value": term.text, "@type": term.datatype} if term.datatype else term.text
