"""What the benchmark keeps comes back as it was, and reading it runs nothing."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from studies.benchmark.judging.kept_motion import packed, unpacked
from studies.benchmark.judging.measure import read_measured
from twitch_tracker.errors import BadFile
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.records import QualityReason


@pytest.fixture
def raw(eyes: Callable[..., RawMotion]) -> RawMotion:
    both = (QualityReason.NO_FACE, QualityReason.TOO_DARK)
    return replace(
        eyes(np.ones(4), np.array([1.0, 0.5, np.nan, 1.0])),
        reasons=((), both, (), both[:1]),
        cuts_s=(0.05, 0.1),
        eye_pictures=np.arange(4 * 2 * 3 * 5, dtype=np.uint8).reshape(4, 2, 3, 5),
        same=np.array([False, True, True, False]),
        lips_hidden=np.array([False, False, True, True]),
        unchanged_share=0.25,
        quantiser=31.5,
    )


def test_it_comes_back_as_it_was(tmp_path: Path, raw: RawMotion):
    path = tmp_path / "a.motion"
    path.write_bytes(packed(raw, "abc", 1.5))
    found = read_measured(path)
    assert found is not None
    assert (found.fingerprint, found.elapsed_s) == ("abc", 1.5)
    for one in fields(RawMotion):
        was, got = getattr(raw, one.name), getattr(found.raw, one.name)
        assert type(was) is type(got), one.name
        if isinstance(was, np.ndarray):
            assert was.dtype == got.dtype
            np.testing.assert_array_equal(got, was, one.name)
        else:
            assert got == was, one.name


def test_it_comes_back_without_pictures(tmp_path: Path, raw: RawMotion):
    path = tmp_path / "a.motion"
    bare = replace(raw, eye_pictures=None, same=None, lips_hidden=None, cuts_s=())
    path.write_bytes(packed(replace(bare, unchanged_share=np.nan), "abc", 1.5))
    back, _ = unpacked(path)
    assert back.eye_pictures is back.same is back.lips_hidden is None
    assert back.cuts_s == ()
    assert np.isnan(back.unchanged_share)


class Trap:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_a_file_that_was_found_there_runs_nothing(tmp_path: Path):
    path, trap = tmp_path / "a.motion", tmp_path / "sprung"
    path.write_bytes(pickle.dumps(Trap(trap)))
    assert read_measured(path) is None
    file = io.BytesIO()
    np.savez(file, about=np.array([Trap(trap)], dtype=object), allow_pickle=True)
    path.write_bytes(file.getvalue())
    assert read_measured(path) is None
    assert not trap.exists()


@pytest.mark.parametrize("kept", [0, 4, 100, -30])
def test_what_is_cut_off_is_a_named_error(tmp_path: Path, raw: RawMotion, kept: int):
    path = tmp_path / "a.motion"
    path.write_bytes(packed(raw, "abc", 1.5)[:kept])
    with pytest.raises(BadFile, match="no kept motion"):
        unpacked(path)
    with pytest.raises(BadFile, match="no kept motion"):
        unpacked(tmp_path / "missing.motion")
