"""A portrait from elsewhere: small memory, and nobody else's program reads it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.simulate.picture.stills import read_still


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def test_a_picture_that_needs_gigabytes_is_refused_by_its_head(tmp_path: Path):
    head = struct.pack(">IIBBBBB", 9_000, 9_000, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"")
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(VideoUnreadable, match="9000 x 9000 pixels"):
        read_still(tmp_path / "a.png")


def test_no_other_program_is_started_for_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Pillow gives PostScript to Ghostscript, whatever the file is called."""
    started: list[object] = []
    monkeypatch.setattr("subprocess.Popen.__init__", lambda *a, **_: started.append(a))
    monkeypatch.setattr("shutil.which", lambda *_, **__: "/usr/bin/gs")
    (tmp_path / "a.png").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n%%EndComments\n"
    )
    with pytest.raises(VideoUnreadable, match="not a readable picture"):
        read_still(tmp_path / "a.png")
    assert not started
