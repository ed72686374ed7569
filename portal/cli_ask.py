"""`sunshine ask`: the answer in the terminal."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from portal.reading.answers import Answer, Answerer
from portal.reading.quantities import currency_of
from publishing.errors import ReleaseError
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore

REFUSED = 1


@click.command("ask")
@click.argument("question")
@click.option(
    "--today",
    metavar="DATE",
    help="把哪一天当作今天（YYYY-MM-DD）；默认 SUNSHINE_TODAY，否则是数据截至的那一天。",
)
@click.option("--home", type=click.Path(path_type=Path), help="数据目录；默认 SUNSHINE_HOME，否则 var/。")
@click.option("--release", "number", type=click.IntRange(1), help="向哪一次发布提问；默认当前发布。")
@click.option("--json", "as_json", is_flag=True, help="按接口的形式输出。")
def ask(question: str, today: str | None, home: Path | None, number: int | None, *, as_json: bool) -> None:
    """用一句话提问，得到一个数；不能回答时说明原因，退出码为 1。"""
    root = home if home is not None else Path(os.environ.get("SUNSHINE_HOME") or "var")
    day = _day(today or os.environ.get("SUNSHINE_TODAY") or "")
    try:
        release = open_release(ReleaseStore(root / "public"), number)
    except (ReleaseError, OSError) as error:
        raise click.ClickException(str(error)) from error
    answer = Answerer(release, currency=currency_of(release.lineage.currency)).ask(question, day)
    if as_json:
        click.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(answer)
    if answer.status == "refused":
        sys.exit(REFUSED)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.BadParameter(f"“{text}”不是 YYYY-MM-DD 形式的日期。", param_hint="--today") from None


def _show(answer: Answer) -> None:
    console = Console()
    if answer.status == "refused":
        console.print(f"[bold]不能回答[/bold]（{answer.code}）：{answer.reason}", highlight=False)
    else:
        console.print(answer.text, highlight=False, markup=False)
    for choice in answer.choices:
        console.print(f"  · {choice.label}：{choice.text or choice.question}", highlight=False, markup=False)
    if answer.formula:
        console.print(f"公式：{answer.formula}", highlight=False, markup=False)
    if len(answer.rows) > 1:
        console.print(_table(answer))
    if answer.words:
        told = "；".join(f"{item.words} → {item.means}" for item in answer.words)
        console.print(f"理解：{told}", highlight=False, markup=False)
    if answer.ignored:
        console.print(f"略去：{'、'.join(answer.ignored)}", highlight=False, markup=False)
    if answer.suggestions and not answer.choices:
        console.print("可以这样问：" + "；".join(answer.suggestions), highlight=False, markup=False)
    console.print(
        f"第 {answer.release} 次发布，数据截至 {answer.as_of}。{answer.rows_url}",
        highlight=False,
        markup=False,
    )


def _table(answer: Answer) -> Table:
    columns = [name for name in answer.rows[0] if name not in ("code", "status")][:6]
    table = Table(*columns)
    for row in answer.rows[:20]:
        table.add_row(*("" if row.get(name) is None else str(row.get(name)) for name in columns))
    return table
