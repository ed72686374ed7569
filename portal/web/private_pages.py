"""Pages and answers that depend on who looks: never kept by anybody, with the token for their forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie, UploadFile

from portal.reading.errors import Fault, QueryRefused
from portal.web.form_tokens import FIELD, FORM, form_token, made_cookie, new_secret
from portal.web.guarding import works_with
from portal.web.pages import MenuItem, chrome_of, site_of
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Subject

PRIVATE = {"cache-control": "no-store, private", "vary": "Cookie"}

MENU: tuple[tuple[str, str, str, str], ...] = (
    ("/desk/cases", "来件", "case", "read"),
    ("/desk/alerts", "预警", "alert", "read"),
    ("/desk/tables", "内部数据", "internal_table", "read"),
    ("/desk/releases", "发布", "release", "read"),
    ("/desk/accounts", "账户", "account", "read"),
    ("/desk/log", "操作日志", "log", "read"),
)


def menu_for(subject: Subject) -> tuple[MenuItem, ...]:
    """The rooms somebody can go to."""
    if not subject.is_staff:
        return ()
    rooms = [MenuItem(path, name) for path, name, what, act in MENU if works_with(subject, what, act)]
    return (MenuItem("/desk", "工作台"), *rooms)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sent: texts by name, files by name."""

    texts: dict[str, tuple[str, ...]]
    files: dict[str, tuple[UploadFile, ...]]

    def text(self, name: str, default: str = "") -> str:
        """The one text of a field; the last, should there be several."""
        return self.texts.get(name, (default,))[-1]

    def whole(self, name: str) -> int | None:
        """A whole number; None when the field is empty or no number."""
        found = self.text(name).strip()
        return int(found) if found.isascii() and found.isdigit() and len(found) <= 12 else None

    def has(self, name: str) -> bool:
        """Whether the field was sent at all: how boxes are ticked."""
        return name in self.texts


async def form_of(request: AnyRequest) -> Form:
    """What was sent, the token left out. Raises: QueryRefused for text no form can hold."""
    texts: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        elif name != FIELD:
            texts.setdefault(name, []).append(_clean(name, str(value)))
    return Form(
        {name: tuple(found) for name, found in texts.items()},
        {name: tuple(found) for name, found in files.items()},
    )


def _clean(name: str, value: str) -> str:
    """Line ends as we keep them. NUL is in no text, and a lone surrogate fits into no file."""
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise QueryRefused(Fault(name[:40], "文字里有无法保存的字符。"))
    return value.replace("\r\n", "\n")


def private_page(
    request: AnyRequest,
    template: str,
    view: object,
    *,
    status: int = 200,
    cookies: Sequence[Cookie] = (),
    **more: object,
) -> Response[bytes]:
    """A page for whoever asks, with their name, their rooms and a token for its forms."""
    room, caller = room_of(request), caller_of(request)
    secret, given = caller.secret, list(cookies)
    if not secret:
        secret = new_secret()
        given.append(made_cookie(room, FORM, secret))
    chrome = replace(
        chrome_of(request),
        who=caller.visit.display_name if caller.visit else "",
        menu=menu_for(caller.subject),
        form_token=form_token(room, secret),
    )
    body = site_of(request).pages.render(template, chrome, view=view, **more)
    return Response(body, media_type="text/html", headers=dict(PRIVATE), status_code=status, cookies=given)


def see_other(request: AnyRequest, path: str, *, cookies: Sequence[Cookie] = ()) -> Response[bytes]:
    """Go on to another page after a form, in the mode and language of this one."""
    place, mark, query = path.partition("?")
    address = chrome_of(request).follow(place, mark + query if mark else "?")
    headers = {**PRIVATE, "location": address.removesuffix("?")}
    return Response(b"", status_code=303, media_type="text/plain", headers=headers, cookies=list(cookies))


def private_json(content: Any, *, status: int = 200) -> Response[Any]:
    """A short answer for our own script."""
    return Response(content, status_code=status, media_type="application/json", headers=dict(PRIVATE))


def local_path(text: str, otherwise: str) -> str:
    """The address inside the portal that a parameter names; anything else is not followed."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_plain = text.isascii() and text.isprintable() and "\\" not in text and len(text) <= 2_000
    return text if is_local and is_plain else otherwise
