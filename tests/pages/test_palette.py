"""Dark is written twice, once for the device's wish and once for the reader's choice: both must say the same."""

from __future__ import annotations

import re

import pytest

from portal.web.pages import TEMPLATES

BY_DEVICE = re.compile(
    r"@media \(prefers-color-scheme: dark\) \{\s*:root:not\(\.light\) \{(.*?)\}", re.DOTALL
)
BY_CHOICE = re.compile(r"^:root\.dark \{(.*?)\}", re.DOTALL | re.MULTILINE)
ROOT = re.compile(r"^:root \{(.*?)\}", re.DOTALL | re.MULTILINE)
COLOUR = re.compile(r"#[0-9a-f]{3,6}")


def said_in(block: re.Pattern[str], sheet: str) -> dict[str, str]:
    """The properties of a block that the sheet has exactly once."""
    [found] = block.findall(sheet)
    pairs = (each.partition(":") for each in found.split(";") if each.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


@pytest.mark.parametrize("name", ["sunshine.css", "charts.css"])
def test_dark_is_the_same_whether_the_device_or_the_reader_asks_for_it(name: str) -> None:
    sheet = (TEMPLATES / "static" / name).read_text(encoding="utf-8")
    by_device, by_choice = said_in(BY_DEVICE, sheet), said_in(BY_CHOICE, sheet)
    by_choice.pop("color-scheme", None)
    assert by_device == by_choice


@pytest.mark.parametrize("name", ["sunshine.css", "charts.css"])
def test_every_colour_of_the_light_palette_has_one_in_the_dark(name: str) -> None:
    sheet = (TEMPLATES / "static" / name).read_text(encoding="utf-8")
    colours = {name for name, value in said_in(ROOT, sheet).items() if COLOUR.fullmatch(value)}
    assert colours == set(said_in(BY_DEVICE, sheet))
