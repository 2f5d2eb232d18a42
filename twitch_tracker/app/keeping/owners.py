"""The owner of a folder, in the name of an empty file in it.

A second record beside the facts of a clip: when these are lost, the film still has an
owner and is removed when that person is forgotten. Note: the name holds a hash of the
pseudonym, so it is of no use to anybody who does not know the pseudonym.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from twitch_tracker.encrypted.files import derived
from twitch_tracker.encrypted.keys import key_to_write
from twitch_tracker.exchange.disk.durable import sync_folder

__all__ = ["is_mark", "mark_owner", "marked_owner"]

_MARK: Final = ".owner-"


def is_mark(name: str) -> bool:
    """Return whether a file's name is that of such a mark."""
    return name.startswith(_MARK)


def mark_owner(folder: Path, patient_id: str) -> None:
    """Mark whose a folder is, instead of an earlier mark.

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
    ours = folder / _names(folder, patient_id)[0]
    if ours.exists():
        return
    ours.touch(mode=0o600)
    for other in folder.glob(f"{_MARK}*"):
        if other != ours:
            other.unlink(missing_ok=True)
    sync_folder(folder)


def marked_owner(folder: Path, patient_ids: Iterable[str]) -> str | None:
    """Return the owner that a folder is marked with.

    Returns
    -------
    str or None
        One of them, or nobody.
    """
    there = {path.name for path in folder.glob(f"{_MARK}*")}
    return next((n for n in patient_ids if there & {*_names(folder, n)}), None)


def _names(folder: Path, patient_id: str) -> tuple[str, ...]:
    """Return the name of a person's mark, and others that may be there from before.

    In an encrypted journal it cannot be made without the key: else who has the disk
    could try pseudonyms.
    """
    plain = unicodedata.normalize("NFC", patient_id).casefold().encode()
    hashes = [hashlib.sha256(plain).hexdigest()]
    key = key_to_write(folder / "mark")
    if key is not None:
        secret = derived(key.secret, b"", b"twitch-tracker mark v1")
        hashes.insert(0, hmac.new(secret, plain, "sha256").hexdigest())
    return tuple(f"{_MARK}{one[:32]}" for one in hashes)
