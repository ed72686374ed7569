"""The graph of `graph` in RDF/XML, for harvesters that read nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from portal.reading.catalogue.graph import PREFIXES, Node, Term, Text, written_iri

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def rdf_xml(nodes: Sequence[Node]) -> bytes:
    """The graph in RDF/XML. A sign that XML cannot hold becomes U+FFFD."""
    spaces = "".join(
        f"\n  xmlns:{name}={quoteattr(address)}" for name, address in {"rdf": RDF, **PREFIXES}.items()
    )
    body = "".join(_element(node, "  ") for node in nodes)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n{body}</rdf:RDF>\n'.encode()


def _element(node: Node, indent: str) -> str:
    about = f" rdf:about={quoteattr(written_iri(node.id))}" if node.id else ""
    kinds = "".join(f"{indent}  <rdf:type rdf:resource={_full(kind)}/>\n" for kind in node.types)
    properties = "".join(_property(name, term, indent + "  ") for name, term in node.properties)
    return f"{indent}<rdf:Description{about}>\n{kinds}{properties}{indent}</rdf:Description>\n"


def _property(name: str, term: Term, indent: str) -> str:
    if isinstance(term, Node):
        return f"{indent}<{name}>\n{_element(term, indent + '  ')}{indent}</{name}>\n"
    if isinstance(term, Text):
        return f"{indent}<{name}{_kind(term)}>{escape(_NOT_IN_XML.sub('�', term.text))}</{name}>\n"
    return f"{indent}<{name} rdf:resource={quoteattr(written_iri(term))}/>\n"


def _kind(text: Text) -> str:
    if text.language:
        return f" xml:lang={quoteattr(text.language)}"
    return f" rdf:datatype={_full(text.datatype)}" if text.datatype else ""


def _full(name: str) -> str:
    """A prefixed name as the address it stands for, quoted."""
    prefix, _, rest = name.partition(":")
    return quoteattr(PREFIXES[prefix] + rest)
