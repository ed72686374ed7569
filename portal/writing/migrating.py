"""Bringing the tables of a database to the state this program needs. Two workers that start at once do it once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.writing.database import Database
from portal.writing.errors import DatabaseBehind, DatabaseBusy

FOLDER = Path(__file__).with_name("migrations")
_LOCK = 7_205_760_001  # any number of our own, the same in every process


def migrate(database: Database) -> None:
    """Make or update the tables, in one transaction."""
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_tables(database: Database) -> None:
    """Raises: DatabaseBehind unless the tables are exactly those of this program; DatabaseBusy when unreachable."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    try:
        with database.reader.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise DatabaseBusy from error
    if present != wanted:
        raise DatabaseBehind(
            f"业务数据库的表结构是 {present or '空'}，程序需要 {wanted}。"
            "请用同一版本的程序启动一次带内部界面的服务，或运行 sunshine users list，表会自动更新。"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
