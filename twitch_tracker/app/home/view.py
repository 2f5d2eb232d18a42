"""What a person's home shows: a sentence, a chart, the last burst, the next step.

Reads the journal and looks for videos, else pure. Note: the chart shows only the side
that the sentence is about; the other side is on the page of the course.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from twitch_tracker.app.course.burst_clips import cut_of
from twitch_tracker.app.course.films import source_of
from twitch_tracker.app.course.kept import KeptCourse
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.state import AppState
from twitch_tracker.app.words import moment
from twitch_tracker.history import USUAL_BASIS
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say, uncapitalised
from twitch_tracker.progression.glance import Glance
from twitch_tracker.progression.results import Measure
from twitch_tracker.records import Episode, ReviewState
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.charts import build_groups, time_axis
from twitch_tracker.report.progress.svg import (
    ChartBackground,
    ChartDrawing,
    draw_chart,
    draw_ground,
)
from twitch_tracker.wording.now.glance import glance_details, glance_sentence
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.places import kind_words
from twitch_tracker.wording.terms import side_name, side_title

__all__ = ["BurstFilm", "NowView", "build_now", "counted_bursts", "last_film"]

_MOST_LOOKED_AT: Final = 12
"""So many of the newest videos are looked through for a burst."""


@dataclass(frozen=True, kw_only=True)
class BurstFilm:
    """One burst as a small film.

    Attributes
    ----------
    address : str
        Where it is played from.
    recording_id : str
        Of which recording.
    burst : Episode
        Which burst.
    words, whole : str
        What it shows, and the page of the whole recording.
    """

    address: str
    recording_id: str
    burst: Episode
    words: str
    whole: str


@dataclass(frozen=True, kw_only=True)
class NowView:
    """What is said first of a person.

    Attributes
    ----------
    sentence : str
        How it is.
    details : tuple of str
        How sure that is.
    chart : ChartDrawing or None
        New bursts per minute of one side.
    ground : ChartBackground or None
        What lies behind the chart.
    chart_title : str
        Whose bursts it shows.
    film : BurstFilm or None
        The last burst that was filmed here.
    """

    sentence: str
    details: tuple[str, ...]
    chart: ChartDrawing | None
    ground: ChartBackground | None
    chart_title: str
    film: BurstFilm | None


def build_now(state: AppState, patient_id: str, course: KeptCourse) -> NowView:
    """Say how a person is now.

    Returns
    -------
    NowView
        Plain text, nothing escaped.
    """
    glance = state.courses.glance(state.journal, patient_id, USUAL_BASIS)
    drawn, ground = _chart(course, glance)
    side = None if glance is None else glance.side
    return NowView(
        sentence=glance_sentence(glance, datetime.now().astimezone().date()),
        details=() if glance is None else glance_details(glance),
        chart=drawn,
        ground=ground,
        chart_title=""
        if glance is None
        else say(
            "New bursts a minute: {side} side, {kind}",
            side=uncapitalised(side_title(glance.side)),
            kind=kind_words(glance.kind),
        ),
        film=last_film(state, patient_id, side),
    )


def _chart(
    course: KeptCourse, glance: Glance | None
) -> tuple[ChartDrawing | None, ChartBackground | None]:
    """Draw the burst rate of one side alone, on a scale of its own."""
    progression = course.progression
    if glance is None or not progression.recordings:
        return None, None
    wanted = tuple(
        replace(series, trend=None)
        for series in progression.series
        if series.measure is Measure.EPISODES_PER_MIN
        and series.side is glance.side
        and series.kind is glance.kind
    )
    axis = time_axis(progression)
    groups = build_groups(replace(progression, series=wanted))
    if not groups:
        return None, None
    return draw_chart(groups[0].charts[0], axis), draw_ground(progression, axis)


def last_film(state: AppState, patient_id: str, side: Side | None) -> BurstFilm | None:
    """Find the last burst whose video is here, of a side if there is one of it."""
    clips = [
        clip
        for clip in state.store.of_patient(patient_id)
        if clip.state is ClipState.DONE and clip.recording_id
    ]
    found: BurstFilm | None = None
    with state.journal() as journal:
        for clip in clips[: -_MOST_LOOKED_AT - 1 : -1]:
            film, of_side = _film(state, journal, clip.recording_id, side)
            if of_side:
                return film
            found = found or film
    return found


def _film(
    state: AppState, journal: Journal, recording_id: str, side: Side | None
) -> tuple[BurstFilm | None, bool]:
    entry = journal.recording(recording_id)
    source = source_of(state, entry)
    bursts = counted_bursts(journal, recording_id)
    if source is None or not bursts:
        return None, False
    of_side = [burst for burst in bursts if side in {None, burst.side}]
    burst = (of_side or list(bursts))[-1]
    wanted = cut_of(burst)
    film = BurstFilm(
        address=f"/recordings/{recording_id}/cut/{wanted.start_ms}/{wanted.end_ms}",
        recording_id=recording_id,
        burst=burst,
        words=say(
            "{when}, {side} side, {length}",
            when=moment(entry.started_at),
            side=side_name(burst.side),
            length=length_of_burst(burst),
        ),
        whole=source.whole,
    )
    return film, bool(of_side)


def counted_bursts(journal: Journal, recording_id: str) -> tuple[Episode, ...]:
    """Return the bursts that count: of a finished review, else those detected."""
    entry = journal.recording(recording_id)
    found = (
        journal.reviewed_bursts(recording_id)
        if entry.reviewed_by
        else journal.analysis(recording_id).bursts
    )
    episodes = (burst.episode for burst in found)
    return tuple(e for e in episodes if e.review is not ReviewState.REJECTED)
