"""A scenario put into a real video, in the head's own frame.

Every frame is warped by its own mesh, so that the movement goes with the head.
Frames without a mesh pass untouched; `mark_hidden` marks which events they
spoil. Untouched frames keep their bytes.

>>> for frame, mesh in follow_face(video, tracker):  # doctest: +SKIP
...     writer.write(inject_frame(frame, mesh, scenario), frame.time_s)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.picture.geometry import PictureGeometry
from twitch_tracker.simulate.picture.scene import apply_scene
from twitch_tracker.simulate.picture.warp import warp_face
from twitch_tracker.simulate.plan.events import ONLY_ON_PORTRAITS
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.truth import TruthRow

__all__ = [
    "follow_face",
    "inject_frame",
    "mark_hidden",
    "refuse_portrait_events",
]

MeshPoints = NDArray[np.floating[Any]]


def follow_face(
    frames: Iterable[Frame], tracker: FaceTracker
) -> Iterator[tuple[Frame, NDArray[np.float32] | None]]:
    """Pair every frame with the mesh of the largest face, followed from there."""
    last: NDArray[np.float32] | None = None
    for frame in frames:
        mesh = tracker.follow(frame.image, last) if last is not None else None
        if mesh is None:
            found = tracker.find_all(frame.image)
            mesh = max(found, key=lambda m: float(np.ptp(m[:, 0])), default=None)
        last = mesh
        yield frame, mesh


def inject_frame(
    frame: Frame, mesh: MeshPoints | None, scenario: Scenario
) -> NDArray[np.uint8]:
    """Put one moment of a scenario into one frame.

    Parameters
    ----------
    frame : Frame
        Of the video.
    mesh : NDArray or None
        The subject's, shape (478, 3).
    scenario : Scenario
        What happens; its frame rate, head and camera are not used.
    """
    moves = activate(scenario, np.array([frame.time_s]))
    action, image = moves.action(0), frame.image
    if mesh is not None and action.peak > 0:
        image = warp_face(image, PictureGeometry.from_mesh(mesh), action)
    return apply_scene(image, mesh, moves.scene(0))


def refuse_portrait_events(scenario: Scenario) -> None:
    """Refuse events that a real video cannot show.

    Raises
    ------
    BadParameter
        If the plan turns the head: a real head turns as it was filmed.
    """
    for event in scenario.events:
        if isinstance(event, ONLY_ON_PORTRAITS):
            raise BadParameter(
                "events",
                "events that a real video can show",
                event.event,
                "Take it out, or use a still portrait.",
            )


def mark_hidden(
    rows: Iterable[TruthRow],
    time_s: NDArray[np.float64],
    seen: NDArray[np.bool_],
) -> tuple[TruthRow, ...]:
    """Say in `reasons` which events fall on frames without a face.

    Parameters
    ----------
    rows : Iterable of TruthRow
        The truth.
    time_s, seen : NDArray
        Frame times and whether the face was found in them, shape (n,).
    """
    marked = []
    for row in rows:
        during = (time_s >= row.onset_s) & (time_s <= row.offset_s)
        hidden = bool((during & ~seen).any()) or not during.any()
        marked.append(replace(row, reasons="face not seen") if hidden else row)
    return tuple(marked)
