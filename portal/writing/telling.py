"""Letters to those who follow: written with the change they tell of, sent later by a worker.

A letter says that something happened and where to read it; it carries none of the text, because mail is not private.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from portal.writing.acting import Work
from portal.writing.follow import Followed, Follower, followers_of, write_letter
from portal.writing.models import Case
from portal.writing.models.words import CASE_KIND_NAMES, CaseKind, FollowKind


@dataclass(frozen=True, slots=True)
class Mailing:
    """What letters are made with: the key of the links for leaving, and our own address ('' when it is not known)."""

    key: bytes
    base_url: str


def tell_followers_of_case(work: Work, mailing: Mailing, number: str, happened: str) -> int:
    """Write to everybody who follows the case, its project, its unit or a region it lies in; once to each of them."""
    case = work.session.exec(select(Case).where(col(Case.number) == number)).one()
    followed = [Followed(FollowKind.CASE, number), Followed(FollowKind.UNIT, case.unit_id)]
    followed += [Followed(FollowKind.PROJECT, case.project_id)] if case.project_id else []
    followed += [Followed(FollowKind.REGION, code) for code in case.region_path.split("/") if code]
    told: dict[str, Follower] = {}
    for one in followed:
        for follower in followers_of(work.session, one, mailing.key):
            told.setdefault(follower.address.casefold(), follower)
    kind = CASE_KIND_NAMES[CaseKind(case.kind)]
    subject = f"{kind} {number}：{happened}"
    body = f"您关注的内容有新进展：{kind} {number} {happened}。\n\n查看：{mailing.base_url}/cases/{number}\n"
    return sum(
        write_letter(work, f"case {number} {case.version} {one.subscription_id}", one, subject, body)
        for one in told.values()
    )


def write_confirmation(work: Work, mailing: Mailing, address: str, token: str) -> None:
    """The letter that asks whether the address really wants to follow."""
    body = (
        "有人（可能是您）用这个邮箱申请关注阳光财政的更新。\n\n"
        f"确认请在 48 小时内打开：{mailing.base_url}/follow/confirm?token={token}\n\n"
        "如果不是您本人，不必理会；不确认就不会再收到邮件，邮箱地址也会删除。\n"
    )
    to = Follower(0, address.strip(), "")
    write_letter(work, f"confirm {token[:16]}", to, "请确认关注", body)
