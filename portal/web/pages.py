"""Templates, and what every template knows.

A page is `templates/pages/NAME.html` rendered with two things: `view`, one documented frozen dataclass made by
`portal.reading` (each handler in `public` names which), and `chrome`: the frame around it. Templates may only use
what stands in these; an unknown name is an error, not an empty string.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from markupsafe import Markup

import portal
from portal.reading import quantities, words
from portal.reading.edition import Edition
from portal.reading.library import Library
from portal.reading.quantities import Amount, Currency
from portal.reading.spending import ORDERS
from portal.reading.svg import HATCH
from portal.reading.tongue import speaking, tell_day
from portal.settings import Settings
from portal.web.foreign_words import mark_chinese
from portal.web.language import ENGLISH, Language, translate
from portal.web.limits import Limits
from portal.web.security import NONCE_MARK
from portal.web.spoken_templates import AS_IT_IS, SPEAK, SpokenText, Verbatim, as_told, refusal
from portal.web.static import StaticFiles
from publishing.specs.model import STATUSES

CHINA = timezone(timedelta(hours=8))
Theme = Literal["", "light", "dark"]
CHROME_PARAMETERS = ("mode", "lang", "theme", "exact")
"""What an address may say about the frame of a page; it never changes what the page is about."""
TEMPLATES = Path(portal.__file__).resolve().parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A room somebody can go to."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame around a page: which release it shows, in which mode and language, at which address.

    `who`, `menu` and `form_token` are filled on private pages only: a page of the public is the same for everybody.
    `prefix` stands before every link of a preview. `has_rooms` says whether this surface has a sign-in at all,
    `takes_part` whether citizens may write here.
    """

    path: str
    query: str
    edition: Edition | None
    is_elder: bool
    language: Language
    base_url: str
    today: date | None
    nonce: str = NONCE_MARK
    prefix: str = ""
    has_rooms: bool = False
    takes_part: bool = False
    who: str = ""
    menu: tuple[MenuItem, ...] = ()
    form_token: str = ""
    theme: Theme = ""
    is_exact: bool = False

    @property
    def carried(self) -> dict[str, str]:
        """What links take along, so that mode and language stay without a cookie."""
        kept = {}
        if self.is_elder:
            kept["mode"] = "elder"
        if self.language != "zh":
            kept["lang"] = self.language
        if self.theme:
            kept["theme"] = self.theme
        if self.is_exact:
            kept["exact"] = "1"
        return kept

    def link(self, path: str, **parameters: object) -> str:
        """An address inside the portal; empty parameters are left out."""
        given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
        path, mark, anchor = path.partition("#")
        query = urlencode(given | self.carried)
        return f"{self.prefix}{path}{'?' + query if query else ''}{mark}{anchor}"

    def follow(self, path: str, query: str) -> str:
        """An address whose query string is ready made (`?q=...`), in the mode and language of this page."""
        carried = urlencode(self.carried)
        return self.prefix + path + query + (("&" if len(query) > 1 else "") + carried if carried else "")

    def switched(self, **changes: str) -> str:
        """The same page in another mode or language."""
        kept: dict[str, str] = {
            "mode": "elder" if self.is_elder else "",
            "lang": "" if self.language == "zh" else self.language,
            "theme": self.theme,
            "exact": "1" if self.is_exact else "",
        }
        pairs = [
            pair for pair in self.query.split("&") if pair and pair.split("=")[0] not in CHROME_PARAMETERS
        ]
        pairs += [f"{name}={value}" for name, value in (kept | changes).items() if value]
        return self.prefix + quote(self.path, safe="/@%") + ("?" + "&".join(pairs) if pairs else "")

    def t(self, text: str, *values: object) -> str:
        """A word of the chrome in the page's language; `values` fill its braces."""
        said = translate(text, self.language)
        return said.format(*values) if values else said

    def tt(self, text: str, *values: object) -> Markup:
        """The same where a value may be markup: `tt('看全部 {} 个', count)`."""
        said = translate(text, self.language)
        return Markup.escape(said).format(*values) if values else Markup.escape(said)

    def spoken(self, text: str) -> Markup:
        """Words that stand in a template as they are; see `portal.web.spoken_templates`."""
        said = translate(text, self.language)
        return Markup(text) if said == text else Markup.escape(said)  # noqa: S704 - the template's own text

    def said_date(self, value: date | datetime | None) -> str:
        """A day in the page's language."""
        if value is None:
            return ""
        return value.strftime("%Y-%m-%d") if self.language == "en" else said_day(value)

    @property
    def currency(self) -> Currency:
        """The currency of the release that is shown."""
        return self.edition.currency if self.edition else quantities.CNY


class Pages:
    """The templates, compiled once."""

    def __init__(self, static: StaticFiles, folder: Path = TEMPLATES) -> None:
        self.environment = Environment(
            loader=FileSystemLoader([folder / "pages", folder]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=[SpokenText],
            finalize=as_told,
        )
        self.environment.globals |= {
            "asset": static.address,
            "styles": lambda *names: styles(static, *names),
            "hatch": Markup(HATCH),  # noqa: S704 - a constant of ours
            "lights": words.LIGHTS,
            "status_words": words.STATUS_WORDS,
            "type_words": words.TYPE_WORDS,
            "cadences": words.CADENCES,
            "statuses": STATUSES,
            "orders": ORDERS,
        }
        self.environment.filters |= {
            "percent": quantities.percent,
            "part_of": quantities.part_of,
            "quantity": quantities.quantity,
            "size": quantities.file_size,
            "day": tell_day_if,
            "china_time": said_moment,
            "path": lambda text: quote(str(text), safe=""),
            "drawn": drawn,
            "refusal": refusal,
            "number": lambda value: f"{value:,}",
        }

        for name in self.environment.list_templates(extensions=["html"]):
            self.environment.get_template(name)  # compiled now rather than for the first visitor

    def render(self, template: str, chrome: Chrome, **given: object) -> bytes:
        """A page as UTF-8."""

        def say(amount: Amount, *, each: bool = False) -> quantities.Said:
            return (quantities.say_each if each else quantities.say)(amount, chrome.currency)

        def say_fen(fen: int) -> str:
            return str(say(Amount(fen), each=True))

        def say_sum(fen: int) -> str:
            return str(say(Amount(fen)))

        words = {"say": say, "say_fen": say_fen, "say_sum": say_sum}
        values = {
            "chrome": chrome,
            "to": chrome.link,
            "t": chrome.t,
            "tt": chrome.tt,
            SPEAK: chrome.spoken,
            AS_IT_IS: Verbatim,
            "said_date": chrome.said_date,
            **words,
            **given,
        }
        with speaking(ENGLISH if chrome.language == "en" else {}):
            made = self.environment.get_template(template).render(values)
        return (made if chrome.language == "zh" else mark_chinese(made)).encode()


def styles(static: StaticFiles, *names: str) -> Markup:
    """Style sheets inside of the page: on a slow network one more request would hold the first line back."""
    sheet = "".join(static.sheet(name) for name in names)
    return Markup(f'<style nonce="{NONCE_MARK}">{sheet}</style>')  # noqa: S704 - files of ours


def drawn(svg: str) -> Markup:
    """A drawing of `portal.reading.svg`, which escapes every text it is given."""
    return Markup(svg)  # noqa: S704


def said_day(value: date | datetime | None) -> str:
    """A day as people write it: `2026年10月31日`."""
    return f"{value:%Y年%-m月%-d日}" if value else ""


def tell_day_if(value: date | datetime | None) -> str:
    """A day in the language of the page; nothing when there is none."""
    return tell_day(value) if value else ""


def said_moment(value: datetime) -> str:
    """A moment as clocks in China show it: `2026-11-05 14:03`."""
    return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Site:
    """What the web layer works with; made once, in `portal.app`."""

    settings: Settings
    library: Library
    pages: Pages
    static: StaticFiles
    limits: Limits
    has_rooms: bool = False
    takes_part: bool = False


def theme_of(asked: str | None) -> Theme:
    """The colours asked for; those of the device unless one of the two was chosen."""
    return "dark" if asked == "dark" else "light" if asked == "light" else ""


def site_of(request: Request[Any, Any, Any]) -> Site:
    """The site a request came to."""
    return cast("Site", request.app.state.site)


def chrome_of(request: Request[Any, Any, Any]) -> Chrome:
    """The frame for the page that answers a request."""
    scope = request.scope
    query = scope["query_string"].decode("ascii", "replace")
    pairs = {part.partition("=")[0]: part.partition("=")[2] for part in query.split("&")[:50]}
    site = site_of(request)
    return Chrome(
        path=scope["path"],
        query=query,
        edition=scope["state"].get("edition"),
        is_elder=pairs.get("mode") == "elder",
        language="en" if pairs.get("lang") == "en" else "zh",
        theme=theme_of(pairs.get("theme")),
        is_exact=pairs.get("exact") == "1",
        base_url=site.settings.base_url,
        today=site.settings.today,
        prefix=scope["state"].get("prefix", ""),
        has_rooms=site.has_rooms,
        takes_part=site.takes_part,
    )
