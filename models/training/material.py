"""What the networks are taught on: the recordings of a benchmark folder.

``twitch-tracker benchmark FACES --out DIR`` leaves videos, truth and the raw motion
of every recording with pictures of the eyes; here they are read together with what
each eye really did in every frame: what it did in the untouched video, and on top of
it what was put in. Nothing is watched again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.benchmark.building.build import Built, read_record
from studies.benchmark.building.courses import commanded_closure
from studies.benchmark.building.faces import read_deliberate, read_faces, select
from studies.benchmark.building.material import played_spans, source_index
from studies.benchmark.building.plan import (
    Family,
    Version,
    VersionKind,
    plan_versions,
)
from studies.benchmark.judging.measure import read_measured
from studies.benchmark.run import BenchmarkOptions, deliberate_table
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.motion.baseline import quiet_level
from twitch_tracker.motion.geometry import measure_geometry
from twitch_tracker.motion.headframe import fit_template
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.usable import usable_reasons
from twitch_tracker.records import Episode
from twitch_tracker.regions import RIGID_POINTS, SIDES

Floats = NDArray[np.float64]

USUALLY_OPEN: Final = 0.75
"""The people of the untouched videos are well: their eyes are open for more than a
quarter of the time. Only for labels; the product never assumes it."""

BLINK_DEPTH: Final = (0.45, 1.0)
"""A mesh shows a complete blink as a closure between these; a person's own depth is
that of their deepest closures, and what is shallower is a share of it."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One recording to learn from.

    Attributes
    ----------
    version : Version
        Which video, and what was done to it.
    tracker : str
        By which tracker it was watched, as in `BenchmarkOptions`.
    raw : RawMotion
        With pictures of the eyes.
    usable : NDArray[np.bool_]
        Frames that may be measured, shape (n,).
    truth : tuple of Episode
        One-sided bursts and closures.
    natural : Floats
        Closure of each eye in the video as filmed, 0 to 1, shape (n, sides); NaN where
        not known.
    commanded : Floats
        Closure that was put in, shape (n, sides); NaN where not known.
    deliberate : tuple
        Movements of one side made on purpose: onset_s, offset_s, place of the side.
    """

    version: Version
    tracker: str
    raw: RawMotion
    usable: NDArray[np.bool_]
    truth: tuple[Episode, ...]
    natural: Floats
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

    @property
    def family(self) -> Family | None:
        """Who made its truth; None of what is untouched."""
        return self.version.family


def read_material(options: BenchmarkOptions) -> Iterator[Recording]:
    """Read every recording of a benchmark that was measured, one after the other."""
    videos = select(read_faces(options.faces, options.table), options.only)
    plan = plan_versions(
        [video for video in videos if video.use],
        variants=options.variants,
        seed=options.seed,
    )
    on_purpose = read_deliberate(deliberate_table(options))
    natural: dict[str, Floats] = {}
    for version in plan:
        built = read_record(version, options.videos)
        measured = read_measured(options.kept(version))
        if built is None or built.empty or measured is None:
            continue
        raw = measured.raw
        usable = np.array([not reasons for reasons in usable_reasons(raw)], bool)
        if version.kind is VersionKind.UNTOUCHED:
            filmed = _filmed_closure(raw, usable)
            natural[version.video.file] = filmed[: built.playing.taken]
        truth = tuple(read_truth(built.truth(options.videos)).episodes)
        yield Recording(
            version=version,
            tracker=options.tracker,
            raw=raw,
            usable=usable,
            truth=truth,
            natural=_played(natural.get(version.video.file), built, len(raw)),
            commanded=commanded_closure(version, built.playing, raw.time_s, truth),
            deliberate=tuple(
                (span.start_s, span.end_s, SIDES.index(movement.side))
                for movement in on_purpose
                if movement.file == version.video.file
                for span in played_spans(movement.span, built.playing)
            ),
        )


def _filmed_closure(raw: RawMotion, usable: NDArray[np.bool_]) -> Floats:
    """Return closure of each eye of somebody who is well, shape (n, sides)."""
    if not usable.any():
        return np.full((len(raw), len(SIDES)), np.nan)
    template = fit_template(raw.points(RIGID_POINTS, np.flatnonzero(usable)))
    aperture_io = measure_geometry(raw, template, usable).aperture_io
    opened = [quiet_level(eye, raw.time_s, USUALLY_OPEN) for eye in aperture_io.T]
    read = 1.0 - aperture_io / np.stack(opened, axis=1)
    both = read.mean(axis=1)
    deep = both[np.isfinite(both) & (both > BLINK_DEPTH[0])]
    depth = float(np.quantile(deep, 0.75)) if len(deep) > 3 else 0.65
    return np.clip(read / np.clip(depth, *BLINK_DEPTH), -0.2, 1.0)


def _played(natural: Floats | None, built: Built, frames: int) -> Floats:
    """Return natural closure in the order in which a version plays the video."""
    playing = built.playing
    unknown = np.full((frames, len(SIDES)), np.nan)
    if natural is None or frames != playing.frames:
        return unknown
    order = source_index(playing.frames, playing.taken) * playing.stride
    inside = order < len(natural)
    unknown[inside] = natural[order[inside]]
    return unknown
