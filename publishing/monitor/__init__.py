"""Early warning: rules over the year's spending. We flag; we do not stop payments."""

from __future__ import annotations

from publishing.monitor.alerts import ALERTS, Alerts, monitor
from publishing.monitor.rules import RuleBook, read_rules

__all__ = ["ALERTS", "Alerts", "RuleBook", "monitor", "read_rules"]
