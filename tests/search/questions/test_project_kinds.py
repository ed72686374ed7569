"""All projects of a kind are those whose names have its words; one project stays one project."""

from __future__ import annotations

import pytest

from portal.reading.answers import Answerer
from search.parse import Code
from tests.search.questions.province import MemoryRelease

KINDS = ("公租房建设", "小型水库除险加固", "高标准农田建设")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_counted_by_the_names_of_its_projects(
    kind: str, release: MemoryRelease, answerer: Answerer
) -> None:
    names = release.table("projects")["name"]
    answer = answerer.ask(f"全省{kind}项目一共有多少个")
    assert answer.value is not None
    assert answer.value.number == names.str.contains(kind, literal=True).sum() > 1
    assert f"名称含“{kind}”" in answer.scope


def test_one_project_by_its_whole_name_is_not_a_kind(release: MemoryRelease, answerer: Answerer) -> None:
    projects = release.table("projects").filter(~release.table("projects")["name"].str.contains("（"))
    name = projects["name"][0]
    answer = answerer.ask(f"{name}的总投资一共多少")
    assert answer.reading is not None
    assert answer.reading.subject is not None
    assert answer.reading.subject.label == name


def test_that_no_name_has_the_words_says_nothing_of_the_kind(answerer: Answerer) -> None:
    answer = answerer.ask("澜州市暂停的公租房建设项目有几个")
    if answer.status == "refused":
        assert answer.code is Code.NOT_IN_DATA
    else:
        assert answer.value is not None
        assert answer.value.number


@pytest.mark.parametrize("question", ["太空电梯项目有几个", "地铁建设项目有多少个", "老年人项目有几个"])
def test_words_that_name_no_kind_here_are_not_counted(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status != "answered"


@pytest.mark.parametrize(
    ("blank", "joined"),
    [
        ("2025 年 全 省 教 育 支 出", "2025年全省教育支出"),
        ("全省 2024 年 农 林 水 支出", "全省2024年农林水支出"),
    ],
)
def test_blanks_between_letters_change_nothing(blank: str, joined: str, answerer: Answerer) -> None:
    first, second = answerer.ask(blank), answerer.ask(joined)
    assert (first.value, first.scope) == (second.value, second.scope)
    assert first.value is not None
