"""One spec per published table: the only place where a column is named, typed and explained.

The dictionary page, the Table Schemas, the explanation sheet of the XLSX, tooltips and the validation of
API queries are all made from these. A spec travels inside each release, so that an old release keeps the
dictionary it was published with.
"""

from __future__ import annotations

from publishing.specs.metrics import METRICS, Metric
from publishing.specs.model import Column, ColumnType, DatasetSpec, Disclosure, Role
from publishing.specs.tables import DATASETS, dataset_spec

__all__ = [
    "DATASETS",
    "METRICS",
    "Column",
    "ColumnType",
    "DatasetSpec",
    "Disclosure",
    "Metric",
    "Role",
    "dataset_spec",
]
