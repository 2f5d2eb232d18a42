"""Derive the key of a journal from a passphrase; what is kept of it on the disk.

    <home>/keys.json        how far encrypting is, and the key, wrapped
           keys-copy.json   the same again: without it nothing could be read any more

The key is random and never changes while the journal is encrypted. It is kept wrapped
(AES-256-GCM) by what scrypt makes of the passphrase, and once more by what it makes of
a recovery code; so a new passphrase rewrites one small file and no film. Note: a
passphrase is taken in Unicode's NFC, as keyboards differ; and what is read from the
file is bounded before it is believed, for a backup may come from anybody.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from unicodedata import normalize

from pydantic import Field, TypeAdapter

from twitch_tracker.border.documents import Document, checked, parsed
from twitch_tracker.border.files import read_bytes
from twitch_tracker.encrypted.files import derived, not_installed
from twitch_tracker.encrypted.keys import Key, new_key
from twitch_tracker.errors import (
    BadFile,
    BadParameter,
    JournalDamaged,
    WrongPassphrase,
)
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.language import say

__all__ = [
    "COPY",
    "KEYS",
    "LEAST_LETTERS",
    "EncryptionState",
    "KeyFile",
    "change_passphrase",
    "change_recovery_code",
    "damaged_keys",
    "in_state",
    "is_encrypted_home",
    "key_from",
    "make_keys",
    "new_recovery_code",
    "parse_keys",
    "read_keys",
    "refuse_short",
    "remove_keys",
    "repair_copy",
    "write_keys",
]

KEYS: Final = "keys.json"
COPY: Final = "keys-copy.json"

LEAST_LETTERS: Final = 12
"""Of a passphrase. Somebody with the disk tries as many as their machines can; scrypt
makes each try cost 128 MB and a third of a second, which does not save a short one."""

_FORMAT: Final = 1
_COST_LOG2: Final = 17
"""Scrypt's N is 2 to this; with r = 8 and p = 1 what OWASP's Password Storage Cheat Sheet
asks for."""

_BLOCK: Final = 8
_MOST_COST_LOG2: Final = 19
"""A backup from elsewhere may not ask for more than 512 MB."""

_MOST_BYTES: Final = 65_536
_CODE_BYTES: Final = 20
"""160 random bits: nobody guesses a recovery code."""

Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,128}$")]


class EncryptionState(StrEnum):
    """How far encrypting a journal has come."""

    ENCRYPTING = "encrypting"
    """Some of it is plain still; new files are encrypted."""
    ENCRYPTED = "encrypted"
    DECRYPTING = "decrypting"
    """Some of it is plain already, and so are new files."""


class _Lock(Document):
    """The key, wrapped by one secret."""

    cost_log2: int = Field(ge=1, le=_MOST_COST_LOG2)
    salt: Hex
    nonce: Hex
    wrapped: Hex


class KeyFile(Document):
    """What is kept of the keys of a journal.

    Attributes
    ----------
    format : int
        1.
    state : EncryptionState
        How far the journal is.
    key_name : str
        As in every encrypted file.
    told : str
        That somebody with the key said so (HMAC-SHA256): nobody else can have a journal
        decrypted at its next opening.
    passphrase, recovery : _Lock
        The key, wrapped by the passphrase and by the recovery code.
    """

    format: int = Field(ge=1, le=_FORMAT)
    state: EncryptionState
    key_name: Hex
    told: Hex
    passphrase: _Lock
    recovery: _Lock


_KEY_FILE: Final = TypeAdapter(KeyFile)


# --- the file -----------------------------------------------------------------


def is_encrypted_home(home: Path) -> bool:
    """Return whether a folder holds a journal that is encrypted, or partly so."""
    return (home / KEYS).exists() or (home / COPY).exists()


def read_keys(home: Path) -> KeyFile | None:
    """Read what is kept of the keys of a journal; None of one that is not encrypted.

    Raises
    ------
    JournalDamaged
        Neither file can be read.
    """
    if not is_encrypted_home(home):
        return None
    try:
        return _read(home / KEYS)
    except (BadFile, JournalDamaged) as error:
        with contextlib.suppress(BadFile, JournalDamaged):
            return _read(home / COPY)
        raise JournalDamaged(
            say(
                "{home}: the journal is encrypted, and neither {keys} nor {copy} can be "
                "read ({error}). Without one of them nothing opens it: take {keys} out "
                "of a backup (it is a zip file).",
                home=home,
                keys=KEYS,
                copy=COPY,
                error=error,
            )
        ) from error


def _read(path: Path) -> KeyFile:
    return parse_keys(read_bytes(path, _MOST_BYTES, BadFile), str(path))


def parse_keys(content: bytes, name: str) -> KeyFile:
    """Read the keys of a journal from what a file holds.

    Raises
    ------
    JournalDamaged
        It is no such file, or of newer software.
    """
    return checked(
        _KEY_FILE, parsed(content, name, JournalDamaged), name, JournalDamaged
    )


def write_keys(home: Path, keys: KeyFile) -> None:
    """Keep the keys of a journal, twice.

    Raises
    ------
    OutputNotWritable
        The disk refuses; what was kept before is kept still, or both are.
    """
    text = json.dumps(keys.model_dump(mode="json"), indent=1) + "\n"
    write_whole(home / KEYS, text)
    write_whole(home / COPY, text)


def damaged_keys(home: Path) -> tuple[Path, ...]:
    """List which of the two files is missing, damaged, or not as the other."""
    found: dict[Path, KeyFile | None] = {}
    for path in (home / KEYS, home / COPY):
        found[path] = None
        with contextlib.suppress(BadFile, JournalDamaged):
            found[path] = _read(path)
    if found[home / KEYS] is None:
        return tuple(path for path, keys in found.items() if keys is None)
    return () if found[home / KEYS] == found[home / COPY] else (home / COPY,)


def repair_copy(home: Path) -> None:
    """Make both files the same again after one was damaged, or a kill came between.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    keys = read_keys(home)
    if keys is not None and damaged_keys(home):
        write_keys(home, keys)


def remove_keys(home: Path) -> None:
    """Remove the keys of a journal that is no longer encrypted."""
    (home / COPY).unlink(missing_ok=True)
    (home / KEYS).unlink(missing_ok=True)


# --- passphrases --------------------------------------------------------------


def new_recovery_code() -> str:
    """Make a code that opens the journal when the passphrase is lost."""
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    return "-".join(letters[k : k + 4] for k in range(0, len(letters), 4))


def make_keys(passphrase: str, recovery_code: str) -> tuple[KeyFile, Key]:
    """Make the key of a journal that is to be encrypted.

    Parameters
    ----------
    passphrase : str
        Chosen by the user.
    recovery_code : str
        From `new_recovery_code`.

    Returns
    -------
    keys : KeyFile
        In the state `EncryptionState.ENCRYPTING`.
    key : Key
        The key itself.

    Raises
    ------
    BadParameter
        The passphrase is too short.
    """
    refuse_short(passphrase)
    key = new_key()
    keys = KeyFile(
        format=_FORMAT,
        state=EncryptionState.ENCRYPTING,
        key_name=key.name.hex(),
        told=_state_seal(key, EncryptionState.ENCRYPTING),
        passphrase=_wrapped(key, _secret(passphrase)),
        recovery=_wrapped(key, _code(recovery_code)),
    )
    return keys, key


def key_from(keys: KeyFile, passphrase: str) -> Key:
    """Unwrap the key of a journal.

    Parameters
    ----------
    keys : KeyFile
        What is kept of it.
    passphrase : str
        The passphrase, or the recovery code.

    Raises
    ------
    WrongPassphrase
        It is neither.
    JournalDamaged
        It is, but the file was changed by who had not the key.
    """
    tries = [(keys.passphrase, _secret(passphrase))]
    if len(_code(passphrase)) == len(_code(new_recovery_code())):
        tries.append((keys.recovery, _code(passphrase)))
    for lock, secret in tries:
        key = _unwrapped(lock, secret)
        if key is None:
            continue
        if not hmac.compare_digest(keys.told, _state_seal(key, keys.state)):
            raise JournalDamaged(
                say("{keys} was changed by something else.", keys=KEYS)
            )
        return key
    raise WrongPassphrase(
        say(
            "This is not the passphrase of the journal. Check Caps Lock and the "
            "keyboard language, and try again. The recovery code also opens it."
        )
    )


def in_state(keys: KeyFile, key: Key, state: EncryptionState) -> KeyFile:
    """Return the keys with another state of encryption."""
    return keys.model_copy(update={"state": state, "told": _state_seal(key, state)})


def _state_seal(key: Key, state: EncryptionState) -> str:
    secret = derived(key.secret, b"", b"twitch-tracker state v1")
    return hmac.new(secret, state.value.encode(), "sha256").hexdigest()


def change_passphrase(keys: KeyFile, key: Key, passphrase: str) -> KeyFile:
    """Wrap the key of a journal by a new passphrase.

    Raises
    ------
    BadParameter
        It is too short.
    """
    refuse_short(passphrase)
    wrapped = _wrapped(key, _secret(passphrase))
    return keys.model_copy(update={"passphrase": wrapped})


def change_recovery_code(keys: KeyFile, key: Key, recovery_code: str) -> KeyFile:
    """Wrap the key of a journal by a new recovery code."""
    wrapped = _wrapped(key, _code(recovery_code))
    return keys.model_copy(update={"recovery": wrapped})


def refuse_short(passphrase: str) -> None:
    """Refuse a passphrase that is too short.

    Raises
    ------
    BadParameter
        It has fewer than `LEAST_LETTERS`.
    """
    if len(passphrase.strip()) < LEAST_LETTERS:
        raise BadParameter(
            "passphrase",
            say("at least {least} letters", least=LEAST_LETTERS),
            len(passphrase.strip()),
            say("Use four or five unrelated words."),
        )


def _secret(passphrase: str) -> bytes:
    return normalize("NFC", passphrase.strip()).encode()


def _code(text: str) -> bytes:
    """Read a recovery code as it is written down: in any case, with or without lines."""
    letters = "".join(one for one in text.upper() if one.isalnum())
    return letters.translate(str.maketrans("018", "OIB")).encode()


# --- wrapping -----------------------------------------------------------------


def _wrapped(key: Key, secret: bytes) -> _Lock:
    nonce = secrets.token_bytes(12)
    lock = _Lock(
        cost_log2=_COST_LOG2,
        salt=secrets.token_bytes(32).hex(),
        nonce=nonce.hex(),
        wrapped="00",
    )
    made = _derived(lock, secret)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    box = AESGCM(made).encrypt(nonce, key.secret, None)
    return lock.model_copy(update={"wrapped": box.hex()})


def _unwrapped(lock: _Lock, secret: bytes) -> Key | None:
    made = _derived(lock, secret)
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        nonce, box = bytes.fromhex(lock.nonce), bytes.fromhex(lock.wrapped)
        return Key(AESGCM(made).decrypt(nonce, box, None))
    except (InvalidTag, ValueError):
        return None


def _derived(lock: _Lock, secret: bytes) -> bytes:
    try:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError as error:
        raise not_installed(error) from error
    salt, cost = bytes.fromhex(lock.salt), 2**lock.cost_log2
    return Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=1).derive(secret)
