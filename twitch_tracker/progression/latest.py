"""Which recordings are "the latest": enough of them to say how it is now.

Note: it is decided for each kind of task by itself and is the same for all measures and
both sides, so that the latest numbers of a kind belong together; and it never reaches
back over a treatment, another device or a break, because a mean of before and after is
true of neither. Nor are bursts that a person checked put together with those that were
found, also where both come in turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import Treatment
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.series import Grouping, by_recording, grouping

__all__ = ["LATEST_DAYS", "LEAST_RECORDINGS", "Latest", "latest_basis", "latest_of"]

LATEST_DAYS: Final = 28
"""Up to the last recording: four weeks even out better and worse days and weeks."""

LEAST_RECORDINGS: Final = 3
"""When these days hold fewer, the latest three recordings are taken instead."""

_LEADING: Final = (Broken.SIDE, Broken.BOTH_SIDES)


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The latest recordings of a kind of task.

    Attributes
    ----------
    columns : Columns
        Those that can be compared with them: of bursts that a person checked or of
        bursts that were found, not of both.
    grouping : Grouping
        The last stretch of `columns` is the latest one. The stretches before are needed only
        to know how much recordings differ within such a stretch, which widens the
        interval.
    """

    columns: Columns
    grouping: Grouping


def latest_of(
    columns: Columns,
    treatments: Sequence[Treatment] = (),
    breaks: Sequence[Break] = (),
) -> Latest:
    """Put the latest recordings together, and those before by four weeks.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind, at least one.
    treatments : sequence of Treatment
        All of the person; a recording of the same day belongs before it.
    breaks : sequence of Break
        Where it was recorded in another way.
    """
    part = _parts(columns, treatments, breaks)
    columns, part = _of_one_basis(columns, part)
    if len(columns.day) == 1:
        return Latest(columns=columns, grouping=by_recording(columns))
    last = np.flatnonzero(part == part[-1])
    back = (columns.day[-1] - columns.day) // LATEST_DAYS
    if (back[last] == 0).sum() < LEAST_RECORDINGS:
        back[last[-LEAST_RECORDINGS:]] = -1
    new = (np.diff(back, prepend=back[:1]) != 0) | (
        np.diff(part, prepend=part[:1]) != 0
    )
    group = np.cumsum(new, dtype=np.int64)
    return Latest(columns=columns, grouping=grouping("latest", group, columns))


def latest_basis(columns: Columns, inside: NDArray[np.bool_] | None = None) -> int:
    """Return whose bursts are those of the latest recordings, as `Columns.basis` has it.

    That of the last recording, where the latest days hold enough of them. The last one
    alone is often only not checked yet: then, that of most recordings.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind, at least one.
    inside : NDArray[np.bool_], optional
        Which of them may be meant, the last one among them.
    """
    late = columns.day > columns.day[-1] - LATEST_DAYS
    own = columns.basis[late if inside is None else late & inside]
    counts = np.bincount(own, minlength=2)
    last = int(own[-1])
    if counts[last] >= min(LEAST_RECORDINGS, counts.max()):
        return last
    return int(counts.argmax())


def _of_one_basis(
    columns: Columns, part: NDArray[np.int64]
) -> tuple[Columns, NDArray[np.int64]]:
    """Leave out recordings with the other sort of bursts.

    Where several of these lie in between, what came before them is another part: it may
    be long ago.
    """
    kept = np.flatnonzero(columns.basis == latest_basis(columns, part == part[-1]))
    if len(kept) == len(columns.day):
        return columns, part
    rows = [columns.recordings[n] for n in kept]
    apart = np.diff(kept, prepend=kept[:1]) > LEAST_RECORDINGS
    return (
        columns_of(columns.kind, rows, columns.first_day),
        np.asarray(part[kept] + np.cumsum(apart), np.int64),
    )


def _parts(
    columns: Columns, treatments: Sequence[Treatment], breaks: Sequence[Break]
) -> NDArray[np.int64]:
    """Enumerate the parts of a course that must not be mixed, by recording."""
    first = columns.first_day
    marks = [(one.on - first).days + 0.5 for one in treatments]
    marks += [(one.on - first).days - 0.5 for one in breaks if one.what in _LEADING]
    part = np.searchsorted(np.sort(np.array(marks, float)), columns.day)
    others = np.cumsum(np.diff(columns.device, prepend=columns.device[:1]) != 0)
    return np.asarray(part + others, np.int64)
