"""Picture strips show the right moments of the right face, upright."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from twitch_tracker.errors import BadShape
from twitch_tracker.records import Frame, Progress, Session
from twitch_tracker.report.recording.pictures import (
    GROUP,
    moments_of,
    picture_box,
    take_pictures,
)
from twitch_tracker.timebase import Stamp

FACE = (500.0, 200.0, 780.0, 560.0)


def boxes(session: Session) -> NDArray[np.float32]:
    return np.tile(np.array([FACE], np.float32), (len(session.motion.time_s), 1))


class Recording:
    """Stands in for a file: the viewer's left half red, the right half blue."""

    def __init__(self, width_px: int = 1280, height_px: int = 720) -> None:
        self.image = np.zeros((height_px, width_px, 3), np.uint8)
        self.image[:, : width_px // 2, 0] = 255
        self.image[:, width_px // 2 :, 2] = 255
        self.calls: list[tuple[list[float], bool]] = []

    def read(
        self, path: Path, times_s: Sequence[float], *, mirrored: bool, max_side_px: int
    ) -> list[Frame]:
        self.calls.append((list(times_s), mirrored))
        base = Fraction(1, 90_000)
        return [
            Frame(
                index=place,
                stamp=Stamp(pts=round(time_s / base), time_base=base),
                image=self.image,
            )
            for place, time_s in enumerate(times_s)
        ]


def decode(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def test_moments_are_frames_before_at_and_after(session: Session) -> None:
    for episode in session.episodes:
        labels, times = zip(*moments_of(episode, session.motion), strict=True)
        assert labels == ("Before", "Onset", "Peak", "After")
        before, onset, peak, after = times
        assert set(times) <= set(session.motion.time_s.tolist())
        assert before == pytest.approx(episode.span.start_s - 0.5, abs=0.02)
        assert onset == pytest.approx(episode.span.start_s, abs=0.02)
        assert episode.span.start_s <= peak < episode.span.end_s
        assert after == pytest.approx(episode.span.end_s + 0.5, abs=0.02)


def test_the_peak_is_where_this_side_moves_most(session: Session) -> None:
    clonic = session.episodes[0]
    peak = dict(moments_of(clonic, session.motion))["Peak"]
    phase = (peak - clonic.span.start_s) * clonic.contractions / 0.9 % 1
    assert phase == pytest.approx(0.5, abs=0.2)


def test_moments_stay_inside_the_recording(session: Session) -> None:
    first = replace(session.episodes[0], span=replace(session.episodes[0].span, start_s=0.1, end_s=0.4))  # fmt: skip
    last = replace(session.episodes[0], span=replace(session.episodes[0].span, start_s=89.5, end_s=89.9))  # fmt: skip
    assert moments_of(first, session.motion)[0][1] == 0.0
    assert moments_of(last, session.motion)[3][1] == session.motion.time_s[-1]


def test_every_burst_gets_four_small_upright_pictures(session: Session) -> None:
    film, told = Recording(), []
    strips = take_pictures(
        "x.mp4",
        session,
        boxes_px=boxes(session),
        read_frames=film.read,
        on_progress=told.append,
    )
    assert [strip.episode_index for strip in strips] == list(range(6))
    for strip, episode in zip(strips, session.episodes, strict=True):
        wanted = moments_of(episode, session.motion)
        assert [picture.label for picture in strip.pictures] == [w[0] for w in wanted]
        for picture, (_, time_s) in zip(strip.pictures, wanted, strict=True):
            assert picture.time_s == pytest.approx(time_s, abs=1e-4)
            shown = decode(picture.jpeg)
            assert shown.shape[0] == 220
            assert shown[110, 5, 0] > 200
            assert shown[110, -5, 2] > 200
    assert isinstance(told[-1], Progress)
    assert told[-1].done == told[-1].total


def test_only_a_few_whole_pictures_are_held(session: Session) -> None:
    film = Recording()
    take_pictures("x", session, boxes_px=boxes(session), read_frames=film.read)
    assert all(len(times) <= GROUP for times, _ in film.calls)
    everything = [time_s for times, _ in film.calls for time_s in times]
    assert everything == sorted(everything)


def test_mirrored_recordings_are_read_as_mirrored(session: Session) -> None:
    film = Recording()
    mirrored = replace(session, video=replace(session.video, mirrored=True))
    take_pictures("x", mirrored, boxes_px=boxes(session), read_frames=film.read)
    assert all(flag for _, flag in film.calls)


def test_pictures_of_another_size_are_cut_at_the_same_place(session: Session) -> None:
    small, large = Recording(640, 360), Recording()
    cuts = [
        decode(
            take_pictures("x", session, boxes_px=boxes(session), read_frames=film.read)[0]
            .pictures[0]
            .jpeg
        )
        for film in (small, large)
    ]  # fmt: skip
    assert abs(cuts[0].shape[1] - cuts[1].shape[1]) <= 1


def test_the_cut_holds_all_faces_and_stays_inside() -> None:
    two = np.array([FACE, (520, 150, 800, 500), [np.nan] * 4], np.float32)
    x0, y0, x1, y1 = picture_box(two, 1280, 720)
    assert x0 <= 500
    assert y0 <= 150
    assert x1 >= 800
    assert y1 >= 560
    assert (x1 - x0) / (y1 - y0) == pytest.approx(0.8, abs=0.02)
    edge = np.array([(-50, -60, 200, 300)], np.float32)
    assert picture_box(edge, 1280, 720)[:2] == (0, 0)


def test_without_a_face_the_whole_picture_is_shown() -> None:
    nothing = np.full((3, 4), np.nan, np.float32)
    assert picture_box(nothing, 1280, 720) == (0, 0, 1280, 720)


def test_boxes_of_another_recording_are_refused(session: Session) -> None:
    with pytest.raises(BadShape, match="boxes_px"):
        take_pictures("x", session, boxes_px=boxes(session)[:-1])


def test_no_bursts_no_pictures(quiet_session: Session) -> None:
    film = Recording()
    assert (
        take_pictures(
            "x", quiet_session, boxes_px=boxes(quiet_session), read_frames=film.read
        )
        == []
    )
    assert film.calls == []
