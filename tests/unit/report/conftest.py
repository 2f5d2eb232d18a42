"""One made-up recording whose truth is known, for everything that shows a session.

90 s at 30 frames a second with slightly uneven steps. The subject's RIGHT side
has five bursts (three clonic, two tonic), the LEFT has one; blinks are on both
sides; 40.0 to 46.5 s could not be measured (turned away, then no face); two
candidates were refused. Numbers on both sides differ on purpose, so that a swap
of sides cannot go unnoticed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.records import (
    Blink,
    Damage,
    Episode,
    EpisodeKind,
    ExcludedSpan,
    MotionSignals,
    NearMiss,
    QualityReason,
    RegionScores,
    Session,
    SessionSummary,
    SideSummary,
    SubjectEvent,
    TrackerInfo,
    VideoInfo,
)
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval

NAN = float("nan")
TURNED = (40.0, 44.0)
NO_FACE = (44.0, 46.5)


def span(start_s: float, end_s: float) -> Interval:
    return Interval(start_s=start_s, end_s=end_s)


def _episodes() -> tuple[Episode, ...]:
    eye, mouth, cheek = Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK
    clonic, tonic = EpisodeKind.CLONIC, EpisodeKind.TONIC
    why = ("eyelid and mouth corner of one side moved within one frame",)
    rows = [
        # start, end, side, regions, kind, contractions, rate, mm, lag, conf, brow
        (8.2, 9.1, "right", (eye, mouth), clonic, 4, 4.6, 2.31, 0.033, 0.93, False),
        (21.5, 22.0, "right", (eye,), clonic, 2, 4.1, 1.12, NAN, 0.61, False),
        (
            33.0,
            35.6,
            "right",
            (eye, mouth, cheek),
            tonic,
            1,
            NAN,
            3.47,
            0.0,
            0.97,
            True,
        ),
        (55.3, 56.2, "left", (mouth,), clonic, 3, 3.3, 0.94, NAN, 0.52, False),
        (62.4, 63.5, "right", (eye, mouth), clonic, 5, 4.9, 1.95, 0.067, 0.84, False),
        (
            77.0,
            80.4,
            "right",
            (eye, mouth, cheek),
            tonic,
            1,
            NAN,
            4.06,
            -0.033,
            0.99,
            True,
        ),
    ]
    return tuple(
        Episode(
            span=span(start, end),
            side=Side(side),
            regions=regions,
            lead_region=regions[0],
            kind=kind,
            contractions=count,
            rate_hz=rate,
            peak_score=8.0 + mm,
            mean_score=5.0,
            excursion_mm=mm,
            asymmetry=0.86,
            lag_s=lag,
            confidence=confidence,
            reasons=why,
            brow_lift=brow,
        )
        for start, end, side, regions, kind, count, rate, mm, lag, confidence, brow in rows
    )  # fmt: skip


def _blinks() -> tuple[Blink, ...]:
    starts = (3.1, 6.4, 12.9, 17.2, 25.8, 29.3, 50.1, 58.7, 68.2, 73.9, 84.4)
    return tuple(
        Blink(
            span=span(start, start + 0.22),
            complete=number % 3 != 2,
            closure_left=0.95,
            closure_right=0.93,
        )
        for number, start in enumerate(starts)
    )


def _shape(time_s: NDArray[np.float64], episode: Episode) -> NDArray[np.float64]:
    inside = (time_s >= episode.span.start_s) & (time_s < episode.span.end_s)
    phase = time_s - episode.span.start_s
    if episode.kind is EpisodeKind.TONIC:
        wave = np.minimum(1.0, phase / 0.12) * (0.9 + 0.1 * np.cos(25 * phase))
    else:
        wave = np.sin(math.pi * phase * episode.contractions / episode.span.duration_s)
        wave = wave**2
    return np.where(inside, wave, 0.0)


def _positions(
    time_s: NDArray[np.float64], episodes: tuple[Episode, ...], blinks: tuple[Blink, ...]
) -> NDArray[np.float32]:  # fmt: skip
    rng = np.random.default_rng(2)
    shape = (len(time_s), len(REGIONS), len(SIDES))
    values = rng.normal(0.0, 0.09, shape)
    values += 0.12 * np.sin(time_s / 3.7)[:, None, None]
    share = {Region.EYELID: 1.0, Region.MOUTH_CORNER: 0.7, Region.CHEEK: 0.45}
    for episode in episodes:
        wave = _shape(time_s, episode) * episode.excursion_mm
        for region in episode.regions:
            where = REGIONS.index(region), SIDES.index(episode.side)
            values[:, where[0], where[1]] += wave * share[region]
    for blink in blinks:
        bump = np.exp(-(((time_s - blink.span.middle_s) / 0.06) ** 2))
        values[:, REGIONS.index(Region.EYELID), :] += 6.0 * bump[:, None]
    return values.astype(np.float32)


def build_motion(
    duration_s: float = 90.0,
    fps: float = 30.0,
    episodes: tuple[Episode, ...] = (),
    blinks: tuple[Blink, ...] = (),
    unusable: tuple[tuple[float, float, QualityReason], ...] = (),
) -> MotionSignals:
    rng = np.random.default_rng(1)
    count = round(duration_s * fps)
    time_s = np.arange(count) / fps
    time_s[1:] += rng.uniform(-0.001, 0.001, count - 1)
    usable = np.ones(count, dtype=np.bool_)
    reasons: list[tuple[QualityReason, ...]] = [()] * count
    for start_s, end_s, reason in unusable:
        for index in np.flatnonzero((time_s >= start_s) & (time_s < end_s)):
            usable[index] = False
            reasons[index] = (reason,)
    position = _positions(time_s, episodes, blinks)
    position[~usable] = np.nan
    names = {
        "position_mm": ("mm", position),
        "position_io": ("interocular fraction", position / 90.0),
        "activity_mm_s": ("mm/s", np.abs(position) * 3),
        "one_sided": ("quiet sd", position * 4),
    }
    scores = {
        name: RegionScores(
            name=name, unit=unit, time_s=time_s, values=values.astype(np.float32)
        )
        for name, (unit, values) in names.items()
    }
    return MotionSignals(
        time_s=time_s,
        usable=usable,
        frame_s=np.full(count, 1 / fps),
        reasons=tuple(reasons),
        pose_deg=np.zeros((count, 3), dtype=np.float32),
        interocular_px=np.full(count, 130.0, dtype=np.float32),
        aperture=np.ones((count, 2), dtype=np.float32),
        aperture_mm=np.full((count, 2), 9.5, dtype=np.float32),
        patch_closure=np.zeros((count, 2), dtype=np.float32),
        look=np.full((count, 2), 0.1, dtype=np.float32),
        rest_weight=usable.astype(np.float32),
        own_open=(True, True),
        beside_mouth_io=np.zeros((count, 2, 2), dtype=np.float32),
        mouth_open_io=np.full(count, 0.02, dtype=np.float32),
        mm_per_interocular=90.0,
        scores=scores,
    )


def empty_side() -> SideSummary:
    return SideSummary(
        episodes=0,
        episodes_per_min=0.0,
        episodes_per_min_low=0.0,
        episodes_per_min_high=2.6,
        spasm_fraction=0.0,
        spasm_s=0.0,
        median_duration_s=NAN,
        longest_duration_s=NAN,
        median_pause_s=NAN,
        share_over_1s=NAN,
        regions=(),
    )


def _right_side(analysable_s: float) -> SideSummary:
    return SideSummary(
        episodes=5,
        episodes_per_min=5 / analysable_s * 60,
        episodes_per_min_low=1.17,
        episodes_per_min_high=8.39,
        spasm_fraction=8.5 / analysable_s,
        spasm_s=8.5,
        median_duration_s=1.1,
        longest_duration_s=3.4,
        median_pause_s=12.75,
        share_over_1s=0.6,
        regions=(Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK),
        onsets=5,
        free_s=analysable_s - 8.5,
        onsets_per_free_min=300 / (analysable_s - 8.5),
        onsets_per_free_min_low=1.3,
        onsets_per_free_min_high=9.4,
    )


def _left_side(analysable_s: float) -> SideSummary:
    return SideSummary(
        episodes=1,
        episodes_per_min=1 / analysable_s * 60,
        episodes_per_min_low=0.02,
        episodes_per_min_high=4.0,
        spasm_fraction=0.9 / analysable_s,
        spasm_s=0.9,
        median_duration_s=0.9,
        longest_duration_s=0.9,
        median_pause_s=NAN,
        share_over_1s=0.0,
        regions=(Region.MOUTH_CORNER,),
        onsets=1,
        free_s=analysable_s - 0.9,
        onsets_per_free_min=60 / (analysable_s - 0.9),
        onsets_per_free_min_low=0.02,
        onsets_per_free_min_high=4.1,
    )


def build_video(name: str = "morning_2026-03-04.mp4", duration_s: float = 90.0) -> VideoInfo:  # fmt: skip
    return VideoInfo(
        name=name,
        width_px=1280,
        height_px=720,
        rotation_deg=90,
        nominal_fps=30.0,
        duration_s=duration_s,
        codec="h264",
        mirrored=False,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        time_base=Fraction(1, 90000),
    )


def build_session(**changes: object) -> Session:
    """Return the made-up recording, with any field of it replaced."""
    episodes, blinks = _episodes(), _blinks()
    motion = build_motion(
        episodes=episodes,
        blinks=blinks,
        unusable=(
            (*TURNED, QualityReason.TURNED_AWAY),
            (*NO_FACE, QualityReason.NO_FACE),
        ),
    )
    analysable_s = motion.analysable_s
    fields: dict[str, object] = {
        "video": build_video(),
        "damage": Damage(frames_read=2700, damaged_packets=1, duplicate_stamps=2),
        "tracker": TrackerInfo(
            name="attention-mesh", version="0.10.21", weights_sha256="ab12" * 16
        ),
        "motion": motion,
        "episodes": episodes,
        "blinks": blinks,
        "near_misses": (
            NearMiss(
                span=span(14.1, 14.4),
                side=Side.RIGHT,
                peak_score=4.2,
                reason="both eyes closed together: counted as a blink",
            ),
            NearMiss(
                span=span(48.0, 48.9),
                side=Side.LEFT,
                peak_score=3.7,
                reason="the head turned at the same moment",
            ),
        ),
        "excluded": (
            ExcludedSpan(span=span(*TURNED), reasons=(QualityReason.TURNED_AWAY,)),
            ExcludedSpan(span=span(*NO_FACE), reasons=(QualityReason.NO_FACE,)),
        ),
        "subject_events": (
            SubjectEvent(time_s=0.0, kind="chosen", detail="1 face"),
            SubjectEvent(time_s=44.0, kind="lost", detail="the face left the picture"),
            SubjectEvent(time_s=46.5, kind="found", detail="the same face is back"),
        ),
        "summary": SessionSummary(
            recorded_s=motion.recorded_s,
            analysable_s=analysable_s,
            sides={Side.LEFT: _left_side(analysable_s), Side.RIGHT: _right_side(analysable_s)},
            rest_asymmetry=-0.042,
            blinks=11,
            complete_blinks=8,
            blinks_per_min=11 / analysable_s * 60,
            excluded_s={QualityReason.TURNED_AWAY: 4.0, QualityReason.NO_FACE: 2.5},
        ),
        "parameters": {"onset_score": 4.0, "merge_gap_s": 0.25},
        "parameters_sha256": "cd34" * 16,
        "software_version": "0.1.0",
    }  # fmt: skip
    fields.update(changes)
    return Session(**fields)  # type: ignore[arg-type]


def _summary(motion: MotionSignals, side: SideSummary, **changes: object) -> SessionSummary:  # fmt: skip
    fields: dict[str, object] = {
        "recorded_s": motion.recorded_s,
        "analysable_s": motion.analysable_s,
        "sides": {Side.LEFT: side, Side.RIGHT: side},
        "rest_asymmetry": NAN,
        "blinks": 0,
        "complete_blinks": 0,
        "blinks_per_min": NAN,
        "excluded_s": {},
    }
    fields.update(changes)
    return SessionSummary(**fields)  # type: ignore[arg-type]


def build_quiet_session() -> Session:
    """Return a measurable recording without a single burst."""
    motion = build_motion()
    return build_session(
        motion=motion,
        episodes=(),
        near_misses=(),
        excluded=(),
        subject_events=(),
        summary=_summary(motion, empty_side(), blinks_per_min=0.0),
        blinks=(),
    )


def build_blind_session() -> Session:
    """Return a recording in which nothing could be measured."""
    motion = build_motion(unusable=((-1.0, 100.0, QualityReason.TOO_DARK),))
    unmeasured = replace(
        empty_side(),
        episodes_per_min=NAN,
        episodes_per_min_low=NAN,
        episodes_per_min_high=NAN,
        spasm_fraction=NAN,
    )
    return build_session(
        motion=motion,
        episodes=(),
        blinks=(),
        near_misses=(),
        subject_events=(),
        excluded=(
            ExcludedSpan(span=span(0.0, 90.0), reasons=(QualityReason.TOO_DARK,)),
        ),
        summary=_summary(
            motion, unmeasured, excluded_s={QualityReason.TOO_DARK: motion.recorded_s}
        ),
    )


@pytest.fixture
def make_session() -> Callable[..., Session]:
    return build_session


@pytest.fixture(scope="session")
def session() -> Session:
    return build_session()


@pytest.fixture(scope="session")
def quiet_session() -> Session:
    return build_quiet_session()


@pytest.fixture(scope="session")
def blind_session() -> Session:
    return build_blind_session()


@pytest.fixture
def make_motion() -> Callable[..., MotionSignals]:
    return build_motion
