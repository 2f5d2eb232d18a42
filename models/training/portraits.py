"""More eyes: still portraits that blink and twitch by simulation.

They add looks (skin, lashes, glasses, light), not natural motion, so only the eye
network learns from them. Nobody is judged on them. Every portrait is filmed by the
simulator, encoded, and watched as the product watches; what was watched is kept.
"""

from __future__ import annotations

import pickle
import tempfile
import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from eyes import CLOSING, OPEN, EyeSet
from numpy.typing import NDArray

from studies.benchmark.building.plan import Family
from twitch_tracker.errors import BadParameter
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.motion.usable import usable_reasons
from twitch_tracker.pipeline import record_motion
from twitch_tracker.regions import SIDES
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.plan.draw import draw_scenario
from twitch_tracker.simulate.plan.events import BilateralBlink
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.portrait import Portrait, crop_to_face, find_largest
from twitch_tracker.simulate.render import film_portrait

LATE_EXAM = frozenset({"eb", "h6", "h7", "s_art_0", "s_happy", "s_sad"})
"""Portraits of the exam of late disease (tests/integration/test_late_disease.py), and
another picture of one of them: nothing learns from these."""

LASTS_S = 12.0
NOTHING = 0.5
"""Eyes whose mesh is not open for half of the time are of no use."""


def portrait_eyes(stills: Path, kept: Path, jobs: int) -> list[EyeSet]:
    """Return eyes of every still in a folder; stills without a face give none."""
    kept.mkdir(parents=True, exist_ok=True)
    paths = [p for p in sorted(stills.glob("*.jpg")) if p.stem not in LATE_EXAM]
    with ProcessPoolExecutor(jobs) as pool:
        found = pool.map(partial(_eyes_of, kept=kept), paths)
        return [one for sets in found for one in sets]


def _eyes_of(path: Path, kept: Path) -> list[EyeSet]:
    cache = kept / f"{path.stem}.eyes"
    if not cache.exists():
        cache.write_bytes(pickle.dumps(_film(path)))
    return list(pickle.loads(cache.read_bytes()))


def _film(path: Path) -> list[EyeSet]:
    try:
        picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        with open_tracker("attention-mesh") as tracker:
            portrait = Portrait.from_still(_framed(picture, tracker), tracker)
    except Exception as error:  # noqa: BLE001 - a still without a face
        print(path.name, error)
        return []
    scenario = _scenario(zlib.crc32(path.stem.encode()))
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "portrait.mp4"
        film_portrait(scenario, portrait, video)
        raw = record_motion(video, keep_eyes=True)
    usable = np.array([not reasons for reasons in usable_reasons(raw)], bool)
    at = np.flatnonzero(usable)
    if len(at) < NOTHING * len(raw):
        return []
    closure = activate(scenario, raw.time_s).closure
    assert raw.eye_pictures is not None
    opened = [
        np.median(raw.eye_pictures[at[closure[at, k] < OPEN], k], axis=0)
        for k in range(len(SIDES))
    ]
    return [
        EyeSet(
            face=f"still {path.stem}",
            family=Family.WARP,
            pictures=raw.eye_pictures[:, place],
            open_picture=opened[place].astype(np.uint8),
            other_open=opened[1 - place].astype(np.uint8),
            closure=closure[:, place],
            still=at[closure[at, place] < CLOSING],
            closing=at[closure[at, place] >= CLOSING],
        )
        for place in range(len(SIDES))
    ]


def _framed(picture: NDArray[np.uint8], tracker: FaceTracker) -> NDArray[np.uint8]:
    """Cut the face out, or scale a picture that holds little else."""
    try:
        return crop_to_face(picture, tracker)
    except BadParameter:
        mesh = find_largest(picture, tracker)
        factor = 150.0 / float(np.linalg.norm(mesh[33, :2] - mesh[263, :2]))
        return cv2.resize(picture, None, fx=factor, fy=factor).astype(np.uint8)


def _scenario(seed: int) -> Scenario:
    """Return bursts on one side, and blinks of both eyes."""
    rng = np.random.default_rng(seed)
    blinks = []
    at_s = rng.uniform(0.3, 2.0)
    while at_s < LASTS_S - 1.0:
        blinks.append(
            BilateralBlink(
                onset_s=float(at_s),
                duration_s=float(rng.uniform(0.18, 0.4)),
                depth=float(rng.uniform(0.4, 1.0)),
                inequality=float(rng.uniform(-0.1, 0.1)),
            )
        )
        at_s += rng.uniform(0.8, 3.0)
    side = SIDES[int(rng.integers(2))]
    return draw_scenario(duration_s=LASTS_S, seed=seed, side=side, others=blinks)
