"""One real eyelid held closed for as long as wanted.

Nothing is warped. An eye that really closes somewhere in the video lends its
frames: those of the closing at the onset of a burst, the most closed ones to
and fro while it lasts, those of the opening at its end; all laid over that one
eye of the video's own frames (`graft`). The other eye stays as filmed, with its
blinks. Where the eye that is held happens to be more closed as filmed than the
clip shows it, it stays as filmed, too, so that bursts that meet a blink do not
flicker. Other frames keep their bytes.

Note: clips come from the frames as filmed, bursts are in the time of what is shown, and
`order` leads from one to the other. Only commands in which the eyelid takes part are
shown. Clonic ones are held, too: a lid filmed once has no more than one way down.

>>> lids = HeldLids.prepare(time_s, meshes, pictures)  # doctest: +SKIP
>>> play = lids.play(course)  # doctest: +SKIP
>>> shown = play.frame(17, image, mesh)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from studies.truth.held_track import Track, closest, track_of
from studies.truth.lid_clips import LidClip, closure_of, find_clips
from studies.truth.samples import Pictures, sampled
from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.inject import mark_hidden
from twitch_tracker.simulate.picture.resampling import Image, smoothstep
from twitch_tracker.simulate.plan.events import Spasm
from twitch_tracker.simulate.real.graft import EyePatch, Oval
from twitch_tracker.simulate.truth import TruthRow

__all__ = ["HeldLids", "HeldPlay"]

Mesh = NDArray[np.floating[Any]]

CLOSED_LID: Final = Oval(along=0.75, down=0.52, whole=0.87)
"""Feathered by about .07 eye widths."""

CLIPS: Final = 4
"""Clips kept of each eye: the deepest."""

TURN_DEG: Final = 10.0
"""So much nearer in yaw and pitch counts as much as `DEEPER` of closure when a clip
is chosen for a burst."""

DEEPER: Final = 0.15
OFF_LEVEL: Final = 0.1
"""So does a held closure that is off the wanted one by this share of the deepest:
in a blink few frames are half closed."""

SLOWER_S: Final = 0.5
"""And so much longer between closing and opening counts as much against it: bursts
begin and end fast."""

LIKE: Final = 0.4
"""A lid is held where the surroundings of the eye resemble those of its clip
(`EyePatch.likeness`) at least so far; found by looking: hands, other scenes and heads
that lie on their side reach 0 to 0.4, turned heads and glasses 0.4 to 0.8."""

LOST_S: Final = 0.5
"""Where the face is lost for no longer than twice this, a burst goes on."""

CLONIC_BELOW_S: Final = 0.6
"""A shorter closure is called one clonic contraction, a longer one tonic."""

LEAST_S: Final = 0.2
"""Bursts cut by the end of the recording to less than this are left out."""

_RAMP: Final = 0.3  # below this closure the clip is faded in and out
_HEADS: Final = 9  # frames of a burst of which the pose is taken
_REASON: Final = "a real closed lid held"


@dataclass(frozen=True)
class _Source:
    """A clip with its frames ready to be laid over others."""

    clip: LidClip
    patches: tuple[EyePatch, ...]  # of `clip.places`
    fits: NDArray[np.bool_]  # frames as filmed that it can be laid over, shape (n,)


@dataclass(frozen=True)
class _Shown:
    """What one frame shows of one burst."""

    patch: EyePatch
    opacity: float


@dataclass(frozen=True)
class HeldLids:
    """Closures of the eyes of one video, ready to be held.

    Attributes
    ----------
    empty : str
        Why no lid can be held, else empty. One eye may have a closure when the
        other has none.
    """

    _sources: Mapping[Side, tuple[_Source, ...]]
    _time_s: NDArray[np.float64]
    _meshes: tuple[Mesh | None, ...]
    empty: str = ""

    @classmethod
    def prepare(
        cls,
        time_s: NDArray[np.float64],
        meshes: Sequence[Mesh | None],
        pictures: Pictures,
    ) -> Self:
        """Find the closures of a video and fetch their frames.

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
        clips = [
            clip
            for found in find_clips(time_s, meshes).values()
            for clip in found[:CLIPS]
        ]
        seen = np.array([mesh is not None for mesh in meshes], dtype=bool)
        samples = _everywhere(time_s, seen) if clips else {}
        places = {int(place) for clip in clips for place in clip.places}
        images = pictures(sorted(places | samples.keys())) if clips else {}
        sources = [_source(clip, samples, meshes, images) for clip in clips]
        by_side = {
            side: tuple(s for s in sources if s.clip.side is side) for side in SIDES
        }
        empty = "" if sources else "no eye is seen to close and open"
        return cls(by_side, np.asarray(time_s), tuple(meshes), empty)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The eyes that can be held closed."""
        return tuple(side for side in SIDES if self._sources[side])

    def play(
        self,
        commands: Iterable[Spasm],
        *,
        shown_s: NDArray[np.float64] | None = None,
        order: NDArray[np.intp] | None = None,
        narrow: bool = True,
    ) -> HeldPlay:
        """Plan what every frame shows.

        Parameters
        ----------
        commands : Iterable of Spasm
            When and on which side. Those without the eyelid, and those of an
            eye without a clip, are left out.
        shown_s : NDArray[np.float64], optional
            Times of the frames as shown, shape (k,); as filmed by default.
        order : NDArray[np.intp], optional
            Place as filmed of every frame shown, shape (k,).
        narrow : bool
            Hold the lid at the closure that the command asks for, as a share of
            the clip's deepest; always at the deepest otherwise.

        Raises
        ------
        BadShape
            If `shown_s` and `order` are not of the same length.
        BadParameter
            If commands of one side overlap.
        """
        times = self._time_s if shown_s is None else np.asarray(shown_s)
        order = np.arange(len(times)) if order is None else np.asarray(order)
        if len(order) != len(times):
            raise BadShape("order", f"({len(times)},)", order.shape)
        usable = [
            command
            for command in sorted(commands, key=lambda c: c.onset_s)
            if Region.EYELID in command.regions and self._sources[command.side]
        ]
        _check_apart(usable)
        plan = _Plan(times, order, self._meshes)
        free_from = dict.fromkeys(SIDES, len(times))
        for command in reversed(usable):
            end = free_from[command.side]
            free_from[command.side] = self._add(plan, command, narrow, end)
        seen = np.array([self._meshes[place] is not None for place in order])
        rows = mark_hidden(plan.rows, times, seen)
        return HeldPlay({k: tuple(v) for k, v in plan.frames.items()}, rows)

    def _add(self, plan: _Plan, command: Spasm, narrow: bool, end: int) -> int:
        """Put one burst into the plan, before some frame; return where it is free."""
        first, last = np.searchsorted(
            plan.time_s, [command.onset_s, command.offset_s]
        ).tolist()
        level = command.closure if narrow else 1.0
        found = self._cut(plan, command, level, first, last)
        if found is None:
            return end
        source, first, until = found
        whole = until == last and plan.time_s[-1] >= command.offset_s
        last = until
        track = track_of(source.clip, level)
        if whole:
            shortest_s = plan.time_s[first] + track.least_s
            last = max(last, int(np.searchsorted(plan.time_s, shortest_s)))
        last = min(last, end)
        steps = track.steps(plan.time_s[first:last])
        as_filmed = plan.closure[first:last, SIDES.index(command.side)]
        for index, step in enumerate(steps.tolist()):
            shown_closure = float(source.clip.closure[step])
            if not as_filmed[index] > shown_closure:
                ramp = float(smoothstep(shown_closure / (_RAMP * source.clip.peak)))
                shown = _Shown(source.patches[step], ramp)
                plan.frames.setdefault(first + index, []).append(shown)
        plan.rows.append(_row(track, steps, plan.time_s[first:last]))
        return int(first) - 1

    def _cut(
        self, plan: _Plan, command: Spasm, level: float, first: int, last: int
    ) -> tuple[_Source, int, int] | None:
        """Choose a clip, and the longest part of a burst that it can be shown in."""
        if last - first < 2:
            return None
        cost = _cost(plan.head(first, last), level)
        sources = sorted(self._sources[command.side], key=cost)
        for source in sources:
            fits = source.fits[plan.order[first:last]]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], fits, [0]])))
            parts = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
            start, end = max(parts, key=lambda part: part[1] - part[0], default=(0, 0))
            if end - start < 2:
                continue
            # The last frame stands until the burst is over.
            until_s = min(command.offset_s, float(plan.time_s[-1]))
            if first + end < last:
                until_s = float(plan.time_s[first + end])
            if until_s - plan.time_s[first + start] >= LEAST_S:
                return source, first + start, first + end
        return None


class _Plan:
    """What is known of the frames shown, and what has been planned for them."""

    def __init__(
        self,
        time_s: NDArray[np.float64],
        order: NDArray[np.intp],
        meshes: tuple[Mesh | None, ...],
    ) -> None:
        self.time_s = time_s
        self.closure = closure_of(meshes)[order]
        self.frames: dict[int, list[_Shown]] = {}
        self.rows: list[TruthRow] = []
        self._meshes, self.order = meshes, order

    def head(self, first: int, last: int) -> tuple[float, float] | None:
        """Return usual yaw and pitch during some of the frames, None without a face."""
        few = np.unique(np.linspace(first, last - 1, _HEADS).astype(int))
        seen = [self._meshes[place] for place in self.order[few]]
        poses = [fit_head_pose(mesh) for mesh in seen if mesh is not None]
        if not poses:
            return None
        angles = np.median([(p.yaw_deg, p.pitch_deg) for p in poses], axis=0)
        return float(angles[0]), float(angles[1])


def _row(
    track: Track, steps: NDArray[np.intp], time_s: NDArray[np.float64]
) -> TruthRow:
    """Return row of one burst: its edges lie between the frames, as in the clip."""
    clip = track.clip
    onset = float(time_s[0] - (clip.time_s[1] - clip.span.start_s))
    ended = steps[-1] == len(clip.places) - 2
    offset = float(time_s[-1] + (clip.span.end_s - clip.time_s[-2]) * ended)
    peak = float(clip.closure[steps].max())
    short = offset - onset < CLONIC_BELOW_S
    return TruthRow(
        onset_s=round(max(onset, 0.0), 4),
        offset_s=round(offset, 4),
        duration_s=round(offset - max(onset, 0.0), 4),
        side=clip.side.value,
        regions=Region.EYELID.value,
        lead_region=Region.EYELID.value,
        kind=(EpisodeKind.CLONIC if short else EpisodeKind.TONIC).value,
        contractions=1,
        excursion_mm=round(peak * clip.aperture_mm, 3),
        asymmetry=1.0,
        reasons=_REASON,
        event="spasm",
        closure=round(peak, 3),
    )


def _everywhere(
    time_s: NDArray[np.float64], seen: NDArray[np.bool_]
) -> dict[int, NDArray[np.intp]]:
    """Return frames to look at, each with those it stands for: lost ones near it."""
    at = np.flatnonzero(seen)
    nearest = at[closest(time_s[at], time_s)]
    near = np.abs(time_s - time_s[nearest]) <= LOST_S
    return {
        place: np.flatnonzero(np.isin(nearest, group) & near)
        for place, group in sampled(time_s, seen).items()
    }


def _source(
    clip: LidClip,
    samples: Mapping[int, NDArray[np.intp]],
    meshes: Sequence[Mesh | None],
    images: Mapping[int, Image],
) -> _Source:
    """Cut the eye out of every frame of a clip, which all show the face."""
    pairs = ((images[place], meshes[place]) for place in clip.places.tolist())
    patches = tuple(
        EyePatch(image, mesh, clip.side, CLOSED_LID)
        for image, mesh in pairs
        if mesh is not None
    )
    closed = patches[int(clip.closure.argmax())]
    fits = np.zeros(len(meshes), dtype=bool)
    for place, group in samples.items():
        mesh = meshes[place]
        if mesh is not None:
            fits[group] = closed.likeness(images[place], mesh) >= LIKE
    return _Source(clip, patches, fits)


def _cost(head: tuple[float, float] | None, level: float) -> Callable[[_Source], float]:
    """Rate clips: deep, short, with frames of the wanted level, the head alike."""

    def cost(source: _Source) -> float:
        clip = source.clip
        own = clip.span.duration_s / SLOWER_S - clip.peak / DEEPER
        held = clip.closure[list(track_of(clip, level).hold)].mean() / clip.peak
        own += float(abs(held - min(level, 1.0))) / OFF_LEVEL
        if head is None:
            return own
        away = np.hypot(*np.subtract(clip.head, head))
        return float(own + away / TURN_DEG)

    return cost


def _check_apart(commands: Sequence[Spasm]) -> None:
    """Refuse bursts of one side that overlap."""
    end = dict.fromkeys(SIDES, -np.inf)
    for command in commands:
        if command.onset_s < end[command.side]:
            raise BadParameter(
                "commands", "bursts of one side that do not overlap", command
            )
        end[command.side] = command.offset_s


@dataclass(frozen=True)
class HeldPlay:
    """A course of held closures on one video."""

    _frames: Mapping[int, tuple[_Shown, ...]]
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
        if mesh is None:
            return image
        for shown in self._frames.get(index, ()):
            image = shown.patch.laid_over(image, mesh, shown.opacity)
        return image

    def truth(self) -> tuple[TruthRow, ...]:
        """Return rows of the bursts, in order; the video's own blinks are not in it."""
        return tuple(sorted(self._rows, key=lambda row: (row.onset_s, row.offset_s)))
