"""How many held pulls of the lower face are logged as one burst.

    python models/training/held_pulls.py FACES WORK --table models/training/faces.csv \
        --landmarker face_landmarker.task --only b_rest_generated_2 rest_generated_2

Nothing is taught here: pulls of a mouth corner and cheek that are held for 3 to 18 s are
put into videos by both injectors, and the program is asked. What is in WORK is not made
again.
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from pulls import INJECTORS, put_in

from studies.benchmark.building.faces import read_faces, select
from studies.benchmark.judging.kept_motion import unpacked
from twitch_tracker.episodes.network.learned import LearnedDetector
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.simulate.plan.events import Spasm

LEAST_S: Final = 55.0
MOST_FPS: Final = 15.5
EXCURSIONS_MM: Final = (3.0, 5.5)
HELD_S: Final = (3.0, 18.0)
PAUSE_S: Final = (3.0, 7.0)
CHANGES: Final = 0.4
"""The next pull is on the other side so often."""

COVERED: Final = 0.8
"""One burst must cover this share of a pull."""

Row = tuple[float, float, int, float]


def draw(duration_s: float, name: str) -> tuple[Spasm, ...]:
    """Draw held pulls, lengths log-uniform, moderate and severe in turn."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    at_s, drawn = 4.0, []
    side = SIDES[int(rng.integers(2))]
    while True:
        length_s = float(np.exp(rng.uniform(*np.log(HELD_S))))
        if at_s + length_s > duration_s - 1.5:
            return tuple(drawn)
        drawn.append(
            Spasm(
                onset_s=round(at_s, 3),
                offset_s=round(at_s + length_s, 3),
                side=side,
                regions=(Region.MOUTH_CORNER, Region.CHEEK),
                kind=EpisodeKind.TONIC,
                closure=0.5,
                excursion_mm=EXCURSIONS_MM[len(drawn) % 2],
                rate_hz=4.0,
                contraction_s=0.12,
                lag_s=0.004,
            )
        )
        at_s += length_s + float(rng.uniform(*PAUSE_S))
        side = side.other if rng.random() < CHANGES else side


def as_one(row: Row, logged: tuple[Episode, ...]) -> bool:
    """Return whether one burst of its side covers most of a pull."""
    start_s, end_s, place, _ = row
    return any(
        SIDES.index(e.side) == place
        and min(end_s, e.span.end_s) - max(start_s, e.span.start_s)
        >= COVERED * (end_s - start_s)
        for e in logged
    )


def is_true(burst: Episode, rows: list[Row]) -> bool:
    """Return whether a burst meets a pull of its side."""
    return any(
        SIDES.index(burst.side) == place
        and burst.span.start_s < end_s
        and start_s < burst.span.end_s
        for start_s, end_s, place, _ in rows
    )


def main() -> None:
    """Do all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--landmarker", type=Path, required=True)
    parser.add_argument("--only", nargs="+", default=["*rest_*"])
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    found: dict[float, list[bool]] = {mm: [] for mm in EXCURSIONS_MM}
    false = 0
    for video in select(read_faces(args.faces, args.table), args.only):
        film = args.faces / video.file
        truths = {f: args.work / f"{film.stem}__held-{f}.json" for f in INJECTORS}
        if not all(truth.is_file() for truth in truths.values()):
            put_in(film, truths, args.landmarker, draw, (LEAST_S, MOST_FPS))
        for truth in truths.values():
            rows = [tuple(row) for row in json.loads(truth.read_text(encoding="utf-8"))]
            motion = measure_motion(unpacked(truth.with_suffix(".motion"))[0])
            logged = LearnedDetector().detect(motion).episodes
            false += sum(not is_true(burst, rows) for burst in logged)
            for row in rows:
                found[row[3]].append(as_one(row, logged))
    for mm, ones in found.items():
        print(f"{mm} mm: {sum(ones)} of {len(ones)} as one burst")
    print(f"bursts that meet none: {false}")


if __name__ == "__main__":
    main()
