"""Find the face landmarker's weights, and download them.

Weights are downloaded only on request, once, from their official address, and their
hash is checked after the download and before every use. The attention mesh needs none
of this: its weights are inside the mediapipe wheel.

Note: ``TWITCH_TRACKER_HOME`` moves everything this package keeps; without it the
platform's own cache folder is used.

>>> find_landmarker(None)  # doctest: +SKIP
PosixPath('/home/me/.cache/twitch-tracker/weights/face_landmarker.task')
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twitch_tracker.errors import AssetError, WeightsCorrupt, WeightsMissing
from twitch_tracker.language import say
from twitch_tracker.records import Progress
from twitch_tracker.settings import weights_folder

__all__ = [
    "LANDMARKER_ADDRESS",
    "LANDMARKER_SHA256",
    "find_landmarker",
    "hash_file",
    "install_landmarker",
]

LANDMARKER_ADDRESS: Final = (
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/"
    "face_landmarker/float16/1/face_landmarker.task"
)
"""Official address (MediaPipe documentation, "Face landmark detection: models")."""

LANDMARKER_SHA256: Final = (
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
)
"""Hash of version 1, float16: 3 758 596 bytes."""

_FILE_NAME: Final = "face_landmarker.task"

_log = logging.getLogger(__name__)


def find_landmarker(path: Path | None) -> Path:
    """Return usable landmarker weights.

    Parameters
    ----------
    path : Path or None
        A file chosen by the user, which is accepted whatever its hash (the
        hash is logged and stands in every result); None for the installed one.

    Returns
    -------
    Path
        An existing file.

    Raises
    ------
    WeightsMissing
        If there is no such file, or none is installed.
    WeightsCorrupt
        If the installed file's hash is not the expected one.
    """
    if path is not None:
        return _check_chosen(Path(path))
    installed = weights_folder() / _FILE_NAME
    if not installed.is_file():
        raise WeightsMissing(
            say(
                "The face landmarker's weights are not installed in {parent}. Fetch "
                "them with `twitch-tracker models install` (3.8 MB, once), or give a "
                "file.",
                parent=installed.parent,
            )
        )
    got = hash_file(installed)
    if got != LANDMARKER_SHA256:
        raise WeightsCorrupt(
            say(
                "{installed}: expected sha256 {expected}, got {got}. Fetch "
                "it again with `twitch-tracker models install`.",
                installed=installed,
                expected=LANDMARKER_SHA256,
                got=got,
            )
        )
    return installed


def install_landmarker(
    on_progress: Callable[[Progress], None] | None = None,
    *,
    address: str = LANDMARKER_ADDRESS,
    sha256: str = LANDMARKER_SHA256,
) -> Path:
    """Fetch the landmarker's weights and check them.

    Does nothing when the right file is already there. Nothing half-fetched is
    left behind.

    Parameters
    ----------
    on_progress : callable, optional
        Called with the number of bytes fetched so far.
    address, sha256 : str
        Where from, and what must arrive; for mirrors and tests.

    Raises
    ------
    WeightsMissing
        If the file cannot be fetched.
    WeightsCorrupt
        If what arrived has another hash.
    AssetError
        If the folder cannot be written.
    """
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    folder = weights_folder()
    bar = _Bar(on_progress) if on_progress is not None else None
    try:
        got = pooch.retrieve(
            url=address,
            known_hash=f"sha256:{sha256}",
            fname=_FILE_NAME,
            path=folder,
            downloader=pooch.HTTPDownloader(progressbar=bar or False, timeout=30),
        )
    except requests.exceptions.RequestException as error:
        raise WeightsMissing(
            say(
                "Could not fetch {address} ({kind}). Check the internet connection, "
                "or copy the file by hand to {path}.",
                address=address,
                kind=type(error).__name__,
                path=folder / _FILE_NAME,
            )
        ) from error
    except ValueError as error:
        raise WeightsCorrupt(
            say(
                "The download from {address} is not the expected file: {error} Try "
                "again; if it happens again, something on the way changes downloads.",
                address=address,
                error=error,
            )
        ) from error
    except OSError as error:
        raise AssetError(
            say(
                "Cannot write weights into {folder} ({why}). Choose another folder "
                "with the environment variable TWITCH_TRACKER_HOME.",
                folder=folder,
                why=error.strerror,
            )
        ) from error
    return Path(got)


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_chosen(path: Path) -> Path:
    """Accept a file chosen by the user and log what it is."""
    if not path.is_file():
        raise WeightsMissing(
            say(
                "No landmark weights at {path}. Give an existing file, or fetch the "
                "official one with `twitch-tracker models install`.",
                path=path,
            )
        )
    got = hash_file(path)
    official = "the official" if got == LANDMARKER_SHA256 else "not the official"
    _log.info("landmark weights %s: sha256 %s, %s file", path, got, official)
    return path


class _Bar:
    """What pooch takes for a progress bar, passed on as `Progress`."""

    def __init__(self, on_progress: Callable[[Progress], None]) -> None:
        self._on_progress = on_progress
        self._done = 0.0
        self.total: Any = float("nan")

    def update(self, amount: float) -> None:
        """Count bytes."""
        self._done += amount
        self._report(self._done)

    def reset(self) -> None:
        """Start again: pooch calls this before it reports the whole at the end."""
        self._done = 0.0

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _report(self, done: float) -> None:
        total = float(self.total) if self.total else float("nan")
        self._on_progress(
            Progress(stage="fetching weights", done=done, total=total, unit="bytes")
        )
