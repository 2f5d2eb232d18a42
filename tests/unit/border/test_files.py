"""How much of a file is read, and how."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest

from twitch_tracker.border.files import (
    decoded,
    read_bytes,
    read_text,
    shown_name,
    unpacked,
)
from twitch_tracker.errors import BadFile


def test_a_file_is_read_up_to_its_limit_and_no_further(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"x" * 2**20)
    assert len(read_bytes(tmp_path / "a", 2**20, BadFile)) == 2**20
    (tmp_path / "a").write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(BadFile, match="a: expected at most 1 MB, got more"):
        read_bytes(tmp_path / "a", 2**20, BadFile)


def test_a_small_file_does_not_become_a_large_one():
    bomb = gzip.compress(bytes(50 * 2**20))
    assert len(bomb) < 100_000
    with pytest.raises(BadFile, match="at most 1 MB"):
        unpacked(bomb, "a.gz", 2**20, BadFile)
    assert unpacked(gzip.compress(b"abc"), "a.gz", 3, BadFile) == b"abc"
    assert unpacked(b"abc", "a", 0, BadFile) == b"abc"


@pytest.mark.parametrize("kept", [2, 5, 12, -1, -9])
def test_a_compressed_file_that_is_cut_off_is_a_named_error(kept: int):
    content = gzip.compress(b"some text that is long enough" * 10)[:kept]
    with pytest.raises(BadFile, match=r"a\.gz: compressed, and damaged"):
        unpacked(content, "a.gz", 2**20, BadFile)


@pytest.mark.parametrize("name", ["missing", ".", "a\x00b"])
def test_what_is_no_file_is_a_named_error(tmp_path: Path, name: str):
    with pytest.raises(BadFile, match="cannot be read"):
        read_text(tmp_path / name, 10, BadFile)


def test_text_is_utf_8_with_or_without_a_mark():
    assert decoded(b"\xef\xbb\xbfa", "a", BadFile) == "a"
    with pytest.raises(BadFile, match="expected UTF-8 text"):
        decoded(b"\xff", "a", BadFile)


@pytest.mark.skipif(sys.platform == "win32", reason="names there are Unicode")
def test_a_name_that_is_no_text_is_shown_as_text():
    name = shown_name(Path(os.fsdecode(b"/x/caf\xe9.mp4")))
    assert name == "caf\N{REPLACEMENT CHARACTER}.mp4"
    assert shown_name(Path("café.mp4")) == "café.mp4"
