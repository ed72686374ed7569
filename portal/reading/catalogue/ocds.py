"""Public contracts and what was paid on them, in the Open Contracting Data Standard 1.1.

One OCDS release per contract: the contract is the contracting process, because nothing before its signature is
published here. What the treasury paid up to the as-of day is one transaction per contract; single payments are not
public. A payment total that is withheld is left out, and the contract's description says so. A supplier appears only
when it stands in the published table of suppliers, which holds no private person.

Source: Open Contracting Data Standard 1.1.5. Suppliers are named by the unified social credit code (`CN-USCC`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec
import polars as pl

from portal.reading.catalog import publisher
from portal.reading.catalogue.model import Identity
from portal.reading.edition import Edition
from publishing.specs.model import STATUSES

OCDS_VERSION = "1.1"
SCHEME = "CN-USCC"
ROWS_AT_ONCE = 2_000
METHODS = {
    "公开招标": "open",
    "邀请招标": "selective",
    "竞争性谈判": "limited",
    "竞争性磋商": "limited",
    "询价": "limited",
    "单一来源采购": "direct",
    "单一来源": "direct",
}
"""Ways of buying that the standard has a code for; others are told in words only."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
Row = Mapping[str, Any]


def contract_years(edition: Edition) -> tuple[int, ...]:
    """The years in which public contracts were signed, ascending."""
    years = edition.frame("contracts")["signed_on"].dt.year().drop_nulls().unique().to_list()
    return tuple(sorted(years))


def release_package(edition: Edition, identity: Identity, year: int) -> Iterator[bytes]:
    """The release package of the contracts signed in a year, in pieces."""
    head = _package(edition, identity, f"/ocds/releases/{year}.json")
    yield _ENCODER.encode(head)[:-1] + b',"releases":['
    for position, line in enumerate(_releases(edition, identity, year)):
        yield (b"," if position else b"") + line
    yield b"]}\n"


def _package(edition: Edition, identity: Identity, path: str) -> dict[str, Any]:
    """What stands at the head of a package."""
    return {
        "uri": identity.address(path),
        "version": OCDS_VERSION,
        "publishedDate": _moment(edition),
        "publisher": {"name": publisher(edition), "uri": identity.address("/")},
        "license": identity.terms_url,
        "publicationPolicy": identity.address("/disclosure"),
        "extensions": [],
    }


def record_package(edition: Edition, identity: Identity, ocid: str) -> bytes | None:
    """The record of one contracting process, as a package of one; None when there is no such contract."""
    prefix = f"{identity.ocid_prefix}-"
    contracts = edition.frame("contracts")
    found = contracts.filter(pl.col("contract_id") == ocid.removeprefix(prefix))
    if not ocid.startswith(prefix) or not found.height:
        return None
    row = found.row(0, named=True)
    release = _Writer.of(edition, identity).release(row)
    package = _package(edition, identity, f"/ocds/records/{quote(ocid, safe='')}")
    if row["signed_on"] is not None:
        package["packages"] = [identity.address(f"/ocds/releases/{row['signed_on'].year}.json")]
    compiled = {**release, "id": f"{release['id']}-compiled", "tag": ["compiled"]}
    package["records"] = [{"ocid": ocid, "releases": [release], "compiledRelease": compiled}]
    return _ENCODER.encode(package)


def release_lines(edition: Edition, identity: Identity, year: int | None = None) -> Iterator[bytes]:
    """The same releases one a line, for whoever takes all of them; of all years without one."""
    for line in _releases(edition, identity, year):
        yield line + b"\n"


def _releases(edition: Edition, identity: Identity, year: int | None) -> Iterator[bytes]:
    writer = _Writer.of(edition, identity)
    frame = edition.frame("contracts")
    if year is not None:
        frame = frame.filter(pl.col("signed_on").dt.year() == year)
    for part in frame.iter_slices(ROWS_AT_ONCE):
        for row in part.iter_rows(named=True):
            yield _ENCODER.encode(writer.release(row))


def _moment(edition: Edition) -> str:
    return edition.release.published_at.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class _Writer:
    """What the releases of one edition share. `credit_codes` holds every published supplier, by its id."""

    identity: Identity
    number: int
    moment: str
    as_of: date
    currency: str
    credit_codes: Mapping[str, str | None]

    @classmethod
    def of(cls, edition: Edition, identity: Identity) -> _Writer:
        suppliers = edition.frame("suppliers")
        codes = dict(zip(suppliers["supplier_id"].to_list(), suppliers["credit_code"].to_list(), strict=True))
        lineage = edition.release.lineage
        return cls(identity, edition.number, _moment(edition), lineage.as_of, lineage.currency, codes)

    def release(self, row: Row) -> dict[str, Any]:
        """One contract."""
        ocid = f"{self.identity.ocid_prefix}-{row['contract_id']}"
        buyer, supplier = self._buyer(row), self._supplier(row)
        transaction = self._transaction(row, buyer, supplier)
        release: dict[str, Any] = {
            "ocid": ocid,
            "id": f"{ocid}-{self.number}",
            "date": self.moment,
            "language": "zh",
            "tag": ["award", "contract", *(["implementation"] if transaction else [])],
            "initiationType": "tender",
        }
        parties = [
            {**party, "roles": roles}
            for party, roles in (
                (buyer, ["buyer", "procuringEntity", "payer"]),
                (supplier, ["supplier", "payee"]),
            )
            if party
        ]
        if parties:
            release["parties"] = parties
        if buyer:
            release["buyer"] = _reference(buyer)
        release["tender"] = self._tender(row, buyer)
        release["awards"] = [self._award(row, supplier)]
        release["contracts"] = [self._contract(row, transaction)]
        return release

    def _buyer(self, row: Row) -> dict[str, Any] | None:
        if not row["org_id"] or not row["org_name"]:
            return None
        uri = self.identity.address(f"/organisations/{quote(row['org_id'], safe='')}")
        return {
            "id": row["org_id"],
            "name": row["org_name"],
            "identifier": {"id": row["org_id"], "legalName": row["org_name"], "uri": uri},
        }

    def _supplier(self, row: Row) -> dict[str, Any] | None:
        supplier_id, name = row["supplier_id"], row["supplier_name"]
        if not supplier_id or not name or supplier_id not in self.credit_codes:
            return None
        uri = self.identity.address(f"/suppliers/{quote(supplier_id, safe='')}")
        code = self.credit_codes[supplier_id]
        if not code:
            identifier = {"id": supplier_id, "legalName": name, "uri": uri}
            return {"id": supplier_id, "name": name, "identifier": identifier}
        identifier = {"scheme": SCHEME, "id": code, "legalName": name, "uri": uri}
        return {"id": f"{SCHEME}-{code}", "name": name, "identifier": identifier}

    def _tender(self, row: Row, buyer: dict[str, Any] | None) -> dict[str, Any]:
        tender: dict[str, Any] = {"id": row["contract_id"], "status": "complete"}
        method = row["method"]
        if row["title"]:
            tender["title"] = row["title"]
        if method:
            tender["procurementMethodDetails"] = method
        if method in METHODS:
            tender["procurementMethod"] = METHODS[method]
        if buyer:
            tender["procuringEntity"] = _reference(buyer)
        return tender

    def _award(self, row: Row, supplier: dict[str, Any] | None) -> dict[str, Any]:
        award: dict[str, Any] = {"id": row["contract_id"], "status": "active"}
        if row["title"]:
            award["title"] = row["title"]
        if row["amount"] is not None:
            award["value"] = self._value(row["amount"])
        if supplier:
            award["suppliers"] = [_reference(supplier)]
        return award

    def _contract(self, row: Row, transaction: dict[str, Any] | None) -> dict[str, Any]:
        contract: dict[str, Any] = {"id": row["contract_id"], "awardID": row["contract_id"]}
        if row["title"]:
            contract["title"] = row["title"]
        if row["paid"] is None:
            said = STATUSES.get(row["paid_status"] or "not_reported", "尚未报送")
            contract["description"] = f"已支付金额{said}，此处没有付款。"
        ends_on, signed_on = row["ends_on"], row["signed_on"]
        is_ended = ends_on is not None and ends_on < self.as_of
        contract["status"] = "terminated" if is_ended else "active"
        if row["amount"] is not None:
            contract["value"] = self._value(row["amount"])
        if signed_on is not None:
            contract["dateSigned"] = _instant(signed_on)
        period = {
            name: _instant(day)
            for name, day in (("startDate", signed_on), ("endDate", ends_on))
            if day is not None
        }
        if period:
            contract["period"] = period
        if transaction:
            contract["implementation"] = {"transactions": [transaction]}
        return contract

    def _transaction(
        self, row: Row, buyer: dict[str, Any] | None, supplier: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        """What was paid on the contract up to the as-of day; nothing when it is zero or not published."""
        if not row["paid"] or row["paid_status"] not in (None, "published"):
            return None
        source = self.identity.address(f"/datasets/contracts@{self.number}")
        found: dict[str, Any] = {
            "id": f"{row['contract_id']}-{self.as_of.isoformat()}",
            "source": source,
            "date": _instant(self.as_of),
            "value": self._value(row["paid"]),
        }
        if buyer:
            found["payer"] = _reference(buyer)
        if supplier:
            found["payee"] = _reference(supplier)
        return found

    def _value(self, fen: int) -> dict[str, Any]:
        return {"amount": Decimal(fen).scaleb(-2), "currency": self.currency}


def _reference(party: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": party["id"], "name": party["name"]}


def _instant(day: date) -> str:
    """A day as the instant it began in China."""
    return f"{day.isoformat()}T00:00:00+08:00"
