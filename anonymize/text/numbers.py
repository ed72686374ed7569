"""Numbers that name a person: identity cards, telephones, bank accounts, plates, passports, codes.

Each detector reads the folded text with spoken digits resolved, proposes spans, and adds those that
their shape, checksum and label confirm. Order matters: what has a checksum comes first.
"""

from __future__ import annotations

import re

from anonymize import identifiers
from anonymize.text.folding import NAME_BARRIER
from anonymize.text.labels import Label, is_quantity, label_before
from anonymize.text.spans import Kind, Taken

_GAP = r"[ \-]{0,2}"
# Glued Latin words are allowed before a number only when they are labels themselves.
_OPEN = r"(?:(?<![0-9A-Za-z])|(?<=ID)|(?<=[Tt]el)|(?<=TEL)|(?<=NO)|(?<=[Nn]o))"
_SHUT = r"(?![0-9A-Za-z])"

_ID_18 = re.compile(rf"{_OPEN}[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx]{_SHUT}")
_ID_15 = re.compile(rf"{_OPEN}[1-9]\d{{14}}{_SHUT}|{_OPEN}[1-9]\d{{5}}[ \-]\d{{6}}[ \-]\d{{3}}{_SHUT}")
_ID_LIKE = re.compile(rf"{_OPEN}\d(?:{_GAP}\d){{13,17}}(?:{_GAP}[Xx])?{_SHUT}")
_CODE = re.compile(rf"{_OPEN}(?=9{_GAP}2)(?:[0-9A-Za-z]{_GAP}){{17}}[0-9A-Za-z]{_SHUT}")

_ACCOUNT = re.compile(rf"{_OPEN}\d(?:{_GAP}\d){{7,29}}{_SHUT}")
_CARD = re.compile(
    rf"{_OPEN}[3-6]\d{{15,18}}{_SHUT}|{_OPEN}[3-6]\d{{3}}(?:[ \-]{{1,2}}\d{{4}}){{3}}(?:[ \-]{{1,2}}\d{{1,3}})?{_SHUT}"
)
_COUNTRY = r"(?:(?:\((?:\+|00)86\)|(?:\+|00) ?86)[ \-]{0,2}|(?<![0-9])86[ \-]{1,2})?"
_MOBILE = re.compile(rf"(?<![0-9A-Za-z.+]){_COUNTRY}(?<![.])(?:0?1[3-9]\d{{9}})(?![0-9A-Za-z])")
_SPACED_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z+])(?<![0-9][ \-.]){_COUNTRY}1[3-9]\d(?:(?:[ \-.·]{{1,2}})\d{{4}}){{2}}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z+])(?<![0-9][ \-.]){_COUNTRY}1{_GAP}[3-9](?:{_GAP}\d){{9}}(?![ \-]?[0-9A-Za-z])"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.\-])"
    r"(?:(?:\(?(?:\+|00)86\)?[ \-]{0,2}|86-)(?:\(?0?(?:10|2\d|[3-9]\d{2})\)?)[ \-]{0,2}|\(?0(?:10|2\d|[3-9]\d{2})\)?[ \-]{0,3})"
    r"(?:[1-9]\d{2,3}[ \-]?\d{4}|[1-9]\d{3}[ \-]\d{3})(?!\d)"
    r"(?: ?(?:转|-|分机|ext\.? ?)(?:分机)? ?\d{1,5}(?!\d))?"
)
_LOCAL = re.compile(r"(?<![0-9A-Za-z.\-])[2-8]\d{2,3}[ \-]?\d{4}(?:(?:转|分机|-)\d{1,5})?(?![0-9A-Za-z])")
_PLATE = re.compile(
    rf"[{identifiers.PLATE_PROVINCES}黔][A-Za-z][ ·\-.]{{0,2}}(?=[A-Za-z]{{0,4}}\d)[A-Za-z0-9]{{4}}"
    rf"(?:[A-Za-z0-9]{{1,2}}|[挂学警港澳领使])(?![A-Za-z0-9])"
)
_PASSPORT = re.compile(rf"{_OPEN}(?:E[A-HJ-NP-Z]\d{{7}}|[EGDSP] ?\d{{8}}|(?:DE|SE|PE)\d{{7}}){_SHUT}")
_LABELLED_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?=[A-Za-z]{0,3} ?\d)[A-Za-z]{0,3} ?\d{6,10}(?![0-9A-Za-z])"
)
_CLOSE = 4  # characters between a label and a number that carries no proof of its own
_FAR = 20
_RECENT_YEAR = 2016  # a "birth year" later than this in an unlabelled number is more likely a serial date
# 由周静副科长负责，办公电话…: whoever was named is who answers.
_OF_A_PERSON = re.compile(
    rf"{NAME_BARRIER}[^。;!?\n]{{0,14}}办公(?:室)?(?:联系)?(?:电话|座机)[^。;\d]{{0,3}}$"
)


def _digits(text: str) -> str:
    return re.sub(r"[ \-.·]", "", text)


def find_numbers(text: str, taken: Taken) -> None:
    """Add every number in `text` (folded, spoken digits resolved) that names a person."""
    _find_codes(text, taken)
    _find_id_cards(text, taken)
    _find_accounts(text, taken)
    _find_plates(text, taken)
    _find_passports(text, taken)
    _find_mobiles(text, taken)
    _find_landlines(text, taken)


def _find_codes(text: str, taken: Taken) -> None:
    for match in _CODE.finditer(text):
        code = _digits(match[0]).upper()
        has_letters = not code.isdecimal() and code[:8].isdecimal()
        if (
            has_letters
            or identifiers.is_credit_code(code)
            or label_before(text, match.start()) is Label.CREDIT_CODE
        ):
            taken.add(match.start(), match.end(), Kind.USCC)


def _find_id_cards(text: str, taken: Taken) -> None:
    for match in _ID_18.finditer(text):
        if _is_personal_id(text, match.start(), _digits(match[0])):
            taken.add(match.start(), match.end(), Kind.ID_CARD)
    for match in _ID_15.finditer(text):
        number = _digits(match[0])
        label = label_before(text, match.start())
        if label is Label.ID_CARD or (
            identifiers.is_id_card(number)
            and label in (None, Label.PHONE)
            and not is_quantity(text, match.end())
        ):
            taken.add(match.start(), match.end(), Kind.ID_CARD)
    for match in _ID_LIKE.finditer(text):
        if label_before(text, match.start()) is Label.ID_CARD:
            taken.add(match.start(), match.end(), Kind.ID_CARD)


def _is_personal_id(text: str, start: int, number: str) -> bool:
    """An 18-place number: labelled, or of the right shape and not labelled as something else."""
    label = label_before(text, start)
    if label is Label.ID_CARD:
        return True
    if label is Label.CREDIT_CODE or not identifiers.has_id_card_shape(number):
        return False
    is_old_enough = int(number[6:10]) < _RECENT_YEAR
    if label in (Label.OTHER_NUMBER, Label.ACCOUNT, Label.AMOUNT):
        return is_old_enough and identifiers.is_id_card(number)
    return is_old_enough or identifiers.is_id_card(number)


def _find_accounts(text: str, taken: Taken) -> None:
    for match in _CARD.finditer(text):
        label = label_before(text, match.start())
        number = _digits(match[0])
        if label in (Label.OTHER_NUMBER, Label.CREDIT_CODE):
            continue
        if label is Label.ACCOUNT or identifiers.is_bank_card(number) or number.startswith("62"):
            taken.add(match.start(), match.end(), Kind.BANK_ACCOUNT)
    for match in _ACCOUNT.finditer(text):
        length = len(_digits(match[0]))
        reach = _FAR if length >= 12 else _CLOSE
        if label_before(text, match.start(), reach=reach) is Label.ACCOUNT and not is_quantity(
            text, match.end()
        ):
            taken.add(match.start(), match.end(), Kind.BANK_ACCOUNT)


def _find_plates(text: str, taken: Taken) -> None:
    for match in _PLATE.finditer(text):
        taken.add(match.start(), match.end(), Kind.PLATE)


def _find_passports(text: str, taken: Taken) -> None:
    for match in _PASSPORT.finditer(text):
        if label_before(text, match.start()) not in (Label.OTHER_NUMBER, Label.ACCOUNT, Label.CREDIT_CODE):
            taken.add(match.start(), match.end(), Kind.PASSPORT)
    for match in _LABELLED_PASSPORT.finditer(text):
        if label_before(text, match.start()) is Label.PASSPORT:
            start = match.end() - len(match[0].lstrip())
            taken.add(start, match.end(), Kind.PASSPORT)


def _find_mobiles(text: str, taken: Taken) -> None:
    for pattern in (_MOBILE, _SPACED_MOBILE):
        for match in pattern.finditer(text):
            label = label_before(text, match.start(), reach=_CLOSE)
            if label in (Label.OTHER_NUMBER, Label.AMOUNT, Label.CREDIT_CODE) or is_quantity(
                text, match.end()
            ):
                continue
            taken.add(match.start(), match.end(), Kind.MOBILE)


def _find_landlines(text: str, taken: Taken) -> None:
    for match in _LANDLINE.finditer(text):
        label = label_before(text, match.start())
        if label is Label.OFFICE_PHONE and _OF_A_PERSON.search(text[: match.start()]):
            label = Label.PHONE
        if label in (Label.OFFICE_PHONE, Label.OTHER_NUMBER, Label.AMOUNT) or is_quantity(text, match.end()):
            continue
        end = match.end()
        opened = match[0].startswith("(") and match[0].count("(") > match[0].count(")")
        taken.add(match.start() + (1 if opened else 0), end, Kind.LANDLINE)
    for match in _LOCAL.finditer(text):
        label = label_before(text, match.start(), reach=_CLOSE)
        if label is Label.PHONE and not is_quantity(text, match.end()):
            taken.add(match.start(), match.end(), Kind.LANDLINE)
