"""Charts: the one place that makes figures.

A `Chart` (model) is words, a body and a stamp. Its faces are all made from the body, so they cannot differ: the
drawing in the page and as a picture (drawing, draw), the table (table), the interactive figure (plot), files (files,
sheets). `simple` has the small charts that are drawn beside text in tables.
"""

from portal.reading.charts.model import Chart
from portal.reading.charts.simple import BarRow, BarTable, Figure, Point, bar_table, periods_of, series, short

__all__ = ["BarRow", "BarTable", "Chart", "Figure", "Point", "bar_table", "periods_of", "series", "short"]
