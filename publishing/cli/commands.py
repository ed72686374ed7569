"""All sub-commands of `sunshine` that make and check releases. Whoever needs one only loads its module."""

from __future__ import annotations

from publishing.cli.attack import attack
from publishing.cli.check import check
from publishing.cli.generate import generate
from publishing.cli.import_ import import_
from publishing.cli.index import index
from publishing.cli.protect import protect
from publishing.cli.publish import publish
from publishing.cli.releases import approve, diff, releases, verify, withdraw
from publishing.cli.scrub import scrub

COMMANDS = (
    approve,
    attack,
    check,
    diff,
    generate,
    import_,
    index,
    protect,
    publish,
    releases,
    scrub,
    verify,
    withdraw,
)
