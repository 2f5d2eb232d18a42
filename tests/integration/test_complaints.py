"""Recordings of which people complained that other tools read them wrongly.

Each is four seconds of the example with one burst, made as the complaint tells it. The
source of each stands in docs/recording.md, in the same order.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from twitch_tracker.pipeline import analyze
from twitch_tracker.records import EpisodeKind, QualityReason
from twitch_tracker.regions import Side

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
START_S, COUNT = 5.0, 120
BURST = (1.21, 2.88)
"""A clonic train of the right side."""

PLAIN = {"crf": "20", "preset": "veryfast", "bf": "0", "g": "15"}
MS = Fraction(1, 1000)


@pytest.fixture(scope="module")
def images():
    with av.open(str(EXAMPLE)) as film:
        found = [
            frame.to_ndarray(format="rgb24")
            for frame in film.decode(video=0)
            if frame.time >= START_S - 1e-6
        ][:COUNT]
    assert len(found) == COUNT
    return found


def even(count=COUNT):
    return [k / 30 for k in range(count)]


def write(path, images, times_s, *, base=MS, codec="libx264", options=None, **how):
    """Write pictures at their times; `how` may turn it, and say things of it."""
    container = how.get("container", {})
    with av.open(str(path), "w", container_options=container) as out:
        stream = out.add_stream(codec, rate=30, options=options or PLAIN)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = base
        if turn := how.get("turn"):
            stream.set_display_rotation(turn)
        out.metadata.update(how.get("told", {}))
        for image, time_s in zip(images, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time_s / base), base
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def found_in(path, *, within_s=0.1, pictures=COUNT):
    """Analyse; the one burst is where it is."""
    session = analyze(path)
    (burst,) = session.episodes
    assert burst.side is Side.RIGHT
    assert burst.span.start_s == pytest.approx(BURST[0], abs=within_s)
    assert burst.span.end_s == pytest.approx(BURST[1], abs=2 * within_s)
    assert session.damage.frames_read == pictures
    return session


def test_a_rate_that_changes(images, tmp_path):
    kept = [k for k in range(COUNT) if k % 3 or k % 7 == 0]
    path = write(
        tmp_path / "vfr.mp4",
        [images[k] for k in kept],
        [k / 30 for k in kept],
    )
    found_in(path, pictures=len(kept))


@pytest.mark.parametrize(("stored", "turn"), [(1, 90), (3, 270)])
def test_a_phone_held_upright(images, tmp_path, stored, turn):
    """Stored lying, with the word how to turn it."""
    lying = [np.ascontiguousarray(np.rot90(image, -stored)) for image in images]
    session = found_in(write(tmp_path / "up.mp4", lying, even(), turn=turn))
    assert session.video.rotation_deg == 360 - turn


def test_times_before_zero(images, tmp_path):
    times_s = [time_s - 1.5 for time_s in even()]
    how = {"avoid_negative_ts": "disabled"}
    path = write(tmp_path / "below.ts", images, times_s, container=how)
    with av.open(str(path)) as film:
        assert next(film.decode(video=0)).time == pytest.approx(-1.5)
    found_in(path)


def test_pictures_that_cannot_be_decoded(images, tmp_path):
    path = write(tmp_path / "hurt.mp4", images, even())
    with av.open(str(path)) as film:
        hurt = [p for p in film.demux(video=0) if p.pts is not None and p.size][100]
        at, size = hurt.pos, hurt.size
    content = bytearray(path.read_bytes())
    content[at + 4 : at + size] = bytes(size - 4)
    path.write_bytes(content)
    session = analyze(path)
    (burst,) = session.episodes
    assert burst.span.start_s == pytest.approx(BURST[0], abs=0.1)
    assert session.damage.damaged_packets >= 1
    assert session.summary.recorded_s == pytest.approx(4.0, abs=0.05)


def test_a_film_of_a_browser_that_does_not_say_how_long_it_is(images, tmp_path):
    path = write(
        tmp_path / "live.webm",
        images,
        even(),
        codec="libvpx",
        options={"deadline": "realtime", "cpu-used": "8", "b": "3M"},
        container={"live": "1"},
    )
    session = found_in(path)
    assert session.summary.recorded_s == pytest.approx(4.0, abs=0.05)


def test_a_rate_that_is_no_whole_number(images, tmp_path):
    base = Fraction(1001, 30_000)
    times_s = [float(k * base) for k in range(COUNT)]
    session = found_in(write(tmp_path / "ntsc.mp4", images, times_s, base=base))
    assert session.summary.recorded_s == pytest.approx(float(COUNT * base), abs=1e-3)


def test_two_pictures_of_one_time(images, tmp_path):
    """Every tenth is stored twice: left out, counted and told."""
    plain = write(tmp_path / "plain.mkv", images, even())
    path = tmp_path / "twice.mkv"
    with av.open(str(plain)) as film, av.open(str(path), "w") as out:
        source = film.streams.video[0]
        stream = out.add_stream_from_template(source)
        for k, packet in enumerate(film.demux(source)):
            if packet.dts is None:
                continue
            packet.stream = stream
            content, pts = bytes(packet), packet.pts
            out.mux(packet)
            if k % 15 == 10:
                again = av.Packet(content)
                again.pts = again.dts = pts
                again.time_base, again.stream = source.time_base, stream
                out.mux(again)
    session = found_in(path)
    assert session.damage.duplicate_stamps == 8


def test_a_face_that_is_away_for_a_while(images, tmp_path):
    """Every picture has its row all the same."""
    gone = [
        np.full_like(images[0], 110) if k >= 105 else i for k, i in enumerate(images)
    ]
    session = found_in(write(tmp_path / "away.mp4", gone, even()))
    assert len(session.motion.time_s) == COUNT
    away_s = session.summary.excluded_s[QualityReason.NO_FACE]
    assert away_s == pytest.approx(0.5, abs=0.1)


def test_a_camera_that_gives_each_picture_twice(images, tmp_path):
    twice = [images[k - k % 2] for k in range(COUNT)]
    options = {"crf": "20", "preset": "medium"}
    session = found_in(write(tmp_path / "twice.mp4", twice, even(), options=options))
    assert session.summary.pictures_hz == pytest.approx(15, rel=0.1)
    assert session.episodes[0].kind is EpisodeKind.CLONIC
    assert session.episodes[0].contractions is None


def test_an_avi_whose_pictures_have_no_times_of_their_own(images, tmp_path):
    options = {**PLAIN, "bf": "2"}
    base = Fraction(1, 30)
    path = write(tmp_path / "b.avi", images, even(), base=base, options=options)
    session = found_in(path, pictures=COUNT - 2)
    assert session.damage.missing_stamps == 2  # the last two, which is told


def test_a_selfie(images, tmp_path):
    """Pixels do not tell a mirror image, the name of the lens tells that it may be."""
    told = {
        "com.apple.quicktime.camera.lens_model": "iPhone 13 front camera 2.71mm f/2.2"
    }
    how = {"movflags": "use_metadata_tags"}
    path = tmp_path / "selfie.mp4"
    mirrored = [np.ascontiguousarray(image[:, ::-1]) for image in images]
    write(path, mirrored, even(), told=told, container=how)
    session = analyze(path)
    assert session.video.said == ("front_camera",)
    assert {e.side for e in session.episodes} == {Side.LEFT}


def test_a_film_of_another_size_in_between(images, tmp_path):
    """A call that changes its size: FFmpeg gives pictures of both."""
    small = [cv2.resize(i, (480, 480), interpolation=cv2.INTER_AREA) for i in images]
    pieces = [
        write(tmp_path / "one.ts", images[:100], even(100)),
        write(tmp_path / "two.ts", small[100:], [k / 30 for k in range(100, COUNT)]),
    ]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    session = analyze(path)
    (burst,) = session.episodes
    assert burst.span.start_s == pytest.approx(BURST[0], abs=0.1)
    assert session.damage.frames_read == COUNT
