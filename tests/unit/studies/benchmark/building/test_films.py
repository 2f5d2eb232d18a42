"""The same recording by a worse camera."""

from __future__ import annotations

import numpy as np
import pytest

from studies.benchmark.building.films import SMALL_APART_PX, Film, filmed


@pytest.fixture
def pictures():
    """Three frames of a grey ramp, 97 x 131."""
    ramp = np.linspace(20, 235, 131)[None, :, None]
    image = np.broadcast_to(ramp, (97, 131, 3)).astype(np.uint8)
    return [(image, time_s) for time_s in (0.0, 0.1, 0.25)]


def shown(pictures, film, apart_px=88.0, seed=3):
    return list(filmed(iter(pictures), film, apart_px, seed))


@pytest.mark.parametrize("film", [Film.PLAIN, Film.COMPRESSED])
def test_plain_and_compressed_pictures_stay_as_they_are(pictures, film):
    """The encoder compresses, nobody else."""
    for (image, time_s), (before, at_s) in zip(
        shown(pictures, film), pictures, strict=True
    ):
        assert np.array_equal(image, before)
        assert time_s == at_s


def test_a_dim_picture_is_darker_and_noisier_and_keeps_its_times(pictures):
    seen = shown(pictures, Film.DIM)
    assert [time_s for _, time_s in seen] == [0.0, 0.1, 0.25]
    image = seen[0][0].astype(float)
    assert image.mean() < 0.75 * pictures[0][0].mean()
    assert 1.0 < image.std(axis=0).mean() < 20.0  # columns are even in the ramp
    assert not np.array_equal(seen[0][0], seen[1][0])


def test_the_noise_of_a_dim_picture_is_that_of_its_seed(pictures):
    first, again = (shown(pictures, Film.DIM, seed=5) for _ in range(2))
    other = shown(pictures, Film.DIM, seed=6)
    assert all(
        np.array_equal(a, b) for (a, _), (b, _) in zip(first, again, strict=True)
    )
    assert not np.array_equal(first[0][0], other[0][0])


def test_a_small_face_has_its_eyes_as_far_apart_as_said(pictures):
    (image, _), *_ = shown(pictures, Film.SMALL, apart_px=2 * SMALL_APART_PX)
    assert image.shape == (48, 66, 3)  # half, and even


def test_a_face_that_is_small_already_is_not_enlarged(pictures):
    (image, _), *_ = shown(pictures, Film.SMALL, apart_px=SMALL_APART_PX / 2)
    assert image.shape == (96, 132, 3)
