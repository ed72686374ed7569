"""The rooms of officials read in English: whoever works here finds no word of the chrome left in Chinese.

Every page that a role reaches by links from the desk is read; what people wrote, and what releases and the law call
things, stays Chinese.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from portal.reading.edition import Edition
from portal.reading.shelf import Shelf
from publishing.release.store import ReleaseStore
from tests.builders.browser import Browser
from tests.builders.rooms import House
from tests.pages.test_english import said_by

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
"""The named places of a reply template: typed as they are."""
RUN = re.compile("[\u3400-\u9fff]+")
SILENT = re.compile(r"<(script|style|textarea)\b.*?</\1>|<head>.*?</head>", re.DOTALL)
SENT = re.compile(r' (?:href|value|src|action|data-(?!name)[a-z]+)="[^"]*"')
OTHER_LANGUAGE = re.compile(r'<a [^>]*hreflang="zh-CN">中文</a>')
LINK = re.compile(r'<a [^>]*href="(/(?:desk|account)[^"#]*)')
MOST_PAGES = 40
READERS = ("clerk-a", "head-a", "finance", "supervision", "auditor", "administrator")


@pytest.fixture(scope="module")
def names(staffed: House) -> str:
    """Everything the releases of this home say, public and internal, and the names of its people."""
    texts = {"（虚构）", "虚构"}
    for name in ("public", "internal"):
        shelf = Shelf(ReleaseStore(staffed.room.settings.home / name))
        for number in (note.number for note in shelf.notes()):
            texts |= set(said_by(Edition(shelf.open(number))))
        texts |= {note.note for note in shelf.notes()}
    return "\n".join(sorted(texts))


def read_in_english(reader: Browser) -> Iterator[tuple[str, str]]:
    """Address and text of every page found from the desk, one of each kind."""
    waiting, seen = ["/desk", "/account"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|=[^&]*", "N", path)
        if kind in seen:
            continue
        seen.add(kind)
        page = reader.get(path + ("&" if "?" in path else "?") + "lang=en")
        if page.status_code == 200 and "html" in page.headers["content-type"]:
            waiting += [
                html.unescape(found).replace("lang=en", "").rstrip("?&") for found in LINK.findall(page.text)
            ]
            yield (
                path,
                html.unescape(
                    PLACEHOLDER.sub("", SENT.sub("", OTHER_LANGUAGE.sub("", SILENT.sub("", page.text))))
                ),
            )


@pytest.mark.parametrize("login", READERS)
def test_the_rooms_are_read_in_english(staffed: House, names: str, login: str) -> None:
    left = {}
    for path, text in read_in_english(staffed.sign_in(login)):
        found = {run for run in RUN.findall(text) if run not in names}
        if found:
            left[path] = sorted(found)
    assert left == {}
