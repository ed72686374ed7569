"""Forty ways to smuggle a script through every field people can write, on every page that shows them: none runs."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import ConsoleMessage, Dialog

from portal.writing.accounts import subject_of
from portal.writing.acting import Whereabouts, Work
from portal.writing.case_desk import accept
from portal.writing.cases import open_case
from portal.writing.inputs import CaseIn
from portal.writing.models.words import CaseKind
from tests.builders.carrying import Carrying, served
from tests.builders.people import PROJECT, UNIT, ask, official, step, visitor
from tests.builders.rooms import House
from tests.builders.served import opened_browser

pytestmark = pytest.mark.browser

WHERE = Whereabouts(UNIT, "", "/990000/")
FLAG = "window.__ran=1;alert(1)"
PAYLOADS = (
    f"<script>{FLAG}</script>",
    f"</textarea><script>{FLAG}</script>",
    f"</title><script>{FLAG}</script>",
    f"</script><script>{FLAG}</script>",
    f"'\"><script>{FLAG}</script>",
    f"<img src=x onerror={FLAG}>",
    f"\"><img src=x onerror='{FLAG}'>",
    f"<svg onload={FLAG}>",
    f"<svg><script>{FLAG}</script></svg>",
    f"<svg><animate onbegin={FLAG} attributeName=x dur=1s>",
    f"<body onload={FLAG}>",
    f"<iframe srcdoc='<script>parent.{FLAG}</script>'></iframe>",
    f"<iframe src=javascript:{FLAG}></iframe>",
    f"<a href=javascript:{FLAG} id=x>点我</a>",
    f"javascript:{FLAG}",
    f"JaVaScRiPt:{FLAG}//",
    f"java\tscript:{FLAG}",
    "data:text/html,<script>parent.__ran=1</script>",
    "data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX19yYW49MTwvc2NyaXB0Pg==",
    f"<details open ontoggle={FLAG}>x",
    f"<input autofocus onfocus={FLAG}>",
    f"<select autofocus onfocus={FLAG}>",
    f"<video><source onerror={FLAG}></video>",
    f"<audio src=x onerror={FLAG}>",
    f"<marquee onstart={FLAG}>x</marquee>",
    f"<math><mtext></mtext><mglyph><style><img src=x onerror={FLAG}></style></mglyph></math>",
    f"<noscript><p title='</noscript><img src=x onerror={FLAG}>'></noscript>",
    f"<style>@import 'javascript:{FLAG}';</style>",
    f"<link rel=stylesheet href=javascript:{FLAG}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{FLAG}'>",
    "<base href=//evil.example/>",
    f"<form><button formaction=javascript:{FLAG}>x</button></form>",
    f"<object data=javascript:{FLAG}></object>",
    f"<embed src=javascript:{FLAG}>",
    f'" onmouseover="{FLAG}" style="position:fixed;inset:0" x="',
    f"' onfocus='{FLAG}' autofocus='",
    f"`-{FLAG}-`",
    f"${{{FLAG}}}{{{{constructor.constructor('{FLAG}')()}}}}",
    f"\u2028</script><script>{FLAG}</script>\u2029",
    f"&lt;script&gt;{FLAG}&lt;/script&gt;&#60;img src=x onerror={FLAG}&#62;%3Cscript%3E{FLAG}%3C/script%3E",
)


def smuggled(house: House) -> tuple[str, str]:
    """A case whose every field holds payloads, gone through every step; with its code."""
    assert len(PAYLOADS) == 40
    everything = "\n".join(PAYLOADS)
    asker = visitor(house)
    asked = ask(
        house,
        asker,
        kind="wrong_number",
        subject=PAYLOADS[4][:80],
        text=everything,
        figure=PAYLOADS[14],
        release="1",
        checked="yes",
    )
    clerk, head = official(house, "clerk-a"), official(house, "head-a")
    step(clerk, asked.number, "take", listed="yes")
    step(clerk, asked.number, "pause", reason=everything[:1000])
    fields = {"form_token": asker.token(f"/cases/{asked.number}?code={asked.code}"), "code": asked.code}
    asker.post(f"/cases/{asked.number}/supplement", {**fields, "text": everything})
    step(clerk, asked.number, "note", text=everything)
    found = {"finding": "no_error", "finding_text": everything[:1000]}
    assert step(clerk, asked.number, "submit", text=everything, **found).status_code == 303
    assert step(head, asked.number, "send-back", reason=everything[:1000]).status_code == 303
    assert step(clerk, asked.number, "submit", text=everything).status_code == 303
    assert step(head, asked.number, "publish").status_code == 303
    rated = {**fields, "rating": "1", "reason": everything[:1000]}
    assert asker.post(f"/cases/{asked.number}/rate", rated).status_code == 303
    step(clerk, asked.number, "draft", text=everything)
    clerk.submit("/desk/cases/templates", {"unit": UNIT, "title": PAYLOADS[6][:80], "text": everything})
    return asked.number, asked.code


def subjects(house: House) -> None:
    """Every payload as the subject of a case of its own, shown in the lists; forty forms would only take longer."""
    room = house.room
    with room.database.writing() as session:
        clerk = subject_of(session, house.people["clerk-a"])
        for number, payload in enumerate(PAYLOADS):
            wanted = CaseIn(
                kind=CaseKind.QUESTION,
                subject=payload[:80],
                text=f"{number}：{payload}".ljust(8, "。"),
                project_id=PROJECT,
            )
            opened = open_case(Work(session, room.acting(), room.rules), wanted, WHERE)
            accept(Work(session, room.acting(clerk), room.rules), opened.number, is_listed=True)


def test_no_payload_runs_in_any_field_on_any_page(filed_village: House) -> None:
    number, code = smuggled(filed_village)
    subjects(filed_village)
    public = [
        f"/cases/{number}",
        f"/cases/{number}?code={code}",
        "/cases",
        "/cases?q=script",
        f"/projects/{PROJECT}/voices",
        "/cases/statistics",
        f"/projects/{PROJECT}",  # the voices are read into it
    ]
    public += [f"/cases?q={quote(payload[:80])}" for payload in PAYLOADS[::4]]
    names = ("project", "unit", "region", "figure", "subject", "text")
    public += [
        "/cases/new?kind=wrong_number&" + "&".join(f"{name}={quote(payload)}" for name in names)
        for payload in PAYLOADS
    ]
    public += [f"/follow?kind=search&target={quote(payload)}" for payload in PAYLOADS[::4]]
    desk = [
        "/desk/cases?view=all",
        f"/desk/cases/{number}",
        "/desk/cases/templates",
        f"/desk/cases/{number}?find={quote(PAYLOADS[6])}",
    ]
    troubles: list[str] = []
    head = official(filed_village, "head-a")  # before the browser's own loop runs in this thread
    app = Carrying(filed_village.app)
    with served(app) as address, opened_browser() as opened:
        page = opened.new_page()

        def note_dialog(dialog: Dialog) -> None:
            troubles.append(f"dialog on {page.url}")
            dialog.dismiss()

        def note_console(message: ConsoleMessage) -> None:
            if "ontent Security" in message.text:
                troubles.append(f"{page.url}: {message.text}")

        page.on("dialog", note_dialog)
        page.on("console", note_console)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))

        def look(path: str) -> None:
            answer = page.goto(address + path, wait_until="load")
            assert answer is not None
            assert answer.status in (200, 400, 404), path
            assert "/login" not in page.url, path
            ran = page.evaluate(
                "window.__ran === undefined && document.baseURI.startsWith('http://127.0.0.1')"
            )
            inside = page.evaluate(
                "document.querySelectorAll('main script, main iframe, main [onerror], main [onload]').length"
            )
            links = page.evaluate("[...document.links].filter((a) => !/^https?:$/.test(a.protocol)).length")
            if not ran or inside or links:
                troubles.append(f"{path}: ran={not ran} elements={inside} links={links}")

        for path in public:
            look(path)
        app.cookie = "; ".join(f"{name}={value}" for name, value in head.jar.items()).encode()
        for path in desk:
            look(path)
    assert troubles == []
