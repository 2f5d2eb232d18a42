"""Bursts and blinks of the last seconds, each counted once.

Knows when a burst in a sliding window cannot be changed by later frames any more. Note:
a window has its own levels at rest and noise, so two windows may see the same burst
begin and end a little differently, and a whole recording may see it differently again.
A burst is committed by the first window in which it has ended for `SETTLE_S`, a blink
by the first in which it has for `BLINK_SETTLE_S`; later windows find it committed by
its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from twitch_tracker.episodes.detector import EpisodeDetector
from twitch_tracker.episodes.evidence import combined_evidence
from twitch_tracker.episodes.marking import detect_and_mark
from twitch_tracker.episodes.network.learned import LearnedParams
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.live.state import LiveCounts, LiveEvidence, News, NewsKind
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.records import Blink, Episode, FaceSeen
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.timebase import Interval

__all__ = ["LEAST_S", "SETTLE_S", "WINDOW_S", "Committer", "Decision", "decide"]

WINDOW_S: Final = 40.0
"""Length of the window. Whatever is decided in it, the network sees as far behind as it
can, too, in bursts of up to half of the window; docs/live.md says how far its counts
are from the log."""

LEAST_S: Final = 8.0
"""Nothing is decided before so much was recorded: the quiet face is not known."""

SETTLE_S: Final = 9.0
"""What comes later than this after a burst does not change it, but for this person's
levels: the network sees four seconds ahead (`episodes.network.burstnet.REACH_S`), a stretch of
two seconds that was not measured is lived through (`DecodeParams.bridge_s`), and the
eye's closure is held against a second and a half after a burst (`episodes.network.certainty.BESIDE_S`)."""

UNDER_WAY_S: Final = 2.0
"""A burst that seems to have ended less than this ago may still be under way."""

BLINK_SETTLE_S: Final = 2.0
"""Blinks are found by the lids alone, which hardly change a second later."""

SLACK_S: Final = 1.0
"""The end of a burst may differ by this much between two windows."""

JOIN_S: Final = LearnedParams().merge_gap_s
"""Bursts of one side closer than this are one."""

BLINK_JOIN_S: Final = 0.1

EDGE_S: Final = 0.2
"""A burst that begins so close to the window's begin began before it."""

EVIDENCE_S: Final = 12.0
"""How much evidence is kept to be shown."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one window says.

    Attributes
    ----------
    span : Interval
        From the first frame of the window to its last.
    whole : bool
        Whether the window begins with the recording.
    bursts, blinks : tuple
        In order of onset, times in seconds from the first frame of the recording.
    evidence : LiveEvidence
        Of the end of the window.
    """

    span: Interval
    whole: bool
    bursts: tuple[Episode, ...] = ()
    blinks: tuple[Blink, ...] = ()
    evidence: LiveEvidence


def decide(
    raw: RawMotion,
    detector: EpisodeDetector,
    params: EpisodeParams,
    *,
    whole: bool,
    faces: Sequence[FaceSeen] | None = None,
) -> Decision:
    """Look for bursts in a window.

    Parameters
    ----------
    raw : RawMotion
        The window.
    detector : EpisodeDetector
        Finds them.
    params : EpisodeParams
        Weights of the evidence that is shown.
    whole : bool
        Whether the window begins with the recording.
    faces : sequence of FaceSeen, optional
        What earlier recordings of the person show of the open eyes.

    Returns
    -------
    Decision
        Without bursts when nothing can be measured in the window.
    """
    span = Interval(start_s=float(raw.time_s[0]), end_s=float(raw.time_s[-1]))
    motion = measure_motion(raw, faces)
    if not motion.usable.any():
        return Decision(span=span, whole=whole, evidence=LiveEvidence.none())
    found = detect_and_mark(detector, motion)
    first = int(np.searchsorted(motion.time_s, span.end_s - EVIDENCE_S))
    shown = combined_evidence(motion, params)[first:]
    return Decision(
        span=span,
        whole=whole,
        bursts=found.episodes,
        blinks=found.blinks,
        evidence=LiveEvidence(time_s=motion.time_s[first:], values=shown),
    )


class Committer:
    """Takes decision after decision and counts everything once.

    Parameters
    ----------
    complete_closure : float
        Closure of an eye that counts as full (`EpisodeParams.blink_complete`).
    """

    def __init__(self, complete_closure: float) -> None:
        """Start with nothing counted."""
        self._complete = complete_closure
        self._bursts: list[tuple[Side, Interval]] = []
        self._blinks: list[Interval] = []
        self._seen: list[Episode] = []
        self.counts = LiveCounts()
        self.under_way: frozenset[Side] = frozenset()
        self.decided_until_s = 0.0
        self._blinks_until_s = 0.0

    def take(self, decision: Decision) -> tuple[News, ...]:
        """Commit what has ended long enough ago.

        Parameters
        ----------
        decision : Decision
            Of a window that ends later than the one before.

        Returns
        -------
        tuple of News
            Bursts and blinks that were not known before, in order of onset.
        """
        settled_s = decision.span.end_s - SETTLE_S
        bursts = [self._as_seen_whole(burst, decision) for burst in decision.bursts]
        known = [burst for burst in bursts if burst is not None]
        news = [
            *self._commit_bursts(known, settled_s, decision.span.end_s),
            *self._commit_blinks(decision),
        ]
        self._seen = known
        self.under_way = frozenset(
            burst.side
            for burst in known
            if burst.span.end_s > decision.span.end_s - UNDER_WAY_S
            and not self._is_committed(burst)
        )
        self.decided_until_s = max(self.decided_until_s, settled_s)
        self._forget(decision.span.start_s)
        return tuple(sorted(news, key=_onset_s))

    def _as_seen_whole(self, burst: Episode, decision: Decision) -> Episode | None:
        """Set the true onset of a burst that the window cuts; None when unknown."""
        cut = burst.span.start_s <= decision.span.start_s + EDGE_S
        if decision.whole or not cut:
            return burst
        earlier = [
            seen
            for seen in self._seen
            if seen.side is burst.side and seen.span.gap_s(burst.span) < JOIN_S
        ]
        if not earlier:
            return None
        first = min(earlier, key=lambda seen: seen.span)
        start_s = min(first.span.start_s, burst.span.start_s)
        span = replace(burst.span, start_s=start_s)
        return replace(burst, span=span, onset_cut=first.onset_cut)

    def _is_committed(self, burst: Episode) -> bool:
        return any(
            side is burst.side and span.gap_s(burst.span) < JOIN_S
            for side, span in self._bursts
        )

    def _commit_bursts(
        self, bursts: Iterable[Episode], settled_s: float, now_s: float
    ) -> list[News]:
        news = []
        for burst in bursts:
            new = self.decided_until_s - SLACK_S < burst.span.end_s <= settled_s
            if not new or self._is_committed(burst):
                continue
            self._bursts.append((burst.side, burst.span))
            counted = dict(self.counts.bursts)
            counted[burst.side] += 1
            self.counts = replace(self.counts, bursts=counted)
            news.append(News(kind=NewsKind.BURST, time_s=now_s, burst=burst))
        return news

    def _commit_blinks(self, decision: Decision) -> list[News]:
        news = []
        settled_s = decision.span.end_s - BLINK_SETTLE_S
        for blink in decision.blinks:
            span = blink.span
            known = any(span.gap_s(other) < BLINK_JOIN_S for other in self._blinks)
            new = self._blinks_until_s - SLACK_S < span.end_s <= settled_s
            if known or not new:
                continue
            self._blinks.append(span)
            self.counts = self._with(blink)
            now_s = decision.span.end_s
            news.append(News(kind=NewsKind.BLINK, time_s=now_s, blink=blink))
        self._blinks_until_s = max(self._blinks_until_s, settled_s)
        return news

    def _with(self, blink: Blink) -> LiveCounts:
        """Return the counts with one more blink."""
        closures = zip(SIDES, (blink.closure_left, blink.closure_right), strict=True)
        full = {
            side: self.counts.full_closures[side] + (closed >= self._complete)
            for side, closed in closures
        }
        blinks = self.counts.blinks + 1
        return replace(self.counts, blinks=blinks, full_closures=full)

    def _forget(self, before_s: float) -> None:
        """Drop what no later window can show again."""
        self._bursts = [b for b in self._bursts if b[1].end_s > before_s - JOIN_S]
        self._blinks = [b for b in self._blinks if b.end_s > before_s - JOIN_S]


def _onset_s(news: News) -> float:
    happened = news.burst or news.blink
    return happened.span.start_s if happened else news.time_s
