"""No face is judged by weights that have seen it."""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.benchmark.weights import check_folds, weights_for
from twitch_tracker.errors import BadParameter


def test_every_face_gets_the_weights_of_its_own_fold(tmp_path: Path):
    (tmp_path / "folds.csv").write_text("face,fold\nann,0\nben,1\ncat,0\n")
    for fold in "01":
        (tmp_path / fold).mkdir()
    assert (
        weights_for("ann", tmp_path) == weights_for("cat", tmp_path) == tmp_path / "0"
    )
    assert weights_for("ben", tmp_path) == tmp_path / "1"
    assert weights_for("ben", None) is None
    check_folds({"ann", "ben"}, tmp_path)


def test_a_face_without_a_fold_is_refused_before_any_work(tmp_path: Path):
    (tmp_path / "folds.csv").write_text("face,fold\nann,0\nben,7\n")
    (tmp_path / "0").mkdir()
    with pytest.raises(BadParameter, match="zoe"):
        check_folds({"ann", "zoe"}, tmp_path)
    with pytest.raises(BadParameter, match="7"):
        check_folds({"ben"}, tmp_path)
