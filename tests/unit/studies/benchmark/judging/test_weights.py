"""No face is judged by weights that have seen it, nor a family in its own exam."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.benchmark.building.plan import VersionKind
from studies.benchmark.judging.weights import (
    EXAMS,
    check_folds,
    exams_of,
    weights_for,
)
from twitch_tracker.errors import BadParameter


@pytest.fixture
def folds(tmp_path: Path) -> Path:
    """Three faces in two folds, weights for every exam."""
    (tmp_path / "folds.csv").write_text("face,fold\nann,0\nben,1\ncat,0\n")
    for exam in EXAMS:
        for fold in "01":
            (tmp_path / exam / fold).mkdir(parents=True)
    return tmp_path


def test_every_face_gets_the_weights_of_its_own_fold(folds: Path):
    assert weights_for("ann", folds) == weights_for("cat", folds) == folds / "all/0"
    assert weights_for("ben", folds) == folds / "all/1"
    assert weights_for("ben", folds, "warp") == folds / "warp/1"
    assert weights_for("ben", None) is None
    check_folds({"ann", "ben"}, folds)


def test_a_face_without_a_fold_is_refused_before_any_work(folds: Path):
    with pytest.raises(BadParameter, match="zoe"):
        check_folds({"ann", "zoe"}, folds)


def test_a_fold_without_weights_of_any_exam_is_refused(folds: Path):
    (folds / "second" / "1").rmdir()
    check_folds({"ann", "cat"}, folds)
    with pytest.raises(BadParameter, match="second/1"):
        check_folds({"ben"}, folds)


def test_a_burst_is_judged_in_the_exam_of_its_family(folds: Path, made_up):
    for kind, family in (
        (VersionKind.SPASMS, "warp"),
        (VersionKind.SECOND, "second"),
        (VersionKind.HELD, "real"),
        (VersionKind.REOPENED, "real"),
        (VersionKind.HALVES, "real"),
    ):
        assert exams_of(made_up.version(kind), folds) == ("all", family)


def test_what_is_untouched_is_judged_in_every_exam(folds: Path, made_up):
    quiet = made_up.version(VersionKind.UNTOUCHED)
    assert exams_of(quiet, folds) == EXAMS
    assert exams_of(quiet, None) == ("all",)
