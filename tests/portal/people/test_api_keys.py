"""Taking a key for the interface oneself: by a form, shown once, and not without end."""

from __future__ import annotations

import re

from tests.builders.rooms import House


def test_a_key_is_taken_by_a_form_and_works_at_once(filed_village: House) -> None:
    browser = filed_village.browser("198.51.100.77")
    page = browser.get("/api/keys")
    assert page.status_code == 200
    assert "每分钟 30,000 次" in page.text
    made = browser.submit("/api/keys", {})
    found = re.search(r"sunshine_[\w-]{43}", made.text)
    assert found is not None
    assert "no-store" in made.headers["cache-control"]
    assert found[0] not in browser.get("/api/keys").text
    ended = browser.submit("/api/keys", {"key": found[0]})
    assert "已作废" in ended.text
    for _ in range(4):
        assert browser.submit("/api/keys", {}).status_code == 200
    assert browser.submit("/api/keys", {}).status_code == 429
