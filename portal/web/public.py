"""The public pages: each handler reads one view from `portal.reading` and shows it with one template."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from portal.reading.catalog import catalog, dataset_page, dictionary
from portal.reading.design import design_view
from portal.reading.disclosing import reasons
from portal.reading.entities import organisation_page, region_page, supplier_page
from portal.reading.home import home_view
from portal.reading.project_charts import project_charts
from portal.reading.project_page import project_page
from portal.reading.projects import ProjectQuery, project_list
from portal.reading.qr import qr_code
from portal.reading.reports import disclosure_view, note_before, release_list, release_page
from portal.reading.spending import SpendingQuery, spending_view
from portal.reading.spending_charts import spending_charts
from portal.reading.spending_state import cuts_of, views_of
from portal.reading.table_charts import (
    taken_of_home,
    taken_of_organisation,
    taken_of_project,
    taken_of_region,
    taken_of_spending,
)
from portal.reading.trail import trail_of
from portal.reading.unit_costs import liken
from portal.web.asking import AnyRequest, edition_of, numbered, page, parameters_of, pinned, standing_of
from portal.web.catalogues import dataset_markup
from portal.web.pages import site_of
from portal.web.problems import KINDS


@get("/", sync_to_thread=False)
def home(request: AnyRequest) -> Response[bytes]:
    """HomeView, and what can be taken along of it as `taken`."""
    edition = edition_of(request)
    view = home_view(edition, standing_of(request).notes)
    return page(request, "home.html", view, taken=taken_of_home(edition, view))


@get("/projects", sync_to_thread=False)
def projects(request: AnyRequest) -> Response[bytes]:
    """ProjectList."""
    query = ProjectQuery.read(parameters_of(request))
    return page(request, "projects.html", project_list(edition_of(request), query))


@get("/projects/{project_id:str}", sync_to_thread=False)
def project(request: AnyRequest, project_id: FromPath[str]) -> Response[bytes]:
    """ProjectPage, its trail, its charts, and what else can be taken along as `taken`."""
    asked = parameters_of(request).get("year", [""])[-1]
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    edition = edition_of(request)
    view = project_page(edition, project_id, year)
    address = _address(request, project_id)
    code = qr_code(address) if address else ""
    charts = project_charts(edition, view)
    taken = taken_of_project(edition, view)
    return page(request, "project.html", view, trail=trail_of(view), code=code, charts=charts, taken=taken)


@get("/projects/{project_id:str}/sign", sync_to_thread=False)
def sign(request: AnyRequest, project_id: FromPath[str]) -> Response[bytes]:
    """ProjectPage, on one sheet of paper."""
    view = project_page(edition_of(request), project_id)
    address = _address(request, project_id)
    return page(request, "sign.html", view, address=address, code=qr_code(address) if address else "")


def _address(request: AnyRequest, project_id: str) -> str:
    """The absolute address of a project; empty when the portal does not know its own."""
    base = site_of(request).settings.base_url
    return f"{base}/projects/{quote(project_id, safe='')}" if base else ""


@get("/spending", sync_to_thread=False)
def spending(request: AnyRequest) -> Response[bytes]:
    """SpendingView, and the charts of its state as a tuple of Shown."""
    edition, query = edition_of(request), SpendingQuery.read(parameters_of(request))
    view = spending_view(edition, query)
    return page(
        request,
        "spending.html",
        view,
        charts=spending_charts(edition, query),
        likened=liken(edition, view.totals.paid.fen or 0),
        views=views_of(edition),
        cuts=cuts_of(edition, view.place),
        taken=taken_of_spending(edition, view),
    )


@get("/regions/{code:str}", sync_to_thread=False)
def region(request: AnyRequest, code: FromPath[str]) -> Response[bytes]:
    """RegionPage, and what can be taken along of it as `taken`."""
    edition = edition_of(request)
    view = region_page(edition, code)
    return page(request, "region.html", view, taken=taken_of_region(edition, view))


@get("/organisations/{org_id:str}", sync_to_thread=False)
def organisation(request: AnyRequest, org_id: FromPath[str]) -> Response[bytes]:
    """OrganisationPage, and what can be taken along of it as `taken`."""
    edition = edition_of(request)
    view = organisation_page(edition, org_id)
    return page(request, "organisation.html", view, taken=taken_of_organisation(edition, view))


@get("/suppliers/{supplier_id:str}", sync_to_thread=False)
def supplier(request: AnyRequest, supplier_id: FromPath[str]) -> Response[bytes]:
    """SupplierPage."""
    return page(request, "supplier.html", supplier_page(edition_of(request), supplier_id))


@get("/datasets", sync_to_thread=False)
def datasets(request: AnyRequest) -> Response[bytes]:
    """A tuple of CatalogGroup."""
    terms = site_of(request).settings.licence_url
    return page(request, "datasets.html", catalog(edition_of(request)), terms=terms)


@get("/datasets/{name:str}", sync_to_thread=False)
def dataset(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """DatasetPage."""
    plain, edition, _ = pinned(request, name)
    standing = standing_of(request)
    current = standing.edition.number if standing.edition else edition.number
    view = dataset_page(edition, plain, standing.notes, current, site_of(request).settings.base_url)
    described = dataset_markup(request, edition, plain)
    return page(request, "dataset.html", view, edition=edition, described=described)


@get("/dictionary", sync_to_thread=False)
def dictionary_page(request: AnyRequest) -> Response[bytes]:
    """DictionaryView."""
    return page(request, "dictionary.html", dictionary(edition_of(request)))


@get("/disclosure", sync_to_thread=False)
def disclosure(request: AnyRequest) -> Response[bytes]:
    """DisclosureView, and Reasons as `reasons`."""
    edition = edition_of(request)
    return page(request, "disclosure.html", disclosure_view(edition), reasons=reasons(edition))


@get("/releases", sync_to_thread=False)
def releases(request: AnyRequest) -> Response[bytes]:
    """A tuple of ListedRelease."""
    standing = standing_of(request)
    current = standing.edition.number if standing.edition else None
    return page(request, "releases.html", release_list(standing.notes, current))


@get("/releases/{number:str}", sync_to_thread=True)
def release(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """ReleasePage. Comparing two releases reads both: in a thread, once."""
    edition, notes = numbered(request, number), standing_of(request).notes
    before = note_before(notes, edition.number)
    earlier = site_of(request).library.edition(before.number) if before else None
    return page(request, "release.html", release_page(edition, notes, earlier), edition=edition)


@get("/verify", sync_to_thread=False)
def verify(request: AnyRequest) -> Response[bytes]:
    """Nothing but the frame: an explanation."""
    return page(request, "verify.html", None)


@get("/api", sync_to_thread=False)
def api_guide(request: AnyRequest) -> Response[bytes]:
    """The kinds of problems, and an explanation."""
    return page(request, "api.html", KINDS)


@get("/design", sync_to_thread=False)
def design(request: AnyRequest) -> Response[bytes]:
    """DesignView: the components of every page, in every state."""
    return page(request, "design.html", design_view())


PAGES = [
    home,
    projects,
    project,
    sign,
    spending,
    region,
    organisation,
    supplier,
    datasets,
    dataset,
    dictionary_page,
    disclosure,
    releases,
    release,
    verify,
    api_guide,
    design,
]
