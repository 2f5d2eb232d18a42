"""Films as people really have them, made from the example, with their right values."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.pipeline import AnalysisOptions, analyze
from twitch_tracker.records import EpisodeKind, QualityReason, ReadOptions
from twitch_tracker.regions import Region, Side

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
FIRST, SECOND = (6.21, 7.88), (11.81, 12.88)
"""True bursts of its first 14 seconds: a clonic train each, of the right side."""

CODECS = {
    "h264": ("libx264", "mp4", {"crf": "23", "preset": "veryfast"}),
    "mpeg4": ("mpeg4", "mp4", {"q": "4"}),
    # A negative speed is kept; a positive one follows how busy the machine is.
    "vp8": ("libvpx", "webm", {"deadline": "realtime", "cpu-used": "-8", "b": "900k"}),
    "h264 slower": ("libx264", "mp4", {"crf": "20", "preset": "medium"}),
}


def _pictures(until_s):
    with av.open(str(EXAMPLE)) as film:
        for frame in film.decode(video=0):
            if frame.time >= until_s:
                return
            yield frame.time, frame.to_ndarray(format="rgb24")


def _write(path, pictures, codec="h264", fps=30):
    name, suffix, options = CODECS[codec]
    target = path.with_suffix(f".{suffix}")
    with av.open(str(target), "w") as out:
        stream = None
        for index, image in enumerate(pictures):
            if stream is None:
                stream = out.add_stream(name, rate=fps, options=options)
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt = "yuv420p"
                if codec == "mpeg4":
                    stream.bit_rate = 3_000_000
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return target


def _frozen(until_s, start_s, end_s):
    held = None
    for time_s, image in _pictures(until_s):
        held = image if held is None or not start_s < time_s < end_s else held
        yield held


@pytest.mark.parametrize(
    ("codec", "start_s", "end_s"),
    [
        ("h264", 6.29, 10.5),  # within the first burst
        ("mpeg4", 7.2, 9.0),
        ("vp8", 6.8, 8.4),
        ("h264", 2.0, 4.0),  # at rest
    ],
)
def test_a_frozen_picture_makes_no_burst_longer(tmp_path, codec, start_s, end_s):
    film = _write(tmp_path / "f", _frozen(14.0, start_s, end_s), codec)
    session = analyze(film)
    frozen_s = session.summary.excluded_s[QualityReason.FROZEN]
    # A picture that the encoder still refines is told as frozen only when that is over.
    least_s = 0.5 if codec == "vp8" else 0.8
    assert least_s * (end_s - start_s) < frozen_s < end_s - start_s + 0.1
    assert all(e.side is Side.RIGHT for e in session.episodes)
    assert all(e.kind is not EpisodeKind.TONIC for e in session.episodes)
    assert all(e.span.duration_s < 1.9 for e in session.episodes)
    first = [e for e in session.episodes if e.span.start_s < start_s < FIRST[1]]
    assert all(e.span.end_s < start_s + 0.3 for e in first)
    if start_s == pytest.approx(6.29):
        assert all(e.offset_cut for e in first)
    last = session.episodes[-1]
    assert last.span.start_s == pytest.approx(SECOND[0], abs=0.1)
    assert not last.cut


def _at_rate(until_s, fps):
    wanted = 0.0
    for time_s, image in _pictures(until_s):
        if time_s >= wanted - 1e-6:
            wanted += 1 / fps
            yield image


@pytest.mark.parametrize("fps", [1, 3, 5])
def test_too_few_pictures_are_no_measurement(tmp_path, fps):
    film = _write(tmp_path / "slow", _at_rate(14.0, fps), fps=fps)
    with pytest.raises(NoAnalysableFace, match=r"too few pictures.*25 pictures"):
        analyze(film)


@pytest.mark.parametrize(
    ("fps", "repeats", "kind", "codec", "found"),
    [
        (15, 1, EpisodeKind.CLONIC, "h264", 2),
        (15, 2, EpisodeKind.CLONIC, "h264 slower", 2),
        (15, 2, EpisodeKind.CLONIC, "mpeg4", 2),
        (10, 1, None, "h264", 2),
    ],
)
def test_what_pictures_are_too_slow_for_is_left_open(
    tmp_path, fps, repeats, kind, codec, found
):
    images = (i for image in _at_rate(14.0, fps) for i in [image] * repeats)
    session = analyze(_write(tmp_path / "slow", images, codec, fps=fps * repeats))
    assert session.summary.pictures_hz == pytest.approx(fps, rel=0.1)
    assert len(session.episodes) == found
    for burst in session.episodes:
        assert burst.kind is kind
        assert burst.contractions is None
        assert np.isnan(burst.rate_hz)
        assert any(why.startswith("too_slow_for_") for why in burst.reasons)


def _with_mask(until_s, colour, top):
    for _, image in _pictures(until_s):
        masked = image.copy()
        masked[top : top + 165, 232:408] = colour
        for fold in (40, 85):
            masked[top + fold : top + fold + 3, 232:408] = np.array(colour) * 0.87
        yield masked


@pytest.mark.parametrize(
    ("colour", "top"), [((159, 197, 216), 300), ((235, 235, 238), 310)]
)
def test_behind_a_mask_nothing_is_named(tmp_path, colour, top):
    session = analyze(_write(tmp_path / "mask", _with_mask(14.0, colour, top)))
    assert len(session.episodes) == 2
    assert {e.regions for e in session.episodes} == {(Region.EYELID,)}
    unseen_s = session.summary.regions_unseen_s
    assert unseen_s[Region.MOUTH_CORNER] == pytest.approx(14.0, abs=0.5)
    assert unseen_s[Region.CHEEK] == pytest.approx(14.0, abs=0.5)


def _beside_a_mirror(until_s):
    for _, image in _pictures(until_s):
        person = np.full((640, 480, 3), 110, np.uint8)
        person[80:560] = cv2.resize(image, (480, 480), interpolation=cv2.INTER_AREA)
        yield np.hstack([person, image[:, ::-1]])


@pytest.mark.parametrize(
    ("subject", "side"), [(None, Side.LEFT), ((0.25, None), Side.RIGHT)]
)
def test_a_person_beside_a_mirror_is_chosen_by_position(tmp_path, subject, side):
    film = _write(tmp_path / "mirror", _beside_a_mirror(9.0))
    session = analyze(film, AnalysisOptions(subject=subject))
    assert {e.side for e in session.episodes} == {side}
    assert session.subject_events[0].detail.startswith("followed_among(2,")


def test_slow_motion_is_measured_as_lived(tmp_path):
    images = (image for _, image in _pictures(14.0))
    film = _write(tmp_path / "slowed", images, fps=5)
    session = analyze(film, AnalysisOptions(reading=ReadOptions(capture_fps=30)))
    found = [(e.span.start_s, e.span.end_s) for e in session.episodes]
    assert found == [pytest.approx(s, abs=0.1) for s in (FIRST, SECOND)]
    assert session.video.slowed == 6.0


# --- dark glasses -------------------------------------------------------------


def _behind_glasses(until_s, colour):
    """The face of the example behind two lenses; it hardly moves."""
    for _, image in _pictures(until_s):
        worn = image.copy()
        for middle in ((268, 250), (375, 257)):
            cv2.ellipse(worn, middle, (52, 44), 0, 0, 360, colour, -1)
        yield worn


@pytest.mark.parametrize(
    ("colour", "codec"), [((14, 14, 16), "h264"), ((40, 26, 18), "vp8")]
)
def test_behind_dark_glasses_nothing_is_measured(tmp_path, colour, codec):
    film = _write(tmp_path / "dark", _behind_glasses(9.0, colour), codec)
    with pytest.raises(NoAnalysableFace, match="dark glasses for"):
        analyze(film)


# --- put together -------------------------------------------------------------


@pytest.mark.parametrize("codec", ["h264", "vp8"])
def test_no_burst_goes_on_in_the_next_recording(tmp_path, codec):
    """Two pieces are put together in the middle of a burst (6.2 to 7.9 s)."""
    images = [image for _, image in _pictures(9.0)]
    pieces = [
        _write(tmp_path / name, part, codec)
        for name, part in (("one", images[:210]), ("two", images[210:]))
    ]
    both = tmp_path / f"both{'.ts' if codec == 'h264' else '.webm'}"
    if codec == "h264":
        pieces = [_as_ts(piece) for piece in pieces]
    both.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    session = analyze(both)
    assert session.damage.joins == 1
    assert all(
        not e.span.start_s < 6.99 < e.span.end_s - 0.05 for e in session.episodes
    )
    first = session.episodes[0]
    assert first.span.start_s == pytest.approx(FIRST[0], abs=0.1)


def _as_ts(path):
    target = path.with_suffix(".ts")
    with av.open(str(path)) as film, av.open(str(target), "w") as out:
        stream = out.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return target


# --- strong compression -------------------------------------------------------

TALKING = Path(__file__).parents[3] / "shared" / "faces" / "video" / "talk_webcam_1.mp4"
"""A face that talks for twelve seconds and has no burst."""


PRESSED = {
    "libx264": ("mp4", {"preset": "veryfast"}),
    "libx265": ("mp4", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "libsvtav1": ("mp4", {"preset": "11"}),
    "libvpx-vp9": ("webm", {"b": "0", "deadline": "realtime", "cpu-used": "8"}),
    "libvpx": ("webm", {"b": "20M", "deadline": "realtime", "cpu-used": "8"}),
    "mpeg4": ("mp4", None),
    "mjpeg": ("avi", None),
}


def _pressed(folder, codec, level, until_s=12.0):
    """The talking face, written anew; FFmpeg's own encoders go by their quantiser."""
    ending, options = PRESSED[codec]
    target = folder / f"pressed.{ending}"
    if options is not None:
        options = {**options, "crf": str(level)}
    if codec == "libvpx":
        options = {**options, "qmin": str(level), "qmax": str(level)}
    with av.open(str(TALKING)) as film, av.open(str(target), "w") as out:
        stream = out.add_stream(codec, rate=30, options=options or {})
        last = -1
        for frame in film.decode(video=0):
            step = round(frame.time * 30)
            if frame.time >= until_s or step <= last:
                continue
            if last < 0:
                stream.width, stream.height = frame.width, frame.height
                stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
                if options is None:
                    stream.codec_context.qmin = stream.codec_context.qmax = level
                    stream.bit_rate = 100_000
            shown = frame.reformat(format=stream.pix_fmt)
            shown.pts, shown.time_base, last = step, Fraction(1, 30), step
            out.mux(stream.encode(shown))
        out.mux(stream.encode())
    return target


@pytest.mark.parametrize(
    ("codec", "level"),
    [
        *(("libx264", crf) for crf in (36, 40, 44)),
        *(("libx265", crf) for crf in (36, 40, 44)),
        ("libvpx-vp9", 63),
        ("libvpx", 63),
        ("mpeg4", 31),
        ("mjpeg", 31),
    ],
)
def test_a_talking_face_has_no_burst_however_it_is_compressed(tmp_path, codec, level):
    if not TALKING.is_file():
        pytest.skip("no development faces beside the repository (../shared)")
    session = analyze(_pressed(tmp_path, codec, level))
    assert session.summary.quantiser >= 36 - 0.1
    assert session.episodes == ()


def test_the_strongest_compression_of_av1_is_told(tmp_path, monkeypatch):
    """What it makes up has a confidence of .97: nothing tells that from a burst."""
    if not TALKING.is_file():
        pytest.skip("no development faces beside the repository (../shared)")
    monkeypatch.setenv("SVT_LOG", "0")
    session = analyze(_pressed(tmp_path, "libsvtav1", 63))
    assert session.summary.quantiser >= 36
    assert all(e.confidence >= 0.85 for e in session.episodes)
