"""Train everything that ships in ``models``, and the fold models it is judged by.

    twitch-tracker benchmark FACES --out BENCH       # material: videos, truth, motion
    python models/training/train.py FACES BENCH --stills STILLS --out models \
        --folds BENCH/folds
    twitch-tracker benchmark FACES --out BENCH --folds BENCH/folds    # the verdict

Every face belongs to one fold. The networks of a fold never saw its faces; what
the burst networks learn from is told by eye networks that had not seen the eye in
question, as it will be with faces nobody has seen.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from bursts import export_bursts, lesson_views, recording_views, train_bursts
from eyes import EyeSet, export_eyes, eye_sets, train_eyes
from judging import Judged, fit_certainty, judge
from material import Recording, read_material
from portraits import portrait_eyes

from twitch_tracker.benchmark.run import BenchmarkOptions
from twitch_tracker.benchmark.weights import FOLDS_TABLE
from twitch_tracker.episodes.burstnet import burst_verdict
from twitch_tracker.episodes.features import paced
from twitch_tracker.motion.recorder import coded_by
from twitch_tracker.motion.signals import measure_motion

FOLDS = 5


@dataclass(frozen=True)
class Plan:
    """What to do."""

    eye_steps: int
    burst_steps: int
    votes: int
    lessons: int
    jobs: int
    start: str


def folds_of(faces: Sequence[str]) -> dict[str, int]:
    """Give every face a fold, the same for the same faces."""
    ordered = sorted(set(faces))
    np.random.default_rng(0).shuffle(ordered)
    return {face: place % FOLDS for place, face in enumerate(ordered)}


def _train_eyes(task: tuple[list[EyeSet], int, int, Path]) -> str:
    sets, seed, steps, folder = task
    torch.set_num_threads(1)
    export_eyes(train_eyes(sets, seed=seed, steps=steps), folder)
    return folder.name


def _train_bursts(task: tuple[list, int, Plan, Path]) -> str:
    seen, seed, plan, folder = task
    torch.set_num_threads(1)
    nets = [
        train_bursts(seen, seed=100 * seed + vote, steps=plan.burst_steps)
        for vote in range(plan.votes)
    ]
    export_bursts(nets, folder)
    return folder.name


class Training:
    """All steps, over one material."""

    def __init__(
        self,
        recordings: list[Recording],
        portraits: list[EyeSet],
        plan: Plan,
        out: Path,
        folds: Path,
    ) -> None:
        self.recordings, self.portraits, self.plan = recordings, portraits, plan
        self.fold_of = folds_of([r.face for r in recordings])
        self.folders = [folds / f"fold_{k}" for k in range(FOLDS)] + [out]
        for folder in self.folders:
            folder.mkdir(parents=True, exist_ok=True)
        self.folds = folds
        self.began_s = time.monotonic()

    def tell(self, *words: object) -> None:
        """Print what was done."""
        print(f"{time.monotonic() - self.began_s:6.0f} s", *words, flush=True)

    def run(self) -> None:
        """Train, in order."""
        self._write_folds()
        self._eyes()
        if self.plan.start != "certainty":
            self._bursts()
        self._certainty()

    def _write_folds(self) -> None:
        with (self.folds / FOLDS_TABLE).open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(("face", "fold"))
            table.writerows((f, f"fold_{k}") for f, k in sorted(self.fold_of.items()))

    def _others(self, fold: int, face: str) -> bool:
        """Whether a face may teach the networks of a fold; all teach the last."""
        return self.fold_of.get(face) != fold

    def _eyes(self) -> None:
        if self.plan.start == "eyes":
            self._train_eyes()
        self.recordings = [self._seen_by_own_fold(r) for r in self.recordings]

    def _train_eyes(self) -> None:
        sets = eye_sets(self.recordings) + self.portraits
        self.tell(len(sets), "eyes")
        tasks = [
            ([s for s in sets if self._others(k, s.face)], k, self.plan.eye_steps, f)
            for k, f in enumerate(self.folders)
        ]
        with ProcessPoolExecutor(self.plan.jobs) as pool:
            for name in pool.map(_train_eyes, tasks):
                self.tell("eyes of", name)

    def _seen_by_own_fold(self, recording: Recording) -> Recording:
        raw = coded_by(recording.raw, self.folders[self.fold_of[recording.face]])
        return replace(
            recording,
            raw=replace(raw, eye_pictures=None),
            motion=measure_motion(raw),
        )

    def _bursts(self) -> None:
        seen = []
        for recording in self.recordings:
            signals = paced(recording.motion)
            seen += recording_views(recording, signals, recording.deliberate)
            seen += lesson_views(recording, signals, self.plan.lessons)
        self.tell(len(seen), "views")
        tasks = [
            ([v for v in seen if self._others(k, v.face)], k, self.plan, folder)
            for k, folder in enumerate(self.folders)
        ]
        with ProcessPoolExecutor(self.plan.jobs) as pool:
            for name in pool.map(_train_bursts, tasks):
                self.tell("bursts of", name)

    def _certainty(self) -> None:
        found: list[Judged] = []
        for r in self.recordings:
            said = burst_verdict(r.motion, self.folders[self.fold_of[r.face]])
            found += judge(r.face, r.motion, said, r.truth, r.deliberate)
        for k, folder in enumerate(self.folders):
            fit_certainty([j for j in found if self._others(k, j.face)], folder)
        for word, said in (("true", True), ("false", False)):
            these = [j for j in found if j.true is said]
            refused = sum(j.mirrored for j in these)
            self.tell(len(these), word, "candidates,", refused, "refused as mirrored")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--stills", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--variants", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--eye-steps", type=int, default=1500)
    parser.add_argument("--burst-steps", type=int, default=1000)
    parser.add_argument("--votes", type=int, default=6)
    parser.add_argument("--lessons", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--start",
        choices=("eyes", "bursts", "certainty"),
        default="eyes",
        help="begin here, with the networks of earlier steps that are there",
    )
    return parser.parse_args()


def main() -> None:
    """Read the material and train."""
    told = _arguments()
    options = BenchmarkOptions(
        faces=told.faces,
        out=told.bench,
        seed=told.seed,
        variants=told.variants,
        table=told.table,
    )
    plan = Plan(
        eye_steps=told.eye_steps,
        burst_steps=told.burst_steps,
        votes=told.votes,
        lessons=told.lessons,
        jobs=told.jobs,
        start=told.start,
    )
    torch.set_num_threads(1)
    portraits = (
        portrait_eyes(told.stills, told.bench / "portraits", told.jobs)
        if told.stills
        else []
    )
    recordings = list(read_material(options))
    Training(recordings, portraits, plan, told.out, told.folds).run()


if __name__ == "__main__":
    main()
