"""Train everything that ships in ``models``, and the models it is judged by.

    twitch-tracker benchmark FACES --out BENCH       # material: videos, truth, motion
    twitch-tracker benchmark FACES --out BENCH --tracker face-landmarker
    python models/training/train.py FACES BENCH --stills STILLS --out models \
        --folds BENCH/folds
    twitch-tracker benchmark FACES --out BENCH --folds BENCH/folds    # the verdict

Every face belongs to one fold, and there is an exam for every family of truth: the
networks of ``folds/<family>/<fold>`` have seen neither that family nor the faces of
that fold. Those of ``folds/all/<fold>`` have seen every family, but not the faces. What
burst networks learn from comes from eye networks that had not seen the eye in question,
as it will be with faces nobody has seen. Both trackers teach one burst network: they
place the same points each in its own way, and what holds for both holds for more.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import pickle
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from bursts import export_bursts, lesson_views, recording_views, train_bursts
from eyes import EyeSet, export_eyes, eye_sets, train_eyes
from judging import Judged, fit_certainty, judge
from material import Recording, read_material
from portraits import portrait_eyes

from studies.benchmark.building.plan import Family
from studies.benchmark.judging.weights import ALL_FAMILIES, FOLDS_TABLE
from studies.benchmark.run import BenchmarkOptions
from twitch_tracker.episodes.network.burstnet import burst_verdict
from twitch_tracker.episodes.network.features import paced
from twitch_tracker.motion.recorder import RawMotion, coded_by
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import MotionSignals

FOLDS = 3


@dataclass(frozen=True)
class Plan:
    """What to do."""

    eye_steps: int
    burst_steps: int
    votes: int
    lessons: int
    jobs: int
    start: str
    exams: tuple[str, ...]


def folds_of(faces: Sequence[str]) -> dict[str, int]:
    """Give every face a fold, the same for the same faces."""
    ordered = sorted(set(faces))
    np.random.default_rng(0).shuffle(ordered)
    return {face: place % FOLDS for place, face in enumerate(ordered)}


@dataclass(frozen=True)
class Student:
    """One set of networks: what it may not see, and where it is written.

    `family` and `fold` are left out of what it learns from; None leaves nothing out.
    """

    family: Family | None
    fold: int | None
    folder: Path
    seed: int

    def may_see(self, family: Family | None, fold: int | None) -> bool:
        """Return whether something may teach it."""
        strange = self.family is not None and family is self.family
        return not strange and (self.fold is None or fold != self.fold)


def _train_eyes(task: tuple[Path, Student, int, dict[str, int]]) -> str:
    kept, student, steps, fold_of = task
    torch.set_num_threads(1)
    sets = [
        s
        for s in pickle.loads(kept.read_bytes())
        if student.may_see(s.family, fold_of.get(s.face))
    ]
    export_eyes(train_eyes(sets, seed=student.seed, steps=steps), student.folder)
    return str(student.folder)


def _train_bursts(task: tuple[Path, Student, Plan, dict[str, int]]) -> str:
    kept, student, plan, fold_of = task
    torch.set_num_threads(1)
    seen = [
        v
        for v in pickle.loads(kept.read_bytes())
        if student.may_see(v.family, fold_of.get(v.face))
    ]
    nets = [
        train_bursts(seen, seed=100 * student.seed + vote, steps=plan.burst_steps)
        for vote in range(plan.votes)
    ]
    export_bursts(nets, student.folder)
    return str(student.folder)


def _measured(task: tuple[RawMotion, Path]) -> MotionSignals:
    raw, folder = task
    cv2.setNumThreads(1)
    return measure_motion(replace(coded_by(raw, folder), eye_pictures=None))


class Training:
    """All steps, over one material."""

    def __init__(
        self,
        watched: list[list[Recording]],
        portraits: list[EyeSet],
        plan: Plan,
        out: Path,
        folds: Path,
    ) -> None:
        self.watched, self.portraits, self.plan = watched, portraits, plan
        self.recordings = [r for by_one in watched for r in by_one]
        self.fold_of = folds_of([r.face for r in self.recordings])
        self.folds = folds
        self.out = out
        families = {
            ALL_FAMILIES: None,
            **{family.value: family for family in Family},
        }
        self.exams = {
            name: [
                Student(families[name], k, folds / name / f"fold_{k}", k)
                for k in range(FOLDS)
            ]
            for name in plan.exams
        }
        self.last = Student(None, None, out, FOLDS)
        for student in self._students():
            student.folder.mkdir(parents=True, exist_ok=True)
        self.began_s = time.monotonic()

    def _students(self) -> list[Student]:
        return [*(s for group in self.exams.values() for s in group), self.last]

    def report(self, *words: object) -> None:
        """Print what was done."""
        print(f"{time.monotonic() - self.began_s:6.0f} s", *words, flush=True)

    def run(self) -> None:
        """Train, in order."""
        self._write_folds()
        if self.plan.start == "eyes":
            self._eyes()
        for name in self.exams:
            self._exam(name)

    def _write_folds(self) -> None:
        with (self.folds / FOLDS_TABLE).open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(("face", "fold"))
            table.writerows((f, f"fold_{k}") for f, k in sorted(self.fold_of.items()))

    def _eyes(self) -> None:
        # They look at pictures, which both trackers cut out alike.
        sets = eye_sets(self.watched[0]) + self.portraits
        self.report(len(sets), "eyes")
        kept = self.folds / "eyes.pickle"
        kept.write_bytes(pickle.dumps(sets))
        tasks = [
            (kept, student, self.plan.eye_steps, self.fold_of)
            for student in self._students()
        ]
        with ProcessPoolExecutor(self.plan.jobs) as pool:
            for name in pool.map(_train_eyes, tasks):
                self.report("eyes of", name)

    def _exam(self, name: str) -> None:
        """Return burst networks and confidence of one exam, the last with the first."""
        students = self.exams[name]
        recordings = list(self._seen_by(students))
        if self.plan.start != "certainty":
            self._bursts(name, students, recordings)
        self._certainty(name, students, recordings)

    def _seen_by(
        self, students: Sequence[Student]
    ) -> Iterator[tuple[Recording, MotionSignals]]:
        """Return every recording as seen by eye networks that do not know its face."""
        tasks = [
            (recording.raw, students[self.fold_of[recording.face]].folder)
            for recording in self.recordings
        ]
        # Spawned: OpenCV's threads, once used here, would not survive a fork.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.plan.jobs, mp_context=spawn) as pool:
            seen = pool.map(_measured, tasks, chunksize=4)
            yield from zip(self.recordings, seen, strict=True)

    def _bursts(
        self,
        name: str,
        students: Sequence[Student],
        recordings: Sequence[tuple[Recording, MotionSignals]],
    ) -> None:
        seen = []
        for recording, motion in recordings:
            signals = paced(motion)
            seen += recording_views(recording, signals, recording.deliberate)
            seen += lesson_views(recording, signals, self.plan.lessons)
        self.report(name, len(seen), "views")
        kept = self.folds / "views.pickle"
        kept.write_bytes(pickle.dumps(seen))
        last = [self.last] if name == ALL_FAMILIES else []
        tasks = [(kept, s, self.plan, self.fold_of) for s in (*last, *students)]
        with ProcessPoolExecutor(self.plan.jobs) as pool:
            for folder in pool.map(_train_bursts, tasks):
                self.report("bursts of", folder)

    def _certainty(
        self,
        name: str,
        students: Sequence[Student],
        recordings: Sequence[tuple[Recording, MotionSignals]],
    ) -> None:
        found: list[Judged] = []
        for r, motion in recordings:
            said = burst_verdict(motion, students[self.fold_of[r.face]].folder)
            found += judge(r.face, r.family, motion, said, r.truth, r.deliberate)
        last = [self.last] if name == ALL_FAMILIES else []
        for student in (*students, *last):
            mine = [j for j in found if student.may_see(j.family, self.fold_of[j.face])]
            fit_certainty(mine, student.folder)
        for word, true in (("true", True), ("false", False)):
            these = [j for j in found if j.true is true]
            refused = sum(j.mirrored for j in these)
            self.report(name, len(these), word, "candidates,", refused, "mirrored")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--stills", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--variants", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--eye-steps", type=int, default=900)
    parser.add_argument("--burst-steps", type=int, default=7000)
    parser.add_argument("--votes", type=int, default=2)
    parser.add_argument("--lessons", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--trackers",
        nargs="+",
        default=["auto", "face-landmarker"],
        help="by whom the recordings were watched that teach; see benchmark --tracker",
    )
    parser.add_argument(
        "--exams",
        nargs="*",
        default=[ALL_FAMILIES, *(family.value for family in Family)],
        help="which to prepare; the networks that ship come with the first",
    )
    parser.add_argument(
        "--start",
        choices=("eyes", "bursts", "certainty"),
        default="eyes",
        help="begin here, with the networks of earlier steps that are there",
    )
    return parser.parse_args()


def main() -> None:
    """Read the material and train."""
    given = _arguments()
    options = BenchmarkOptions(
        faces=given.faces,
        out=given.bench,
        seed=given.seed,
        variants=given.variants,
        table=given.table,
    )
    watched = [replace(options, tracker=tracker) for tracker in given.trackers]
    plan = Plan(
        eye_steps=given.eye_steps,
        burst_steps=given.burst_steps,
        votes=given.votes,
        lessons=given.lessons,
        jobs=given.jobs,
        start=given.start,
        exams=tuple(given.exams),
    )
    torch.set_num_threads(1)
    portraits = (
        portrait_eyes(given.stills, given.bench / "portraits", given.jobs)
        if given.stills
        else []
    )
    recordings = [list(read_material(options)) for options in watched]
    Training(recordings, portraits, plan, given.out, given.folds).run()


if __name__ == "__main__":
    main()
