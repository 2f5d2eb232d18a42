"""The keys of this process, and in which folders new files are encrypted with them.

A key comes from a passphrase (`journal.encrypting`) and is in memory only. Note: a
file that is read names its own key, so encrypted and plain files may lie side by side;
the folder decides about a file that is written. A process that is started by this one
gets the keys by `handed_over` and `take_over`, through a pipe.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = [
    "KEPT_FOLDERS",
    "Key",
    "Unlocked",
    "forget_home",
    "handed_over",
    "is_kept_encrypted",
    "key_named",
    "key_of_home",
    "key_to_write",
    "new_key",
    "take_over",
    "unlock_home",
]

KEPT_FOLDERS: Final = ("app", "recordings", "removing")
"""Folders of a journal in which every file with something in it is encrypted."""

_PLAIN: Final = (
    *(".lock", ".owner-", ".new-", "name.txt", "twitch-tracker-open-"),
    *("identity.pem", ".identity.pem."),
)
"""How names begin of files that say nothing of anybody: locks, hashes, the app's own
random address; they are needed before a passphrase is given."""

_NAME_BYTES: Final = 8


@dataclass(frozen=True)
class Key:
    """A key of 256 random bits, and a name that reveals nothing of it.

    Attributes
    ----------
    secret : bytes
        32 bytes.
    """

    secret: bytes = field(repr=False)

    @property
    def name(self) -> bytes:
        """8 bytes that name the key of an encrypted file."""
        hashed = hashlib.sha256(b"twitch-tracker name of key\0" + self.secret)
        return hashed.digest()[:_NAME_BYTES]


@dataclass(frozen=True)
class Unlocked:
    """A folder whose key this process holds.

    Attributes
    ----------
    home : str
        The journal's folder, without links.
    key : Key
        Its key.
    encrypting : bool
        Whether new files are encrypted; not any more while all of it is being decrypted.
    """

    home: str
    key: Key
    encrypting: bool = True


_unlocked: dict[str, Unlocked] = {}


def new_key() -> Key:
    """Make a key."""
    return Key(secrets.token_bytes(32))


def unlock_home(home: Path, key: Key, *, encrypting: bool = True) -> None:
    """Let this process read a folder's encrypted files, and encrypt what it writes there."""
    place = os.path.realpath(home)
    _unlocked[place] = Unlocked(home=place, key=key, encrypting=encrypting)


def forget_home(home: Path) -> None:
    """Stop this process from reading a folder's encrypted files."""
    _unlocked.pop(os.path.realpath(home), None)


def key_of_home(home: Path) -> Key | None:
    """Return the key of a folder; None unless it is unlocked here."""
    found = _unlocked.get(os.path.realpath(home)) if _unlocked else None
    return found.key if found else None


def key_named(name: bytes) -> Key | None:
    """Return the key of a name; None unless this process holds it."""
    return next((u.key for u in _unlocked.values() if u.key.name == name), None)


def key_to_write(path: Path) -> Key | None:
    """Return with which key a new file is encrypted; None for a plain one."""
    if not _unlocked:
        return None
    folder = os.path.realpath(path.parent)
    for one in _unlocked.values():
        whole = Path(folder, path.name)
        ours = one.encrypting and whole.is_relative_to(one.home)
        if ours and is_kept_encrypted(whole.relative_to(one.home)):
            return one.key
    return None


def is_kept_encrypted(inside: Path) -> bool:
    """Return whether a file belongs to those that are encrypted.

    Parameters
    ----------
    inside : Path
        Relative to the journal's folder.
    """
    return inside.parts[:1] in {(name,) for name in KEPT_FOLDERS} and not (
        inside.name.startswith(_PLAIN)
    )


def handed_over() -> tuple[Unlocked, ...]:
    """Return what a process that is started by this one needs to read the same."""
    return tuple(_unlocked.values())


def take_over(unlocked: tuple[Unlocked, ...]) -> None:
    """Hold the keys that another process handed over."""
    _unlocked.update({one.home: one for one in unlocked})
