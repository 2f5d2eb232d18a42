"""MediaPipe is loaded without pyplot, and pyplot is whole for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("mediapipe")

LOADED = """
import sys
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
mediapipe = load_mediapipe()
assert not any(name.startswith("matplotlib") for name in sys.modules), "was loaded"
assert load_mediapipe() is mediapipe
from mediapipe.python.solutions import drawing_utils
assert callable(drawing_utils.plt.figure), "the drawing functions still find it"
import matplotlib.pyplot as plt
assert plt.figure is drawing_utils.plt.figure
"""

LOADED_BEFORE = """
import matplotlib.pyplot as plt
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
load_mediapipe()
import matplotlib.pyplot as again
assert again is plt
"""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="mediapipe without pyplot")
@pytest.mark.parametrize("program", [LOADED, LOADED_BEFORE])
def test_pyplot_is_loaded_by_those_who_draw(program: str):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
