"""`sunshine index`: the search index of a release made again, from nothing but the release.

A release brings its index along when it is made. It is made again when the folder was lost, when the program has
learned another form of index, or when a search server was added. Whoever searches meanwhile sees the old one.
"""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from publishing.cli.options import home_option, json_option, print_json, refuse
from publishing.errors import PublishingError, StoreBusy
from publishing.home import Home
from publishing.index import rebuild_search_index
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from search.engine import IndexReport
from search.errors import IndexBusy


@click.command(name="index")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="Of every release that stands, not of one.")
@home_option
@json_option
def index(number: int | None, home: Path, every: bool, as_json: bool) -> None:
    """Build the search index of release NUMBER again, by default of the current one."""
    store = Home(home).public
    try:
        made = [_rebuilt(store, wanted, home) for wanted in (_standing(store) if every else [number])]
    except IndexBusy as error:
        refuse(StoreBusy(str(error)), as_json=as_json)
    except PublishingError as error:
        refuse(error, as_json=as_json)
    if as_json:
        print_json([{"number": release, "documents": report.documents} for release, report in made])
        return
    for release, report in made:
        click.echo(
            f"已重建检索索引 index built: 版本 release {release}，{report.documents} 条 documents，"
            f"{(report.size_bytes or 0) / 1e6:.1f} MB，{report.seconds:.1f} s"
        )


def _standing(store: ReleaseStore) -> list[int]:
    return [number for number in store.numbers() if store.tombstone(number) is None]


def _rebuilt(store: ReleaseStore, number: int | None, home: Path) -> tuple[int, IndexReport]:
    release = open_release(store, number, check_all=True)
    return release.number, rebuild_search_index(release, store, Home(home).search)
