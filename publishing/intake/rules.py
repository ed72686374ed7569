"""Every rule a source package can break: its stable name, how serious it is, and what to do about it.

An *error* refuses the package. A *warning* is kept in the report: it is a finding about the world (an
overspent line) or a doubt about the typing, not a mistake that makes figures wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Errors refuse the package; warnings are kept."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One rule; `chinese` and `english` say what is wrong and what to do."""

    name: str
    severity: Severity
    chinese: str
    english: str


_E, _W = Severity.ERROR, Severity.WARNING

_FILES = (
    ("source_missing", _E, "找不到要检查的文件夹", "there is no such folder"),
    ("source_not_a_folder", _E, "来源必须是一个文件夹；压缩包请先解压", "the source must be a folder; unpack archives first"),
    ("no_tables", _E, "文件夹里没有任何源数据表", "the folder holds no table of a source package"),
    ("descriptor_broken", _E, "datapackage.json 不是合格的 JSON", "datapackage.json is not valid JSON"),
    ("descriptor_wrong", _E, "datapackage.json 的内容不合规定", "datapackage.json does not say what it must"),
    ("descriptor_key_unknown", _W, "datapackage.json 的 sunshine 一节里有不认识的词，没有使用", "a word in the block sunshine of datapackage.json is not known; it was not used"),
    ("descriptor_path_unsafe", _E, "资源路径必须是包内的相对路径，不能是网址、绝对路径或 ..", "a resource path must be relative and stay inside the package: no URL, no absolute path, no .."),
    ("symlink_escapes", _E, "文件是指向包外的符号链接", "the file is a symbolic link that leaves the package"),
    ("file_missing", _E, "datapackage.json 列出的文件不存在", "datapackage.json lists a file that is not there"),
    ("file_differs", _E, "文件的大小或校验值与 datapackage.json 声明的不同，可能不完整或被换过", "the file has another size or digest than datapackage.json says: cut short, or another file"),
    ("digest_unknown", _W, "datapackage.json 用了不认识的校验算法，没有核对", "datapackage.json names a digest that is not known here; it was not checked"),
    ("several_parts", _E, "一张表只能是一个文件；请先合并", "a table in several parts is not supported; join them into one file"),
    ("table_missing", _E, "缺少必需的表", "a required table is missing"),
    ("table_twice", _E, "同一张表有两个文件", "two files claim to be the same table"),
    ("table_empty", _E, "必需的表没有任何数据行", "a required table has no rows"),
    ("optional_table_missing", _W, "没有这张可选的表，相关页面将没有内容", "an optional table is missing; what is built on it will be empty"),
    ("unknown_table", _W, "不认识的数据文件，未读取", "not a table of a source package; it was not read"),
    ("not_a_regular_file", _E, "不是普通文件", "not a regular file"),
    ("file_empty", _E, "文件是空的，连表头也没有", "the file is empty: there is not even a header"),
    ("file_unreadable", _E, "文件打不开或已损坏", "the file cannot be opened or is damaged"),
    ("content_is_not_csv", _E, "文件内容不是 CSV 文本", "the content of the file is not CSV text"),
    ("content_is_not_parquet", _E, "文件内容不是 Parquet", "the content of the file is not Parquet"),
    ("compression_damaged", _E, "压缩文件损坏或不完整", "the compressed file is damaged or cut short"),
    ("compression_bomb", _E, "压缩比或解压后的大小不合常理，已停止读取", "compression ratio or unpacked size is absurd; reading stopped"),
    ("unsupported_dialect", _E, "只支持逗号分隔、双引号的 CSV", "only CSV with commas and double quotes is supported"),
    ("too_many_columns", _E, "列数多得不合常理", "an absurd number of columns"),
    ("record_too_large", _E, "一条记录大得不合常理（可能是引号没有配对）", "a record of absurd size (perhaps a quote that never closes)"),
    ("too_many_rows", _E, "行数与文件大小相比不合常理", "an absurd number of rows for the size of the file"),
    ("geometry_broken", _E, "regions.geojson 不是合格的 GeoJSON", "regions.geojson is not valid GeoJSON"),
    ("geometry_unknown_region", _E, "regions.geojson 里的区划代码不在 regions 表中", "regions.geojson names a region that is not in the table"),
    ("geometry_region_missing", _W, "regions.geojson 没有这个区划的边界", "regions.geojson has no shape for this region"),
    ("sum_too_large", _E, "一个年度（或月份）的合计超过九十万亿，无法精确计算；请核对单位", "the sum of a year (or month) exceeds what can be counted exactly (90 trillion); is the unit right?"),
    ("control_total_mismatch", _E, "各行合计与声明的控制数不一致", "the rows do not add up to the declared control total"),
)  # fmt: skip

_STRUCTURE = (
    ("encoding_unknown", _E, "既不是 UTF-8 也不是 GB18030，请另存为 UTF-8", "neither UTF-8 nor GB18030; save the file as UTF-8"),
    ("encoding_doubtful", _E, "按 GB18030 读出来多是生僻字，文件大概是 Big5、Shift_JIS 等编码，请另存为 UTF-8", "read as GB18030 most characters are rare ones: the file probably is Big5 or Shift_JIS; save it as UTF-8"),
    ("encoding_differs", _E, "文件的编码与 datapackage.json 声明的不同", "the file is in another encoding than datapackage.json says"),
    ("mixed_encodings", _E, "同一文件混用了 UTF-8 和 GBK 编码，请统一另存为 UTF-8", "UTF-8 and GBK are mixed in one file; save all of it as UTF-8"),
    ("nul_byte", _E, "含有 NUL 字节（也可能是没有 BOM 的 UTF-16）", "holds NUL bytes (perhaps UTF-16 without a BOM)"),
    ("line_endings", _E, "换行符不是 LF 或 CRLF", "line ends are neither LF nor CRLF"),
    ("header_duplicated", _E, "表头里有重复的列名", "a column name stands twice in the header"),
    ("header_blank", _E, "表头里有空的列名", "a column without a name in the header"),
    ("column_missing", _E, "缺少这一列", "this column is missing"),
    ("column_unknown", _E, "多出这一列，不在约定之内", "this column is not part of the contract"),
    ("row_too_short", _E, "这一行的列数比表头少", "this row has fewer fields than the header"),
    ("row_too_long", _E, "这一行的列数比表头多", "this row has more fields than the header"),
    ("quote_unbalanced", _E, "引号没有配对，从这一行起无法读取", "a quote is never closed; nothing after it can be read"),
    ("quote_misplaced", _E, "引号位置不对：含引号的字段要整体加引号，内部引号写两次", "a quote in the wrong place: quote the whole field and double the quotes inside"),
    ("blank_row", _W, "空行，已跳过", "a blank line; it was skipped"),
)  # fmt: skip

_VALUES = (
    ("value_missing", _E, "必填的值为空", "a required value is empty"),
    ("type_wrong", _E, "Parquet 列的类型不对", "the Parquet column has the wrong type"),
    ("money_is_float", _E, "金额是浮点数，不能精确到分；请用 decimal(18,2) 或文本", "money is a float and cannot be exact; use decimal(18,2) or text"),
    ("field_too_large", _E, "字段内容大得不合常理", "a field of absurd size"),
    ("control_character", _E, "含有控制字符", "holds control characters"),
    ("hidden_character", _E, "含有改变文字方向的隐藏字符", "holds hidden characters that change the direction of text"),
    ("replacement_character", _E, "含有乱码标记 U+FFFD，文字在上游已损坏", "holds U+FFFD: the text was damaged before it came here"),
    ("whitespace_padded", _E, "代码前后或中间有空白", "white space around or inside a code"),
    ("text_padded", _W, "文字前后有空白", "white space around the text"),
    ("formula_like", _W, "以 = + - @ 等开头，表格软件会当作公式；导出时会加单引号", "starts like a spreadsheet formula; exports will prefix a quote"),
    ("money_not_a_number", _E, "金额不是数字，请写成 1234567.89", "the amount is not a number; write 1234567.89"),
    ("money_fullwidth", _E, "金额含全角字符，请改为半角数字", "the amount has full-width characters; use ASCII digits"),
    ("money_separators", _E, "金额含千位分隔符或货币符号，请写成 1234567.89", "the amount has separators or a currency sign; write 1234567.89"),
    ("money_scientific", _E, "金额不能用科学计数法", "an amount may not be in scientific notation"),
    ("money_not_finite", _E, "金额不能是 NaN 或无穷大", "an amount may not be NaN or infinite"),
    ("money_three_decimals", _E, "金额最多两位小数（精确到分）", "an amount has at most two decimals"),
    ("money_overflow", _E, "金额超出可表示的范围", "the amount does not fit into 64 bits of fen"),
    ("number_wrong", _E, "不是数字", "not a number"),
    ("number_fullwidth", _E, "数字含全角字符，请改为半角", "full-width characters in a number; use ASCII digits"),
    ("integer_wrong", _E, "不是整数", "not a whole number"),
    ("date_wrong", _E, "不是 YYYY-MM-DD 格式的日期", "not a date written YYYY-MM-DD"),
    ("date_impossible", _E, "日历上没有这一天", "there is no such day in the calendar"),
    ("date_out_of_range", _E, "日期不在 1900 到 2100 年之间", "the date is not between 1900 and 2100"),
    ("month_wrong", _E, "不是 YYYY-MM 格式的月份", "not a month written YYYY-MM"),
    ("boolean_wrong", _E, "只能是 true 或 false", "only true or false"),
    ("choice_unknown", _E, "不在允许的取值之内", "not one of the allowed values"),
    ("out_of_range", _E, "数值超出允许的范围", "the value is out of range"),
    ("money_negative", _E, "金额不能为负", "the amount may not be negative"),
    ("code_malformed", _E, "代码格式不对", "the code is malformed"),
    ("leading_zero_lost", _E, "代码少了位数，可能在表格软件里丢了前导零", "the code is short: leading zeros were probably lost in a spreadsheet"),
    ("credit_code_malformed", _E, "统一社会信用代码必须是十八位", "a unified social credit code has eighteen characters"),
    ("credit_code_checksum", _E, "统一社会信用代码的校验位不对", "the check character of the credit code is wrong"),
    ("url_unsafe", _E, "网址必须以 http:// 或 https:// 开头", "a link must begin with http:// or https://"),
)  # fmt: skip

_RELATIONS = (
    ("key_missing", _E, "主键为空", "the key is empty"),
    ("key_duplicated", _E, "主键重复", "the key stands more than once"),
    ("row_duplicated", _E, "整行重复", "the whole row stands more than once"),
    ("reference_broken", _E, "引用的代码不存在", "the code it points at does not exist"),
    ("hierarchy_cycle", _E, "上下级关系成环", "parents form a cycle"),
    ("hierarchy_roots", _E, "必须有且只有一个根（全省）", "there must be exactly one root (the province)"),
    ("region_level_wrong", _E, "级别与上级不衔接：市在省下，县在市下", "level and parent do not fit: cities below the province, counties below cities"),
    ("region_prefix_differs", _W, "区划代码与上级代码的前缀不一致", "the region code does not begin like its parent's"),
    ("class_parent_wrong", _E, "上级科目编码必须是本编码的前缀", "the parent of a class is the prefix of its code"),
    ("class_parent_missing", _E, "没有上级科目", "the class has no parent class"),
    ("dates_disordered", _E, "日期先后颠倒", "dates in the wrong order"),
    ("coordinates_incomplete", _E, "经度和纬度必须同时填写", "longitude and latitude go together"),
    ("completed_without_end", _W, "已完成的项目没有实际完成日期", "a completed project without an end date"),
    ("ended_but_not_completed", _W, "有实际完成日期，但状态不是完成或取消", "an end date, but neither completed nor cancelled"),
    ("plan_outside_year", _E, "计划月份不在指标的财政年度内", "the month is not in the fiscal year of the line"),
    ("plan_decreasing", _W, "计划累计支出比上月减少", "cumulative plan falls from one month to the next"),
    ("plan_above_budget", _W, "计划累计支出超过调整预算", "the plan exceeds the adjusted budget"),
    ("actual_without_date", _W, "有完成值但没有测量日期", "an actual value without the date of measuring"),
    ("method_unknown", _W, "不认识的采购方式", "not a known procurement method"),
    ("credit_code_shared", _W, "多个供应商使用同一个统一社会信用代码", "several suppliers share one credit code"),
    ("supplier_may_be_person", _W, "没有统一社会信用代码，名称又像个人姓名；供应商会公开，自然人请列为 individual", "no credit code and a name like a person's: suppliers are published; a private person is payee_kind individual"),
    ("unit_differs", _W, "同一指标名称用了不同的计量单位", "one indicator name, several units"),
)  # fmt: skip

_PAYMENTS = (
    ("payment_zero", _W, "金额为零", "the amount is zero"),
    ("refund_without_reverses", _E, "负数支付必须用 reverses 指明所冲销的支付", "a negative payment must name the payment it reverses"),
    ("refund_not_negative", _E, "冲销的金额必须为负", "a payment that reverses another must be negative"),
    ("refund_of_itself", _E, "不能冲销自己", "a payment cannot reverse itself"),
    ("refund_of_unknown", _E, "所冲销的支付不存在", "the payment it reverses does not exist"),
    ("refund_of_refund", _E, "不能冲销另一笔退款", "a refund cannot be reversed"),
    ("refund_exceeds_payment", _E, "退款合计超过所冲销的支付", "refunds exceed the payment they undo"),
    ("refund_on_other_line", _E, "退款与所冲销的支付不在同一指标", "a refund must be on the line of the payment it undoes"),
    ("refund_to_other_payee", _W, "退款的收款人不是原支付的收款人", "a refund from another payee than the payment it undoes went to"),
    ("refund_before_payment", _E, "退款日期早于所冲销的支付", "a refund dated before the payment it undoes"),
    ("individual_with_supplier", _E, "自然人不能有供应商编号", "a private person cannot be a supplier"),
    ("payee_not_in_register", _W, "收款单位没有供应商编号", "the payee is not in the register of suppliers"),
    ("payee_kind_differs", _W, "收款人类型与供应商类型不一致", "payee kind differs from the supplier's kind"),
    ("payment_after_as_of", _E, "支付日期晚于数据截止日期", "paid after the day the package is as of"),
    ("payment_outside_year", _W, "支付日期不在指标的财政年度内", "paid outside the fiscal year of the line"),
    ("payment_before_contract", _W, "支付早于合同签订", "paid before the contract was signed"),
    ("contract_of_other_project", _E, "合同属于另一个项目", "the contract belongs to another project"),
    ("contract_of_other_supplier", _W, "收款人不是合同的供应商", "the payee is not the supplier of the contract"),
    ("line_of_other_project", _E, "指标属于另一个项目", "the budget line belongs to another project"),
    ("line_of_other_organisation", _W, "付款单位不是指标单位", "the paying unit is not the unit of the line"),
    ("line_overspent", _W, "指标支付合计超过调整预算", "payments of the line exceed its adjusted budget"),
    ("line_sum_negative", _W, "指标支付合计为负", "payments of the line sum to less than zero"),
    ("contract_overpaid", _W, "合同支付合计超过合同金额", "payments of the contract exceed its amount"),
)  # fmt: skip

_PARTICIPATION = (
    ("value_of_other_record", _E, "这一类记录不填这一列", "records of this kind leave this column empty"),
    ("rating_of_no_reply", _E, "没有答复，不能有对答复的评分", "there is no reply that could be rated"),
    ("project_rated_twice", _E, "同一个人对同一个项目只能有一个评分", "one person rates one project once"),
    ("project_not_public", _E, "涉密或内部项目不得有评分或来件", "a secret or internal project has neither ratings nor cases"),
    ("quarter_in_future", _E, "季度还没有开始", "the quarter has not begun"),
    ("quarter_not_over", _W, "季度在数据截止日还没有结束，留待以后的版本", "the quarter is not over on the day the package is as of; it waits for a later release"),
)  # fmt: skip

RULES: dict[str, Rule] = {
    name: Rule(name, severity, chinese, english)
    for name, severity, chinese, english in (
        *_FILES,
        *_STRUCTURE,
        *_VALUES,
        *_RELATIONS,
        *_PAYMENTS,
        *_PARTICIPATION,
    )
}
"""All rules by name."""
