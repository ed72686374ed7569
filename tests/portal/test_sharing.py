"""What a shared link brings along: a picture of the chart, and a frame for sites that ask for one."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from portal.app import build_app
from portal.settings import Settings
from tests.builders.published import publish_province
from tests.builders.visitor import Visitor

BASE = "https://sunshine.invalid"
PICTURE = re.compile(r'<meta property="og:image" content="([^"]+)">')
FRAME = re.compile(r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]+)">')


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A portal that knows its own address."""
    home: Path = tmp_path_factory.mktemp("shared")
    publish_province(home)
    return Visitor(
        build_app(Settings.read({"SUNSHINE_HOME": str(home), "SUNSHINE_BASE_URL": BASE}), "public")
    )


def found_in(page: str, pattern: re.Pattern[str]) -> str:
    """An address in a page's head, as its path and query."""
    address = html.unescape(pattern.findall(page)[0])
    assert address.startswith(BASE)
    return address.removeprefix(BASE)


@pytest.mark.parametrize(
    "path",
    ["/", "/spending?region=990100&view=months", "/compare?with=990100&with=990200", "/receipt?lang=en"],
)
def test_a_page_with_a_chart_is_shared_with_that_chart(known: Visitor, path: str) -> None:
    answer = known.get(found_in(known.browse(path).text, PICTURE))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")


def test_a_page_without_a_chart_is_shared_with_the_picture_of_the_portal(known: Visitor) -> None:
    page = known.browse("/dictionary").text
    assert "preview.png" in found_in(page, PICTURE)
    assert FRAME.findall(page) == []


def test_sites_that_ask_get_a_frame_with_the_chart_of_the_page(known: Visitor) -> None:
    page = known.browse("/spending?region=990100&view=months").text
    asked = found_in(page, FRAME)
    assert parse_qs(urlsplit(asked).query)["url"] == [f"{BASE}/spending?region=990100&view=months"]
    told = known.get(f"{asked}&maxwidth=500").json()
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 500)
    framed = re.findall(r'src="([^"]+)"', told["html"])[0]
    assert framed.startswith(f"{BASE}/embed/spending-months@")
    assert known.browse(html.unescape(framed).removeprefix(BASE)).status_code == 200
    assert known.get(told["thumbnail_url"].removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 400),
        ("http://169.254.169.254/latest", 404),
        ("https://sunshine.invalid.example/spending", 404),
        (f"{BASE}/dictionary", 404),
        (f"{BASE}/embed/nothing@1", 404),
        (f"{BASE}/embed/spending-tree@99", 404),
        ("http://[", 404),
    ],
)
def test_nothing_is_framed_that_is_not_a_chart_of_ours(known: Visitor, url: str, status: int) -> None:
    assert known.get(f"/oembed?url={quote(url, safe='')}").status_code == status


def test_another_form_of_the_answer_is_not_offered(known: Visitor) -> None:
    assert known.get(f"/oembed?format=xml&url={quote(BASE + '/spending', safe='')}").status_code == 501
