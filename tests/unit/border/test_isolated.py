"""A look in a process of its own ends by itself, by its clock, or by its memory."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twitch_tracker.border import isolated as module
from twitch_tracker.border.files import read_bytes
from twitch_tracker.border.isolated import isolated
from twitch_tracker.errors import BadFile, BadTruthFile
from twitch_tracker.exchange.saved_signals import read_signals


def test_it_answers(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    looked = isolated(
        read_bytes, tmp_path / "a", 5, BadFile, name="a", error=BadTruthFile
    )
    assert looked == b"abc"
    with pytest.raises(BadFile, match="expected at most") as caught:
        isolated(read_bytes, tmp_path / "a", 2, BadFile, name="a", error=BadTruthFile)
    assert type(caught.value) is BadFile


def test_what_takes_too_long_is_given_up():
    with pytest.raises(BadTruthFile, match="stopped after 1 s"):
        isolated(time.sleep, 600, name="a", error=BadTruthFile, most_s=0.1)


def count_for_ever() -> None:
    while True:
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="only elsewhere it can be limited")
def test_what_computes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 1000)
    with pytest.raises(BadTruthFile, match="too much memory or time"):
        isolated(count_for_ever, name="a", error=BadTruthFile, most_s=0.5)


def test_what_has_to_wait_for_a_busy_computer_is_no_damaged_file(monkeypatch):
    """Sixty seconds by the clock refused good films, and removed them."""
    monkeypatch.setattr(module, "PATIENCE", 1000)
    assert isolated(time.sleep, 1.5, name="a", error=BadTruthFile, most_s=1.0) is None


def test_what_ends_its_reader_ends_nothing_else():
    with pytest.raises(BadTruthFile, match="or crashed"):
        isolated(os._exit, 3, name="a", error=BadTruthFile)


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is limited")
def test_what_needs_too_much_memory_is_refused(tmp_path: Path):
    with pytest.raises(BadTruthFile, match="needed too much memory"):
        isolated(bytes, 2**31, name="a", error=BadTruthFile, most_bytes=2**30)


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is limited")
def test_a_small_file_of_signals_does_not_fill_the_memory(tmp_path: Path):
    """Its columns say little and become much: 2 GB of one repeated word."""
    path = tmp_path / "signals.parquet"
    word, where = "a" * 2**20, pa.array([0] * 2_000, pa.int32())
    column = pa.DictionaryArray.from_arrays(where, pa.array([word]))
    table = pa.table({"reasons": column})
    pq.write_table(table, path, compression="zstd")
    assert path.stat().st_size < 2**20
    with pytest.raises(BadFile):
        isolated(read_signals, path, name="signals.parquet", error=BadTruthFile)
