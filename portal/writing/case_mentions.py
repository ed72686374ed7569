"""Cases found by what everybody may read of them: the number, and of a listed case its subject and public messages.

The texts that are looked through are the scrubbed ones; what was written originally is never found by its words.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from portal.writing.models import Case, Message
from portal.writing.models.words import Audience

MOST_WORDS = 8
"""Words of one question; each is looked for in every public text."""


def mentions(words: str) -> ColumnElement[bool]:
    """Whether each of the words stands in the number or in a listed text that everybody may read."""
    return and_(true(), *(_mentions(word) for word in words.split()[:MOST_WORDS]))


def _mentions(word: str) -> ColumnElement[bool]:
    in_text = or_(col(Case.subject).icontains(word, autoescape=True), _is_said(word))
    return or_(
        col(Case.number).contains(word, autoescape=True),
        and_(col(Case.is_listed).is_(True), in_text),
    )


def _is_said(word: str) -> ColumnElement[bool]:
    """Whether a message for everyone holds the word."""
    message = aliased(Message)
    return (
        select(message.id)
        .where(
            col(message.case_id) == col(Case.id),
            col(message.audience) == Audience.EVERYONE.value,
            col(message.text).icontains(word, autoescape=True),
        )
        .exists()
    )
