"""Applies `anonymize` to every table: no table reaches a public release except through here."""
