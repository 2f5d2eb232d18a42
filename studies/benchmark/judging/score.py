"""What every detector logged in one recording, beside its truth.

Two things are neither right nor wrong and are set apart before judging: what is
logged while the person moves one side on purpose (`excused`; the strict figures
still count it as a false alarm), and bursts that were drawn for moments
in which no face was found, so that nothing was put in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.benchmark.building.faces import Deliberate
from studies.benchmark.building.material import Playing, played_spans
from studies.benchmark.building.plan import Version
from studies.benchmark.judging.detectors import Findings, detect
from studies.benchmark.judging.measure import read_measured
from studies.benchmark.judging.weights import ALL_FAMILIES
from twitch_tracker.episodes.summary import excluded_spans
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.evaluate.recordings import ScoredRecording
from twitch_tracker.exchange.coding.coded import Truth
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

__all__ = ["Judged", "ScoreTask", "Scored", "score_recording"]

NOT_SEEN: Final = "face not seen"
"""Reason in the truth of a burst that could not be put in."""

TOLERANCE_S: Final = 0.1

SidedSpan = tuple[Side, Interval]


@dataclass(frozen=True, kw_only=True)
class ScoreTask:
    """One recording to be scored.

    Attributes
    ----------
    version : Version
        Which one.
    playing : Playing
        How its video is played.
    video, truth, kept : Path
        The recording, its truth and its raw motion.
    severities : tuple of str
        How strong each of its bursts was drawn, in order of onset.
    deliberate : tuple of Deliberate
        Movements on purpose in its source.
    exam : str
        What the networks have not seen besides this face (`weights`).
    options : AnalysisOptions
        With networks that have not seen this face.
    rules : bool
        Whether the reference rules are asked, too.
    """

    version: Version
    playing: Playing
    video: Path
    truth: Path
    kept: Path
    severities: tuple[str, ...] = ()
    deliberate: tuple[Deliberate, ...] = ()
    exam: str = ALL_FAMILIES
    options: AnalysisOptions = field(default_factory=AnalysisOptions)
    rules: bool = True


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one detector logged in one recording.

    Attributes
    ----------
    lenient, strict : ScoredRecording
        Without and with what was logged during movements on purpose.
    deliberate_logged : int
        Movements on purpose during which their side was logged.
    blinks_logged : int
        Real blinks of both eyes during which a burst was logged.
    ms_per_frame : float
        Time for signals and decision.
    """

    lenient: ScoredRecording
    strict: ScoredRecording
    deliberate_logged: int
    blinks_logged: int
    ms_per_frame: float


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One recording with the logs of all detectors.

    Attributes
    ----------
    version : Version
        Which one.
    exam : str
        What the networks had not seen besides its face.
    judged : dict
        `Judged` by the detector's name.
    deliberate, blinks, hidden, unmeasured : int
        Movements on purpose, real blinks of both eyes, bursts that could not
        be put in, and bursts of which less than half could be measured.
    severities : dict
        How strong a burst was drawn, by its onset in seconds.
    interocular_px : float
        Median distance of the eyes in the picture; NaN when no face was found.
    """

    version: Version
    judged: dict[str, Judged]
    exam: str = ALL_FAMILIES
    deliberate: int
    blinks: int
    hidden: int
    unmeasured: int
    severities: dict[float, str]
    interocular_px: float = math.nan


def score_recording(task: ScoreTask) -> Scored:
    """Ask all detectors about one recording.

    Raises
    ------
    TwitchTrackerError
        If it was not measured before.
    """
    measured = read_measured(task.kept)
    if measured is None:
        raise TwitchTrackerError(f"{task.kept.name}: not measured. Run again.")
    truth = read_truth(task.truth)
    in_order = sorted(e.span.start_s for e in truth.episodes)
    severities = dict(zip(in_order, task.severities, strict=False))
    hidden = [e for e in truth.episodes if NOT_SEEN in e.reasons]
    real = tuple(e for e in truth.episodes if NOT_SEEN not in e.reasons)
    truth = replace(truth, episodes=real)
    deliberate = [
        (movement.side, span)
        for movement in task.deliberate
        for span in played_spans(movement.span, task.playing)
    ]
    findings = detect(measured.raw, task.options, rules=task.rules)
    motion = next(iter(findings.values())).motion
    unseen = [(e.side, e.span) for e in hidden]
    return Scored(
        version=task.version,
        exam=task.exam,
        judged={
            name: _judged(task.version, truth, found, deliberate, unseen)
            for name, found in findings.items()
        },
        deliberate=len(deliberate),
        blinks=len(_blinks(truth)),
        hidden=len(hidden),
        unmeasured=sum(_measured_share(e.span, motion) < 0.5 for e in real),
        severities=severities,
        interocular_px=_median(measured.raw.interocular_px),
    )


def _median(values: NDArray[np.float32]) -> float:
    """Return median of what is known; NaN when nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else math.nan


def _judged(
    version: Version,
    truth: Truth,
    found: Findings,
    deliberate: Sequence[SidedSpan],
    unseen: Sequence[SidedSpan],
) -> Judged:
    """Put a log beside its truth, with and without what is excused."""
    logged = _without(found.detection.episodes, unseen, truth.episodes)
    strict = _recording(version, truth, logged, found.motion)
    kept = _without(logged, deliberate, truth.episodes)
    return Judged(
        strict=strict,
        lenient=replace(strict, logged=kept),
        deliberate_logged=sum(_is_logged(logged, *place) for place in deliberate),
        blinks_logged=sum(_any_overlaps(kept, blink) for blink in _blinks(truth)),
        ms_per_frame=found.ms_per_frame,
    )


def _recording(
    version: Version, truth: Truth, logged: tuple[Episode, ...], motion: MotionSignals
) -> ScoredRecording:
    return ScoredRecording(
        name=version.name,
        face=version.video.face,
        activity=version.video.tier.value,
        truth=truth.episodes,
        logged=logged,
        others=truth.others,
        analysable_s=motion.analysable_s,
        recorded_s=motion.recorded_s,
        excluded=tuple(span.span for span in excluded_spans(motion)),
        frame_s=float(np.median(motion.frame_s)),
    )


def _without(
    logged: Iterable[Episode], places: Sequence[SidedSpan], truth: Sequence[Episode]
) -> tuple[Episode, ...]:
    """Drop what was logged at `places`, unless it meets a true burst."""
    true = [(e.side, e.span.widened(TOLERANCE_S)) for e in truth]
    return tuple(e for e in logged if _meets(e, true) or not _meets(e, places))


def _meets(episode: Episode, places: Iterable[SidedSpan]) -> bool:
    """Return whether a burst overlaps any of the places of its own side."""
    return any(
        side is episode.side and episode.span.overlap_s(span) > 0
        for side, span in places
    )


def _is_logged(logged: Iterable[Episode], side: Side, span: Interval) -> bool:
    return any(_meets(episode, [(side, span)]) for episode in logged)


def _any_overlaps(logged: Iterable[Episode], span: Interval) -> bool:
    return any(episode.span.overlap_s(span) > 0 for episode in logged)


def _blinks(truth: Truth) -> list[Interval]:
    """Return real blinks of both eyes that no true burst touches."""
    return [
        other.span
        for other in truth.others
        if other.event == "blink" and not _any_overlaps(truth.episodes, other.span)
    ]


def _measured_share(span: Interval, motion: MotionSignals) -> float:
    """Share of the frames in a span that could be measured."""
    inside = (motion.time_s >= span.start_s) & (motion.time_s < span.end_s)
    return float(motion.usable[inside].mean()) if inside.any() else 0.0
