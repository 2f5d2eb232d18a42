"""A scenario written to disk: the recording, its truth and its plan.

Writes three files: ``NAME.mp4`` (H.264), ``NAME_truth.csv`` and
``NAME_scenario.json``. Truth and pictures come from the same seeded draw.

>>> render(scenario, portrait, Path("simulated.mp4"))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.face.tracker import FaceTracker
from twitch_tracker.records import Frame, Progress
from twitch_tracker.regions import SIDES
from twitch_tracker.simulate.geometry import FaceGeometry
from twitch_tracker.simulate.inject import follow_face, inject_frame, mark_hidden
from twitch_tracker.simulate.portrait import Portrait, animate, frame_times_s
from twitch_tracker.simulate.scenario import Scenario
from twitch_tracker.simulate.truth import (
    EYE_APERTURE_MM,
    TruthRow,
    truth,
    write_truth,
)
from twitch_tracker.video.writer import VideoWriter

__all__ = ["render", "render_into", "scenario_path", "truth_path"]

OnProgress = Callable[[Progress], None]


def truth_path(video: Path) -> Path:
    """Where the truth of a rendering lies."""
    return video.with_name(f"{video.stem}_truth.csv")


def scenario_path(video: Path) -> Path:
    """Where the plan of a rendering lies."""
    return video.with_name(f"{video.stem}_scenario.json")


def render(
    scenario: Scenario,
    portrait: Portrait,
    path: Path,
    *,
    crf: int = 23,
    on_progress: OnProgress | None = None,
) -> tuple[TruthRow, ...]:
    """Render a scenario on a still portrait.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    portrait : Portrait
        On whose face.
    path : Path
        The video to write, ending in ``.mp4``.
    crf : int
        Quality of x264; smaller is better and larger.
    on_progress : callable, optional
        Told after every frame.

    Returns
    -------
    tuple of TruthRow
        What is in the truth file.

    Raises
    ------
    OutputNotWritable
        If a file cannot be written.
    """
    height, width = portrait.image.shape[:2]
    total = float(frame_times_s(scenario)[-1])
    with VideoWriter(path, width_px=width, height_px=height, crf=crf) as writer:
        for image, time_s in animate(portrait, scenario):
            writer.write(image, time_s)
            _tell(on_progress, time_s, total)
    rows = truth(scenario, _aperture_mm(portrait.face))
    _write_beside(Path(path), scenario, rows)
    return rows


def render_into(
    frames: Iterable[Frame],
    tracker: FaceTracker,
    scenario: Scenario,
    path: Path,
    *,
    crf: int = 18,
    on_progress: OnProgress | None = None,
) -> tuple[TruthRow, ...]:
    """Render a scenario into a real video; parameters as for `render`.

    Parameters
    ----------
    frames : Iterable of Frame
        The video.
    tracker : FaceTracker
        Finds the face whose frames are changed.
    scenario, path, crf, on_progress
        As for `render`.

    Raises
    ------
    OutputNotWritable
        If a file cannot be written, or there was no frame.
    """
    times, seen, apertures = [], [], []
    writer: VideoWriter | None = None
    try:
        for frame, mesh in follow_face(frames, tracker):
            if writer is None:
                height, width = frame.image.shape[:2]
                writer = VideoWriter(path, width_px=width, height_px=height, crf=crf)
            writer.write(inject_frame(frame, mesh, scenario), frame.time_s)
            times.append(frame.time_s)
            seen.append(mesh is not None)
            if mesh is not None:
                apertures.append(_aperture_mm(FaceGeometry.from_mesh(mesh)))
            _tell(on_progress, frame.time_s, scenario.duration_s)
    except BaseException:
        if writer is not None:
            writer.abort()
        raise
    if writer is None:
        raise OutputNotWritable(f"{path}: the source showed no frame.")
    writer.close()
    aperture = float(np.median(apertures)) if apertures else EYE_APERTURE_MM
    rows = mark_hidden(truth(scenario, aperture), np.array(times), np.array(seen))
    _write_beside(Path(path), scenario, rows)
    return rows


def _aperture_mm(face: FaceGeometry) -> float:
    """Mean open aperture of both eyes."""
    return float(np.mean([face.aperture_mm(side) for side in SIDES]))


def _write_beside(path: Path, scenario: Scenario, rows: tuple[TruthRow, ...]) -> None:
    try:
        write_truth(rows, truth_path(path))
        scenario.save(scenario_path(path))
    except OSError as error:
        raise OutputNotWritable(
            f"{path.parent}: cannot be written ({error})."
        ) from error


def _tell(on_progress: OnProgress | None, done: float, total: float) -> None:
    if on_progress is not None:
        on_progress(Progress(stage="rendering", done=done, total=total, unit="s"))
