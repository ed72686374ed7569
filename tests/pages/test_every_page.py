"""What holds for every page there is, without a browser: valid markup, its own words for sharing, and its weight."""

from __future__ import annotations

import gzip
import html
import itertools
import re
from pathlib import Path

import html5lib
import pytest

from portal.app import READING, build_app
from portal.settings import Settings
from portal.web.static import tightened
from tests.builders.visitor import Visitor
from tests.pages.routes import PARAMETER, SAMPLES, paths_of

HEAVIEST = 100_000  # bytes, compressed, before a chart is asked for: page, style sheet and script together
LONGEST_TITLE = 90
MACHINES = ("/api/", "/charts/", "/datasets/", "/embed/", "/feeds", "/log", "/ocds", "/static")


def modes_of(path: str) -> list[str]:
    mark = "&" if "?" in path else "?"
    return [path, f"{path}{mark}mode=elder", f"{path}{mark}lang=en"]


def test_every_parameter_of_a_page_has_a_sample_value() -> None:
    unknown = {
        path: names
        for path in paths_of(READING)
        if not path.startswith(MACHINES)
        and "." not in path.rsplit("/", 1)[-1]
        and (names := set(PARAMETER.findall(path)) - set(SAMPLES))
    }
    assert unknown == {}, "give each a value in tests/pages/routes.py"


def test_the_markup_of_every_page_is_valid(visitor: Visitor, pages: list[str]) -> None:
    broken = {}
    for path in [mode for page in pages for mode in modes_of(page)] + ["/nowhere", "/releases/99"]:
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(visitor.browse(path).text)
        if parser.errors:
            broken[path] = parser.errors[:3]
    assert broken == {}


def test_ids_are_unique_and_what_is_referred_to_exists(visitor: Visitor, pages: list[str]) -> None:
    for path in pages:
        text = visitor.browse(path).text
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids)), path
        referred = {
            name
            for found in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text)
            for name in found.split()
        }
        referred |= set(re.findall(r'<label for="([^"]+)"', text)) | set(re.findall(r'href="#([^"]+)"', text))
        assert referred - set(ids) == set(), path


def test_every_page_has_one_heading_a_title_and_a_description_of_its_own_language(
    visitor: Visitor, pages: list[str]
) -> None:
    for path in pages:
        text = visitor.browse(path).text
        if "/embed/" in path:
            continue
        title = html.unescape(re.findall(r"<title>([^<]+)</title>", text)[0])
        assert "阳光财政" in title, path
        assert len(title) <= LONGEST_TITLE, path
        assert len(re.findall(r"<h1[ >]", text)) == 1, path
        description = re.findall(r'<meta name="description" content="([^"]+)">', text)
        assert len(description) == 1, path
        assert len(description[0]) > 10, path


def test_headings_leave_no_level_out(visitor: Visitor, pages: list[str]) -> None:
    for path in pages:
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", visitor.browse(path).text)]
        jumps = [(one, other) for one, other in itertools.pairwise(levels) if other > one + 1]
        assert jumps == [], path


def test_a_page_with_its_style_and_script_is_light(visitor: Visitor, pages: list[str]) -> None:
    heavy = {}
    for path in pages:
        body = visitor.get(path, {"accept": "text/html"}).content
        parts = re.findall(rb'(?:href|src|data-script)="(/static/[^"]+\.(?:css|js)[^"]*)"', body)
        weight = len(gzip.compress(body, 6))
        weight += sum(len(gzip.compress(visitor.get(part.decode()).content, 6)) for part in set(parts))
        if weight > HEAVIEST:
            heavy[path] = weight
    assert heavy == {}


@pytest.mark.parametrize("path", ["/", "/map", "/projects/P202100005", "/disclosure"])
def test_a_shared_link_brings_a_picture_when_the_portal_knows_its_address(
    visitor: Visitor, browsed_home: Path, path: str
) -> None:
    known = {"SUNSHINE_HOME": str(browsed_home), "SUNSHINE_BASE_URL": "https://sunshine.invalid"}
    page = Visitor(build_app(Settings.read(known), "public")).browse(path).text
    picture = re.findall(
        r'<meta property="og:image" content="https://sunshine\.invalid(/(?:static|charts)/[^"]+)">', page
    )
    assert len(picture) == 1
    found = visitor.get(html.unescape(picture[0]))
    assert found.headers["content-type"] == "image/png"
    assert found.content.startswith(b"\x89PNG")


def test_nothing_but_the_page_itself_is_waited_for_before_it_is_drawn(
    visitor: Visitor, pages: list[str]
) -> None:
    """Styles stand in the page, and a module never holds it back: one request to the first line."""
    for path in pages:
        head = visitor.browse(path).text.partition("</head>")[0]
        if "/cases" in path or "/ratings" in path:
            continue
        assert 'rel="stylesheet"' not in head, path
        assert re.findall(r"<script (?!type=\"(?:module|application/ld\+json)\")", head) == [], path


def test_a_sheet_inside_of_a_page_says_what_the_file_says() -> None:
    sheet = """/* a note */
    .one,  .two > a:hover { margin: 0 calc(1rem + 2px);  content: "a;  b, { c" }
    @media (max-width: 40rem) { .one .two { color: var(--ink); } }
    """
    assert tightened(sheet) == (
        '.one,.two > a:hover{margin: 0 calc(1rem + 2px);content: "a;  b, { c"}'
        "@media (max-width: 40rem){.one .two{color: var(--ink);}}"
    )
