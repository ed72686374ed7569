"""What the rooms of officials say in the second language: steps, refusals, hints. Names and cases stay as written."""

from __future__ import annotations

ALERT_WORDS: dict[str, str] = {
    "一条预警：一条规则 × 一个对象": "one rule fired for one subject",
    "已销号": "closed",
    "待说明": "awaits explanation",
    "已说明，待整改方案": "explained, awaits a plan",
    "整改中，待验收": "being put right, awaits acceptance",
    "观测值": "Observed",
    "阈值": "Threshold",
    "规则": "Rule",
    "规则名称": "Rule, in words",
    "预警编号": "Alert number",
    "{}，内部第 {} 号": "{}, internal release {}",
    "下一步不由您办理。": "The next step is not yours. ",
    "单位的说明": "The unit's explanation",
    "应于 {} 前": "due by {}",
    "提交方案": "Submit the plan",
    "提交说明": "Submit the explanation",
    "整改方案": "Plan to put it right",
    "晚 {} 个工作日": "{} working days late",
    "登记": "Registered",
    "需要密级 3": "needs clearance 3",
    "验收意见": "Opinion on the result",
    "验收销号": "Accept and close",
    "说明已提交。": "The explanation is submitted.",
    "整改方案已提交。": "The plan is submitted.",
    "已验收销号。": "Accepted and closed.",
    "共 {} 条，先列最重、最急的 {} 条。": "{} in all; the {} gravest and most urgent come first.",
    "系统只提示，不拦支付。单位 2 个工作日内说明，5 个工作日内报整改方案，由财政或监督部门验收销号。": (
        "We flag and stop no payment. The unit explains within 2 working days and plans within 5; finance or "
        "supervision accepts and closes."
    ),
    "范围内没有这样的预警。": "No such alert in your scope.",
    "超期 {} 个工作日": "{} working days overdue",
    "还有 {} 个工作日": "{} working days left",
}

RELEASE_WORDS: dict[str, str] = {
    "候选": "Candidate",
    "批准以后立即对公众生效，签名写入日志，不能删除，只能撤回。": (
        "Once approved it is public at once, signed into the log; it cannot be deleted, only withdrawn."
    ),
    "披露控制报告需要密级 4。": "The disclosure report needs clearance 4.",
    "没有可以比较的变化。": "No change to compare.",
    "的变化": ": changes",
    "和第 {} 号相比": "Compared with release {}",
    "新增 {} 行，减少 {} 行，变动 {} 行": "{} rows added, {} removed, {} changed",
    "{} 格": "{} cells",
    "{} {} 处": "{}: {} places",
    "文字里去掉了：": "Removed from texts: ",
    "没有自攻结果：隐去的数也许可以倒推，请查明以后再批准。": (
        "No result of our own attack: withheld numbers might be worked out. Find out before you approve."
    ),
    "做出的版本会排在这里。": "queues a release here.",
    "当前": "current",
    "操作日志最近一次存证：{}，{}。": "The operation log was last anchored in {}, {}.",
    "操作日志还没有存证。": "The operation log is not anchored yet.",
    "没有等待批准的候选版本。": "No candidate waits for approval.",
    "签名的发布日志共 {} 条。": "The signed release log has {} entries.",
    "已发布。公开网站几秒钟内换上新版本。": "Published. The public site changes over within seconds.",
    "候选版本已丢弃，公众从未看到它。": "The candidate is discarded; the public never saw it.",
    "已撤回，公开页面会写明原因；文件和清单保留。": (
        "Withdrawn. The public page gives the reason; files and manifest are kept."
    ),
    "您的角色没有批准发布的权限。": "Your role may not approve releases.",
    "已有更新的发布，这个候选版本过时了：请用今天的数据重做。": (
        "There is a newer release; this candidate is stale. Make it again from today's tables."
    ),
    "这个候选版本是您做的，须由另一个人批准。": "You made this candidate; somebody else must approve it.",
    "候选版本已经换过。请重新查看以后再批准。": "The candidate was replaced. Look at it again before you approve.",
    "发布库没有接受这一步：情况已经变了。请刷新后再看。": (
        "The release store did not accept this step: things have changed. Reload and look again."
    ),
}

CASE_WORDS: dict[str, str] = {
    "上下移动，": "up and down, ",
    "做什么…": "Do what …",
    "全选": "Select all",
    "公开文字（提问人同意的）": "Publish the text (where the asker agrees)",
    "勾选，": "select, ",
    "单位、承办人": "Unit, person",
    "受理并由我办理": "Accept and take",
    "只列出最急的 {} 件，请用上面的条件缩小范围。": "Only the {} most urgent are listed; narrow down above.",
    "对选中的": "With the selected",
    "已办 {} 件。": "{} done.",
    "打开": "open",
    "执行": "Do it",
    "期限": "Due",
    "理由（不予受理、转办时写）": "Reason (for refusing or passing on)",
    "由我办理": "Take it",
    "转给单位代码": "Code of the unit to pass it to",
    "这里现在没有来件。": "No cases here now.",
    "选择": "Select",
    "公开来件文字（提问人不同意的，勾选也不公开）": (
        "Publish the text (never against the asker's wish, ticked or not)"
    ),
    "公开这张图片": "Publish this picture",
    "公开页面": "Public page",
    "其他": "Other",
    "写答复，": "write a reply, ",
    "受理，由我办理": "Accept and take it",
    "只受理": "Accept only",
    "只存草稿": "Save as a draft",
    "只有密级够的人看得到；不要转抄。": "Only for those with the clearance; do not copy.",
    "在第几号发布更正": "Corrected in release number",
    "备注（内部）": "Note (internal)",
    "套用模板": "Use a template",
    "审核通过并公开": "Approve and publish",
    "已公开": "published",
    "已在第 {} 版更正": "Corrected in release {}",
    "恢复为待受理": "Back to new",
    "您写过此件的草稿，须由另一位同事审核后公开。": (
        "You wrote a draft of this; a colleague must review it before it is published."
    ),
    "您刚才写的，没有保存：": "What you just wrote was not saved:",
    "您看不到": "You cannot see",
    "：密级不够": ": your clearance is too low.",
    "承办：{}": "With {}",
    "文字公开": "text published",
    "文字未公开": "text not published",
    "查找单位（名称里的字，或代码）": "Find a unit (words of its name, or code)",
    "核查经过（内部）": "What was checked (internal)",
    "模板文字": "Texts of the templates",
    "没有名称含有“{}”的单位。": "No unit has “{}” in its name.",
    "理由（公开，如：请提问人补充材料）": "Reason (public, such as: asker to add papers)",
    "理由（提问人看得到）": "Reason (the asker reads it)",
    "由谁办理": "Who is to do it",
    "登记并告知": "Record and tell",
    "登记更正": "Record the correction",
    "确有错误，将在以后的版本更正": "Wrong indeed; a later release will correct it",
    "答复草稿": "Draft reply",
    "答复（公开；个人信息会自动去掉）": "Reply (public; personal details are removed)",
    "脱敏前的原文": "Text before removal of personal details",
    "草稿里有个人信息，公开时会去掉；上面是去掉以后的样子。": (
        "The draft holds personal details, which are removed on publishing; above is what is left."
    ),
    "要改什么（内部）": "What to change (internal)",
    "计时": "Clock",
    "记入": "Record",
    "转办的理由（公开）": "Reason for passing on (public)",
    "转给": "Pass on to",
    "这是您本人提的件，请由另一位同事办理。": "You asked this yourself; a colleague must deal with it.",
    "退回理由：{}": "Sent back because: {}",
    "选择模板…": "Choose a template …",
    "保存": "Save",
    "停用": "Retire",
    "写一个模板": "Write a template",
    "可以用的位置：{}。其余文字照原样。": "Placeholders: {}. All other text stays as it is.",
    "文字": "Text",
    "还没有模板。": "No templates yet.",
    "已受理，页面上可以看到此件。": "Accepted; the case is shown publicly.",
    "已受理，由您办理。": "Accepted; it is yours.",
    "已由您办理。": "It is yours.",
    "不予受理，理由已告诉提问人。": "Refused; the asker was told why.",
    "已恢复为待受理。": "It is new again.",
    "已转办，原因已公开。": "Passed on; the reason is public.",
    "已指派。": "Assigned.",
    "已退回待办。": "Put back.",
    "计时已暂停，原因已公开。": "The clock is paused; the reason is public.",
    "已恢复计时。": "The clock runs again.",
    "备注已记入，只有内部可见。": "The note is recorded, for internal eyes only.",
    "核查结论已记录。": "The finding is recorded.",
    "草稿已保存。": "The draft is saved.",
    "已提交审核，请另一位同事审核后公开。": "Submitted; a colleague reviews and publishes it.",
    "已退回修改。": "Sent back for changes.",
    "答复已公开。": "The reply is published.",
    "更正版本已登记，提问人和公众都能看到。": "The correcting release is recorded; asker and public can see it.",
    "图片已公开。": "The picture is published.",
    "已转办": "Passed on",
    "暂停计时，等待补充": "Clock paused, waiting for an addition",
    "已有答复": "Answered",
    "请先选择要做什么，再勾选来件。": "Choose what to do, then select cases.",
    "请选择要转给的单位。": "Choose the unit to pass it to.",
    "请选择由谁办理。": "Choose who is to do it.",
    "请选择核查结论：确有错误，或没有错误。": "Choose a finding: wrong, or not wrong.",
    "更正版本应是已经发布的版本（1 至 {}）。": "The correcting release must be a published one (1 to {}).",
    "{} 只能是 {}。": "{} may only be {}.",
    "模板已保存。": "The template is saved.",
    "模板已停用。": "The template is retired.",
    "给提问人的消息": "messages to the asker",
    "提问人账户": "account of the asker",
    "已提交审核": "submitted",
    "起草中": "being drafted",
}

ACCOUNT_WORDS: dict[str, str] = {
    "至少 8 个字符，建议 15 个以上，可以是一句话；不要求大小写和符号。": (
        "At least 8 characters, better 15 or more; a sentence will do. No capitals or symbols are asked for."
    ),
    "至少 8 个字符，建议 15 个以上，可以是一句话。": "At least 8 characters, better 15 or more; a sentence will do.",
    "下一步很重要。请确认此刻坐在这里的是您本人；10 分钟内不再问。": (
        "The next step matters. Confirm that it is you who sits here; you are not asked again for 10 minutes."
    ),
    "1 至 12。经办 2，复核 4，原文 5，财政发布 7。": "1 to 12: clerk 2, review 4, original texts 5, publishing 7.",
    "2 至 64 个小写字母、数字或 . _ @ -": "2 to 64 small letters, digits or . _ @ -",
    "24 小时内有效，只能用一次，只在这里显示这一次。请当面或用可靠的渠道交给本人。": (
        "Valid for 24 hours, works once, shown only here and now. Hand it over in person or by a safe way."
    ),
    "密级不够": "clearance too low",
    "没有符合条件的记录。": "No entry fits.",
    "谁、何时、从哪里、对什么做了什么、改了哪些字段。每条记录带着前一条的哈希，末端存证在签名的发布日志里。": (
        "Who did what to what, when and from where, and which fields changed. Each entry carries the hash of the one "
        "before; the end is anchored in the signed release log."
    ),
    "设置第二因素时记下的十个中的一个，每个只能用一次。": (
        "One of the ten you wrote down when you set up the second factor; each works once."
    ),
    "在政务服务窗口领取。填了才能评价项目：每人每个项目只评一次。我们只存一个无法还原的代号。": (
        "Given out at the service counter. Needed to rate projects: one rating per person and project. We keep only a "
        "code that cannot be turned back."
    ),
    "，可左右滚动": ", scrolls sideways",
    "；范围内 {} 行。金额单位：元。": "; {} rows in your scope. Amounts in yuan.",
    "内部第 {} 号，数据截至 {}。": "Internal release {}, figures up to {}.",
    "只列出您授权范围内有行的表；导出的每一行都写着谁、何时取走。": (
        "Only tables with rows in your scope are listed; every exported row says who took it and when."
    ),
    "您的授权范围内没有任何行。": "No rows in your scope.",
    "不缺：允许": "Nothing: allowed",
    "您看得到的来件编号或预警编号；或者在下面写明它属于哪里。": (
        "The number of a case or alert that you can see; or say below where it belongs."
    ),
    "权限只有一张表：角色、对象、动作、范围、字段、密级。表里没有的，一律拒绝。": (
        "There is one table of permissions: role, object, action, scope, fields, clearance. What is not in it is denied."
    ),
    "没有一条规则说到这个角色的这个动作。": "No rule speaks of this action of this role.",
    "空：您自己。": "Empty: yourself.",
    "作废": "Revoke",
    "要作废的密钥": "Key to revoke",
    "领一个密钥": "Get a key",
    "已授权，立即生效。": "Granted, in force at once.",
    "授权已收回，立即生效。": "The grant is taken back, in force at once.",
    "账户已停用，它的登录和链接都已失效。": "The account is disabled; its sessions and links no longer work.",
    "它的登录已全部结束。": "All its sessions have ended.",
    "第二因素已取消，下次登录时重新设置。": "The second factor is off; it is set up anew at the next sign-in.",
    "请写明单位、地区或领域中的至少一项；什么都不写，这项授权什么也看不到。": (
        "Name at least a unit, a region or a sector: with none of them the grant shows nothing."
    ),
    "不能停用自己的账户，请由另一位管理员办理。": "You cannot disable yourself; ask another administrator.",
    "请选择一个角色。": "Choose a role.",
    "这个角色没有单位、地区或领域之分，请留空。": "This role knows no unit, region or sector: leave them empty.",
    "最新发布里没有编号为 {} 的单位，请核对。": "The newest release has no unit {}; check it.",
    "没有代码为 {} 的地区，请核对。": "There is no region {}; check it.",
    "没有等待复核的候选版本": "no candidate to review",
    "{} 个候选版本等待复核": "{} candidates to review",
    "范围内的明细，可导出": "what lies in your scope, to export",
    "账户、授权、邀请": "accounts, grants, invitations",
    "{} 条预警未销号": "{} alerts open",
    "共 {} 条记录": "{} entries",
    "{} 件在办": "{} open",
    "{} 件在办，其中 {} 件超期": "{} open, {} of them overdue",
    "签名的发布日志里还没有存证。": "The signed release log holds no anchor yet.",
    "全部 {} 条记录首尾相接，没有被改动、删除或插入。": (
        "All {} entries follow on each other: none was changed, removed or put in."
    ),
    "其中前 {} 条由签名的发布日志存证（{} 处），连整段重写也会被发现。": (
        "The first {} are anchored in the signed release log ({} anchors): even rewriting them whole would show."
    ),
    "没有这张表，或您无权查看。": "There is no such table, or you may not see it.",
    "现在的密码不对。": "The present password is wrong.",
    "密码已更换，其他地方的登录都已结束。": "The password is changed; all other sessions have ended.",
    "您用一个恢复码登录了，它已作废。手机找不回来，请现在更换第二因素；改用新手机后，恢复码也会换新。": (
        "You signed in with a recovery code, which is used up. If the phone is lost, replace the second factor now; "
        "that makes new recovery codes too."
    ),
    "那一处登录已经结束。": "That session has ended.",
    "统一身份已关联，以后可以用它登录。": "The identity is linked; you can sign in with it.",
    "新密码不能与现在的相同。": "The new password must differ from the present one.",
    "密级 {}": "clearance {}",
    "恢复码不对、已经用过，或连续试得太多。每个恢复码只能用一次；连续错 5 次要等 5 分钟。": (
        "The recovery code is wrong, used, or tried too often. Each works once; after 5 wrong tries wait 5 minutes."
    ),
    "验证码不对、已经用过，或连续试得太多。请等下一个验证码；连续错 5 次要等 5 分钟。": (
        "The code is wrong, used, or tried too often. Wait for the next; after 5 wrong tries wait 5 minutes."
    ),
    "这个核验码不对，或不是本省发放的。不填也可以注册，只是不能评价项目。": (
        "This verification code is wrong or not of this province. You can register without, but not rate projects."
    ),
    "文字里有无法保存的字符。": "The text holds signs that cannot be kept.",
    "这个身份还没有关联本站的账户。请先用本站账户登录，在“我的账户”里关联；没有账户的，请找本单位管理员。": (
        "This identity is not linked to an account here. Sign in and link it under My account; without an account ask "
        "your administrator."
    ),
    "登录用时太久，或这个浏览器没有发起过登录。请重新登录。": (
        "Signing in took too long, or did not begin in this browser. Please sign in again."
    ),
    "统一身份认证没有完成登录。可以再试一次，或用本站账户登录。": (
        "The identity provider did not complete the sign-in. Try again, or use an account of this site."
    ),
    "请先登录要关联的账户。": "First sign in to the account to link.",
    "用户名为 2 至 64 个小写字母、数字或 . _ @ -，以字母或数字开头。": (
        "A user name is 2 to 64 small letters, digits or . _ @ -, beginning with a letter or digit."
    ),
    "显示名称为 1 至 64 个字。": "A display name has 1 to 64 signs.",
    "这个用户名已被使用，或此人已有账户。": "This user name is taken, or the person has an account.",
    "这个外部身份已经关联了账户。": "This identity is linked to an account already.",
    "不能给自己授权，请由另一位管理员办理。": "You cannot grant yourself anything; ask another administrator.",
    "这个密码太常见，别人几次就能猜中。请换一个。": "This password is too common: a few tries find it. Choose another.",
    "密码不能是用户名或本站名称加几个数字。请换一个。": (
        "A password cannot be the user name or the site's name with digits. Choose another."
    ),
    "没有找到，或您无权查看。": "Not found, or not for you to see.",
    "内容已被他人改动。请刷新后再操作，您的修改没有保存。": (
        "Somebody else changed this meanwhile. Reload first; your change was not saved."
    ),
    "链接无效、已使用或已过期。请重新申请。": "The link is wrong, used or expired. Ask for a new one.",
    "您在 24 小时内已为这个账户办理了另一半（重设密码或取消第二因素）。两样都由一个人办，等于能以他的名义登录；请由另一位管理员办理。": (
        "Within 24 hours you did the other half for this account (password or second factor). Both by one person would "
        "let them sign in as the owner; ask another administrator."
    ),
}

PERMISSION_WORDS: dict[str, str] = {
    "{}做“{}”": "{}: {}",
    "内部数据": "internal tables",
    "办理": "deal with",
    "补充": "add to",
    "督办": "escalate",
    "说明": "explain",
    "受理": "accept",
    "转办": "pass on",
    "访客": "visitor",
    "市民": "citizen",
    "媒体": "media",
    "人大代表": "deputy",
    "单位经办": "official of a unit",
    "财政": "finance",
    "监督": "supervision",
    "审计": "audit",
    "管理员": "administrator",
    "已公开的": "what is published",
    "本人的": "one's own",
    "授权范围（单位、地区、领域）内的": "within the grant (unit, region, sector)",
    "审核稿": "drafts for review",
    "信件": "letters",
    "提出": "ask",
    "评价答复": "rate replies",
    "查看自己的": "see one's own",
    "申请公开": "ask for disclosure",
    "询问": "inquire",
    "备注": "note",
    "审核": "review",
    "编写": "write",
    "报整改方案": "plan a remedy",
    "筛查": "screen",
    "纠错": "correct",
    "制作候选版本": "make candidates",
    "重设密码": "reset passwords",
    "结束登录": "end sessions",
}

ROOM_WORDS = ALERT_WORDS | RELEASE_WORDS | CASE_WORDS | ACCOUNT_WORDS | PERMISSION_WORDS
