"""How large things may be before they are taken for an attack or an accident. Sizes in bytes."""

from __future__ import annotations

BLOCK = 8 << 20
"""Files are read in pieces of this size."""

LARGEST_FIELD = 1 << 20
LARGEST_RECORD = 4 << 20
LARGEST_DESCRIPTOR = 4 << 20
LARGEST_GEOMETRY = 256 << 20
MOST_COLUMNS = 1_000
DENSE_PIECE = 1 << 19
MOST_LINES_IN_BLOCK = 200_000
"""A block of more lines than that (rows of a few bytes) is cut into pieces of DENSE_PIECE."""

RATIO_CHECKED_FROM = 16 << 20
LARGEST_RATIO = 150
"""Treasury tables compress 5 to 20 times; a bomb 1,000 times."""
PROBED = 32 << 20
"""So much of a compressed file is unpacked on trial before it is parsed."""

LARGEST_UNPACKED = 256 << 30
LARGEST_ZSTD_WINDOW = 64 << 20

BATCH_ROWS = 150_000
