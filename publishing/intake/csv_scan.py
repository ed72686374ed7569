"""Where records and fields of CSV bytes begin and end: numpy over whole blocks, no loop over records.

RFC 4180 taken strictly: a quote opens a field only at the field's start; inside, quotes are doubled; a closing
quote is followed by a comma or the end of the record.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_COMMA, _NEWLINE, _RETURN, _QUOTE = 44, 10, 13, 34
_MOST_STRAY_QUOTES = 1_000

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

NOWHERE: Positions = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Structure:
    """Records of a block: `starts` and `ends` (the line feed) by record; positions of all other faults."""

    starts: Positions
    ends: Positions
    stray_quotes: Positions
    """Quotes inside unquoted fields; they were taken as plain characters."""
    loose_quotes: Positions
    """Closing quotes that are followed by more text."""
    commas: Positions
    """Commas between fields."""
    open_from: int | None
    """Start of a record that never ends, because a quote stays open or the block ends without a line feed."""

    def record_of(self, positions: Positions) -> Positions:
        """The records that hold these positions."""
        return np.unique(np.searchsorted(self.ends, positions)).astype(np.int64)

    def field_counts(self) -> Positions:
        """Fields of each record."""
        between = np.searchsorted(self.commas, self.ends) - np.searchsorted(self.commas, self.starts)
        return (between + 1).astype(np.int64)

    def is_blank(self, buffer: Bytes) -> npt.NDArray[np.bool_]:
        """Records without a single character."""
        lengths = self.ends - self.starts
        return np.asarray(
            (lengths == 0) | ((lengths == 1) & (buffer[self.starts] == _RETURN)), dtype=np.bool_
        )


def scan(block: bytes) -> Structure:
    """Find the structure of a block."""
    buffer = np.frombuffer(block, dtype=np.uint8)
    quotes, stray, loose = _quotes(buffer) if b'"' in block else (NOWHERE, NOWHERE, NOWHERE)
    ends = _outside(np.flatnonzero(buffer == _NEWLINE), quotes)
    commas = _outside(np.flatnonzero(buffer == _COMMA), quotes)
    after_last = int(ends[-1]) + 1 if len(ends) else 0
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1)) if len(ends) else NOWHERE
    return Structure(starts, ends, stray, loose, commas, after_last if after_last < len(block) else None)


def last_record_end(block: bytes) -> int:
    """Position of the last line feed outside quotes, -1 if there is none."""
    if b'"' not in block:
        return block.rfind(b"\n")
    buffer = np.frombuffer(block, dtype=np.uint8)
    ends = _outside(np.flatnonzero(buffer == _NEWLINE), _quotes(buffer)[0])
    return int(ends[-1]) if len(ends) else -1


def _outside(positions: npt.NDArray[np.intp], quotes: Positions) -> Positions:
    if len(quotes):
        positions = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return positions.astype(np.int64, copy=False)


def _quotes(buffer: Bytes) -> tuple[Positions, Positions, Positions]:
    """Delimiting quotes (alternately opening and closing, doubled ones included), stray ones, loose ones."""
    quotes = np.flatnonzero(buffer == _QUOTE).astype(np.int64, copy=False)
    stray: list[int] = []
    while len(quotes) and len(stray) <= _MOST_STRAY_QUOTES:
        wrong = np.flatnonzero(~_opens_well(buffer, quotes))
        if not len(wrong):
            break
        stray.append(int(quotes[2 * wrong[0]]))
        quotes = np.delete(quotes, 2 * wrong[0])  # a plain character; all quotes after it change sides
    closing = quotes[1::2]
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    closes_well = (closing + 1 >= len(buffer)) | np.isin(after, (_COMMA, _NEWLINE, _RETURN, _QUOTE))
    return quotes, np.array(stray, dtype=np.int64), closing[~closes_well]


def _opens_well(buffer: Bytes, quotes: Positions) -> npt.NDArray[np.bool_]:
    opening = quotes[::2]
    before = np.where(opening > 0, buffer[opening - 1], _NEWLINE)
    doubled = np.zeros(len(opening), dtype=np.bool_)
    doubled[1:] = opening[1:] == quotes[1:-1:2][: len(opening) - 1] + 1
    return np.asarray((before == _COMMA) | (before == _NEWLINE) | doubled, dtype=np.bool_)
