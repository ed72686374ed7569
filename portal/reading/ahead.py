"""What the first visitor after a release would have to wait for is made before anybody asks, beside the serving.

The explained changes since the release before take seconds at full size; feeds, release pages and dataset pages show
them. They are kept with the edition that is shown.

A process that only serves may also `settle`: what a release needs as long as it is shown is then left out of the search
for garbage, which takes a sixth of a second each time and holds up everybody.
"""

from __future__ import annotations

import gc
import logging
import threading

from portal.reading.changes import changes_between
from portal.reading.library import Library

log = logging.getLogger("sunshine.library")


def work_ahead(library: Library) -> None:
    """Compare what is shown with the release before it. Whatever goes wrong is told to who asks, not here."""
    edition = library.standing.edition
    if edition is None:
        return
    older = [
        note.number
        for note in library.standing.notes
        if note.withdrawn is None and note.number < edition.number
    ]
    if not older:
        return
    try:
        changes_between(library.edition(max(older)), edition)
    except Exception:
        log.exception("release %d could not be compared ahead with release %d", edition.number, max(older))


def begin_working_ahead(library: Library) -> None:
    """The same in a thread of its own, for the start of a server."""
    threading.Thread(target=work_ahead, args=(library,), name="work-ahead", daemon=True).start()


def settle() -> None:
    """Leave everything that is there out of the search for garbage, what was left out before and is none by now too."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def settle_again() -> None:
    """After a release was exchanged, in a process that has settled: what belonged to the one before is let go."""
    if gc.get_freeze_count():
        settle()
