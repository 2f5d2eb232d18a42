"""Squares around faces, and pieces of pictures."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.face.trackers.mesh import ROI_PX
from twitch_tracker.face.trackers.region_of_interest import (
    SquareRoi,
    cut_out,
    overlap,
    shrink,
    tiles,
)


def square(**changes):
    given = {"x_px": 100.0, "y_px": 80.0, "side_px": 40.0, "angle_rad": 0.0}
    return SquareRoi(**{**given, **changes})


def test_points_of_a_crop_come_back_to_where_they_were():
    """Each pixel holds its own coordinates, so a crop says where it was cut."""
    y, x = np.mgrid[:200, :250].astype(np.uint8)
    picture = np.stack([x, y, x], axis=-1)
    for roi in (square(), square(angle_rad=0.6), square(x_px=5.0)):
        crop = cut_out(picture, roi, about_px=1000)
        back = crop.to_picture(np.array([[3, 4, 0]], np.float32))
        assert tuple(crop.image[4, 3, :2]) == tuple(back[0, :2])


def test_a_large_square_is_made_smaller_and_depth_scales_along():
    crop = cut_out(
        np.zeros((2000, 2000, 3), np.uint8),
        square(x_px=1000.0, y_px=1000.0, side_px=1500.0),
        about_px=300,
    )
    assert max(crop.image.shape[:2]) < 310
    assert crop.scale == 1 / 5
    far = crop.to_picture(np.array([[0, 0, 10], [0, 0, 0]], np.float32))
    assert far[0, 2] == pytest.approx(10 / crop.scale)


@pytest.mark.parametrize(("side_px", "block"), [(380, 1), (384, 2), (639, 2), (641, 3)])
def test_pixels_are_averaged_in_whole_blocks(side_px, block):
    """Blocks of other sizes cost a third of all that an analysis does."""
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (900, 900, 3)).astype(np.uint8)
    roi = square(x_px=450.0, y_px=450.0, side_px=float(side_px))
    crop = cut_out(picture, roi, about_px=ROI_PX)
    assert crop.scale == 1 / block
    first = picture[crop.top_px :, crop.left_px :][:block, :block].mean(axis=(0, 1))
    np.testing.assert_allclose(crop.image[0, 0], first, atol=0.51)


@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (3, 5, 3), (2, 2)])
def test_a_sliver_is_never_made_into_nothing(shape):
    small, scale = shrink(np.zeros(shape, np.uint8), 1 / 7)
    assert min(small.shape[:2]) >= 1
    assert scale >= 1 / 7


def test_a_square_outside_the_picture_gives_an_empty_piece():
    crop = cut_out(np.zeros((50, 50, 3), np.uint8), square(x_px=500.0), about_px=100)
    assert crop.image.size == 0


def test_overlap_of_boxes():
    one = np.array([[0, 0, 0], [10, 10, 0]], np.float32)
    assert overlap(one, one) == pytest.approx(1.0)
    assert overlap(one, one + np.float32(5)) == pytest.approx(25 / 175)
    assert overlap(one, one + np.float32(50)) == 0.0


@pytest.mark.parametrize("shape", [(360, 640), (1080, 720), (200, 1999), (1, 1)])
def test_tiles_cover_the_picture(shape):
    seen = np.zeros(shape, bool)
    picture = np.zeros((*shape, 3), np.uint8)
    for tile, left, top in tiles(picture):
        seen[top : top + tile.shape[0], left : left + tile.shape[1]] = True
    assert seen.all() or min(shape) < 2
