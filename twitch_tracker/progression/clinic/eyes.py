"""How long each eye was hardly ever open at rest: what keeps people from seeing.

The interval is that of leaving out one recording after the other. Note: of the latest
three months and before, as in `between`; recordings in which nobody looked for it are
left out; a recording is one observation, whatever its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from twitch_tracker.history import LoggedRecording, Task, Treatment, TreatmentKind
from twitch_tracker.progression.clinic.between import LATEST_DAYS
from twitch_tracker.progression.results import Estimate, EyeShut
from twitch_tracker.regions import SIDES, Side

__all__ = ["eyes_shut"]

Array = NDArray[np.float64]

_LEAST_RECORDINGS: Final = 3


def eyes_shut(
    recordings: Sequence[LoggedRecording], treatments: Sequence[Treatment]
) -> tuple[EyeShut, ...]:
    """Return the share of time at rest in which each eye was hardly ever open.

    Parameters
    ----------
    recordings : sequence of LoggedRecording
        All that count, in order of time.
    treatments : sequence of Treatment
        Recordings from before the last operation are no part of the latest ones.

    Returns
    -------
    tuple of EyeShut
        Of eyes that were looked at; intervals from three recordings on.
    """
    at_rest = [r for r in recordings if r.task is Task.REST and r.analysable_s > 0]
    operations = [
        one.on
        for one in treatments
        if one.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
    ]
    found = (_of(side, at_rest, operations) for side in SIDES)
    return tuple(one for one in found if one is not None)


def _of(
    side: Side, at_rest: list[LoggedRecording], operations: list[date]
) -> EyeShut | None:
    """Look at one eye."""
    own = [r for r in at_rest if np.isfinite(r.sides[side].hardly_open_s)]
    if not own:
        return None
    days = [r.started_at.date() for r in own]
    last = days[-1]
    since = max((on for on in operations if on < last), default=None)
    late = np.array(
        [
            (last - day).days < LATEST_DAYS and (since is None or day > since)
            for day in days
        ]
    )
    shut_s = np.array([r.sides[side].hardly_open_s for r in own])
    watched_s = np.array([r.analysable_s for r in own])
    return EyeShut(
        side=side,
        recordings=int(late.sum()),
        first_on=days[int(np.flatnonzero(late)[0])],
        last_on=last,
        share=_share(shut_s[late], watched_s[late]),
        earlier=_share(shut_s[~late], watched_s[~late]) if (~late).any() else None,
        earlier_recordings=int((~late).sum()),
    )


def _share(shut_s: Array, watched_s: Array) -> Estimate:
    """Share of time with the interval of a ratio (jackknife); none of what never was."""
    total, whole = float(shut_s.sum()), float(watched_s.sum())
    value, n = total / whole, len(shut_s)
    if n < _LEAST_RECORDINGS or not total > 0:
        return Estimate(value=value, low=float("nan"), high=float("nan"))
    without = (total - shut_s) / (whole - watched_s)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    half = float(stdtrit(n - 1, 0.975) * error)
    return Estimate(
        value=value, low=max(value - half, 0.0), high=min(value + half, 1.0)
    )
