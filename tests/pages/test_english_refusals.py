"""What is refused on a page in English is said in English: every sentence of the layers below, and every verdict."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import portal
from portal.reading.tongue import speaking, tell
from portal.web.english_refusals import REFUSALS, retold
from portal.web.language import ENGLISH
from portal.web.spoken_templates import refusal
from portal.writing.acting import Held, Subject, Whereabouts
from portal.writing.models.words import Role
from portal.writing.permission_table import ACTIONS, FIELD_CLEARANCE
from portal.writing.permissions import Row, why
from tests.builders.visitor import Visitor

ROOT = Path(portal.__file__).parent
CHINESE = re.compile("[\u3400-\u9fff]")
REFUSING = {
    "NotAllowed",
    "Conflict",
    "InputRefused",
    "LinkRefused",
    "OwnWork",
    "TooMany",
    "QueryRefused",
    "SignInFirst",
    "NotInRelease",
    "Fault",
    "__init__",
}
PROGRAMS_ONLY = {"api_v1.py", "asking.py", "finding.py", "sharing.py", "charts.py", "saved.py"}
"""What answers programs: those who write them read the Chinese of the interface's documentation."""


def skeleton(part: ast.expr) -> str:
    """A text with braces where its values stand; empty for what is no text."""
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    if isinstance(part, ast.JoinedStr):
        return "".join(str(value.value) if isinstance(value, ast.Constant) else "{}" for value in part.values)
    return ""


def sentences() -> Iterator[tuple[str, str]]:
    """Every Chinese sentence that the writing layer and the pages of people refuse with, and its file."""
    for path in sorted((*ROOT.glob("writing/**/*.py"), *ROOT.glob("web/*.py"))):
        if path.name in PROGRAMS_ONLY:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in REFUSING:
                yield from ((path.name, said) for part in node.args if CHINESE.search(said := skeleton(part)))


def test_every_refusal_has_its_english() -> None:
    without = {(name, said) for name, said in sentences() if said not in ENGLISH and refused_in_chinese(said)}
    assert without == set()


def refused_in_chinese(said: str) -> bool:
    with speaking(ENGLISH):
        return bool(CHINESE.search(retold(said.replace("{}", "7"), tell)))


def test_both_languages_have_the_same_values() -> None:
    for chinese, english in REFUSALS.items():
        count = chinese.count("{}")
        used = set(re.findall(r"\{(\d*)\}", english))
        assert used in ({""}, {str(number) for number in range(count)}, set()), chinese
        assert english.count("{") == count, chinese


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_verdict_of_permission_can_be_read_in_english(role: Role) -> None:
    held = (Held(role, 1), Held(role, 12, unit_id="U001"), Held(role, 12, region_code="990100"))
    rows = (
        Row(),
        Row(Whereabouts("U002", "road", "/990000/990200/")),
        Row(Whereabouts("U001", "road", "/990000/990100/"), is_public=True),
    )
    for resource, action in ACTIONS:
        for field in (None, next(iter(sorted(FIELD_CLEARANCE.get(resource, {}))), None)):
            for row in rows:
                found = why(Subject(1, held), resource, action, row, field)
                with speaking(ENGLISH):
                    said = [
                        refusal(text)
                        for text in (found.sentence, *(rule.missing for rule in found.considered))
                    ]
                assert not any(CHINESE.search(str(text)) for text in said), said


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/releases/99",
        "/projects/P9",
        "/regions/1",
        "/suppliers/x",
        "/organisations/x",
        "/datasets/nothing",
        "/datasets/spending@99",
        "/reports/1.doc",
        "/q/nothing",
        "/ask?q=%FF",
        "/charts/spending-tree.bmp",
        "/projects?q=%00",
    ],
)
def test_a_page_that_says_no_says_it_in_english(visitor: Visitor, path: str) -> None:
    answer = visitor.browse(path + ("&" if "?" in path else "?") + "lang=en")
    lead = re.search(
        r'<h1>(.*?)</h1>.*?<p class="lead">(.*?)</p>(.*?)<p class="digest">', answer.text, re.DOTALL
    )
    assert answer.status_code >= 400
    assert lead is not None
    said = re.sub(r'<ul class="prose">.*?</ul>', "", "".join(lead.groups()), flags=re.DOTALL)
    assert not CHINESE.search(said), said
