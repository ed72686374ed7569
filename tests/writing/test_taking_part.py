"""Ratings, alerts, followers, pictures, proofs of work, statistics: the rest of what people do."""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta

import altcha
import pytest
from hypothesis import strategies as st
from PIL import Image
from sqlmodel import select

from portal.writing import alerts, case_asker, follow, pictures, proof
from portal.writing.accounts import give
from portal.writing.acting import Acting, Work
from portal.writing.alerts import AlertIn
from portal.writing.case_views import public_page
from portal.writing.clocks import Punctuality
from portal.writing.errors import (
    AlreadyDone,
    InputRefused,
    LinkRefused,
    NotAllowed,
    NotThere,
    OwnWork,
    PictureRefused,
    ProofRefused,
    Stale,
    WrongOrder,
)
from portal.writing.escalation import Escalation, close_silent_cases, escalate_cases
from portal.writing.follow import Followed
from portal.writing.inputs import GrantIn, RatingIn
from portal.writing.models import Letter, Subscription
from portal.writing.models.words import FollowKind, Role, Status
from portal.writing.ratings import (
    change_rating,
    own_rating,
    rate,
)
from portal.writing.similar import similar_cases
from portal.writing.spam import spam_hints
from portal.writing.statistics import statistics_by_unit
from portal.writing.templates import fill
from tests.writing.office import (
    ROADS,
    Office,
    accepted,
    answered,
    ask,
    official,
    question,
)

KEY = b"k" * 32
TOMORROW = datetime(2026, 11, 3, tzinfo=UTC)
STARS = st.dictionaries(st.integers(1, 5), st.integers(0, 500))


# ---------------------------------------------------------------- ratings


def test_a_rating_is_given_once_and_can_be_changed(office: Office) -> None:
    with office.work("chen") as work:
        rate(work, "P-1", ROADS, RatingIn(overall=2, quality=1))
    with pytest.raises(AlreadyDone), office.work("chen") as work:
        rate(work, "P-1", ROADS, RatingIn(overall=5))
    with office.work("chen") as work:
        change_rating(work, "P-1", RatingIn(overall=4), expected_version=0)
    with pytest.raises(Stale), office.work("chen") as work:
        change_rating(work, "P-1", RatingIn(overall=5), expected_version=0)
    with pytest.raises(NotThere), office.work("lin") as work:
        change_rating(work, "P-1", RatingIn(overall=5), expected_version=0)
    with office.database.reading() as session:
        own = own_rating(session, office.subject("chen"), "P-1")
    assert own is not None
    assert (own.stars["overall"], own.stars["quality"], own.version) == (4, None, 1)


@pytest.mark.parametrize("star", [0, 6, -1, 2.5, "many", None])
def test_a_star_that_is_none_is_refused(star: object) -> None:
    with pytest.raises(ValueError, match="overall"):
        RatingIn.model_validate({"overall": star})


def test_only_verified_persons_rate(office: Office) -> None:
    office.citizen("unverified", is_verified=False)
    for name in ("unverified", "roads-clerk", None):
        with pytest.raises(NotAllowed), office.work(name) as work:
            rate(work, "P-1", ROADS, RatingIn(overall=5))


# ---------------------------------------------------------------- alerts


def test_an_alert_is_explained_planned_and_closed_by_others_within_its_clocks(office: Office) -> None:
    alert = AlertIn("A-1", "zero_months", "attention", 2, ROADS)
    with office.system() as work:
        assert alerts.take_in(work, [alert, alert]) == 1
    with office.system() as work:
        assert alerts.take_in(work, [alert]) == 0
    with pytest.raises(WrongOrder), office.work("roads-clerk") as work:
        alerts.plan(work, "A-1", "整改方案的内容")
    with office.work("roads-clerk") as work:
        alerts.explain(work, "A-1", "设备到货晚，下月支付。")
    office.later(9)
    with office.work("roads-clerk") as work:
        alerts.plan(work, "A-1", "十二月十日前完成支付。")
    with pytest.raises(NotThere), office.work("roads-head") as work:
        alerts.close_alert(work, "A-1", "自己销号")
    with office.system() as work:
        give(
            work, office.people["roads-clerk"], GrantIn(role=Role.FINANCE, clearance=5, region_code="440000")
        )
    del office._subjects["roads-clerk"]
    with pytest.raises(OwnWork), office.work("roads-clerk") as work:
        alerts.close_alert(work, "A-1", "自己销号")
    with office.work("supervision") as work:
        alerts.close_alert(work, "A-1", "已支付，同意销号。")
    with office.database.reading() as session:
        found = alerts.read_alert(session, office.rules, office.today, office.subject("roads-head"), "A-1")
    assert [(step, face.punctuality) for step, face in found.clocks] == [
        ("explanation", Punctuality.ON_TIME),
        ("plan", Punctuality.LATE),
    ]
    with pytest.raises(WrongOrder), office.work("finance") as work:
        alerts.close_alert(work, "A-1", "再销一次")
    with pytest.raises(NotAllowed), office.work("finance") as work:
        alerts.take_in(work, [alert])


# ---------------------------------------------------------------- following


def follow_project(office: Office, address: str = "reader@example.org") -> str:
    with office.work(None) as work:
        return follow.ask_to_follow(work, Followed(FollowKind.PROJECT, "P-1"), address, KEY)


def followers(office: Office) -> tuple[follow.Follower, ...]:
    with office.database.reading() as session:
        return follow.followers_of(session, Followed(FollowKind.PROJECT, "P-1"), KEY)


def test_following_needs_the_link_of_the_letter_and_one_click_erases_the_address(office: Office) -> None:
    token = follow_project(office)
    assert followers(office) == ()
    with office.work(None) as work:
        assert follow.confirm_following(work, token) == Followed(FollowKind.PROJECT, "P-1")
    with pytest.raises(LinkRefused), office.work(None) as work:
        follow.confirm_following(work, token)
    with pytest.raises(AlreadyDone):
        follow_project(office, "Reader@example.org ")
    (follower,) = followers(office)
    for wrong in (
        "",
        "1",
        "1.",
        f"2.{follower.leave_token[2:]}",
        follower.leave_token[:-1] + "0x",
        "１.a",
        "x.y",
    ):
        with pytest.raises(LinkRefused), office.work(None) as work:
            follow.leave(work, wrong, KEY)
    for _ in range(2):
        with office.work(None) as work:
            follow.leave(work, follower.leave_token, KEY)
    assert followers(office) == ()
    with office.database.reading() as session:
        assert [row.address for row in session.exec(select(Subscription))] == [None]
    with office.work(None) as work:
        follow.confirm_following(work, follow_project_again(work))
    assert len(followers(office)) == 1


def follow_project_again(work: Work) -> str:
    return follow.ask_to_follow(work, Followed(FollowKind.PROJECT, "P-1"), "reader@example.org", KEY)


def test_a_wish_nobody_confirms_in_two_days_is_void_and_erased(office: Office) -> None:
    token = follow_project(office)
    office.later(2)
    with pytest.raises(LinkRefused), office.work(None) as work:
        follow.confirm_following(work, token)
    with office.system() as work:
        assert follow.erase_unconfirmed(work) == 1
    with office.database.reading() as session:
        assert [row.address for row in session.exec(select(Subscription))] == [None]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b", "a b@example.org", "a@example.org\nBcc: x@y.org", "a@" + "b" * 300 + ".org"],
)
def test_what_is_no_address_is_refused(office: Office, address: str) -> None:
    with pytest.raises(InputRefused):
        follow_project(office, address)


def test_a_letter_is_written_once_claimed_once_and_forgotten_when_sent(office: Office) -> None:
    token = follow_project(office)
    with office.work(None) as work:
        follow.confirm_following(work, token)
    (follower,) = followers(office)
    with office.system() as work:
        written = [
            follow.write_letter(work, "P-1 release 3", follower, "新\r\n版本", "正文") for _ in range(2)
        ]
    assert written == [True, False]
    with office.system() as work:
        (letter,) = follow.claim_letters(work)
        assert (letter.subject, letter.address) == ("新 版本", "reader@example.org")
    with office.system() as work:
        assert follow.claim_letters(work) == ()
    office.later(1)  # the worker died: somebody else may send it
    with office.system() as work:
        (letter,) = follow.claim_letters(work)
        follow.letter_sent(work, letter.id)
    office.later(1)
    with office.system() as work:
        assert follow.claim_letters(work) == ()
    with office.database.reading() as session:
        assert [(row.address, row.body) for row in session.exec(select(Letter))] == [("", "")]


# ---------------------------------------------------------------- pictures


def picture_file(file_format: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "家庭住址 SECRET"
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", size, (200, 30, 30)).save(written, file_format, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_upright_and_without_its_metadata(file_format: str) -> None:
    given_file = picture_file(file_format) + b"<script>behind the end</script>"
    assert b"SECRET" in given_file
    clean = pictures.clean_picture(given_file)
    assert b"SECRET" not in clean.content
    assert b"script" not in clean.content
    assert (clean.width, clean.height) == (40, 60)
    with Image.open(io.BytesIO(clean.content)) as opened:
        assert dict(opened.getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7 ...",
        picture_file()[:200],
        b"\xff\xd8\xff" + b"x" * 8_000_001,
        picture_file("PNG", (9_000, 9_000)),
    ],
    ids=["empty", "gif", "svg", "pdf", "cut-off", "too-large", "too-many-pixels"],
)
def test_what_is_no_picture_is_refused_whatever_it_calls_itself(content: bytes) -> None:
    with pytest.raises(PictureRefused):
        pictures.clean_picture(content)


def test_a_picture_is_the_offices_until_it_is_shown(office: Office) -> None:
    opened = accepted(office, None)
    clean = pictures.clean_picture(picture_file())
    with office.work(None) as work:
        picture_id = pictures.attach(work, opened.number, clean, opened.lookup_code)
    with pytest.raises(NotThere), office.work(None) as work:
        pictures.attach(work, opened.number, clean, "wrong")
    with office.database.reading() as session:
        assert pictures.list_pictures(session, opened.number, office.subject("lin")) == ()
        for name in ("lin", None, "schools-clerk"):
            with pytest.raises(NotThere):
                pictures.read_picture(session, opened.number, picture_id, office.subject(name))
        assert (
            pictures.read_picture(session, opened.number, picture_id, office.subject("roads-clerk")) == clean
        )
    with office.work("roads-clerk") as work:
        pictures.show_picture(work, opened.number, picture_id)
    with office.database.reading() as session:
        assert pictures.read_picture(session, opened.number, picture_id, office.subject(None)) == clean
    with office.work(None) as work:
        for _ in range(pictures.MOST_PICTURES - 1):
            pictures.attach(work, opened.number, clean, opened.lookup_code)
    with pytest.raises(PictureRefused), office.work(None) as work:
        pictures.attach(work, opened.number, clean, opened.lookup_code)


# ---------------------------------------------------------------- proof of work


POLICY = proof.ProofPolicy("a key of the server", rounds=10, prefix="0")


def solved(policy: proof.ProofPolicy, at: datetime) -> str:
    challenge = altcha.Challenge.from_dict(proof.new_challenge(policy, at))
    solution = altcha.solve_challenge(challenge, derive_key=altcha.derive_key_pbkdf2)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def spend(office: Office, payload: str, at: datetime) -> str:
    with office.database.writing() as session:
        acting = Acting(office.subject(None), at, office.today)
        return proof.spend_proof(Work(session, acting, office.rules), POLICY, payload)


def test_a_proof_is_good_once(office: Office) -> None:
    now = datetime.now(UTC)
    payload = solved(POLICY, now)
    assert len(spend(office, payload, now)) == 64
    with pytest.raises(ProofRefused):
        spend(office, payload, now)


def test_a_proof_that_is_forged_easier_late_or_no_proof_is_refused(office: Office) -> None:
    now = datetime.now(UTC)
    good = solved(POLICY, now)
    changed = json.loads(b64decode(good))
    changed["challenge"]["parameters"]["expiresAt"] += 1
    forged = b64encode(json.dumps(changed).encode()).decode()
    other_key = solved(proof.ProofPolicy("another key", rounds=10, prefix="0"), now)
    easier = solved(proof.ProofPolicy("a key of the server", rounds=1, prefix="0"), now)
    for payload in (
        forged,
        other_key,
        easier,
        "",
        "x",
        "e30=",
        b64encode(b"[" * 3_000).decode(),
        "A" * 5_000,
    ):
        with pytest.raises(ProofRefused):
            spend(office, payload, now)
    with pytest.raises(ProofRefused):
        spend(office, good, now + timedelta(minutes=21))
    with office.system() as work:
        proof.sweep_proofs(work)


# ---------------------------------------------------------------- what runs by itself, and statistics


def test_escalation_goes_step_by_step_and_silent_cases_are_closed(office: Office) -> None:
    opened = accepted(office)
    taken = []
    for day in (2, 5, 6, 9, 10, 23, 24, 25):
        office.move_to(date(2026, 11, day))
        with office.system() as work:
            taken += [(day, found.step) for found in escalate_cases(work)]
    assert taken == [(6, Escalation.DUE_SOON), (10, Escalation.OVERDUE), (24, Escalation.LONG_OVERDUE)]
    with office.database.reading() as session:
        assert "督办" not in repr(public_page(session, office.rules, office.today, opened.number))
    silent = answered(office)
    for days, closed in ((13, 0), (1, 1), (1, 0)):
        office.later(days)
        with office.system() as work:
            assert close_silent_cases(work) == closed
    with office.database.reading() as session:
        assert public_page(session, office.rules, office.today, silent.number).case.status is Status.CLOSED


def test_a_unit_is_not_judged_by_a_handful_of_cases(office: Office) -> None:
    for _ in range(4):
        answered(office)
    late = accepted(office)
    with office.database.reading() as session:
        few = statistics_by_unit(session, office.rules, date(2026, 11, 10), date(2026, 1, 1))
    assert [
        (found.key, found.cases, found.answered, found.overdue_now, found.on_time_share) for found in few
    ] == [("U-ROADS", 5, 4, 1, None)]
    one = answered(office)
    with office.work("chen") as work:
        case_asker.rate_reply(work, one.number, 4)
    with office.database.reading() as session:
        (enough,) = statistics_by_unit(session, office.rules, date(2026, 11, 10), date(2026, 1, 1))
    assert (enough.on_time_share, enough.median_working_days, enough.mean_rating) == (1.0, 0.0, None)
    assert late.number != one.number


def test_statistics_count_only_what_everybody_can_count(office: Office) -> None:
    accepted(office)
    accepted(office, form=question(wants_listing=False))
    with office.database.reading() as session:
        (found,) = statistics_by_unit(session, office.rules, date(2026, 11, 10), date(2026, 1, 1))
    assert found.cases == 1


def test_similar_cases_are_listed_public_ones_only(office: Office) -> None:
    shown = accepted(office, form=question(subject="省道大修什么时候完工"))
    ask(office, form=question(subject="省道大修何时完工"))
    accepted(office, form=question(subject="省道大修什么时候能完工啊", wants_listing=False))
    accepted(office, form=question(subject="学校食堂的招标"))
    with office.database.reading() as session:
        assert [hint.number for hint in similar_cases(session, "省道大修几时完工？")] == [shown.number]
        assert similar_cases(session, "") == ()


def test_a_template_fills_its_places_and_nothing_else() -> None:
    body = "关于{事项}（{编号}），{{7*7}} {今天}"
    filled = fill(body, "20261102-0001", "{今天}{编号}", date(2026, 11, 2))
    assert filled == "关于{今天}{编号}（20261102-0001），{{7*7}} 2026年11月2日"


def test_spam_is_hinted_at_and_not_refused(office: Office) -> None:
    hints = spam_hints("兼职日结", "加微信 http://a.cn http://b.cn http://c.cn", 2)
    assert hints == ("近期有 2 件文字相同", "链接多", "像广告")
    assert spam_hints("路", "啊" * 30, 0) == ("同一字符重复",)
    assert spam_hints("省道", "省道什么时候完工？见 http://a.gov.cn/1", 0) == ()
    assert official(ROADS).unit_id == "U-ROADS"
