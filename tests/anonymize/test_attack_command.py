from __future__ import annotations

import json

from publishing.protect.reattack import merge_list


def test_the_merge_list_is_read_from_the_published_report() -> None:
    report = {"measures": {"paid": {"merge_list": [{"cell": "a|b", "with": "a|c"}]}, "planned": {}}}
    assert merge_list(json.dumps(report).encode()) == {"a|b"}
