"""Loops whose cost is compared, each in a process of its own.

``python tests/helpers/contestants.py NAME VIDEO`` runs one over a whole film and prints
what it found out as JSON. `bare` is what anybody writes in ten lines: OpenCV and
MediaPipe's attention mesh. `landmarker` is the same with the Tasks landmarker and its
blendshapes (``TWITCH_TRACKER_LANDMARKER`` names its file). `stages` is the program
itself, one stage after the other in one thread, so that each has its processor time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any


def pictures(path: str) -> Iterator[Any]:
    """Read a film as the bare loops do."""
    import cv2

    film = cv2.VideoCapture(path)
    while True:
        seen, image = film.read()
        if not seen:
            return
        yield cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def bare(path: str) -> dict[str, Any]:
    """Decode and find the attention mesh; keep the points, analyse nothing."""
    import mediapipe as mp
    import numpy as np

    kept = []
    with mp.solutions.face_mesh.FaceMesh(
        refine_landmarks=True, max_num_faces=1
    ) as mesh:
        for image in pictures(path):
            found = mesh.process(image).multi_face_landmarks
            if found:
                kept.append([(p.x, p.y, p.z) for p in found[0].landmark])
    return {"frames": len(np.array(kept))}


def landmarker(path: str) -> dict[str, Any]:
    """Decode and ask the Tasks landmarker for its blendshapes."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

    weights = os.environ["TWITCH_TRACKER_LANDMARKER"]
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=weights),
        output_face_blendshapes=True,
    )
    kept = []
    with FaceLandmarker.create_from_options(options) as task:
        for image in pictures(path):
            found = task.detect(mp.Image(mp.ImageFormat.SRGB, image)).face_blendshapes
            if found:
                kept.append([shape.score for shape in found[0]])
    return {"frames": len(kept)}


def stages(path: str) -> dict[str, Any]:
    """Run the program's stages one after the other; processor ms a frame of each."""
    from twitch_tracker.episodes.network.learned import LearnedDetector
    from twitch_tracker.face.identity.subject import SubjectFollower
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.motion.recorder import MotionRecorder
    from twitch_tracker.motion.signals import measure_motion
    from twitch_tracker.threads import single_threaded
    from twitch_tracker.video.files import open_video

    spent: dict[str, float] = defaultdict(float)

    def count(stage: str, began_s: float) -> float:
        now_s = time.process_time()
        spent[stage] += now_s - began_s
        return now_s

    recorder = MotionRecorder()
    with open_tracker("auto") as tracker, open_video(path) as source:
        timed = _Timed(tracker, spent)
        with single_threaded():
            follower = SubjectFollower(timed)
            frames = iter(source)
            while True:
                at_s = time.process_time()
                frame = next(frames, None)
                at_s = count("decode and convert", at_s)
                if frame is None:
                    break
                seen = follower.observe(frame)
                at_s = count("judge (subject, pose, quality)", at_s)
                recorder.push(frame, seen)
                count("motion, each frame", at_s)
            at_s = time.process_time()
            motion = measure_motion(recorder.raw())
        at_s = count("motion, at the end", at_s)
        LearnedDetector().detect(motion)
        count("bursts", at_s)
    spent["judge (subject, pose, quality)"] -= spent["mesh"]
    frames_read = len(motion.time_s)
    return {
        "frames": frames_read,
        "interocular_px": float(motion.interocular_px[motion.usable].mean()),
        "ms": {stage: 1e3 * s / frames_read for stage, s in spent.items()},
    }


class _Timed:
    """A tracker that notes the processor time of what it is asked."""

    def __init__(self, tracker: Any, spent: dict[str, float]) -> None:
        self._tracker = tracker
        self._spent = spent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def _time(self, ask: Any, *args: Any) -> Any:
        began_s = time.process_time()
        try:
            return ask(*args)
        finally:
            self._spent["mesh"] += time.process_time() - began_s

    def find_all(self, image: Any) -> Any:
        return self._time(self._tracker.find_all, image)

    def follow(self, image: Any, last: Any) -> Any:
        return self._time(self._tracker.follow, image, last)


if __name__ == "__main__":
    chosen = {"bare": bare, "landmarker": landmarker, "stages": stages}
    print(json.dumps(chosen[sys.argv[1]](sys.argv[2])))
