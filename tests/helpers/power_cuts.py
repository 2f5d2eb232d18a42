"""What a power cut would take: names and contents that nobody flushed to the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

import pytest

__all__ = ["Disk"]


class Disk:
    """A folder, and what of it was flushed since this looked first.

    Parameters
    ----------
    root : Path
        The folder; what is in it by now is taken for flushed, and so is itself.
    monkeypatch : MonkeyPatch
        Lets this hear of each flush.
    """

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._root = root
        self._names = {self._name(path) for path in root.rglob("*")}
        self._contents = {self._content(path) for path in root.rglob("*")}
        monkeypatch.setattr(os, "fsync", self._flush)

    def would_lose(self, *, apart_from: Collection[str] = ()) -> list[str]:
        """Return what would be lost now, or be empty; of some names nothing."""
        lost = []
        for path in sorted(self._root.rglob("*")):
            if path.name in apart_from:
                continue
            name = path.relative_to(self._root).as_posix()
            if self._name(path) not in self._names:
                lost.append(f"{name}: its name")
            filled = path.is_file() and path.stat().st_size > 0
            if filled and self._content(path) not in self._contents:
                lost.append(f"{name}: its content")
        return lost

    def _flush(self, handle: int) -> None:
        told = os.fstat(handle)
        if not stat.S_ISDIR(told.st_mode):
            self._contents.add((told.st_ino, told.st_size, told.st_mtime_ns))
            return
        for path in self._root.rglob("*"):
            if path.parent.stat().st_ino == told.st_ino:
                self._names.add(self._name(path))

    def _name(self, path: Path) -> tuple[str, int]:
        return path.relative_to(self._root).as_posix(), path.stat().st_ino

    def _content(self, path: Path) -> tuple[int, int, int]:
        told = path.stat()
        return told.st_ino, told.st_size, told.st_mtime_ns
