"""What can go wrong while a release is made, stored or read.

PublishingError
├── PackageRefused          the source package breaks rules; carries the whole report
├── MappingError            a mapping for foreign files cannot be used as it stands
├── PolicyError             the disclosure policy cannot be used as it stands
├── ProtectionFailed        no valid pattern or certificate: nothing may be published
├── SameAgain               the release would say what the current one says; not asked for
└── ReleaseError
    ├── ReleaseNotFound     no release of that number
    ├── ReleaseWithdrawn    withdrawn: there is a tombstone with a reason
    ├── DatasetNotFound     that release has no such dataset
    ├── CorruptObject       bytes do not match the signed manifest
    ├── StoreBusy           another publisher holds the lock
    └── StoreFull           the disk refused; nothing was published
"""

from __future__ import annotations


class PublishingError(Exception):
    """Base of everything this package raises on purpose; the message is for the person who must act."""


class MappingError(PublishingError):
    """A mapping file, or the foreign files it describes, cannot be used as they stand."""


class PolicyError(PublishingError):
    """The disclosure policy cannot be used as it stands."""


class ProtectionFailed(PublishingError):
    """No valid suppression pattern or certificate: nothing may be published."""

    def __init__(self, message: str, cells: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.cells = cells


class SameAgain(PublishingError):
    """The same hand-over under the same policy and program as the current release: it would say the same once more."""


class ReleaseError(PublishingError):
    """Base of what can go wrong with stored releases."""


class ReleaseNotFound(ReleaseError):
    """There is no release of that number."""


class ReleaseWithdrawn(ReleaseError):
    """The release was withdrawn; its tombstone says why."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class DatasetNotFound(ReleaseError):
    """That release has no dataset of that name."""


class CorruptObject(ReleaseError):
    """Stored bytes do not match the manifest; they are not served."""


class StoreBusy(ReleaseError):
    """Another publisher is at work on this store."""


class StoreFull(ReleaseError):
    """The disk refused to take more; the release before this one is still served."""
