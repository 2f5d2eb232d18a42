"""One recording with what was logged and what is true, before and after judging.

Defines the two values of this room: `ScoredRecording` (a log beside its truth) and
`RecordingScore` (which burst is which). Note: rates divide by the *analysable* seconds
of the log; where a log does not hold them, by the recorded seconds, and `minutes_basis`
says which it was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from twitch_tracker.errors import Misfit
from twitch_tracker.evaluate.matching import (
    PRIMARY_RULE,
    Matching,
    MatchRule,
    match_bursts,
)
from twitch_tracker.exchange.coding.coded import OtherEvent
from twitch_tracker.exchange.coding.films import FilmNotes
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval

__all__ = ["RecordingScore", "ScoredRecording", "score"]

NAN = math.nan


@dataclass(frozen=True, kw_only=True)
class ScoredRecording:
    """A log beside its truth.

    Attributes
    ----------
    name : str
        Of the recording; unique in a set.
    face : str
        Whose face it is; the unit of resampling.
    truth, logged : tuple of Episode
        Bursts, in any order.
    activity : str
        What the person does in it, e.g. ``rest``, ``talk``, ``expressive``;
        empty when not stated.
    others : tuple of OtherEvent
        What else is known to have happened (blinks, smiles ...).
    analysable_s, recorded_s : float
        Seconds that could be measured, and seconds of the recording; NaN when
        not known.
    excluded : tuple of Interval
        When nothing could be measured.
    frame_s : float
        Length of a frame; NaN when not known.
    face_known : bool
        Whether somebody said whose face it is; otherwise `face` is `name`.
    misfits : tuple of Misfit
        What speaks against the truth being of this film, and was overridden.
    notes : FilmNotes
        What the truth says of its film: from where its times were counted.
    """

    name: str
    face: str
    truth: tuple[Episode, ...]
    logged: tuple[Episode, ...]
    activity: str = ""
    others: tuple[OtherEvent, ...] = ()
    analysable_s: float = NAN
    recorded_s: float = NAN
    excluded: tuple[Interval, ...] = ()
    frame_s: float = NAN
    face_known: bool = True
    misfits: tuple[Misfit, ...] = ()
    notes: FilmNotes = field(default_factory=FilmNotes)


@dataclass(frozen=True, kw_only=True)
class RecordingScore:
    """One recording, judged under one rule.

    Attributes
    ----------
    face, activity, analysable_s, recorded_s, frame_s
        As in `ScoredRecording`.
    matching : Matching
        What was found, missed and invented.
    source : ScoredRecording or None
        What was judged; None for a score put together by hand.
    """

    face: str
    activity: str
    analysable_s: float
    matching: Matching
    recorded_s: float = NAN
    frame_s: float = NAN
    source: ScoredRecording | None = None

    @property
    def rate_s(self) -> float:
        """Seconds that the rates of the log divide by; NaN when not known."""
        known = math.isfinite(self.analysable_s)
        return self.analysable_s if known else self.recorded_s

    @property
    def minutes_basis(self) -> str:
        """``analysable``, ``recorded`` or ``unknown``: what `rate_s` is."""
        if math.isfinite(self.analysable_s):
            return "analysable"
        return "recorded" if math.isfinite(self.recorded_s) else "unknown"

    @property
    def true_count(self) -> int:
        """Number of true bursts, after merging."""
        return len(self.matching.found) + len(self.matching.missed)

    @property
    def logged_count(self) -> int:
        """Number of logged bursts, after merging."""
        return len(self.matching.found) + len(self.matching.false_alarms)

    @property
    def true_per_min(self) -> float:
        """True bursts per minute of recording."""
        seconds = self.recorded_s if math.isfinite(self.recorded_s) else self.rate_s
        return 60 * self.true_count / seconds if seconds > 0 else NAN

    @property
    def logged_per_min(self) -> float:
        """Logged bursts per minute that could be measured."""
        return 60 * self.logged_count / self.rate_s if self.rate_s > 0 else NAN

    @property
    def rate_error(self) -> float:
        """(logged - true) / true, of the rates; NaN without a true burst."""
        true = self.true_per_min
        return (self.logged_per_min - true) / true if true > 0 else NAN


def score(
    recording: ScoredRecording,
    rule: MatchRule = PRIMARY_RULE,
    *,
    least_confidence: float = 0.0,
) -> RecordingScore:
    """Judge one recording.

    Parameters
    ----------
    recording : ScoredRecording
        The log beside its truth.
    rule : MatchRule
        What counts as the same burst.
    least_confidence : float
        Logged bursts below it are left out before merging; at 0 also those
        without a confidence stay.

    Returns
    -------
    RecordingScore
        Every burst in exactly one list.
    """
    logged = [
        burst
        for burst in recording.logged
        if least_confidence <= 0 or burst.confidence >= least_confidence
    ]
    return RecordingScore(
        face=recording.face,
        activity=recording.activity,
        analysable_s=recording.analysable_s,
        recorded_s=recording.recorded_s,
        frame_s=recording.frame_s,
        matching=match_bursts(recording.truth, logged, rule),
        source=recording,
    )
