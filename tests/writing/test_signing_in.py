from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from portal.writing import sessions, totp
from portal.writing.accounts import (
    account_by_identity,
    disable,
    give,
    invite,
    link_identity,
    list_accounts,
    redeem_link,
    reset_link,
    set_password,
    subject_of,
    take_back,
)
from portal.writing.acting import Acting, Work
from portal.writing.errors import (
    AlreadyDone,
    InputRefused,
    LinkRefused,
    NotAllowed,
    NotThere,
    SealBroken,
    TooMany,
    WeakPassword,
)
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.models.words import Role
from portal.writing.passwords import LONGEST, check_password, hash_password, is_password
from portal.writing.signing_in import (
    Outcome,
    SignIn,
    check_code,
    check_credentials,
    confirm_second_factor,
    start_second_factor,
)
from portal.writing.totp import STEP_SECONDS, SecretBox, matching_step
from tests.writing.office import ROADS, Office, account_row, official, seeded_entropy

GOOD = "春天的省道 S303 修好了"
BOX = SecretBox(bytes(range(32)))
HOME, ELSEWHERE = "10.0.0.7", "198.51.100.9"


def with_password(office: Office, name: str = "chen") -> None:
    with office.system() as work:
        set_password(work, office.people[name], GOOD)


def try_to_sign_in(office: Office, login: str, password: str, origin: str = HOME) -> SignIn:
    acting = office.acting(office.subject(None), origin=origin)
    return check_credentials(office.database, office.rules, acting, login, password)


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    "password",
    [
        "1234567",
        "password",
        "12345678",
        "iloveyou1",
        "Sunshine",
        "sunshine2026",
        "阳光财政2026",
        "aaaaaaaaaaaa",
        "zhang.wei1",
    ],
)
def test_a_password_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, "zhang.wei")


@pytest.mark.parametrize(
    "password",
    [
        "xk7#mQ2p",
        "correct horse battery staple",
        GOOD,
        "👩‍🌾🚜🌾🌾🌽🥬🥕🐓",
        "q" * 3 + "Wz81!" * 40,
        " leading and trailing ",
    ],
)
def test_a_long_or_unusual_password_is_taken_and_compared_exactly(password: str) -> None:
    check_password(password, "zhang.wei")
    kept = hash_password(password)
    assert kept.startswith("$argon2id$")
    assert is_password(kept, password)
    assert not is_password(kept, password.strip() + "x")
    assert not is_password(kept, password.swapcase()) or password.swapcase() == password


def test_a_password_longer_than_the_limit_is_refused_and_none_is_cut() -> None:
    with pytest.raises(WeakPassword):
        check_password("ab1" * LONGEST, "zhang.wei")
    kept = hash_password("x" * 200 + "1")
    assert not is_password(kept, "x" * 200 + "2")
    assert not is_password(None, "anything")


# ---------------------------------------------------------------- signing in


def test_a_wrong_password_and_an_unknown_login_are_the_same(office: Office) -> None:
    with_password(office)
    assert try_to_sign_in(office, "chen", "wrong password") == SignIn(Outcome.REFUSED)
    assert try_to_sign_in(office, "nobody", "wrong password") == SignIn(Outcome.REFUSED)
    assert try_to_sign_in(office, " CHEN ", GOOD) == SignIn(Outcome.IN, office.people["chen"])


def test_ten_wrong_tries_are_throttled_for_that_source_and_a_known_one_still_gets_in(office: Office) -> None:
    with_password(office)
    assert try_to_sign_in(office, "chen", GOOD).outcome is Outcome.IN
    for _ in range(10):
        assert try_to_sign_in(office, "chen", "wrong password", ELSEWHERE).outcome is Outcome.REFUSED
    with pytest.raises(TooMany) as throttled:
        try_to_sign_in(office, "chen", GOOD, ELSEWHERE)
    assert 0 < throttled.value.retry_after_seconds <= 900
    for number in range(8):  # changing the source does not help for long
        try_to_sign_in(office, "chen", "wrong password", f"203.0.113.{number}")
    with pytest.raises(TooMany):
        try_to_sign_in(office, "chen", GOOD, "203.0.113.200")
    assert try_to_sign_in(office, "chen", GOOD, HOME).outcome is Outcome.IN


def test_staff_need_a_second_factor(office: Office) -> None:
    with_password(office, "roads-clerk")
    assert try_to_sign_in(office, "roads-clerk", GOOD).outcome is Outcome.NEEDS_SET_UP
    secret, address = start_second_factor(office.rules, "roads-clerk")
    assert address.startswith("otpauth://totp/")
    code = pyotp.TOTP(secret).at(int(office.acting(office.subject(None)).at.timestamp()))
    with office.work("roads-clerk") as work:
        assert not confirm_second_factor(work, BOX, office.people["roads-clerk"], secret, "000000")
        assert confirm_second_factor(work, BOX, office.people["roads-clerk"], secret, code)
    assert try_to_sign_in(office, "roads-clerk", GOOD).outcome is Outcome.NEEDS_CODE
    kept = account_row(office, "roads-clerk").totp_sealed
    assert kept is not None
    assert secret not in kept


def test_a_code_works_once_and_half_a_minute_of_skew_is_fine(office: Office) -> None:
    account_id = office.people["roads-clerk"]
    secret, _ = start_second_factor(office.rules, "roads-clerk")
    generator, start = pyotp.TOTP(secret), office.acting(office.subject(None)).at
    now = int(start.timestamp())
    with office.work("roads-clerk") as work:
        assert confirm_second_factor(work, BOX, account_id, secret, generator.at(now))

    def show(code: str, seconds: int) -> bool:
        acting = office.acting(office.subject("roads-clerk"))
        later = Acting(acting.subject, start + timedelta(seconds=seconds), acting.today, HOME)
        with office.database.writing() as session:
            return check_code(Work(session, later, office.rules), BOX, account_id, code)

    assert not show(generator.at(now), 0)  # the one that set it up
    assert show(generator.at(now + 60), 60)
    assert not show(generator.at(now + 60), 61)  # replayed
    assert not show(generator.at(now + 30), 61)  # older than the one used
    assert show(generator.at(now + 120), 120 + STEP_SECONDS)
    for _ in range(5):
        assert not show("123456", 300)
    assert not show(generator.at(now + 300), 300)  # throttled
    assert show(generator.at(now + 700), 700)


def test_a_sealed_secret_opens_for_its_account_and_key_only() -> None:
    sealed = BOX.seal("JBSWY3DPEHPK3PXP", "account 1", seeded_entropy())
    assert BOX.open(sealed, "account 1") == "JBSWY3DPEHPK3PXP"
    for box, owner in ((BOX, "account 2"), (SecretBox(bytes(32)), "account 1")):
        with pytest.raises(SealBroken):
            box.open(sealed, owner)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "000000 OR 1=1"])
def test_what_is_no_code_matches_nothing(office: Office, code: str) -> None:
    at = office.acting(office.subject(None)).at
    assert matching_step(totp.new_secret(seeded_entropy()), code, at, None) is None


# ---------------------------------------------------------------- accounts and links


def test_an_invitation_is_good_once_and_for_a_day(office: Office) -> None:
    with office.work("administrator") as work:
        token = invite(work, AccountIn(login="Wang.Fang", display_name="王科员"), [official(ROADS)])
        late = invite(work, AccountIn(login="late", display_name="迟到"), [])
    with pytest.raises(WeakPassword), office.system() as work:
        redeem_link(work, token, "wang.fang1")
    with office.system() as work:
        redeem_link(work, token, GOOD)
    for again in (token, "unknown"):
        with pytest.raises(LinkRefused), office.system() as work:
            redeem_link(work, again, GOOD)
    office.later(1)
    with pytest.raises(LinkRefused), office.system() as work:
        redeem_link(work, late, GOOD)
    assert try_to_sign_in(office, "wang.fang", GOOD).outcome is Outcome.NEEDS_SET_UP


def test_a_new_password_kills_links_and_sessions(office: Office) -> None:
    with office.work("administrator") as work:
        token = reset_link(work, office.people["chen"])
    with office.work("chen") as work:
        session_token = sessions.open_session(work, office.people["chen"], has_second_factor=False)
    with_password(office)
    with pytest.raises(LinkRefused), office.system() as work:
        redeem_link(work, token, GOOD)
    with office.database.reading() as session:
        assert sessions.read_session(session, session_token, work.acting.at) is None


def test_only_the_administrator_gives_roles_and_never_to_himself(office: Office) -> None:
    grant = GrantIn(role=Role.AUDITOR, clearance=12)
    for name in ("roads-head", "finance", "auditor", "chen", None):
        with pytest.raises(NotAllowed), office.work(name) as work:
            give(work, office.people["chen"], grant)
    with pytest.raises(InputRefused), office.work("administrator") as work:
        give(work, office.people["administrator"], grant)
    for wrong in (GrantIn(role=Role.ANYONE), GrantIn(role=Role.OFFICIAL, clearance=13)):
        with pytest.raises(InputRefused), office.work("administrator") as work:
            give(work, office.people["chen"], wrong)
    with office.work("administrator") as work:
        grant_id = give(work, office.people["chen"], grant)
    with office.database.reading() as session:
        assert subject_of(session, office.people["chen"]).is_staff
    with office.work("administrator") as work:
        take_back(work, grant_id)
    with pytest.raises(NotThere), office.work("administrator") as work:
        take_back(work, grant_id)
    with office.database.reading() as session:
        assert not subject_of(session, office.people["chen"]).is_staff
        listed = list_accounts(session, office.subject("administrator"))
    assert {account.login for account in listed} == set(office.people)


def test_a_person_has_one_account_and_a_login_one_owner(office: Office) -> None:
    for login, key in (("chen", "somebody else"), ("chen2", "person of chen")):
        with pytest.raises(AlreadyDone):
            office.hire(login, person_key=key)
    with pytest.raises(InputRefused):
        office.hire("no spaces")


def test_somebody_of_a_provider_stands_for_one_account(office: Office) -> None:
    with office.work("chen") as work:
        link_identity(work, office.people["chen"], "https://id.example", "subject-7")
    with pytest.raises(AlreadyDone), office.work("lin") as work:
        link_identity(work, office.people["lin"], "https://id.example", "subject-7")
    with office.database.reading() as session:
        assert account_by_identity(session, "https://id.example", "subject-7") == office.people["chen"]
        assert account_by_identity(session, "https://other.example", "subject-7") is None


# ---------------------------------------------------------------- sessions


def opened(office: Office, name: str = "chen") -> str:
    with office.work(name) as work:
        return sessions.open_session(work, office.people[name], has_second_factor=True, device="手机")


def is_live(office: Office, token: str, minutes: float = 0) -> bool:
    at = office.acting(office.subject(None)).at + timedelta(minutes=minutes)
    with office.database.reading() as session:
        return sessions.read_session(session, token, at) is not None


def test_a_session_ends_after_half_an_hour_of_silence(office: Office) -> None:
    token = opened(office)
    assert len(token) >= 43
    assert is_live(office, token, 29.9)
    assert not is_live(office, token, 30)
    assert not is_live(office, token + "x")


def test_a_session_ends_after_twelve_hours_however_busy(office: Office) -> None:
    token = opened(office)
    start = office.acting(office.subject(None)).at
    for minutes in range(20, 12 * 60, 20):
        at = start + timedelta(minutes=minutes)
        with office.database.writing() as session:
            visit = sessions.read_session(session, token, at)
            assert visit is not None
            assert visit.wants_touch
            acting = Acting(visit.subject, at, office.today)
            sessions.touch(Work(session, acting, office.rules), visit.session_id)
    assert not is_live(office, token, 12 * 60)


def test_a_rotated_token_is_dead_and_cannot_be_rotated_again(office: Office) -> None:
    token = opened(office)
    with office.work("chen") as work:
        fresh = sessions.rotate(work, token, has_second_factor=True)
    assert (is_live(office, token), is_live(office, fresh)) == (False, True)
    with pytest.raises(NotThere), office.work("chen") as work:
        sessions.rotate(work, token, has_second_factor=True)


def test_sessions_end_on_sign_out_disabling_and_by_the_administrator(office: Office) -> None:
    first, second, third = opened(office), opened(office), opened(office)
    with office.work("chen") as work:
        sessions.close_session(work, first)
        sessions.close_session(work, first)
    assert [is_live(office, token) for token in (first, second, third)] == [False, True, True]
    with office.database.reading() as session:
        own = sessions.list_sessions(
            session, office.people["chen"], office.acting(office.subject(None)).at, second
        )
    assert [found.is_this_one for found in own].count(True) == 1
    other = next(found.id for found in own if not found.is_this_one)
    with pytest.raises(NotThere), office.work("lin") as work:
        sessions.end_own_session(work, other)
    with office.work("chen") as work:
        sessions.end_own_session(work, other)
    assert [is_live(office, token) for token in (second, third)] == [True, False]
    with office.work("administrator") as work:
        sessions.end_sessions_of(work, office.people["chen"])
    assert not is_live(office, second)
    fourth = opened(office)
    with office.work("administrator") as work:
        disable(work, office.people["chen"])
    assert not is_live(office, fourth)
    with office.database.reading() as session:
        assert subject_of(session, office.people["chen"]).held == ()


def test_tokens_of_a_thousand_sessions_differ_in_every_part(office: Office) -> None:
    work = Work(None, office.acting(office.subject(None)), office.rules)  # type: ignore[arg-type]
    tokens = [work.token() for _ in range(1_000)]
    assert len({token[:11] for token in tokens}) == len({token[-11:] for token in tokens}) == 1_000
