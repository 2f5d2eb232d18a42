"""Pulls of one mouth corner: where they are, what they are like, and what is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pulled_mouths import drawn_down, held, pulled

from twitch_tracker.episodes import reasons
from twitch_tracker.episodes.description.attributes import describe
from twitch_tracker.episodes.network import learned
from twitch_tracker.episodes.network.certainty import Certainty
from twitch_tracker.episodes.network.features import paced
from twitch_tracker.episodes.network.learned import LearnedDetector
from twitch_tracker.episodes.pulls import (
    PULL_TRAITS,
    PULLS,
    frames_of,
    pulls,
    seen_closely,
)
from twitch_tracker.motion.drawn_down import drawn_down as followed_down
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import NearMiss
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

SPANS = [(5.0, 6.2), (12.0, 13.4), (19.0, 20.0)]


def found(raw):
    return pulls(paced(measure_motion(raw)))


def confident(raw):
    weights = Certainty.load(shipped_folder(), PULLS, PULL_TRAITS)
    return [p for p in found(raw) if weights.confidence(p.traits) >= 0.65]


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_every_pull_is_found_once_where_it_was(face, fps):
    seen = confident(pulled(face, SPANS, fps=fps))
    assert [p.side for p in seen] == [Side.RIGHT] * len(SPANS)
    for pull, (start_s, end_s) in zip(seen, SPANS, strict=True):
        assert pull.span.start_s == pytest.approx(start_s, abs=0.15)
        assert pull.span.end_s == pytest.approx(end_s, abs=0.15)


def test_a_mirrored_recording_exchanges_the_sides_and_nothing_else(face):
    raw = pulled(face, SPANS)
    direct, seen = found(raw), found(face.mirrored(raw))
    assert len(direct) == len(seen) >= len(SPANS)
    for here, there in zip(direct, seen, strict=True):
        assert there.side is here.side.other
        assert there.span.start_s == pytest.approx(here.span.start_s, abs=0.034)
        np.testing.assert_allclose(there.traits, here.traits, atol=0.1)


def test_a_smile_of_both_sides_is_no_pull(face):
    time_s = np.arange(780) / 30
    drive = 6.0 * held(time_s, SPANS)
    both = {Side.LEFT: drive, Side.RIGHT: 0.9 * drive}
    assert confident(face.film(time_s, pull_mm=both, noise_px=0.15)) == []


def test_blinks_that_move_the_mesh_of_one_side_are_no_pulls(face):
    """Seen on portraits: where both eyes close, the mesh draws one mouth corner."""
    time_s = np.arange(780) / 30
    blink = held(time_s, [(at, at + 0.25) for at in np.arange(2.0, 25.0, 3.0)])
    raw = face.film(
        time_s,
        closure={Side.LEFT: blink, Side.RIGHT: blink},
        pull_mm={Side.RIGHT: 3.0 * blink},
        noise_px=0.15,
    )
    assert confident(raw) == []


def test_a_quiet_face_pulls_nowhere(face):
    assert confident(pulled(face, [])) == []


def test_a_pull_beyond_what_the_face_does_anyway(face):
    """Whose mouth corners differ all the time is not told to have pulls."""
    time_s = np.arange(1200) / 30
    busy = 3.0 * np.sin(2 * np.pi * 1.3 * time_s) + 3.0 * np.sin(
        2 * np.pi * 0.9 * time_s
    )
    raw = face.film(time_s, pull_mm={Side.LEFT: busy}, noise_px=0.15)
    assert confident(raw) == []


def test_what_was_not_measured_has_no_pulls(face):
    time_s = np.arange(300) / 30
    raw = face.film(time_s, unseen=np.ones(300, bool))
    assert found(raw) == []


def test_the_detector_logs_them_with_their_region(face):
    bursts = LearnedDetector().detect(measure_motion(pulled(face, SPANS))).episodes
    assert [b.side for b in bursts] == [Side.RIGHT] * len(SPANS)
    for burst in bursts:
        assert Region.MOUTH_CORNER in burst.regions
        assert Region.EYELID not in burst.regions


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_a_mouth_corner_drawn_down_is_a_pull_too(face, side):
    """Seen by the usual direction alone, outward and up, it hardly moves."""
    raw = drawn_down(face, SPANS, side=side)
    bursts = LearnedDetector().detect(measure_motion(raw)).episodes
    assert [b.side for b in bursts] == [side] * len(SPANS)
    for burst, (start_s, end_s) in zip(bursts, SPANS, strict=True):
        assert Region.MOUTH_CORNER in burst.regions
        assert burst.span.start_s == pytest.approx(start_s, abs=0.15)
        assert burst.span.end_s == pytest.approx(end_s, abs=0.15)
        assert burst.excursion_mm > 4.0


def test_a_lower_lip_drawn_down_on_both_sides_is_no_pull(face):
    time_s = np.arange(780) / 30
    drive = 6.0 * held(time_s, SPANS)
    both = {Side.LEFT: drive, Side.RIGHT: 0.9 * drive}
    motion = measure_motion(face.film(time_s, down_mm=both, noise_px=0.15))
    assert LearnedDetector().detect(motion).episodes == ()


def test_a_corner_that_goes_down_while_the_mouth_speaks_is_no_pull(face):
    """Seen in acted disgust: an open mouth is drawn down more on one side."""
    time_s = np.arange(780) / 30
    drive = held(time_s, SPANS)
    speaking = 5.0 * (1 + np.sin(2 * np.pi * 1.7 * time_s))
    raw = face.film(
        time_s, down_mm={Side.LEFT: 6.0 * drive}, jaw_mm=speaking, noise_px=0.15
    )
    assert LearnedDetector().detect(measure_motion(raw)).episodes == ()


def test_what_both_directions_see_is_logged_once(face):
    """A corner drawn straight outward moves along both."""
    time_s = np.arange(780) / 30
    drive = {Side.RIGHT: 4.0 * held(time_s, SPANS)}
    raw = face.film(time_s, pull_mm=drive, down_mm=drive, noise_px=0.15)
    bursts = LearnedDetector().detect(measure_motion(raw)).episodes
    assert [b.side for b in bursts] == [Side.RIGHT] * len(SPANS)


@pytest.mark.parametrize(
    ("gap_at_s", "closely"), [(2.9, False), (3.1, False), (2.0, True), (4.0, True)]
)
def test_a_pull_whose_beginning_fell_between_two_pictures_is_not_claimed(
    face, gap_at_s, closely
):
    """A slow webcam: a quarter of a second without a picture."""
    time_s = np.arange(0, 8, 1 / 15)
    motion = face.measure(time_s[(time_s < gap_at_s) | (time_s > gap_at_s + 0.25)])
    assert seen_closely(Interval(start_s=3.0, end_s=3.4), motion) is closely


def test_frames_of_a_span_and_of_none(face):
    motion = measure_motion(pulled(face, SPANS))
    frames = frames_of(Interval(start_s=1.0, end_s=2.0), motion)
    assert frames is not None
    assert frames.first == 30
    assert frames.span.end_s == pytest.approx(2.0, abs=0.001)
    assert frames_of(Interval(start_s=100.0, end_s=101.0), motion) is None


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_no_side_is_claimed_while_the_other_eye_opens(face, side):
    """Seen in late disease: the shut eye opens, and the mouth draws the other way."""
    time_s = np.arange(780) / 30
    drive = held(time_s, SPANS)
    raw = face.film(
        time_s,
        closure={side.other: 0.4 * (1 - drive) * (time_s > 2.0)},
        pull_mm={side: 6.0 * drive},
        noise_px=0.15,
    )
    assert [p for p in confident(raw) if p.side is side] == []


def test_an_eye_that_closes_along_with_its_own_side_is_no_contradiction(face):
    time_s = np.arange(780) / 30
    drive = held(time_s, SPANS)
    raw = face.film(
        time_s,
        closure={Side.RIGHT: 0.3 * drive},
        pull_mm={Side.RIGHT: 6.0 * drive},
        cheek_mm={Side.RIGHT: 3.0 * drive},
        noise_px=0.15,
    )
    assert [p.side for p in confident(raw)] == [Side.RIGHT] * len(SPANS)


def test_a_pull_that_is_not_sure_enough_is_a_near_miss(face):
    """So that somebody who reviews the recording can see it."""
    motion = measure_motion(drawn_down(face, SPANS))
    detector = LearnedDetector()
    weights = detector._of_pulls
    surest = max(
        weights.intercept + np.dot(weights.weights, pull.traits)
        for pull in pulls(paced(followed_down(motion)))
    )
    detector._of_pulls = replace(weights, intercept=weights.intercept - surest)
    found = detector.detect(motion)
    assert found.episodes == ()
    assert [miss.side for miss in found.near_misses] == [Side.RIGHT] * len(SPANS)
    for miss, (start_s, end_s) in zip(found.near_misses, SPANS, strict=True):
        assert miss.span.start_s == pytest.approx(start_s, abs=0.15)
        assert miss.span.end_s == pytest.approx(end_s, abs=0.15)
        assert miss.reason.startswith("not_sure_enough(")


def test_what_is_logged_is_not_missed_as_well(face):
    """The network alone is not sure of these; the corner's own movement is."""
    found = LearnedDetector().detect(measure_motion(pulled(face, SPANS, mm=2.0)))
    assert len(found.episodes) == len(SPANS)
    assert found.near_misses == ()


def test_a_pull_in_which_only_lids_take_part_is_an_unequal_blink(face, monkeypatch):
    """The mesh draws a mouth corner along when one eye of both closes further."""

    def of_lids(*given):
        return replace(describe(*given), regions=(Region.EYELID,))

    monkeypatch.setattr(learned, "describe", of_lids)
    found = LearnedDetector().detect(measure_motion(drawn_down(face, SPANS)))
    assert found.episodes == ()
    assert {miss.reason for miss in found.near_misses} == {reasons.UNEQUAL_BLINK}


def test_of_two_unsure_pulls_at_one_time_one_is_a_near_miss(face, monkeypatch):
    """Mouth corners are followed up and down, and both may see the same."""
    one = NearMiss(
        span=Interval(start_s=5.0, end_s=6.0),
        side=Side.RIGHT,
        peak_score=1.0,
        reason=reasons.not_sure_enough(0.5, 0.7),
    )
    other = replace(one, span=Interval(start_s=5.2, end_s=6.3))
    monkeypatch.setattr(LearnedDetector, "_pulls", lambda *_: ([], [one, other]))
    quiet = measure_motion(face.film(np.arange(300) / 30, noise_px=0.15))
    assert LearnedDetector().detect(quiet).near_misses == (one,)
