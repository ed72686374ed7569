"""A published table as an Excel workbook, written directly: fast, typed, and the same bytes every time.

The rows stand under a frozen header; the last sheet, 说明, says what the table is, where it comes from and what every
column and mark means (last, because programs read the first sheet). Codes and texts are text cells, so leading zeros stay and no cell is ever
a formula or a link; money, numbers, dates and booleans are typed. A table longer than a sheet continues on the next.

The XML of the rows is made by Polars expressions on whole columns; a general writer that is called once per cell
takes ten times as long. Moments inside the file are fixed, so that equal content gives equal bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from xml.sax.saxutils import escape

import polars as pl

from publishing.release.canonical import joined, text_bytes
from publishing.release.celltext import TEXT_TYPES, plain_text, replaced
from publishing.specs import Column, ColumnType

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_575  # Excel's 1,048,576 less the header
LONGEST_CELL = 32_767
ROWS_AT_ONCE = 50_000
_MOMENT = (2000, 1, 1, 0, 0, 0)
_EPOCH = pl.date(1899, 12, 30)  # day 0 of Excel's calendar for every day after February 1900
_ILLEGAL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_"
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_NUMBER_STYLES = {ColumnType.MONEY: 2, ColumnType.DATE: 3, ColumnType.MONTH: 4}
_TEXT_STYLE, _HEADER_STYLE, _WRAPPED_STYLE = 1, 5, 6
_WIDTHS = {ColumnType.TEXT: 28, ColumnType.MONEY: 20, ColumnType.CODE: 14, ColumnType.STATUS: 13}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of plain texts, for explanations: rows of cells, the first `heading_rows` of them bold."""

    name: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


def write_xlsx(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    sink: IO[bytes],
    *,
    name: str,
    about: Sheet,
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """Write a workbook of `about` and the rows of `frame`, in its order, to an open file."""
    parts = [frame.slice(start, sheet_rows) for start in range(0, max(frame.height, 1), sheet_rows)]
    names = [*(_sheet_name(name, position) for position in range(len(parts))), about.name]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for path, text in _frame_of_the_workbook(names).items():
            archive.writestr(_member(path), text)
        for position, part in enumerate(parts, start=1):
            _write_member(archive, position, _rows_xml(part, columns))
        _write_member(archive, len(names), _about_xml(about))


def _write_member(archive: zipfile.ZipFile, position: int, chunks: Iterator[bytes]) -> None:
    with archive.open(_member(f"xl/worksheets/sheet{position}.xml"), "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)


def _member(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _sheet_name(name: str, position: int) -> str:
    suffix = "" if position == 0 else f" {position + 1}"
    return name[: 31 - len(suffix)] + suffix


# ---------------------------------------------------------------- rows
def _rows_xml(frame: pl.DataFrame, columns: Sequence[Column]) -> Iterator[bytes]:
    letters = [_letters(position) for position in range(len(columns))]
    widths = [_WIDTHS.get(column.type, 12) for column in columns]
    area = f"A1:{letters[-1]}{frame.height + 1}"
    yield _sheet_start(widths, area, frozen=True).encode()
    header = (
        _text_cell(f"{letter}1", column.name, _HEADER_STYLE)
        for letter, column in zip(letters, columns, strict=True)
    )
    yield f'<row r="1">{"".join(header)}</row>'.encode()
    start = 2
    for part in frame.iter_slices(ROWS_AT_ONCE):
        numbers = pl.int_range(start, start + part.height, eager=True).cast(pl.String)
        cells = [
            _cells(part[column.name], column, letter, numbers)
            for column, letter in zip(columns, letters, strict=True)
        ]
        opening = (
            numbers.alias("r")
            .to_frame()
            .select(pl.concat_str(pl.lit('<row r="'), "r", pl.lit('">')))
            .to_series()
        )
        yield bytes(text_bytes(joined([opening, *cells], separator="", end="</row>")))
        start += part.height
    yield f'</sheetData><autoFilter ref="{area}"/></worksheet>'.encode()


def _cells(values: pl.Series, column: Column, letter: str, numbers: pl.Series) -> pl.Series:
    """The XML of one column's cells; a missing value has no cell."""
    both = pl.DataFrame([numbers.alias("row"), _cell_texts(values, column).alias("text")])
    if column.type in TEXT_TYPES:
        middle, end = f'" s="{_TEXT_STYLE}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    elif column.type is ColumnType.BOOLEAN:
        middle, end = '" t="b"><v>', "</v></c>"
    else:
        middle, end = f'" s="{_NUMBER_STYLES.get(column.type, 0)}"><v>', "</v></c>"
    cell = pl.concat_str(pl.lit(f'<c r="{letter}'), "row", pl.lit(middle), "text", pl.lit(end))
    return both.select(cell.fill_null("").alias("cell")).to_series()


def _cell_texts(values: pl.Series, column: Column) -> pl.Series:
    if column.type in TEXT_TYPES:
        return _xml_text(values)
    name = values.name
    if column.type in {ColumnType.DATE, ColumnType.MONTH}:
        return values.to_frame().select((pl.col(name) - _EPOCH).dt.total_days().cast(pl.String)).to_series()
    if column.type is ColumnType.BOOLEAN:
        return values.cast(pl.Int8).cast(pl.String)
    return plain_text(values, column)


def _xml_text(values: pl.Series) -> pl.Series:
    longest = values.str.len_chars().max()
    if isinstance(longest, int) and longest > LONGEST_CELL:
        values = values.str.head(LONGEST_CELL)
    if values.str.contains(_ILLEGAL).any():
        values = values.map_elements(_without_illegal, return_dtype=pl.String)
    return replaced(values, r"[&<>\r]", _ESCAPES)


def _without_illegal(text: str) -> str:
    """Write characters that XML forbids the way Excel does (`_x0007_`), and such sequences so that they stay."""
    text = text.replace("_x", "_x005F_x")
    return "".join(character if _is_legal(character) else f"_x{ord(character):04X}_" for character in text)


def _is_legal(character: str) -> bool:
    return character in "\t\n\r" or (character >= " " and character not in "￾￿")


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


# ---------------------------------------------------------------- explanations
def _about_xml(sheet: Sheet) -> Iterator[bytes]:
    letters = _letters(len(sheet.widths) - 1)
    yield _sheet_start(sheet.widths, f"A1:{letters}{max(len(sheet.rows), 1)}", frozen=False).encode()
    for number, row in enumerate(sheet.rows, start=1):
        style = _HEADER_STYLE if number == 1 or (row and row[0].startswith("■")) else _WRAPPED_STYLE
        cells = "".join(
            _text_cell(f"{_letters(position)}{number}", text, style)
            for position, text in enumerate(row)
            if text
        )
        yield f'<row r="{number}">{cells}</row>'.encode()
    yield b"</sheetData></worksheet>"


def _text_cell(reference: str, text: str, style: int) -> str:
    legal = escape(_without_illegal(text) if not all(map(_is_legal, text)) else text)
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{legal}</t></is></c>'


def _sheet_start(widths: Sequence[int], area: str, *, frozen: bool) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    columns = "".join(
        f'<col min="{position}" max="{position}" width="{width}" customWidth="1"/>'
        for position, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><dimension ref="{area}"/>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )


# ---------------------------------------------------------------- the workbook around the sheets
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _frame_of_the_workbook(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    return {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relationships({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(names),
        "xl/_rels/workbook.xml.rels": _relationships(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in numbers}
            | {f"rId{len(names) + 1}": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
    }


def _content_types(numbers: range) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{sheets}</Types>'
    )


def _relationships(targets: dict[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={json.dumps(escape(name), ensure_ascii=False)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<bookViews><workbookView activeTab="0"/></bookViews><sheets>{sheets}</sheets></workbook>'
    )


def _cell_format(number_format: int, font: int = 0, alignment: str = "") -> str:
    attributes = (
        f'numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
    )
    return f'<xf {attributes} applyAlignment="1">{alignment}</xf>' if alignment else f"<xf {attributes}/>"


_FONT = '<font>{bold}<sz val="11"/><name val="Calibri"/><family val="2"/></font>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.00"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="166" formatCode="yyyy\\-mm"/></numFmts>'
    f'<fonts count="2">{_FONT.format(bold="")}{_FONT.format(bold="<b/>")}</fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7">'
    + _cell_format(0)
    + _cell_format(49)
    + _cell_format(164)
    + _cell_format(165)
    + _cell_format(166)
    + _cell_format(49, font=1)
    + _cell_format(49, alignment='<alignment vertical="top" wrapText="1"/>')
    + "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
