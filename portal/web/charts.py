"""Charts by address: files to take along, figures to put into other pages.

`/charts/NAME[@n].EXT?state` is the chart as json (interactive figure), svg, png, card.png (for shared links), pdf, csv
or xlsx;
`/embed/NAME[@n]?state` is a page of its own for an `<iframe>`: no cookie, no script, the source line under it.
With `@n` the answer never changes.
"""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from portal.reading.chart_gallery import chart_named
from portal.reading.charts.files import MEDIA_TYPES, csv_of, json_of, svg_file, xlsx_of
from portal.reading.charts.model import Chart
from portal.reading.charts.sheets import card_png, pdf_of, png_of
from portal.reading.charts.shown import show
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease
from portal.reading.receipt import ReceiptQuery, receipt_view
from portal.reading.white_paper import white_paper, white_paper_pdf
from portal.web.asking import (
    CURRENT_HEADERS,
    FOR_EVER,
    KEEP,
    AnyRequest,
    Parameters,
    edition_of,
    numbered,
    page,
    parameters_of,
    pinned,
    printable,
    standing_of,
)
from portal.web.pages import CHROME_PARAMETERS

CARD = ".card"
"""`NAME.card.png` is the picture that comes with a shared link."""


def _state(request: AnyRequest) -> Parameters:
    return {name: values for name, values in parameters_of(request).items() if name not in CHROME_PARAMETERS}


@get("/charts/{file:str}", sync_to_thread=True)
def chart_file(request: AnyRequest, file: FromPath[str]) -> Response[bytes]:
    """A chart as a file."""
    stem, mark, extension = file.rpartition(".")
    if not mark or extension not in MEDIA_TYPES:
        raise NotInRelease(f"没有 {printable(file)}。图可以取用为：{'、'.join(MEDIA_TYPES)}。")
    is_card = extension == "png" and stem.endswith(CARD)
    name, edition, is_pinned = pinned(request, stem.removesuffix(CARD) if is_card else stem)
    chart = chart_named(edition, name, _state(request))
    body = card_png(chart) if is_card else _file(chart, edition, extension)
    headers = dict(KEEP) if is_pinned else dict(CURRENT_HEADERS)
    if is_pinned:
        headers["cache-control"] = FOR_EVER
    headers["x-sunshine-release"] = str(edition.number)
    if extension != "json":
        kept = quote(f"{chart.title[:60]}-第{edition.number}号.{extension}", safe="")
        plain = f"{name}-{edition.number}.{extension}"
        headers["content-disposition"] = f"inline; filename=\"{plain}\"; filename*=UTF-8''{kept}"
    return Response(body, media_type=MEDIA_TYPES[extension], headers=headers)


def _file(chart: Chart, edition: Edition, extension: str) -> bytes:
    if extension == "xlsx":
        return xlsx_of(chart, edition)
    makers = {"json": json_of, "svg": svg_file, "png": png_of, "pdf": pdf_of, "csv": csv_of}
    return makers[extension](chart)


@get("/embed/{name:str}", sync_to_thread=True)
def embed(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Shown, for another site's frame."""
    plain, edition, is_pinned = pinned(request, name)
    shown = show(chart_named(edition, plain, _state(request)))
    answer = page(request, "embed.html", shown, edition=edition)
    answer.headers["cache-control"] = "public, max-age=86400" if is_pinned else "public, max-age=300"
    return answer


@get("/receipt", sync_to_thread=True)
def receipt(request: AnyRequest) -> Response[bytes]:
    """ReceiptView: what an amount of one's own was spent on."""
    return page(
        request, "receipt.html", receipt_view(edition_of(request), ReceiptQuery.read(parameters_of(request)))
    )


@get("/reports/{number:str}", sync_to_thread=True)
def report(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """WhitePaper of a release, as a page or, with `.pdf`, as a file with real text."""
    plain, mark, extension = number.partition(".")
    edition = numbered(request, plain)
    view = white_paper(edition, standing_of(request).notes)
    if not mark:
        return page(request, "report.html", view, edition=edition)
    if extension != "pdf":
        raise NotInRelease(f"没有 {printable(number)}。白皮书是页面或 .pdf。")
    headers = {
        **KEEP,
        "cache-control": FOR_EVER,
        "x-sunshine-release": plain,
        "content-disposition": f'inline; filename="sunshine-report-{plain}.pdf"',
    }
    return Response(white_paper_pdf(view), media_type="application/pdf", headers=headers)


CHARTS = [chart_file, embed, receipt, report]
