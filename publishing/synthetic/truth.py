"""What was planted, written down for whoever checks the alarms: `--truth FILE`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from publishing.synthetic.anomalies import Anomaly
from publishing.synthetic.irregular import APPROVAL_LIMIT_FEN
from publishing.synthetic.world import World

Subject = dict[str, object]


def visible_anomalies(world: World, as_of: dt.date) -> list[Anomaly]:
    """Those whose evidence is complete by the day."""
    return [anomaly for anomaly in world.anomalies if anomaly.visible_on() <= as_of + dt.timedelta(days=1)]


def write_truth(path: Path, world: World, as_of: dt.date) -> None:
    """JSON: `anomalies` by id, and `reclassifications` decided by the day."""
    shown = visible_anomalies(world, as_of)
    content = {
        "seed": world.seed,
        "as_of": as_of.isoformat(),
        "approval_limit_yuan": APPROVAL_LIMIT_FEN // 100,
        "anomalies": [_entry(world, number, anomaly) for number, anomaly in enumerate(shown, start=1)],
        "reclassifications": [
            {"line_id": world.line_ids[c.line], "on": c.day.isoformat(), "from": c.old, "to": c.new}
            for c in world.reclassifications
            if c.day <= as_of
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _entry(world: World, number: int, anomaly: Anomaly) -> Subject:
    entry: Subject = {
        "id": f"A{number:04d}",
        "kind": anomaly.kind,
        "grade": anomaly.grade,
        "fiscal_year": anomaly.year,
        "month": f"{anomaly.year}-{anomaly.month:02d}",
        "evidence": anomaly.evidence,
    }
    if anomaly.line is not None:
        line = world.lines.rows[anomaly.line]
        entry["line_id"] = world.line_ids[anomaly.line]
        entry["org_id"] = world.units[line.unit].org_id
        entry["project_id"] = world.projects[line.project].project_id if line.project >= 0 else None
    if anomaly.more_lines:
        entry["source_line_ids"] = [world.line_ids[line] for line in anomaly.more_lines]
    if anomaly.supplier is not None:
        entry["supplier_id"] = world.register.suppliers[anomaly.supplier].supplier_id
    if anomaly.contracts:
        entry["contract_ids"] = [world.contracts[contract].contract_id for contract in anomaly.contracts]
    if anomaly.payments:
        entry["payment_ids"] = list(anomaly.payments)
    return entry
