"""The catalogue as `/data.json` (DCAT-US 1.1), the address that harvesters of open-government data look at.

Source: resources.data.gov, Project Open Data metadata schema 1.1. It wants an e-mail address for every dataset: that
is there when one is configured, and left out rather than invented when not.
"""

from __future__ import annotations

from typing import Any

from portal.reading.catalogue.dcat import keywords
from portal.reading.catalogue.model import Catalogue, Distribution, Version
from portal.reading.words import THEMES

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
CADENCES = {"daily": "R/P1D", "monthly": "R/P1M", "quarterly": "R/P3M", "yearly": "R/P1Y"}


def data_json(catalogue: Catalogue) -> dict[str, Any]:
    """The newest version of every dataset."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": catalogue.identity.address("/data.json"),
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_dataset(catalogue, series.newest) for series in catalogue.series],
    }


def _dataset(catalogue: Catalogue, version: Version) -> dict[str, Any]:
    spec, address = version.spec, catalogue.identity.address
    described = {
        "@type": "dcat:Dataset",
        "identifier": address(version.path),
        "title": spec.title,
        "description": catalogue.description(version),
        "keyword": list(keywords(version)),
        "theme": [THEMES.get(spec.theme, spec.theme)],
        "modified": version.issued.isoformat(timespec="seconds"),
        "issued": version.issued.isoformat(timespec="seconds"),
        "publisher": {"@type": "org:Organization", "name": catalogue.publisher},
        "contactPoint": _contact(catalogue),
        "accessLevel": "public",
        "license": catalogue.identity.terms_url,
        "language": ["zh-CN"],
        "spatial": catalogue.area.name,
        "temporal": f"{version.period.first.isoformat()}/{version.period.last.isoformat()}",
        "accrualPeriodicity": CADENCES.get(spec.cadence, "irregular"),
        "landingPage": address(version.path),
        "describedBy": address(f"{version.path}/datapackage.json"),
        "describedByType": "application/json",
        "distribution": [_distribution(catalogue, found) for found in version.distributions],
    }
    return {name: value for name, value in described.items() if value}


def _contact(catalogue: Catalogue) -> dict[str, str]:
    contact = {"@type": "vcard:Contact", "fn": catalogue.publisher}
    if catalogue.identity.contact.startswith("mailto:"):
        contact["hasEmail"] = catalogue.identity.contact
    return contact


def _distribution(catalogue: Catalogue, found: Distribution) -> dict[str, str]:
    return {
        "@type": "dcat:Distribution",
        "title": found.label,
        "format": found.format.upper(),
        "mediaType": found.bare_media_type,
        "downloadURL": catalogue.identity.address(found.path),
    }
