"""MediaPipe is loaded without what nobody asks for, which is whole for whoever does."""

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


LEFT_OUT = """
import sys
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
mediapipe = load_mediapipe()
assert "sounddevice" not in sys.modules, "a recorder of sound was loaded"
assert not any(name.startswith("mediapipe.tasks.") for name in sys.modules)
"""

STILL_THERE = """
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
mediapipe = load_mediapipe()
assert callable(mediapipe.solutions.hands.Hands)
assert callable(mediapipe.solutions.drawing_styles.get_default_hand_landmarks_style)
assert callable(mediapipe.tasks.audio.AudioClassifier)
assert callable(mediapipe.tasks.vision.FaceLandmarker)
from mediapipe.tasks.python.text import TextClassifier
assert mediapipe.tasks.text.TextClassifier is TextClassifier
import mediapipe.python.solutions.pose as pose
assert mediapipe.solutions.pose.Pose is pose.Pose
"""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="another mediapipe")
@pytest.mark.parametrize("program", [LOADED, LOADED_BEFORE, LEFT_OUT, STILL_THERE])
def test_a_part_is_loaded_by_those_who_ask_for_it(program: str):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
