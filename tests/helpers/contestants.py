"""Loops whose cost is compared, each in a process of its own.

``python tests/helpers/contestants.py NAME VIDEO`` runs one over a whole film and prints
what it found out as JSON. `bare` is what anybody writes in ten lines: OpenCV and
MediaPipe's attention mesh. `landmarker` is the same with the Tasks landmarker and its
blendshapes (``TWITCH_TRACKER_LANDMARKER`` names its file). `stages` is the program
itself, one stage after the other in one thread, so that each has its processor time.
"""

from __future__ import annotations

import contextlib
import itertools
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
    from twitch_tracker.face.look_ahead import BLOCK
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.motion.recorder import MotionRecorder
    from twitch_tracker.motion.signals import measure_motion
    from twitch_tracker.threads import single_threaded
    from twitch_tracker.video.files import open_video

    spent: dict[str, float] = defaultdict(float)
    recorder = MotionRecorder()
    with open_tracker("auto") as tracker, open_video(path) as source:
        ahead = _Ahead(tracker)
        follower = SubjectFollower(ahead, upcoming=ahead.upcoming)
        frames = iter(source)
        with single_threaded():
            while True:
                with _counted(spent, "decode and convert"):
                    block = list(itertools.islice(frames, BLOCK))
                if not block:
                    break
                with _counted(spent, "mesh"):
                    ahead.follow_through(block)
                with _counted(spent, "judge (subject, pose, quality)"):
                    seen = [follower.observe(frame) for frame in block]
                with _counted(spent, "motion, each frame"):
                    for frame, observation in zip(block, seen, strict=True):
                        recorder.push(frame, observation)
            with _counted(spent, "motion, at the end"):
                motion = measure_motion(recorder.raw())
        with _counted(spent, "bursts"):
            LearnedDetector().detect(motion)
    frames_read = len(motion.time_s)
    return {
        "frames": frames_read,
        "interocular_px": float(motion.interocular_px[motion.usable].mean()),
        "passed_over": _share_passed_over(path),
        "ms": {stage: 1e3 * s / frames_read for stage, s in spent.items()},
    }


def _share_passed_over(path: str) -> float:
    """Return the share of pictures that `analyze` passes over."""
    from twitch_tracker.face.identity.subject import SubjectFollower
    from twitch_tracker.face.look_ahead import LookAhead
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.video.files import open_video

    looked = passed = 0
    with (
        open_tracker("auto") as tracker,
        open_video(path, max_side_px=1920) as source,
        LookAhead(tracker, source, passing=True) as ahead,
    ):
        follower = SubjectFollower(ahead, is_cut=ahead.is_cut)
        for frame in ahead.frames():
            follower.observe(frame)
            looked, passed = looked + 1, passed + len(ahead.passed)
    return passed / (looked + passed)


@contextlib.contextmanager
def _counted(spent: dict[str, float], stage: str) -> Iterator[None]:
    began_s = time.process_time()
    yield
    spent[stage] += time.process_time() - began_s


class _Ahead:
    """A tracker that is asked for a block of frames before the follower is.

    As `look_ahead.LookAhead` does it, without its thread.
    """

    def __init__(self, tracker: Any) -> None:
        self._tracker = tracker
        self._last: Any = None
        self._images: list[Any] = []
        self._meshes: list[Any] = []

    def follow_through(self, block: list[Any]) -> None:
        self._images, self._meshes = [], [self._last]
        for frame in block:
            if self._meshes[-1] is None:
                break
            self._images.append(frame.image)
            mesh = self._tracker.follow(frame.image, self._meshes[-1])
            self._meshes.append(mesh)

    def upcoming(self, mesh: Any) -> list[Any]:
        for at, known in enumerate(self._meshes):
            if known is mesh and at:
                faces = zip(self._images[at:], self._meshes[at + 1 :], strict=True)
                return [face for face in faces if face[1] is not None]
        return []

    def find_all(self, image: Any) -> Any:
        found = self._tracker.find_all(image)
        self._last = found[0] if found else None
        return found

    def follow(self, image: Any, last: Any) -> Any:
        for at, known in enumerate(self._images):
            if known is image and self._meshes[at] is last:
                self._last = self._meshes[at + 1]
                return self._last
        self._last = self._tracker.follow(image, last)
        return self._last


if __name__ == "__main__":
    chosen = {"bare": bare, "landmarker": landmarker, "stages": stages}
    print(json.dumps(chosen[sys.argv[1]](sys.argv[2])))
