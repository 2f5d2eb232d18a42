"""Bring a journal's tables to this version, or refuse what is newer.

The usual case, nothing to do, costs one query and does not load Alembic.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, text

from twitch_tracker.errors import JournalDamaged, JournalTooNew
from twitch_tracker.journal.reviewed.counting import recount_reviewed
from twitch_tracker.journal.store.database import DAMAGE_ADVICE, Database, use_wal
from twitch_tracker.journal.store.schema import HEAD, REVISIONS_KNOWN, metadata
from twitch_tracker.language import say

__all__ = ["MIGRATIONS", "VERSION_TABLE", "bring_up_to_date", "version_of"]

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""Alembic's script folder."""

VERSION_TABLE: Final = "journal_version"
"""Not Alembic's own name: a clinic's database may hold other programs' tables."""


def bring_up_to_date(database: Database, signals: Iterable[str] = ()) -> None:
    """Make or update the tables when needed, in one transaction.

    Parameters
    ----------
    database : Database
        Empty, or a journal of this or an older version.
    signals : iterable of str
        What is stored beside it: an empty database beside signals is no new journal
        but a lost one.

    Raises
    ------
    JournalTooNew
        Written by newer software; nothing is touched.
    JournalDamaged
        Holds something else than a journal.
    """
    with database.read() as connection:
        version = version_of(connection, database.place)
    if version == HEAD:
        return
    if version is None and (left := next(iter(signals), None)):
        raise JournalDamaged(
            say(
                "journal {place} is empty, but its signals are there ({left}): the "
                "database was lost. {advice}",
                place=database.place,
                left=left,
                advice=say(DAMAGE_ADVICE),
            )
        )
    use_wal(database)
    with database.write() as connection:
        before = version_of(connection, database.place)
        if before != HEAD:
            _upgrade(connection)
            if before is not None:
                recount_reviewed(connection)


def version_of(connection: Connection, place: str) -> str | None:
    """Return which migration a database is at.

    Parameters
    ----------
    connection : Connection
        To it.
    place : str
        Where it is, for messages.

    Returns
    -------
    str or None
        One of `schema.REVISIONS_KNOWN`; None for an empty database.

    Raises
    ------
    JournalTooNew, JournalDamaged
        As `bring_up_to_date`.
    """
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in names:
        ours = names & set(metadata.tables)
        if not names or (not ours and connection.dialect.name != "sqlite"):
            return None
        raise JournalDamaged(
            say(
                "{place}: expected a journal, got a database with other tables "
                "({names}). Give another file or database.",
                place=place,
                names=", ".join(sorted(names)[:3]),
            )
        )
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    versions = [str(row[0]) for row in found]
    if len(versions) == 1 and versions[0] in REVISIONS_KNOWN:
        return versions[0]
    if len(versions) != 1 or not _is_later(versions[0]):
        raise JournalDamaged(
            say(
                "journal {place} has lost its version. {advice}",
                place=place,
                advice=say(DAMAGE_ADVICE),
            )
        )
    raise JournalTooNew(
        say(
            "journal {place}: expected version {head} or older, got {versions}. A "
            "newer version of the program wrote it; update this one (pip install -U "
            "twitch-tracker). Nothing was changed.",
            place=place,
            head=HEAD,
            versions=", ".join(versions),
        )
    )


def _is_later(version: str) -> bool:
    """Return whether a version is newer than this one, not damaged."""
    number = version.isascii() and version.isdecimal() and len(version) == len(HEAD)
    return number and version > HEAD


def _upgrade(connection: Connection, to: str = "head") -> None:
    """Run the migrations that are missing, up to one, inside the open transaction."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: object) -> list[Any]:
        return list(script._upgrade_revs(to, revision))

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()
