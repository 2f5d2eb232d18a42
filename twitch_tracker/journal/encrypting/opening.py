"""Whether a journal may be opened now: not encrypted, or its passphrase was given."""

from __future__ import annotations

from pathlib import Path

from twitch_tracker.encrypted.keys import Key, key_of_home, unlock_home
from twitch_tracker.errors import JournalLocked
from twitch_tracker.journal.encrypting.passphrases import (
    EncryptionState,
    is_encrypted_home,
    key_from,
    read_keys,
    repair_copy,
)
from twitch_tracker.journal.store.sqlite import is_plain_database
from twitch_tracker.language import say

__all__ = ["is_locked", "key_of_database", "refuse_locked", "unlock"]


def is_locked(home: Path) -> bool:
    """Return whether a journal is encrypted and this process has not its key."""
    return is_encrypted_home(home) and key_of_home(home) is None


def refuse_locked(home: Path) -> None:
    """Refuse to go on without the passphrase.

    Raises
    ------
    JournalLocked
        The journal is encrypted and nobody has given its passphrase.
    """
    if is_locked(home):
        raise JournalLocked(
            say(
                "The journal in {home} is encrypted. Enter its passphrase on the "
                "terminal, or set the environment variable TWITCH_TRACKER_PASSPHRASE.",
                home=home,
            )
        )


def unlock(home: Path, passphrase: str) -> None:
    """Let this process, and those that it starts, read an encrypted journal.

    Parameters
    ----------
    home : Path
        The journal's folder; nothing is done with one that is not encrypted.
    passphrase : str
        Or the recovery code.

    Raises
    ------
    WrongPassphrase
        It does not open the journal.
    JournalDamaged
        What is kept of the keys cannot be read.
    MissingDependency
        The libraries for it are not installed.
    """
    keys = read_keys(home)
    if keys is None:
        return
    key = key_from(keys, passphrase)
    unlock_home(home, key, encrypting=keys.state is not EncryptionState.DECRYPTING)
    repair_copy(home)


def key_of_database(file: Path) -> Key | None:
    """Return with which key a journal's database is opened; None for a plain one.

    The file is not opened to find out, but while a conversion that was killed waits
    (see `sqlite.is_plain_database`).

    Parameters
    ----------
    file : Path
        The database; one that is not there yet is made encrypted in an encrypted
        journal.
    """
    keys = read_keys(file.parent)
    if keys is None:
        return None
    if keys.state is not EncryptionState.ENCRYPTED and is_plain_database(file):
        return None
    return key_of_home(file.parent)
