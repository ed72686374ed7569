"""`sunshine demo`: a fictional province, published twice, served."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import rich_click as click

from portal.surfaces import is_loopback
from publishing.build import Request, publish
from publishing.cli.options import steps
from publishing.cli.publish import program_version
from publishing.home import Home
from publishing.protect import default_policy
from publishing.synthetic import generate

YEARS = (2021, 2026)
SEED = 1
STAMP = "demo.json"


@dataclass(frozen=True, slots=True)
class HandOver:
    """One delivery of the bureau's systems: everything recorded up to a day."""

    as_of: date
    note: str


HAND_OVERS = (
    HandOver(date(2026, 9, 30), "2026 年 9 月底的数据，首次发布。"),
    HandOver(date(2026, 10, 31), "2026 年 10 月底的数据；含迟到的支付、科目更正和退款。"),
)


@click.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="数据目录；默认 SUNSHINE_HOME，否则 var/demo。",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="监听的端口。")
@click.option(
    "--payments", default=200_000, show_default=True, type=click.IntRange(10_000), help="虚构的支付笔数。"
)
@click.option("--no-serve", is_flag=True, help="只准备数据，不打开网站。")
@click.pass_context
def demo(
    context: click.Context, home: Path | None, host: str, port: int, payments: int, no_serve: bool
) -> None:
    """造一个虚构的省，发布两个版本，打开网站。第二次运行直接使用已有的数据。"""
    from portal.cli import serve  # noqa: PLC0415 - the two modules know each other

    root = home or Path(os.environ.get("SUNSHINE_HOME", "var/demo"))
    prepare(root, payments)
    os.environ.setdefault("SUNSHINE_TODAY", HAND_OVERS[-1].as_of.isoformat())
    show_people(root)
    if no_serve:
        return
    surface = "both"
    if not is_loopback(host) and not os.environ.get("SUNSHINE_BASE_URL", "").startswith("https://"):
        surface = "public"  # passwords must not travel in clear
        click.echo(f"在 {host} 上没有 https，只提供公开面；要登录、提问，请用 --host 127.0.0.1。", err=True)
    click.secho(f"打开 open  http://{host}:{port}", bold=True)
    context.invoke(serve, home=root, host=host, port=port, surface=surface, workers=1)


def show_people(root: Path) -> None:
    """Make the demo's accounts and samples where they are missing, and print the one-time passwords."""
    from portal.demo_people import people_of_demo  # noqa: PLC0415 - the public surface needs no database

    click.echo(
        "虚构的账户（一次性密码，登录后须更换；工作人员还要设第二因素）sample accounts, one-time passwords:"
    )
    today = date.fromisoformat(os.environ["SUNSHINE_TODAY"])
    for account in people_of_demo(root, today, os.environ.get("SUNSHINE_DATABASE_URL", "")):
        password = account.password or "（已自选密码 chosen already；sunshine users reset 可重设）"
        click.echo(f"  {account.login:<12} {password}  {account.name} {account.unit}")


def prepare(root: Path, payments: int) -> None:
    """Publish the demo's two releases into `root`, unless they are there already.

    A demo made by another version of the program, or of another size, is made anew. Nothing but a demo's own folder is
    ever replaced.
    """
    wanted = {"program": _program_digest(), "payments": payments}
    stamp = root / STAMP
    if stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == wanted:
        return
    if stamp.exists():
        for name in ("public", "internal", "search"):
            shutil.rmtree(root / name, ignore_errors=True)
        stamp.unlink()
    elif Home(root).public.numbers():
        raise click.ClickException(f"{root} holds releases that are no demo; name another folder with --home")
    say = steps(quiet=False)
    for number, hand_over in enumerate(HAND_OVERS):
        click.echo(f"虚构的省，截至 {hand_over.as_of}：生成、检查、脱敏、发布 …")
        with tempfile.TemporaryDirectory(prefix="sunshine-demo-") as folder:
            source = Path(folder) / "package"
            generate(
                source,
                payments=payments,
                seed=SEED,
                years=YEARS,
                as_of=hand_over.as_of,
                file_format="parquet",
                truth=None,
            )
            made = publish(
                Request(
                    source,
                    Home(root),
                    default_policy(),
                    "demo",
                    datetime.now(UTC),
                    program_version(),
                    hand_over.note,
                    participation=_participation(root, source.with_suffix(".csv")) if number else None,
                ),
                say,
            )
        click.echo(
            f"  版本 {made.manifest.number}：依规不公开 {made.withheld_cells:,} 个单元格，预警 {made.alerts:,} 条"
        )
    stamp.write_text(json.dumps(wanted), encoding="utf-8")


def _participation(root: Path, out: Path) -> Path:
    """What people said about the release before, as the writing room hands it over."""
    from portal.demo_people import voices_of_demo  # noqa: PLC0415 - the public surface needs no database

    voices_of_demo(root, HAND_OVERS[-1].as_of, out, os.environ.get("SUNSHINE_DATABASE_URL", ""))
    return out


def _program_digest() -> str:
    """A digest of what makes releases, so that a demo of yesterday's program is not taken for today's."""
    packages = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for name in ("publishing", "anonymize"):
        for path in sorted((packages / name).rglob("*")):
            if path.suffix in {".py", ".toml", ".txt"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
