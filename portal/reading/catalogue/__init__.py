"""The catalogue for machines: one model made from specs and manifests, and the standards it is written in.

    manifests ──build──▶ Catalogue ──▶ dcat (Turtle, JSON-LD) · data_json · schema_org · croissant · csvw · changes (Atom)
    tables of contracts ──▶ ocds

Everything here is pure: a value in, bytes or plain JSON out. Addresses begin with the configured base URL and nothing
else; where none is configured they are relative to the document, which RDF and JSON-LD readers resolve.
"""
