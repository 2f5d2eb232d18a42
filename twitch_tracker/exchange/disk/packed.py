"""Entries of a zip file with a valid date, also when the computer's clock is wrong.

Note: a zip file knows no date before 1980 nor after 2107, and Python refuses to write
one; a computer whose battery is empty begins in 1970.
"""

from __future__ import annotations

import time
import zipfile
from typing import Final

__all__ = ["entry_of_now"]

_FIRST: Final = (1980, 1, 1, 0, 0, 0)
_LAST: Final = (2107, 12, 31, 23, 59, 59)


def entry_of_now(name: str) -> zipfile.ZipInfo:
    """Name something that is packed, with the nearest date that a zip file knows.

    Parameters
    ----------
    name : str
        Within the zip file.

    Returns
    -------
    zipfile.ZipInfo
        To be compressed.
    """
    now = time.localtime(time.time())[:6]
    entry = zipfile.ZipInfo(name, min(max(now, _FIRST), _LAST))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
