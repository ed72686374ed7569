"""The kinds of problems an answer can report: each has a short name, a status and a title people can read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. `advice` says what is safe and what to do next."""

    slug: str
    status: int
    title: str
    advice: str


BAD_QUERY = Kind("bad-query", 400, "请求的写法有误", "请按 errors 里指出的位置改正后再试；数据没有受到影响。")
NOT_FOUND = Kind("not-found", 404, "没有找到", "请检查地址，或从目录、检索重新进入。")
NO_DATASET = Kind("no-dataset", 404, "没有这个数据集", "数据目录列出了全部数据集。")
NO_RELEASE = Kind("no-release", 404, "没有这一号发布", "发布列表里有全部发布。")
WITHDRAWN = Kind("withdrawn", 410, "这一号发布已经撤回", "它的内容不再提供；请改用最新发布。")
METHOD = Kind("method-not-allowed", 405, "这个地址不接受该方法", "公开数据只能读取：请用 GET 或 HEAD。")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "没有所要的格式", "请改用 csv、xlsx、parquet 或 jsonl。")
TOO_LONG = Kind("address-too-long", 414, "请求的地址太长", "请缩短查询，或改用整表下载。")
RANGE = Kind("range-not-satisfiable", 416, "所要的字节范围不在文件之内", "请先用 HEAD 查看文件大小。")
TOO_MANY = Kind(
    "too-many-requests", 429, "请求太频繁", "请按 Retry-After 的秒数稍候再试；整表下载不占查询限额。"
)
REFUSED_INPUT = Kind("refused-input", 422, "提交的内容不能采用", "请按提示改正后再试。")
FAULT = Kind(
    "internal-error", 500, "服务出了意外", "您的操作没有改变任何数据；请稍后再试，或带上事件编号告诉我们。"
)
DAMAGED = Kind(
    "damaged",
    503,
    "这份数据没有通过校验，暂不提供",
    "为避免给出错误的数字，我们停止了提供；其他页面不受影响。",
)
BUSY = Kind("busy", 503, "正在忙", "请稍候再试。")
NOTHING_YET = Kind("nothing-published", 503, "还没有发布任何数据", "第一次发布完成以后，这里就会有内容。")
SIGN_IN = Kind("sign-in", 401, "请先登录", "登录以后再试；这次没有改变任何内容。")
NOT_ALLOWED = Kind(
    "not-allowed", 403, "没有权限", "需要这项权限，请联系本单位的管理员；这次没有改变任何内容。"
)
FOREIGN_FORM = Kind("foreign-form", 403, "提交没有被接受", "请后退并刷新页面，再提交一次；没有改变任何内容。")
STEP_FIRST = Kind("step-first", 403, "先要完成另一步", "完成那一步以后再回到这里；没有改变任何内容。")
CONFLICT = Kind("conflict", 409, "现在不能这样做", "请刷新页面，看看现在的情况；没有改变任何内容。")
LINK_DEAD = Kind("link-dead", 410, "链接已失效", "请重新申请一个链接。")
TOO_LARGE = Kind("too-large", 413, "提交的内容太大", "请缩短文字或缩小文件后再试；没有改变任何内容。")
REQUEST = Kind("bad-request", 400, "请求无法理解", "请检查请求的写法。")

KINDS: tuple[Kind, ...] = (
    BAD_QUERY, NOT_FOUND, NO_DATASET, NO_RELEASE, WITHDRAWN, METHOD, NOT_ACCEPTABLE, TOO_LONG, RANGE, TOO_MANY,
    REFUSED_INPUT, FAULT, DAMAGED, BUSY, NOTHING_YET, REQUEST, SIGN_IN, NOT_ALLOWED, FOREIGN_FORM, STEP_FIRST, CONFLICT,
    LINK_DEAD, TOO_LARGE,
)  # fmt: skip
