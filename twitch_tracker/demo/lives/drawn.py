"""Draw a simulated person: the history that a journal would give, and what was true.

The same life and seed give the same person. Note: recordings of a day are windows of
the same day's process; totals are computed by the journal's own function from single
bursts, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.demo.lives.days import Days, draw_days
from twitch_tracker.demo.lives.detector import SideBursts, Visibility, log_bursts
from twitch_tracker.demo.lives.notes import diary_of, treatments_of
from twitch_tracker.demo.lives.person import Life
from twitch_tracker.demo.lives.process import run_bursts
from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.history import (
    LoggedRecording,
    Method,
    Patient,
    PatientHistory,
    Task,
)
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.records import (
    Episode,
    EpisodeKind,
    ExcludedSpan,
    FaceNumbers,
    HardlyOpen,
    QualityReason,
)
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval

__all__ = ["LIVES_METHOD", "Drawn", "DrawnFilm", "draw_life"]

Array = NDArray[np.float64]

LIVES_METHOD: Final = Method(
    tracker="simulated life",
    tracker_weights_sha256="",
    detector="simulated, fallible",
    networks_sha256="",
    parameters_sha256="",
    software_version="",
)
"""Never mixed with measured recordings, nor with those of `demo.course`."""

_AWAKE_S: Final = 14 * 3600.0
"""From eight in the morning to ten at night."""

_FIRST_S: Final = 2 * 3600.0
"""Recordings begin when the process has long settled."""

_SHORTEST_S: Final = 20.0
_AWAY_S: Final = 6.0
_SHUT_S: Final = 5.0
_EXCURSION_SD: Final = 0.4
_BLINKS_PER_MIN: Final = 13.0
_ASYMMETRY_SD: Final = 0.03
_PROVOKED_S: Final = 60.0
_ASKED_S: Final = 30.0
_ASKED: Final = (Task.FORCED_CLOSURE, Task.SMILING, Task.BROW_RAISING)
_SMILE_MM: Final = 8.0
_BROW_MM: Final = 6.0


@dataclass(frozen=True, kw_only=True)
class DrawnFilm:
    """One recording, with what was true in it.

    Attributes
    ----------
    logged : LoggedRecording
        As the journal would give it.
    episodes : tuple of Episode
        What the detector logged.
    excluded : tuple of ExcludedSpan
        What could not be measured.
    hardly_open : tuple of HardlyOpen
        When an eye was closed for long.
    true : SideBursts
        What happened on the affected side while it was measured, or partly so, in
        time of the recording.
    day : int
        Day of the course.
    mirrored : bool
        Whether the sides are swapped.
    """

    logged: LoggedRecording
    episodes: tuple[Episode, ...]
    excluded: tuple[ExcludedSpan, ...]
    hardly_open: tuple[HardlyOpen, ...]
    true: SideBursts
    day: int
    mirrored: bool


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A simulated person.

    Attributes
    ----------
    life : Life
        As it was planned.
    days : Days
        As days turned out.
    history : PatientHistory
        As a journal would give it.
    films : tuple of DrawnFilm
        The recordings of `history`, one for one.
    """

    life: Life
    days: Days
    history: PatientHistory
    films: tuple[DrawnFilm, ...]


def draw_life(life: Life, seed: int, patient_id: str = "life") -> Drawn:
    """Draw a simulated person.

    Parameters
    ----------
    life : Life
        What happens.
    seed : int
        Source of chance.
    patient_id : str
        Pseudonym.

    Returns
    -------
    Drawn
        At least one recording, on the first day.
    """
    rng = np.random.default_rng([seed, 77])
    days = draw_days(life, rng)
    films = tuple(
        film
        for day in _recording_days(life, days, rng)
        for film in _films_of_day(life, days, rng, int(day), patient_id)
    )
    history = PatientHistory(
        patient=Patient(
            patient_id=patient_id,
            notes="Simulated patient. Not a person.",
            created_at=datetime.combine(life.start, time(7), UTC),
        ),
        recordings=tuple(film.logged for film in films),
        treatments=treatments_of(life),
        diary=diary_of(life, days, rng),
    )
    return Drawn(life=life, days=days, history=history, films=films)


def _recording_days(
    life: Life, days: Days, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Choose days, rather bad ones where bad days pull; the first day always."""
    pull = np.maximum(days.factor * days.effect, 0.05) ** life.habit.pull
    chance = np.minimum(life.habit.per_week / 7 * pull / pull.mean(), 1.0)
    wanted = rng.random(life.days) < chance
    wanted[0] = True
    return np.flatnonzero(wanted)


def _films_of_day(
    life: Life, days: Days, rng: np.random.Generator, day: int, patient_id: str
) -> list[DrawnFilm]:
    """Record at rest, and provoked after it on some days."""
    minutes = life.habit.minutes.on(day) * np.exp(life.habit.minutes_sd * rng.normal())
    length_s = max(round(60 * float(minutes), 1), _SHORTEST_S)
    begin_s = float(rng.uniform(_FIRST_S, _AWAKE_S - length_s - _PROVOKED_S - 300))
    frame = _Frame(life, days, day, patient_id)
    films = [frame.film(rng, Task.REST, begin_s, length_s)]
    if rng.random() < life.habit.provoked_share:
        later_s = begin_s + length_s + 120
        films.append(frame.film(rng, Task.PURSING, later_s, _PROVOKED_S))
    if life.asked.share and rng.random() < life.asked.share:
        for number, task in enumerate(_ASKED):
            later_s = begin_s + length_s + 120 + 60 * number
            film = frame.film(rng, task, later_s, _ASKED_S)
            face = frame.face(rng, task)
            films.append(replace(film, logged=replace(film.logged, face=face)))
    return films


@dataclass(frozen=True)
class _Frame:
    """One day of one person, ready to be filmed."""

    life: Life
    days: Days
    day: int
    patient_id: str

    def film(
        self, rng: np.random.Generator, task: Task, begin_s: float, length_s: float
    ) -> DrawnFilm:
        """Cut a window out of the day and let the detector watch it."""
        life, day = self.life, self.day
        true = self._true(rng, task, begin_s)
        stretches = _stretches(rng, length_s, life.habit.turned_away)
        mirrored = day >= life.detector.mirrored_from
        other = true.chosen(rng.random(len(true)) < life.both_share)
        sides = (life.side, life.side.other)
        logged = {
            side.other if mirrored else side: log_bursts(
                rng, own, stretches, self._visibility(rng)
            )
            for side, own in zip(sides, (true, other), strict=True)
        }
        excluded = _excluded(stretches, length_s)
        episodes = mark_bilateral(
            sorted(
                (e for side, seen in logged.items() for e in _episodes(side, seen)),
                key=lambda e: (e.span.start_s, e.side),
            )
        )
        shut = tuple(
            HardlyOpen(span=e.span, side=e.side)
            for e in episodes
            if e.span.duration_s >= _SHUT_S
        )
        return DrawnFilm(
            logged=self._recording(
                rng, task, begin_s, length_s, stretches, episodes, excluded, shut
            ),
            episodes=episodes,
            excluded=excluded,
            hardly_open=shut,
            true=_within(true, stretches),
            day=day,
            mirrored=mirrored,
        )

    def face(self, rng: np.random.Generator, task: Task) -> FaceNumbers:
        """Return what is read of both sides in a task."""
        asked, own = self.life.asked, self.life.side
        if self.day >= self.life.detector.mirrored_from:
            own = own.other
        noise = dict(zip(SIDES, asked.noise_sd * rng.normal(size=2), strict=True))

        def each(affected: float, other: float) -> dict[Side, float]:
            return {own: affected, own.other: other}

        def closure(affected: float, other: float) -> dict[str, float]:
            return {
                f"closure_reach_{side.value}": float(np.clip(x + noise[side], 0, 1))
                for side, x in each(affected, other).items()
            }

        def millimetres(what: str, usual: float, affected: float) -> dict[str, float]:
            return {
                f"{what}_reach_{side.value}_mm": usual * x * float(np.exp(noise[side]))
                for side, x in each(affected, 1.0).items()
            }

        if task is Task.FORCED_CLOSURE:
            return FaceNumbers(**closure(0.9 * asked.closure, 0.9))
        if task is Task.BROW_RAISING:
            return FaceNumbers(**millimetres("brow", _BROW_MM, asked.brow))
        return FaceNumbers(
            **closure(0.2 + asked.along, 0.2),
            **millimetres("mouth", _SMILE_MM, asked.smile),
        )

    def _true(self, rng: np.random.Generator, task: Task, begin_s: float) -> SideBursts:
        """Return bursts of the affected side, in time of the recording."""
        life, day = self.life, self.day
        ratio = 1.0 if task is Task.REST else life.habit.provoked_ratio
        pace = self.days.pace(life, day, quiet_ratio=ratio)
        spans = run_bursts(rng, pace, _AWAKE_S) - begin_s
        spans = spans[(spans[:, 1] > 0) & (spans[:, 0] < _AWAKE_S / 4)]
        n = len(spans)
        size = life.bursting.excursion_mm.on(day)
        return SideBursts(
            spans_s=spans,
            excursion_mm=size * np.exp(_EXCURSION_SD * rng.normal(size=n)),
            part=_somewhere(rng.random((n, len(REGIONS))) < self._reach()),
            cut=np.zeros((n, 2), bool),
        )

    def _reach(self) -> Array:
        reach = self.life.reach
        chance: Mapping[Region, float] = {
            Region.EYELID: reach.eyelid.on(self.day),
            Region.MOUTH_CORNER: reach.mouth_corner.on(self.day),
            Region.CHEEK: reach.cheek.on(self.day),
            Region.BROW: reach.brow.on(self.day),
        }
        return np.array([chance[region] for region in REGIONS])

    def _visibility(self, rng: np.random.Generator) -> Visibility:
        detector = self.life.detector
        false = detector.false_per_min.on(self.day)
        shape = detector.false_shape
        return Visibility(
            detector=detector,
            day=float(self.day),
            false_per_min=false * float(rng.gamma(shape, 1 / shape)),
        )

    def _recording(
        self,
        rng: np.random.Generator,
        task: Task,
        begin_s: float,
        length_s: float,
        stretches: Array,
        episodes: tuple[Episode, ...],
        excluded: tuple[ExcludedSpan, ...],
        shut: tuple[HardlyOpen, ...],
    ) -> LoggedRecording:
        life, day = self.life, self.day
        started = datetime.combine(life.start, time(8), UTC)
        analysable_s = float((stretches[:, 1] - stretches[:, 0]).sum())
        blinks = _BLINKS_PER_MIN * analysable_s / 60 * float(rng.gamma(8.0, 1 / 8.0))
        asymmetry = life.asymmetry + _ASYMMETRY_SD * float(rng.normal())
        swapped = day >= life.detector.mirrored_from
        return LoggedRecording(
            recording_id=f"{self.patient_id}-{day:04d}-{task.value}",
            started_at=started + timedelta(days=day, seconds=round(begin_s)),
            task=task,
            method=LIVES_METHOD,
            device=life.detector.device_on(day),
            recorded_s=length_s,
            analysable_s=analysable_s,
            sides=totals_of_sides(episodes, excluded, shut),
            blinks=int(rng.poisson(blinks)),
            rest_asymmetry=-asymmetry if swapped else asymmetry,
        )


def _somewhere(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Let the eyelid take part where nothing else does."""
    part[~part.any(axis=1), REGIONS.index(Region.EYELID)] = True
    return part


def _stretches(rng: np.random.Generator, length_s: float, chance: float) -> Array:
    """Return what could be measured: all of it, or with some seconds turned away."""
    away_s = min(float(rng.exponential(_AWAY_S)) + 1.0, length_s / 3)
    if rng.random() >= chance:
        return np.array([[0.0, length_s]])
    begin_s = float(rng.uniform(2.0, length_s - away_s - 2.0))
    return np.round([[0.0, begin_s], [begin_s + away_s, length_s]], 3)


def _excluded(stretches: Array, length_s: float) -> tuple[ExcludedSpan, ...]:
    """Return what lies between the stretches."""
    ends = np.concatenate([stretches[:-1, 1], stretches[-1:, 1]])
    begins = np.concatenate([stretches[1:, 0], [length_s]])
    return tuple(
        ExcludedSpan(
            span=Interval(start_s=float(end), end_s=float(begin)),
            reasons=(QualityReason.TURNED_AWAY,),
        )
        for end, begin in zip(ends, begins, strict=True)
        if begin > end
    )


def _within(true: SideBursts, stretches: Array) -> SideBursts:
    """Return the bursts that share time with what was measured."""
    spans = true.spans_s[:, None]
    touches = (spans[..., 1] > stretches[:, 0]) & (spans[..., 0] < stretches[:, 1])
    return true.chosen(touches.any(axis=1))


def _episodes(side: Side, seen: SideBursts) -> list[Episode]:
    """Return bursts as a detector logs them."""
    brow = REGIONS.index(Region.BROW)
    return [
        Episode(
            span=Interval(start_s=round(float(on), 3), end_s=round(float(off), 3)),
            side=side,
            regions=tuple(r for r, has in zip(REGIONS, part, strict=True) if has),
            lead_region=REGIONS[int(np.argmax(part))],
            kind=EpisodeKind.TONIC if off - on > 2 else EpisodeKind.CLONIC,
            excursion_mm=round(float(size), 3),
            asymmetry=0.9,
            confidence=0.9,
            brow_lift=bool(part[brow]),
            onset_cut=bool(cut[0]),
            offset_cut=bool(cut[1]),
        )
        for (on, off), size, part, cut in zip(
            seen.spans_s, seen.excursion_mm, seen.part, seen.cut, strict=True
        )
    ]
