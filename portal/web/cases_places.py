"""Whose a case is: the unit of a project, a unit by itself, or whoever answers for a region, as the release knows them.

A case that names no unit goes to `UNADDRESSED`, a unit nobody is a member of: whoever is responsible for the region
(finance, by default) sees it, and hands it to the unit it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.writing.acting import Whereabouts, region_path

UNADDRESSED = "-"
UNADDRESSED_NAME = "财政部门（待分派）"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, region or project: its code and what it is called."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Project:
    name: str
    where: Whereabouts


def _projects(edition: Edition) -> dict[str, _Project]:
    def read() -> dict[str, _Project]:
        rows = edition.frame("projects").select("project_id", "name", "org_id", "sector", "region_code")
        return {
            project_id: _Project(
                name or project_id,
                Whereabouts(org_id or UNADDRESSED, sector or "", path_of(edition, region_code)),
            )
            for project_id, name, org_id, sector, region_code in rows.iter_rows()
        }

    return edition.keep("whereabouts of projects", read)


def _units(edition: Edition) -> dict[str, _Project]:
    def read() -> dict[str, _Project]:
        rows = edition.frame("organisations").select("org_id", "name", "sector", "region_code")
        return {
            org_id: _Project(name or org_id, Whereabouts(org_id, sector or "", path_of(edition, region_code)))
            for org_id, name, sector, region_code in rows.iter_rows()
        }

    return edition.keep("whereabouts of units", read)


def path_of(edition: Edition, region_code: str | None) -> str:
    """The regions from the root down to that one; those of the root when the release does not know it."""
    root = edition.places.root
    line = edition.places.line(region_code or "") or ((root,) if root else ())
    return region_path(tuple(place.code for place in line))


def whereabouts(edition: Edition, project_id: str, unit_id: str, region_code: str) -> Whereabouts:
    """Where a case belongs: by its project, else its unit, else its region, else nobody in particular.

    Raises: QueryRefused when the release knows no such project, unit or region.
    """
    if project_id:
        return _known(_projects(edition), "project", project_id, "项目编号").where
    if unit_id and unit_id != UNADDRESSED:
        return _known(_units(edition), "unit", unit_id, "预算单位代码").where
    if region_code and edition.places.get(region_code) is None:
        raise QueryRefused(Fault("region", f"没有代码为 {region_code[:20]} 的地区。"))
    return Whereabouts(UNADDRESSED, "", path_of(edition, region_code))


def _known(found: dict[str, _Project], parameter: str, code: str, word: str) -> _Project:
    if code not in found:
        raise QueryRefused(Fault(parameter, f"最新发布里没有{word} {code[:40]}，请检查。"))
    return found[code]


def unit_name(edition: Edition | None, unit_id: str) -> str:
    """What a unit is called; its code when the release does not know it."""
    if unit_id == UNADDRESSED or edition is None:
        return UNADDRESSED_NAME if unit_id == UNADDRESSED else unit_id
    unit = _units(edition).get(unit_id)
    return unit.name if unit else unit_id


def project_name(edition: Edition | None, project_id: str) -> str:
    """What a project is called; its number when the release does not know it."""
    project = _projects(edition).get(project_id) if edition else None
    return project.name if project else project_id


def is_project(edition: Edition, project_id: str) -> bool:
    """Whether the release has the project."""
    return project_id in _projects(edition)


def is_unit(edition: Edition, unit_id: str) -> bool:
    """Whether the release has the unit."""
    return unit_id in _units(edition)


def region_choices(edition: Edition) -> tuple[Place, ...]:
    """Regions to choose from, each below its parent, indented by what contains it."""
    places = edition.places
    root = places.root
    if root is None:
        return ()
    found = [Place(root.code, root.name)]
    for city in places.children(root.code):
        found.append(Place(city.code, f"　{city.name}"))
        found += [Place(county.code, f"　　{county.name}") for county in places.children(city.code)]
    return tuple(found)


def unit_choices(edition: Edition, text: str, most: int = 20) -> tuple[Place, ...]:
    """Units whose name or code holds the text, for whoever hands a case over."""
    wanted = text.strip()
    if not wanted:
        return ()
    found = [
        Place(code, unit.name)
        for code, unit in _units(edition).items()
        if wanted in unit.name or wanted == code
    ]
    return tuple(sorted(found, key=lambda place: (len(place.name), place.code))[:most])
