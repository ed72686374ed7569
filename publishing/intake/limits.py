"""How large things may be before they are taken for an attack or an accident. Sizes in bytes."""

from __future__ import annotations

BLOCK = 8 << 20
"""Files are read in pieces of this size."""

LARGEST_FIELD = 1 << 20
LARGEST_RECORD = 4 << 20
LARGEST_DESCRIPTOR = 4 << 20
LARGEST_GEOMETRY = 256 << 20
MOST_COLUMNS = 1_000

RATIO_CHECKED_FROM = 16 << 20
LARGEST_RATIO = 150
"""Treasury tables compress 5 to 20 times; a bomb 1,000 times."""
LARGEST_UNPACKED = 256 << 30
LARGEST_ZSTD_WINDOW = 64 << 20

BATCH_ROWS = 500_000
