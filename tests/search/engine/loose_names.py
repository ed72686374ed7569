"""How people ask for a project whose name they half remember: loose, partial, misspelt.

Every way takes a name and gives what somebody might type for it. Nothing here knows an index: the homophones come
from a dictionary of readings, the look-alikes of keys from pinyin, the rest from cutting the name up.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache

import rjieba
from opencc import OpenCC
from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

Loosen = Callable[[str, random.Random], str]
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)


@cache
def _homophones() -> dict[str, str]:
    """Common characters by toneless reading."""
    found: defaultdict[str, str] = defaultdict(str)
    for character in _COMMON:
        if ord(character) in PINYIN_DICT:
            found[lazy_pinyin(character)[0]] += character
    return dict(found)


def _places(name: str) -> list[int]:
    return [at for at, character in enumerate(name) if "\u4e00" <= character <= "\u9fff"]


def without_year_and_brackets(name: str, _chance: random.Random) -> str:
    return re.sub(r"[（(][^）)]*[）)]|\d{4}(—\d{4})?年度?", "", name) or name


def dropped_word(name: str, chance: random.Random) -> str:
    words = rjieba.cut(name)
    if len(words) < 4:
        return name
    words.pop(chance.randrange(len(words)))
    return "".join(words)


def dropped_character(name: str, chance: random.Random) -> str:
    at = chance.choice(_places(name))
    return name[:at] + name[at + 1 :]


def swapped_characters(name: str, chance: random.Random) -> str:
    at = chance.choice([at for at in _places(name)[:-1] if at + 1 < len(name)])
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def homophone(name: str, chance: random.Random) -> str:
    """One character replaced by another that sounds the same, twice in long names."""
    for _ in range(1 + (len(name) > 12)):
        places = _places(name)
        chance.shuffle(places)
        for at in places:
            others = _homophones().get(lazy_pinyin(name[at])[0], "").replace(name[at], "")
            if others:
                name = name[:at] + chance.choice(others) + name[at + 1 :]
                break
    return name


def wrong_character(name: str, chance: random.Random) -> str:
    at = chance.choice(_places(name))
    return name[:at] + chance.choice(_COMMON) + name[at + 1 :]


def traditional(name: str, _chance: random.Random) -> str:
    return str(OpenCC("s2t").convert(name))


def full_pinyin(name: str, chance: random.Random) -> str:
    joint = chance.choice(("", " "))
    return joint.join(lazy_pinyin(without_year_and_brackets(name, chance)))


def initials(name: str, chance: random.Random) -> str:
    core = without_year_and_brackets(name, chance)
    return "".join(part[:1] if part.isalpha() else part for part in lazy_pinyin(core))


def extra_words(name: str, chance: random.Random) -> str:
    before = chance.choice(("请问", "我想查一下", "", "帮我找", "有没有"))
    after = chance.choice(("怎么样了", "项目的情况", "花了多少钱", "什么时候完工", "进展", "资金"))
    return before + name + after


def spaced_words(name: str, _chance: random.Random) -> str:
    return " ".join(word for word in rjieba.cut(name) if word.isalnum())


def key_words(name: str, chance: random.Random) -> str:
    """About two thirds of the longer words, in order."""
    words = [word for word in rjieba.cut(name) if len(word) > 1]
    kept = [word for word in words if chance.random() < 0.67]
    return " ".join(kept if len(kept) > 2 else words)


def reordered_words(name: str, chance: random.Random) -> str:
    words = [word for word in rjieba.cut(without_year_and_brackets(name, chance)) if word.isalnum()]
    at = chance.randrange(1, max(2, len(words)))
    return "".join(words[at:] + words[:at])


def without_place_endings(name: str, _chance: random.Random) -> str:
    return re.sub(r"(?<=[\u4e00-\u9fff]{2})[市县区镇乡]", "", name)


def mixed_pinyin(name: str, chance: random.Random) -> str:
    words = rjieba.cut(without_year_and_brackets(name, chance))
    at = chance.randrange(len(words))
    words[at] = "".join(lazy_pinyin(words[at]))
    return "".join(words)


def several_mistakes(name: str, chance: random.Random) -> str:
    return extra_words(
        homophone(dropped_word(without_year_and_brackets(name, chance), chance), chance), chance
    )


WAYS: tuple[Loosen, ...] = (
    without_year_and_brackets, dropped_word, dropped_character, swapped_characters, homophone, wrong_character,
    traditional, full_pinyin, initials, extra_words, spaced_words, key_words, reordered_words,
    without_place_endings, mixed_pinyin, several_mistakes,
)  # fmt: skip
