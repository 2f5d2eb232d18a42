"""Which recordings count, and why the others do not.

Recordings of different methods are never mixed: only those of one method key count,
of the newest recording unless another is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from twitch_tracker.errors import UnknownMethod
from twitch_tracker.history import Basis, LoggedRecording, Method

__all__ = ["Chosen", "LeftOut", "MethodPart", "WhyLeftOut", "choose"]


class WhyLeftOut(StrEnum):
    """Why a recording is in no chart."""

    NOT_MEASURED = "not_measured"
    IN_FUTURE = "in_future"
    OTHER_METHOD = "other_method"


class MethodPart(StrEnum):
    """In what two methods can differ."""

    TRACKER = "tracker"
    WEIGHTS = "tracker_weights"
    DETECTOR = "detector"
    NETWORKS = "networks"
    SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Recordings that are not in any chart, and why.

    `method` is theirs and `differs` says in what, where they have another one; of
    methods that are called the same, that of the first.
    """

    why: WhyLeftOut
    recordings: tuple[str, ...]
    method: Method | None = None
    differs: tuple[MethodPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The recordings that count.

    Attributes
    ----------
    recordings : tuple of LoggedRecording
        In order of time.
    method : Method or None
        Theirs; None without any.
    basis : Basis
        Whose bursts: BOTH when some are reviewed and some are not.
    left_out : tuple of LeftOut
        The others, and why.
    """

    recordings: tuple[LoggedRecording, ...]
    method: Method | None
    basis: Basis
    left_out: tuple[LeftOut, ...]


def choose(
    recordings: Iterable[LoggedRecording], method: Method | None, today: date | None
) -> Chosen:
    """Choose what counts.

    Parameters
    ----------
    recordings : iterable of LoggedRecording
        In any order.
    method : Method or None
        Count this method; None for that of the newest recording.
    today : date or None
        Recordings of later days do not count.

    Returns
    -------
    Chosen
        See there.

    Raises
    ------
    UnknownMethod
        No recording was measured with `method`.
    """
    everything = sorted(recordings, key=lambda r: (r.started_at, r.recording_id))
    reasons = {r.recording_id: _reason(r, today) for r in everything}
    usable = [r for r in everything if reasons[r.recording_id] is None]
    wanted = method or (usable[-1].method if usable else None)
    if method is not None and not any(r.method.key == method.key for r in everything):
        raise UnknownMethod(method.tracker, method.detector)
    kept = [r for r in usable if wanted is not None and r.method.key == wanted.key]
    return Chosen(
        recordings=tuple(kept),
        method=kept[-1].method if kept else None,
        basis=_basis(kept or everything),
        left_out=_left_out(everything, reasons, wanted),
    )


def _reason(recording: LoggedRecording, today: date | None) -> WhyLeftOut | None:
    """Return why a recording cannot count whatever the method; None when it can."""
    if not recording.analysable_s > 0:
        return WhyLeftOut.NOT_MEASURED
    if today is not None and recording.started_at.date() > today:
        return WhyLeftOut.IN_FUTURE
    return None


def _other_method(other: Method, wanted: Method) -> LeftOut:
    """Return in what another method differs."""
    parts = (
        (MethodPart.TRACKER, other.tracker, wanted.tracker),
        (
            MethodPart.WEIGHTS,
            other.tracker_weights_sha256,
            wanted.tracker_weights_sha256,
        ),
        (MethodPart.DETECTOR, other.detector, wanted.detector),
        (MethodPart.NETWORKS, other.networks_sha256, wanted.networks_sha256),
        (MethodPart.SETTINGS, other.parameters_sha256, wanted.parameters_sha256),
    )
    return LeftOut(
        why=WhyLeftOut.OTHER_METHOD,
        recordings=(),
        method=other,
        differs=tuple(part for part, a, b in parts if a != b),
    )


def _basis(recordings: list[LoggedRecording]) -> Basis:
    """Return whose bursts these recordings hold."""
    found = {r.basis for r in recordings}
    if not found:
        return Basis.DETECTED
    return found.pop() if len(found) == 1 else Basis.BOTH


def _left_out(
    recordings: list[LoggedRecording],
    reasons: dict[str, WhyLeftOut | None],
    wanted: Method | None,
) -> tuple[LeftOut, ...]:
    """Collect the others by what is said of them."""
    names: dict[tuple[object, ...], list[str]] = {}
    groups: dict[tuple[object, ...], LeftOut] = {}
    for r in recordings:
        why, method = reasons[r.recording_id], r.method
        key: tuple[object, ...] = (why,)
        if why is not None:
            group = LeftOut(why=why, recordings=())
        elif wanted is None or method.key == wanted.key:
            continue
        else:
            group = _other_method(method, wanted)
            key = (group.differs, *_called(method))
        groups.setdefault(key, group)
        names.setdefault(key, []).append(r.recording_id)
    return tuple(
        replace(group, recordings=tuple(names[key])) for key, group in groups.items()
    )


def _called(method: Method) -> tuple[str, str, str]:
    """Return the name of a method for people."""
    return method.tracker, method.detector, method.software_version
