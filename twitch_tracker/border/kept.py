"""Read the program's own JSON files as carefully as foreign ones.

A disk, another version or a person may have changed them. The caller gets a value of
the schema's type or one named error, so that one damaged file never prevents a start.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter

from twitch_tracker.border.days import is_meant
from twitch_tracker.border.documents import checked, parsed
from twitch_tracker.border.limits import MOST_DOCUMENT_BYTES
from twitch_tracker.encrypted.files import open_to_read
from twitch_tracker.errors import BadFile

__all__ = ["LARGEST", "Bytes", "Moment", "read_kept"]

_Value = TypeVar("_Value")

LARGEST: Final = 2**63 - 1
"""Of a number in a file that is kept."""


def _of_a_year_that_is_meant(moment: datetime) -> datetime:
    if not is_meant(moment):
        raise ValueError(moment.year)
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_a_year_that_is_meant)]
"""A point in time with its zone, of the years in which anybody is filmed."""

Bytes = Annotated[int, Field(ge=0, le=LARGEST)]
"""The size of a file, or its time as the system gives it."""


def read_kept(path: Path, schema: TypeAdapter[_Value]) -> _Value:
    """Read a file that this program keeps.

    Parameters
    ----------
    path : Path
        The file; encrypted or not.
    schema : TypeAdapter
        What is in it; other names are refused.

    Raises
    ------
    OSError
        It cannot be read.
    BadFile
        It is not what was written.
    JournalLocked
        It is encrypted, and its passphrase was not given.
    """
    with open_to_read(path) as file:
        document = parsed(file.read(MOST_DOCUMENT_BYTES + 1), path.name, BadFile)
    return checked(schema, document, path.name, BadFile, known_only=True)
