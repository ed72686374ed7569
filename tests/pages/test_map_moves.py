"""The map with its script: years by a slider, and what is near without telling anybody where one is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Geolocation

pytestmark = pytest.mark.browser

HERE = Geolocation(latitude=24.06, longitude=111.11)


@pytest.fixture
def phone(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 390, "height": 800}, geolocation=HERE, permissions=["geolocation"]
    )


def test_the_slider_changes_drawing_list_and_address_together(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/map?measure=paid")
    before = page.locator("#map-list").inner_text()
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "2026"
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2025*")
    assert "measure=paid" in page.url
    page.wait_for_function("(before) => document.querySelector('#map-list').innerText !== before", arg=before)
    assert page.evaluate("document.activeElement.id") == "m-year-slider"
    drawn = page.locator("#map-body svg a[aria-label^='云乙1市']").get_attribute("aria-label") or ""
    row = page.locator("#map-list tr", has_text="云乙1市").inner_text()
    assert drawn.split("：")[1] in row
    page.reload()
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "2025"
    page.close()


def test_what_is_near_is_found_on_the_device_and_the_place_is_sent_to_nobody(
    phone: BrowserContext, address: str
) -> None:
    page = phone.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url + (sent.post_data or "")))
    page.goto(f"{address}/map?region=990101")
    page.get_by_role("button", name="找我附近的").click()
    page.locator(".near-list li").first.wait_for()
    far = [line.split("·")[1].split() for line in page.locator(".near-list .of").all_inner_texts()]
    metres = [float(number) * (1000 if unit == "km" else 1) for number, unit in far]
    assert metres == sorted(metres)
    assert metres[-1] <= 50_000
    told = [url for url in asked if "111.1" in url or "24.06" in url or "lat" in urlsplit(url).query]
    assert told == []
    phone.close()


def test_once_read_the_points_work_without_a_network(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/map")
    button = page.get_by_role("button", name="找我附近的")
    button.click()
    page.locator(".near-list li").first.wait_for()
    phone.set_offline(True)
    page.locator(".near-list").evaluate("(list) => list.replaceChildren()")
    button.click()
    page.locator(".near-list li").first.wait_for()
    assert "现在没有网络" in page.locator(".offline").inner_text()
    phone.close()


def test_whoever_gives_no_place_is_told_what_else_to_do(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=[])
    page = context.new_page()
    page.goto(f"{address}/map")
    page.get_by_role("button", name="找我附近的").click()
    page.get_by_text("没有得到位置").wait_for()
    context.close()


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("Object.defineProperty(Navigator.prototype, 'geolocation', {value: undefined})", "没有得到位置"),
        ("navigator.geolocation.getCurrentPosition = (found, lost) => lost({code: 2})", "没有得到位置"),
        (
            "navigator.geolocation.getCurrentPosition = (found) => found({coords: {latitude: 48.8, longitude: 2.3}})",
            "附近 50 公里没有公开项目",
        ),
    ],
)
def test_a_device_without_a_place_or_far_away_is_told_so(
    browser: Browser, address: str, device: str, said: str
) -> None:
    page = browser.new_page()
    page.add_init_script(device)
    page.goto(f"{address}/map")
    button = page.locator(".near button")
    page.wait_for_function("document.querySelector('.near .noscript').hidden")
    if button.is_visible():
        button.click()
    page.get_by_text(said).wait_for()
    assert page.locator(".near-list li, svg .me").count() == 0
    page.close()


def test_without_a_script_the_year_is_a_list_and_nothing_promises_more(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/map")
    assert page.locator("select[name=year]").is_visible()
    assert page.get_by_role("button", name="找我附近的").count() == 0
    assert page.get_by_text("这一项要用脚本").is_visible()
    context.close()


def test_large_text_can_be_read_aloud(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        "window.spoken = []; window.SpeechSynthesisUtterance = class extends EventTarget"
        "{ constructor(text) { super(); this.text = text; } };"
        "Object.defineProperty(window, 'speechSynthesis', {value: {speak: (said) => spoken.push(said.text), cancel() {}}});"
    )
    page.goto(f"{address}/disclosure?mode=elder")
    button = page.get_by_role("button", name="朗读本页")
    button.click()
    assert page.get_by_role("button", name="停止朗读").get_attribute("aria-pressed") == "true"
    spoken = "".join(page.evaluate("window.spoken"))
    assert "公开了什么" in spoken
    assert "数据字典" not in spoken  # the footer is not part of it
    page.get_by_role("button", name="停止朗读").click()
    assert button.is_visible()
    page.close()


@pytest.mark.parametrize("measure", ["rate", "paid"])
def test_the_map_becomes_interactive_without_asking_anybody_else(
    browser: Browser, address: str, measure: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("console", lambda said: troubles.append(said.text))
    page.goto(f"{address}/map?measure={measure}")
    page.get_by_role("button", name="互动图").click()
    page.locator(".plot .choroplethlayer path").first.wait_for(state="attached")
    if measure == "paid":
        page.locator(".plot .scattergeo path").first.wait_for(state="attached")
    assert [url for url in asked if not url.startswith(address)] == []
    assert troubles == []
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2025*")
    page.locator(".canvas > svg").wait_for()
    assert page.get_by_role("button", name="互动图").is_visible()
    page.close()
