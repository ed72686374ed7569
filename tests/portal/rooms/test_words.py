"""Words of sign-in and the desk have their English; what the table of permissions names has its Chinese."""

from __future__ import annotations

import re

from portal.web.language import ENGLISH
from portal.web.pages import TEMPLATES
from portal.writing.permission_table import ACTION_NAMES, ACTIONS, RESOURCE_NAMES

SPOKEN = re.compile(r"""\bt\('([^']+)'[,)]""")
LABELS = re.compile(r"""desk\.(?:field|area|choice)\('\w+', '([^']+)'|desk\.button\('([^']+)'""")


def test_every_word_of_sign_in_and_the_desk_has_its_english() -> None:
    used = set()
    for path in sorted((TEMPLATES / "pages" / "desk").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        used |= set(SPOKEN.findall(text)) | {word for pair in LABELS.findall(text) for word in pair if word}
    assert used - set(ENGLISH) == set()


def test_every_action_of_the_table_has_a_name() -> None:
    assert {resource for resource, _ in ACTIONS} <= set(RESOURCE_NAMES)
    assert {action for _, action in ACTIONS} == set(ACTION_NAMES)
