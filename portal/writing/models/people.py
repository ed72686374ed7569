"""Accounts, what they were granted, and how they came in."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal.writing.models.columns import Base, Code, Instant, between, one_of
from portal.writing.models.words import GRANTABLE, TokenPurpose


class Account(Base, table=True):
    """One person who can sign in. No identity is stored: `person_key` is a keyed pseudonym of a verified person."""

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    display_name: str
    password_hash: str | None = None
    must_change_password: bool = False
    totp_sealed: str | None = None
    totp_last_step: int | None = None
    person_key: str | None = Field(default=None, unique=True)
    is_disabled: bool = False
    session_epoch: int = 0
    created_at: datetime = Field(sa_type=Instant)
    created_by: int | None = Field(default=None, foreign_key="account.id", index=True)


class ExternalIdentity(Base, table=True):
    """A subject of an OpenID Connect provider that stands for one of our accounts."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    issuer: str
    subject: str
    account_id: int = Field(foreign_key="account.id", index=True)
    linked_at: datetime = Field(sa_type=Instant)


class Grant(Base, table=True):
    """A role given to an account, with its clearance (1 to 12) and its scope; ended, never deleted."""

    __tablename__ = "account_grant"
    __table_args__ = (one_of("role", GRANTABLE), between("clearance", 1, 12))

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: str = Field(sa_type=Code)
    clearance: int = 1
    unit_id: str | None = None
    region_code: str | None = None
    sector: str | None = None
    granted_at: datetime = Field(sa_type=Instant)
    granted_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: int | None = Field(default=None, foreign_key="account.id", index=True)


class SignedIn(Base, table=True):
    """One session of one account. Only the digest of its token is kept."""

    __tablename__ = "signed_in"

    id: int | None = Field(default=None, primary_key=True)
    token_digest: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    account_epoch: int
    has_second_factor: bool = False
    confirmed_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    address: str = ""
    device: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class OneTimeToken(Base, table=True):
    """A link that works once: invitation or reset. Only its digest is kept."""

    __tablename__ = "one_time_token"
    __table_args__ = (one_of("purpose", TokenPurpose),)

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    purpose: str = Field(sa_type=Code)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class RecoveryCode(Base, table=True):
    """A code that stands in for the second factor, once. Only its digest is kept; ended when used or replaced."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    digest: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class Throttle(Base, table=True):
    """A counter of tries in one window of time; shared by all workers because it is a row."""

    __table_args__ = (Index("ix_throttle_window_ends_at", "window_ends_at"),)

    key: str = Field(primary_key=True)
    window_ends_at: datetime = Field(sa_type=Instant)
    count: int = 0


class KnownSource(Base, table=True):
    """A source from which an account signed in before; a flood from elsewhere does not lock it out."""

    __tablename__ = "known_source"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    source_digest: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Instant)


class SpentProof(Base, table=True):
    """A proof of work that was used; it cannot be used again before it expires by itself."""

    __tablename__ = "spent_proof"

    digest: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=Instant, index=True)
