"""The disclosure policy as publishing reads it: what it would not follow, it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.errors import PolicyError
from publishing.protect import default_policy, read_policy

DEFAULT = default_policy().source.decode()


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('payee_kinds = ["individual"]', 'payee_kinds = ["persons"]', "protected.payee_kinds"),
        ('secrecy = ["internal", "secret"]', 'secrecy = ["secret"]', "protected.secrecy"),
        (
            'measures = ["approved", "adjusted", "paid", "planned"]',
            'measures = ["paid"]',
            "protected.measures",
        ),
        ('dimension = "economic_code"', 'dimension = "function_code"', "known_by_law.dimension"),
        ("min_contributors = 3", "min_contributers = 3", "rules.min_contributers"),
    ],
)
def test_a_setting_that_would_not_be_followed_is_refused_with_its_place(
    before: str, after: str, place: str, tmp_path: Path
) -> None:
    assert before in DEFAULT
    path = tmp_path / "policy.toml"
    path.write_text(DEFAULT.replace(before, after), encoding="utf-8")
    with pytest.raises(PolicyError, match=place) as refused:
        read_policy(path)
    assert str(path) in str(refused.value)


def test_the_policy_that_ships_with_the_program_is_followed_in_every_setting() -> None:
    assert default_policy().policy.insiders
