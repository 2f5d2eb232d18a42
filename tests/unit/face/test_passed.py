"""Pictures that were passed over get what lies between those that were looked at."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twitch_tracker.face.passed import Looked, fill_in, observed_between
from twitch_tracker.records import FaceObservation, Quality, QualityReason


def looked(time_s: float, step: float, look: float) -> Looked:
    return Looked(
        time_s=time_s,
        step=np.full((2, 3), step, np.float32),
        look=np.full((2, 4), look, np.float16),
    )


def test_where_every_picture_was_looked_at_nothing_changes():
    seen = [looked(0.1, 1.0, 5.0), looked(0.2, 2.0, 7.0)]
    steps, looks = fill_in([0.1, 0.2], seen, looked(0.0, 9.0, 9.0))
    np.testing.assert_array_equal(steps, np.stack([one.step for one in seen]))
    np.testing.assert_array_equal(looks, np.stack([one.look for one in seen]))


def test_a_movement_is_spread_over_the_time_it_took():
    """Pictures that come late get the longer share, and all together the whole of it."""
    times_s = [0.1, 0.2, 0.4, 0.5]
    steps, looks = fill_in(
        times_s, [looked(0.4, 4.0, 8.0), looked(0.5, 1.0, 8.0)], looked(0.0, 0.0, 0.0)
    )
    np.testing.assert_allclose(steps[:, 0, 0], [1.0, 1.0, 2.0, 1.0], rtol=1e-6)
    np.testing.assert_allclose(looks[:, 0, 0], [2.0, 4.0, 8.0, 8.0], rtol=1e-3)
    assert steps.dtype == np.float32
    assert looks.dtype == np.float16


def test_it_goes_on_from_what_was_looked_at_before():
    _, whole = fill_in(
        [0.0, 0.1, 0.2, 0.3],
        [looked(0.0, 0.0, 1.0), looked(0.3, 3.0, 4.0)],
        None,
    )
    _, second = fill_in([0.1, 0.2, 0.3], [looked(0.3, 3.0, 4.0)], looked(0.0, 0.0, 1.0))
    np.testing.assert_array_equal(whole[1:], second)


def test_a_face_that_was_lost_leaves_nothing_in_between():
    steps, looks = fill_in(
        [0.1, 0.2], [looked(0.2, np.nan, np.nan)], looked(0.0, 0.0, 1.0)
    )
    assert np.isnan(steps).all()
    assert np.isnan(looks).all()


@pytest.fixture
def mesh() -> np.ndarray:
    return np.zeros((478, 3), np.float32)


def seen_at(time_s: float, mesh, *, reasons=()) -> FaceObservation:
    return FaceObservation(
        time_s=time_s,
        landmarks_px=mesh,
        pose_deg=(10 * time_s, 0.0, -time_s),
        interocular_px=100.0 + time_s,
        iris_px=12.0,
        quality=Quality(reasons=reasons, sharpness=0.2),
    )


def test_what_was_passed_over_lies_between(mesh):
    dark = (QualityReason.TOO_DARK,)
    before, after = seen_at(1.0, mesh), seen_at(2.0, mesh + 4, reasons=dark)
    early = observed_between(before, after, 1.25, mesh + 1)
    late = observed_between(before, after, 1.75, mesh + 3)
    assert early.pose_deg == pytest.approx((12.5, 0.0, -1.25))
    assert early.interocular_px == pytest.approx(101.25)
    assert early.quality.usable
    assert late.quality.reasons == dark


def test_where_the_subject_was_not_found_again_nothing_was_seen(mesh):
    elsewhere = observed_between(seen_at(1.0, mesh), seen_at(2.0, mesh), 1.5, None)
    assert elsewhere.landmarks_px is None
    assert elsewhere.quality.reasons == (QualityReason.NO_FACE,)
    assert math.isnan(elsewhere.interocular_px)
