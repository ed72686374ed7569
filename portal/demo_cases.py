"""Sample cases and ratings for the demo: invented persons ask, invented officials answer, all through the real domain.

Everything happens on past days up to `today`, so the pages show every standing: answered in time and late, overdue and
long overdue, paused, in review, reopened, a wrong number corrected by a release. Nobody of these can sign in.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import polars as pl
from sqlmodel import col, select

from portal.reading.edition import Edition
from portal.web.cases_places import UNADDRESSED, whereabouts
from portal.writing.accounts import account_id_of, create_account, give, subject_of
from portal.writing.acting import VISITOR, Acting, Held, Rules, Subject, Whereabouts, Work
from portal.writing.case_asker import rate_reply
from portal.writing.case_desk import (
    accept,
    claim,
    pause,
    publish_reply,
    record_correction,
    record_finding,
    submit_reply,
    transfer,
    write_reply,
)
from portal.writing.cases import open_case
from portal.writing.clocks import CHINA
from portal.writing.database import Database
from portal.writing.errors import AlreadyDone
from portal.writing.inputs import AccountIn, CaseIn, GrantIn, RatingIn
from portal.writing.models import Case
from portal.writing.models.words import CaseKind, Finding, Role
from portal.writing.ratings import rate

SEED, PERSONS, RATED_PROJECTS = 20261031, 26, 14
RATED_BETWEEN = (32, 120)
"""How many days ago people rated: in the quarter that is over, so that the second release shows it."""
CORRECTING_RELEASE = 2
HEAD = "demo-sample-head"
ANSWER = (
    "您好，来件收悉。经核实，该项目因雨季和管线迁改一度停工，目前已恢复施工，"
    "预计年底前完成主体工程。进度和支付情况每月在项目页更新，请您继续监督。"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One case of the script: when it came, about what, and how far it got (in calendar days after it came)."""

    days_ago: int
    kind: CaseKind
    subject: str
    text: str
    accepted_after: int | None = 1
    answered_after: int | None = None
    rating: int | None = None
    ends: str = ""


Q, C, S, W, D = (
    CaseKind.QUESTION,
    CaseKind.COMPLAINT,
    CaseKind.SUGGESTION,
    CaseKind.WRONG_NUMBER,
    CaseKind.DISCLOSURE_REQUEST,
)
SAMPLES: tuple[Sample, ...] = (
    Sample(
        58,
        Q,
        "项目为什么比计划晚了半年",
        "公示牌上写的是春天完工，现在还围着。请说明原因和新的时间。",
        1,
        5,
        5,
    ),
    Sample(
        55,
        C,
        "施工便道没有恢复，下雨出行难",
        "主路通了，旁边的便道一直没有恢复，老人小孩不好走。",
        1,
        4,
        1,
        "reopened",
    ),
    Sample(50, Q, "合同金额和预算差的部分去哪里了", "预算比合同多不少，结余怎么处理？", 1, 6, 4),
    Sample(47, S, "建议在项目页公布每月施工照片", "有照片大家就放心了，也能看出进度。", 2, 7, 5),
    Sample(
        44,
        W,
        "已支付金额好像重复计算了",
        "我把几期支付加起来，比页面上的合计少一笔，请核对。",
        1,
        6,
        5,
        "corrected",
    ),
    Sample(40, Q, "今年的养护费用在哪个科目里", "找了支出分类没有看到养护，请告知在哪一类。", 1, 3, 3),
    Sample(36, C, "工地夜里十一点还在施工", "影响休息，已经连续一个星期，请协调。", 1, 9, 2),
    Sample(33, Q, "验收结果什么时候公布", "听说已经验收了，页面上还是在建。", 1, 6, 4),
    Sample(30, D, "申请公开项目可行性研究报告批复", "申请公开该项目可行性研究报告的批复文件。", 1, 20, 4),
    Sample(27, Q, "供应商是怎么选出来的", "请说明采购方式和评审情况。", 1, 5, 4),
    Sample(24, W, "项目地点标错了，在另一个镇", "地图上的点不在现场，差了十几公里。", 1, 4, 5, "no_error"),
    Sample(
        20, C, "排水沟修好两个月就塌了一段", "村口那一段，照片可以补。请安排返修。", 1, None, None, "long"
    ),
    Sample(16, S, "希望增加无障碍坡道", "推轮椅上不去，建议在正门加一个坡道。", 1, None, None, "overdue"),
    Sample(
        12, Q, "民工工资专户开了没有", "请问这个项目有没有工资专户，是否按月支付。", 1, None, None, "paused"
    ),
    Sample(9, C, "路面标线磨损看不清", "晚上开车很危险。", 1, None, None, "transferred"),
    Sample(6, Q, "二期什么时候开工", "一期已经完工，附近居民都在问二期。", 1, None, None, "review"),
    Sample(
        4, W, "执行率超过百分之百是不是错了", "支付比预算多，是不是哪里写错了？", 1, None, None, "working"
    ),
    Sample(2, S, "公示牌二维码能不能印大一点", "老人手机扫不出来。", 1, None, None, "accepted"),
    Sample(1, Q, "清明桥的限高是多少", "货车司机想知道，公示牌上没有写。", None),
    Sample(0, C, "围挡占了人行道", "放学时间学生只能走机动车道，很危险。", None),
)


@dataclass
class Stage:
    """Where the samples are played: the database, the rules, the release that names projects, the invented people."""

    database: Database
    rules: Rules
    edition: Edition
    today: date
    persons: list[int] = field(default_factory=list)
    clerk_id: int = 0
    head_id: int = 0

    @contextmanager
    def on(self, day: date, subject: Subject, *, is_system: bool = False, hour: int = 10) -> Iterator[Work]:
        """One unit of work on a past day."""
        acting = self.acting(day, subject, is_system=is_system, hour=hour)
        with self.database.writing() as session:
            yield Work(session, acting, self.rules)

    def acting(self, day: date, subject: Subject, *, is_system: bool = False, hour: int = 10) -> Acting:
        """Somebody doing something on a past day."""
        at = datetime.combine(day, time(hour), CHINA).astimezone(UTC)
        return Acting(subject, at, day, "demo", "demo", is_system=is_system)

    def person(self, index: int) -> Subject:
        """One of the invented citizens."""
        with self.database.reading() as session:
            return subject_of(session, self.persons[index % len(self.persons)])

    def official(self, unit_id: str, *, is_head: bool) -> Subject:
        """The invented official of whichever unit the case lies with, for the time of the script."""
        held = Held(Role.FINANCE, 12, region_code=self._root()) if unit_id == UNADDRESSED else None
        roles = (held or Held(Role.OFFICIAL, 6, unit_id=unit_id),)
        return Subject(self.head_id if is_head else self.clerk_id, roles)

    def _root(self) -> str | None:
        root = self.edition.places.root
        return root.code if root else None


def add_sample_voices(database: Database, rules: Rules, edition: Edition, today: date) -> int:
    """Play the script, once: a database that has any of these people is left alone. Returns how many cases there are."""
    stage = Stage(database, rules, edition, today)
    projects = _projects(edition)
    if not projects or not _hire(stage):
        return 0
    for index, sample in enumerate(SAMPLES):
        _play(stage, index, sample, projects[index % len(projects)])
    _rate(stage, projects[:RATED_PROJECTS])
    return len(SAMPLES)


def add_sample_corrections(database: Database, rules: Rules, edition: Edition, today: date) -> int:
    """A wrong number of the script that was found wrong is corrected by the second release. Returns how many."""
    if edition.number < CORRECTING_RELEASE:
        return 0
    stage = Stage(database, rules, edition, today)
    with database.reading() as session:
        stage.head_id = account_id_of(session, HEAD)
        found = select(Case.number).where(
            col(Case.finding) == Finding.CONFIRMED.value,
            col(Case.corrected_in_release).is_(None),
            col(Case.subject).in_([sample.subject for sample in SAMPLES if sample.ends == "corrected"]),
        )
        numbers = session.exec(found).all()
    finance = stage.official(UNADDRESSED, is_head=True)
    for number in numbers:
        with stage.on(today, finance) as work:
            record_correction(work, number, CORRECTING_RELEASE)
    return len(numbers)


def _projects(edition: Edition) -> list[str]:
    """The largest projects, which visitors open first, in turn with those of the unit whose people the demo has."""
    frame = edition.frame("projects").filter(pl.col("org_id").is_not_null())
    ordered = frame.sort(["adjusted", "project_id"], descending=[True, False], nulls_last=True)
    busiest = frame.group_by("org_id").len().sort(["len", "org_id"], descending=[True, False])
    largest: list[str] = ordered["project_id"].to_list()
    own: list[str] = ordered.filter(pl.col("org_id").is_in(busiest["org_id"].head(1).to_list()))[
        "project_id"
    ].to_list()
    mixed = [found for pair in itertools.zip_longest(largest, own) for found in pair if found is not None]
    return list(dict.fromkeys(mixed))[: max(len(SAMPLES), RATED_PROJECTS)]


def _hire(stage: Stage) -> bool:
    """Make the invented people; False when they are there already."""
    first_day = stage.today - timedelta(days=RATED_BETWEEN[1] + 1)
    with stage.on(first_day, VISITOR, is_system=True) as work:
        try:
            stage.clerk_id = create_account(
                work, AccountIn(login="demo-sample-clerk", display_name="示例经办（虚构）")
            )
        except AlreadyDone:
            return False
        stage.head_id = create_account(
            work, AccountIn(login="demo-sample-head", display_name="示例审核（虚构）")
        )
        for index in range(PERSONS):
            wanted = AccountIn(login=f"demo-sample-{index:02d}", display_name=f"虚构市民{index:02d}")
            account_id = create_account(work, wanted, f"demo person {index}")
            give(work, account_id, GrantIn(role=Role.CITIZEN))
            stage.persons.append(account_id)
    return True


def _play(stage: Stage, index: int, sample: Sample, project_id: str) -> None:
    came = stage.today - timedelta(days=sample.days_ago)
    where = whereabouts(stage.edition, project_id, "", "")
    asker = stage.person(index)
    form = CaseIn(
        kind=sample.kind,
        subject=sample.subject,
        text=sample.text,
        project_id=project_id,
        figure=f"/projects/{project_id}#money" if sample.kind is W else None,
        release_number=1 if sample.kind is W else None,
    )
    with stage.on(came, asker) as work:
        number = open_case(work, form, where).number
    if sample.accepted_after is None:
        return
    clerk = stage.official(where.unit_id, is_head=False)
    head = stage.official(where.unit_id, is_head=True)
    with stage.on(came + timedelta(days=sample.accepted_after), clerk) as work:
        accept(work, number, is_listed=True)
        if sample.ends != "accepted":
            claim(work, number)
    if sample.answered_after is not None:
        day = came + timedelta(days=sample.answered_after)
        _answer(stage, number, sample, clerk, head, day)
        _rated(stage, number, sample, asker, day + timedelta(days=1))
        return
    _leave_open(stage, number, sample, clerk, head, came)


def _answer(stage: Stage, number: str, sample: Sample, clerk: Subject, head: Subject, day: date) -> None:
    with stage.on(day, clerk) as work:
        if sample.kind is W:
            confirmed = sample.ends == "corrected"
            found = Finding.CONFIRMED if confirmed else Finding.NO_ERROR
            record_finding(work, number, found, "已与国库支付明细逐笔核对。")
        write_reply(work, number, ANSWER)
        submit_reply(work, number)
    with stage.on(day, head, hour=15) as work:
        publish_reply(work, number)


def _rated(stage: Stage, number: str, sample: Sample, asker: Subject, day: date) -> None:
    if sample.rating is None:
        return
    with stage.on(min(day, stage.today), asker) as work:
        rate_reply(work, number, sample.rating, "没有回答便道什么时候恢复。" if sample.rating == 1 else "")


def _leave_open(stage: Stage, number: str, sample: Sample, clerk: Subject, head: Subject, came: date) -> None:
    acts: dict[str, Callable[[Work], None]] = {
        "paused": lambda work: pause(work, number, "请提问人补充是哪一个标段。"),
        "review": lambda work: _submitted(work, number),
    }
    act = acts.get(sample.ends)
    day = min(came + timedelta(days=3), stage.today)
    if act is not None:
        with stage.on(day, clerk) as work:
            act(work)
    if sample.ends == "transferred":
        _hand_over(stage, number, head, day)


def _submitted(work: Work, number: str) -> None:
    write_reply(work, number, ANSWER)
    submit_reply(work, number)


def _hand_over(stage: Stage, number: str, head: Subject, day: date) -> None:
    own = head.held[0].unit_id
    units = [code for code in stage.edition.frame("organisations")["org_id"].to_list() if code != own]
    if not units:
        return
    target = whereabouts(stage.edition, "", units[0], "")
    with stage.on(day, head) as work:
        transfer(work, number, target, "标线养护由该单位负责。")


def _rate(stage: Stage, projects: Sequence[str]) -> None:
    """Most projects get enough ratings to be shown; the last ones too few, as in real life."""
    draw = random.Random(SEED)  # noqa: S311 - the demo is the same every time
    people = [stage.person(index) for index in range(PERSONS)]
    given: list[tuple[date, Subject, str, Whereabouts, RatingIn]] = []
    for place, project_id in enumerate(projects):
        where = whereabouts(stage.edition, project_id, "", "")
        wanted = PERSONS - place if place < RATED_PROJECTS - 4 else 3 + place % 4
        mood = 3.9 - 0.15 * place
        for index in itertools.islice(range(PERSONS), wanted):
            stars = [min(5, max(1, round(draw.gauss(mood, 0.9)))) for _ in range(5)]
            form = RatingIn(
                overall=stars[0], usefulness=stars[1], quality=stars[2], progress=stars[3], openness=stars[4]
            )
            day = stage.today - timedelta(days=draw.randint(*RATED_BETWEEN))
            given.append((day, people[index], project_id, where, form))
    with stage.database.writing() as session:  # one unit of work: a disk is slow, and nobody is watching yet
        for day, person, project_id, where, form in given:
            work = Work(session, stage.acting(day, person), stage.rules)
            rate(work, project_id, where, form)
