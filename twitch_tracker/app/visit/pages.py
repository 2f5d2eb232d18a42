"""The page of a visit and its paper of two pages."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.exports.files import DRAWING
from twitch_tracker.app.exports.tables import download
from twitch_tracker.app.home.view import last_film
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page
from twitch_tracker.app.visit.faces import faces_of
from twitch_tracker.app.visit.view import build_visit
from twitch_tracker.border.days import day_from
from twitch_tracker.history import USUAL_BASIS
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/people/~{patient_id}/visit")
def visit(state: State, patient_id: str, since: str = "") -> Response:
    """Show what a clinician looks at in ten minutes."""
    course = state.courses.of(state.journal, patient_id, USUAL_BASIS)
    day, today = day_from(since), datetime.now().astimezone().date()
    view = build_visit(state, patient_id, course, day, today)
    wrong = bool(since) and day is None
    return page(
        "visit.html.j2",
        400 if wrong else 200,
        patient_id=patient_id,
        visit=view,
        now=view.now,
        course=course,
        problem=say("Enter days like 2026-05-31.") if wrong else "",
    )


@router.get("/people/~{patient_id}/visit/paper")
def paper(state: State, patient_id: str, faces: str = "") -> Response:
    """Send the same as a PDF of two pages, with pictures of the face if asked for."""
    from twitch_tracker.report.progress.paper.pdf import progress_pdf
    from twitch_tracker.report.progress.paper.sheet import as_it_can_be_written

    course = state.courses.of(state.journal, patient_id, USUAL_BASIS)
    lead = course.progression.judged[:1]
    side = lead[0] if lead else None
    with DRAWING, as_it_can_be_written():
        film = last_film(state, patient_id, side) if faces else None
        shown = faces_of(state, film) if faces else None
        content = progress_pdf(course.progression, shown)
    return download(content, f"{patient_id}_visit.pdf", "application/pdf")
