from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize import identifiers

KEY = b"0123456789abcdef"


def test_a_pseudonym_is_stable_and_differs_by_key_domain_and_value() -> None:
    one = identifiers.pseudonym(KEY, "张伟", domain="payee")
    assert one == identifiers.pseudonym(KEY, "张伟", domain="payee")
    assert len(one) == 24
    assert one != identifiers.pseudonym(KEY, "张伟", domain="case")
    assert one != identifiers.pseudonym(KEY, "张玮", domain="payee")
    assert one != identifiers.pseudonym(KEY + b"!", "张伟", domain="payee")


def test_domain_and_value_cannot_be_shifted_into_each_other() -> None:
    assert identifiers.pseudonym(KEY, "bc", domain="a") != identifiers.pseudonym(KEY, "c", domain="ab")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        identifiers.pseudonym(b"short", "x", domain="payee")


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (identifiers.mask_mobile("13812345678"), "138****5678"),
        (identifiers.mask_account("6222021234567890128"), "***************0128"),
        (identifiers.mask_id_card("11010519491231002X"), "110105***********X"),
        (identifiers.mask_name("欧阳明华"), "欧某某某"),
        (identifiers.mask_name("张"), "某"),
        (identifiers.mask("123", head=3, tail=4), "***"),
    ],
)
def test_masks_cover_what_names_a_person(masked: str, expected: str) -> None:
    assert masked == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "<1000"), (1000, "1000-5000"), (4999, "1000-5000"), (5000, ">=5000")]
)
def test_a_band_is_half_open(value: int, expected: str) -> None:
    assert identifiers.band(value, [1000, 5000]) == expected


@pytest.mark.parametrize("edges", [[], [5, 5], [9, 1]])
def test_band_edges_must_ascend(edges: list[int]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        identifiers.band(1, edges)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("110105194913310026", False),
        ("990105194912310027", False),
        ("110105491231002", True),
        ("110105491331002", False),
        ("1101051949123100", False),
        ("", False),
        ("１１０１０５１９４９１２３１００２X", False),
    ],
)
def test_citizen_numbers_need_a_province_a_date_and_a_check_digit(number: str, *, expected: bool) -> None:
    assert identifiers.is_id_card(number) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("91440300708461136T", False), ("92440300708461136A", False), ("", False)],
)
def test_a_company_is_no_sole_trader(code: str, *, expected: bool) -> None:
    assert identifiers.is_sole_trader_code(code) is expected


def test_bank_cards_mobiles_and_plates() -> None:
    assert identifiers.is_bank_card("4111111111111111")
    assert not identifiers.is_bank_card("4111111111111112")
    assert identifiers.is_mobile("13812345678")
    assert not identifiers.is_mobile("12812345678")
    assert identifiers.is_plate("粤AD12345")
    assert identifiers.is_plate("粤A·12345")
    assert not identifiers.is_plate("粤ABCDEF")


@given(st.text())
def test_no_text_makes_a_validator_fail(text: str) -> None:
    for validator in (
        identifiers.is_id_card,
        identifiers.is_credit_code,
        identifiers.is_bank_card,
        identifiers.is_mobile,
        identifiers.is_plate,
    ):
        assert validator(text) in (True, False)
