"""What the first visitor of a release would otherwise wait for: indexes, outlines and sums are made before it is shown."""

from __future__ import annotations

from portal.reading.edition import Edition
from portal.reading.entities import region_page
from portal.reading.home import home_view
from portal.reading.project_charts import project_charts
from portal.reading.project_page import project_page
from portal.reading.projects import ProjectQuery, project_list
from portal.reading.spending import SpendingQuery, spending_view
from portal.reading.spending_charts import spending_charts
from portal.reading.unit_costs import unit_costs


def rehearse(edition: Edition) -> None:
    """Read every table, then make the pages that are asked for most, once."""
    edition.warm()
    home_view(edition, ())
    project_list(edition, ProjectQuery())
    spending_view(edition, SpendingQuery())
    if edition.places.root is not None:
        region_page(edition, edition.places.root.code)
    for project_id in edition.frame("projects")["project_id"].head(1):
        project_charts(edition, project_page(edition, project_id))
    spending_charts(edition, SpendingQuery())
    unit_costs(edition)
