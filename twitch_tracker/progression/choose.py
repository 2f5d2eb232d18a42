"""Which recordings count, and why the others do not.

Recordings of different methods are never mixed: only those of one method key count,
of the newest recording unless another is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Basis, LoggedRecording, Method
from twitch_tracker.language import say
from twitch_tracker.progression.results import LeftOut

__all__ = ["Chosen", "choose"]


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
        The others, with reasons.
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
    BadParameter
        No recording was measured with `method`.
    """
    everything = sorted(recordings, key=lambda r: (r.started_at, r.recording_id))
    reasons = {r.recording_id: _reason(r, today) for r in everything}
    usable = [r for r in everything if not reasons[r.recording_id]]
    wanted = method or (usable[-1].method if usable else None)
    if method is not None and not any(r.method.key == method.key for r in everything):
        raise BadParameter(
            "method",
            say("one that measured a recording of this person"),
            f"{method.tracker}, {method.detector}",
            say("Leave it away to count the method of the newest recording."),
        )
    kept = []
    for r in usable:
        if wanted is not None and r.method.key == wanted.key:
            kept.append(r)
        elif wanted is not None:
            reasons[r.recording_id] = _other_method(r.method, wanted)
    return Chosen(
        recordings=tuple(kept),
        method=kept[-1].method if kept else None,
        basis=_basis(kept or everything),
        left_out=_grouped(reasons),
    )


def _reason(recording: LoggedRecording, today: date | None) -> str:
    """Why a recording cannot count whatever the method; empty when it can."""
    if not recording.analysable_s > 0:
        return say("No part of it could be measured.")
    if today is not None and recording.started_at.date() > today:
        return say("Its date is in the future.")
    return ""


def _other_method(other: Method, wanted: Method) -> str:
    """Say in which way another method differs."""
    differs = [
        name
        for name, a, b in (
            (say("another face tracker"), other.tracker, wanted.tracker),
            (
                say("other weights of the face tracker"),
                other.tracker_weights_sha256,
                wanted.tracker_weights_sha256,
            ),
            (say("another burst detector"), other.detector, wanted.detector),
            (
                say("other detector networks"),
                other.networks_sha256,
                wanted.networks_sha256,
            ),
            (say("other settings"), other.parameters_sha256, wanted.parameters_sha256),
        )
        if a != b
    ]
    what = differs[0]
    for name in differs[1:]:
        what = say("{most} and {last}", most=what, last=name)
    return say(
        "Measured with {what} ({tracker}, {detector}, version {version}); numbers of "
        "different methods do not compare. Analyse these recordings again to count them.",
        what=what,
        tracker=other.tracker,
        detector=other.detector,
        version=other.software_version or say("unknown"),
    )


def _basis(recordings: list[LoggedRecording]) -> Basis:
    """Whose bursts these recordings hold."""
    found = {r.basis for r in recordings}
    if not found:
        return Basis.DETECTED
    return found.pop() if len(found) == 1 else Basis.BOTH


def _grouped(reasons: dict[str, str]) -> tuple[LeftOut, ...]:
    """Collect recordings by reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        if reason:
            by_reason[reason].append(name)
    return tuple(
        LeftOut(reason=reason, recordings=tuple(names))
        for reason, names in by_reason.items()
    )
