"""A session turned into the plain facts of a report page, still without HTML.

Everything here is text and numbers ready to show; templates only place them.
The right side comes first, as in a clinical note; both are the person's own.
A number that was not measured is said to be so, and nothing is counted as "0"
in a recording that could not be measured at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitch_tracker import units
from twitch_tracker.language import capitalised, say, say_n
from twitch_tracker.records import (
    NearMiss,
    QualityReason,
    Session,
    SessionSummary,
    SideSummary,
)
from twitch_tracker.regions import Region, Side
from twitch_tracker.report.recording.cards import BurstCard, Fact, build_card
from twitch_tracker.report.recording.headline import (
    SHOWN_SIDES,
    cautions,
    headline,
    is_cut_short,
    measurable,
    nothing_measured,
    recorded_as,
)
from twitch_tracker.report.recording.provenance import method_facts, parameter_facts
from twitch_tracker.wording.partly_seen import cut_off_note, longest_burst
from twitch_tracker.wording.reasons import reason_text
from twitch_tracker.wording.recording import (
    advice_for,
    event_in_words,
    quality_in_words,
)
from twitch_tracker.wording.terms import region_name, side_name

if TYPE_CHECKING:
    from twitch_tracker.report.recording.pictures import EpisodePictures

__all__ = [
    "ExcludedRow",
    "PageView",
    "SideColumn",
    "at_rest",
    "blink_facts",
    "build_page_view",
    "excluded_rows",
    "side_column",
]


@dataclass(frozen=True, kw_only=True)
class SideColumn:
    """The headline numbers of one side; `key` is ``right`` or ``left``."""

    key: str
    title: str
    bursts: Fact
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A candidate that was not logged."""

    side: str
    time: str
    duration: str
    score: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExcludedRow:
    """One reason why time could not be measured."""

    reason: str
    duration: str
    share: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class PageView:
    """Everything a page shows apart from the charts."""

    name: str
    headline: str
    measurable: str
    recorded_as: str
    cautions: tuple[str, ...]
    sides: tuple[SideColumn, ...]
    at_rest: str
    cards: tuple[BurstCard, ...]
    has_pictures: bool
    refused: tuple[RefusedRow, ...]
    blinks: tuple[Fact, ...]
    excluded: tuple[ExcludedRow, ...]
    excluded_total: str
    events: tuple[Fact, ...]
    method: tuple[Fact, ...]
    parameters: tuple[Fact, ...]


def build_page_view(session: Session, pictures: Sequence[EpisodePictures]) -> PageView:
    """Collect what a page shows.

    Parameters
    ----------
    session : Session
        The analysed recording.
    pictures : sequence of EpisodePictures
        Picture strips; empty to leave pictures out.

    Returns
    -------
    PageView
        Plain text, nothing escaped.
    """
    by_episode = {strip.episode_index: strip for strip in pictures}
    cards = tuple(
        build_card(number, episode, by_episode.get(number - 1))
        for number, episode in enumerate(session.episodes, start=1)
    )
    return PageView(
        name=session.video.name,
        headline=headline(session.summary),
        measurable=measurable(session.summary),
        recorded_as=recorded_as(session),
        cautions=cautions(session),
        sides=tuple(side_column(session.summary, side) for side in SHOWN_SIDES),
        at_rest=at_rest(session.summary.rest_asymmetry),
        cards=cards,
        has_pictures=any(card.pictures for card in cards),
        refused=tuple(map(_refused_row, session.near_misses)),
        blinks=blink_facts(session.summary),
        excluded=excluded_rows(session.summary),
        excluded_total=_excluded_total(session),
        events=_event_facts(session),
        method=method_facts(session),
        parameters=parameter_facts(session),
    )


# --- headline numbers -----------------------------------------------------------


def side_column(summary: SessionSummary, side: Side) -> SideColumn:
    """Return the headline numbers of one side."""
    numbers = summary.sides[side]
    measured = not nothing_measured(summary)
    return SideColumn(
        key=side.value,
        title=say("{side} side", side=capitalised(side_name(side))),
        bursts=Fact(
            label=say_n("burst", "bursts", numbers.episodes) if measured else "",
            value=str(numbers.episodes) if measured else units.not_measured(),
        ),
        facts=_side_facts(numbers) if measured else (),
    )


def _side_facts(numbers: SideSummary) -> tuple[Fact, ...]:
    rows = [
        _rate_fact(numbers),
        Fact(
            label=say("Time in bursts"),
            value=units.duration(numbers.spasm_s),
            note=say(
                "{share} of the measurable time",
                share=units.percent(numbers.spasm_fraction),
            ),
        ),
    ]
    if not numbers.episodes:
        return tuple(rows)
    return (
        *rows,
        Fact(
            label=say("Longest burst"), value=longest_burst(numbers)
        ),
        Fact(
            label=say("Typical (median) length"),
            value=units.duration(numbers.median_duration_s),
            note=cut_off_note(numbers.cut_off),
        ),
        Fact(
            label=say("Typical (median) pause"),
            value=units.duration(numbers.median_pause_s),
            note=_pause_note(numbers),
        ),
        Fact(
            label=say("Longer than 1 second"),
            value=_share_over_1s(numbers),
        ),
        Fact(label=say("Parts of the face"), value=_region_list(numbers.regions)),
        *_bilateral_facts(numbers),
    )  # fmt: skip


def _bilateral_facts(numbers: SideSummary) -> tuple[Fact, ...]:
    if not numbers.bilateral:
        return ()
    value = say_n("{n} burst", "{n} bursts", numbers.bilateral)
    return (Fact(label=say("At once with the other side"), value=value),)


def _rate_fact(numbers: SideSummary) -> Fact:
    """Return the rate of new bursts; of an older summary, that of all bursts."""
    low, high = numbers.onsets_per_free_min_low, numbers.onsets_per_free_min_high
    if math.isfinite(numbers.onsets_per_free_min):
        return Fact(
            label=say("New bursts per minute"),
            value=units.rate(numbers.onsets_per_free_min),
            note=_rate_range(low, high),
        )
    if math.isfinite(numbers.free_s):
        return Fact(
            label=say("New bursts per minute"),
            value=units.not_measured(),
            note=say("no moment without a burst in which one could begin"),
        )
    return Fact(
        label=say("Bursts per minute"),
        value=units.rate(numbers.episodes_per_min),
        note=_rate_range(numbers.episodes_per_min_low, numbers.episodes_per_min_high),
    )


def _rate_range(low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return say(
        "By chance alone, the true rate could be anywhere from {low} to {high} "
        "(95 % interval).",
        low=units.rate(low),
        high=units.rate(high),
    )


def _share_over_1s(numbers: SideSummary) -> str:
    if not math.isfinite(numbers.share_over_1s):
        return units.not_measured()
    return say(
        "{some} of {all} ({share})",
        some=round(numbers.share_over_1s * numbers.episodes),
        all=numbers.episodes,
        share=units.percent(numbers.share_over_1s),
    )


def _pause_note(numbers: SideSummary) -> str:
    if math.isfinite(numbers.median_pause_s):
        return say("from the end of one burst to the next")
    return say("needs two bursts with no unmeasured time between them")


def _region_list(regions: Sequence[Region]) -> str:
    return ", ".join(map(region_name, regions)) or units.not_measured()


def at_rest(asymmetry: float) -> str:
    """Return how the eyes differ between bursts."""
    if not math.isfinite(asymmetry):
        return say("Openness of the eyes between bursts: not measured.")
    if abs(asymmetry) < 0.005:
        return say("Between bursts both eyes were equally open.")
    return say(
        "Between bursts the {side} eye was {share} narrower than the other. "
        "No face is perfectly even; watch how this changes over time.",
        side=side_name(Side.RIGHT if asymmetry < 0 else Side.LEFT),
        share=units.percent(abs(asymmetry)),
    )


# --- below the bursts -------------------------------------------------------------


def _refused_row(miss: NearMiss) -> RefusedRow:
    return RefusedRow(
        side=capitalised(side_name(miss.side)),
        time=units.clock(miss.span.start_s),
        duration=units.duration(miss.span.duration_s),
        score=units.decimal(miss.peak_score),
        reason=reason_text(miss.reason),
    )


def blink_facts(summary: SessionSummary) -> tuple[Fact, ...]:
    """Return what is reported of blinks."""
    measured = not nothing_measured(summary)
    share = summary.complete_blinks / summary.blinks if summary.blinks else math.nan
    return (
        Fact(
            label=say("Blinks of both eyes"),
            value=str(summary.blinks) if measured else units.not_measured(),
        ),
        Fact(
            label=say("Blinks per minute"),
            value=units.rate(summary.blinks_per_min),
        ),
        Fact(
            label=say("Both lids fully closed"),
            value=units.percent(share),
            note=say("of the blinks; partial blinks are normal"),
        ),
        *_long_closures(summary),
    )


def _long_closures(summary: SessionSummary) -> tuple[Fact, ...]:
    """Say for how long both eyes were held closed, where they were."""
    face = summary.face
    if not face.long_closures > 0:
        return ()
    return (
        Fact(
            label=say("Both eyes closed for longer than a blink"),
            value=say_n("{n} time", "{n} times", round(face.long_closures)),
            note=units.duration(face.long_closures_s),
        ),
    )


def excluded_rows(summary: SessionSummary) -> tuple[ExcludedRow, ...]:
    """Return what could not be measured and why, the longest first."""
    recorded_s = summary.recorded_s
    ordered = sorted(summary.excluded_s.items(), key=lambda item: -item[1])
    return tuple(
        ExcludedRow(
            reason=quality_in_words(QualityReason(reason)),
            duration=units.duration(lost_s),
            share=units.percent(lost_s / recorded_s if recorded_s > 0 else math.nan),
            advice=advice_for(QualityReason(reason)),
        )
        for reason, lost_s in ordered
        if lost_s > 0
    )


def _excluded_total(session: Session) -> str:
    summary = session.summary
    lost_s = max(summary.recorded_s - summary.analysable_s, 0.0)
    if lost_s == 0:
        if is_cut_short(session):
            return say("Everything that could be read could be measured.")
        return say("The whole recording could be measured.")
    share = lost_s / summary.recorded_s if summary.recorded_s > 0 else math.nan
    return say(
        "{lost} of {recorded} ({share}) could not be measured. This time is left out "
        "of every number above.",
        lost=units.duration(lost_s),
        recorded=units.duration(summary.recorded_s),
        share=units.percent(share),
    )


def _event_facts(session: Session) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            label=units.clock(event.time_s),
            value=event_in_words(event.kind),
            note=reason_text(event.detail),
        )
        for event in session.subject_events
    )
