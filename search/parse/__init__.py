"""A question in plain words becomes a reading of the published tables, a question back, or a refusal.

Deterministic: the same question, vocabulary and day give the same outcome. Every word is accounted for: it produced a
part of the reading, or it is listed as ignored because it changes nothing, or the question is not answered.
"""

from __future__ import annotations

from search.parse.outcome import Ambiguity, Choice, Code, Form, Outcome, Reading, Refusal, WordUse
from search.parse.questions import Reader, parse

__all__ = [
    "Ambiguity",
    "Choice",
    "Code",
    "Form",
    "Outcome",
    "Reader",
    "Reading",
    "Refusal",
    "WordUse",
    "parse",
]
