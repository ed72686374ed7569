"""English of what a page refuses, and why: sentences made below the web layer, with their values already in them.

Most words of the portal are looked up before their values are put in (`tell`). A refusal comes as a finished sentence
from layers that know no language, so it is recognised by its shape: what stands in a brace here is whatever stood
there, itself said in English where it is a word of ours. Several reasons in one value are joined by `；`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

PERMISSION: dict[str, str] = {
    **{
        f"允许：{{}}可以对{scope}{{}}做“{{}}”。": f"Allowed: the role “{{0}}” may do “{{2}}” to {english} ({{1}})."
        for scope, english in {
            "已公开的": "what is published",
            "本人的": "what is one's own",
            "授权范围（单位、地区、领域）内的": "what lies within the grant (unit, region, sector)",
            "全部": "everything",
        }.items()
    },
    "拒绝：没有任何规则允许这个角色对{}做“{}”。": "Refused: no rule allows this role “{1}” ({0}).",
    "拒绝：{}。": "Refused: {}.",
    "密级 {} 低于所需的 {}": "clearance {} is below the {} that is needed",
    "尚未公开": "not published yet",
    "不是本人的": "not one's own",
    "授权没有写明单位、地区或领域": "the grant names no unit, region or sector",
    "对象不属于任何单位": "the object belongs to no unit",
    "对象属于单位 {}，授权只限 {}": "the object belongs to unit {}, the grant reaches {} only",
    "对象属于领域 {}，授权只限 {}": "the object belongs to sector {}, the grant reaches {} only",
    "对象不在地区 {} 之内": "the object does not lie in region {}",
    "规则不含字段 {}": "the rule does not hold the field {}",
    "字段 {} 需要密级 {}，您的是 {}": "the field {} needs clearance {}, yours is {}",
    "不缺：允许": "nothing: allowed",
    "您的角色不能对{}。依据见 {}": "Your role may not do this: {}. The reason is at {}",
    "{}做“{}”": "{}: {}",
    "这里是工作人员的工作台，您的账户没有工作人员的角色。": "This is the desk of the staff; your account has no role there.",
}
ADDRESSES: dict[str, str] = {
    "没有第 {} 号发布。": "There is no release {}.",
    "第 {} 号发布没有名为 {} 的数据集。": "Release {} has no dataset named {}.",
    "第 {} 号发布没有名为 {} 的数据集。{}": "Release {} has no dataset named {}. {}",
    "参数不是 UTF-8 编码。": "The parameters are not UTF-8.",
    "参数太多，最多 {} 个。": "Too many parameters: {} at most.",
    "参数里有不可见的控制字符。": "A parameter holds control characters that cannot be seen.",
    "{} 只能是 {}。": "{} may be one of: {}.",
    "{} 的值不能用：{}。": "The value of {} cannot be used: {}.",
    "没有名为 {} 的参数。": "There is no parameter named {}.",
    "这个地址没有名为 {} 的参数。": "This address has no parameter named {}.",
    "today 应为 YYYY-MM-DD，例如 2026-10-31。": "today is written YYYY-MM-DD, as in 2026-10-31.",
    "订阅的地址以 .atom 结尾。": "The address of a feed ends in .atom.",
    "没有短链接 {}。": "There is no short link {}.",
    "没有 {}。图可以取用为：{}。": "There is no {}. A chart can be taken as: {}.",
    "没有 {}。白皮书是页面或 .pdf。": "There is no {}. A white paper is a page or a .pdf.",
    "最新发布里没有{} {}，请检查。": "The newest release has no {} {}: please check.",
    "没有代码为 {} 的地区。": "There is no region with the code {}.",
    "请用 of= 写明一个 rows 或 aggregate 的地址（整个地址要百分号编码）。": (
        "Give the address of rows or an aggregate as of=, percent-encoded."
    ),
    "{} 不是 rows 或 aggregate 的地址。": "{} is no address of rows or of an aggregate.",
    "这个网址不是本站的。": "This address is not one of this site.",
    "这一页没有可以嵌入的图。": "This page has no chart to embed.",
    "请用 url 写明页面的网址。": "Give the address of the page as url.",
    "这不是一个网址。": "This is no address.",
    "撤回的原因：{}": "Why it was withdrawn: {}",
    "事件编号 {}。{}": "Incident {}. {}",
}
FORMS: dict[str, str] = {
    "请先登录。若刚才已经登录，是登录已到时限；您填写的内容可用浏览器的“后退”找回。": (
        "Please sign in first. If you just did, your time was up; go back in the browser to find what you wrote."
    ),
    "这次提交不是从本站当前的页面发出的，为防冒用没有执行。请后退、刷新页面后再提交一次；浏览器须允许本站的 Cookie。": (
        "This did not come from a page of ours that is open now, so nothing was done. Go back, reload the page and send "
        "it again; the browser must allow cookies of this site."
    ),
    "一次最多 {} 张图片；其余的可以之后再补充。": "{} pictures at most at once; add the others later.",
    "发布号应为数字。": "The number of a release is a number.",
    "请先选择图片。": "Choose a picture first.",
    "撤回后不能恢复；确实要撤回，请先勾选“我要撤回”。": "A withdrawal cannot be undone. If you mean it, tick the box first.",
    "请选择 1 至 5 分。": "Choose from 1 to 5.",
    "评分为 1 至 5。": "A rating goes from 1 to 5.",
    "{} 不是可以授予的角色。": "{} is no role that can be given.",
    "密级为 1 至 12，而不是 {}。": "A clearance goes from 1 to 12; {} does not.",
    "预警由系统在发布时登记。": "Alerts are entered by the system when a release is published.",
    "验收人不能是说明人或整改人，请由另一位同事验收。": (
        "Who explained or remedied it cannot accept it; ask a colleague."
    ),
    "起草和审核须由登录的工作人员本人进行。": "Drafts and reviews are made by staff who are signed in themselves.",
    "审核人不能是起草人；您写过此件的草稿，请由另一位同事审核。": (
        "Who drafted cannot review. You wrote a draft of this case; ask a colleague."
    ),
    "补充次数太多，请等待答复。": "Too many additions: please wait for the reply.",
    "此件已经在这个单位。": "The case is with this unit already.",
    "此人没有办理这个单位案件的权限。": "This person may not work on cases of that unit.",
    "更正版本应晚于被指出的第 {} 版。": "The correcting release must be later than release {}.",
    "数据纠错须指明是哪个版本的哪个数字；请从页面上该数字旁的“纠错”进入。": (
        "Say which number of which release is wrong: follow “Wrong number?” beside that number."
    ),
    "数字的地址太长。": "The address of the number is too long.",
    "催办由系统按期限自动进行。": "Reminders are sent by the system when they are due.",
    "电子邮箱的格式不对，请检查。": "This is no e-mail address: please check.",
    "请指明关注的对象。": "Say what you want to follow.",
    "您已经登录；请先退出再注册。": "You are signed in: sign out before you register.",
    "评分前请先完成实名核验；我们只保存一个代号，不保存您的身份信息。": (
        "Please have your identity checked before you rate; we keep a code only, nothing about who you are."
    ),
    "表单不完整，请重新打开提问页；您填写的内容还在下面，可以直接再提交。": (
        "The form was not complete. What you wrote is below: send it again."
    ),
    "表单打开超过一天，已过期；您填写的内容还在下面，可以直接再提交。": (
        "The form was open for more than a day. What you wrote is below: send it again."
    ),
    "不能取消自己的第二因素；请由另一位管理员办理。": (
        "Nobody takes away their own second factor; ask another administrator."
    ),
    "最多 {} 个字，您写了 {} 个。请缩短，或分成几件。": (
        "{} characters at most; you wrote {}. Please shorten it, or send several."
    ),
    "至少写 {} 个字。": "Write at least {} characters.",
    "人机验证未通过或已过期，请重新提交；您填写的内容没有丢失。": (
        "The check against robots failed or expired. Send it again: nothing you wrote is lost."
    ),
    "操作太频繁，请在 {} 秒后再试。": "Too often: please try again in {} seconds.",
    "操作日志第 {} 条起不可信：{}": "The log cannot be trusted from entry {} on: {}",
    "第二因素的密钥无法打开：请确认 keys/ 目录与数据库来自同一份备份。": (
        "The key of the second factor cannot be opened: keys/ and the database must come from the same backup."
    ),
    "业务数据库暂时繁忙，请稍后再试。公开数据不受影响。": (
        "The database is busy; please try again soon. Published figures are not concerned."
    ),
    "没有 {} 这种比较。": "There is no such comparison: {}.",
    "{} 写了 {} 次。": "{} was written {} times.",
    "值太长，最多 {} 个字符。": "The value is too long: {} characters at most.",
    "{} 应为 true 或 false。": "{} is true or false.",
    "{} 只能写一次，这里写了 {} 次。": "{} may be written once; here it stands {} times.",
    "文字里有无法保存的字符。": "The text holds characters that cannot be kept.",
}
REFUSALS: dict[str, str] = PERMISSION | ADDRESSES | FORMS


@dataclass(frozen=True, slots=True)
class _Shape:
    """A refusal with values in it. Most sentences are told apart from it by how they begin and end alone."""

    begin: str
    end: str
    pattern: re.Pattern[str]
    english: str


def _shape(chinese: str, english: str) -> _Shape:
    pattern = re.compile(re.escape(chinese).replace(r"\{\}", "(.+?)"), re.DOTALL)
    return _Shape(chinese.partition("{}")[0], chinese.rpartition("{}")[2], pattern, english)


_SHAPES = tuple(
    _shape(chinese, english)
    for chinese, english in sorted(
        REFUSALS.items(), key=lambda pair: (-len(pair[0].replace("{}", "")), pair[0])
    )
)
"""The most exact shape first: what holds most words of its own."""


def retold(sentence: str, tell: Callable[[str], str]) -> str:
    """A finished sentence in English; as it is when it has none of the shapes. `tell` looks up the words in it."""
    for shape in _SHAPES:
        if not (sentence.startswith(shape.begin) and sentence.endswith(shape.end)):
            continue
        found = shape.pattern.fullmatch(sentence)
        if found:
            return shape.english.format(*(_value(value, tell) for value in found.groups()))
    return sentence


def _value(value: str, tell: Callable[[str], str]) -> str:
    parts = []
    for part in value.split("；"):
        said = tell(part)
        parts.append(retold(part, tell) if said == part else said)
    return "; ".join(parts)
