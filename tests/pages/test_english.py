"""A page in English has no Chinese but what the release itself says, and that is marked as Chinese.

What a release says is every text in its tables and documents, its notes and where it comes from. What is left of a
page when all of it is taken away must hold no Chinese sign.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from portal.app import build_app
from portal.reading.asked import answerer_of
from portal.reading.design import design_view
from portal.reading.edition import Edition
from portal.reading.shelf import Shelf
from portal.settings import Settings
from portal.web.foreign_words import STOPS
from publishing.release.store import ReleaseStore
from tests.builders.visitor import Visitor
from tests.pages.routes import ERRORS

CHINESE = re.compile("[\u3400-\u9fff]")
RUN = re.compile("[\u3400-\u9fff]+")
SILENT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
ANSWERED = re.compile(r'<(\w+)[^>]* translate="no".*?</\1>', re.DOTALL)
"""What is said in the language of the question, such as an answer read back in words."""
DRAWN = re.compile(r"<text\b.*?</text>", re.DOTALL)
"""Labels in drawings: names are broken into lines there."""
MARKS = re.compile(r"</?(?:span|mark)\b[^<>]*>")
HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
SENT = re.compile(r' (?:href|value|src|action|data-[a-z]+)="[^"]*"')
NONCE = re.compile(r'nonce="[^"]+"')
OTHER_LANGUAGE = re.compile(r'<a [^>]*hreflang="zh-CN">中文</a>')


def texts_in(value: object) -> Iterator[str]:
    """Every text in a JSON document, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def said_by(edition: Edition) -> Iterator[str]:
    """Every text that the release holds."""
    for name in edition.specs:
        frame = edition.frame(name)
        for column in frame.select(pl.col(pl.String)).columns:
            yield from frame[column].drop_nulls().unique().to_list()
    for name in edition.release.documents:
        if name.endswith("json"):
            yield from texts_in(json.loads(edition.document(name) or b"null"))
    lineage = edition.release.lineage
    yield from (lineage.title, lineage.attribution)
    yield from answerer_of(edition).reader.examples(edition.release.as_of)


@pytest.fixture(scope="module")
def names(browsed_home: Path) -> list[str]:
    """What releases 1 and 2 say in Chinese, longest first."""
    shelf = Shelf(ReleaseStore(browsed_home / "public"))
    found = {text for number in (1, 2) for text in said_by(Edition(shelf.open(number)))}
    found |= {note.note for note in shelf.notes()}
    found |= {text.removesuffix("。") for text in found}  # a hit shows parts of texts without their own stop
    invented = design_view()  # the page of components has names of its own, as invented as those of the demo
    found |= {
        text
        for line in invented.projects
        for text in (line.name, line.region_name, line.org_name, line.sector)
    }
    found |= {bar.name for bar in invented.bars.rows}
    return sorted(
        (plain(text) for text in found if CHINESE.search(text)), key=lambda text: (-len(text), text)
    )


def plain(text: str) -> str:
    """The text with western punctuation and without blanks: an English page writes both in its own way."""
    return "".join(MARKS.sub("", text).translate(STOPS).split())


def without(text: str, names: Iterable[str]) -> str:
    return re.sub("|".join(re.escape(name) for name in names), "○", plain(text))


def chinese_left(page: str, names: list[str]) -> set[str]:
    """What a page says in Chinese that is not the release's."""
    read = OTHER_LANGUAGE.sub("", SILENT.sub("", page))
    drawn = html.unescape(" ".join(DRAWN.findall(read)))
    rest = html.unescape(SENT.sub("", DRAWN.sub("", ANSWERED.sub("", read))))
    everything = "\n".join(names)
    broken = {run for run in RUN.findall(without(drawn, names)) if run not in everything}
    return broken | set(RUN.findall(without(rest, names)))


def asked_in(path: str) -> str:
    return path + ("&" if "?" in path else "?") + "lang=en"


def test_no_public_page_in_english_says_anything_in_chinese(
    visitor: Visitor, pages: list[str], names: list[str]
) -> None:
    typed = {
        "小学",
        "去年全省修了多少",
        "去年全省修了多少公里",
        "农村公路",
    }  # highlighted hits, and an example of a question
    found = {}
    for path in (*pages, *ERRORS):
        page = visitor.browse(asked_in(path)).text
        if path.startswith("/ask?"):  # the title of an answer is the question, its description the answer
            page = HEAD.sub("", page)
        question = parse_qs(urlsplit(path).query).get("q", [])
        left = chinese_left(page, [*map(plain, question), *names]) - typed
        if left:
            found[path] = sorted(left)
    assert found == {}


def test_what_is_chinese_on_an_english_page_is_marked_for_those_who_listen(
    visitor: Visitor, pages: list[str]
) -> None:
    unmarked = {}
    for path in pages:
        page = SILENT.sub("", visitor.browse(asked_in(path)).text)
        found = [text for text in unmarked_texts(page) if CHINESE.search(text)]
        if found:
            unmarked[path] = found[:5]
    assert unmarked == {}


def unmarked_texts(page: str) -> Iterator[str]:
    """Text outside of every element that says it is Chinese."""
    empty = {"meta", "link", "input", "br", "hr", "img"}
    open_elements: list[bool] = []
    for piece in re.finditer(r"<(/?)([a-zA-Z]\w*)([^<>]*)>|([^<]+)", page):
        closing, name, rest, text = piece.groups()
        if text is not None:
            if not any(open_elements):
                yield text.strip()
        elif closing:
            open_elements.pop()
        elif name not in empty and not rest.endswith("/"):
            open_elements.append('lang="zh-CN"' in rest)


def test_what_somebody_typed_comes_back_as_it_was(visitor: Visitor) -> None:
    """Words that the chrome has too are not translated inside of a field."""
    page = visitor.browse("/projects?q=支出&lang=en").text
    assert 'value="支出"' in page
    assert "“<span" in page or "“支出”" in page


def test_an_english_reader_who_comes_first_leaves_nothing_behind_for_the_next(
    visitor: Visitor, browsed_home: Path
) -> None:
    """What a release keeps for all its pages is in no language."""
    other = Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(browsed_home)}), "public"))
    for path in (
        "/",
        "/spending",
        "/map",
        "/map?measure=late",
        "/projects/P202100005",
        "/reports/1",
        "/receipt",
    ):
        other.browse(asked_in(path))
        assert NONCE.sub("", other.browse(path).text) == NONCE.sub("", visitor.browse(path).text), path
