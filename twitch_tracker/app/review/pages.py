"""The review as pages: who reviews, the recordings of a person, one recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker import units
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.review.copies import CopyState
from twitch_tracker.app.review.meshes import AT_ONCE
from twitch_tracker.app.review.raters import (
    MaybeRater,
    name_rater,
    remember,
)
from twitch_tracker.app.review.seeing import plain
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment
from twitch_tracker.errors import BadParameter, ReviewRefused
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.journal.entries import RecordingBrief, RecordingEntry, Way
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import say
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import REGIONS, Side
from twitch_tracker.review.deciding import refuse_too_late
from twitch_tracker.review.evidence import read_evidence
from twitch_tracker.review.raters import Rater
from twitch_tracker.review.seen import Seen, look, next_open
from twitch_tracker.units import month_name
from twitch_tracker.wording.partly_seen import hardly_open_in_words, known_face_in_words
from twitch_tracker.wording.terms import region_name, short_kind, side_name

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN = 200
"""Recordings of a month on one page; a month with more has further pages."""


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One recording in the list."""

    recording_id: str
    when: str
    task: str
    minutes: str
    right: str
    left: str
    reviewed_by: str
    begun: str


@router.get("/people/~{patient_id}/review")
def recordings(
    state: State,
    rater: MaybeRater,
    patient_id: str,
    month: str = "",
    older: int = 0,
    open_only: bool = False,
) -> Response:
    """Show the recordings of a person, a month at a time, newest first."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        dated = [
            (_month(brief), brief.recording_id)
            for brief in journal.overview(patient_id)[::-1]
            if not (open_only and brief.reviewed_by)
        ]
        months = Counter(name for name, _ in dated)
        chosen = month if month in months else next(iter(months), "")
        of_month = [recording for name, recording in dated if name == chosen]
        start = min(max(older, 0), 10_000) * _SHOWN
        shown = journal.recordings(patient_id, of_month[start : start + _SHOWN])
        rows = [_row(entry, rater, _begun(journal, entry, rater)) for entry in shown]
    names = list(months)
    place = names.index(chosen) if names else 0
    return page(
        "review_list.html.j2",
        patient=patient,
        rater=rater,
        months=[(name, _month_text(name), count) for name, count in months.items()],
        chosen=chosen,
        chosen_text=_month_text(chosen) if chosen else "",
        later=_named(names[:place][-1:]),
        earlier=_named(names[place + 1 :][:1]),
        rows=rows[::-1],
        next_page=older + 1 if len(of_month) > start + _SHOWN else 0,
        open_only=open_only,
        here=f"{person_url(patient_id, 'review')}?"
        + urlencode({"open_only": "1"} if open_only else {}),
    )


def _month(brief: RecordingBrief) -> str:
    return f"{brief.started_at.astimezone():%Y-%m}"


def _month_text(name: str) -> str:
    """Return a month as people say it, e.g. ``May 2026``."""
    day = date.fromisoformat(f"{name}-01")
    return say("{month} {year}", month=month_name(day), year=day.year)


def _named(months: Sequence[str]) -> tuple[str, str] | None:
    """Return the name and the words of a month, if there is one."""
    return next(((name, _month_text(name)) for name in months), None)


def _begun(journal: Journal, entry: RecordingEntry, rater: Rater | None) -> str:
    """Say how far the rater has come who has begun and not finished."""
    if rater is None or rater.scratch or entry.reviewed_by:
        return ""
    if not journal.reviews(entry.recording_id, rater.name):
        return ""
    seen = look(journal, entry.recording_id, rater)
    judged, total = len(seen.bursts) - seen.unjudged, len(seen.bursts)
    return say("begun: {n} of {of} judged", n=judged, of=total)


def _row(entry: RecordingEntry, rater: Rater | None, begun: str) -> ReviewRow:
    right, left = str(entry.bursts_right), str(entry.bursts_left)
    if rater is not None and rater.scratch:
        right = left = say("hidden")
    elif not entry.analysable_s > 0:
        right = left = units.not_measured()
    return ReviewRow(
        recording_id=entry.recording_id,
        when=moment(entry.started_at),
        task=task_name(entry.task),
        minutes=units.duration(entry.recorded_s),
        right=right,
        left=left,
        reviewed_by=entry.reviewed_by,
        begun=begun,
    )


@router.get("/review/{recording_id}")
def review_page(
    state: State, rater: MaybeRater, recording_id: str, who: bool = False
) -> Response:
    """Show one recording to be reviewed; who reviews is asked first."""
    if rater is None or who:
        return _ask_who(state, recording_id, rater)
    with state.journal() as journal:
        seen = look(journal, recording_id, rater)
        patient = seen.entry.patient_id
        briefs, ratings = journal.overview(patient), journal.ratings(patient)
    try:
        refuse_too_late(seen)
    except ReviewRefused as refused:
        return _ask_who(state, recording_id, rater, problem=str(refused))
    return page(
        "review.html.j2",
        entry=seen.entry,
        title=task_name(seen.entry.task),
        when=moment(seen.entry.started_at),
        file_name=seen.entry.file_name,
        rater=rater,
        sides=[(side.value, side_name(side)) for side in (Side.RIGHT, Side.LEFT)],
        kinds=[(kind.value, short_kind(kind)) for kind in EpisodeKind],
        regions=[(region.value, region_name(region)) for region in REGIONS],
        onward=next_open(seen.entry, rater, briefs, ratings),
        notes=_notes(seen),
        facts=_facts(state, seen),
    )


def _notes(seen: Seen) -> tuple[str, ...]:
    """Return what a rater must know of the recording; nothing for one from scratch."""
    if seen.rater.scratch:
        return ()
    return (
        *hardly_open_in_words(seen.analysis.hardly_open or ()),
        *known_face_in_words(SavedSummary(seen.analysis.summary).known_face),
    )


def _facts(state: AppState, seen: Seen) -> dict[str, Any]:
    """Return what the page's script needs to know."""
    evidence = read_evidence(seen.analysis)
    sha256 = seen.entry.content_sha256
    how_far = state.review.copies.how_far(
        sha256,
        mirrored=seen.entry.mirrored,
        reading=SavedSummary(seen.analysis.summary).reading,
    )
    return {
        "id": seen.entry.recording_id,
        "rater": seen.rater.name,
        "way": seen.rater.way.value,
        "blind": seen.rater.blind,
        "scratch": seen.rater.scratch,
        "revision": seen.analysis.revision,
        "frames": len(evidence.time_s),
        "last_s": evidence.last_s,
        "has_signals": evidence.motion is not None,
        "excluded": [
            [gap.span.start_s, gap.span.end_s]
            for gap in seen.analysis.excluded
            if not seen.rater.scratch
        ],
        "video": how_far.state is CopyState.READY,
        "kept": state.store.of_recording(seen.entry.recording_id) is not None,
        "limit": state.settings.max_upload_bytes,
        "stretch": AT_ONCE,
        "state": plain(seen),
    }


@router.post("/review/{recording_id}/rater")
def set_rater(
    state: State,
    recording_id: str,
    name: Annotated[str, Form()] = "",
    way: Annotated[str, Form()] = Way.OPEN.value,
) -> Response:
    """Remember who reviews, and show the recording."""
    with state.journal() as journal:
        journal.recording(recording_id)
    chosen = next((one for one in Way if one.value == way), Way.OPEN)
    try:
        rater = name_rater(name, chosen)
    except BadParameter:
        typed = Rater(name=name, way=chosen)
        problem = say("Enter a name of 1 to 80 characters.")
        return _ask_who(state, recording_id, typed, problem=problem)
    answer = RedirectResponse(f"/review/{recording_id}", status_code=303)
    remember(answer, state.settings.port, rater)
    return answer


def _ask_who(
    state: AppState, recording_id: str, rater: Rater | None, *, problem: str = ""
) -> Response:
    with state.journal() as journal:
        entry = journal.recording(recording_id)
    return page(
        "rater.html.j2",
        400 if problem else 200,
        entry=entry,
        typed=rater.name if rater else "",
        way=rater.way.value if rater else Way.OPEN.value,
        problem=problem,
    )
