"""Addresses of the net: e-mail, WeChat, QQ.

A public account (公众号), a mini-program, a group and an office's own mailbox are no person.
"""

from __future__ import annotations

import re

from anonymize.text.folding import NAME_BARRIER
from anonymize.text.spans import Kind, Taken

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} ?(?:@|\(at\)|\[at\]|#(?=(?:qq|163|126|gmail|sina|outlook)\.)) ?"
    r"(?:[A-Za-z0-9\-]{1,63} ?\. ?){1,4}[A-Za-z]{2,10}(?![A-Za-z0-9@])"
)
_OFFICE_MAIL = re.compile(
    r"(?:咨询|监督|举报|投诉|公开|办公|单位|征求意见|反馈|投稿|受理|报名|意见|服务|信访|官方|公共|政务|局|厅|委|处|科|中心|部门|建议)"
    r"(?:电子)?(?:邮箱|信箱|邮件|邮址|E-?mail|email)?[^,。;]{0,8}$"
)
_OFFICE_MAIL_AHEAD = re.compile(r" ?\([^()]*(?:邮箱|信箱|办公室|局|厅|委|科|中心)\)")
_GOVERNMENT_DOMAIN = re.compile(r"gov ?\. ?cn$")
_LINK = r"(?:号码?|ID|id|账号|帐号|名)?(?:是|为|同)? ?[:=(\[\"“]{0,2} ?"
_WECHAT = re.compile(
    rf"(?:微信|薇信|威信|(?<![A-Za-z])(?:[Ww]e[Cc]hat|[Ww]ei[Xx]in|WECHAT|VX|vx|Vx|V信|v信|WX|wx))(?!公众|群|小程序|支付|扫)(?:联系)?{_LINK}"
    r"(?P<id>[A-Za-z][A-Za-z0-9_\-]{4,29}|1[3-9]\d{9}|[1-9]\d{5,10})(?![A-Za-z0-9@.]|_)"
)
# 微信转账给某某（youxiaole_1998）: an account in brackets behind a name.
_WECHAT_OF_NAME = re.compile(
    rf"微信[^。;!?\n]{{0,14}}{NAME_BARRIER}[ :]?\((?P<id>[A-Za-z][A-Za-z0-9_\-]{{5,19}})\)"
)
_WECHAT_INTERNAL = re.compile(r"(?<![A-Za-z0-9])wxid_[A-Za-z0-9]{4,30}")
_QQ = re.compile(
    rf"(?:(?<![A-Za-z])(?:QQ|qq|Qq)|扣扣|企鹅号?|腾讯)(?!群(?!主|管理员)|邮|\.)(?:群主|群管理员)?(?:联系)?{_LINK}(?P<id>[1-9]\d(?: ?\d){{3,9}})(?![0-9A-Za-z@])"
)


def find_contacts(text: str, taken: Taken) -> None:
    """Add every e-mail address, WeChat and QQ number in `text` (folded)."""
    for match in _EMAIL.finditer(text):
        if not _is_office_mail(text, match):
            taken.add(match.start(), match.end(), Kind.EMAIL)
    for match in _WECHAT_INTERNAL.finditer(text):
        taken.add(match.start(), match.end(), Kind.WECHAT)
    for pattern, kind in ((_WECHAT, Kind.WECHAT), (_WECHAT_OF_NAME, Kind.WECHAT), (_QQ, Kind.QQ)):
        for match in pattern.finditer(text):
            taken.add(match.start("id"), match.end("id"), kind)


def _is_office_mail(text: str, match: re.Match[str]) -> bool:
    if _GOVERNMENT_DOMAIN.search(match[0]) is None:
        return False
    before, behind = text[max(0, match.start() - 16) : match.start()], text[match.end() : match.end() + 12]
    return _OFFICE_MAIL.search(before) is not None or _OFFICE_MAIL_AHEAD.match(behind) is not None
