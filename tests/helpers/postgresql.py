"""A PostgreSQL server of its own for tests, that only listens on a socket."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["has_postgresql", "new_database", "running_postgresql"]


def has_postgresql() -> bool:
    """Return whether Debian's PostgreSQL and its driver for Python are there."""
    return _tools() is not None and importlib.util.find_spec("psycopg") is not None


@contextlib.contextmanager
def running_postgresql() -> Iterator[str]:
    """Start a private server; give its folder."""
    tools = _tools()
    assert tools is not None
    folder = Path(tempfile.mkdtemp(prefix="ttpg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        _as_postgres(
            [str(tools / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-N"]
        )
        options = f"-k {folder} -c listen_addresses='' -F"
        control = [str(tools / "pg_ctl"), "-D", data, "-w"]
        log = ["-l", str(folder / "log")]
        _as_postgres([*control, *log, "-o", options, "start"])
        try:
            yield str(folder)
        finally:
            _as_postgres([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """Make an empty database; give its URL."""
    import psycopg

    where = f"host={server} user=postgres dbname=postgres"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={server}"


def _tools() -> Path | None:
    """Find Debian's newest PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_postgres(words: list[str]) -> None:
    """Run a tool of PostgreSQL, which refuses to be run by root."""
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, capture_output=True, cwd="/")
