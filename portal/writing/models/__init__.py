"""Every table of the operational database. SQLModel only; what is shown is never one of these."""

from __future__ import annotations

from portal.writing.models.cases import Case, Clock, Counter, Message, Original, Pause, Picture
from portal.writing.models.columns import Base
from portal.writing.models.desk import (
    AlertHandling,
    Approval,
    Letter,
    LogEntry,
    LogHead,
    Rating,
    ReplyTemplate,
    Subscription,
)
from portal.writing.models.people import (
    Account,
    ExternalIdentity,
    Grant,
    KnownSource,
    OneTimeToken,
    RecoveryCode,
    SignedIn,
    SpentProof,
    Throttle,
)

__all__ = [
    "Account",
    "AlertHandling",
    "Approval",
    "Base",
    "Case",
    "Clock",
    "Counter",
    "ExternalIdentity",
    "Grant",
    "KnownSource",
    "Letter",
    "LogEntry",
    "LogHead",
    "Message",
    "OneTimeToken",
    "Original",
    "Pause",
    "Picture",
    "Rating",
    "RecoveryCode",
    "ReplyTemplate",
    "SignedIn",
    "SpentProof",
    "Subscription",
    "Throttle",
]
