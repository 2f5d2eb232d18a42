"""A file that is encrypted on the disk and read and written like any other.

    magic 16 | name of the key 8 | salt 32 | length, encrypted 36 | blocks of 64 KiB, encrypted

Each file has a key of its own (HKDF-SHA256 of the journal's key and the salt). A block
is a random nonce, the content under AES-256-GCM with the block's number, and a tag; so
any part is read, and written again, without the rest: a film is played from its middle,
and FFmpeg may seek while it writes. The length is encrypted with its own tag, so that
a file that was cut off is noticed. Note: a damaged block is an `OSError` like that of a
bad disk, which every reader handles; and without the key it is a
`PermissionError`.
"""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, Literal, cast

from twitch_tracker.encrypted.keys import Key, key_named, key_to_write
from twitch_tracker.errors import MissingDependency
from twitch_tracker.language import say

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = [
    "BLOCK_BYTES",
    "HEADER_BYTES",
    "as_source",
    "content_size",
    "copy_content",
    "derived",
    "is_encrypted",
    "not_installed",
    "open_plain",
    "open_to_read",
    "open_to_write",
    "read_whole",
    "write_all",
]

MAGIC: Final = b"\x00tt sealed v1\x00\r\n"
"""Begins no film, no Parquet file, no text."""

BLOCK_BYTES: Final = 65_536
_NONCE: Final = 12
_TAG: Final = 16
_SALT: Final = 32
_NAME: Final = 8
_LENGTH_AT: Final = len(MAGIC) + _NAME + _SALT
_LENGTH_BYTES: Final = _NONCE + 8 + _TAG
HEADER_BYTES: Final = _LENGTH_AT + _LENGTH_BYTES
"""How much stands before the first block."""

_STORED_BLOCK: Final = _NONCE + BLOCK_BYTES + _TAG
_OF_LENGTH: Final = b"length"

Mode = Literal["wb", "xb"]


def derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    """Make a key for one purpose of a key (HKDF-SHA256, RFC 5869).

    Parameters
    ----------
    secret : bytes
        256 random bits.
    salt : bytes
        Random, or empty.
    purpose : bytes
        A key of one purpose reveals nothing about another.

    Returns
    -------
    bytes
        32 bytes.

    Raises
    ------
    MissingDependency
        The library is not installed.
    """
    try:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ImportError as error:
        raise not_installed(error) from error
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(secret)


def not_installed(error: ImportError) -> MissingDependency:
    """Say which extra an encrypted journal needs."""
    return MissingDependency(
        say(
            "An encrypted journal needs more: pip install 'twitch-tracker[encrypted]' "
            "({error}).",
            error=error,
        )
    )


def _cipher(key: Key, salt: bytes) -> AESGCM:
    secret = derived(key.secret, salt, b"twitch-tracker file v1")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(secret)


# --- the file -----------------------------------------------------------------


class _EncryptedFile(io.RawIOBase):
    """An open encrypted file; `open_to_read` and `open_to_write` make it."""

    def __init__(
        self,
        raw: BinaryIO,
        cipher: AESGCM,
        size: int,
        *,
        writable: bool,
        handle: int | None = None,
    ) -> None:
        super().__init__()
        self._raw: Final = raw
        self._handle = handle
        self._cipher: Final = cipher
        self._may_write: Final = writable
        self._size = size
        self._place = 0
        self._number = -1
        self._block = bytearray()
        self._changed = False
        self._written_size = size

    @property
    def name(self) -> Any:
        """Of the file on the disk."""
        return self._raw.name

    # --- what every file can

    def readable(self) -> bool:
        """Return whether it can be read."""
        return True

    def writable(self) -> bool:
        """Return whether it can be written."""
        return self._may_write

    def seekable(self) -> bool:
        """Return whether one can go to any place."""
        return True

    def fileno(self) -> int:
        """Return the handle of the file on the disk, to flush or to lock it."""
        return self._raw.fileno()

    def tell(self) -> int:
        """Return the place in the content."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the content."""
        since = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}
        place = since[whence] + offset
        if place < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._place = place
        return place

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as there is content."""
        wanted = memoryview(buffer).cast("B")
        done = 0
        while done < len(wanted) and self._place < self._size:
            number, inside = divmod(self._place, BLOCK_BYTES)
            self._go_to(number)
            piece = self._block[inside : inside + len(wanted) - done]
            wanted[done : done + len(piece)] = piece
            done += len(piece)
            self._place += len(piece)
        return done

    def write(self, content: ReadableBuffer) -> int:
        """Write all of some bytes at the place."""
        if not self._may_write:
            raise io.UnsupportedOperation("write")
        if self._place > self._size:
            gap, self._place = self._place - self._size, self._size
            while gap > 0:
                gap -= self.write(bytes(min(gap, BLOCK_BYTES)))
        given = memoryview(content).cast("B")
        done = 0
        while done < len(given):
            number, inside = divmod(self._place, BLOCK_BYTES)
            self._go_to(number)
            piece = given[done : done + BLOCK_BYTES - inside]
            self._block[inside : inside + len(piece)] = piece
            self._changed = True
            done += len(piece)
            self._place += len(piece)
            self._size = max(self._size, self._place)
        return done

    def truncate(self, size: int | None = None) -> int:
        """Cut the content off; nothing is added."""
        wanted = self._place if size is None else size
        if not self._may_write:
            raise io.UnsupportedOperation("truncate")
        if wanted < self._size:
            number, inside = divmod(wanted, BLOCK_BYTES)
            self._go_to(number)
            del self._block[inside:]
            self._size, self._changed = wanted, True
            self.flush()
            self._raw.truncate(HEADER_BYTES + _stored(wanted))
        return self._size

    def flush(self) -> None:
        """Write what is held back, and how long the content is."""
        if self.closed or not self._may_write:
            return
        self._keep_block()
        if self._size != self._written_size:
            self._raw.seek(_LENGTH_AT)
            self._raw.write(_length_box(self._cipher, self._size))
            self._written_size = self._size
        self._raw.flush()

    def close(self) -> None:
        """Flush and close."""
        if not self.closed:
            try:
                super().close()  # which flushes
            finally:
                self._raw.close()
                if self._handle is not None:
                    os.close(self._handle)

    # --- blocks

    def _go_to(self, number: int) -> None:
        """Hold a block in memory; beyond the end an empty one."""
        if number == self._number:
            return
        self._keep_block()
        length = min(max(self._size - number * BLOCK_BYTES, 0), BLOCK_BYTES)
        block = bytearray()
        if length:
            self._raw.seek(HEADER_BYTES + number * _STORED_BLOCK)
            stored = self._raw.read(_NONCE + length + _TAG)
            block = bytearray(_opened(self._cipher, stored, _of(number), self.name))
        self._block, self._number = block, number

    def _keep_block(self) -> None:
        """Write the block in memory to its place, if it was changed."""
        if self._changed:
            self._raw.seek(HEADER_BYTES + self._number * _STORED_BLOCK)
            self._raw.write(_boxed(self._cipher, bytes(self._block), _of(self._number)))
            self._changed = False


def _of(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _stored(size: int) -> int:
    """Return how many bytes the blocks of a content take."""
    whole, rest = divmod(size, BLOCK_BYTES)
    return whole * _STORED_BLOCK + (rest + _NONCE + _TAG if rest else 0)


def _boxed(cipher: AESGCM, content: bytes, what: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, content, what)


def _length_box(cipher: AESGCM, size: int) -> bytes:
    return _boxed(cipher, size.to_bytes(8, "big"), _OF_LENGTH)


def _opened(cipher: AESGCM, box: bytes, what: bytes, name: object) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(box[:_NONCE], box[_NONCE:], what)
    except (InvalidTag, ValueError) as error:
        raise OSError(
            errno.EIO, say("it is encrypted, and damaged"), str(name)
        ) from error


# --- opening ------------------------------------------------------------------


def open_plain(path: Path) -> BinaryIO:
    """Open a file as it is on the disk, and nothing else that has a name there.

    A pipe would be waited for until somebody writes into it, a device may never end.

    Raises
    ------
    OSError
        It cannot be read, or is no file.
    """
    return cast("BinaryIO", open(path, "rb", opener=_handle_of))


def _handle_of(path: str, flags: int) -> int:
    """Open without waiting, and give the handle of a file or a folder."""
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    handle = os.open(path, flags)
    kind = os.fstat(handle).st_mode
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):  # a folder: `open` raises by itself
        return handle
    os.close(handle)
    raise OSError(errno.EINVAL, say("it is no file"), str(path))


def is_encrypted(path: Path) -> bool:
    """Return whether a file is encrypted; one that cannot be read is not."""
    try:
        with open_plain(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def open_to_read(path: Path) -> BinaryIO:
    """Open a file for reading, encrypted or not.

    Raises
    ------
    OSError
        It cannot be read: also when it is damaged (``EIO``), or encrypted with a key that
        this process does not hold (`PermissionError`).
    """
    raw = open_plain(path)
    try:
        head = raw.read(HEADER_BYTES)
        if not head.startswith(MAGIC):
            raw.seek(0)
            return raw
        found = _encrypted(raw, head, path)
        raw.close()
        return cast("BinaryIO", found)
    except BaseException:
        raw.close()
        raise


def _encrypted(raw: BinaryIO, head: bytes, path: Path) -> _EncryptedFile:
    name = head[len(MAGIC) : len(MAGIC) + _NAME]
    key = key_named(name)
    if key is None:
        raise PermissionError(
            errno.EACCES, say("it is encrypted, and its journal is locked"), str(path)
        )
    cipher = _cipher(key, head[len(MAGIC) + _NAME : _LENGTH_AT])
    length = _opened(cipher, head[_LENGTH_AT:], _OF_LENGTH, path)
    size = int.from_bytes(length, "big")
    if raw.seek(0, os.SEEK_END) < HEADER_BYTES + _stored(size):
        raise OSError(errno.EIO, say("its end is missing"), str(path))
    # A second handle: libraries drop their file without closing it.
    handle = os.dup(raw.fileno())
    again = io.BufferedReader(_Named(handle, path))
    return _EncryptedFile(
        cast("BinaryIO", again), cipher, size, writable=False, handle=handle
    )


class _Named(io.FileIO):
    """A file by its handle, which somebody else closes, with its name."""

    def __init__(self, handle: int, path: Path) -> None:
        super().__init__(handle, "rb", closefd=False)
        self.name = str(path)


def as_source(path: Path) -> str | BinaryIO:
    """Return what a library opens: a path, or the open content of a encrypted file.

    Raises
    ------
    OSError
        As of `open_to_read`.
    """
    return open_to_read(path) if is_encrypted(path) else str(path.absolute())


def open_to_write(
    path: Path, mode: Mode = "xb", *, as_if: Path | None = None, key: Key | None = None
) -> BinaryIO:
    """Make a file, encrypted where an encrypted journal keeps it.

    Parameters
    ----------
    path : Path
        The file; it can be read, too, while it is open.
    mode : str
        ``xb`` refuses one that is there, ``wb`` replaces it.
    as_if : Path, optional
        The name that it will have, which decides.
    key : Key, optional
        Encrypt it in any case, with this one.

    Returns
    -------
    BinaryIO
        To be closed.

    Raises
    ------
    OSError
        The disk refuses.
    """
    key = key or key_to_write(as_if or path)
    raw = cast("BinaryIO", path.open(mode.replace("b", "+b")))
    if key is None:
        return raw
    try:
        salt = secrets.token_bytes(_SALT)
        cipher = _cipher(key, salt)
        raw.write(MAGIC + key.name + salt + _length_box(cipher, 0))
        return cast("BinaryIO", _EncryptedFile(raw, cipher, 0, writable=True))
    except BaseException:
        raw.close()
        raise


def read_whole(path: Path) -> bytes:
    """Read all of a file, encrypted or not; errors as of `open_to_read`."""
    with open_to_read(path) as file:
        return file.read()


def write_all(path: Path, content: bytes) -> None:
    """Write a file, encrypted where it is kept so; errors as of `open_to_write`."""
    with open_to_write(path, "wb") as file:
        file.write(content)


def content_size(path: Path) -> int:
    """Return how many bytes a file holds, encrypted or not.

    Without the key it follows from the size on the disk.

    Raises
    ------
    OSError
        It cannot be read.
    """
    size = path.stat().st_size
    if not is_encrypted(path):
        return size
    whole, rest = divmod(size - HEADER_BYTES, _STORED_BLOCK)
    return whole * BLOCK_BYTES + max(rest - _NONCE - _TAG, 0)


def copy_content(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy what is left of one open file to another."""
    while piece := source.read(16 * BLOCK_BYTES):
        target.write(piece)
