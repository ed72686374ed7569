"""The supplier register: companies by city and trade, institutions by county, public bodies that take transfers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from publishing.synthetic.arrays import generator
from publishing.synthetic.geography import Geography, Region
from publishing.synthetic.identities import bank_accounts, credit_code, person_hashes
from publishing.synthetic.place_names import BRAND_FIRST, BRAND_SECOND
from publishing.synthetic.units import Unit

TRADES = {
    "building": ("建筑工程有限公司", "建设集团有限公司", "装饰工程有限公司"),
    "municipal": ("市政工程有限公司", "环境工程有限公司", "市政园林有限公司"),
    "road": ("路桥工程有限公司", "公路养护有限公司", "交通建设有限公司"),
    "water": ("水利水电工程有限公司", "水务建设有限公司", "生态建设有限公司"),
    "design": ("工程咨询有限公司", "建设监理有限公司", "勘察设计院有限公司"),
    "equipment": ("医疗设备有限公司", "机电设备有限公司", "汽车销售服务有限公司"),
    "it": ("信息技术有限公司", "软件有限公司", "智能科技有限公司"),
    "service": ("人力资源服务有限公司", "社会工作服务有限公司", "物业服务有限公司"),
    "supply": ("办公用品有限公司", "商贸有限公司", "印务有限公司"),
    "grant": ("农业发展有限公司", "食品有限公司", "制造有限公司"),
}
COMPANIES_PER_TRADE = {"building": 8, "municipal": 6, "road": 6, "water": 6, "design": 8, "equipment": 5, "it": 5, "service": 6, "supply": 6, "grant": 8}  # fmt: skip
INSTITUTIONS = ("中心小学", "第一中学", "人民医院", "社会福利院", "农业技术推广中心", "公共就业服务中心")
PROVINCIAL_INSTITUTIONS = ("实验小学", "实验中学", "中医医院", "福利中心", "农业技术推广总站", "人才服务中心")
PUBLIC_BODIES = ("财政工资统发专户", "社会保险基金财政专户", "非税收入与债务资金专户", "村级资金集中支付中心")

COMPANY, INSTITUTION, PUBLIC_BODY, INDIVIDUAL = "company", "institution", "public_body", "individual"


@dataclass(frozen=True, slots=True)
class Supplier:
    """One row of `suppliers`, and the account it is paid on."""

    supplier_id: str
    name: str
    credit_code: str
    kind: str
    region_code: str
    account: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Suppliers that stand side by side in the register: `start` and how many."""

    start: int
    count: int


@dataclass(slots=True)
class Register:
    """All suppliers in order, and the pools a budget line draws its payees from."""

    suppliers: list[Supplier] = field(default_factory=list)
    pools: dict[tuple[str, str], Pool] = field(default_factory=dict)

    def pool(self, region: Region, group: str) -> Pool:
        """The suppliers of a trade or kind nearest to a region: its own, its city's, the province's."""
        for code in (region.code, region.code[:4] + "00", region.code[:2] + "0000"):
            if (code, group) in self.pools:
                return self.pools[code, group]
        raise KeyError(group)


def build_register(geography: Geography, units: tuple[Unit, ...], seed: int) -> Register:
    """More than a thousand companies and all public payees, every credit code with a valid check character."""
    rng = generator(seed, "suppliers")
    register = Register()
    accounts = bank_accounts(person_hashes(seed, np.full(9000, 999999), np.arange(9000))).to_list()
    names: set[str] = set()
    for region in geography.regions:
        if region.level != "county":
            for trade, endings in TRADES.items():
                _add_companies(register, region, trade, endings, rng, names, accounts)
        _add_bodies(register, region, INSTITUTION, INSTITUTIONS, "12", accounts)
        _add_bodies(register, region, PUBLIC_BODY, PUBLIC_BODIES, "11", accounts)
    for number, unit in enumerate(units):
        register.pools[unit.region.code, f"unit {number}"] = Pool(len(register.suppliers), 1)
        _add(register, unit.name, PUBLIC_BODY, "11", unit.region.code, accounts)
    return register


def _add_companies(
    register: Register,
    region: Region,
    trade: str,
    endings: tuple[str, ...],
    rng: np.random.Generator,
    names: set[str],
    accounts: list[str],
) -> None:
    count = COMPANIES_PER_TRADE[trade]
    register.pools[region.code, trade] = Pool(len(register.suppliers), count)
    place = region.name.rstrip("省市")
    made = 0
    while made < count:
        brand = BRAND_FIRST[rng.integers(len(BRAND_FIRST))] + BRAND_SECOND[rng.integers(len(BRAND_SECOND))]
        name = place + brand + endings[rng.integers(len(endings))]
        if name in names:
            continue
        names.add(name)
        _add(register, name, COMPANY, "91", region.code, accounts)
        made += 1


def _add_bodies(
    register: Register,
    region: Region,
    kind: str,
    endings: tuple[str, ...],
    authority: str,
    accounts: list[str],
) -> None:
    register.pools[region.code, kind] = Pool(len(register.suppliers), len(endings))
    for place, ending in enumerate(endings):
        register.pools[region.code, ending] = Pool(len(register.suppliers), 1)
        provincial = kind == INSTITUTION and region.level == "province"
        title = PROVINCIAL_INSTITUTIONS[place] if provincial else ending
        _add(register, region.name + title, kind, authority, region.code, accounts)


def _add(
    register: Register, name: str, kind: str, authority: str, region_code: str, accounts: list[str]
) -> None:
    serial = len(register.suppliers) + 1
    code = credit_code(authority, region_code, 30_000_000 + serial * 7919)
    account = accounts[serial % len(accounts)]
    register.suppliers.append(Supplier(f"S{serial:05d}", name, code, kind, region_code, account))
