"""Apply what a reviewer asks for to a burst. Pure functions.

An edit names only what is to be different, and is applied to the burst as it is in the
journal now: so two tabs that change different things of one burst lose nothing. Note:
what the program measured on other frames, or on the other side, is not measured any
more (NaN), except the displacement, which is measured again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from twitch_tracker.episodes.description.cut_off import cut_off
from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say
from twitch_tracker.records import Episode, EpisodeKind, Origin
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.review.evidence import BurstEvidence, measured_again
from twitch_tracker.timebase import Interval

__all__ = ["Edit", "added", "changed"]

_NAN: Final = float("nan")
_TICK_S: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What is to be different; None leaves it as it is.

    Attributes
    ----------
    start_s, end_s : float or None
        Onset and offset.
    side : Side or None
        The person's own side.
    regions : tuple of Region or None
        Regions that took part, in any order.
    kind : EpisodeKind or None
        The shape in time.
    """

    start_s: float | None = None
    end_s: float | None = None
    side: Side | None = None
    regions: tuple[Region, ...] | None = None
    kind: EpisodeKind | None = None


def added(edit: Edit, evidence: BurstEvidence) -> Episode:
    """Make the burst that the program missed.

    Raises
    ------
    BadParameter
        Onset, offset or side is missing, or the span is no span of the recording.
    """
    if edit.start_s is None or edit.end_s is None or edit.side is None:
        raise BadParameter("burst", say("an onset, an offset and a side"), edit)
    regions = _in_order(edit.regions or (Region.EYELID,))
    blank = Episode(
        span=_span(edit.start_s, edit.end_s, evidence),
        side=edit.side,
        regions=regions,
        lead_region=regions[0],
        kind=edit.kind or EpisodeKind.CLONIC,
        origin=Origin.HUMAN,
    )
    onset_cut, offset_cut = _cut(blank, blank.span, evidence)
    return replace(
        blank,
        excursion_mm=measured_again(blank, evidence),
        onset_cut=onset_cut,
        offset_cut=offset_cut,
    )


def changed(before: Episode, edit: Edit, evidence: BurstEvidence) -> Episode:
    """Return a burst as it should be.

    Returns
    -------
    Episode
        With what no longer holds set to not measured.

    Raises
    ------
    BadParameter
        No region is left, or the span is no span of the recording.
    """
    span = before.span
    if edit.start_s is not None or edit.end_s is not None:
        start_s = span.start_s if edit.start_s is None else edit.start_s
        end_s = span.end_s if edit.end_s is None else edit.end_s
        span = _span(start_s, end_s, evidence)
    regions = before.regions if edit.regions is None else _in_order(edit.regions)
    lead = before.lead_region if before.lead_region in regions else regions[0]
    after = replace(
        before,
        span=span,
        regions=regions,
        lead_region=lead,
        lag_s=before.lag_s if _lag_stays(before, span, regions) else _NAN,
        kind=before.kind if edit.kind is None else edit.kind,
        brow_lift=before.brow_lift
        and (regions == before.regions or Region.BROW in regions),
    )
    if span != before.span:
        onset_cut, offset_cut = _cut(before, span, evidence)
        after = replace(after, onset_cut=onset_cut, offset_cut=offset_cut)
    if after.kind is EpisodeKind.TONIC:
        after = replace(after, contractions=1, rate_hz=_NAN)
    if edit.side not in {None, before.side}:
        after = _on_the_other_side(after)
    if (span, regions, after.side) != (before.span, before.regions, before.side):
        after = replace(after, excursion_mm=measured_again(after, evidence))
    return after


def _cut(before: Episode, span: Interval, evidence: BurstEvidence) -> tuple[bool, bool]:
    """Return whether onset and offset of a span that a person set could not be seen."""
    motion = evidence.motion
    if motion is None:
        old = before.span
        return (
            before.onset_cut and span.start_s == old.start_s,
            before.offset_cut and span.end_s == old.end_s,
        )
    return cut_off(span, motion.time_s, motion.usable, motion.frame_s)


def _on_the_other_side(episode: Episode) -> Episode:
    """Move a burst over; what was measured belongs to the side it came from."""
    return replace(
        episode,
        side=episode.side.other,
        peak_score=_NAN,
        mean_score=_NAN,
        asymmetry=_NAN,
        lag_s=_NAN,
        confidence=_NAN,
        brow_lift=False,
        reasons=(),
    )


def _lag_stays(before: Episode, span: Interval, regions: tuple[Region, ...]) -> bool:
    """Return whether eyelid and mouth corner still take part, on the same frames."""
    both = {Region.EYELID, Region.MOUTH_CORNER} <= set(regions)
    return both and span == before.span


def _in_order(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    kept = tuple(region for region in REGIONS if region in regions)
    if not kept:
        raise BadParameter("regions", say("at least one region"), ())
    return kept


def _span(start_s: float, end_s: float, evidence: BurstEvidence) -> Interval:
    """Check a span against the recording."""
    first_s, last_s = float(evidence.time_s[0]), evidence.end_s
    if not first_s - _TICK_S <= start_s < end_s <= last_s + _TICK_S:
        raise BadParameter(
            "span",
            say("an onset before the offset, both within the recording"),
            (start_s, end_s),
        )
    return Interval(start_s=max(start_s, 0.0), end_s=end_s)
