"""Pictures of the worst misses and false alarms, the face cut out of five frames.

Worst first: the quiet tier before the lively ones, then the largest burst that
was missed, or the alarm raised with most confidence. Pictures identify people:
they go into the page on this computer and nowhere else.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studies.benchmark.building.faces import Tier
from studies.benchmark.judging.figures import DetectorFigures
from studies.benchmark.judging.measure import read_measured
from studies.benchmark.judging.score import Scored
from studies.benchmark.run import BenchmarkOptions
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.pipeline import ANALYSED_SIDE_PX
from twitch_tracker.records import Episode
from twitch_tracker.report.recording.pictures import picture_box
from twitch_tracker.video.frames_at import read_frames_at

__all__ = ["Example", "find_examples"]

MOST: Final = 10
"""Examples of each sort."""
MOST_PER_VIDEO: Final = 2
HEIGHT_PX: Final = 230
AROUND_S: Final = 0.35
JPEG_QUALITY: Final = 78

_HARDNESS: Final = {tier.value: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True, kw_only=True)
class Example:
    """One mistake with its pictures.

    Attributes
    ----------
    sort : str
        ``missed`` or ``false alarm``.
    recording, tier, side : str
        Where.
    onset_s, offset_s : float
        When.
    words : str
        What is known of it.
    pictures : tuple of (str, str)
        Label and JPEG as a data address.
    """

    sort: str
    recording: str
    tier: str
    side: str
    onset_s: float
    offset_s: float
    words: str
    pictures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Mistake:
    sort: str
    score: RecordingScore
    burst: Episode

    @property
    def name(self) -> str:
        return self.score.source.name if self.score.source else ""


def find_examples(
    figures: DetectorFigures,
    options: BenchmarkOptions,
    on_done: Callable[[int, int], None] | None = None,
) -> tuple[Example, ...]:
    """Choose the worst mistakes of a detector and take their pictures.

    Parameters
    ----------
    figures : DetectorFigures
        Of the detector.
    options : BenchmarkOptions
        Where the recordings are.
    on_done : callable, optional
        Called with how many of how many are done.

    Returns
    -------
    tuple of Example
        Misses first; one whose pictures cannot be read comes without.
    """
    versions = {scored.version.name: scored for scored in figures.scored}
    chosen = [*_misses(figures), *_alarms(figures)]
    made = []
    for place, mistake in enumerate(chosen):
        made.append(_example(mistake, versions, options))
        if on_done is not None:
            on_done(place + 1, len(chosen))
    return tuple(made)


def _misses(figures: DetectorFigures) -> list[_Mistake]:
    """Return bursts and real closures that were not found."""
    mistakes = [
        _Mistake("missed", score, burst)
        for score in (*figures.reopened, *figures.spasms)
        for burst in score.matching.missed
    ]
    return _few(sorted(mistakes, key=lambda m: (_hard(m), -_size(m.burst), m.name)))


def _alarms(figures: DetectorFigures) -> list[_Mistake]:
    """Return what was logged in untouched video."""
    mistakes = [
        _Mistake("false alarm", score, burst)
        for score in figures.untouched
        for burst in score.matching.false_alarms
    ]
    return _few(sorted(mistakes, key=lambda m: (_hard(m), -_sure(m.burst), m.name)))


def _hard(mistake: _Mistake) -> int:
    return _HARDNESS.get(mistake.score.activity, len(_HARDNESS))


def _size(burst: Episode) -> float:
    return float(np.nan_to_num(burst.excursion_mm))


def _sure(burst: Episode) -> float:
    return float(np.nan_to_num(burst.confidence))


def _few(mistakes: Iterable[_Mistake]) -> list[_Mistake]:
    """Keep the first ones, not too many of one video, none of several exams twice."""
    kept: list[_Mistake] = []
    of_video: dict[str, int] = {}
    for mistake in mistakes:
        video = mistake.name.split("__", 1)[0]
        if any(_alike(mistake, other) for other in kept):
            continue
        if of_video.get(video, 0) < MOST_PER_VIDEO and len(kept) < MOST:
            of_video[video] = of_video.get(video, 0) + 1
            kept.append(mistake)
    return kept


def _alike(one: _Mistake, other: _Mistake) -> bool:
    """Return whether two mistakes are about the same moment of a recording."""
    same = one.name == other.name and one.burst.side is other.burst.side
    return same and one.burst.span.overlap_s(other.burst.span) > 0


# --- pictures ---------------------------------------------------------------


def _example(
    mistake: _Mistake, versions: Mapping[str, Scored], options: BenchmarkOptions
) -> Example:
    burst = mistake.burst
    scored = versions[mistake.name]
    video = options.videos / f"{mistake.name}.mp4"
    measured = read_measured(options.kept(scored.version))
    pictures = _pictures(video, burst, measured.raw) if measured else ()
    return Example(
        sort=mistake.sort,
        recording=mistake.name,
        tier=mistake.score.activity,
        side=burst.side.value,
        onset_s=burst.span.start_s,
        offset_s=burst.span.end_s,
        words=_words(mistake, scored),
        pictures=pictures,
    )


def _words(mistake: _Mistake, scored: Scored) -> str:
    """Say what is known of a mistake in one line."""
    burst = mistake.burst
    regions = ", ".join(region.value.replace("_", " ") for region in burst.regions)
    parts = [f"{burst.side.value} side", f"{burst.span.duration_s:.2f} s"]
    if mistake.sort == "missed":
        near = [n for at, n in scored.severities.items() if _same(at, burst)]
        parts += [*near, burst.kind.value if burst.kind else ""]
    elif np.isfinite(burst.confidence):
        parts.append(f"confidence {burst.confidence:.2f}")
    parts.append(regions)
    if np.isfinite(burst.excursion_mm):
        parts.append(f"{burst.excursion_mm:.1f} mm")
    return ", ".join(parts)


def _same(onset_s: float, burst: Episode) -> bool:
    return abs(onset_s - burst.span.start_s) < 2e-3


def _pictures(
    video: Path, burst: Episode, raw: RawMotion
) -> tuple[tuple[str, str], ...]:
    """Cut the face out of five frames."""
    moments = _moments(burst, float(raw.time_s[-1]))
    times_s = [time_s for _, time_s in moments]
    frames = read_frames_at(video, times_s, max_side_px=ANALYSED_SIDE_PX)
    height, width = frames[0].image.shape[:2]
    box = picture_box(_boxes(raw, times_s), width, height)
    return tuple(
        (f"{label} {frame.time_s:.2f} s", _jpeg(frame.image, box))
        for (label, _), frame in zip(moments, frames, strict=True)
    )


def _moments(burst: Episode, last_s: float) -> list[tuple[str, float]]:
    start_s, end_s = burst.span.start_s, burst.span.end_s
    third = (end_s - start_s) / 3
    wanted = [
        ("before", start_s - AROUND_S),
        ("onset", start_s + min(0.05, third)),
        ("during", start_s + third),
        ("during", end_s - third),
        ("after", end_s + AROUND_S),
    ]
    return [(label, float(np.clip(at, 0.0, last_s))) for label, at in wanted]


def _boxes(raw: RawMotion, times_s: Sequence[float]) -> NDArray[np.float32]:
    """Return box around the kept points at some times, a chin's length added below."""
    places = [int(np.abs(raw.time_s - at).argmin()) for at in times_s]
    points = raw.points_px[places][:, :, :2]
    low, high = points.min(axis=1), points.max(axis=1)
    high[:, 1] += 0.22 * (high[:, 1] - low[:, 1])
    return np.asarray(np.concatenate([low, high], axis=1), dtype=np.float32)


def _jpeg(image: NDArray[np.uint8], box: tuple[int, int, int, int]) -> str:
    """Cut, scale and encode as a data address."""
    x0, y0, x1, y1 = box
    cut = Image.fromarray(np.ascontiguousarray(image[y0:y1, x0:x1]))
    width = max(1, round(cut.width * HEIGHT_PX / max(cut.height, 1)))
    data = io.BytesIO()
    scaled = cut.resize((width, HEIGHT_PX), Image.Resampling.LANCZOS)
    scaled.save(data, "JPEG", quality=JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()
