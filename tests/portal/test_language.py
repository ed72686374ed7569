"""The second language covers the whole chrome, and Chinese content is marked as Chinese inside it."""

from __future__ import annotations

import re

import pytest

from portal.reading.design import AMOUNTS, TOKENS
from portal.reading.disclosing import PLAIN
from portal.reading.map_values import FIXED
from portal.reading.places import LEVEL_WORDS
from portal.reading.words import LIGHTS, STATUS_WORDS, SUPPLIER_KINDS
from portal.web.language import ENGLISH
from portal.web.pages import TEMPLATES
from publishing.release.differences import REASON_TITLES
from tests.builders.visitor import Visitor

SPOKEN = re.compile(r"""\btt?\('([^']+)'[,)]""")


def test_every_word_of_the_chrome_has_its_english() -> None:
    used = {
        word
        for path in sorted((TEMPLATES / "pages").glob("*.html"))
        for word in SPOKEN.findall(path.read_text(encoding="utf-8"))
    }
    assert used - set(ENGLISH) == set()


def test_words_that_pages_take_from_the_program_have_their_english() -> None:
    used = (
        {light.word for light in LIGHTS.values()} | set(STATUS_WORDS.values()) | set(SUPPLIER_KINDS.values())
    )
    used |= {text for measure in FIXED for text in (measure.title, measure.meaning)}
    used |= set(PLAIN.values()) | set(REASON_TITLES.values()) | set(LEVEL_WORDS.values())
    used |= {token.purpose for token in TOKENS} | {state.name for state in AMOUNTS if "元" not in state.name}
    assert used - set(ENGLISH) == set()


@pytest.mark.parametrize("path", ["/", "/ask", "/search?q=a", "/map", "/compare", "/projects"])
def test_an_english_page_says_so_and_marks_its_chinese(province: Visitor, path: str) -> None:
    page = province.browse(path + ("&" if "?" in path else "?") + "lang=en").text
    assert '<html lang="en">' in page
    assert re.search(r'<main [^>]*lang="zh-CN"', page)
    header = page[page.index("<header") : page.index("</header>")]
    assert re.findall("[\u4e00-\u9fff]+", header) == ["中文"]
    footer = page[page.index('<p class="legend"') :]
    assert re.findall("[\u4e00-\u9fff]+", footer) == []


def test_either_language_leads_to_the_other_on_the_same_page(province: Visitor) -> None:
    assert 'href="/map?measure=rate&amp;lang=en"' in province.browse("/map?measure=rate").text
    assert 'href="/map?measure=rate"' in province.browse("/map?measure=rate&lang=en").text
