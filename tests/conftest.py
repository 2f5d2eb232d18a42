"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.border.isolated import isolated as APART
from twitch_tracker.errors import (
    BadFile,
    BadParameter,
    NoAnalysableFace,
    RecordingError,
    TwitchTrackerError,
    VideoUnreadable,
)
from twitch_tracker.records import (
    Blink,
    Damage,
    Episode,
    EpisodeKind,
    ExcludedSpan,
    FaceSeen,
    KnownEye,
    KnownUse,
    MotionSignals,
    NearMiss,
    OpenEye,
    Progress,
    QualityReason,
    RegionScores,
    Session,
    SessionSummary,
    SideSummary,
    SubjectEvent,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.regions import (
    EYE_CORNERS,
    LOWER_LID,
    MESH_POINTS,
    REGIONS,
    SIDES,
    UPPER_LID,
    Region,
    Side,
)
from twitch_tracker.timebase import Interval

HERE = Path(__file__).parent
OPT_IN = ("benchmark", "browser", "fuzz")
"""Folders named as the mark that each of their tests bears."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import what the marks leave out as a whole."""
    if collection_path.parent != HERE or collection_path.name not in OPT_IN:
        return None
    left_out = f"not {collection_path.name}" in config.option.markexpr
    return True if left_out else None


def pytest_configure(config: pytest.Config) -> None:
    """Hand out files in their order: the long ones of `integration` come early.

    By itself xdist begins with those that hold most tests, and one process waits in the
    end for the other, which has a file of two tests and half a minute.
    """
    gc.disable()  # collecting makes millions of objects, none of which goes away
    # Programs that tests start would compile the package anew each time, for a second.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_finish() -> None:
    """Let no search for unused memory go over all the functions of tests."""
    gc.freeze()
    gc.enable()


NAN = float("nan")
FRAMES = 300
SIGNALS = {
    "position_mm": "mm",
    "position_io": "interocular distances",
    "place_io": "interocular distances",
    "skin_io": "interocular distances",
    "activity_mm_s": "mm/s",
    "one_sided": "sd of the quiet face",
}


def _span(start_s: float, end_s: float) -> Interval:
    return Interval(start_s=start_s, end_s=end_s)


def _motion() -> MotionSignals:
    """Ten seconds at 30 frames a second; the face is missing in the last second."""
    time_s = np.arange(FRAMES) / 30
    usable = time_s < 9
    shape = (FRAMES, len(REGIONS), len(SIDES))
    rng = np.random.default_rng(7)
    scores = {}
    for name, unit in SIGNALS.items():
        values = rng.normal(size=shape).astype(np.float32)
        values[~usable] = np.nan
        scores[name] = RegionScores(
            name=name, unit=unit, time_s=time_s, values=values, history=("made up",)
        )
    return MotionSignals(
        time_s=time_s,
        usable=usable,
        frame_s=np.full(FRAMES, 1 / 30),
        reasons=tuple(
            () if ok else (QualityReason.NO_FACE, QualityReason.TOO_DARK)
            for ok in usable
        ),
        pose_deg=np.where(usable[:, None], 1.5, np.nan).astype(np.float32)
        * np.ones((1, 3), dtype=np.float32),
        interocular_px=np.where(usable, 120.0, np.nan).astype(np.float32),
        aperture=np.where(usable[:, None], 1.0, np.nan).astype(np.float32)
        * np.ones((1, 2), dtype=np.float32),
        aperture_mm=np.where(usable[:, None], 9.5, np.nan).astype(np.float32)
        * np.ones((1, 2), dtype=np.float32),
        patch_closure=np.where(usable[:, None], 0.05, np.nan).astype(np.float32)
        * np.ones((1, 2), dtype=np.float32),
        look=np.where(usable[:, None], 0.1, np.nan).astype(np.float32)
        * np.ones((1, 2), dtype=np.float32),
        rest_weight=usable.astype(np.float32),
        own_open=(True, False),
        beside_mouth_io=np.where(usable[:, None, None], 0.01, np.nan).astype(np.float32)
        * np.array([[1, 2], [3, 4]], dtype=np.float32),
        mouth_open_io=np.where(usable, 0.05, np.nan).astype(np.float32),
        mm_per_interocular=88.5,
        scores=scores,
        open_eyes=(_open_eye(8.5), _open_eye(0.25)),
        known_eyes=(KnownEye(use=KnownUse.NOT_NEEDED),) * 2,
        face_at=np.where(usable[:, None], (0.4, 0.55), np.nan).astype(np.float32),
        commissure_down_io=np.where(usable[:, None], (0.2, 0.3), np.nan).astype(
            np.float32
        ),
    )


def _open_eye(open_s: float) -> OpenEye:
    return OpenEye(
        aperture_io=0.1, look=0.1, open_s=open_s, measured_s=9.0, own=open_s > 1
    )


def _episodes() -> tuple[Episode, ...]:
    """A clonic burst on the right; a tonic one of which little was measured."""
    return (
        Episode(
            span=_span(1.0333333, 1.8),
            side=Side.RIGHT,
            regions=(Region.EYELID, Region.MOUTH_CORNER),
            lead_region=Region.EYELID,
            kind=EpisodeKind.CLONIC,
            contractions=4,
            rate_hz=5.25,
            peak_score=9.5,
            mean_score=4.25,
            excursion_mm=3.25,
            asymmetry=0.875,
            lag_s=0.033,
            confidence=0.9,
            reasons=("lid and mouth corner moved together", "the left side was still"),
            brow_lift=True,
        ),
        Episode(
            span=_span(4.0, 6.5),
            side=Side.RIGHT,
            regions=(Region.CHEEK,),
            lead_region=Region.CHEEK,
            kind=EpisodeKind.TONIC,
        ),
    )


def _side(episodes: int) -> SideSummary:
    return SideSummary(
        episodes=episodes,
        episodes_per_min=episodes / 0.15,
        episodes_per_min_low=0.0,
        episodes_per_min_high=48.2,
        spasm_fraction=0.36 if episodes else 0.0,
        spasm_s=3.27 if episodes else 0.0,
        median_duration_s=1.63 if episodes else NAN,
        longest_duration_s=2.5 if episodes else NAN,
        median_pause_s=2.2 if episodes else NAN,
        share_over_1s=0.5 if episodes else NAN,
        regions=(Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK) if episodes else (),
        onsets=episodes,
        free_s=5.73 if episodes else 9.0,
        onsets_per_free_min=60 * episodes / (5.73 if episodes else 9.0),
        onsets_per_free_min_low=0.0,
        onsets_per_free_min_high=75.6,
    )


def _session(name: str = "face.mp4", digest: str = "ab" * 32) -> Session:
    motion = _motion()
    return Session(
        video=VideoInfo(
            name=name,
            width_px=640,
            height_px=360,
            rotation_deg=90,
            nominal_fps=NAN,
            duration_s=10.0,
            codec="h264",
            mirrored=False,
            sha256=digest,
            time_base=Fraction(1, 15360),
        ),
        damage=Damage(frames_read=FRAMES, damaged_packets=2),
        tracker=TrackerInfo(
            name="attention-mesh", version="0.10.21", weights_sha256="cd" * 32
        ),
        motion=motion,
        episodes=_episodes(),
        blinks=(
            Blink(
                span=_span(3.0, 3.2),
                complete=True,
                closure_left=0.95,
                closure_right=NAN,
            ),
        ),
        near_misses=(
            NearMiss(
                span=_span(7.0, 7.4),
                side=Side.LEFT,
                peak_score=3.5,
                reason="both sides moved alike: a smile",
            ),
        ),
        excluded=(
            ExcludedSpan(
                span=_span(9.0, 10.0),
                reasons=(QualityReason.NO_FACE, QualityReason.TOO_DARK),
            ),
        ),
        subject_events=(
            SubjectEvent(time_s=0.0, kind="chosen", detail="the only face"),
            SubjectEvent(time_s=9.0, kind="lost", detail="no face any more"),
        ),
        summary=SessionSummary(
            recorded_s=motion.recorded_s,
            analysable_s=motion.analysable_s,
            sides={Side.LEFT: _side(0), Side.RIGHT: _side(2)},
            rest_asymmetry=NAN,
            blinks=1,
            complete_blinks=1,
            blinks_per_min=6.67,
            excluded_s={QualityReason.NO_FACE: 1.0, QualityReason.TOO_DARK: 1.0},
        ),
        parameters={"end_s": float("inf"), "enter": 4.0, "regions": REGIONS},
        parameters_sha256="ef" * 32,
        software_version="0.1.0",
        face_seen=FaceSeen(
            version=1,
            measured_with="12" * 32,
            eyes=motion.open_eyes,
            yaw_deg=1.5,
            pitch_deg=1.5,
            content_sha256=digest,
        ),
    )


@pytest.fixture(scope="session")
def made_session() -> Callable[..., Session]:
    """Make a session: two bursts on the right, a blink, one second without a face."""
    return _session


@pytest.fixture
def session() -> Session:
    """Return a session: two bursts on the right, a blink, one second without a face."""
    return _session()


# --- an analysis that needs no video ----------------------------------------


class FakeAnalysis:
    """Stands for the pipeline and the report; a file's name says how it ends.

    ``broken``, ``nobody``, ``dark``, ``odd``, ``bug``, ``full`` and ``stop`` in
    the name of a file make the errors that real recordings make.
    """

    def __init__(self) -> None:
        self.options: list[object] = []
        self.pictures_taken = 0

    def analyze_fully(
        self, path, options, *, on_progress=None, landmark_file=None
    ) -> SimpleNamespace:
        self.options.append(options)
        name = Path(path).name
        for word, error in _ENDINGS.items():
            if word in name:
                raise error
        if on_progress is not None:
            on_progress(Progress(stage="reading", done=1.0, total=2.0))
            on_progress(Progress(stage="finding bursts", done=0.0, total=NAN))
        session = _session(name, sha256(Path(path).read_bytes()).hexdigest())
        if "dark" in name:
            summary = replace(session.summary, analysable_s=0.0)
            session = replace(session, summary=summary)
        if landmark_file is not None:
            meshes = np.zeros((FRAMES, MESH_POINTS, 3), dtype=np.float32)
            landmark_file.write_bytes(meshes.tobytes())
        boxes_px = np.zeros((FRAMES, 4), dtype=np.float32)
        return SimpleNamespace(session=session, boxes_px=boxes_px, max_side_px=1920)

    def take_pictures(
        self, path, session, *, boxes_px, on_progress, read_frames
    ) -> list[object]:
        reading = session.video.reading
        assert read_frames.keywords == {"max_side_px": 1920, "reading": reading}
        assert boxes_px.shape == (len(session.motion.time_s), 4)
        self.pictures_taken += 1
        return ["picture"]

    def write_report(self, session, path, pictures) -> None:
        path.write_text(f"{session.video.name} {len(pictures)} pictures")

    def write_overlay(self, video, session, landmarks, out, *, on_progress=None):
        del video, session, on_progress
        assert landmarks.shape == (FRAMES, MESH_POINTS, 3)
        out.write_bytes(b"overlay")


_ENDINGS = {
    "broken": VideoUnreadable("this is not a video; give another file"),
    "nobody": NoAnalysableFace("no face was found"),
    "odd": BadParameter("start_s", "less than the length", 99.0),
    "bug": ZeroDivisionError("division by zero"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "stop": KeyboardInterrupt(),
}


@pytest.fixture
def fake_analysis(monkeypatch: pytest.MonkeyPatch) -> FakeAnalysis:
    """Put a `FakeAnalysis` where the pipeline and the report would be called."""
    from twitch_tracker import batch

    fake = FakeAnalysis()
    monkeypatch.setattr(batch, "analyze_fully", fake.analyze_fully)
    for module, name in (
        ("recording.page", "write_report"),
        ("recording.pictures", "take_pictures"),
        ("overlay.film", "write_overlay"),
    ):
        stand_in = SimpleNamespace(**{name: getattr(fake, name)})
        monkeypatch.setitem(sys.modules, f"twitch_tracker.report.{module}", stand_in)
    return fake


# --- files that are looked into ---------------------------------------------------


def _here(look, *given, name, error, most_s=0.0, most_bytes=0):
    """Do in this process what `isolated` does in one of its own, with the same errors."""
    try:
        return pickle.loads(pickle.dumps(look(*given)))
    except (BadFile, RecordingError):
        raise
    except TwitchTrackerError as raised:
        raise error(str(raised)) from raised


@pytest.fixture(scope="module")
def looks_here():
    """Look into files in this process: another one takes a second to start.

    `isolated` has tests of its own, and `really_apart` gives it back to a test.
    """
    from twitch_tracker.app.recording import receiving
    from twitch_tracker.border import isolated as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "isolated", _here)
        patch.setattr(receiving, "isolated", _here)
        yield


@pytest.fixture
def really_apart(looks_here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look into files in a process of its own, as the program does."""
    from twitch_tracker.app.recording import receiving
    from twitch_tracker.border import isolated as module

    monkeypatch.setattr(module, "isolated", APART)
    monkeypatch.setattr(receiving, "isolated", APART)


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """Put a file there that a `FakeAnalysis` takes for a video."""

    def make(name: str, content: bytes = b"film") -> Path:
        path = tmp_path / "videos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return make


# --- commands ---------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _one_command_line() -> Iterator[None]:
    """Build all commands once: `CliRunner` does it for every call, in 70 ms."""
    runner = sys.modules.get("typer.testing")
    build = getattr(runner, "_get_command", None)
    with pytest.MonkeyPatch.context() as patch:
        if build is not None:
            patch.setattr(runner, "_get_command", cache(build))
        yield


# --- journals ---------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Let nothing wait until it is on the disk: a test of journals asks a dozen times.

    Who asks, and for what, has tests of its own (`test_scratch`, `quick_disk`).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="session")
def quick_disk() -> Iterator[Callable[..., None]]:
    """Let SQLite in this process not wait for the disk; gives the true preparation."""
    from twitch_tracker.journal.store import database

    prepare = database._prepare_sqlite

    def quickly(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF").close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", quickly)
        yield prepare


@pytest.fixture(scope="session")
def quick_new_journals(quick_disk: object) -> Iterator[Callable[..., None]]:
    """Let an empty database get its tables by the statements that migrations once made.

    All of Alembic's steps take a tenth of a second, for each of hundreds of tests. Gives
    the true `_upgrade`.
    """
    from sqlalchemy import create_engine, inspect

    from twitch_tracker.journal import migrating

    upgrade = migrating._upgrade
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        dumped = connection.connection.driver_connection.iterdump()
        made = [one for one in dumped if one not in {"BEGIN TRANSACTION;", "COMMIT;"}]
    engine.dispose()

    def quick(connection, to: str = "head") -> None:
        empty = not inspect(connection).get_table_names()
        if connection.dialect.name != "sqlite" or to != "head" or not empty:
            upgrade(connection, to)
            return
        for statement in made:
            connection.exec_driver_sql(statement.replace("%", "%%"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "_upgrade", quick)
        yield upgrade


# --- paper --------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def coarse_prints() -> Iterator[Callable[[pytest.MonkeyPatch], None]]:
    """Print charts in few dots: nobody looks at them. Gives how to print them truly."""
    from twitch_tracker.report.progress import files
    from twitch_tracker.report.progress.paper import sheet

    true = {place: place._DOTS_PER_INCH for place in (files, sheet)}

    def truly(patch: pytest.MonkeyPatch) -> None:
        for place, dots in true.items():
            patch.setattr(place, "_DOTS_PER_INCH", dots)

    with pytest.MonkeyPatch.context() as patch:
        for place in true:
            patch.setattr(place, "_DOTS_PER_INCH", 50)
        yield truly


# --- faces --------------------------------------------------------------------


@pytest.fixture(scope="session")
def a_tracker() -> None:
    """Skip where no face tracker can be used: on Python 3.13 without fetched weights."""
    if sys.version_info >= (3, 13):
        from twitch_tracker.face.trackers.catalogue import open_tracker

        try:
            with open_tracker("auto"):
                pass
        except TwitchTrackerError as error:
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def close_eye() -> Callable[..., NDArray[np.uint8]]:
    """Put the skin above one eye over it."""

    def close(
        image: NDArray[np.uint8], mesh: NDArray[np.float32], side: Side
    ) -> NDArray[np.uint8]:
        opening = [*UPPER_LID[side], *EYE_CORNERS[side], *LOWER_LID[side]]
        hull = cv2.convexHull(np.round(mesh[opening, :2]).astype(np.int32))
        eye = cv2.fillConvexPoly(np.zeros(image.shape[:2], np.uint8), hull, 255)
        eye = cv2.GaussianBlur(cv2.dilate(eye, np.ones((3, 3))), (0, 0), 1.0) / 255.0
        upper = mesh[list(UPPER_LID[side]), 1].min()
        lower = mesh[list(LOWER_LID[side]), 1].max()
        skin = np.roll(image, round(float(lower - upper)) + 2, axis=0)
        return (skin * eye[..., None] + image * (1 - eye[..., None])).astype(np.uint8)

    return close
