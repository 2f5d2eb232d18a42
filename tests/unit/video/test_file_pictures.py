"""Pictures of recordings on disk: upright, not mirrored, RGB."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from twitch_tracker.video.files import open_video

UPRIGHT = {
    "top-left": "red",
    "top-right": "green",
    "bottom-left": "blue",
    "bottom-right": "grey",
}
STORED = ("top-left", "top-right", "bottom-right", "bottom-left")
"""Corners clockwise: a clockwise quarter turn moves each colour one place on."""


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
def test_rotation_metadata_turns_the_picture_clockwise(tmp_path, clips, clockwise_deg):
    path = clips.write(
        tmp_path / "turned.mp4", [0, 40], rotate_ccw=(360 - clockwise_deg) % 360
    )
    with open_video(path) as source:
        frame = next(iter(source))
        info = source.info
    steps = clockwise_deg // 90
    expected = {
        STORED[(place + steps) % 4]: UPRIGHT[corner]
        for place, corner in enumerate(STORED)
    }
    assert clips.corners(frame.image) == expected
    assert info.rotation_deg == clockwise_deg
    size = (96, 128) if steps % 2 else (128, 96)
    assert (info.width_px, info.height_px) == size
    assert frame.image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("rotate_ccw", [0, 90, 180, 270])
@pytest.mark.parametrize("hflip", [False, True])
def test_display_matrix_agrees_with_ffmpegs_own_turn(
    tmp_path, clips, rotate_ccw, hflip, ffmpeg_first_picture
):
    path = clips.write(
        tmp_path / "turned.mp4", [0, 40], rotate_ccw=rotate_ccw, hflip=hflip
    )
    with open_video(path) as source:
        ours = next(iter(source)).image
    theirs = ffmpeg_first_picture(path)
    assert ours.shape == theirs.shape
    assert clips.corners(ours) == clips.corners(theirs)


def test_a_mirrored_recording_is_turned_back(tmp_path, clips):
    path = clips.write(
        tmp_path / "selfie.mp4", [0, 40], picture=lambda i: clips.draw(i)[:, ::-1]
    )
    with open_video(path, mirrored=True) as source:
        frame = next(iter(source))
        assert source.info.mirrored
    assert clips.corners(frame.image) == UPRIGHT


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("grey.mp4", "libx264", "gray"),
        ("deep_grey.mkv", "ffv1", "gray16le"),
        ("alpha.mov", "qtrle", "argb"),
        ("alpha_png.mov", "png", "rgba"),
        ("alpha.webm", "libvpx-vp9", "yuva420p"),
        ("deep.mkv", "libx264", "yuv420p10le"),
        ("full_range.mov", "mjpeg", "yuvj420p"),
        ("fine_colour.mkv", "libx264", "yuv444p"),
    ],
)
def test_every_pixel_format_becomes_rgb(tmp_path, clips, name, codec, pix_fmt):
    path = clips.write(tmp_path / name, [0, 40, 80], codec=codec, pix_fmt=pix_fmt)
    with open_video(path) as source:
        frames = list(source)
    assert [clips.number(frame.image) for frame in frames] == [0, 1, 2]
    image = frames[0].image
    assert image.dtype == np.uint8
    assert image.shape == (96, 128, 3)
    assert image.flags.c_contiguous
    if "gray" in pix_fmt:
        assert np.ptp(image.astype(int), axis=2).max() == 0
    else:
        assert clips.corners(image) == UPRIGHT


def test_a_palette_gif_becomes_rgb(tmp_path, clips):
    path = clips.write(
        tmp_path / "a.gif", [0, 4, 8], codec="gif", pix_fmt="rgb8",
        time_base=Fraction(1, 100),
    )  # fmt: skip
    _, _, shown = clips.read(path)
    assert clips.numbers(shown) == [0, 1, 2]


def test_non_square_pixels_are_stretched_so_that_a_circle_is_round(tmp_path, clips):
    path = clips.write(tmp_path / "dv.mp4", [0, 40], aspect=Fraction(16, 15))
    with open_video(path) as source:
        shape = next(iter(source)).image.shape
        assert (source.info.width_px, source.info.height_px) == (137, 96)
    assert shape == (96, 137, 3)


def test_narrow_pixels_grow_in_height_so_that_nothing_is_thrown_away(tmp_path, clips):
    path = clips.write(tmp_path / "narrow.mp4", [0, 40], aspect=Fraction(3, 4))
    with open_video(path) as source:
        assert next(iter(source)).image.shape == (128, 128, 3)


def test_4k_can_be_delivered_whole_or_smaller(tmp_path, clips):
    path = clips.write(
        tmp_path / "uhd.mp4",
        [0, 16],
        size=(3840, 2160),
        options={"preset": "ultrafast"},
    )
    info, _, shown = clips.read(path)
    assert (info.width_px, info.height_px, clips.numbers(shown)) == (3840, 2160, [0, 1])
    info, _, shown = clips.read(path, max_side_px=1280)
    assert (info.width_px, info.height_px, clips.numbers(shown)) == (1280, 720, [0, 1])


def test_the_size_limit_never_enlarges_and_counts_the_longer_side(tmp_path, clips):
    path = clips.write(tmp_path / "tall.mp4", [0, 40], rotate_ccw=90)
    assert open_and_close(path, max_side_px=4000) == (96, 128)
    assert open_and_close(path, max_side_px=64) == (48, 64)


def open_and_close(path, **options):
    with open_video(path, **options) as source:
        assert next(iter(source)).image.shape[1::-1] == (
            source.info.width_px,
            source.info.height_px,
        )
        return source.info.width_px, source.info.height_px


def test_a_picture_that_changes_size_midway_keeps_the_delivered_size(tmp_path, clips):
    first = clips.write(tmp_path / "a.ts", clips.STEADY[:10])
    second = clips.write(
        tmp_path / "b.ts", [t + 400 for t in clips.STEADY[:10]], size=(64, 96)
    )
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    with open_video(both) as source:
        shapes = {frame.image.shape for frame in source}
        assert source.damage.frames_read > 12
    assert shapes == {(96, 128, 3)}


@pytest.mark.parametrize("size", [(96, 64), (90, 54)])
@pytest.mark.parametrize(("crf", "coarse"), [("18", False), ("45", True)])
def test_how_coarsely_h264_wrote_a_picture_is_told(tmp_path, crf, coarse, size):
    """Also of pictures that are no whole number of blocks, such as those of 1080 lines.

    On a busy computer FFmpeg's threads hand some pictures out before all of their blocks
    are described: what counts is the median.
    """
    path = tmp_path / "film.mp4"
    noise = np.random.default_rng(0)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": crf})
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        for index in range(10):
            image = noise.integers(60, 180, (*size[::-1], 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with open_video(path) as source:
        told = [frame.quantiser for frame in source]
    assert len(told) == 10
    assert (np.median(told) >= 36) == coarse
