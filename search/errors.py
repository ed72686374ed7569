"""What can go wrong while documents are indexed or searched.

SearchError
├── IndexMissing        there is no complete index in that directory, or it was made by an older program
├── IndexBusy           another process is building an index in that directory
└── EngineUnavailable   the search server does not answer or refused the request

Nothing that a person types into a search box is an error.
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
