"""What can go wrong while documents are indexed or searched, and between a question and its answer.

SearchError
├── IndexMissing        there is no complete index in that directory, or it was made by an older program
├── IndexBusy           another process is building an index in that directory
├── EngineUnavailable   the search server does not answer or refused the request
├── CasesAway           the database that holds the cases does not answer
└── PlanError           a plan cannot be run as it stands; says where and what to do
    ├── UnknownName     a dataset, column, measure, operator or parameter that does not exist
    ├── UnfitValue      a value that does not fit its column
    └── MixedLevels     a sum over several levels of one hierarchy would count things twice

Nothing that a person types into a search box is an error: a question that cannot be answered is a `Refusal`, a value
like any other.
"""

from __future__ import annotations


class SearchError(Exception):
    """Base of everything this package raises on purpose; the message is for the person who must act."""


class IndexMissing(SearchError):
    """There is no complete index here; it can be rebuilt from the release."""


class IndexBusy(SearchError):
    """Another process is building an index in the same directory."""


class EngineUnavailable(SearchError):
    """The search server does not answer, or refused the request."""


class CasesAway(SearchError):
    """Cases cannot be searched while their database does not answer; the release can."""


class PlanError(SearchError):
    """A plan cannot be run. `parameter` is the offending part, `nearest` the closest valid choices."""

    def __init__(self, message: str, parameter: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.nearest = nearest


class UnknownName(PlanError):
    """A dataset, column, measure, operator or parameter that does not exist."""


class UnfitValue(PlanError):
    """A value that does not fit the type or the choices of its column."""


class MixedLevels(PlanError):
    """A sum over several levels of one hierarchy; fix one level by a filter or group by it."""
