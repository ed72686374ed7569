"""A QR code as SVG for the sign at a building site: black on white in every mode, or no camera reads it."""

from __future__ import annotations

import segno


def qr_code(address: str) -> str:
    """The code of an absolute address, with the quiet zone that readers need; medium error correction."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
