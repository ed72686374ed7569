"""English for what stands in the templates of public pages as it is: lists, sign, search, data, interface, verification."""

from __future__ import annotations

PAGE_WORDS: dict[str, str] = {
    "自评得分和第三方评分": "Own score beside third-party score",
    # lists of projects
    "“{}”的项目": "Projects for “{}”",
    "{}{}的项目": "Projects of {}, {}",
    "名称、地点、单位": "Name, place, unit",
    "全部地区": "All regions",
    "全部部门": "All departments",
    "全部状态": "Any status",
    "全部年度": "All years",
    "在建年度": "Under way in",
    "紧急程度": "Urgency",
    "预算最多": "Largest budget",
    "逾期最久": "Longest late",
    "最紧急": "Most urgent",
    "清除条件": "Clear filters",
    "{} 个公开项目中找到 {} 个": "{1} of {0} public projects",
    "共 {} 个公开项目": "{} public projects",
    "第 {} 页，共 {} 页": "Page {} of {}",
    "没有符合条件的项目。": "No project meets these conditions.",
    "条件合在一起太窄了，或者词写得和项目名称不同。": "Together they are too narrow, or the words differ from the names.",
    "只按“{}”查找": "Search for “{}” only",
    "看全部 {} 个项目": "See all {} projects",
    "看评分、来件，给这个项目打分": "Ratings and cases; rate this project",
    # sign
    "财政资金项目公示": "Project paid with public money",
    "（到 {}）": "(by {})",
    "开工": "Begun",
    "承建（供货）": "Contractor",
    "扫一扫": "Scan",
    "，看进度、每月支付、合同和成效。": " to see progress, monthly payments, contracts and results.",
    "网站还没有设定对外的网址（SUNSHINE_BASE_URL），印不出二维码。": (
        "The site does not know its public address (SUNSHINE_BASE_URL), so there is no QR code."
    ),
    "第 {} 号发布，数据截至 {}": "Release {}, figures up to {}",
    "{} {} 年支出": "{}: spending {}",
    "“今天”设为 {}。": "Today is set to {}.",
    "中文": "中文",
    "{}：表": "{}: table",
    "：{}。": ": {}.",
    # search
    "检索": "Search",
    "“{}”的检索结果": "Results for “{}”",
    "没有找到含有“{}”的内容。": "Nothing was found for “{}”.",
    "没有找到符合条件的内容。": "Nothing meets these conditions.",
    "可以换一个说法，或者少写几个字；拼音和首字母也可以。": "Try other words, or fewer; pinyin and initials work too.",
    "如果这是一个问题：": "If it is a question: ",
    "把它当作问题来问": "ask it as a question",
    "（已选，点按去掉）": " (chosen; follow to remove)",
    "这一号发布没有检索索引，现在只按字面查找项目，不含合同、供应商和单位。": (
        "This release has no search index: only projects are searched, by the letters of their names."
    ),
    # the page of components
    "12.35 亿元": "1.24 billion yuan",
    "三级标题": "Heading of level three",
    "值": "Value",
    "副题：口径、单位、范围": "Subtitle: measure, unit, scope",
    "导语：一个县一年花了多少钱，花在哪里。": "Lead: how much a county spent in a year, and on what.",
    "引文：每一个公布的数字都是真实的数字。": "Quotation: every published number is a true one.",
    "按规则“逾期未完成”自动亮起": "Lit by the rule “late and not finished”",
    "支付最多": "Most paid",
    "最需关注": "Most in need of attention",
    "有下划线，不只靠颜色。": "are underlined, not told by colour alone.",
    "正文十六像素，行距一点七五，每行不超过三十八个汉字。数字对齐：": (
        "Text of 16 pixels, lines 1.75 apart, no more than 38 Chinese characters wide. Numbers align:"
    ),
    "眉题": "Overline",
    "过了计划完成日 45 天": "45 days past the planned end",
    "链接": "Links",
    # the closed surface
    "要提问、纠错或申请公开，请到主办单位的办事网站或窗口。": (
        "To ask, correct or request disclosure, go to the service site or counter of the office in charge."
    ),
    "要提问、纠错或申请公开，请联系": "To ask, correct or request disclosure, contact",
    "这一处网站只提供公开数据，没有登录、提问和办事的功能。": "This site offers public data only: no sign-in, no questions, no services.",
    # verification
    "如何核验 ·": "How to verify ·",
    "不必相信我们，可以核验": "Do not trust us: verify",
    "每一号发布都有指纹，写进一本只能往后添、不能往回改的登记簿。任何人都能自己算一遍。": (
        "Every release has a fingerprint in a register that can be added to and never changed. Anybody can compute it again."
    ),
    "核对一个下载的文件": "Check a file you downloaded",
    "数据集页面上，每个文件旁边有 SHA-256 指纹。在自己的电脑上算一遍，两个相同，文件就一个字节也没有变过。": (
        "Beside every file on the page of a dataset stands its SHA-256 fingerprint. Compute it on your own machine: if "
        "both agree, not a byte has changed."
    ),
    "核对一整号发布": "Check a whole release",
    "清单（manifest.json）列出这一号全部表、文件和文档的指纹；发布的编号指纹就是从清单的内容算出来的。下载以后离线核验：": (
        "The manifest (manifest.json) lists the fingerprints of all tables, files and documents of a release; the "
        "fingerprint of the release is computed from it. After downloading, verify without a network:"
    ),
    "sunshine verify 下载的文件夹": "sunshine verify FOLDER",
    "核对登记簿": "Check the register",
    "登记簿是一棵 Merkle 树（RFC 6962 / 9162），树根由我们签名，放在": (
        "The register is a Merkle tree (RFC 6962 / 9162); we sign its root, which is at"
    ),
    "。记下今天的树根，以后再来：如果有人改过旧的发布，新的树根就接不上您记下的那一个。": (
        ". Keep today's root and come back: had anybody changed an old release, the new root would not continue yours."
    ),
    "它保证什么，不保证什么": "What it proves and what not",
    "保证：您看到的和我们发布的一样；发布过的内容没有被悄悄改过。": (
        "It proves that you see what we published, and that nothing published was changed in secret."
    ),
    "不保证：来源系统里的数本身正确。发现数字不对，请告诉我们；更正会出现在下一号发布里，并写明原因。": (
        "It does not prove that the numbers of the source were right. Tell us of a wrong one: the correction comes with "
        "the next release, with its reason."
    ),
    "教育支出": "Education",
    "超过预算": "Above budget",
    "还没有支付": "Nothing paid yet",
    "退款多于支付": "More refunded than paid",
    "依规不公开的一类": "A class withheld by rule",
    "教育支出最多，占 42.1%": "Education takes most, 42.1 % of all",
    "示例，2026 年，已支付与调整预算": "Example, 2026, paid and adjusted budget",
    "年底几个月付得最多": "Most is paid in the last months of the year",
    "示例，2026 年各月": "Example, months of 2026",
    "过了计划完成日 45 天，还没有报送完成": "45 days past its planned end and not reported finished",
    "一个月的支付超过全年预算的 20%": "One month paid more than 20 % of the year's budget",
    "例如：去年全省修了多少农村公路？": "For example: 去年全省修了多少农村公路？",
    "亿元": "hundred million yuan",
    "万元": "ten thousand yuan",
    "粗体": "Bold",
    "本站网址": "ADDRESS",
    "第": "release",
    "号发布": "",
    "的钱，": "",
    "花到哪里，花得怎么样": "",
    "最近开工": "Newest start",
    "地区、单位、项目放在一起比，分母写明。": "Regions, units and projects side by side, with what each figure is divided by.",
    "把自己交的钱按全部支出的结构分开看。": "What your own money would be spent on, if it went like all of it.",
    # kinds of problems
    "请按 errors 里指出的位置改正后再试；数据没有受到影响。": "Correct what errors points at and try again; no data was touched.",
    "公开数据只能读取：请用 GET 或 HEAD。": "Public data can only be read: use GET or HEAD.",
    "请改用 csv、xlsx、parquet 或 jsonl。": "Use csv, xlsx, parquet or jsonl.",
    "请缩短查询，或改用整表下载。": "Shorten the query, or download the whole table.",
    "请先用 HEAD 查看文件大小。": "Ask for the size of the file with HEAD first.",
    "请求太频繁": "Too many requests",
    "请按 Retry-After 的秒数稍候再试；整表下载不占查询限额。": (
        "Wait as many seconds as Retry-After says; whole tables do not count against the limit."
    ),
    "请按提示改正后再试。": "Correct what is pointed out and try again.",
    "服务出了意外": "Something went wrong here",
    "您的操作没有改变任何数据；请稍后再试，或带上事件编号告诉我们。": (
        "Nothing was changed; try again later, or tell us the number of the incident."
    ),
    "这份数据没有通过校验，暂不提供": "This data failed its check and is not served",
    "为避免给出错误的数字，我们停止了提供；其他页面不受影响。": "We stopped serving it rather than show wrong numbers; other pages are not affected.",
    "登录以后再试；这次没有改变任何内容。": "Sign in and try again; nothing was changed.",
    "没有权限": "Not allowed",
    "需要这项权限，请联系本单位的管理员；这次没有改变任何内容。": "If you need this right, ask your administrator; nothing was changed.",
    "提交没有被接受": "What was sent was not accepted",
    "请后退并刷新页面，再提交一次；没有改变任何内容。": "Go back, reload and send again; nothing was changed.",
    "先要完成另一步": "Another step comes first",
    "完成那一步以后再回到这里；没有改变任何内容。": "Come back when it is done; nothing was changed.",
    "现在不能这样做": "Not possible now",
    "请刷新页面，看看现在的情况；没有改变任何内容。": "Reload to see how things stand; nothing was changed.",
    "链接已失效": "The link is no longer good",
    "请重新申请一个链接。": "Please ask for a new one.",
    "提交的内容太大": "Too large",
    "请缩短文字或缩小文件后再试；没有改变任何内容。": "Shorten the text or the files and try again; nothing was changed.",
    "姓名": "names",
    "住址": "addresses",
    "身份证号": "identity numbers",
    "手机号": "mobile numbers",
    "固定电话": "telephone numbers",
    "银行账号": "bank accounts",
    "个体工商户信用代码": "credit codes of sole traders",
    "车牌号": "number plates",
    "护照号": "passport numbers",
    "微信号": "WeChat names",
    "QQ 号": "QQ numbers",
    "外观": "Appearance",
    "外观：": "Appearance: ",
    "和别的单位对比": "Compare with other units",
    "金额：": "Amounts: ",
    "约数": "rounded",
    "精确": "exact",
    "金额看到分": "Amounts to the fen",
    "看精确金额": "Exact amounts",
    "金额改看约数": "Rounded amounts",
    "随系统": "As the device",
    "浅色": "Light",
    "深色": "Dark",
}
