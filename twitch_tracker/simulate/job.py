"""One simulated recording from one face file: the three files that belong to it.

Makes a recording from a still, a video, or a video's own blinks; writes
``simulated.mp4``, ``truth.csv`` and ``scenario.json`` into a folder that the
caller has made and will put in place.

>>> rows = film(Request(face=Path("me.jpg"), plan=plan), folder)  # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter, NoAnalysableFace, OutputNotWritable
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame, OnProgress, Progress
from twitch_tracker.regions import Side
from twitch_tracker.simulate.inject import follow_face
from twitch_tracker.simulate.picture.filming import refilm, resample
from twitch_tracker.simulate.picture.resampling import Image
from twitch_tracker.simulate.picture.stills import is_still, read_still
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, crop_to_face
from twitch_tracker.simulate.real.real_blinks import find_blinks
from twitch_tracker.simulate.real.reopen import choose_closures, closure_truth, reopen
from twitch_tracker.simulate.render import (
    film_into,
    film_portrait,
    write_video,
)
from twitch_tracker.simulate.truth import TruthRow, write_truth
from twitch_tracker.video.files import open_video

__all__ = [
    "SCENARIO_FILE",
    "TRUTH_FILE",
    "VIDEO_FILE",
    "Request",
    "film",
    "film_closures",
    "shown_s",
]

VIDEO_FILE: Final = "simulated.mp4"
TRUTH_FILE: Final = "truth.csv"
SCENARIO_FILE: Final = "scenario.json"

_STILL_CRF: Final = 23
_VIDEO_CRF: Final = 18

MeshPoints = NDArray[np.floating[Any]]
_MeshOrNone = TypeVar("_MeshOrNone", bound=MeshPoints | None)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is wanted.

    Attributes
    ----------
    face : Path
        Still or video.
    plan : Scenario
        What happens and how it is filmed, camera included.
    tracker : str
        Name of the landmark tracker, as in `face.trackers.catalogue`.
    model_path : Path, optional
        Weights for it.
    """

    face: Path
    plan: Scenario
    tracker: str = "auto"
    model_path: Path | None = None


def shown_s(video: Path) -> float:
    """Return the length of a video in seconds, up to its last shown frame.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable
        If it cannot be read.
    """
    with open_video(video) as source:
        claimed = source.info.duration_s
        if math.isfinite(claimed) and claimed > 0:
            return claimed
        return max((frame.time_s for frame in source), default=0.0)


def film(
    request: Request, folder: Path, on_progress: OnProgress | None = None
) -> tuple[TruthRow, ...]:
    """Film a plan on a still or into a video.

    Parameters
    ----------
    request : Request
        What is wanted.
    folder : Path
        Where the three files go; must exist.
    on_progress : callable, optional
        Called after every frame.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable
        If the face file cannot be read.
    NoAnalysableFace
        If it shows no face.
    BadParameter
        If the plan cannot be played on it.
    OutputNotWritable
        If a file cannot be written.
    """
    path, plan = folder / VIDEO_FILE, request.plan
    with open_tracker(request.tracker, request.model_path) as tracker:
        if is_still(request.face):
            portrait = _portrait(read_still(request.face), tracker)
            rows = film_portrait(
                plan, portrait, path, crf=_STILL_CRF, on_progress=on_progress
            )
        else:
            with open_video(request.face, end_s=plan.duration_s) as video:
                rows, seen = film_into(
                    video, tracker, plan, path, crf=_VIDEO_CRF, on_progress=on_progress
                )
            if not seen:
                raise _no_face(request.face)
    _write(folder, plan, rows)
    return rows


def film_closures(
    request: Request,
    folder: Path,
    side: Side | str | None = None,
    on_progress: OnProgress | None = None,
) -> tuple[TruthRow, ...]:
    """Film a video whose own blinks become one-sided; see `reopen`.

    Parameters
    ----------
    request : Request
        The face must be a video; of the plan only length, seed and camera
        count.
    folder, on_progress
        As for `film`.
    side : Side or str, optional
        The side that closes; drawn for each blink by default.

    Raises
    ------
    BadParameter
        If the face is a still, or no blink can be re-opened.
    VideoUnreadable, TimestampsUnusable, NoAnalysableFace, OutputNotWritable
        As for `film`.
    """
    if is_still(request.face):
        raise BadParameter("closures", "a video with blinks", request.face.name)
    plan = replace(request.plan, events=())
    with open_tracker(request.tracker, request.model_path) as tracker:
        meshes, times = _meshes(request, tracker, on_progress)
    if all(mesh is None for mesh in meshes):
        raise _no_face(request.face)
    blinks = find_blinks(np.array(times), meshes)
    chosen = choose_closures(blinks, seed=plan.seed, side=side)
    if not chosen:
        raise BadParameter(
            "closures",
            "a video with steady blinks of both eyes",
            f"{len(blinks)} blinks, none of them steady",
            "Take a longer or quieter recording.",
        )
    with open_video(request.face, end_s=plan.duration_s) as video:
        again = _retimed(plan, ((frame, None) for frame in video))
        pictures = reopen((frame for frame, _ in again), meshes, chosen)
        filmed = refilm(pictures, plan.camera, plan.seed)
        path = folder / VIDEO_FILE
        write_video(filmed, path, plan, crf=_VIDEO_CRF, on_progress=on_progress)
    rows = closure_truth(blinks, chosen)
    _write(folder, plan, rows)
    return rows


def _portrait(image: Image, tracker: FaceTracker) -> Portrait:
    """Prepare a still: cut to the face where the picture is large enough."""
    try:
        cut = crop_to_face(image, tracker)
    except BadParameter:
        cut = image
    return Portrait.from_still(cut, tracker)


def _no_face(face: Path) -> NoAnalysableFace:
    return NoAnalysableFace(
        f"{face.name}: no face was found in it. Use a recording with a frontal face."
    )


def _meshes(
    request: Request, tracker: FaceTracker, on_progress: OnProgress | None
) -> tuple[list[MeshPoints | None], list[float]]:
    """Follow the face once through the video, as it will be shown."""
    meshes: list[MeshPoints | None] = []
    times: list[float] = []
    plan = request.plan
    with open_video(request.face, end_s=plan.duration_s) as video:
        for frame, mesh in _retimed(plan, follow_face(video, tracker)):
            meshes.append(mesh)
            times.append(frame.time_s)
            _report(on_progress, "looking for blinks", frame.time_s, plan)
    return meshes, times


def _retimed(
    plan: Scenario, pairs: Iterable[tuple[Frame, _MeshOrNone]]
) -> Iterable[tuple[Frame, _MeshOrNone]]:
    """Show a video at its camera's times."""
    camera = plan.camera
    if camera.fps is None:
        return pairs
    return resample(pairs, camera.fps, camera.jitter_s, plan.seed)


def _write(folder: Path, plan: Scenario, rows: tuple[TruthRow, ...]) -> None:
    """Write truth and plan beside the video."""
    try:
        write_truth(rows, folder / TRUTH_FILE)
        plan.save(folder / SCENARIO_FILE)
    except OSError as error:
        raise OutputNotWritable(f"{folder}: cannot be written ({error}).") from error


def _report(
    on_progress: OnProgress | None, stage: str, done_s: float, plan: Scenario
) -> None:
    if on_progress is not None:
        on_progress(Progress(stage=stage, done=done_s, total=plan.duration_s, unit="s"))
