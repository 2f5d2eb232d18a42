"""The short way to an upright picture shows what the way over RGB shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from av.video.frame import VideoFrame

from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.video.files import open_video
from twitch_tracker.video.pictures import Layout, to_rgb
from twitch_tracker.video.upright import even_px, to_yuv
from twitch_tracker.video.writer import VideoWriter


def corners(width=64, height=48):
    """A picture whose four corners differ in brightness and colour, softly."""
    y, x = np.mgrid[0:height, 0:width]
    image = np.stack(
        [x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=2
    )
    return image.astype(np.uint8)


def decoded(image, format="yuv420p"):
    return VideoFrame.from_ndarray(image, format="rgb24").reformat(format=format)


def layout(width, height, rotation_deg=0, flipped=False, scaled=None):
    return Layout(
        stored_px=(width, height),
        scaled_px=scaled or (width, height),
        aspect=1.0,
        rotation_deg=rotation_deg,
        flipped=flipped,
    )


def apart(picture, image):
    """Mean absolute difference to an RGB picture, over what both have."""
    back = picture.reformat(
        format="rgb24", src_colorspace="ITU709", src_color_range="MPEG"
    ).to_ndarray()
    height, width = back.shape[:2]
    return np.abs(back.astype(int) - image[:height, :width].astype(int)).mean()


@pytest.mark.parametrize(
    ("rotation_deg", "flipped", "mirrored"),
    list(itertools.product((0, 90, 180, 270), (False, True), (False, True))),
)
def test_every_turn_and_mirror_is_that_of_the_other_way(
    rotation_deg, flipped, mirrored
):
    way = layout(64, 48, rotation_deg, flipped)
    picture = decoded(corners())
    plain = to_rgb(picture, way, mirrored=mirrored)
    yuv = to_yuv(picture, way, mirrored=mirrored)
    assert (yuv.width, yuv.height) == even_px(way) == way.shown_px
    assert yuv.format.name == "yuv420p"
    assert apart(yuv, plain) < 4
    turned = np.rot90(plain, 2)
    assert apart(yuv, turned) > 20, "the picture tells its corners apart"


@pytest.mark.parametrize("format", ["yuvj420p", "yuv444p", "gray", "rgb24", "nv12"])
def test_other_colours_become_the_encoders_own(format):
    picture = decoded(corners(), format)
    way = layout(64, 48)
    yuv = to_yuv(picture, way, mirrored=False)
    assert apart(yuv, to_rgb(picture, way, mirrored=False)) < 5


def test_sides_of_odd_length_shrink_by_one():
    way = layout(65, 47, 90)
    yuv = to_yuv(decoded(corners(65, 47), "yuv444p"), way, mirrored=False)
    assert (yuv.width, yuv.height) == even_px(way) == (46, 64)


def test_a_picture_of_another_size_is_fitted_in_with_black_borders():
    way = layout(64, 48)
    yuv = to_yuv(decoded(np.full((48, 24, 3), 255, np.uint8)), way, mirrored=False)
    bright = yuv.to_ndarray()[:48]
    assert (yuv.width, yuv.height) == (64, 48)
    assert bright[:, :16].max() < 30
    assert bright[:, 30:34].min() > 200


def test_a_writer_takes_only_what_it_can_encode(tmp_path):
    with VideoWriter(tmp_path / "a.mp4", width_px=64, height_px=48) as writer:
        writer.write_picture(decoded(corners()), 0.0)
        with pytest.raises(BadShape):
            writer.write_picture(decoded(corners(32, 48)), 0.1)
        with pytest.raises(BadShape):
            writer.write_picture(decoded(corners(), "rgb24"), 0.1)
        with pytest.raises(BadParameter):
            writer.write_picture(decoded(corners()), 0.0)
        writer.write_picture(decoded(corners()), 0.1)
    with pytest.raises(BadParameter):
        writer.write_picture(decoded(corners()), 0.2)
    with open_video(tmp_path / "a.mp4") as film:
        assert [round(f.time_s, 3) for f in film] == [0.0, 0.1]


def test_a_file_is_read_once_either_way(tmp_path):
    path = tmp_path / "a.mp4"
    with VideoWriter(path, width_px=64, height_px=48) as writer:
        for number in range(9):
            writer.write(corners(), number / 30)
    with open_video(path, start_s=0.1, end_s=0.2) as film:
        found = list(film.upright())
        assert film.upright_px == (64, 48)
        assert film.damage.frames_read == len(found)
        assert list(film.upright()) == []
    assert [t for t, _ in found] == pytest.approx([0.1, 0.1333333, 0.1666667], abs=1e-4)
