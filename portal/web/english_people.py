"""English for the pages people write on: cases, ratings, voices, following."""

from __future__ import annotations

PEOPLE_WORDS: dict[str, str] = {
    # list and lookup
    "谁问了什么、该谁答、几号前答、答了没有，人人可看。超期的不隐藏。": (
        "Who asked what, who must answer, by when, and whether they did: open to everybody. What is overdue is not hidden."
    ),
    "■ 严重超期": "■ long overdue:",
    "没有严重超期的": "none long overdue",
    "回到最新": "Back to the newest",
    "更早的来件": "Earlier cases",
    "没有符合条件的来件。": "No case meets these conditions.",
    "刚提交的件在受理之前不公开，可用编号和查询码查看。": "A new case is not public before it is accepted; look it up by number and code.",
    "看全部来件": "See all cases",
    "来件与答复": "Cases and replies",
    "发布的数据里没有含有“{}”的内容，下面的来件里有。": "Nothing in the released data holds “{}”; the cases below do.",
    "看全部 {} 件": "See all {}",
    "{}收到": "received {}",
    "全部来件": "All cases",
    "，或": ", or ",
    "提一件": "open a case",
    "另提一件": "open another case",
    "查自己的件": "Look up your case",
    "查看": "Look up",
    "登录后提的件，在": "Cases you opened when signed in are under",
    "我的来件": "My cases",
    "我的来件 ·": "My cases ·",
    "里。": ".",
    "您登录后还没有提过件。": "You have not opened a case while signed in.",
    "没有登录时提的件，凭编号和查询码在": "Cases opened without signing in are found by number and code on the",
    "来件页": "page of cases",
    "查看。": ".",
    "件": "",
    # one case
    "收到": "received",
    "还没有公开，只有您凭查询码能看到": "not public yet: only you see it, by your code",
    "指出的数字": "Number in question",
    "核查结论": "Finding",
    "更正": "corrected",
    "已在": "Corrected in ",
    "版": "",
    "提问人评分": "Rated by the asker",
    "（重新办理过一次）": " (reopened once)",
    "经过": "What happened",
    "提问人没有同意公开文字，这里只列出办理的步骤。": "The asker did not agree to publish the text; only the steps are listed.",
    "图片": "Pictures",
    "来件附的第": "Picture",
    "张图片": "of the case",
    "未公开": "not public",
    "您可以": "You can",
    "给答复打分": "Rate the reply",
    "原因（可不写，公开）": "Reason (optional, public)",
    "打 1 分或 2 分，此件会重新办理一次，期限重新计算。": "With 1 or 2 stars the case is taken up once more, with a new term.",
    "补充说明": "Add something",
    "补充的内容": "What to add",
    "加图片": "Add pictures",
    "JPEG、PNG 或 WebP，一次最多 3 张，每张 8 MB 以内": "JPEG, PNG or WebP, 3 at a time, 8 MB each at most",
    "撤回这一件": "Withdraw this case",
    "我要撤回，知道撤回后不能恢复": "I withdraw it and know that this cannot be undone",
    "此件已经“": "This case is “",
    "”，没有要您做的事。有新的问题，可以": "”; there is nothing for you to do. For a new question, ",
    "有进展时告诉我": "Tell me when something happens",
    "这个项目的评价和来件": "Ratings and cases of this project",
    "您刚才写的：": "What you wrote:",
    "没有提交成功，您填写的内容都还在。": "It was not sent; everything you filled in is still here.",
    "评分": "Rating",
    "答复解决您的问题了吗": "Did the reply solve your problem?",
    # new case
    "这一类须先登录": "This kind needs a sign-in",
    "，并由管理员核实为人大代表或媒体": ", and an administrator must have confirmed you as deputy or press",
    "去登录": "Sign in",
    "先看看，是不是已经有答案了": "See first whether it has been answered",
    "都不是您要问的，请在下面再点一次“提交”。您填写的内容都还在。": (
        "If none of these is your question, press “Send” below once more. Everything you filled in is still here."
    ),
    "您指出的数字在：": "The number is at: ",
    "号发布）": ")",
    "（第": " (release",
    "数字在哪一页（网址，或页面和栏目的名称）": "On which page is the number (address, or name of the page and section)",
    "关于项目：": "About the project: ",
    "给单位：": "To the unit: ",
    "项目编号（知道就填，会直接交给负责单位）": "Project number (if you know it, the case goes straight to the unit in charge)",
    "在哪里": "Where",
    "不限": "Anywhere",
    "一句话说明": "In one sentence",
    "哪里不对，正确的应是多少，依据是什么": "What is wrong, what should it be, and on what evidence",
    "详细说明": "In detail",
    "（最多 5,000 字。请不要写身份证号、手机号、住址；写了也会先去掉再公开）": (
        " (at most 5,000 characters. Please leave out identity numbers, telephone numbers and addresses; they are removed before publishing)"
    ),
    "图片（可不加，最多 3 张，每张 8 MB 以内；拍摄位置等信息会去掉）": (
        "Pictures (optional, 3 at most, 8 MB each; where they were taken is removed)"
    ),
    "同意公开来件的文字（不公开您是谁）。不勾选则只公开类别、承办单位和期限。": (
        "The text may be published (never who you are). Otherwise only kind, unit and term are public."
    ),
    "提交后马上给您编号和答复期限。": "You get a number and the term at once.",
    "浏览器没有运行脚本：仍可提交，每小时最多 3 件，由工作人员核看后受理。": (
        "Your browser runs no scripts: you can still send, 3 cases an hour at most; staff look at them first."
    ),
    "换一个类别": "Another kind",
    "已答复": "Answered",
    "办理中": "Open",
    "公开项目、预算、支付或本站任何内容": "Projects, budgets, payments or anything on this site",
    # receipt of a case
    "已收到，编号": "Received, number",
    "只在这里显示一次，请抄下或拍照。凭编号和查询码可以看进度、补充、撤回、评价答复。": (
        "Shown only here and now: write it down or take a picture. With number and code you can follow, add, withdraw and rate."
    ),
    "前（还有": "at the latest (",
    "个工作日，节假日和调休已算入）": "working days left, holidays and swapped days counted)",
    "可以把这个链接存为书签；它含有查询码，不要转发给别人。": "You may bookmark this link; it holds the code, so do not pass it on.",
    "查看这一件": "See this case",
    "接下来": "What comes next",
    "工作人员看过后受理；受理以后，进度和期限在": "Staff read and accept it; from then on progress and term are open to everybody under",
    "页上人人可看。": ".",
    "答复由一人起草、另一人审核后公开；超过期限没有答复，页面会标明“已超期”。": (
        "One person drafts the reply, another reviews it, then it is published; without a reply in time the page says “Overdue”."
    ),
    "您可以给答复打分；不满意，可以要求重新办理一次。": "You can rate the reply; if it does not satisfy, the case is taken up once more.",
    "有进展时发邮件告诉我": "E-mail me when something happens",
    # ratings
    "谢谢，您的评分已记下；季度结束以后，随下一次发布计入公布的结果。可以随时修改。": (
        "Thank you; your rating counts in the release after the end of the quarter. You can change it at any time."
    ),
    "您的评分已修改；公布的结果随下一次发布更新。": "Your rating was changed; what is published follows with the next release.",
    "1 至 5 分。数字来自": "1 to 5. The numbers are those of ",
    "号发布的参与数据": "(participation data of the release)",
    "。一个季度里评分的人太少、或者能推出个别人打了几分的，": ". Where too few rated in a quarter, or what somebody gave could be worked out, they are ",
    "。人数少的向全省平均靠拢；区间是 95% 区间，按分数最分散的情形算。": (
        ". Small numbers are drawn towards the mean of the province; intervals are 95 %, for the widest spread of ratings."
    ),
    "按区间的下限从高到低": "By the lower end of the interval, highest first",
    "◫ 另有": "◫ Besides,",
    "个单位依规不公开。": "units are withheld by rule.",
    "个项目依规不公开，也不在排名里。": "projects are withheld by rule, and not ranked.",
    "这一号发布里还没有公众评价。季度结束以后，评分随下一次发布公布；人数太少的依规不公开。": (
        "This release has no ratings yet. They come with the release after the end of a quarter; too few are withheld."
    ),
    "平均分（区间，人数）": "Mean (interval, people)",
    "1 至 5 分；少数人的评分向全省平均靠拢，区间是 95% 区间。来自第": (
        "1 to 5; small numbers are drawn towards the mean of the province; intervals are 95 %. From release"
    ),
    "号发布，": ", ",
    "；◫ 另有": "; ◫ besides,",
    "个季度依规不公开": "quarters are withheld by rule",
    "◫ 这个项目的评分": "◫ Ratings of this project are ",
    "：评分的人太少，或者能推出个别人打了几分。": ": too few rated, or what somebody gave could be worked out.",
    "这一号发布里还没有对这个项目的评分。季度结束以后，评分随下一次发布公布。": (
        "This release has no ratings of this project. They come with the release after the end of a quarter."
    ),
    "含": "with",
    "全部项目的总体满意度：": "Satisfaction over all projects: ",
    "按名称排列，不排名次": "By name, not ranked",
    "另有": "Besides,",
    "人。": "raters.",
    "人": "people",
    "不足": "fewer than",
    "方面": "Aspect",
    # statistics
    "以来受理的来件。按第一次答复的期限计算；重新办理不改变第一次是否按时。": (
        "is the first day counted. By the term of the first reply; taking a case up again does not change whether that was in time."
    ),
    "答复不足": "Units with fewer than",
    "件的单位不计算比例和平均数，以免几件事就给人下结论；现在超期的件数任何时候都列出。按单位名称排列，不排名次。": (
        "replies get no shares or means, so that a few cases do not make a verdict; what is overdue now is always listed. By name, not ranked."
    ),
    "受理": "Accepted",
    "现在超期": "Overdue now",
    "按时答复": "Answered in time",
    "工作日（中位数）": "Working days (median)",
    "平均评分": "Mean rating",
    "这段时间还没有受理过来件。": "No case was accepted in this time.",
    # voices of a project
    "公众评价和来件": "Ratings and cases",
    "：公众评价和来件 ·": ": ratings and cases ·",
    "已更正的数字": "Numbers corrected",
    "：已在": ": corrected in ",
    "共": "In all",
    "件，": ", ",
    "件已答复": "answered",
    "件超期": "overdue",
    "还没有人就这个项目提问。": "Nobody has asked about this project yet.",
    "问这个项目": "Ask about this project",
    "关注这个项目": "Follow this project",
    "我的评分": "My rating",
    "给这个项目打分": "Rate this project",
    "（可不打）": " (optional)",
    "修改评分": "Change the rating",
    "提交评分": "Send the rating",
    "评分前须先做实名核验，每人每个项目只计一次；我们只保存一个代号，不保存身份。": (
        "Before rating you are verified as a person; one rating counts per person and project. We keep a code, not who you are."
    ),
    "评分须先": "To rate, first ",
    "：每人每个项目只计一次，可以修改。不登录也能": ": one rating per person and project, which can be changed. Without signing in you can ",
    # following
    "确认邮件已经发出：48 小时内打开信里的链接，就开始关注。已经关注过的邮箱不会再收到确认邮件。": (
        "A letter is on its way: open its link within 48 hours to follow. An address that follows already gets no second letter."
    ),
    "电子邮箱": "E-mail",
    "有新的答复、转办或更正时发一封信，信里只说有进展和在哪里看。每封信都可以一键退订，退订后邮箱地址即删除。": (
        "One letter for each reply, transfer or correction; it only says that something happened and where. Every letter "
        "can end it with one press, and then the address is deleted."
    ),
    "不想留邮箱，可以用阅读器": "Rather no address? Use a reader: ",
    "订阅（Atom）": "feed (Atom)",
    "不会再收到邮件，您的邮箱地址已经删除。": "No more letters will come; your address is deleted.",
    "有进展时，会发邮件告诉您；每封信都可以一键退订。": "will be reported to you by e-mail; every letter can end it with one press.",
    "确认关注": "Confirm",
    "退订": "Unsubscribe",
    "已退订": "Unsubscribed",
    "已关注": "Followed",
    "不再接收邮件": "No more letters",
    # words of the steps, kinds and clocks
    "补充": "Addition",
    "内部备注": "Internal note",
    "转办": "Transfer",
    "认领、指派": "Taken on",
    "退回待办": "Handed back",
    "暂停计时": "Clock paused",
    "恢复计时": "Clock resumed",
    "答复送审": "Reply sent for review",
    "退回修改": "Sent back",
    "答复": "Reply",
    "对答复不满意，重新办理": "Not satisfied: taken up again",
    "不予受理": "Refused",
    "恢复": "Restored",
    "督办": "Escalated",
    "办结": "Closed",
    "公开": "public",
    "提问人可见": "seen by the asker",
    "内部": "internal",
    "确有错误": "there is an error",
    "没有错误": "there is no error",
    "想知道一件事：为什么、什么时候、花了多少。": "To know something: why, when, how much.",
    "有事没有办好，希望得到处理。": "Something was done badly and should be put right.",
    "有办法让事情更好。": "A way to make things better.",
    "网站上的某个数字不对。从该数字旁的“数字不对？”进入，会自动带上位置。": (
        "A number on this site is wrong. Come in by “Is a number wrong?” beside it, and its place is filled in."
    ),
    "申请公开网站上没有的政府信息（须登录）。": "To have government information disclosed that is not here (needs a sign-in).",
    "人大代表、媒体正式询问（须以代表或媒体身份登录）。": "A formal question of a deputy or the press (needs a sign-in as such).",
    "很不满意": "very bad",
    "不满意": "bad",
    "一般": "fair",
    "满意": "good",
    "很满意": "very good",
    "应于 {}前答复，还剩 {} 个工作日": "Reply due by {}, {} working days left",
    "应于今天（{}）答复": "Reply due today ({})",
    "计时已暂停：{}": "Clock paused: {}",
    "计时已暂停": "Clock paused",
    "已超期 {} 个工作日": "{} working days overdue",
    "期限已过": "the term is over",
    "应于 {}前答复，{}": "Reply was due by {}, {}",
    "比期限（{}）晚 {} 个工作日答复": "Answered {1} working days after the term ({0})",
    "超期答复": "Answered late",
    "在期限（{}）内答复": "Answered within the term ({})",
    "咨询": "Question",
    "投诉": "Complaint",
    "建议": "Suggestion",
    "数据纠错": "Wrong number",
    "依申请公开": "Disclosure request",
    "代表、媒体询问": "Inquiry of deputies or press",
    "已收到，待受理": "Received, not yet accepted",
    "已受理，待办理": "Accepted, waiting",
    "答复审核中": "Reply under review",
    "已办结": "Closed",
    "期限内": "In time",
    "今日到期": "Due today",
    "严重超期": "Long overdue",
    "按时办结": "Closed in time",
    "超期办结": "Closed late",
    "（提问人未公开标题）": "(title not published by the asker)",
    "补充的内容已经记入。": "What you added is on record.",
    "此件已撤回，不再公开；承办单位保留记录。": "The case is withdrawn and no longer public; the unit keeps the record.",
    "谢谢您的评价，此件已办结。": "Thank you for rating; the case is closed.",
    "您对答复不满意，此件已重新办理，期限重新计算。每件可以重新办理一次。": (
        "As the reply did not satisfy, the case is taken up again with a new term. That can be done once."
    ),
    "图片已经收到；位置等拍摄信息已去掉，经承办单位查看后公开。": (
        "The pictures are here; where they were taken is removed. They become public when the unit has seen them."
    ),
    "更正已登记。": "The correction is registered.",
    "您已经评过这个项目，没有重复计入；下面是原来的评分，可以修改。": (
        "You have rated this project already; it was not counted twice. Below is your rating, which you can change."
    ),
    "您的评分已在别处改过，下面是现在的评分；要改请再提交一次。": "Your rating was changed elsewhere; below is the present one. Send again to change it.",
    "请给“总体满意”打分，其余可以不打。": "Please rate “overall”; the rest is optional.",
    "评分为 1 至 5 分。": "Ratings are 1 to 5.",
    "请选择来件的类别。": "Choose the kind of case.",
    "财政部门（待分派）": "Finance (to be assigned)",
    "总体满意": "Overall",
    "是否实用": "Usefulness",
    "工程质量": "Quality of work",
    "进度": "Progress",
    "信息公开": "Openness",
}
