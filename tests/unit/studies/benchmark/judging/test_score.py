"""What is set apart before judging, and what is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.benchmark.building.faces import Deliberate
from studies.benchmark.building.material import Playing
from studies.benchmark.judging import score as module
from studies.benchmark.judging.detectors import Findings
from studies.benchmark.judging.measure import Measured
from studies.benchmark.judging.score import Scored, ScoreTask, score_recording
from twitch_tracker.episodes.detector import Detection
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import Episode
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

HEADER = "onset_s,offset_s,side,regions,lead_region,kind,event,reasons\n"
PLAYING = Playing(frames=600, source_frames=600, step_s=1 / 30)


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, face, made_up):
    """Score a truth table against a log, 20 s of a still face."""
    raw = face.film(np.arange(600) / 30)
    motion = measure_motion(raw)

    def run(rows: str, logged: tuple[Episode, ...], **task: object) -> Scored:
        (tmp_path / "truth.csv").write_text(HEADER + rows)
        measured = Measured(fingerprint="", raw=raw, elapsed_s=1.0)
        monkeypatch.setattr(module, "read_measured", lambda _: measured)
        detection = Detection(episodes=logged, blinks=(), near_misses=())
        found = Findings(detection=detection, motion=motion, ms_per_frame=1.0)
        monkeypatch.setattr(module, "detect", lambda *_, **__: {"it": found})
        return score_recording(
            ScoreTask(
                version=made_up.version(),
                playing=PLAYING,
                video=tmp_path / "v.mp4",
                truth=tmp_path / "truth.csv",
                kept=tmp_path / "v.motion",
                **task,  # type: ignore[arg-type]
            )
        )

    return run


def on_purpose(start_s: float, end_s: float, side: Side) -> tuple[Deliberate, ...]:
    span = Interval(start_s=start_s, end_s=end_s)
    return (Deliberate(file="rest_a.mp4", span=span, side=side),)


def test_a_movement_on_purpose_is_excused_but_stays_in_the_strict_log(judge, burst):
    log = (burst(5, 6, Side.LEFT), burst(12, 13, Side.LEFT))
    scored = judge("", log, deliberate=on_purpose(4.8, 6.2, Side.LEFT))
    assert scored.judged["it"].lenient.logged == log[1:]
    assert scored.judged["it"].strict.logged == log
    assert (scored.deliberate, scored.judged["it"].deliberate_logged) == (1, 1)


def test_the_other_side_is_not_excused(judge, burst):
    log = (burst(5, 6, Side.RIGHT),)
    scored = judge("", log, deliberate=on_purpose(4.8, 6.2, Side.LEFT))
    assert scored.judged["it"].lenient.logged == log
    assert scored.judged["it"].deliberate_logged == 0


def test_a_true_burst_during_a_movement_on_purpose_still_counts(judge, burst):
    log = (burst(5, 6, Side.LEFT),)
    scored = judge(
        "5.1,6.0,left,eyelid,eyelid,clonic,spasm,\n",
        log,
        deliberate=on_purpose(4.8, 6.2, Side.LEFT),
    )
    assert scored.judged["it"].lenient.logged == log


def test_a_burst_that_could_not_be_put_in_is_neither_missed_nor_false(judge, burst):
    rows = "5,6,left,eyelid,eyelid,clonic,spasm,face not seen\n"
    scored = judge(rows, (burst(5.2, 5.8, Side.LEFT),), severities=("mild",))
    assert scored.hidden == 1
    assert scored.judged["it"].lenient.truth == ()
    assert scored.judged["it"].lenient.logged == ()


def test_blinks_are_counted_once_unless_a_true_burst_touches_them(judge, burst):
    rows = (
        "2,2.3,both,eyelid,,,blink,\n8,8.3,both,eyelid,,,blink,\n"
        "8.1,9,right,eyelid,eyelid,clonic,spasm,\n"
    )
    log = (burst(2.1, 2.2, Side.LEFT), burst(8.1, 8.9, Side.RIGHT))
    scored = judge(rows, log, severities=("severe",))
    assert scored.blinks == 1
    assert scored.judged["it"].blinks_logged == 1
    assert scored.severities == {8.1: "severe"}


def test_the_distance_of_the_eyes_and_the_exam_are_told(judge):
    scored = judge("", (), exam="warp")
    assert (scored.interocular_px, scored.exam) == (150.0, "warp")


def test_a_recording_that_was_not_measured_is_an_error(tmp_path: Path, made_up):
    task = ScoreTask(
        version=made_up.version(),
        playing=PLAYING,
        video=tmp_path / "v.mp4",
        truth=tmp_path / "t.csv",
        kept=tmp_path / "none.motion",
    )
    with pytest.raises(TwitchTrackerError, match="not measured"):
        score_recording(task)
