"""The second language covers the whole chrome, and Chinese content is marked as Chinese inside it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import portal
from portal.reading.design import AMOUNTS, TOKENS
from portal.reading.disclosing import PLAIN
from portal.reading.map_values import FIXED
from portal.reading.places import LEVEL_WORDS
from portal.reading.words import LIGHTS, STATUS_WORDS, SUPPLIER_KINDS
from portal.web.language import ENGLISH
from portal.web.pages import TEMPLATES, Pages
from portal.web.spoken_templates import words_in
from portal.web.static import StaticFiles
from publishing.release.differences import REASON_TITLES
from tests.builders.visitor import Visitor

SPOKEN = re.compile(r"""\btt?\('([^']+)'[,)]""")
PROGRAM = Path(portal.__file__).parent


def told_by_the_program() -> set[str]:
    """The sentences that `tell` is called with anywhere."""
    return {
        call.args[0].value
        for path in PROGRAM.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "tell"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_word_of_the_chrome_has_its_english() -> None:
    used = {
        word
        for path in sorted((TEMPLATES / "pages").glob("*.html"))
        for word in SPOKEN.findall(path.read_text(encoding="utf-8"))
    }
    assert used - set(ENGLISH) == set()


def test_every_sentence_of_the_program_has_its_english() -> None:
    assert told_by_the_program() - set(ENGLISH) == set()


def test_what_stands_in_a_public_template_has_its_english() -> None:
    environment = Pages(StaticFiles(TEMPLATES / "static")).environment
    found = {
        f"{path.name}: {words}"
        for path in sorted((TEMPLATES / "pages").rglob("*.html"))
        if path.parent.name != "desk"  # what officials work with is Chinese but for its frame
        for words in words_in(environment, path.read_text(encoding="utf-8"))
        if words not in ENGLISH
    }
    assert found == set()


def test_both_languages_have_the_same_braces() -> None:
    fields = {
        text: (braces_of(text), braces_of(said))
        for text, said in ENGLISH.items()
        if "{" in text and braces_of(text) != braces_of(said)
    }
    assert fields == {}


def braces_of(text: str) -> int:
    """How many values a sentence takes: the highest number it names, or how many braces it has."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return max((int(name) + 1 for name in names if name), default=len(names))


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
    assert 'lang="zh-CN"' in page[page.index("<main") :]
    header = page[page.index("<header") : page.index("</header>")]
    assert re.findall("[\u4e00-\u9fff]+", header) == ["中文"]
    footer = page[page.index('<p class="legend"') :]
    assert re.findall("[\u4e00-\u9fff]+", footer) == []


def test_either_language_leads_to_the_other_on_the_same_page(province: Visitor) -> None:
    assert 'href="/map?measure=rate&amp;lang=en"' in province.browse("/map?measure=rate").text
    assert 'href="/map?measure=rate"' in province.browse("/map?measure=rate&lang=en").text
