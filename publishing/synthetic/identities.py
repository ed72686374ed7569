"""Invented persons and registered bodies: names, identity numbers, telephones, accounts, credit codes.

Nothing is stored: a person is a pure function of (seed, county, number), computed for whole columns at once, so
ten million persons cost nothing. Identity numbers begin with codes of the fictional province (99….) and carry a
valid check digit; mobile numbers have the block 0000, which no subscriber has; accounts pass the Luhn check.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pyarrow as pa

from publishing.synthetic.arrays import Bytes, Hashes, Ints, mixed

ZERO = np.uint8(ord("0"))
RIC_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
RIC_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
FIRST_BIRTHDAY, LAST_BIRTHDAY = np.datetime64("1938-01-01"), np.datetime64("2006-12-31")
MOBILE_PREFIXES = np.array([130, 131, 135, 136, 137, 138, 139, 150, 151, 158, 159, 177, 180, 186, 187, 189])

SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
    "欧阳", "上官", "司徒", "诸葛",
)  # fmt: skip
GIVEN_FIRST = tuple(
    "秀桂玉淑建志国文明永春海小晓丽美金红德福家俊子雨欣思嘉梓浩宇一佳雅婷慧凤兰翠菊素惠光成学天立宏伟庆新荣世少泽宗振兴仁义长大广云月雪冬秋"
)
GIVEN_LAST = tuple(
    "英华兰珍芳芬梅花霞琴云莲香娟艳玲燕红丽萍辉平军强伟勇明杰涛超斌鹏飞刚波峰龙林民生贵才山海东涵轩妍琪怡睿晨阳宁凯旭健琳洁敏静颖雯瑶萱彤航博"
)
GIVEN_SINGLE = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚辉玲鑫宁浩宇帆婷雪峰健萍斌莉波")


def fixed_width_text(characters: Bytes) -> pl.Series:
    """Rows of ASCII bytes, all of one width, as a text column without a Python loop."""
    count, width = characters.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters))]
    series = pl.from_arrow(pa.LargeStringArray.from_buffers(count, buffers[1], buffers[2]))
    assert isinstance(series, pl.Series)  # noqa: S101 - an array becomes a Series, a table a DataFrame
    return series


def digits(numbers: Ints, width: int) -> Bytes:
    """The decimal digits of whole numbers as ASCII, one row each, with leading zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray((numbers[:, None] // powers) % 10, dtype=np.uint8) + ZERO


def person_hashes(seed: int, county_codes: Ints, numbers: Ints) -> Hashes:
    """One well-mixed number per person, from which everything about that person follows."""
    keys = county_codes.astype(np.uint64) * np.uint64(1 << 36) + numbers.astype(np.uint64)
    return mixed(keys ^ mixed(np.array([seed], dtype=np.uint64)))


def person_names(hashes: Hashes) -> pl.Series:
    """Chinese names: common surnames more often, one given character for about one person in six."""
    surnames, first, last = _name_parts()
    surname = np.minimum((_share(hashes, 0) ** 1.7 * len(surnames)).astype(np.int64), len(surnames) - 1)
    single = _share(hashes, 1) < 0.16
    first_at = np.where(single, 0, 1 + _pick(hashes, 2, len(GIVEN_FIRST)))
    last_at = np.where(
        single, len(GIVEN_LAST) + _pick(hashes, 3, len(GIVEN_SINGLE)), _pick(hashes, 3, len(GIVEN_LAST))
    )
    parts = pl.DataFrame(
        {"a": surnames.gather(surname), "b": first.gather(first_at), "c": last.gather(last_at)}
    )
    return parts.select(pl.concat_str("a", "b", "c")).to_series()


def identity_numbers(hashes: Hashes, county_codes: Ints) -> pl.Series:
    """18-character identity numbers of the fictional counties, check digit included."""
    characters = np.empty((len(hashes), 18), dtype=np.uint8)
    characters[:, :6] = digits(county_codes, 6)
    birthdays = _birthdays()
    characters[:, 6:14] = birthdays[_pick(hashes, 4, len(birthdays))]
    characters[:, 14:17] = digits(1 + _pick(hashes, 5, 998), 3)
    remainder = ((characters[:, :17] - ZERO).astype(np.int64) @ RIC_WEIGHTS) % 11
    characters[:, 17] = RIC_CHECKS[remainder]
    return fixed_width_text(characters)


def mobile_numbers(hashes: Hashes) -> pl.Series:
    """Eleven digits: a prefix in use, the block 0000 that is given to nobody, four digits."""
    prefix = MOBILE_PREFIXES[_pick(hashes, 6, len(MOBILE_PREFIXES))]
    return fixed_width_text(digits(prefix * 100_000_000 + _pick(hashes, 7, 10_000), 11))


def bank_accounts(hashes: Hashes) -> pl.Series:
    """19 digits that pass the Luhn check; the bank number 629999 is invented."""
    characters = np.empty((len(hashes), 19), dtype=np.uint8)
    characters[:, :6] = np.frombuffer(b"629999", dtype=np.uint8)
    characters[:, 6:18] = digits((mixed(hashes ^ np.uint64(8)) % np.uint64(10**12)).astype(np.int64), 12)
    values = (characters[:, :18] - ZERO).astype(np.int64)
    doubled = values[:, ::-1][:, ::2] * 2
    total = (doubled - 9 * (doubled > 9)).sum(axis=1) + values[:, ::-1][:, 1::2].sum(axis=1)
    characters[:, 18] = ((10 - total % 10) % 10).astype(np.uint8) + ZERO
    return fixed_width_text(characters)


def credit_code(authority: str, region_code: str, serial: int) -> str:
    """A unified social credit code: authority and kind (2), region (6), organisation code (9), check."""
    body = f"{serial:08d}"
    check = (
        11 - sum(int(digit) * weight for digit, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    )
    code = authority + region_code + body + ("X" if check == 10 else str(check % 11))
    total = sum(
        USCC_ALPHABET.index(letter) * weight for letter, weight in zip(code, USCC_WEIGHTS, strict=True)
    )
    return code + USCC_ALPHABET[(31 - total % 31) % 31]


def _share(hashes: Hashes, salt: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return (mixed(hashes ^ np.uint64(salt)) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _pick(hashes: Hashes, salt: int, choices: int) -> Ints:
    return (mixed(hashes ^ np.uint64(salt)) % np.uint64(choices)).astype(np.int64)


@cache
def _name_parts() -> tuple[pl.Series, pl.Series, pl.Series]:
    return pl.Series(SURNAMES), pl.Series(("", *GIVEN_FIRST)), pl.Series((*GIVEN_LAST, *GIVEN_SINGLE))


@cache
def _birthdays() -> Bytes:
    days = np.arange(FIRST_BIRTHDAY, LAST_BIRTHDAY)
    text = np.char.replace(days.astype("datetime64[D]").astype("U10"), "-", "")
    return np.frombuffer("".join(text.tolist()).encode(), dtype=np.uint8).reshape(-1, 8)
