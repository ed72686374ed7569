"""How often one visitor may send something, counted in the database so that all workers agree.

A visitor is an account, or else a network address. A form with a proof of work may be sent often; one without it (no
script, or an old browser) seldom, and it is marked for the person who moderates. Nothing anybody sends is public before
somebody accepted it, so the limits protect the desk rather than the public.
"""

from __future__ import annotations

from portal.writing.acting import Work
from portal.writing.throttle import Limit, require_room

PROVEN = Limit("case.open", 30, 3_600)
UNPROVEN = Limit("case.open.unproven", 3, 3_600)
ADDING = Limit("case.add", 30, 3_600)
RATING = Limit("rating", 60, 3_600)
FOLLOWING = Limit("follow", 6, 3_600)
FOLLOWED_ADDRESS = Limit("follow.address", 4, 86_400)


def count(work: Work, limit: Limit) -> None:
    """Count one try of whoever acts. Raises: TooMany."""
    account_id = work.subject.account_id
    who = f"account {account_id}" if account_id else f"address {work.acting.origin}"
    require_room(work.session, limit, work.acting.at, who)
