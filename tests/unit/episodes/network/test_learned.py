"""The learned detector on made-up faces: sides, rates, sensitivity, and errors."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from twitch_tracker.episodes.detector import EpisodeDetector
from twitch_tracker.episodes.network.decode import DecodeParams
from twitch_tracker.episodes.network.learned import (
    LEAST_CONFIDENCE,
    LearnedDetector,
    LearnedParams,
)
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.errors import WeightsMissing
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.regions import Side

FPS = 30.0


def held(time_s, spans, rise_s=0.06):
    """1 within the spans, 0 outside, with abrupt but not instant edges."""
    drive = np.zeros(len(time_s))
    for start_s, end_s in spans:
        up = np.clip((time_s - start_s) / rise_s, 0, 1)
        down = np.clip((end_s - time_s) / rise_s, 0, 1)
        drive = np.maximum(drive, np.minimum(up, down))
    return drive


def seated(face, spans, *, side=Side.RIGHT, lasts_s=40.0, fps=FPS, depth=0.7, seed=1):
    """Film a person who sits, with contractions of one side and some blinks."""
    time_s = np.arange(round(lasts_s * fps)) / fps
    drive = held(time_s, spans)
    blink = held(time_s, [(at, at + 0.2) for at in np.arange(3.3, lasts_s - 1, 4.7)])
    closure = {
        s: np.maximum(blink, depth * drive * (s is side))
        for s in (Side.LEFT, Side.RIGHT)
    }
    raw = face.film(
        time_s,
        closure=closure,
        pull_mm={side: 5.0 * depth * drive},
        cheek_mm={side: 3.0 * depth * drive},
        yaw_deg=3 * np.sin(0.6 * time_s),
        pitch_deg=2 * np.sin(0.5 * time_s),
        noise_px=0.25,
        seed=seed,
    )
    return raw, np.stack([closure[Side.LEFT], closure[Side.RIGHT]], axis=1)


def looked(raw, closure):
    """Measured, with eyes whose look tells their true closure."""
    return replace(measure_motion(raw), patch_closure=closure.astype(np.float32))


SPANS = [(5.5, 6.5), (12.0, 13.5), (19.2, 19.9), (26.0, 28.5), (33.0, 33.8)]


def test_it_is_a_detector():
    detector: EpisodeDetector = LearnedDetector()
    assert detector.name == "learned"


def test_bursts_of_one_side_are_found_and_blinks_are_not(usual):
    found = usual
    assert [e.side for e in found.episodes] == [Side.RIGHT] * len(SPANS)
    for burst, (start_s, end_s) in zip(found.episodes, SPANS, strict=True):
        assert burst.span.start_s == pytest.approx(start_s, abs=0.1)
        assert burst.span.end_s == pytest.approx(end_s, abs=0.15)
        assert 0.5 <= burst.confidence <= 1


def test_a_mirrored_recording_exchanges_the_sides_and_nothing_else(face):
    raw, closure = seated(face, SPANS)
    direct = LearnedDetector().detect(looked(raw, closure))
    seen = LearnedDetector().detect(looked(face.mirrored(raw), closure[:, ::-1]))
    assert len(seen.episodes) == len(direct.episodes) > 0
    for here, there in zip(direct.episodes, seen.episodes, strict=True):
        assert there.side is here.side.other
        assert there.span.start_s == pytest.approx(here.span.start_s, abs=0.034)
        assert there.span.end_s == pytest.approx(here.span.end_s, abs=0.034)
        assert there.confidence == pytest.approx(here.confidence, abs=0.02)
        assert there.kind is here.kind


def test_nothing_is_found_on_a_quiet_face(face):
    assert LearnedDetector().detect(looked(*seated(face, []))).episodes == ()


@pytest.fixture(scope="module")
def usual(face):
    return LearnedDetector().detect(looked(*seated(face, SPANS)))


@pytest.mark.parametrize("fps", [20.0, 60.0, 120.0])
def test_the_frame_rate_changes_nothing_that_matters(face, usual, fps):
    other = LearnedDetector().detect(looked(*seated(face, SPANS, fps=fps)))
    assert len(other.episodes) == len(usual.episodes)
    for here, there in zip(usual.episodes, other.episodes, strict=True):
        assert there.span.start_s == pytest.approx(here.span.start_s, abs=0.07)


def test_what_else_a_recording_holds_changes_no_verdict(face):
    """A burst is a burst whether the face is in spasm for 5 or for 45 % of the time."""
    often = [(at, at + 1.4) for at in np.arange(2.0, 38.0, 3.1)]
    few = [often[3], often[8]]
    busy = LearnedDetector().detect(looked(*seated(face, often)))
    calm = LearnedDetector().detect(looked(*seated(face, few)))
    assert len(calm.episodes) == len(few)
    assert len(busy.episodes) == len(often)


def test_sensitivity_only_moves_what_confidence_is_asked_for(face):
    motion = looked(*seated(face, SPANS, depth=0.25, seed=3))
    found = {
        s: LearnedDetector(LearnedParams(sensitivity=s)).detect(motion).episodes
        for s in Sensitivity
    }
    sizes = [len(found[s]) for s in (Sensitivity.LOW, Sensitivity.STANDARD)]
    assert sizes == sorted(sizes)
    assert len(found[Sensitivity.HIGH]) >= sizes[-1]
    for sensitivity, bursts in found.items():
        assert all(b.confidence >= LEAST_CONFIDENCE[sensitivity] for b in bursts)


def test_every_number_that_decides_is_among_the_parameters():
    high = LearnedDetector(LearnedParams(sensitivity=Sensitivity.HIGH)).parameters()
    usual = LearnedDetector().parameters()
    assert high["detector"] == "learned"
    assert high["sensitivity"] == "high"
    assert high["least_confidence"] < usual["least_confidence"]
    assert len(str(usual["networks_sha256"])) == 64
    decode = {field.name for field in fields(DecodeParams)}
    assert {"merge_gap_s", "mirrored_most"} | decode <= set(usual)
    costly = LearnedParams(decode=DecodeParams(switch_cost=9.0), merge_gap_s=0.7)
    other = LearnedDetector(costly).parameters()
    assert (other["switch_cost"], other["merge_gap_s"]) == (9.0, 0.7)


def test_without_networks_it_says_what_is_missing(tmp_path):
    with pytest.raises(WeightsMissing, match=r"certainty\.json"):
        LearnedDetector(networks=tmp_path)
