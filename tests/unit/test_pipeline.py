"""The whole way through the house, with made-up pictures and meshes."""

from __future__ import annotations

import gc
import json
import math
import weakref
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from twitch_tracker.episodes.detector import GeometricDetector
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.face.look_ahead import MOST_AHEAD, MOST_READ
from twitch_tracker.face.passing import MOST_APART_S, MOST_PASSED
from twitch_tracker.motion.recorder import BLOCK, KEPT_POINTS
from twitch_tracker.motion.signals import locate_face
from twitch_tracker.pipeline import AnalysisOptions, analyze_source, conclude
from twitch_tracker.records import (
    Damage,
    Frame,
    HardlyOpen,
    KnownUse,
    Progress,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.regions import MESH_POINTS, Side
from twitch_tracker.timebase import Interval, Stamp

WIDTH_PX, HEIGHT_PX = 320, 240
FPS = 30
INFO = TrackerInfo(name="made-up", version="1", weights_sha256="00" * 32)
EVERY_PICTURE = AnalysisOptions(every_picture=True)
"""Only the made-up meshes move; in the pictures nothing does."""


def picture():
    """Skin of one person: every picture alike, so that it is always the subject."""
    rng = np.random.default_rng(2)
    grey = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT_PX, WIDTH_PX)), (0, 0), 4.0)
    grey = np.clip(128 + 40 * grey / grey.std(), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


class FakeSource:
    """Shows `n` pictures and remembers only weak references to them."""

    def __init__(self, n, duration_s=math.nan):
        self.n = n
        self.damage = Damage()
        self.shown = []
        self.alive = []
        self.info = VideoInfo(
            name="made-up.mp4",
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
            rotation_deg=0,
            nominal_fps=FPS,
            duration_s=duration_s,
            codec="none",
            mirrored=False,
            sha256="ab" * 32,
            time_base=Fraction(1, FPS),
        )

    def __iter__(self):
        skin = picture()
        for index in range(self.n):
            image = skin + np.uint8(index % 3)  # a camera's pictures are never alike
            image[0, 0] = (index >> 8, index & 255, 0)
            self.shown.append(weakref.ref(image))
            self.alive.append(sum(ref() is not None for ref in self.shown))
            stamp = Stamp(pts=index, time_base=Fraction(1, FPS))
            frame = Frame(index=index, stamp=stamp, image=image)
            self.damage = replace(self.damage, frames_read=index + 1)
            del image
            yield frame
            del frame

    def close(self):
        pass


class FakeTracker:
    """Knows the mesh of every frame by the number in the picture's corner."""

    info = INFO

    def __init__(self, meshes):
        self.meshes = meshes

    def _seen(self, image):
        high, low, _ = (int(value) for value in image[0, 0])
        return self.meshes[(high << 8) + low]

    def find_all(self, image):
        mesh = self._seen(image)
        return [] if mesh is None else [mesh]

    def follow(self, image, last):
        return self._seen(image)

    def close(self):
        pass


@pytest.fixture(scope="module")
def meshes(face, clock, shapes):
    """Ten seconds; the right side twitches from second 5, no face after 8."""
    time_s = clock.even(FPS, 10)
    drive = shapes.train(time_s, 5.0, 4, 3.0)
    raw = face.film(
        time_s,
        scale_px=100.0,
        shift_px=(160.0, 100.0),
        noise_px=0.2,
        closure={Side.RIGHT: 0.8 * drive},
        pull_mm={Side.RIGHT: 5 * drive},
    )
    whole = np.zeros((len(time_s), MESH_POINTS, 3), np.float32)
    # Points nobody measures lie between the corners of the eyes and the mouth.
    rng = np.random.default_rng(9)
    whole[:] = rng.uniform((110, 60, -20), (210, 180, 20), (MESH_POINTS, 3))
    whole[:, list(KEPT_POINTS)] = raw.points_px
    return [mesh if t < 8 else None for mesh, t in zip(whole, time_s, strict=True)]


@pytest.fixture(scope="module")
def analysed(meshes, tmp_path_factory):
    """The made-up recording, analysed, with everything that came out on the way."""

    spool = tmp_path_factory.mktemp("spool") / "meshes.bin"
    told: list[Progress] = []
    source = FakeSource(len(meshes), duration_s=10.0)
    analysis = analyze_source(
        source,
        FakeTracker(meshes),
        GeometricDetector(),
        options=EVERY_PICTURE,
        on_progress=told.append,
        landmark_file=spool,
    )
    return SimpleNamespace(
        spool=spool,
        told=told,
        source=source,
        analysis=analysis,
        session=analysis.session,
    )


def test_the_burst_is_in_the_session_on_its_side(analysed):
    (episode,) = analysed.session.episodes
    assert episode.side is Side.RIGHT
    assert episode.span.start_s == pytest.approx(5.0, abs=2 / FPS)
    assert episode.contractions == 4


def test_the_session_says_what_was_analysed_by_whom_and_how(analysed):
    session = analysed.session
    assert session.video is analysed.source.info
    assert session.damage.frames_read == 300
    assert session.tracker is INFO
    assert [e.kind for e in session.subject_events] == ["chosen", "lost"]
    assert session.summary.recorded_s == pytest.approx(10.0)
    assert session.summary.analysable_s == pytest.approx(8.0)
    assert session.summary.sides[Side.RIGHT].episodes == 1
    (excluded,) = session.excluded
    assert excluded.span.start_s == pytest.approx(8.0)
    assert excluded.span.end_s == pytest.approx(10.0)


def test_parameters_are_complete_and_their_hash_is_theirs(analysed):
    told = analysed.session.parameters
    assert {"detector", "enter_sd", "tracker", "mirrored", "start_s"} <= set(told)
    text = json.dumps(told, sort_keys=True)
    assert analysed.session.parameters_sha256 == sha256(text.encode()).hexdigest()


def test_the_spool_holds_every_mesh_and_nan_where_there_was_none(analysed, meshes):
    spooled = np.fromfile(analysed.spool, np.float32).reshape(-1, MESH_POINTS, 3)
    assert len(spooled) == len(meshes)
    np.testing.assert_array_equal(spooled[100], meshes[100])
    seen = np.isfinite(spooled).all(axis=(1, 2))
    np.testing.assert_array_equal(seen, [m is not None for m in meshes])
    assert np.isnan(spooled[~seen]).all()


def test_boxes_hold_the_face_in_every_frame(analysed, meshes):
    boxes = analysed.analysis.boxes_px
    assert boxes.shape == (len(meshes), 4)
    mesh = meshes[50]
    expected = [*mesh[:, :2].min(axis=0), *mesh[:, :2].max(axis=0)]
    np.testing.assert_allclose(boxes[50], expected, rtol=1e-6)
    assert np.isnan(boxes[-1]).all()


def test_progress_only_grows_and_ends(analysed):
    stages = [p.stage for p in analysed.told]
    assert stages == sorted(stages, key=["reading", "finding bursts"].index)
    for stage in ("reading", "finding bursts"):
        steps = [p for p in analysed.told if p.stage == stage]
        assert all(a.done < b.done for a, b in pairwise(steps))
        assert all(p.done <= p.total for p in steps)
    assert analysed.told[0].total == pytest.approx(10.0)
    assert len(analysed.told) > 10
    assert analysed.told[-1].done == analysed.told[-1].total


def test_pictures_are_dropped_as_soon_as_they_were_looked_at(analysed):
    assert max(analysed.source.alive) <= 3 + MOST_AHEAD + BLOCK
    gc.collect()
    assert not any(ref() is not None for ref in analysed.source.shown)


def test_without_a_listener_and_a_spool_the_result_is_the_same(analysed, meshes):
    quiet = analyze_source(
        FakeSource(len(meshes)),
        FakeTracker(meshes),
        GeometricDetector(),
        options=EVERY_PICTURE,
    )
    told, expected = (
        [(e.span, e.side, e.peak_score) for e in s.episodes]
        for s in (quiet.session, analysed.session)
    )
    assert told == expected


def test_where_no_picture_moves_most_are_passed_over(meshes):
    """Every frame has its row, its box and a mesh between those around it."""
    source, asked = FakeSource(len(meshes)), []

    class Counting(FakeTracker):
        def follow(self, image, last):
            asked.append(len(asked))
            return super().follow(image, last)

    passed = analyze_source(
        source, Counting(meshes), GeometricDetector(), options=AnalysisOptions()
    )
    assert len(passed.session.motion.time_s) == len(passed.boxes_px) == len(meshes)
    assert len(asked) < 0.6 * len(meshes)
    assert np.isfinite(passed.boxes_px[: 7 * FPS]).all()
    assert max(source.alive) <= 3 + MOST_READ + BLOCK * (1 + MOST_PASSED)
    other = analyze_source(
        FakeSource(len(meshes)),
        FakeTracker(meshes),
        GeometricDetector(),
        options=EVERY_PICTURE,
    )
    assert passed.session.parameters["passed_over_s"] == MOST_APART_S
    assert other.session.parameters["passed_over_s"] == 0.0
    assert passed.session.parameters_sha256 != other.session.parameters_sha256


def test_other_parameters_have_another_hash(meshes):
    hashes = {
        analyze_source(
            FakeSource(60),
            FakeTracker(meshes),
            GeometricDetector(params),
            options=EVERY_PICTURE,
        ).session.parameters_sha256
        for params in (EpisodeParams(), EpisodeParams(enter_sd=5.0))
    }
    assert len(hashes) == 2


def test_what_earlier_recordings_said_is_in_the_log(face, clock):
    """The right eye opens 6 of 10 mm, and is shut but for half a second."""
    time_s = clock.even(FPS, 8)
    narrow = {Side.LEFT: 10.0, Side.RIGHT: 6.0}

    def concluded(known, shut, content):
        return conclude(
            locate_face(face.film(time_s, open_mm=narrow, closure={Side.RIGHT: shut})),
            GeometricDetector(),
            video=replace(FakeSource(0).info, sha256=content * 32),
            damage=Damage(),
            tracker=INFO,
            subject_events=(),
            options=AnalysisOptions(faces=known),
        )

    months = [concluded(None, 0.0, content) for content in ("01", "02", "03")]
    faces = tuple(
        replace(session.face_seen, recording_id=str(n))
        for n, session in enumerate(months)
    )
    shut = np.where((time_s > 4) & (time_s < 4.5), 0.0, 0.9)
    late, alone = concluded(faces, shut, "04"), concluded(None, shut, "04")
    (used,) = late.parameters["known_face"].items()
    assert used[0] == "right"
    assert used[1]["recordings"] == ["0", "1", "2"]
    assert used[1]["ratio"] == pytest.approx(0.6, abs=0.01)
    assert late.parameters_sha256 != alone.parameters_sha256
    assert [s.parameters["known_face"] for s in (*months, alone)] == [{}] * 4
    again = concluded(faces, shut, "02")
    assert again.motion.known_eyes[1].use is KnownUse.TOO_FEW, "not its own past"
    other = [replace(face, measured_with="00" * 32) for face in faces]
    newer = concluded((faces[0], *other), shut, "04")
    assert newer.motion.known_eyes[1].use is KnownUse.TOO_FEW, "other tracker"


@pytest.mark.parametrize(
    ("n", "why"), [(60, r"no face for 2\.00 s"), (0, "no more than one picture")]
)
def test_nobody_to_measure_is_said_with_reasons_and_advice(n, why):
    with pytest.raises(NoAnalysableFace, match=why) as raised:
        analyze_source(
            FakeSource(n),
            FakeTracker([None] * n),
            GeometricDetector(),
            options=EVERY_PICTURE,
        )
    assert "made-up.mp4" in str(raised.value)
    assert "Film the face" in str(raised.value)


def test_what_was_only_partly_seen_is_told_whoever_found_it(meshes):
    """The face is gone after 8 s; any detector's bursts are marked."""
    shut = HardlyOpen(span=Interval(start_s=1.0, end_s=3.0), side=Side.LEFT)

    class Claims(GeometricDetector):
        def detect(self, motion):
            found = super().detect(motion)
            (burst,) = found.episodes
            late = replace(burst, span=Interval(start_s=7.0, end_s=8.0), side=Side.LEFT)
            cut = replace(burst, span=Interval(start_s=7.5, end_s=8.0))
            return replace(found, episodes=(burst, late, cut), hardly_open=(shut,))

    session = analyze_source(
        FakeSource(len(meshes)),
        FakeTracker(meshes),
        Claims(),
        options=EVERY_PICTURE,
    ).session
    assert [e.offset_cut for e in session.episodes] == [False, True, True]
    assert [e.onset_cut for e in session.episodes] == [False, False, False]
    assert [e.bilateral for e in session.episodes] == [False, True, True]
    assert session.hardly_open == (shut,)
    left, right = (session.summary.sides[side] for side in (Side.LEFT, Side.RIGHT))
    assert (left.cut_off, left.bilateral, left.hardly_open_s) == (1, 1, 2.0)
    assert (right.cut_off, right.bilateral, right.hardly_open_s) == (1, 1, 0.0)
