"""Any accepted encoding in, strict UTF-8 out.

A byte order mark decides; without one the file is strict UTF-8, else strict GB18030 (which contains GBK).
Nothing is ever decoded leniently: a file that fits neither is refused with the line of its first bad byte.
Bytes of UTF-8 Chinese are often valid GB18030 by accident, so a file read as GB18030 in which a field is
well-formed UTF-8 Chinese is refused as mixed instead of becoming mojibake.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from publishing.intake.faults import UnreadableFile

_UTF8_CHINESE = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2,}")
_FIELD_END = re.compile(rb"[,\n\r\"]")
_FAMILIES = {
    **dict.fromkeys(("utf8", "utf8sig", "ascii", "usascii"), "utf8"),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "cp936", "euccn"), "gb18030"),
    **dict.fromkeys(("utf16", "utf16le", "utf16be"), "utf16"),
}
_LOOKED_AT = 100_000
_FEWEST = 12
_MOST_RARE = 0.35
"""Of the characters of a Chinese text one in ten is not on the first level of GB 2312; of Big5 or Shift_JIS that is
read as GB18030, it is every other."""
_COMMON = frozenset(
    bytes((lead, trail)).decode("gb2312")
    for lead in range(0xB0, 0xD8)
    for trail in range(0xA1, 0xFF if lead < 0xD7 else 0xFA)
)


def as_utf8(chunks: Iterator[bytes], declared: str = "") -> Iterator[bytes]:
    """The same text as UTF-8 without a byte order mark, in pieces that need not end between characters.

    In: declared, the encoding that somebody says the file is in, if anybody does.
    """
    family = _FAMILIES.get(_plain_name(declared))
    if declared and family is None:
        raise UnreadableFile("encoding_unknown", f"声明为 {declared[:40]} (as declared)")
    first = next(chunks, b"")
    if first.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableFile("encoding_unknown", "UTF-32")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _transcoded(_chain(first, chunks), "utf-16")
    if first.startswith(codecs.BOM_UTF8):
        return _only_utf8(_chain(first.removeprefix(codecs.BOM_UTF8), chunks), "encoding_unknown")
    if family == "utf8":
        return _only_utf8(_chain(first, chunks), "encoding_differs")
    return _utf8_else_gb18030(_chain(first, chunks))


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _transcoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    for chunk in _with_end(chunks):
        try:
            text = decoder.decode(chunk, final=not chunk).encode("utf-8")
        except UnicodeError as error:
            raise UnreadableFile(
                "encoding_unknown", f"{encoding}: {error.__class__.__name__}", lines
            ) from error
        lines += text.count(b"\n")
        yield text


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, then one empty one that says the end is reached."""
    for chunk in chunks:
        if chunk:
            yield chunk
    yield b""


def _only_utf8(chunks: Iterator[bytes], rule: str) -> Iterator[bytes]:
    lines = 1
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    for chunk in _with_end(chunks):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = lines + chunk[: max(0, error.start - held)].count(b"\n")
            raise UnreadableFile(rule, f"第 {line} 行不是 UTF-8 (line {line} is not UTF-8)", line) from error
        lines += chunk.count(b"\n")
        yield chunk


def _utf8_else_gb18030(chunks: Iterator[bytes]) -> Iterator[bytes]:
    lines = 1
    ascii_so_far = True
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    rest = _with_end(chunks)
    for chunk in rest:
        held = decoder.getstate()[0]
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # Bytes held back from the chunk before are part of the text that was already handed on.
            line = lines + chunk[: max(0, error.start - len(held))].count(b"\n")
            if not ascii_so_far:
                raise UnreadableFile(
                    "mixed_encodings", f"第 {line} 行起不是 UTF-8 (not UTF-8 from line {line} on)", line
                ) from error
            yield from _gb18030(_chain(chunk, rest), lines, utf8_fault_line=line, utf8_start=error.start)
            return
        lines += chunk.count(b"\n")
        ascii_so_far = ascii_so_far and chunk.isascii()
        yield chunk


def _gb18030(
    chunks: Iterator[bytes], lines: int, *, utf8_fault_line: int, utf8_start: int
) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    is_first = True
    looked_at = 0
    for chunk in _with_end(chunks):
        held = decoder.getstate()[0]
        if is_first and _UTF8_CHINESE.search(chunk[:utf8_start]):
            raise _spoilt_utf8(chunk, utf8_start, utf8_fault_line)
        is_first = False
        _refuse_mixture(chunk, lines)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = lines + chunk[: max(0, error.start - len(held))].count(b"\n")
            raise UnreadableFile(
                "encoding_unknown",
                f"第 {line} 行不是 GB18030，第 {utf8_fault_line} 行不是 UTF-8 "
                f"(line {line} is not GB18030, line {utf8_fault_line} is not UTF-8)",
                line,
            ) from error
        looked_at = _refuse_rare(text, looked_at, lines)
        lines += chunk.count(b"\n")
        yield text.encode("utf-8")


def _plain_name(encoding: str) -> str:
    return re.sub(r"[^a-z0-9]", "", encoding.lower())


def _refuse_rare(text: str, looked_at: int, lines: int) -> int:
    """Refuse text that is Chinese by accident; returns how many of its letters have been looked at by now."""
    letters = [
        letter
        for letter in text[: max(0, _LOOKED_AT - looked_at)]
        if letter > "\u2fff" and not _is_mark(letter)
    ]
    rare = [letter for letter in letters if letter not in _COMMON]
    if "\0" not in text and len(letters) >= _FEWEST and len(rare) > _MOST_RARE * len(letters):
        line = lines + text[: text.index(rare[0])].count("\n")
        raise UnreadableFile("encoding_doubtful", f"第 {line} 行“{rare[0]}” (line {line})", line)
    return looked_at + len(letters)


def _is_mark(letter: str) -> bool:
    """Punctuation and full-width forms, which are in every text."""
    return letter <= "\u303f" or letter >= "\uff00"


def _spoilt_utf8(chunk: bytes, fault: int, line: int) -> UnreadableFile:
    """The refusal of a file that was good UTF-8 up to a fault: GBK from there on, or plain damage."""
    start, end = chunk.rfind(b"\n", 0, fault) + 1, chunk.find(b"\n", fault)
    try:
        chunk[start : end if end >= 0 else len(chunk)].decode("gb18030")
        rule = "mixed_encodings"
    except UnicodeDecodeError:
        rule = "encoding_unknown"
    return UnreadableFile(rule, f"第 {line} 行不是 UTF-8 (line {line} is not UTF-8)", line)


def _refuse_mixture(chunk: bytes, lines: int) -> None:
    for match in _UTF8_CHINESE.finditer(chunk):
        start = max((chunk.rfind(mark, 0, match.start()) for mark in (b",", b"\n", b'"')), default=-1) + 1
        end = _FIELD_END.search(chunk, match.end())
        field = chunk[start : end.start() if end else len(chunk)]
        try:
            field.decode("utf-8")
        except UnicodeDecodeError:
            continue
        line = lines + chunk[: match.start()].count(b"\n")
        raise UnreadableFile(
            "mixed_encodings",
            f"第 {line} 行是 UTF-8，其他行是 GBK (line {line} is UTF-8, others are GBK)",
            line,
        )
