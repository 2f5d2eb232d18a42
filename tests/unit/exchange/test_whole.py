"""A single file is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.whole import write_whole


@pytest.mark.parametrize("content", ["höher\n", b"\x00\x01"])
def test_what_is_written_is_there_and_nothing_else(
    tmp_path: Path, content: str | bytes
):
    path = write_whole(tmp_path / "file", content)
    expected = content.encode() if isinstance(content, str) else content
    assert path.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error_or_made(tmp_path: Path):
    path = tmp_path / "not" / "there"
    with pytest.raises(OutputNotWritable, match="could not be written"):
        write_whole(path, "text")
    assert write_whole(path, "text", make_folder=True).read_text() == "text"


def test_what_was_there_survives_a_failure(tmp_path: Path, monkeypatch):
    path = write_whole(tmp_path / "file", "old")

    def fail(_self: Path, _target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputNotWritable, match="no space left"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
