"""Passwords: which are taken, and how they are kept (argon2id). Slow on purpose: call from a thread.

A password is compared exactly as it was typed: nothing is trimmed, folded or cut. There are no rules about kinds of
characters; length and not being one of those everybody uses is what helps.
Source: OWASP ASVS 5.0, 6.2; the list of common passwords comes with the library zxcvbn.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.writing.errors import WeakPassword

SHORTEST, ADVISED, LONGEST = 8, 15, 256
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_OURS = ("sunshine", "yangguang", "caizheng", "阳光财政")
# argon2id as the OWASP Password Storage Cheat Sheet has it: 19 MiB, 2 passes, 1 lane. More memory would let a handful of
# people who sign in at once push a small machine into swap; raising it later rehashes everybody at the next sign-in.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password(password: str, login: str) -> None:
    """Raises: WeakPassword when the password is too short, too long, common, or made of the login or our name."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"密码至少 {SHORTEST} 个字符，建议 {ADVISED} 个以上，可以是一句话。")
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符。")
    folded = password.casefold()
    if folded in _COMMON or folded.rstrip("0123456789!.@#") in _COMMON or len(set(folded)) < 3:
        raise WeakPassword("这个密码太常见，别人几次就能猜中。请换一个。")
    bare = folded.strip("0123456789!.@#_-")
    if bare in _OURS or (login and bare == login.casefold().strip("0123456789!.@#_-")):
        raise WeakPassword("密码不能是用户名或本站名称加几个数字。请换一个。")


def hash_password(password: str) -> str:
    """The hash to keep, with its salt and parameters."""
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether the password is the one whose hash is kept. Takes as long when there is none to compare with."""
    try:
        return _HASHER.verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    """The hash that is compared with when there is no such account, so that both take as long."""
    return _HASHER.hash("nobody has this password")
