"""What the guard refuses before any handler is asked.

WebRefusal
├── SignInFirst      nobody is signed in, and the page needs somebody; `next_path` is where to go on afterwards
├── StepFirst        somebody is, but owes a step before: `path` is the page of that step
└── ForeignForm      the form does not come from a page of ours, or from another session
"""

from __future__ import annotations


class WebRefusal(Exception):
    """Base of what is refused at the door; the message is for the person at the browser."""


class SignInFirst(WebRefusal):
    """Nobody is signed in, or not any more."""

    def __init__(self, next_path: str) -> None:
        super().__init__("请先登录。若刚才已经登录，是登录已到时限；您填写的内容可用浏览器的“后退”找回。")
        self.next_path = next_path


class StepFirst(WebRefusal):
    """A step is owed first: a new password, a second factor, or proving once more who it is."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path


class ForeignForm(WebRefusal):
    """Not sent from a page of ours in this session."""

    def __init__(self) -> None:
        super().__init__(
            "这次提交不是从本站当前的页面发出的，为防冒用没有执行。"
            "请后退、刷新页面后再提交一次；浏览器须允许本站的 Cookie。"
        )
