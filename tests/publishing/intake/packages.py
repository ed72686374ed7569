"""A small valid source package, and ways to write and to break it."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from pathlib import Path

Row = dict[str, str]
Package = dict[str, list[Row]]

_COLUMNS = {
    "regions": "region_code,name,parent_code,level,lon,lat,population",
    "organisations": "org_id,name,region_code,sector,parent_org_id",
    "functions": "function_code,name,parent_code",
    "economics": "economic_code,name,parent_code",
    "policies": "policy_id,title,issued_by,issued_on,url",
    "projects": "project_id,name,region_code,org_id,function_code,policy_id,status,starts_on,planned_end,ended_on,"
    "total_investment,description,lon,lat,address,livelihood,secrecy",
    "budget_lines": "line_id,fiscal_year,org_id,project_id,function_code,economic_code,fund_source,approved,adjusted",
    "plans": "line_id,month,planned_cumulative",
    "suppliers": "supplier_id,name,credit_code,kind,region_code",
    "contracts": "contract_id,project_id,org_id,supplier_id,title,signed_on,amount,method,ends_on",
    "payments": "payment_id,paid_on,line_id,project_id,contract_id,org_id,supplier_id,payee_name,payee_kind,"
    "payee_account,payee_id_number,amount,purpose,reverses",
    "indicators": "project_id,indicator,unit,kind,fiscal_year,target,actual,measured_on",
    "milestones": "project_id,name,planned_on,done_on,progress",
}

_ROWS = {
    "regions": (
        "990000,云岭省,,province,110.5,25.5,1000000",
        "990100,明州市,990000,city,110.4,25.4,600000",
        "990102,东湖区,990100,county,110.41,25.41,200000",
    ),
    "organisations": (
        "U001,云岭省教育厅,990000,教育,",
        "U002,明州市教育局,990100,教育,U001",
    ),
    "functions": ("205,教育支出,", "20502,普通教育,205", "2050202,小学教育,20502"),
    "economics": ("503,机关资本性支出（一）,", "50302,基础设施建设,503"),
    "policies": (
        "ZC-2024-1,关于义务教育优质均衡发展的意见,云岭省人民政府,2024-03-01,https://policy.example/1",
    ),
    "projects": (
        (
            "P001,东湖区第一小学改扩建,990102,U002,2050202,ZC-2024-1,under_way,2025-02-01,2026-08-31,,5000000.00,"
            "新建教学楼一栋,110.41,25.41,东湖区书院路1号,true,public"
        ),
        "P002,信息系统升级,990100,U002,205,,planned,2025-05-01,2025-12-31,,300000,系统升级改造,,,,false,internal",
    ),
    "budget_lines": (
        "L001,2025,U002,P001,2050202,50302,general,3000000.00,3200000.00",
        "L002,2025,U002,,205,503,fund,800000,800000",
    ),
    "plans": ("L001,2025-03,500000.00", "L001,2025-06,1500000.5"),
    "suppliers": (
        "S001,云岭建工有限公司,91990100MA0000001G,company,990100",
        "S002,明州市设计院,,institution,",
    ),
    "contracts": ("C001,P001,U002,S001,第一小学教学楼施工,2025-03-01,2600000.00,公开招标,2026-08-31",),
    "payments": (
        "F0001,2025-03-15,L001,P001,C001,U002,S001,云岭建工有限公司,company,62220001,,500000.00,工程预付款,",
        "F0002,2025-04-15,L001,P001,C001,U002,S001,云岭建工有限公司,company,62220001,,250000.10,工程进度款,",
        "F0003,2025-05-06,L002,,,U002,,张晓明,individual,62220002,110101199003077774,1200.00,奖励金,",
        "F0004,2025-05-20,L001,P001,C001,U002,S001,云岭建工有限公司,company,62220001,,-100.10,多付退回,F0002",
    ),
    "indicators": (
        "P001,新增公办学位,个,quantity,2025,900,450,2025-10-31",
        "P001,师生满意度,%,satisfaction,2025,90,,",
    ),
    "milestones": ("P001,主体封顶,2025-12-31,,60", "P001,开工,2025-03-10,2025-03-12,5"),
}


def valid_package() -> Package:
    """Every table, with a refund, a private person and an internal project; no errors and no warnings."""
    package: Package = {}
    for table, header in _COLUMNS.items():
        names = header.split(",")
        package[table] = [dict(zip(names, line.split(","), strict=True)) for line in _ROWS[table]]
    return package


def columns(table: str) -> list[str]:
    """The header of a table."""
    return _COLUMNS[table].split(",")


def csv_text(table: str, rows: list[Row]) -> str:
    """A table as CSV text; columns are those of the contract, then any others that rows have."""
    names = columns(table)
    for row in rows:
        names += [name for name in row if name not in names]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_package(folder: Path, package: Package | None = None) -> Path:
    """Write a package as a bare folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in (valid_package() if package is None else package).items():
        (folder / f"{table}.csv").write_text(csv_text(table, rows), encoding="utf-8", newline="")
    return folder


def changed(table: str, row: int, **values: str) -> Package:
    """The valid package with some values of one row (0 is the first record) replaced."""
    package = deepcopy(valid_package())
    package[table][row] |= values
    return package
