"""Tables that a person sends: kept for a moment as a file, read, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from fastapi import UploadFile
from starlette.responses import Response

from twitch_tracker.encrypted.files import write_all
from twitch_tracker.exchange.disk.scratch import scratch_folder
from twitch_tracker.exchange.whole import file_name

__all__ = ["TABLES", "download", "read_table", "today"]

TABLES: Final = ".table-"
"""How a folder begins in which a table lies for a moment."""

_Read = TypeVar("_Read")


def read_table(
    sent: UploadFile,
    name: str,
    read: Callable[[Path, date | None], _Read],
    beside: Path,
) -> _Read:
    """Read a table that was sent.

    Parameters
    ----------
    sent : UploadFile
        What came; its own name is used for nothing.
    name : str
        Our name for it, which messages mention.
    read : callable
        `journal.files.tables.read_diary` or `read_treatments`.
    beside : Path
        The app's own folder, in which it lies for a moment, encrypted where that is so.

    Returns
    -------
    Any
        What `read` returns.

    Raises
    ------
    BadTable
        It does not fit; row and column are named.
    """
    with scratch_folder(beside, TABLES) as folder:
        path = folder / name
        write_all(path, sent.file.read())
        return read(path, today())


def download(content: str | bytes, name: str, media_type: str) -> Response:
    """Answer with a file to be stored, under a name that every system takes.

    Parameters
    ----------
    content : str or bytes
        Text becomes UTF-8.
    name : str
        With its ending; from people's pseudonyms, so it is made safe here.
    media_type : str
        What the browser is sent as the type; never anything that it would show as a page.

    Returns
    -------
    Response
        With ``Content-Disposition: attachment``.
    """
    plain = file_name(name)
    safe = "".join(
        c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in plain
    )
    full = quote(plain, safe="")
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename=\"{safe}\"; filename*=UTF-8''{full}"
        },
    )


def today() -> date:
    """Return the day on this computer, which is the person's own."""
    return date.today()  # noqa: DTZ011
