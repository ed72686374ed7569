"""`sunshine scrub [FILE]`: free text in, line by line, and out without personal identifiers.

Lines end at a newline; spans are code points of the line without its line ending. Standard input and
files are read as UTF-8 (with or without a byte order mark), one line in memory at a time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import rich_click as click
from rich.console import Console
from rich.progress import Progress

from anonymize.text import Scrubbed, Scrubber

_EXISTING_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
_LONGEST_LINE = 1_000_000  # bytes; a reading of a line takes some two hundred times its size


@click.command(name="scrub")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@click.option(
    "--json", "as_json", is_flag=True, help="One object a line: text and the spans that were replaced."
)
@click.option(
    "--names", type=_EXISTING_FILE, help="A file of persons' names, one a line, to be matched exactly."
)
def scrub(file: Path | None, *, as_json: bool, names: Path | None) -> None:
    """Print the lines of FILE (or of standard input) with marks for names, addresses and numbers of persons.

    With --json each line becomes {"text", "spans": [{"start", "end", "kind"}]}; spans count code points
    of the input line. Measured, not perfect: read what is to be published.
    Exit status: 0 done, 1 the text or the names are not UTF-8 or a line is longer than a million bytes, 2 wrong use.
    """
    scrubber = Scrubber(_names(names) if names is not None else None)
    with _lines(file) as lines:
        for line in lines:
            found = scrubber.scrub(line)
            click.echo(_as_json(found) if as_json else found.text)


def _as_json(found: Scrubbed) -> str:
    spans = [{"start": span.start, "end": span.end, "kind": span.kind.value} for span in found.spans]
    return json.dumps({"text": found.text, "spans": spans}, ensure_ascii=False)


def _names(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        for line in _decoded(stream, str(path)):
            if name := line.strip():
                yield name


@contextmanager
def _lines(file: Path | None) -> Iterator[Iterator[str]]:
    """The lines of a file, with a progress bar if anybody is looking, or of standard input."""
    if file is None or str(file) == "-":
        yield _decoded(sys.stdin.buffer, "standard input")
        return
    is_watched = sys.stderr.isatty() and not sys.stdout.isatty()
    with file.open("rb") as stream:
        if not is_watched:
            yield _decoded(stream, str(file))
            return
        with Progress(console=Console(stderr=True), transient=True) as progress:
            watched = progress.wrap_file(stream, total=file.stat().st_size, description=file.name)
            yield _decoded(watched, str(file))


def _decoded(stream: BinaryIO, source: str) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE + 1), b""), start=1):
        if len(line) > _LONGEST_LINE:
            raise click.ClickException(
                f"{source}, line {number} is longer than {_LONGEST_LINE:,} bytes; break the text into lines"
            )
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise click.ClickException(
                f"{source}, line {number}: byte {error.start + 1} is not UTF-8; convert the file to UTF-8 first"
            ) from error
        yield text.removesuffix("\n").removesuffix("\r")
