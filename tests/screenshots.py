"""`./run shots`: every page as a reader sees it, small enough to keep beside the source.

Pages of a fictional province (or of `--home`) at 390 and 1440 pixels in light, at 390 in dark and in large text, and as
printed on A4, written to `docs/images/` as WebP. Looking at them after a change of the style sheet is part of the change.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from publishing.build import Request, publish
from publishing.home import Home
from publishing.protect import default_policy
from publishing.synthetic import generate
from tests.builders.served import opened_browser, served

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
QUALITY = 42
TALLEST = 1200  # of the picture; what is below is more of the same
A4_WIDTH = 794  # pixels at 96 per inch


@dataclass(frozen=True, slots=True)
class Look:
    """A way of looking at a page. `kept` is the width of the picture that is kept."""

    name: str
    width: int
    kept: int
    scheme: Literal["light", "dark"] = "light"
    asked: str = ""
    is_print: bool = False


LOOKS = (
    Look("390-light", 390, 390),
    Look("1440-light", 1440, 960),
    Look("390-dark", 390, 390, "dark"),
    Look("390-elder", 390, 390, asked="mode=elder"),
    Look("a4-print", A4_WIDTH, 480, is_print=True),
)


def main() -> None:
    """Make all pictures anew."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, help="a home with releases; without it a small province is made")
    asked.add_argument("--to", type=Path, default=FOLDER)
    asked.add_argument("--only", default="", help="pages whose name contains this")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = given.home or _province(Path(made))
        with served(home) as address, opened_browser() as browser:
            wanted = {name: path for name, path in _pages(browser, address).items() if given.only in name}
            total = sum(_pictures(browser, address, name, path, given.to) for name, path in wanted.items())
    sys.stdout.write(
        f"{len(wanted)} pages, {len(wanted) * len(LOOKS)} pictures, {total / 1e6:.2f} MB in {given.to}\n"
    )


def _province(folder: Path) -> Path:
    home = Home(folder / "home")
    for as_of in (date(2026, 9, 30), date(2026, 10, 31)):
        source = folder / str(as_of)
        generate(
            source, payments=20_000, seed=7, years=(2023, 2026), as_of=as_of, file_format="csv", truth=None
        )
        publish(Request(source, home, default_policy(), "shots", datetime.now(UTC), "shots", str(as_of)))
    return home.root


def _pages(browser: Browser, address: str) -> dict[str, str]:
    """The pages by the name of their picture; ids are those the release happens to have."""
    page = browser.new_page()
    county = _first(page, f"{address}/map", r"/map\?region=\d+")
    county = _first(page, address + county, r"/map\?region=\d{4}(?!00)\d\d")
    project = _first(page, f"{address}/projects", r"/projects/(?!\?)[^?/]+$")
    unit = _first(
        page, f"{address}/compare?kind=organisation", r"/organisations/[^?]+$", "/organisations/U990000001"
    )
    supplier = _first(page, address + project, r"/suppliers/[^?]+$", "/suppliers/S00001")
    page.close()
    return {
        "home": "/",
        "map": "/map",
        "map-county": county,
        "projects": "/projects",
        "project": project,
        "spending": "/spending",
        "compare": "/compare?with=990100&with=990200&with=990300",
        "region": "/regions/990100",
        "organisation": unit,
        "supplier": supplier,
        "ask": "/ask?q=2025年各市教育支出",
        "search": "/search?q=公路",
        "datasets": "/datasets",
        "dataset": "/datasets/spending",
        "dictionary": "/dictionary",
        "disclosure": "/disclosure",
        "release": "/releases/2",
        "design": "/design",
        "nothing": "/projects/not-there",
    }


def _first(page: Page, address: str, wanted: str, otherwise: str = "/") -> str:
    page.goto(address)
    links = page.locator("main a").evaluate_all("(all) => all.map((link) => link.getAttribute('href'))")
    return next((link for link in links if link and re.search(wanted, link)), otherwise)


def _pictures(browser: Browser, address: str, name: str, path: str, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for look in LOOKS:
        context = browser.new_context(viewport={"width": look.width, "height": 900}, color_scheme=look.scheme)
        page = context.new_page()
        page.goto(address + path + (("&" if "?" in path else "?") + look.asked if look.asked else ""))
        if look.is_print:
            page.emulate_media(media="print")
        shot: Image.Image = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        context.close()
        shot = shot.crop((0, 0, shot.width, min(shot.height, TALLEST * shot.width // look.kept)))
        if look.kept != shot.width:
            shot = shot.resize((look.kept, shot.height * look.kept // shot.width), Image.Resampling.LANCZOS)
        target = folder / f"{name}-{look.name}.webp"
        shot.convert("RGB").save(target, quality=QUALITY, method=6)
        written += target.stat().st_size
    return written


if __name__ == "__main__":
    main()
