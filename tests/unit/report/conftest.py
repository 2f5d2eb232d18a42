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
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    Method,
    Patient,
    TaskKind,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.results import (
    MEASURES_OF_BOTH_SIDES,
    Association,
    ChartPoint,
    Closest,
    Estimate,
    InjectionCourse,
    LeftOut,
    Measure,
    OperationCourse,
    OperationMark,
    Progression,
    RegionReached,
    Scale,
    Series,
    Sureness,
    Trend,
)
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
    unmeasured = SideSummary(
        episodes=0,
        episodes_per_min=NAN,
        episodes_per_min_low=NAN,
        episodes_per_min_high=NAN,
        spasm_fraction=NAN,
        spasm_s=0.0,
        median_duration_s=NAN,
        longest_duration_s=NAN,
        median_pause_s=NAN,
        share_over_1s=NAN,
        regions=(),
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


# --- years of one person, made up ---------------------------------------------------


def build_progression(
    *, recordings: int = 40, days: int = 600, course: bool = True, patient: str = "Anna"
) -> Progression:
    """What progression might say of one person; every number is made up.

    The RIGHT side goes from 1 to 4 bursts a minute at rest (twice that when
    provoked) and back after injections; the LEFT has almost none. `course` adds
    treatments, diary and all that rests on them.
    """
    rng = np.random.default_rng(7)
    first = date(2024, 2, 5)
    treatments = _treatments(first, days) if course else ()
    when = np.sort(rng.choice(days, size=recordings, replace=recordings > days))
    series = [
        one
        for kind in (TaskKind.REST, TaskKind.PROVOKED)
        for one in _all_series(rng, first, when.tolist(), kind, treatments)
    ]
    minutes = 3.0 * recordings
    return Progression(
        patient=Patient(
            patient_id=patient, created_at=datetime(2024, 2, 1, 9, 0, tzinfo=UTC)
        ),
        basis=Basis.DETECTED,
        method=Method(
            tracker="mesh",
            tracker_weights_sha256="a" * 64,
            detector="learned",
            networks_sha256="b" * 64,
            parameters_sha256="c" * 64,
            software_version="9.9.9",
        ),
        first_on=first + timedelta(days=int(when[0])),
        last_on=first + timedelta(days=int(when[-1])),
        recordings=recordings,
        analysable_min=minutes,
        series=tuple(series),
        injections=_injections(treatments),
        operations=_operations(treatments),
        associations=_associations() if course else (),
        regions=_regions_reached(first),
        closest=(
            Closest(
                scale="Jankovic Rating Scale, frequency (Jankovic & Orman 1987)",
                level="frequency 3",
                rule="half of the latest bursts on this side lasted longer than 1 second",
                side=Side.RIGHT,
            ),
        ),
        treatments=treatments,
        diary=_diary(rng, first, days) if course else (),
        left_out=(
            LeftOut(
                reason="measured with another tracker (holistic 0.9)",
                recordings=tuple(f"old-{n}" for n in range(12)),
            ),
        )
        if course
        else (),
        readings=(
            "Right side, at rest: bursts clearly come more often: 1.1 → 3.9 a minute.",
            "Right side, at rest: bursts last longer: 0.6 s → 1.1 s; likely.",
            "Left side, at rest: no change can be told yet. Record about 40 more minutes.",
        ),
    )


def _estimate(value: float, spread: float = 0.3) -> Estimate:
    return Estimate(value=value, low=value / (1 + spread), high=value * (1 + spread))


def _all_series(
    rng: np.random.Generator,
    first: date,
    when: list[int],
    kind: TaskKind,
    treatments: tuple[Treatment, ...],
) -> list[Series]:
    found = []
    for measure in Measure:
        both = measure in MEASURES_OF_BOTH_SIDES
        sides = (None,) if both else (Side.RIGHT, Side.LEFT)
        found += [
            _series(rng, first, when, measure, side, kind, treatments) for side in sides
        ]
    return found


_START = {
    Measure.EPISODES_PER_MIN: 1.0,
    Measure.SPASM_FRACTION: 0.02,
    Measure.MEDIAN_DURATION_S: 0.6,
    Measure.LONGEST_DURATION_S: 3.0,
    Measure.SHARE_OVER_1S: 0.15,
    Measure.MEDIAN_PAUSE_S: 30.0,
    Measure.EXCURSION_MM: 1.6,
    Measure.BOTH_REGIONS_SHARE: 0.2,
    Measure.BROW_LIFT_SHARE: 0.1,
    Measure.REST_ASYMMETRY: -0.03,
    Measure.BLINKS_PER_MIN: 14.0,
}


def _series(
    rng: np.random.Generator,
    first: date,
    when: list[int],
    measure: Measure,
    side: Side | None,
    kind: TaskKind,
    treatments: tuple[Treatment, ...],
) -> Series:
    size = _START[measure] * (1.0 if side is not Side.LEFT else 0.08)
    size *= 2.0 if kind is TaskKind.PROVOKED else 1.0
    grows = side is Side.RIGHT and measure is not Measure.MEDIAN_PAUSE_S
    points = []
    for number, day in enumerate(when):
        on = first + timedelta(days=day)
        value = size * (1 + (2.5 * day / max(when[-1], 1) if grows else 0.0))
        value *= float(np.exp(rng.normal(0, 0.25)))
        if grows and any(7 < (on - t.on).days < 90 for t in treatments):
            value *= 0.4
        share = "share" in measure or "fraction" in measure
        value = min(value, 0.95) if share else value
        spread = 0.02 if measure is Measure.REST_ASYMMETRY else 0.5 * abs(value)
        high = value + 1.4 * spread
        points.append(
            ChartPoint(
                at=datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC),
                start=on,
                end=on,
                estimate=Estimate(
                    value=value,
                    low=value - 0.8 * spread,
                    high=min(high, 1.0) if share else high,
                ),
                analysable_min=3.0,
                bursts=max(int(3 * value), 1),
                recordings=(f"r{number}-{kind}",),
            )
        )
    periods = _pooled(points) if len(points) > 60 else points
    return Series(
        measure=measure,
        side=side,
        kind=kind,
        recordings=tuple(points),
        periods=tuple(periods),
        period="month" if len(points) > 60 else "recording",
        trend=_trend(points, measure, side) if len(points) > 3 else None,
        latest=periods[-1],
    )


def _pooled(points: list[ChartPoint]) -> list[ChartPoint]:
    """Put all points of a month together."""
    months: dict[tuple[int, int], list[ChartPoint]] = {}
    for point in points:
        months.setdefault((point.start.year, point.start.month), []).append(point)
    found = []
    for of_month in months.values():
        middle = of_month[len(of_month) // 2]
        value = float(np.mean([point.estimate.value for point in of_month]))
        spread = 0.4 * abs(value) / math.sqrt(len(of_month))
        found.append(
            ChartPoint(
                at=middle.at,
                start=of_month[0].start,
                end=of_month[-1].end,
                estimate=Estimate(value=value, low=value - spread, high=value + spread),
                analysable_min=sum(point.analysable_min for point in of_month),
                bursts=sum(point.bursts for point in of_month),
                recordings=tuple(r for point in of_month for r in point.recordings),
            )
        )
    return found


def _trend(points: list[ChartPoint], measure: Measure, side: Side | None) -> Trend:
    ratio = measure is not Measure.REST_ASYMMETRY
    values = [point.estimate.value for point in points]
    start, end = float(np.mean(values[:4])), float(np.mean(values[-4:]))
    change = end / start if ratio else end - start
    sure = {
        Side.RIGHT: Sureness.CLEAR,
        Side.LEFT: Sureness.UNTOLD,
        None: Sureness.LIKELY,
    }
    return Trend(
        start=points[0].start,
        end=points[-1].end,
        scale=Scale.RATIO if ratio else Scale.DIFFERENCE,
        fitted_start=start,
        fitted_end=end,
        change=Estimate(
            value=change,
            low=change / 1.5 if ratio else change - 0.02,
            high=change * 1.5 if ratio else change + 0.02,
        ),
        per_year=Estimate(value=change, low=NAN, high=NAN),
        p_value=0.01,
        sureness=sure[side],
        recordings=len(points),
        analysable_min=3.0 * len(points),
        minutes_needed=0.0 if side is Side.RIGHT else 40.0,
        words=f"{measure}: made-up words of a trend.",
    )


def _treatments(first: date, days: int) -> tuple[Treatment, ...]:
    shots = [
        Treatment(
            treatment_id=f"t{n}",
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=first + timedelta(days=day),
            side=Side.RIGHT,
            product="Botox",
            units=22.5 + n,
            muscles={"orbicularis oculi": 15.0, "zygomaticus": NAN},
        )
        for n, day in enumerate(range(100, days - 60, 120))
    ]
    operation = Treatment(
        treatment_id="op",
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        on=first + timedelta(days=days - 60),
        side=Side.RIGHT,
    )
    return (*shots, operation)


def _injections(treatments: tuple[Treatment, ...]) -> tuple[InjectionCourse, ...]:
    return tuple(
        InjectionCourse(
            treatment=treatment,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            before=_estimate(3.0),
            peak=_estimate(0.9),
            peak_over_before=_estimate(0.3),
            peak_over_last_peak=_estimate(1.1) if number else None,
            wear_off_day=_estimate(92.0, 0.1) if number % 2 == 0 else None,
            words="Bursts were 0.3 times as frequent in days 14 to 30.",
        )
        for number, treatment in enumerate(treatments)
        if treatment.kind is TreatmentKind.BOTULINUM_TOXIN
    )


def _operations(treatments: tuple[Treatment, ...]) -> tuple[OperationCourse, ...]:
    marks = (("1 week", 7), ("1 month", 30), ("3 months", 91))
    return tuple(
        OperationCourse(
            treatment=treatment,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            before=_estimate(3.5),
            marks=tuple(
                OperationMark(
                    name=name,
                    day=day,
                    rate=_estimate(1.0)
                    if day < 60
                    else Estimate(value=NAN, low=NAN, high=NAN),
                    over_before=_estimate(0.3)
                    if day < 60
                    else Estimate(value=NAN, low=NAN, high=NAN),
                    analysable_min=9.0 if day < 60 else 0.0,
                )
                for name, day in marks
            ),
            words="Four weeks after the operation bursts were 0.3 times as frequent.",
        )
        for treatment in treatments
        if treatment.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
    )


def _associations() -> tuple[Association, ...]:
    return tuple(
        Association(
            factor=factor,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            days=34,
            rate_ratio=_estimate(ratio, 0.05),
            p_value=0.004,
            sureness=sureness,
            words=f"On days with more of it ({factor}) there were more bursts.",
        )
        for factor, ratio, sureness in (
            ("stress", 1.08, Sureness.CLEAR),
            ("sleep_hours", 0.97, Sureness.UNTOLD),
        )
    )


def _regions_reached(first: date) -> tuple[RegionReached, ...]:
    return tuple(
        RegionReached(
            region=region,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            first_on=first + timedelta(days=day) if day is not None else None,
            latest_share=Estimate(value=share, low=share / 2, high=min(2 * share, 1.0)),
        )
        for region, day, share in (
            (Region.EYELID, 0, 0.98),
            (Region.MOUTH_CORNER, 210, 0.35),
            (Region.CHEEK, None, 0.0),
        )
    )


def _diary(rng: np.random.Generator, first: date, days: int) -> tuple[DiaryEntry, ...]:
    return tuple(
        DiaryEntry(
            on=first + timedelta(days=day),
            stress=float(rng.integers(0, 11)),
            sleep_hours=round(float(rng.normal(7, 1)), 1),
            hfs7_total=float(rng.integers(3, 15)) if day % 30 == 0 else NAN,
            medication="clonazepam 0.5 mg" if day % 50 == 0 else "",
            notes="windy <b>walk</b>" if day % 70 == 0 else "",
        )
        for day in range(0, days, 2)
    )


@pytest.fixture(scope="session")
def make_progression() -> Callable[..., Progression]:
    return build_progression


@pytest.fixture(scope="session")
def progression() -> Progression:
    return build_progression()


@pytest.fixture(scope="session")
def nothing_yet() -> Progression:
    """A person without any recording."""
    return replace(
        build_progression(course=False),
        method=None,
        first_on=None,
        last_on=None,
        recordings=0,
        analysable_min=0.0,
        series=(),
        regions=(),
        closest=(),
        readings=("There is no recording of Anna yet.",),
    )
