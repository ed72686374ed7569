"""What the actions of the operation log are called. The code stays beside the name: it is what the log has signed."""

from __future__ import annotations

from portal.writing.case_table import STEP_NAMES

ACTION_NAMES: dict[str, str] = {
    "account.create": "建立账户",
    "account.disable": "停用账户",
    "account.grant": "授权",
    "account.grant_ended": "收回授权",
    "account.link_identity": "绑定统一身份",
    "account.password": "设定密码",
    "account.recovery_codes": "生成恢复码",
    "account.reset_link": "发出重设密码的链接",
    "account.second_factor": "绑定验证器",
    "account.second_factor_cleared": "解除验证器",
    "alert.open": "预警待说明",
    "alert.explained": "预警已说明",
    "alert.planned": "预警整改方案已定",
    "alert.closed": "预警销号",
    "approval.draft": "起草审批件",
    "approval.submitted": "审批件送审",
    "approval.approved": "审批件通过",
    "approval.dropped": "审批件作罢",
    "case.open": "收到来件",
    "case.supplement": "来件人补充",
    "case.note": "写内部备注",
    "case.picture": "收到图片",
    "case.picture_shown": "公开图片",
    "case.escalate": "催办升级",
    **{f"case.{step}": name for step, name in STEP_NAMES.items()},
    "clock.recount": "重算期限",
    "follow.confirm": "确认订阅",
    "follow.leave": "退订",
    "follow.release": "写发布通知信",
    "internal_table.export": "导出内部表",
    "log.export": "导出操作日志",
    "rating.give": "评分",
    "rating.change": "修改评分",
    "release.approve": "批准发布",
    "release.discard": "作废候选发布",
    "release.withdraw": "撤回发布",
    "session.open": "登录成功",
    "session.end": "退出登录",
    "session.end_all": "退出全部登录",
    "sign_in.password": "密码正确",
    "sign_in.code": "验证码正确",
    "sign_in.refused": "登录被拒",
    "sign_in.code_refused": "验证码不对",
    "sign_in.code_throttled": "验证码试得太多",
    "sign_in.recovery_code": "用恢复码登录",
    "sign_in.recovery_code_refused": "恢复码不对",
    "template.write": "写答复模板",
    "template.retire": "停用答复模板",
}
"""Every action that is told to the log; an action without a name is shown by its code alone."""

_CODES = {name: code for code, name in ACTION_NAMES.items()}


def action_code(text: str) -> str:
    """The code somebody means who filters by a name or by a code."""
    return _CODES.get(text, text)
