"""The networks of the detectors: where they are, and how they are run.

The networks are small, are trained by the scripts in ``models/training`` and lie
in one folder: the one that ships with the package, or another one of the same
layout (a benchmark judges every face by networks that never saw it). They are run
by OpenCV's DNN module, on the processor, with the same result on every run.

>>> Network(shipped_folder() / "eye_code.onnx").sha256[:8]  # doctest: +SKIP
'5d0c94ce'
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import WeightsCorrupt, WeightsMissing
from twitch_tracker.language import say

__all__ = [
    "BURST",
    "EYE_CLOSURE",
    "EYE_CODE",
    "EYE_LOOK",
    "Network",
    "networks_sha256",
    "shipped_folder",
]

EYE_CODE: Final = "eye_code.onnx"
"""Picture of an eye -> its code."""

EYE_CLOSURE: Final = "eye_closure.onnx"
"""Code of an eye and of the same eye open -> how far it is closed."""

EYE_LOOK: Final = "eye_look.onnx"
"""Code of an eye alone -> how closed it looks, whoever's it is."""

BURST: Final = "burst.onnx"
"""Movement of both sides over time -> chance of a burst on one of them."""


def shipped_folder() -> Path:
    """Return the folder of the networks that belong to this version.

    Returns
    -------
    Path
        Inside the installed package; ``models`` of the repository when the
        package runs from there.
    """
    here = Path(__file__).resolve().parent
    inside = here / "_models"
    return inside if inside.is_dir() else here.parent / "models"


def networks_sha256(folder: Path) -> str:
    """Return one hash over everything learned in a folder.

    Returns
    -------
    str
        SHA-256, hexadecimal, of the networks and the weights of confidence in the
        order of their names.
    """
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.onnx"), *folder.glob("*.json")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Network:
    """A network in an ONNX file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    WeightsMissing
        If there is no such file.
    WeightsCorrupt
        If it cannot be read as a network.
    """

    def __init__(self, path: Path) -> None:
        """Read the file."""
        if not path.is_file():
            raise WeightsMissing(
                say(
                    "expected a trained network at {path}, found none. Install "
                    "twitch-tracker again, or train it (models/README.md).",
                    path=path,
                )
            )
        content = path.read_bytes()
        self.sha256: Final = hashlib.sha256(content).hexdigest()
        try:
            buffer = np.frombuffer(content, np.uint8)
            self._net = cv2.dnn.readNetFromONNX(buffer)
        except cv2.error as error:
            raise WeightsCorrupt(
                say(
                    "expected a network in ONNX format, {path} is none ({err}). Install "
                    "twitch-tracker again, or train it (models/README.md).",
                    path=path,
                    err=error.err,
                )
            ) from error

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run the network on a batch; the first axis of both is the batch."""
        self._net.setInput(np.ascontiguousarray(values, np.float32))
        return np.array(self._net.forward(), np.float32)
