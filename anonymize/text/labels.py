"""What the words before a number say it is.

The nearest label to the left decides: in `合同编号HT-24，电话13812345678` the number is a telephone
number, in `凭证号13812345678` it is none. A label reaches over a few characters that are neither
digits nor the end of a sentence.
"""

from __future__ import annotations

import re
from enum import Enum, auto

_REACH = 26


class Label(Enum):
    """What a label announces."""

    ID_CARD = auto()
    PASSPORT = auto()
    PHONE = auto()
    OFFICE_PHONE = auto()
    ACCOUNT = auto()
    CREDIT_CODE = auto()
    OTHER_NUMBER = auto()
    AMOUNT = auto()


# Longer and more particular wordings first: the first alternative that matches at a place wins.
_WORDING: tuple[tuple[Label, str], ...] = (
    (
        Label.ID_CARD,
        r"身份证|身份號|身份号|公民身份|证件号|证件编号|身证号|居民证|ID ?[Cc]ard|ID ?[Nn]o|ID ?[Nn]umber|[Cc]itizen ID|居住证|户口编号",
    ),
    (Label.PASSPORT, r"护照|通行证|回乡证|台胞证|[Pp]assport|PASSPORT"),
    (
        Label.OFFICE_PHONE,
        r"热线|专线|(?:咨询|监督|举报|投诉|服务|办公|值班|客服|受理|公开|查询|业务|总机|办公室|报名|单位|便民|维权|报警|报修|抢修|信访|接访|政务|大厅|窗口|局|厅|委|处|科|中心)(?:联系)?(?:电话|座机|传真|固话|号码)|总机|客服",
    ),
    (
        Label.ACCOUNT,
        r"账号|帐号|账户|帐户|卡号|银行卡|储蓄卡|借记卡|信用卡|工资卡|社保卡|市民卡|惠农卡|金融卡|结算卡|公务卡|存折|一卡通|一折通|一本通|户头|卡|开户行|开户银行|[Aa]/[Cc]|[Aa]ccount|ACCOUNT|[Aa]cct|[Cc]ard|收款账|转入|汇入|打入|转至|汇至|打到|转到|(?:银|支|农商|邮储|工|农|中|建|交)行|信用社|分理处",
    ),
    (Label.CREDIT_CODE, r"信用代码|信用码|税号|纳税人识别号|组织机构代码|机构代码|USCC"),
    (
        Label.OTHER_NUMBER,
        r"编号|资产卡片|卡片号|合同|协议号|项目|代码|编码|文号|凭证|单号|订单|发票|流水|序列|批号|批次|指标|资产|条码|条形码|型号|货号|版本|证书|许可|备案|学号|工号|档案|图号|标准|登记号|案号|受理|工单|设备|回执|车架号|发动机号|注册号|交易号|支付令|令号|考号|准考证|票号|[Nn]o\.|[Ss]/?[Nn]|ISBN|ISSN|[Oo]rder|[Ii]nvoice|[Cc]ontract|[Pp]roject|#",
    ),
    (
        Label.PHONE,
        r"电话|手机|手提|联系方式|联系|座机|固话|固定电话|宅电|传真|致电|来电|拨打|号码|微信同号|同号|[Tt]el|TEL|[Pp]hone|[Mm]obile|MOB|[Cc]ell|[Ff]ax|FAX|☎|📞|📱",
    ),
    (Label.AMOUNT, r"金额|预算|总投资|投资|人民币|资金|共计|合计|总计|余额|价|费用|￥|¥|RMB|CNY"),
)
_LABELS = re.compile(
    "(?:"
    + "|".join(f"(?P<{label.name}>{wording})" for label, wording in _WORDING)
    + ")(?:号码|编号|号| ?[Nn]o\\.?| ?[Nn]umber)?"
)
_BARS_LABEL = re.compile(r"[。;!?\n]|\d{5}")
_QUANTITY = re.compile(
    r" ?(?:元|万|亿|吨|米|平方|公里|公顷|亩|株|人次|千瓦|度电|%|号文|立方|kWh|斤|公斤|\.\d|角|分(?!机))"
)


def label_before(text: str, start: int, *, reach: int = _REACH) -> Label | None:
    """The label that governs a number beginning at `start`, if one ends at most `reach` before it."""
    window = text[max(0, start - _REACH) : start]
    nearest = None
    for match in _LABELS.finditer(window):
        nearest = match
    if nearest is None or len(window) - nearest.end() > reach or _BARS_LABEL.search(window, nearest.end()):
        return None
    return Label[nearest.lastgroup or ""]


def is_quantity(text: str, end: int) -> bool:
    """True when a unit of money or measure follows a number that ends at `end`."""
    return _QUANTITY.match(text, end) is not None
