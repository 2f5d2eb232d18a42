"""What the networks are taught on: the recordings of a benchmark folder.

``twitch-tracker benchmark FACES --out DIR`` leaves videos, truth and the raw motion
of every recording with pictures of the eyes; here they are read together with what
the simulator commanded in every frame. Nothing is watched again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.benchmark.build import Built, read_record
from twitch_tracker.benchmark.faces import read_deliberate, read_faces, select
from twitch_tracker.benchmark.material import played_spans
from twitch_tracker.benchmark.measure import read_measured
from twitch_tracker.benchmark.plan import Version, VersionKind, plan_versions
from twitch_tracker.benchmark.run import BenchmarkOptions, deliberate_table
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import Episode, MotionSignals
from twitch_tracker.regions import SIDES
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.draw import draw_scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One recording to learn from.

    Attributes
    ----------
    version : Version
        Which video, and what was done to it.
    raw : RawMotion
        With pictures of the eyes.
    motion : MotionSignals
        Measured from it; its `patch_closure` is not to be used.
    truth : tuple of Episode
        One-sided bursts and closures.
    commanded : Floats
        Closure that the simulator added, shape (n, sides).
    deliberate : tuple
        Movements of one side made on purpose: onset_s, offset_s, place of the side.
    """

    version: Version
    raw: RawMotion
    motion: MotionSignals
    truth: tuple[Episode, ...]
    commanded: Floats
    deliberate: tuple[tuple[float, float, int], ...]

    @property
    def name(self) -> str:
        """Of the recording."""
        return self.version.name

    @property
    def face(self) -> str:
        """Whose face it is."""
        return self.version.video.face

    @property
    def kind(self) -> VersionKind:
        """What was done to the video."""
        return self.version.kind


def read_material(options: BenchmarkOptions) -> Iterator[Recording]:
    """Read every recording of a benchmark that was measured, one after the other."""
    videos = select(read_faces(options.faces, options.table), options.only)
    plan = plan_versions(
        [video for video in videos if video.use],
        variants=options.variants,
        seed=options.seed,
    )
    on_purpose = read_deliberate(deliberate_table(options))
    for version in plan:
        built = read_record(version, options.videos)
        measured = read_measured(options.kept(version))
        if built is None or built.empty or measured is None:
            continue
        raw = measured.raw
        yield Recording(
            version=version,
            raw=raw,
            motion=measure_motion(raw),
            truth=tuple(read_truth(built.truth(options.videos)).episodes),
            commanded=_commanded(version, built, raw.time_s),
            deliberate=tuple(
                (span.start_s, span.end_s, SIDES.index(movement.side))
                for movement in on_purpose
                if movement.file == version.video.file
                for span in played_spans(movement.span, built.playing)
            ),
        )


def _commanded(version: Version, built: Built, time_s: Floats) -> Floats:
    """Closure that the simulator added in every frame, shape (n, sides)."""
    if version.kind is not VersionKind.SPASMS:
        return np.zeros((len(time_s), len(SIDES)))
    scenario = draw_scenario(
        duration_s=built.playing.duration_s, seed=version.draw, side=version.side
    )
    return activate(scenario, time_s).closure
