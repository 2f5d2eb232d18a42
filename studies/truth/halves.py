"""One half of a real smile: the lower face pulled on one side only.

Nothing is drawn. The video lends the frames of its own smiles and grimaces
(`pull_clips`); half of the lower face is laid over frames in which the mouth is at
rest (`half_face`): those of the way up at the onset, the pulled ones to and fro,
those of the way down at the end. The other half stays as filmed, and so do the
eyes. Frames outside keep their bytes.

Note: a pull can only be shown where the mouth is at rest, the lips are hardly apart and
the head stands as in the clip. A command that meets no such moment is moved to the
nearest one that is free, and is cut to its length; where there is none, it is left out.
So the truth is not the course that was asked for. Bursts of the two sides never
overlap: both halves of a smile are a smile.

>>> halves = Halves.prepare(time_s, meshes, pictures)  # doctest: +SKIP
>>> play = halves.play(course)  # doctest: +SKIP
>>> shown = play.frame(17, image, mesh)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from studies.truth.courses import LEAST_PAUSE_S
from studies.truth.half_face import HalfPatch
from studies.truth.pull_clips import (
    MouthCourse,
    PullClip,
    find_pulls,
    fitting,
    mouth_course,
)
from studies.truth.samples import Pictures, sampled
from twitch_tracker.errors import BadShape
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.picture.geometry import mm_per_interocular
from twitch_tracker.simulate.picture.resampling import Image
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.real.real_blinks import EDGE
from twitch_tracker.simulate.truth import TruthRow
from twitch_tracker.timebase import Interval

__all__ = ["Halves", "HalvesPlay"]

Mesh = NDArray[np.floating[Any]]

LEAST_S: Final = 0.35
"""No shorter burst is shown: it takes as long to pull and let go."""

GAP_S: Final = 0.1
"""The mouth may be out of rest for so long within a moment at rest."""

RISE_S: Final = (0.12, 0.3)
FALL_S: Final = (0.15, 0.4)
"""How long a way up and a way down are shown. Smiles take longer as filmed."""

WAYS: Final = 0.8
"""Ways up and down take at most this share of a burst."""

LIKE: Final = 0.75
"""A mouth at rest resembles the start of a clip (`HalfPatch.likeness`) at least so
far; found by looking: hands before the mouth reach 0.65, other scenes 0.5, faces at
rest 0.8 to 1."""

LIKE_PULLED: Final = 0.6
"""The same for the frames of a clip and its start: smiles change folds and lips."""

_WHY: Final = {
    False: "no corner of the mouth is seen to be pulled with closed lips",
    True: "nowhere the mouth is at rest for long, head and light as in a smile",
}
_LOWER_FACE: Final = frozenset({Region.MOUTH_CORNER, Region.CHEEK})
_REASON: Final = "half of a real pull of the mouth"


@dataclass(frozen=True)
class _Source:
    """A clip with its frames ready to be laid over others."""

    clip: PullClip
    patches: Mapping[int, HalfPatch]  # by place as filmed
    fits: NDArray[np.bool_]  # frames as filmed that it can be laid over, shape (n,)


@dataclass(frozen=True)
class Halves:
    """Pulls of the mouth in one video, ready to be shown on one side.

    Attributes
    ----------
    empty : str
        Why none can be shown, else empty.
    """

    _sources: Mapping[Side, tuple[_Source, ...]]
    _course: MouthCourse
    _time_s: NDArray[np.float64]
    _mm_per_io: float
    empty: str = ""

    @classmethod
    def prepare(
        cls,
        time_s: NDArray[np.float64],
        meshes: Sequence[Mesh | None],
        pictures: Pictures,
    ) -> Self:
        """Find the pulls of a video and fetch their frames.

        Parameters
        ----------
        time_s : NDArray[np.float64]
            Times as filmed, shape (n,).
        meshes : sequence of NDArray or None
            Mesh of each frame as filmed, shape (478, 3).
        pictures : callable
            Gives frames as filmed by their places; called once or not at all.

        Raises
        ------
        BadShape
            If there are not as many meshes as times.
        """
        if len(time_s) != len(meshes):
            raise BadShape("meshes", f"({len(time_s)},)", (len(meshes),))
        course = mouth_course(meshes)
        clips = [
            (clip, sampled(time_s, fits))
            for side in SIDES
            for clip in find_pulls(time_s, course, side)
            if _stretches(time_s, fits := fitting(clip, course))
        ]
        places = {k for clip, some in clips for k in (*clip.places, *some)}
        images = pictures(sorted(places)) if places else {}
        found = [_source(clip, some, meshes, images) for clip, some in clips]
        sources = {
            side: tuple(
                source
                for source in found
                if source.clip.side is side and _stretches(time_s, source.fits)
            )
            for side in SIDES
        }
        empty = "" if any(sources.values()) else _WHY[bool(clips)]
        seen = [mesh for mesh in meshes if mesh is not None]
        scale = mm_per_interocular(np.array(seen)) if seen else 1.0
        return cls(sources, course, np.asarray(time_s), scale, empty)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that can be pulled."""
        return tuple(side for side in SIDES if self._sources[side])

    def play(
        self,
        commands: Iterable[Spasm],
        *,
        shown_s: NDArray[np.float64] | None = None,
        order: NDArray[np.intp] | None = None,
    ) -> HalvesPlay:
        """Plan what every frame shows.

        Parameters
        ----------
        commands : Iterable of Spasm
            When, on which side and how far. Those without the lower face are
            left out.
        shown_s : NDArray[np.float64], optional
            Times of the frames as shown, shape (k,); as filmed by default.
        order : NDArray[np.intp], optional
            Place as filmed of every frame shown, shape (k,).

        Raises
        ------
        BadShape
            If `shown_s` and `order` are not of the same length.
        """
        times = self._time_s if shown_s is None else np.asarray(shown_s)
        order = np.arange(len(times)) if order is None else np.asarray(order)
        if len(order) != len(times):
            raise BadShape("order", f"({len(times)},)", order.shape)
        frames: dict[int, HalfPatch] = {}
        rows: list[TruthRow] = []
        taken: list[Interval] = []
        for command in sorted(commands, key=lambda c: c.onset_s):
            if not _LOWER_FACE & set(command.regions):
                continue
            found = self._placed(command, times, order, taken)
            if found is None:
                continue
            source, first, last = found
            taken.append(
                Interval(start_s=float(times[first]), end_s=float(times[last - 1]))
            )
            places = _places(source.clip, times[first:last])
            frames |= {
                first + k: source.patches[place] for k, place in enumerate(places)
            }
            rows.append(self._row(source.clip, places, times, order, first))
        return HalvesPlay(frames, tuple(rows))

    def _placed(
        self,
        command: Spasm,
        times: NDArray[np.float64],
        order: NDArray[np.intp],
        taken: Sequence[Interval],
    ) -> tuple[_Source, int, int] | None:
        """Choose a clip, and the frames that show it; None where there are none.

        At the time asked for rather than elsewhere, as strong as asked for rather
        than otherwise.
        """
        wanted = command.excursion_mm / self._mm_per_io
        best: tuple[float, float, _Source, int, int] | None = None
        for source in self._sources[command.side]:
            off = abs(float(np.log(source.clip.gain / wanted)))
            fits = source.fits[order] & _free(times, taken)
            for start, end in _stretches(times, fits):
                first, last = _within(command, times, start, end)
                moved_s = max(float(times[first]) - command.offset_s, 0.0) + max(
                    command.onset_s - float(times[last - 1]), 0.0
                )
                offer = (moved_s, off, source, first, last)
                if best is None or offer[:2] < best[:2]:
                    best = offer
        return None if best is None else best[2:]

    def _row(
        self,
        clip: PullClip,
        places: Sequence[int],
        times: NDArray[np.float64],
        order: NDArray[np.intp],
        first: int,
    ) -> TruthRow:
        """Return row of one burst: where the corner crosses `EDGE` of its way."""
        pull = self._course.pull[:, SIDES.index(clip.side)]
        last = first + len(places)
        way = pull[list(places)] - np.nanmedian(pull[order[first:last]])
        peak = float(np.quantile(way, 0.9))
        above = np.flatnonzero(way > EDGE * peak)
        start, end = first + int(above[0]), first + int(above[-1])
        before, after = times[max(start - 1, 0)], times[min(end + 1, len(times) - 1)]
        # Half-way between the frames: what is shown jumps from one to the next.
        onset, offset = 0.5 * (times[start] + before), 0.5 * (times[end] + after)
        return TruthRow(
            onset_s=round(float(onset), 4),
            offset_s=round(float(offset), 4),
            duration_s=round(float(offset - onset), 4),
            side=clip.side.value,
            regions=f"{Region.MOUTH_CORNER.value};{Region.CHEEK.value}",
            lead_region=Region.MOUTH_CORNER.value,
            kind=EpisodeKind.TONIC.value,
            contractions=1,
            excursion_mm=round(peak * self._mm_per_io, 3),
            asymmetry=1.0,
            reasons=_REASON,
            event="spasm",
        )


@dataclass(frozen=True)
class HalvesPlay:
    """A course of one-sided pulls on one video."""

    _frames: Mapping[int, HalfPatch]
    _rows: tuple[TruthRow, ...]

    def frame(self, index: int, image: Image, mesh: Mesh | None) -> Image:
        """Show one frame.

        Parameters
        ----------
        index : int
            Its place in what is shown.
        image : NDArray[np.uint8]
            The frame as filmed; returned itself where nothing happens.
        mesh : NDArray or None
            Its mesh, shape (478, 3).
        """
        patch = self._frames.get(index)
        if patch is None or mesh is None:
            return image
        return patch.laid_over(image, mesh)

    def truth(self) -> tuple[TruthRow, ...]:
        """Return rows of the bursts that are shown, in order."""
        return tuple(sorted(self._rows, key=lambda row: (row.onset_s, row.offset_s)))


def _source(
    clip: PullClip,
    samples: Mapping[int, NDArray[np.intp]],
    meshes: Sequence[Mesh | None],
    images: Mapping[int, Image],
) -> _Source:
    """Cut the half face out of every frame of a clip, and look where it fits."""

    def half(place: int) -> HalfPatch | None:
        mesh = meshes[place]
        return None if mesh is None else HalfPatch(images[place], mesh, clip.side)

    def alike(one: HalfPatch | None, place: int, least: float) -> bool:
        mesh = meshes[place]
        if one is None or mesh is None:
            return False
        return one.likeness(images[place], mesh) >= least

    patches = {place: half(place) for place in clip.places}
    start = clip.rise[0]
    fits = np.zeros(len(meshes), dtype=bool)
    if all(alike(patch, start, LIKE_PULLED) for patch in patches.values()):
        for place, group in samples.items():
            fits[group] = alike(patches[start], place, LIKE)
    return _Source(clip, {k: p for k, p in patches.items() if p is not None}, fits)


def _free(times: NDArray[np.float64], taken: Sequence[Interval]) -> NDArray[np.bool_]:
    """Return frames far enough from the bursts so far."""
    free = np.ones(len(times), dtype=bool)
    for span in taken:
        wide = span.widened(LEAST_PAUSE_S)
        free &= (times < wide.start_s) | (times > wide.end_s)
    return free


def _stretches(
    times: NDArray[np.float64], fits: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Return stretches of fitting frames, half-open, short gaps closed, long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], fits.astype(int), [0]])))
    joined: list[list[int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if joined and times[start] - times[joined[-1][1] - 1] <= GAP_S:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return [
        (start, end)
        for start, end in joined
        if times[end - 1] - times[start] >= LEAST_S
    ]


def _within(
    command: Spasm, times: NDArray[np.float64], start: int, end: int
) -> tuple[int, int]:
    """Return frames of a stretch that show a burst, cut at its ends."""
    length_s = max(command.offset_s - command.onset_s, LEAST_S)
    room_s = float(times[end - 1] - times[start])
    latest_s = float(times[end - 1]) - min(length_s, room_s)
    # A burst that begins before the stretch keeps its end.
    from_s = max(command.onset_s, float(times[start]))
    until_s = max(min(command.offset_s, float(times[end - 1])), from_s)
    if until_s - from_s < LEAST_S:
        from_s = float(np.clip(command.onset_s, times[start], latest_s))
        until_s = from_s + min(length_s, room_s)
    first = int(np.searchsorted(times, from_s - 1e-9))
    last = int(np.searchsorted(times, until_s + 1e-9))
    return first, max(last, first + 2)


def _places(clip: PullClip, times: NDArray[np.float64]) -> list[int]:
    """Frame as filmed for every frame of a burst."""
    step_s = float(times[-1] - times[0]) / (len(times) - 1)
    whole_s = float(times[-1] - times[0]) + step_s
    rise_s = float(np.clip(step_s * len(clip.rise), *RISE_S))
    fall_s = float(np.clip(step_s * len(clip.fall), *FALL_S))
    less = min(1.0, WAYS * whole_s / (rise_s + fall_s))
    rise_s, fall_s = less * rise_s, less * fall_s
    turn = max(2 * (len(clip.apex) - 1), 1)
    places = []
    for k, time_s in enumerate((times - times[0]).tolist()):
        left_s = whole_s - time_s
        if time_s < rise_s:
            places.append(clip.rise[int(time_s / rise_s * len(clip.rise))])
        elif left_s <= fall_s:
            step = int((fall_s - left_s) / fall_s * len(clip.fall))
            places.append(clip.fall[min(step, len(clip.fall) - 1)])
        else:
            place = k % turn
            places.append(clip.apex[min(place, turn - place) % len(clip.apex)])
    return places
