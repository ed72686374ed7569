"""Measurements: `./run bench NAME` runs one of these modules."""
