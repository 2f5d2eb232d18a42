"""The landmark trackers by name.

>>> with open_tracker("auto") as tracker:  # doctest: +SKIP
...     tracker.info.name
'attention-mesh'
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.language import say

__all__ = ["TRACKERS", "open_tracker"]

TRACKERS: Final = ("attention-mesh", "face-landmarker", "auto")
"""Names which `open_tracker` knows."""


def open_tracker(
    name: str = "attention-mesh", model_path: Path | None = None
) -> FaceTracker:
    """Open a landmark tracker.

    Parameters
    ----------
    name : str
        ``attention-mesh`` (default; needs mediapipe 0.10.x and no download),
        ``face-landmarker`` (needs fetched or given weights), or ``auto``: the
        face landmarker where weights are given for it; else the attention mesh
        where this computer has it; else the face landmarker.
    model_path : Path, optional
        Weights for the face landmarker; the installed ones by default.

    Returns
    -------
    FaceTracker
        To be closed by the caller.

    Raises
    ------
    BadParameter
        If there is no tracker of that name, or it takes no weights.
    MissingDependency
        If mediapipe, or the line of it which the tracker needs, is missing.
    WeightsMissing, WeightsCorrupt
        If the face landmarker's weights cannot be used.
    """
    if name not in TRACKERS:
        raise BadParameter(
            "tracker", say("one of {trackers}", trackers=", ".join(TRACKERS)), name
        )
    if name == "auto":
        name = "face-landmarker" if model_path else _best_available()
    if name == "attention-mesh":
        if model_path:
            raise BadParameter(
                "model_path",
                say("no file of weights with the attention mesh, which brings its own"),
                str(model_path),
                say("Leave it out, or choose face-landmarker."),
            )
        from twitch_tracker.face.trackers.mesh import AttentionMeshTracker

        return AttentionMeshTracker()
    from twitch_tracker.face.trackers.landmarker import FaceLandmarkerTracker
    from twitch_tracker.face.trackers.weights import find_landmarker

    return FaceLandmarkerTracker(find_landmarker(model_path))


def _best_available() -> str:
    """Return the tracker that ``auto`` stands for on this computer."""
    from twitch_tracker.face.trackers.mesh import attention_mesh_available

    return "attention-mesh" if attention_mesh_available() else "face-landmarker"
