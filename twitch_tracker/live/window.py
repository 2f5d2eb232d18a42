"""The window of a live session, by OpenCV.

Note: without a screen OpenCV does not raise an error but ends the whole program, so
that it is tried out in a process of its own first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import DisplayUnavailable
from twitch_tracker.language import mark, say
from twitch_tracker.live.run import Command
from twitch_tracker.live.state import LiveState
from twitch_tracker.live.view import SIZE_PX, LivePainter
from twitch_tracker.records import Frame

__all__ = ["CvWindow", "WindowDisplay", "check_display"]

TITLE: Final = "twitch-tracker live"
DRAW_EVERY_S: Final = 1 / 20
"""Drawing takes time from measuring; more often hardly looks better."""

DRAW_SHARE: Final = 0.25
"""... and on a slow computer it takes at most this share of the time."""

_ESCAPE: Final = 27
_STOP_KEYS: Final = frozenset({ord("q"), ord("Q"), _ESCAPE})
_TRY_S: Final = 30.0
_TRY: Final = (
    "import cv2; cv2.namedWindow('try'); cv2.waitKey(1); cv2.destroyAllWindows()"
)
_ADVICE: Final = mark(
    "Use --headless to record without a window, or run this on a computer with a "
    "screen."
)


def check_display() -> None:
    """Make sure that a window can be shown.

    Raises
    ------
    DisplayUnavailable
        If there is no screen, or OpenCV was built without windows.
    """
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        raise DisplayUnavailable(
            say(
                "expected a screen to show the window on, found none (DISPLAY is not "
                "set). {advice}",
                advice=say(_ADVICE),
            )
        )
    try:
        tried = subprocess.run(  # noqa: S603 - this interpreter, a fixed text
            [sys.executable, "-c", _TRY],
            capture_output=True,
            timeout=_TRY_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    if tried.returncode != 0:
        raise DisplayUnavailable(
            say(
                "expected to open a window, but OpenCV cannot (no screen can be "
                "reached, or it is a build without windows). {advice}",
                advice=say(_ADVICE),
            )
        )


class CvWindow:
    """A window of OpenCV."""

    def __init__(self) -> None:
        """Open the window, which can be made larger and smaller."""
        cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
        cv2.resizeWindow(TITLE, *SIZE_PX)

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Show an RGB picture."""
        cv2.imshow(TITLE, picture[..., ::-1].copy())

    def key(self) -> int:
        """Return the code of the key that was pressed; -1 for none."""
        pressed = int(cv2.waitKey(1))
        return pressed if pressed < 0 else pressed & 0xFF

    def is_open(self) -> bool:
        """Return whether the window is still there."""
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1

    def close(self) -> None:
        """Take the window away."""
        cv2.destroyAllWindows()


class WindowDisplay:
    """Draws the session and reads the keys (a `run.Display`).

    Parameters
    ----------
    screen : CvWindow
        Where to draw.
    mirror : bool
        Show the person as in a mirror.
    """

    def __init__(self, screen: CvWindow, *, mirror: bool = False) -> None:
        """Draw nothing yet."""
        self._screen = screen
        self._painter = LivePainter(mirror=mirror)
        self._next = -np.inf

    def show(self, frame: Frame, state: LiveState | None, *, paused: bool) -> Command:
        """Draw a frame unless the last drawing was just now; answer the keys."""
        if state is not None and not paused:
            self._painter.remember(state)
        now = time.monotonic()
        if now < self._next:
            return Command.GO_ON
        self._screen.show(self._painter.paint(frame, state, paused=paused))
        key = self._screen.key()
        took_s = time.monotonic() - now
        self._next = now + max(DRAW_EVERY_S, took_s / DRAW_SHARE)
        if key in _STOP_KEYS or not self._screen.is_open():
            return Command.STOP
        return Command.PAUSE if key == ord(" ") else Command.GO_ON
