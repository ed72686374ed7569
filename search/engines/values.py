"""The values of a document by which hits are filtered and counted, as every engine indexes them."""

from __future__ import annotations

from functools import lru_cache

from search.documents import SearchDocument
from search.engine import FacetField

_TREES = (FacetField.REGION, FacetField.FUNCTION)
_COLUMNS = {
    FacetField.REGION: "region_path",
    FacetField.FUNCTION: "function_path",
    FacetField.YEAR: "all_years",
}
_REMEMBERED = 100_000  # values of the trees of a province, read anew for every search otherwise
_BETWEEN = "\x1f"  # the sign that was made to separate units; no code or year holds it


def is_tree(field: FacetField) -> bool:
    """True for fields whose values lie in one another."""
    return field in _TREES


def tree_value(code: str, depth: int) -> str:
    """A code of a tree with its depth, so that the children of one level can be counted alone."""
    return f"{depth}/{code}"


@lru_cache(maxsize=_REMEMBERED)
def depth_and_code(value: str) -> tuple[int, str]:
    """The depth and code of an indexed tree value."""
    depth, _, code = value.partition("/")
    return int(depth), code


def facet_values(document: SearchDocument, field: FacetField) -> tuple[str, ...]:
    """The values of a document on one field, as text."""
    if field is FacetField.REGION:
        return tree_values(document.regions)
    if field is FacetField.FUNCTION:
        return tree_values(document.functions)
    if field is FacetField.YEAR:
        return year_values(document.years)
    value = getattr(document, field)
    return () if value is None else (str(value),)


@lru_cache(maxsize=_REMEMBERED)
def tree_values(codes: tuple[str, ...]) -> tuple[str, ...]:
    """A way down a tree as the values it is indexed by."""
    return tuple(tree_value(code, depth) for depth, code in enumerate(codes, start=1))


@lru_cache(maxsize=_REMEMBERED)
def year_values(years: tuple[int, ...]) -> tuple[str, ...]:
    """Years as the values they are indexed by."""
    return tuple(map(str, years))


def column_of(field: FacetField) -> str:
    """The column in which each document has all its values of that field as one."""
    return _COLUMNS.get(field, field.value)


def column_value(values: tuple[str, ...]) -> str | None:
    """All values of a document on one field as one; None when it has none."""
    return _BETWEEN.join(values) or None


@lru_cache(maxsize=_REMEMBERED)
def values_in_column(value: str) -> tuple[str, ...]:
    """The values that were made one."""
    return tuple(value.split(_BETWEEN))
