"""Logs and truths on disk find each other."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.evaluate.reading import pair_folders, read_manifest, read_recording
from twitch_tracker.exchange.tables import write_episodes

TRUTH = "onset_s,offset_s,side,regions,lead_region,kind,event\n"
TRUTH += "1,2,right,eyelid,eyelid,clonic,spasm\n4,4.2,both,eyelid,,,blink\n"
SUMMARY = {
    "schema_version": 1,
    "recorded_s": 60.0,
    "analysable_s": 50.0,
    "damage": {"frames_read": 1800},
    "excluded_spans": [{"start_s": 50.0, "end_s": 60.0, "reasons": ["blurred"]}],
}


@pytest.fixture
def study(tmp_path: Path, burst) -> Path:
    """Logs of a, b, c and truths of a, b, d; only a has a summary."""
    for name in ("a", "b", "c"):
        folder = tmp_path / "logs" / name
        folder.mkdir(parents=True)
        write_episodes(folder / "episodes.csv", [burst(1, 2)])
    (tmp_path / "logs" / "a" / "summary.json").write_text(json.dumps(SUMMARY))
    (tmp_path / "truths").mkdir()
    for name in ("a_truth.csv", "b.csv", "d.truth.csv"):
        (tmp_path / "truths" / name).write_text(TRUTH)
    return tmp_path


@pytest.mark.parametrize("log", ["logs/a", "logs/a/episodes.csv"])
def test_the_summary_tells_the_times(study: Path, log: str):
    found = read_recording(study / log, study / "truths" / "b.csv")
    assert (found.name, found.face, found.face_known) == ("a", "a", False)
    assert (found.recorded_s, found.analysable_s) == (60, 50)
    assert found.frame_s == pytest.approx(1 / 30)
    assert [span.start_s for span in found.excluded] == [50]
    assert (len(found.truth), len(found.logged), len(found.others)) == (1, 1, 1)


def test_without_a_summary_the_times_are_not_known(study: Path):
    found = read_recording(study / "logs" / "b", study / "truths" / "b.csv")
    assert math.isnan(found.recorded_s)
    assert math.isnan(found.analysable_s)


def test_folders_are_matched_by_name(study: Path):
    pairs = pair_folders(study / "logs", study / "truths")
    assert [film.name for film in pairs.recordings] == ["a", "b"]
    assert pairs.alone == ("c", "d")


def test_two_truths_of_one_name_are_refused(study: Path):
    (study / "truths" / "a.eaf").write_text("")
    with pytest.raises(BadTruthFile, match="two truths of 'a'"):
        pair_folders(study / "logs", study / "truths")


def test_folders_without_a_pair_are_refused(study: Path):
    with pytest.raises(BadTruthFile, match=r"\(a, b, c\) has the name .* \(none\)"):
        pair_folders(study / "logs", study / "logs" / "a" / "..")


def manifest(study: Path, text: str) -> Path:
    path = study / "set.csv"
    path.write_text(text)
    return path


def test_a_manifest_tells_faces_and_activities(study: Path):
    path = manifest(
        study,
        "log,truth,who,activity,recorded_s\n"
        "logs/a,truths/a_truth.csv,ann,Rest,\nlogs/b,truths/b.csv,bob,talk,30\n",
    )
    a, b = read_manifest(path, "who").recordings
    assert (a.face, a.activity, a.face_known) == ("ann", "rest", True)
    assert (b.face, b.activity, b.recorded_s) == ("bob", "talk", 30)
    assert a.recorded_s == 60


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log\nlogs/a\n", "missing truth"),
        ("log,truth\nlogs/x,truths/b.csv\n", "line 2, column log: expected a file"),
        ("log,truth\nlogs/a,truths/b.csv\nlogs/a,truths/b.csv\n", "got a more than"),
        ("log,truth\n", "expected at least one row"),
        ("log,truth,recorded_s\nlogs/b,truths/b.csv,long\n", "a number of seconds"),
    ],
)
def test_a_bad_manifest_is_refused(study: Path, text: str, message: str):
    with pytest.raises(BadTruthFile, match=message):
        read_manifest(manifest(study, text))


def test_a_column_of_faces_that_is_not_there_is_refused(study: Path):
    path = manifest(study, "log,truth\nlogs/a,truths/b.csv\n")
    with pytest.raises(BadTruthFile, match="missing who"):
        read_manifest(path, "who")


def test_a_summary_of_something_else_is_refused(study: Path):
    (study / "logs" / "a" / "summary.json").write_text('{"schema_version": 1}')
    with pytest.raises(BadTruthFile, match="not a summary that this program wrote"):
        read_recording(study / "logs" / "a", study / "truths" / "b.csv")
