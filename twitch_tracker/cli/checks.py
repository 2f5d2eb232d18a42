"""Check this computer, one thing after another.

Knows what an analysis needs and how to try it on a tiny picture. A check never raises:
whatever goes wrong becomes a `CheckResult` with advice. Nothing is downloaded or
stored.
"""

from __future__ import annotations

import importlib
import io
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker import __version__
from twitch_tracker.language import mark, say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CheckResult", "all_findings"]

_LEAST_FREE_MB: Final = 500
_OLDEST_PYTHON: Final = (3, 11)


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check found.

    Attributes
    ----------
    name : str
        What was looked at.
    ok : bool
        Whether it works.
    needed : bool
        Whether ``analyze`` with default options needs it.
    detail : str
        What was found.
    advice : str
        What to do; empty when nothing has to be done.
    """

    name: str
    ok: bool
    needed: bool
    detail: str
    advice: str = ""


def all_findings(out: Path) -> Iterator[CheckResult]:
    """Look at everything.

    Parameters
    ----------
    out : Path
        Folder meant for results, which need not exist.

    Yields
    ------
    CheckResult
        One at a time, as some take a second or two.
    """
    yield _program()
    yield _python()
    for name, package, advice in _PACKAGES:
        yield _guarded(name, partial(_import, package), say(advice))
    yield from _trackers()
    yield _guarded(mark("burst detector"), _try_networks, say(_REINSTALL))
    yield _guarded(
        mark("H.264 video, writing and reading"), _try_codec, say(_REINSTALL)
    )
    yield _results_folder(out)
    yield _free_space(out)
    yield _weights_folder()
    yield _cameras()


# --- what everything needs --------------------------------------------------

_REINSTALL: Final = mark(
    "Install the program again in a fresh environment: python -m venv NEW, then "
    "NEW/bin/pip install twitch-tracker (see README.md)."
)

_PACKAGES: Final = (
    ("OpenCV", "cv2", _REINSTALL),
    ("PyAV (FFmpeg)", "av", _REINSTALL),
    ("MediaPipe", "mediapipe", _REINSTALL),
    ("Apache Arrow", "pyarrow", _REINSTALL),
    ("Bokeh", "bokeh", _REINSTALL),
)


def _guarded(
    name: str, attempt: Callable[[], str], advice: str, *, needed: bool = True
) -> CheckResult:
    """Try something; whatever it raises becomes a finding."""
    try:
        detail = attempt()
    except Exception as error:  # noqa: BLE001 - anything may be broken here
        return CheckResult(
            name=name,
            ok=False,
            needed=needed,
            detail=f"{type(error).__name__}: {error}",
            advice=_system_package(str(error)) or advice,
        )
    return CheckResult(name=name, ok=True, needed=needed, detail=detail)


_SYSTEM_PACKAGES: Final = {
    "libGL.so": "libgl1",
    "libgthread-2.0": "libglib2.0-0",
    "libglib-2.0": "libglib2.0-0",
    "libEGL.so": "libegl1",
    "libGLESv2": "libgles2",
}


def _system_package(message: str) -> str:
    """Say which Debian or Ubuntu package has a library that did not load."""
    for library, package in _SYSTEM_PACKAGES.items():
        if library in message:
            return say(
                "Install the system library: apt-get install {package} (Debian, "
                "Ubuntu; other systems name it differently).",
                package=package,
            )
    return ""


def _import(package: str) -> str:
    """Import a package and name its version."""
    module = importlib.import_module(package)
    return str(getattr(module, "__version__", "importable"))


def _program() -> CheckResult:
    """Name this program's version."""
    return CheckResult(name="twitch-tracker", ok=True, needed=True, detail=__version__)


def _python() -> CheckResult:
    """Look at Python and the system."""
    ok = sys.version_info >= _OLDEST_PYTHON
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    advice = "" if ok else say("Install Python 3.11 or 3.12.")
    return CheckResult(name="Python", ok=ok, needed=True, detail=detail, advice=advice)


# --- landmark trackers ------------------------------------------------------


def _trackers() -> Iterator[CheckResult]:
    """Run each tracker on a grey picture; one of them has to work."""
    found = [
        _guarded(f"tracker {name}", partial(_try_tracker, name), "", needed=False)
        for name in ("attention-mesh", "face-landmarker")
    ]
    yield from found
    able = [finding.name for finding in found if finding.ok]
    advice = "" if able else say("Run: twitch-tracker models install")
    detail = (
        say("{tracker} will be used", tracker=able[0])
        if able
        else say("no tracker works here")
    )
    yield CheckResult(
        name=mark("a landmark tracker"),
        ok=bool(able),
        needed=True,
        detail=detail,
        advice=advice,
    )


def _grey_picture(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Make a picture without a face in it."""
    import numpy as np

    return np.full((height_px, width_px, 3), 127, dtype=np.uint8)


def _try_tracker(name: str) -> str:
    """Load a tracker and let it look at a picture."""
    from twitch_tracker.face.trackers.catalogue import open_tracker

    with open_tracker(name) as tracker:
        tracker.find_all(_grey_picture(192, 192))
        info = tracker.info
    return say(
        "works, mediapipe {version}, weights {weights}",
        version=info.version,
        weights=info.weights_sha256[:12],
    )


# --- what was learned -------------------------------------------------------


def _try_networks() -> str:
    """Load the networks and let them look at nothing in particular."""
    import numpy as np

    from twitch_tracker.episodes.network.certainty import Certainty
    from twitch_tracker.episodes.network.features import FEATURES
    from twitch_tracker.motion.eyepatch import PATCH_SHAPE, EyeCoder
    from twitch_tracker.networks import BURST, Network, networks_sha256, shipped_folder

    folder = shipped_folder()
    EyeCoder(folder).code(np.full((2, *PATCH_SHAPE), 127, np.uint8))
    Network(folder / BURST)(np.zeros((1, FEATURES, 60), np.float32))
    Certainty.load(folder)
    return say("works, networks {networks}", networks=networks_sha256(folder)[:12])


# --- video ------------------------------------------------------------------


def _try_codec() -> str:
    """Encode a few pictures as H.264 and decode them again."""
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        frame = av.VideoFrame.from_ndarray(_grey_picture(64, 64), format="rgb24")
        for _ in range(3):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer, "r") as written:
        shown = len(list(written.decode(video=0)))
    if shown != 3:
        raise RuntimeError(f"wrote 3 pictures and read {shown} back")
    return say("works")


# --- places -----------------------------------------------------------------


def _nearest_existing(folder: Path) -> Path:
    """Find the deepest folder on the way that is there already."""
    here = folder.expanduser().absolute()
    return next((place for place in (here, *here.parents) if place.exists()), here)


def _try_writing(folder: Path) -> str:
    """Write and remove a small file."""
    place = _nearest_existing(folder)
    with tempfile.TemporaryFile(dir=place) as file:
        file.write(b"0")
    return say("{folder} can be written", folder=folder.absolute())


def _results_folder(out: Path) -> CheckResult:
    """Look at the folder for results."""
    advice = say("Choose another folder with --out.")
    return _guarded(mark("results folder"), lambda: _try_writing(out), advice)


def _free_space(out: Path) -> CheckResult:
    """Look at the disk of the folder for results."""
    try:
        free_mb = shutil.disk_usage(_nearest_existing(out)).free / 1e6
    except OSError as error:
        return CheckResult(
            name=mark("free disk"),
            ok=False,
            needed=False,
            detail=say("not known ({error})", error=error),
        )
    ok = free_mb >= _LEAST_FREE_MB
    advice = "" if ok else say("Free some space, or choose another disk with --out.")
    return CheckResult(
        name="free disk", ok=ok, needed=True, detail=f"{free_mb:,.0f} MB", advice=advice
    )


def _weights_folder() -> CheckResult:
    """Look at the folder for fetched weights."""
    from twitch_tracker.settings import HOME_VARIABLE, weights_folder

    advice = say(
        "Set {variable} to a folder that can be written.", variable=HOME_VARIABLE
    )
    return _guarded(
        mark("folder for weights"),
        lambda: _try_writing(weights_folder()),
        advice,
        needed=False,
    )


def _cameras() -> CheckResult:
    """Look for cameras, where the system shows them as files."""
    if not sys.platform.startswith("linux"):
        return CheckResult(
            name=mark("camera"),
            ok=True,
            needed=False,
            detail=say("not looked for on this system"),
        )
    found = sorted(entry.name for entry in Path("/dev").glob("video*"))
    if found:
        return CheckResult(
            name="camera", ok=True, needed=False, detail=", ".join(found)
        )
    return CheckResult(
        name="camera",
        ok=False,
        needed=False,
        detail=say("none found"),
        advice=say("Only needed to record here; files are analysed without one."),
    )
