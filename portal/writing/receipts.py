"""The receipt of a form: the same form gives the same receipt, however often it is sent.

A form carries a key that only the person who opened the page knows. The lookup code is made from that key, so that a
second click, or a connection that broke before the answer came, loses neither the number nor the code; and nothing is
registered twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from portal.writing.acting import Rules
from portal.writing.case_clocks import clocks_of, face_of
from portal.writing.cases import OpenedCase, is_lookup_code
from portal.writing.errors import InputRefused
from portal.writing.models import Case
from portal.writing.models.words import ClockSubject

FORM_LASTS = timedelta(hours=24)
QUICKEST = timedelta(seconds=2)
CODE_OCTETS = 10


def new_form_key(key: bytes, nonce: bytes, at: datetime) -> str:
    """The key of one form: when it was handed out, a nonce, and our mark on both."""
    bare = f"{int(at.timestamp())}.{nonce.hex()}"
    return f"{bare}.{_mark(key, bare)}"


def form_age(key: bytes, form_key: str, at: datetime) -> timedelta:
    """How long ago a form was handed out. Raises: InputRefused for a key that is not ours or too old."""
    bare, _, mark = form_key[:200].rpartition(".")
    handed_out = bare.partition(".")[0]
    is_ours = hmac.compare_digest(_mark(key, bare).encode(), mark.encode())
    if not is_ours or not (handed_out.isascii() and handed_out.isdigit()):
        raise InputRefused("form", "表单不完整，请重新打开提问页；您填写的内容还在下面，可以直接再提交。")
    age = at - datetime.fromtimestamp(int(handed_out), tz=at.tzinfo)
    if age > FORM_LASTS:
        raise InputRefused("form", "表单打开超过一天，已过期；您填写的内容还在下面，可以直接再提交。")
    return age


def lookup_code_of(key: bytes, form_key: str) -> str:
    """The lookup code that belongs to a form."""
    made = hmac.new(key, f"lookup {form_key}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:CODE_OCTETS]).decode()


def receipt_of(session: Session, rules: Rules, form_key: str, lookup_code: str) -> OpenedCase | None:
    """What was opened by this form before, or None."""
    case = session.exec(select(Case).where(col(Case.form_key) == form_key)).one_or_none()
    if case is None or not is_lookup_code(case, lookup_code):
        return None
    first = clocks_of(session, ClockSubject.CASE, case.id or 0)[0]
    due = face_of(rules, first, case.received_on).due
    return OpenedCase(case.id or 0, case.number, lookup_code, due)


def _mark(key: bytes, bare: str) -> str:
    return hmac.new(key, f"form {bare}".encode(), hashlib.sha256).hexdigest()[:32]
