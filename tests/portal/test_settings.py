from __future__ import annotations

from pathlib import Path

import pytest

import portal
from portal.settings import SETTINGS, SettingRefused, Settings

DOCUMENT = Path(portal.__file__).resolve().parent.parent / "docs" / "settings.md"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting: object) -> None:
    assert hasattr(setting, "name")
    lines = [
        line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if f"`{setting.name}`" in line
    ]
    assert len(lines) == 1
    default = getattr(setting, "default", "")
    assert (f"`{default}`" if default else "空") in lines[0]


def test_the_document_names_no_setting_that_does_not_exist() -> None:
    named = {
        line.split("`")[1]
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    }
    assert named == {setting.name for setting in SETTINGS}


def test_defaults_are_usable() -> None:
    settings = Settings.read({})
    assert settings.home == Path("var")
    assert settings.surface == "public"
    assert settings.trusted_proxies == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUNSHINE_SURFACE", "everything"),
        ("SUNSHINE_BASE_URL", "example.org"),
        ("SUNSHINE_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("SUNSHINE_TODAY", "tomorrow"),
        ("SUNSHINE_CACHE_MB", "-1"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        Settings.read({name: value})
