"""Who reviews, and the review copy."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.app.review.copying import KEY_EVERY, make_copy, times_file
from twitch_tracker.app.review.raters import check_same, name_rater
from twitch_tracker.errors import BadParameter, ReviewRefused
from twitch_tracker.journal.entries import Way
from twitch_tracker.review.raters import Rater
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

# --- raters -----------------------------------------------------------------


def test_a_name_is_tidied_and_nonsense_refused():
    assert name_rater("  Dr   A ", Way.BLIND) == Rater(name="Dr A", way=Way.BLIND)
    for typed in ("", "   ", "x" * 81, "a\x00b"):
        with pytest.raises(BadParameter):
            name_rater(typed)


def test_an_act_of_somebody_else_is_refused():
    known, other = Rater(name="Dr A"), Rater(name="Dr B")
    assert check_same(known, Rater(name="Dr A")) is known
    scratch = Rater(name="Dr A", way=Way.SCRATCH)
    assert check_same(scratch, Rater(name="Dr A", way=Way.SCRATCH)) is scratch
    blind = Rater(name="Dr A", way=Way.BLIND)
    for rater, named in (
        (known, other),
        (None, known),
        (known, None),
        (scratch, known),
        (known, scratch),
        (known, blind),
    ):
        with pytest.raises(ReviewRefused):
            check_same(rater, named)


# --- the review copy --------------------------------------------------------


def test_a_copy_keeps_every_picture_at_its_time_and_turns_mirrors_back(tmp_path):
    """Pictures at uneven times; the left half of the stored picture is bright."""
    steps = np.random.default_rng(3).uniform(0.02, 0.06, 40)
    times = np.cumsum(steps) - steps[0]
    source, copy = tmp_path / "a.mp4", tmp_path / "copy.mp4"
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 220
    with VideoWriter(source, width_px=64, height_px=48) as writer:
        for time_s in times:
            writer.write(image, float(time_s))
    make_copy(source, copy, mirrored=True)
    with open_video(copy) as film:
        frames = list(film)
    assert [f.time_s for f in frames] == pytest.approx(times, abs=2e-5)
    kept = np.fromfile(times_file(copy), dtype="<f8")
    assert kept == pytest.approx(times, abs=2e-5)
    for frame in frames:
        assert frame.image[:, 40:].mean() > 200
        assert frame.image[:, :24].mean() < 20
    assert longest_way(copy) <= KEY_EVERY
    assert {p.name for p in tmp_path.iterdir()} == {"a.mp4", "copy.mp4", "copy.times"}


def longest_way(path):
    """Count the pictures from one that stands alone to the next, at most."""
    import av

    with av.open(str(path)) as film:
        keys = [p.is_keyframe for p in film.demux(video=0) if p.size]
    places = [*np.flatnonzero(keys), len(keys)]
    return max(np.diff(places))
