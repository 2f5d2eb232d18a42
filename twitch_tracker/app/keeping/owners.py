"""Whose a folder is, told by the name of an empty file in it.

A second word beside the facts of a clip: when these are lost, a film still belongs to
somebody and goes when that person is forgotten. The convention that bites: the name
holds a hash of the pseudonym, so it tells nobody who does not know the pseudonym.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from twitch_tracker.exchange.disk.durable import sync_folder

__all__ = ["mark_owner", "marked_owner"]

_MARK: Final = ".owner-"


def mark_owner(folder: Path, patient_id: str) -> None:
    """Say whose a folder is; what was said before is taken back.

    Parameters
    ----------
    folder : Path
        Must exist.
    patient_id : str
        The pseudonym.

    Raises
    ------
    OSError
        The disk refuses.
    """
    ours = folder / _name(patient_id)
    if ours.exists():
        return
    ours.touch()
    for other in folder.glob(f"{_MARK}*"):
        if other != ours:
            other.unlink(missing_ok=True)
    sync_folder(folder)


def marked_owner(folder: Path, patient_ids: Iterable[str]) -> str | None:
    """Tell whose a folder is said to be.

    Parameters
    ----------
    folder : Path
        Any folder.
    patient_ids : iterable of str
        Who it can be.

    Returns
    -------
    str or None
        One of them, or nobody.
    """
    there = {path.name for path in folder.glob(f"{_MARK}*")}
    return next((name for name in patient_ids if _name(name) in there), None)


def _name(patient_id: str) -> str:
    plain = unicodedata.normalize("NFC", patient_id).casefold()
    return _MARK + hashlib.sha256(plain.encode()).hexdigest()[:32]
