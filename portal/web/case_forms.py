"""The form for a case: what was typed, kept whatever is wrong with it, and turned into a case when nothing is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace

from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.web.cases_places import Place, project_name, region_choices, unit_name, whereabouts
from portal.web.cases_views import own_path
from portal.web.cases_words import KIND_HELP
from portal.web.private_pages import Form
from portal.writing.acting import Subject, Whereabouts
from portal.writing.errors import InputRefused
from portal.writing.inputs import CaseIn
from portal.writing.models.words import CASE_KIND_NAMES, CaseKind
from portal.writing.permissions import Row, allows
from portal.writing.similar import SimilarCase

LONGEST_KEPT = 100_000
MOST_PICTURES_AT_ONCE = 3
_OPENING = {CaseKind.DISCLOSURE_REQUEST: "open_request", CaseKind.INQUIRY: "open_inquiry"}


@dataclass(frozen=True, slots=True)
class TypedCase:
    """What stands in the form, as text. `listing` is `yes` or empty; `checked` says that similar cases were shown."""

    kind: str = ""
    subject: str = ""
    text: str = ""
    project: str = ""
    unit: str = ""
    region: str = ""
    figure: str = ""
    release: str = ""
    listing: str = ""
    checked: str = ""
    form_key: str = ""
    proof: str = ""

    @classmethod
    def read(cls, field_text: Callable[[str], str]) -> TypedCase:
        """Take what stands in a form, or in the address that led to it."""
        return cls(**{one.name: field_text(one.name)[:LONGEST_KEPT] for one in fields(cls)})

    def wanted(self, form_key: str) -> CaseIn:
        """The case. Raises: InputRefused naming the field."""
        if self.kind not in set(CaseKind):
            raise InputRefused("kind", "请选择来件的类别。")
        return CaseIn(
            kind=CaseKind(self.kind),
            subject=self.subject,
            text=self.text,
            project_id=self.project or None,
            figure=self.figure.strip() or None,
            release_number=self._release_number(),
            wants_listing=self.listing == "yes",
            form_key=form_key,
        )

    def _release_number(self) -> int | None:
        if not self.release:
            return None
        if not (self.release.isascii() and self.release.isdigit() and len(self.release) <= 9):
            raise InputRefused("release", "发布号应为数字。")
        return int(self.release)


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of case to choose; `needs` says who may, when not everybody may."""

    code: str
    name: str
    help: str
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class CaseForm:
    """The page of the form. `errors` go by field; those of no field stand under the empty name."""

    typed: TypedCase
    kind: KindChoice | None
    kinds: tuple[KindChoice, ...]
    project_name: str
    unit_name: str
    figure_path: str
    regions: tuple[Place, ...]
    similar: tuple[SimilarCase, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def kind_choices(subject: Subject) -> tuple[KindChoice, ...]:
    """Every kind, with whether this person may open one."""
    return tuple(
        KindChoice(
            kind.value,
            CASE_KIND_NAMES[kind],
            KIND_HELP[kind],
            allows(subject, "case", _OPENING.get(kind, "open"), Row()),
        )
        for kind in CaseKind
    )


def case_form(typed: TypedCase, subject: Subject, edition: Edition) -> CaseForm:
    """The form as it stands. A figure without a release is about the one that is shown now."""
    kinds = kind_choices(subject)
    is_report = typed.kind == CaseKind.WRONG_NUMBER
    if is_report and not typed.release:
        typed = replace(typed, release=str(edition.number))
    return CaseForm(
        typed=typed,
        kind=next((found for found in kinds if found.code == typed.kind), None),
        kinds=kinds,
        project_name=project_name(edition, typed.project) if typed.project else "",
        unit_name=unit_name(edition, typed.unit) if typed.unit else "",
        figure_path=own_path(typed.figure),
        regions=region_choices(edition),
    )


def with_error(form: CaseForm, error: Exception) -> CaseForm:
    """The form with what is wrong in its place; nothing that was typed is lost."""
    if isinstance(error, InputRefused):
        name = {"release_number": "release", "picture": "pictures"}.get(error.field, error.field)
        return replace(form, errors={name: str(error)})
    if isinstance(error, QueryRefused):
        return replace(form, errors={fault.parameter: fault.detail for fault in error.faults})
    return replace(form, errors={"": str(error)})


def place_of(typed: TypedCase, edition: Edition) -> Whereabouts:
    """Where the case belongs. Raises: QueryRefused."""
    return whereabouts(edition, typed.project.strip(), typed.unit.strip(), typed.region.strip())


async def pictures_in(form: Form, name: str = "pictures") -> list[bytes]:
    """The files of a form, read whole; an empty file field counts as none. Raises: InputRefused for too many."""
    given = [found for found in form.files.get(name, ()) if found.filename]
    if len(given) > MOST_PICTURES_AT_ONCE:
        raise InputRefused("pictures", f"一次最多 {MOST_PICTURES_AT_ONCE} 张图片；其余的可以之后再补充。")
    return [await found.read() for found in given]
