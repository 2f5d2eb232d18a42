"""Train the weights that separate pulls of the lower face alone from speech.

    python models/training/pulls.py FACES BENCH --table models/training/faces.csv \
        --landmarker face_landmarker.task --out models --folds BENCH/folds

Bursts of mouth corner and cheek, without the eyelid, are put into videos by both
injectors; candidates (`episodes.pulls`) in them and in untouched videos are true or
false, and a logistic regression weighs their traits. It prints what faces, and faces
and an injector, that were left out would give. BENCH is where the benchmark left its material:
untouched videos are read from there, or watched as they are. What is in BENCH/pulls is
not made again.
"""

from __future__ import annotations

import argparse
import csv
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from studies.benchmark.building.faces import (
    FaceVideo,
    Tier,
    read_deliberate,
    read_faces,
)
from studies.benchmark.building.material import Material, load_material
from studies.benchmark.building.plan import Family
from studies.benchmark.judging.kept_motion import packed, unpacked
from studies.benchmark.judging.weights import FOLDS_TABLE
from studies.truth.second.inject import SecondInjector, SecondPlan
from twitch_tracker.episodes.network.features import paced
from twitch_tracker.episodes.pulls import MOST_BUSY_DOWN, PULL_TRAITS, PULLS, pulls
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.motion.drawn_down import drawn_down
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.pipeline import AnalysisOptions, record_motion
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.picture.geometry import PictureGeometry
from twitch_tracker.simulate.picture.warp import warp_face
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.video.writer import VideoWriter

Floats = NDArray[np.float64]

INJECTORS: Final = (Family.WARP, Family.SECOND)

EXCURSIONS_MM: Final = (1.4, 3.0, 5.5)
"""Mild, moderate and severe, in turn."""

EVERY: Final = 4
"""Pulls are put into every video at rest and into every fourth of the others, of
which all are watched as they are."""

LEAST_S: Final = 16.0
MOST_FPS: Final = 31.0
CRF: Final = 20

OVERLAP_S: Final = 0.1
"""A candidate is true when it shares this much with a burst of its side."""

QUIET_WEIGHT: Final = 3.0
"""Candidates in untouched videos count so often: pulls were put in twenty times a
minute, where a patient has a few. Chosen so that at the usual sensitivity the faces
left out have less than one false pull in ten minutes of talk."""

FOLDS: Final = 10
PENALTY: Final = 1.0


@dataclass(frozen=True)
class Burst:
    """A pull that was put in."""

    onset_s: float
    offset_s: float
    place: int
    excursion_mm: float


@dataclass(frozen=True)
class Judged:
    """A recording: its candidates and its bursts."""

    video: FaceVideo
    family: Family | None
    minutes: float
    bursts: tuple[Burst, ...]
    values: tuple[Floats, ...]
    spans: tuple[tuple[float, float, int], ...]

    def is_true(self, candidate: int) -> bool:
        """Return whether a candidate meets a burst of its side."""
        return any(self.meets(candidate, burst) for burst in self.bursts)

    def meets(self, candidate: int, burst: Burst) -> bool:
        """Return whether a candidate shares enough time with a burst."""
        start_s, end_s, place = self.spans[candidate]
        shared_s = min(end_s, burst.offset_s) - max(start_s, burst.onset_s)
        return place == burst.place and shared_s > OVERLAP_S


def draw_pulls(duration_s: float, name: str) -> tuple[Spasm, ...]:
    """Draw bursts of the lower face, a second or two apart, each side by chance."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    at_s, drawn = 1.2, []
    while at_s < duration_s - 1.5:
        length_s = float(rng.uniform(0.5, 1.6))
        number = len(drawn)
        drawn.append(
            Spasm(
                onset_s=round(at_s, 3),
                offset_s=round(at_s + length_s, 3),
                side=SIDES[int(rng.integers(len(SIDES)))],
                regions=(Region.MOUTH_CORNER, Region.CHEEK),
                kind=(EpisodeKind.TONIC, EpisodeKind.CLONIC)[number % 2],
                closure=0.5,
                excursion_mm=EXCURSIONS_MM[number % len(EXCURSIONS_MM)],
                rate_hz=float(rng.uniform(2, 6)),
                contraction_s=0.12,
                lag_s=0.004,
            )
        )
        at_s += length_s + float(rng.uniform(1.0, 2.0))
    return tuple(drawn)


def make(video: Path, work: Path, landmarker: Path) -> None:
    """Put pulls into a video by every injector, unless that was done."""
    wanted = {
        family: _truth(work, video.stem, family)
        for family in INJECTORS
        if not _truth(work, video.stem, family).is_file()
    }
    if wanted:
        put_in(video, wanted, landmarker, draw_pulls, (LEAST_S, MOST_FPS))


def put_in(
    video: Path,
    truths: Mapping[Family, Path],
    landmarker: Path,
    draw: Callable[[float, str], tuple[Spasm, ...]],
    playing: tuple[float, float],
) -> None:
    """Put what is drawn into a video by injectors; watch it; note the truth last.

    `playing` is how long it lasts at least, and how many pictures a second at most.
    Film and motion stand beside each truth, under its name.
    """
    with open_tracker("auto") as tracker:
        material = load_material(video, tracker)
    with open_tracker("face-landmarker", landmarker) as tracker:
        material = material.followed_by(tracker).played(*playing)
    drawn = draw(material.playing.duration_s, video.name)
    rows = [[b.onset_s, b.offset_s, SIDES.index(b.side), b.excursion_mm] for b in drawn]
    for family, truth in truths.items():
        film = truth.with_suffix(".mp4")
        _write(film, _moved(material, drawn, family))
        _watch(film, truth.with_suffix(".motion"))
        write_whole(truth, json.dumps(rows))


def _truth(work: Path, stem: str, family: Family) -> Path:
    return work / f"{stem}__pulls-{family}.json"


def _moved(
    material: Material, drawn: Sequence[Spasm], family: Family
) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Return pictures with the bursts in them, and their times."""
    plan = Scenario(duration_s=material.playing.duration_s + 1, events=tuple(drawn))
    moves = activate(plan, material.shown_s)
    seed = round(1000 * drawn[0].offset_s)  # another way of contracting in each video
    second = SecondInjector(SecondPlan(bursts=tuple(drawn), seed=seed))
    mm_per_io = material.mm_per_io()
    meshes = zip(material.shown_meshes, material.shown_second_meshes, strict=True)
    for index, (frame, (mesh, other)) in enumerate(
        zip(material.frames(), meshes, strict=True)
    ):
        picture = frame.image
        if family is Family.SECOND:
            picture = second.frame(picture, other, frame.time_s)
        elif mesh is not None and (action := moves.action(index)).peak > 0:
            picture = warp_face(
                picture, PictureGeometry.from_mesh(mesh, mm_per_io), action
            )
        yield picture, frame.time_s


def _write(path: Path, pictures: Iterator[tuple[NDArray[np.uint8], float]]) -> None:
    first, time_s = next(pictures)
    height, width = first.shape[:2]
    with VideoWriter(
        path, width_px=width, height_px=height, crf=CRF, repeatable=True
    ) as writer:
        writer.write(first, time_s)
        for picture, time_s in pictures:
            writer.write(picture, time_s)


def _watch(film: Path, kept: Path) -> None:
    if not kept.is_file():
        raw = record_motion(film, AnalysisOptions())
        write_whole(kept, packed(raw, "", 0.0), make_folder=True)


def judge(
    video: FaceVideo,
    family: Family | None,
    kept: Path,
    bursts: Sequence[Burst],
    deliberate: Iterable[tuple[float, float, int]] = (),
) -> Judged:
    """Find the candidates of a recording; those made on purpose teach nothing."""
    motion = measure_motion(unpacked(kept)[0])
    signals = paced(motion)
    down = drawn_down(motion)
    assert down is not None
    on_purpose = list(deliberate)
    found = [
        pull
        for pull in (*pulls(signals), *pulls(paced(down), MOST_BUSY_DOWN))
        if not any(
            SIDES.index(pull.side) == place
            and pull.span.start_s < end_s
            and start_s < pull.span.end_s
            for start_s, end_s, place in on_purpose
        )
    ]
    return Judged(
        video=video,
        family=family,
        minutes=float(signals.usable.sum()) / 30 / 60,
        bursts=tuple(bursts),
        values=tuple(pull.traits for pull in found),
        spans=tuple((p.span.start_s, p.span.end_s, SIDES.index(p.side)) for p in found),
    )


def fit(recordings: Sequence[Judged]) -> tuple[float, Floats]:
    """Fit intercept and weights of the logistic regression on the traits."""
    values = np.array([v for r in recordings for v in r.values])
    true = [r.is_true(k) for r in recordings for k in range(len(r.values))]
    says = [1.0 if r.family else QUIET_WEIGHT for r in recordings for _ in r.values]
    scale = StandardScaler().fit(values)
    model = LogisticRegression(C=PENALTY, max_iter=1000)
    model.fit(scale.transform(values), true, sample_weight=says)
    weights = model.coef_[0] / scale.scale_
    return float(model.intercept_[0] - weights @ scale.mean_), weights


def write(recordings: Sequence[Judged], folder: Path) -> None:
    """Fit, and write the weights as the product reads them."""
    intercept, weights = fit(recordings)
    content = {
        "intercept": round(intercept, 4),
        "weights": dict(zip(PULL_TRAITS, np.round(weights, 4).tolist(), strict=True)),
        "candidates": sum(len(r.values) for r in recordings),
        "true": sum(r.is_true(k) for r in recordings for k in range(len(r.values))),
    }
    write_whole(folder / PULLS, json.dumps(content, indent=2) + "\n")


def left_out(
    recordings: Sequence[Judged], strange: Family | None
) -> Iterator[tuple[Judged, Floats]]:
    """Return confidences by weights that saw neither the face nor `strange`."""
    faces = sorted({r.video.face for r in recordings})
    np.random.default_rng(0).shuffle(faces)
    for fold in range(FOLDS):
        out = set(faces[fold::FOLDS])
        taught = [
            r
            for r in recordings
            if r.video.face not in out and (strange is None or r.family is not strange)
        ]
        intercept, weights = fit(taught)
        for one in recordings:
            shown = strange is None or one.family in (None, strange)
            if one.video.face in out and shown:
                odds = [intercept + float(weights @ v) for v in one.values]
                yield one, 1 / (1 + np.exp(-np.array(odds)))


def table(judged: Iterable[tuple[Judged, Floats]], needed: float) -> list[str]:
    """Return lines: bursts found by excursion, false alarms in untouched video."""
    results, lines = list(judged), []
    for tier in Tier:
        own = [(r, c) for r, c in results if r.video.tier is tier]
        cells = []
        for excursion_mm in EXCURSIONS_MM:
            met = [
                any(c[k] >= needed and r.meets(k, b) for k in range(len(c)))
                for r, c in own
                for b in r.bursts
                if b.excursion_mm == excursion_mm
            ]
            cells.append(f"{excursion_mm} mm {sum(met)}/{len(met)}")
        quiet = [(r, c) for r, c in own if r.family is None]
        false = sum(int((c >= needed).sum()) for _, c in quiet)
        minutes = sum(r.minutes for r, _ in quiet)
        cells.append(f"false {false} in {minutes:.1f} min")
        lines.append(f"{tier.value}: " + ", ".join(cells))
    return lines


def read(args: argparse.Namespace) -> list[Judged]:
    """Make and judge every recording."""
    videos = [v for v in read_faces(args.faces, args.table) if v.use]
    purpose: dict[str, list[tuple[float, float, int]]] = {}
    for movement in read_deliberate(args.table.with_name("deliberate.csv")):
        span = (movement.span.start_s, movement.span.end_s, SIDES.index(movement.side))
        purpose.setdefault(movement.file, []).append(span)
    found = []
    for tier in Tier:
        own = [v for v in videos if v.tier is tier]
        for number, video in enumerate(own):
            film = args.faces / video.file
            kept = _untouched(film, args.bench)
            found.append(judge(video, None, kept, (), purpose.get(video.file, ())))
            if tier is Tier.REST or number % EVERY == 1:
                make(film, args.bench / "pulls", args.landmarker)
                found += _with_pulls(
                    video, args.bench / "pulls", purpose.get(video.file, ())
                )
            print(video.file, flush=True)
    return found


def _untouched(film: Path, bench: Path) -> Path:
    """Find what the benchmark left; else watch the film as it is."""
    made = bench / "motion" / f"{film.stem}__untouched.motion"
    if made.is_file():
        return made
    kept = bench / "pulls" / made.name
    _watch(film, kept)
    return kept


def _with_pulls(
    video: FaceVideo, work: Path, purpose: Sequence[tuple[float, float, int]]
) -> Iterator[Judged]:
    for family in INJECTORS:
        truth = _truth(work, video.stem, family)
        rows = json.loads(truth.read_text(encoding="utf-8"))
        bursts = [Burst(*row) for row in rows]
        yield judge(video, family, truth.with_suffix(".motion"), bursts, purpose)


def write_folds(recordings: Sequence[Judged], folds: Path) -> None:
    """Write weights for every exam: without its faces, and without its family."""
    with (folds / FOLDS_TABLE).open(encoding="utf-8", newline="") as file:
        fold_of = {row["face"]: row["fold"] for row in csv.DictReader(file)}
    for folder in sorted(path.parent for path in folds.glob("*/*/burst.onnx")):
        strange = folder.parent.name
        taught = [
            r
            for r in recordings
            if fold_of.get(r.video.face) != folder.name and r.family != strange
        ]
        write(taught, folder)


def main() -> None:
    """Do all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--landmarker", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--needed", type=float, default=0.65)
    args = parser.parse_args()
    (args.bench / "pulls").mkdir(parents=True, exist_ok=True)
    recordings = read(args)
    for strange in (None, *INJECTORS):
        print(f"Faces left out, and of the families: {strange or 'none'}")
        print("\n".join(table(left_out(recordings, strange), args.needed)))
    write(recordings, args.out)
    if args.folds:
        write_folds(recordings, args.folds)


if __name__ == "__main__":
    main()
