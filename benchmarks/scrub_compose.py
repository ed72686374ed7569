"""Sentences in any number, composed of frames, words and invented persons, places and brands.

The frames and the words that fill them are in `frames/`: `persons.txt` and `clean.txt` (one frame a line),
`words.txt` (words by heading). Everything there is written for this project; nobody in it exists.
A fifth of the frames and of the words, told by their checksum, is held out: `fitting` never uses them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

from anonymize.lists import characters, weights, words
from anonymize.text import Kind, Span
from benchmarks.scrub_corpus import MAKERS, Sentence

_FRAMES = Path(__file__).parent / "frames"
_SLOT = re.compile(r"<(\w+)>|([#&^~])|\{([A-Z_]+)\}")
_ANNOUNCED = re.compile(r"(?:<(?:role|label|kin)>(?:[：: ]| ?为|是)?|叫|本人|我是)$")
_ADDRESSED = re.compile(r"同志|同学|老师|老人|师傅|大爷|书记|主任|医生|教授|烈士|夫妇")
_SECOND = "建志文国明晓小玉秀春海永世少家德宗思子雨梓浩俊嘉佳美丽桂凤金银红爱彩月翠冬秋慧淑雅静欣怡诗若语舒一昕宇泽天承启光庆学荣长兴立振正克耀显炳锦润"
_LAST = "伟芳娜敏静强磊军洋勇艳杰娟涛超霞平刚英华兰梅琴云莲珍玲霖琪涵轩萱彤瑶妍琳欣怡豪鹏飞龙辉斌波峰林生福贵祥明亮东海山清武文才德仁义礼康宁安泉源涌洲凯睿哲昊然博航阳晨曦辰"
_FAMILIAR = ("大二三四五六七八老小阿", "娃妹毛宝狗牛妮女仔弟")
_LANDSCAPE = "山河水江湖溪湾塘坪坝沟岭岗桥泉洲滩井田林石岩寨铺店口关门坊城州阳阴安宁平昌丰兴康化源潭浦港渡头尾墩坎冲垭堡营屯家庙楼台花木竹柳松桃杏梅枣"
_BEFORE_LANDSCAPE = (
    "东西南北上下大小新老前后中高长青白红黄金银龙凤虎马牛羊鹿鹤石古三五七九双万千清明云霞安永太和平"
)
_AUSPICIOUS = "恒泰博源鑫诚信达华盛天宇安康瑞丰宏远兴隆永利金辉佳美宝龙聚汇通智云联创新科技正方圆力德盈嘉润中海东方百大万广益民众和顺祥福"
_OF_WORDS, _OF_WORDS_WHERE_TOLD = (
    0.01,
    0.12,
)  # the share of names that are ordinary words: where a person is told of
_OFTEN_GIVEN = 1.0  # characters that are so much (in logarithms) more frequent in given names than in texts
_COMMON, _AMBIGUOUS, _RARE, _SELDOM, _COMPOUND = (
    sorted(found)
    for found in (
        characters("surnames_common"),
        characters("surnames_ambiguous"),
        characters("surnames_rare"),
        characters("surnames_seldom"),
        words("surnames_compound"),
    )
)
_SURNAMES = tuple(_COMMON + _AMBIGUOUS)
_TYPICAL = tuple(sorted(characters("given_typical")))
_GIVEN = tuple(character for character, weight in weights("given_weights").items() if weight >= _OFTEN_GIVEN)
_NEVER = characters("given_never")

Vocabulary: TypeAlias = Mapping[str, tuple[str, ...]]


def _lines(name: str) -> Iterator[str]:
    for line in (_FRAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# Frames") and not line.startswith("# What"):
            yield line


def _is_held_out(text: str) -> bool:
    return zlib.crc32(text.encode()) % 5 == 0


def _vocabulary() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in _lines("words"):
        if line.startswith("["):
            heading = line.strip("[]")
        else:
            found.setdefault(heading, []).extend(line.split(" "))
    return {name: tuple(word.replace("\u3000", " ") for word in listed) for name, listed in found.items()}


@dataclass(frozen=True, slots=True)
class Frames:
    """Some of the frames, and the words that may fill them."""

    persons: tuple[str, ...]
    clean: tuple[str, ...]
    vocabulary: Vocabulary

    def sentences(self, rng: Random, persons: int, clean: int) -> Iterator[Sentence]:
        """Each frame so many times, filled at random."""
        for frames, times in ((self.persons, persons), (self.clean, clean)):
            for frame in frames:
                for _ in range(times):
                    yield _filled(frame, rng, self.vocabulary)


def fitting() -> Frames:
    """The frames and words that a fit may use."""
    vocabulary = {
        name: tuple(word for word in listed if not _is_held_out(word)) or listed
        for name, listed in _vocabulary().items()
    }
    persons, clean = (
        tuple(line for line in _lines(name) if not _is_held_out(line)) for name in ("persons", "clean")
    )
    return Frames(persons, clean, vocabulary)


def held_out() -> Frames:
    """The other frames, with all words."""
    persons, clean = (
        tuple(line for line in _lines(name) if _is_held_out(line)) for name in ("persons", "clean")
    )
    return Frames(persons, clean, _vocabulary())


def _filled(frame: str, rng: Random, vocabulary: Vocabulary) -> Sentence:
    pieces: list[str] = []
    spans: list[Span] = []
    length = position = 0
    for slot in _SLOT.finditer(frame):
        before = frame[position : slot.start()]
        is_told = _ANNOUNCED.search(frame, 0, slot.start()) or _ADDRESSED.match(frame, slot.end())
        kind, value = _filling(slot, rng, vocabulary, _OF_WORDS_WHERE_TOLD if is_told else _OF_WORDS)
        start = length + len(before)
        if kind is not None:
            spans.append(Span(start, start + len(value), kind))
        pieces += (before, value)
        length = start + len(value)
        position = slot.end()
    pieces.append(frame[position:])
    return Sentence("".join(pieces), tuple(spans))


def _filling(
    slot: re.Match[str], rng: Random, vocabulary: Vocabulary, share_of_words: float
) -> tuple[Kind | None, str]:
    word, sign, number = slot.groups()
    if word:
        return None, rng.choice(vocabulary[word])
    if number:
        return Kind(number), MAKERS[Kind(number)](rng)
    if sign == "#":
        return Kind.NAME, (
            rng.choice(vocabulary["word_name"]) if rng.random() < share_of_words else person(rng)
        )
    if sign == "&":
        return Kind.ADDRESS, home(rng)
    return None, place(rng) if sign == "^" else brand(rng)


def person(rng: Random) -> str:
    """An invented name with a Chinese surname."""
    kind = rng.random()
    surnames = (
        _COMPOUND
        if kind < 0.05
        else _COMMON
        if kind < 0.45
        else _AMBIGUOUS
        if kind < 0.68
        else _RARE
        if kind < 0.95
        else _SELDOM
    )
    surname, given = rng.choice(surnames), _given(rng)
    return person(rng) if _NEVER.intersection(given) else surname + given


def _given(rng: Random) -> str:
    if rng.random() < 0.2:
        return _given_character(rng)
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(words("given_words"))
    if kind < 0.19:
        return rng.choice(_FAMILIAR[0]) + rng.choice(_FAMILIAR[1])
    if kind < 0.22:
        return _given_character(rng) * 2
    if kind < 0.6:
        return rng.choice(_SECOND) + rng.choice(_LAST)
    return _given_character(rng) + _given_character(rng)


def _given_character(rng: Random) -> str:
    kind = rng.random()
    return rng.choice(
        _SECOND if kind < 0.35 else _LAST if kind < 0.65 else _TYPICAL if kind < 0.8 else _GIVEN
    )


def place(rng: Random) -> str:
    """A made-up place without its kind; most look like a surname and more."""
    kind = rng.random()
    if kind < 0.15:
        return rng.choice(words("place_words"))
    if kind < 0.3:
        return rng.choice(_SURNAMES) + "家" + (rng.choice(_LANDSCAPE) if rng.random() < 0.6 else "")
    if kind < 0.66:
        second = rng.choice(_LANDSCAPE) if kind > 0.6 else ""
        return rng.choice(_SURNAMES) + rng.choice(_LANDSCAPE) + second
    return rng.choice(_BEFORE_LANDSCAPE) + rng.choice(_LANDSCAPE)


def brand(rng: Random) -> str:
    """A made-up name of a firm."""
    kind = rng.random()
    if kind < 0.75:
        return rng.choice(_AUSPICIOUS) + rng.choice(_AUSPICIOUS)
    return rng.choice(_SURNAMES) + (rng.choice(_AUSPICIOUS) if kind < 0.85 else "氏" if kind < 0.95 else "记")


def home(rng: Random) -> str:
    """A made-up home address."""
    town = place(rng) + rng.choice(["镇", "乡", "街道", "县", "区"])
    door = f"{rng.randint(1, 20)}栋{rng.randint(101, 1805)}室"
    kind = rng.random()
    if kind < 0.5:
        group = rng.choice(["3组", "第五村民小组", "八组12号", "6社", "二组17号", "12队"])
        return f"{town}{place(rng)}村{group}"
    if kind < 0.8:
        return f"{town}{place(rng)}路{rng.randint(1, 300)}号{door}"
    return f"{place(rng)}花园{door}"
