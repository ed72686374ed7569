"""Chinese names inside of an English page, marked as Chinese for whoever listens to it.

A page in English still holds names as the release gives them: places, offices, projects, laws. Each run of Chinese in
the finished page gets `lang="zh-CN"`: on the element when it holds nothing else, or else on a `span` around it. What
stands in attributes cannot be marked. Elements that say their language themselves are left alone, with all they hold.
"""

from __future__ import annotations

import re

CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SIGNS = "\u3001-\u303f\uff00-\uffef\u201c\u201d\u2014"
RUN = re.compile(f"[{CHINESE}](?:[{CHINESE}{SIGNS}0-9A-Za-z·-]*[{CHINESE}{SIGNS}])?")
PIECE = re.compile(r"<!--.*?-->|<![^>]*>|<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|[^<]+", re.DOTALL)
HAS_CHINESE = re.compile(f"[{CHINESE}]")
STOPS = str.maketrans(
    {
        "：": ": ",
        "，": ", ",
        "；": "; ",
        "。": ". ",
        "（": " (",
        "）": ")",
        "、": ", ",
        "！": "! ",
        "？": "? ",
    }
)
SAID = re.compile(r'( (?:aria-label|title|content|alt|placeholder)=")([^"]*)(")')
"""Attributes that are read to people."""
WHOLE = frozenset({"title", "option", "textarea", "text", "tspan", "desc", "data", "button", "summary"})
"""Elements that hold text only (as we write them): marked themselves, whatever else they say."""
EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img", "base", "source", "col", "wbr", "area"})


def mark_chinese(page: str) -> str:
    """The page with every run of Chinese marked as such."""
    return "".join(_Marker().marked(page))


class _Marker:
    """One walk over a page: which elements are open, and what was written so far."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.open: list[tuple[str, int]] = []  # the element and where its start tag was written
        self.spoken_for = 0  # how many open elements there were when one said its own language

    def marked(self, page: str) -> list[str]:
        for piece in PIECE.finditer(page):
            closing, name, rest = piece.group(1), piece.group(2), piece.group(3)
            if name is None:
                self._text(piece.group())
            elif closing:
                self._close(name)
                self.written.append(piece.group())
            else:
                self._start(name, rest, piece.group())
        return self.written

    def _start(self, name: str, rest: str, tag: str) -> None:
        self.written.append(tag if tag.isascii() else SAID.sub(_said, tag))
        if name in EMPTY or rest.endswith("/"):
            return
        self.open.append((name, len(self.written) - 1))
        if name != "html" and not self.spoken_for and ' lang="' in rest:
            self.spoken_for = len(self.open)

    def _close(self, name: str) -> None:
        while self.open:
            opened, _ = self.open.pop()
            if opened == name:
                break
        if len(self.open) < self.spoken_for:
            self.spoken_for = 0

    def _text(self, text: str) -> None:
        if text.isascii() or self.spoken_for or not self.open:
            self.written.append(text)
            return
        name, at = self.open[-1]
        if name in ("script", "style"):
            self.written.append(text)
        elif not HAS_CHINESE.search(text):
            self.written.append(text.translate(STOPS))
        elif name in WHOLE or (
            at == len(self.written) - 1 and RUN.fullmatch(text.strip()) and name != "main"
        ):
            tag = self.written[at]
            if ' lang="' not in tag:
                self.written[at] = f'{tag[: len(name) + 1]} lang="zh-CN"{tag[len(name) + 1 :]}'
            self.written.append(_western(text))
        else:
            self.written.append(_western(text, '<span lang="zh-CN">{}</span>'))


def _said(found: re.Match[str]) -> str:
    return found[1] + _western(found[2]).strip() + found[3]


def _western(text: str, around: str = "{}") -> str:
    """The text with the punctuation of English between its runs of Chinese."""
    parts, at = [], 0
    for run in RUN.finditer(text):
        parts += [text[at : run.start()].translate(STOPS), around.format(run.group())]
        at = run.end()
    return "".join([*parts, text[at:].translate(STOPS)])
