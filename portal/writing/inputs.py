"""What people may send: one model for each form. A field that is not listed here is refused, not ignored."""

from typing import ClassVar

from pydantic import ConfigDict
from sqlmodel import Field, SQLModel

from portal.writing.models.words import CaseKind, Role


class Form(SQLModel):
    """Base of everything that comes in."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=False)  # type: ignore[assignment]


class AccountIn(Form):
    """What a new account needs."""

    login: str
    display_name: str


class GrantIn(Form):
    """A role to be given."""

    role: Role
    clearance: int = 1
    unit_id: str | None = None
    region_code: str | None = None
    sector: str | None = None


class CaseIn(Form):
    """A case as somebody writes it. `figure` and `release_number` say which number a report is about."""

    kind: CaseKind
    subject: str
    text: str
    project_id: str | None = None
    figure: str | None = None
    release_number: int | None = None
    wants_listing: bool = True
    form_key: str | None = None


class RatingIn(Form):
    """A rating, 1 to 5; `overall` is needed, the other dimensions may be left out."""

    overall: int = Field(ge=1, le=5)
    usefulness: int | None = Field(default=None, ge=1, le=5)
    quality: int | None = Field(default=None, ge=1, le=5)
    progress: int | None = Field(default=None, ge=1, le=5)
    openness: int | None = Field(default=None, ge=1, le=5)
