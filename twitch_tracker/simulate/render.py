"""A scenario written to disk: the recording, its truth and its plan.

Writes three files: ``NAME.mp4`` (H.264), ``NAME_truth.csv`` and
``NAME_scenario.json``. Truth and pictures come from the same seeded draw.

>>> render(scenario, portrait, Path("simulated.mp4"))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from twitch_tracker.errors import BadParameter, OutputNotWritable
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame, OnProgress, Progress
from twitch_tracker.regions import SIDES
from twitch_tracker.simulate.inject import (
    follow_face,
    inject_frame,
    mark_hidden,
    refuse_portrait_events,
)
from twitch_tracker.simulate.picture.filming import refilm, resample
from twitch_tracker.simulate.picture.geometry import PictureGeometry
from twitch_tracker.simulate.picture.resampling import Image
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, animate
from twitch_tracker.simulate.truth import (
    EYE_APERTURE_MM,
    TruthRow,
    truth,
    write_truth,
)
from twitch_tracker.video.writer import VideoWriter

__all__ = [
    "film_into",
    "film_portrait",
    "render",
    "scenario_path",
    "truth_path",
    "write_video",
]


def truth_path(video: Path) -> Path:
    """Return where the truth of a rendering lies."""
    return video.with_name(f"{video.stem}_truth.csv")


def scenario_path(video: Path) -> Path:
    """Return where the plan of a rendering lies."""
    return video.with_name(f"{video.stem}_scenario.json")


def render(
    scenario: Scenario,
    portrait: Portrait,
    path: Path,
    *,
    crf: int = 23,
    on_progress: OnProgress | None = None,
) -> tuple[TruthRow, ...]:
    """Render a scenario on a still portrait, with its truth and plan beside it.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    portrait : Portrait
        On whose face.
    path : Path
        The video to write, ending in ``.mp4``.
    crf : int
        Quality of x264 where the plan's camera names none; smaller is better
        and larger.
    on_progress : callable, optional
        Called after every frame.

    Raises
    ------
    OutputNotWritable
        If a file cannot be written.
    """
    rows = film_portrait(scenario, portrait, path, crf=crf, on_progress=on_progress)
    _write_beside(Path(path), scenario, rows)
    return rows


def film_portrait(
    scenario: Scenario,
    portrait: Portrait,
    path: Path,
    *,
    crf: int = 23,
    on_progress: OnProgress | None = None,
) -> tuple[TruthRow, ...]:
    """Write the video only; parameters, result and errors as for `render`."""
    write_video(
        animate(portrait, scenario), path, scenario, crf=crf, on_progress=on_progress
    )
    return truth(scenario, _aperture_mm(portrait.face))


def film_into(
    frames: Iterable[Frame],
    tracker: FaceTracker,
    scenario: Scenario,
    path: Path,
    *,
    crf: int = 18,
    on_progress: OnProgress | None = None,
) -> tuple[tuple[TruthRow, ...], bool]:
    """Put a scenario into a real video, seen by the scenario's camera.

    Parameters
    ----------
    frames : Iterable of Frame
        The video.
    tracker : FaceTracker
        Finds the face whose frames are changed.
    scenario, path, crf, on_progress
        As for `render`. The scenario's own head is not used: it has been filmed.

    Returns
    -------
    tuple of TruthRow, and bool
        The truth, and whether any frame showed a face.

    Raises
    ------
    OutputNotWritable
        If the video cannot be written, or there was no frame.
    BadParameter
        If the plan turns the head, or the camera has jitter but no rate.
    """
    refuse_portrait_events(scenario)
    seen = _Seen()
    pictures = _injected(frames, tracker, scenario, seen)
    write_video(
        refilm(pictures, scenario.camera, scenario.seed),
        path,
        scenario,
        crf=crf,
        on_progress=on_progress,
    )
    rows = truth(scenario, seen.aperture_mm)
    rows = mark_hidden(rows, np.array(seen.time_s), np.array(seen.face))
    return rows, any(seen.face)


def write_video(
    pictures: Iterable[tuple[Image, float]],
    path: Path,
    plan: Scenario,
    *,
    crf: int,
    on_progress: OnProgress | None = None,
) -> None:
    """Write pictures as a video; leaves nothing behind after an error.

    Parameters
    ----------
    pictures : iterable of (image, time in seconds)
        At least one.
    path, crf, on_progress
        As for `render`.
    plan : Scenario
        For its length and compression.

    Raises
    ------
    OutputNotWritable
        If the file cannot be written, or there was no picture.
    """
    writer: VideoWriter | None = None
    try:
        for image, time_s in pictures:
            if writer is None:
                height, width = image.shape[:2]
                writer = VideoWriter(
                    path,
                    width_px=width,
                    height_px=height,
                    crf=_crf(plan, crf),
                    repeatable=True,
                )
            writer.write(image, time_s)
            _report(on_progress, time_s, plan.duration_s)
    except BaseException:
        if writer is not None:
            writer.abort()
        raise
    if writer is None:
        raise OutputNotWritable(f"{path}: the source showed no frame.")
    writer.close()
    _report(on_progress, plan.duration_s, plan.duration_s)


@dataclass
class _Seen:
    """What was seen of the face while a video went by."""

    time_s: list[float] = field(default_factory=list)
    face: list[bool] = field(default_factory=list)
    apertures_mm: list[float] = field(default_factory=list)

    @property
    def aperture_mm(self) -> float:
        """Usual open aperture."""
        return float(np.median(self.apertures_mm or [EYE_APERTURE_MM]))


def _injected(
    frames: Iterable[Frame], tracker: FaceTracker, scenario: Scenario, seen: _Seen
) -> Iterator[tuple[Image, float]]:
    """Follow the face, show it at the camera's times, and move it."""
    camera = scenario.camera
    pairs = follow_face(frames, tracker)
    if camera.fps is not None:
        pairs = resample(pairs, camera.fps, camera.jitter_s, scenario.seed)
    elif camera.jitter_s > 0:
        raise BadParameter("fps", "a frame rate for the jittered video", None)
    for frame, mesh in pairs:
        seen.time_s.append(frame.time_s)
        seen.face.append(mesh is not None)
        if mesh is not None:
            seen.apertures_mm.append(_aperture_mm(PictureGeometry.from_mesh(mesh)))
        yield inject_frame(frame, mesh, scenario), frame.time_s


def _crf(scenario: Scenario, otherwise: int) -> int:
    """Return the compression of a plan's camera."""
    return otherwise if scenario.camera.crf is None else scenario.camera.crf


def _aperture_mm(face: PictureGeometry) -> float:
    """Return the mean open aperture of both eyes."""
    return float(np.mean([face.aperture_mm(side) for side in SIDES]))


def _write_beside(path: Path, scenario: Scenario, rows: tuple[TruthRow, ...]) -> None:
    try:
        write_truth(rows, truth_path(path))
        scenario.save(scenario_path(path))
    except OSError as error:
        raise OutputNotWritable(
            f"{path.parent}: cannot be written ({error})."
        ) from error


def _report(on_progress: OnProgress | None, done: float, total: float) -> None:
    if on_progress is not None:
        on_progress(Progress(stage="rendering", done=done, total=total, unit="s"))
