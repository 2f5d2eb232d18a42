"""The detector end to end on made-up faces: what it finds and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.description.taking_part import (
    APERTURE_HEIGHT,
    LID_READ_SHARE,
)
from twitch_tracker.episodes.detector import EpisodeDetector, GeometricDetector
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side

NOISE_PX = 0.4
KINDS = ("12 fps", "30 fps", "60 fps", "irregular")


def detect(motion):
    return GeometricDetector().detect(motion)


def contraction(drive, side=Side.RIGHT):
    """Eyelid, mouth corner and cheek of one side together, of ordinary size."""
    return {
        "closure": {side: 0.7 * drive},
        "pull_mm": {side: 4.0 * drive},
        "cheek_mm": {side: 2.5 * drive},
    }


def swaying(time_s):
    """A person who sits and listens."""
    return {
        "yaw_deg": 4 * np.sin(0.9 * time_s),
        "pitch_deg": 3 * np.sin(0.7 * time_s),
        "roll_deg": 2 * np.cos(0.5 * time_s),
        "noise_px": NOISE_PX,
    }


@pytest.fixture
def seated(face):
    """Film a person who sits and listens; what else moves is told."""

    def filmed(time_s, **moves):
        return face.film(time_s, **swaying(time_s) | moves)

    return filmed


def test_the_geometric_detector_is_a_detector():
    detector: EpisodeDetector = GeometricDetector()
    assert detector.name == "geometric"


def test_every_number_that_decides_is_among_the_parameters():
    told = GeometricDetector(EpisodeParams(enter_sd=4.5)).parameters()
    assert told["detector"] == "geometric"
    assert told["enter_sd"] == 4.5
    assert set(EpisodeParams.__dataclass_fields__) <= set(told)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", list(Side))
def test_a_clonic_burst_is_found_on_its_side_within_two_frames(
    seated, clock, shapes, kind, side
):
    """Four contractions at 4 Hz from second 10; the last ends at 10.95."""
    time_s = clock.of(kind, 30)
    drive = shapes.train(time_s, 10.0, 4, 4.0, width_s=0.2)
    (episode,) = detect(
        measure_motion(seated(time_s, **contraction(drive, side)))
    ).episodes
    two_frames_s = 2 * np.diff(time_s).max()
    assert episode.side is side
    assert episode.span.start_s == pytest.approx(10.0, abs=two_frames_s)
    assert episode.span.end_s == pytest.approx(10.95, abs=two_frames_s)
    assert {Region.EYELID, Region.MOUTH_CORNER} <= set(episode.regions)
    if kind != "12 fps":  # 4 Hz is three frames a contraction there
        assert (episode.kind, episode.contractions) == (EpisodeKind.CLONIC, 4)


def test_a_tonic_burst_is_found_whole(seated, clock, shapes):
    time_s = clock.even(30, 60)
    drive = shapes.hold(time_s, 20.0, 24.0)
    (episode,) = detect(measure_motion(seated(time_s, **contraction(drive)))).episodes
    assert episode.kind is EpisodeKind.TONIC
    assert episode.span.start_s == pytest.approx(20.0, abs=0.07)
    assert episode.span.end_s == pytest.approx(24.0, abs=0.07)


@pytest.mark.parametrize("kind", KINDS)
def test_frame_times_do_not_change_which_bursts_are_found(seated, clock, shapes, kind):
    """Three bursts of different shape; each onset within a frame of the 120 fps one."""

    def onsets(time_s):
        drive = (
            shapes.hold(time_s, 8.0, 8.5)
            + shapes.hold(time_s, 15.0, 17.0)
            + shapes.train(time_s, 22.0, 4, 3.0, width_s=0.25)
        )
        motion = measure_motion(seated(time_s, **contraction(drive)))
        return np.array([e.span.start_s for e in detect(motion).episodes])

    time_s = clock.of(kind, 30)
    found = onsets(time_s)
    assert len(found) == 3
    expected = onsets(clock.even(60, 30))
    np.testing.assert_allclose(found, expected, atol=1.01 * np.diff(time_s).max())


def test_blinks_are_logged_as_blinks_and_are_no_bursts(seated, clock, shapes):
    time_s = clock.even(30, 30)
    drive = sum(shapes.bump(time_s, s, 0.3) for s in (5.0, 12.0, 21.0))
    found = detect(
        measure_motion(seated(time_s, closure={Side.LEFT: drive, Side.RIGHT: drive}))
    )
    assert found.episodes == ()
    assert len(found.blinks) == 3


def test_unequal_blinks_are_no_bursts(seated, clock, shapes):
    """The right lid falls by a fifth less each time."""
    time_s = clock.even(30, 30)
    drive = sum(shapes.bump(time_s, s, 0.3) for s in (5.0, 12.0, 21.0))
    closure = {Side.LEFT: drive, Side.RIGHT: 0.8 * drive}
    found = detect(measure_motion(seated(time_s, closure=closure)))
    assert found.episodes == ()
    assert len(found.blinks) == 3


def test_a_symmetric_smile_is_no_burst(seated, clock, shapes):
    """Both mouth corners and cheeks rise, both eyes narrow by a third."""
    time_s = clock.even(30, 30)
    drive = shapes.hold(time_s, 10.0, 13.0, rise_s=0.4)
    both = {Side.LEFT: drive, Side.RIGHT: drive}
    found = detect(
        measure_motion(
            seated(
                time_s,
                closure={s: 0.33 * d for s, d in both.items()},
                pull_mm={s: 7 * d for s, d in both.items()},
                cheek_mm={s: 4 * d for s, d in both.items()},
            )
        )
    )
    assert found.episodes == ()


def test_a_head_turn_is_no_burst(face, clock):
    """25 degrees to the left and back; the far eye seems to close by a fifth."""
    time_s = clock.even(30, 40)
    turn = 25 * np.exp(-0.5 * ((time_s[:, None] - [10, 20, 30]) / 1.2) ** 2).sum(axis=1)
    found = detect(
        measure_motion(
            face.film(
                time_s,
                yaw_deg=turn,
                noise_px=NOISE_PX,
                closure={Side.LEFT: 0.2 * turn / 25},
            )
        )
    )
    assert found.episodes == ()


def test_a_slow_one_sided_posture_is_refused_and_told(seated, clock):
    """The right eye narrows by half over four seconds and stays so."""
    time_s = clock.even(30, 60)
    drive = np.clip((time_s - 20) / 4, 0, 1) * np.clip((50 - time_s) / 4, 0, 1)
    found = detect(measure_motion(seated(time_s, closure={Side.RIGHT: 0.5 * drive})))
    assert found.episodes == ()
    assert any(miss.reason == "slow" for miss in found.near_misses)


def test_a_mouth_without_the_eyelid_is_not_logged(seated, clock, shapes):
    """Speech and chewing pull one corner; this detector wants the lid with it."""
    time_s = clock.even(30, 30)
    drive = shapes.train(time_s, 10.0, 4, 3.0)
    found = detect(measure_motion(seated(time_s, pull_mm={Side.RIGHT: 5 * drive})))
    assert found.episodes == ()


def test_nothing_but_noise_is_nothing(seated, clock):
    """Two minutes of a quiet face."""
    found = detect(measure_motion(seated(clock.even(30, 120))))
    assert found.episodes == ()
    assert found.blinks == ()


@pytest.mark.parametrize("count", [1, 8])
def test_each_burst_is_found_alike_however_many_a_recording_has(
    seated, clock, shapes, count
):
    """Bursts of 1 s in a minute: the size told of each stays within a tenth."""
    time_s = clock.even(30, 60)
    onsets = 3.0 + 7.0 * np.arange(count)
    drive = sum(shapes.train(time_s, s, 3, 3.0, width_s=0.25) for s in onsets)
    episodes = detect(measure_motion(seated(time_s, **contraction(drive)))).episodes
    assert [e.span.start_s for e in episodes] == pytest.approx(onsets, abs=0.07)
    open_mm = 10 * APERTURE_HEIGHT / LID_READ_SHARE
    told_mm = [e.excursion_mm for e in episodes]
    np.testing.assert_allclose(told_mm, 0.7 * open_mm, atol=0.7)
    alone = measure_motion(
        seated(time_s, **contraction(shapes.train(time_s, 3.0, 3, 3.0, width_s=0.25)))
    )
    (reference,) = detect(alone).episodes
    assert episodes[0].peak_score == pytest.approx(reference.peak_score, rel=0.1)


def test_bursts_on_both_sides_one_after_the_other_are_two_rows(seated, clock, shapes):
    time_s = clock.even(30, 30)
    moves = {
        "closure": {
            Side.LEFT: 0.7 * shapes.hold(time_s, 8.0, 8.6),
            Side.RIGHT: 0.7 * shapes.hold(time_s, 18.0, 18.6),
        }
    }
    episodes = detect(measure_motion(seated(time_s, **moves))).episodes
    assert [e.side for e in episodes] == [Side.LEFT, Side.RIGHT]


def test_a_mirrored_recording_swaps_the_sides_and_nothing_else(
    face, seated, clock, shapes
):
    time_s = clock.even(30, 40)
    blink = shapes.bump(time_s, 5.0, 0.3)
    clonic = shapes.train(time_s, 12.0, 4, 3.0)
    tonic = shapes.hold(time_s, 25.0, 27.0)
    raw = seated(
        time_s,
        closure={
            Side.LEFT: blink + 0.6 * tonic,
            Side.RIGHT: blink + 0.8 * clonic,
        },
        pull_mm={Side.RIGHT: 4 * clonic},
    )
    straight = detect(measure_motion(raw))
    mirrored = detect(measure_motion(face.mirrored(raw)))
    assert [e.side for e in straight.episodes] == [Side.RIGHT, Side.LEFT]
    for one, other in zip(straight.episodes, mirrored.episodes, strict=True):
        assert other.side is one.side.other
        assert _told(other) == pytest.approx(_told(one), abs=0.01, nan_ok=True)
        assert (other.kind, other.regions) == (one.kind, one.regions)
        assert other.lead_region is one.lead_region
    (blink_a,), (blink_b,) = straight.blinks, mirrored.blinks
    assert blink_a.span == blink_b.span
    assert blink_a.closure_left == pytest.approx(blink_b.closure_right, abs=1e-3)


def _told(episode):
    return [
        *(episode.span.start_s, episode.span.end_s, episode.contractions),
        *(episode.rate_hz, episode.peak_score, episode.mean_score),
        *(episode.excursion_mm, episode.asymmetry, episode.lag_s),
    ]


def test_a_burst_never_reaches_over_missing_frames(seated, clock, shapes):
    """The stream pauses for five seconds in the middle of a tonic burst."""
    time_s = clock.even(30, 30)
    drive = shapes.hold(time_s, 10.0, 12.0)
    raw = seated(time_s, **contraction(drive))
    paused = np.where(time_s >= 11.0, time_s + 5.0, time_s)
    episodes = detect(measure_motion(replace(raw, time_s=paused))).episodes
    assert episodes
    assert all(e.span.duration_s < 1.2 for e in episodes)


def test_a_recording_without_a_face_has_no_bursts(face, clock):
    time_s = clock.even(30, 2)
    found = detect(face.measure(time_s, unseen=np.ones(len(time_s), bool)))
    assert (found.episodes, found.blinks, found.near_misses) == ((), (), ())


def test_what_is_found_is_in_order_and_within_the_recording(seated, clock, shapes):
    time_s = clock.even(30, 60)
    drive = sum(shapes.hold(time_s, s, s + 0.5) for s in (9.0, 30.0, 48.0))
    other = sum(shapes.hold(time_s, s, s + 0.5) for s in (20.0, 40.0))
    closure = {Side.RIGHT: 0.7 * drive, Side.LEFT: 0.7 * other}
    found = detect(measure_motion(seated(time_s, closure=closure)))
    onsets = [e.span.start_s for e in found.episodes]
    assert len(onsets) == 5
    assert onsets == sorted(onsets)
    for episode in found.episodes:
        assert -1.0 <= episode.asymmetry <= 1.0
        assert 0.0 <= episode.confidence <= 1.0
        assert episode.contractions >= 1
        assert episode.reasons
