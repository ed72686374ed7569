"""Immutable, content-addressed, numbered releases."""
