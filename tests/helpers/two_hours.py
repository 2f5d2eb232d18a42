"""What a recording of any length needs in memory, without decoding it.

    python two_hours.py FILM PICTURES FOLDER

A short film is really watched, so that everything is loaded that an analysis loads. Then
a recorder takes as many pictures as are asked for without a face, which leave rows of the
same size. What the short film left is written over these rows: once whole, with its
bursts, and its first seconds again and again. Everything after it is what `analyze` does.
Prints one JSON object: resident memory in MB, the peak of every stage (Linux).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from twitch_tracker import pipeline
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.motion.recorder import MotionRecorder, RawMotion
from twitch_tracker.motion.signals import LocatedFace, locate_face
from twitch_tracker.pipeline import AnalysisOptions, analyze_source
from twitch_tracker.records import FaceObservation, Frame, Quality, QualityReason
from twitch_tracker.records.rows import Rows
from twitch_tracker.report.recording.page import write_report
from twitch_tracker.timebase import Stamp
from twitch_tracker.video.files import open_video

FPS = 30
QUIET_S = 5.0
"""The example has no burst in its first six seconds."""

T = TypeVar("T")


class Peaks:
    """Peak of the resident memory of one stage after another."""

    def __init__(self) -> None:
        self.mb: dict[str, float] = {}

    def of(self, name: str, work: Callable[[], T]) -> T:
        """Do something and note the most that was held meanwhile."""
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        done = work()
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
        peak = next(line for line in lines if line.startswith("VmHWM"))
        self.mb[name] = round(int(peak.split()[1]) / 1024)
        return done


class Kept(MotionRecorder):
    """A recorder that shows what it handed over."""

    last: RawMotion

    def finish(self) -> RawMotion:
        raw = super().finish()
        Kept.last = raw
        return raw


def seen(pictures: int) -> tuple[RawMotion, np.ndarray]:
    """Take so many pictures without a face."""
    recorder, boxes = MotionRecorder(), Rows((4,), np.float32)
    image = np.zeros((24, 32, 3), np.uint8)
    nothing = Quality(reasons=(QualityReason.NO_FACE,))
    for index in range(pictures):
        stamp = Stamp(pts=index, time_base=Fraction(1, FPS))
        recorder.push(
            Frame(index=index, stamp=stamp, image=image),
            FaceObservation(
                time_s=index / FPS,
                landmarks_px=None,
                pose_deg=(np.nan,) * 3,
                interocular_px=np.nan,
                iris_px=np.nan,
                quality=nothing,
            ),
        )
        boxes.append(np.nan)
    return recorder.finish(), boxes.take()


def overwritten(raw: RawMotion, short: RawMotion) -> RawMotion:
    """Write the short film over the rows of the long one, in place."""
    quiet = int(np.searchsorted(short.time_s, QUIET_S))
    count = len(raw)
    for field in fields(RawMotion):
        rows, shown = getattr(raw, field.name), getattr(short, field.name)
        if field.name == "time_s" or not isinstance(rows, np.ndarray):
            continue
        rows[: len(shown)] = shown[:count]
        for first in range(len(shown), count, quiet):
            rows[first : first + quiet] = shown[: min(quiet, count - first)]
    reasons = short.reasons + short.reasons[:quiet] * (count // quiet + 1)
    return replace(
        raw,
        reasons=reasons[:count],
        unchanged_share=short.unchanged_share,
        quantiser=short.quantiser,
    )


def located(pictures: int, short: RawMotion, peaks: Peaks) -> tuple[LocatedFace, float]:
    """Watch so many pictures and read their mesh; also MB of what was kept of them."""
    raw, boxes_px = peaks.of("watching", lambda: seen(pictures))
    raw = overwritten(raw, short)
    arrays = [v for v in vars(raw).values() if isinstance(v, np.ndarray)]
    kept = sum(array.nbytes for array in (*arrays, boxes_px))
    return peaks.of("reading the mesh", partial(locate_face, raw)), kept / 2**20


def main() -> None:
    """Measure."""
    film, pictures, folder = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    options, peaks = AnalysisOptions(), Peaks()
    detector = options.open_detector()
    pipeline.MotionRecorder = Kept  # type: ignore[misc]
    with open_video(film) as source, open_tracker("auto") as tracker:
        watch = partial(analyze_source, source, tracker, detector, options=options)
        first = peaks.of("a short film", watch).session
        write_report(first, folder / "report.html", [])
        face, kept_mb = located(pictures, Kept.last, peaks)
        faces = [face]
        del face
        session = peaks.of(
            "signals and bursts",
            lambda: pipeline.conclude(
                faces.pop(),
                detector,
                video=first.video,
                damage=first.damage,
                tracker=first.tracker,
                subject_events=(),
                options=options,
            ),
        )
    peaks.of("tables", lambda: write_tables(folder, session))
    peaks.of("report", lambda: write_report(session, folder / "report.html", []))
    print(
        json.dumps(
            {
                "pictures": len(session.motion.time_s),
                "bursts": len(session.episodes),
                "usable": round(float(session.motion.usable.mean()), 3),
                "kept_mb": round(kept_mb),
                "peak_mb": peaks.mb,
            }
        )
    )


if __name__ == "__main__":
    main()
