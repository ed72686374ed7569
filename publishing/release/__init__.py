"""Immutable, content-addressed, numbered releases.

Writing: `content`, `writer`. Reading: `reader`, `shelf`. The life of a release: `store`. What a file looks like:
`exports`, `parquet`, `xlsx`, `describe`. Trust: `canonical`, `manifest`, `log`, `keys`, `verify`. Differences: `diff`.
"""
