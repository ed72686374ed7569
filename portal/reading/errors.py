"""What a reader may ask for in vain.

ReadingError
├── NothingPublished   the store holds no release yet
├── NotInRelease       the release has no project, region, unit or supplier of that code; `nearest` may help
├── QueryRefused       a query that the closed grammar does not allow; each fault names its place
├── FontMissing        this machine has no Chinese font: pictures of charts cannot be made
└── PicturesBusy       too many pictures are being made at this moment
"""

from __future__ import annotations

from dataclasses import dataclass


class ReadingError(Exception):
    """Base of what goes wrong while a release is read for somebody; the message is for that person."""


class NothingPublished(ReadingError):
    """The store holds no release that could be shown."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that does exist and may have been meant: its address and its name."""

    path: str
    name: str


class OffersNearest(Exception):
    """Mixed into an error that can name what was perhaps meant; put before the error it is mixed into."""

    def __init__(self, message: str, nearest: tuple[Suggestion, ...] = ()) -> None:
        super().__init__(message)
        self.nearest = nearest


class NotInRelease(OffersNearest, ReadingError):
    """The release has nothing of that code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a query: the parameter it stands in, what is wrong, the nearest valid choice."""

    parameter: str
    detail: str
    nearest: str | None = None


class QueryRefused(ReadingError):
    """The query uses something the closed grammar does not have."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("；".join(fault.detail for fault in faults))
        self.faults = faults


class FontMissing(ReadingError):
    """No font on this machine has Chinese characters: pictures would show boxes in place of words."""


class PicturesBusy(ReadingError):
    """More pictures are asked for at this moment than can be made soon."""
