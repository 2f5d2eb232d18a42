"""The review as it happens: acts into the journal, signals, video and meshes out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from twitch_tracker.app.receiving import check_room
from twitch_tracker.app.review.copies import SENT, CopyState, HowFar
from twitch_tracker.app.review.meshes import AT_ONCE
from twitch_tracker.app.review.raters import LONGEST, MaybeRater, Rater, check_same
from twitch_tracker.app.review.seeing import Seen, act_in_words, look, too_late_words
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.words import left_in_words
from twitch_tracker.errors import (
    BadParameter,
    UnknownEntry,
    UploadRefused,
    UploadTooLarge,
)
from twitch_tracker.journal.entries import RecordingEntry, ReviewAction, Way
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.journal.reviewing import last_to_undo
from twitch_tracker.language import say, say_n
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.review.editing import Edit, added, changed
from twitch_tracker.review.evidence import read_evidence

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/api/review/{recording_id}")

_DAY_S: Final = 86_400.0


class Of(BaseModel):
    """Whose review of which analysis a page is about."""

    rater: str = Field(max_length=LONGEST)
    way: Way
    revision: int = Field(ge=1, le=1_000_000)

    @property
    def who(self) -> Rater:
        """Who reviews, as the page has it."""
        return Rater(name=self.rater, way=self.way)


class Act(Of):
    """One act of a rater; what is None stays as it is."""

    action: Literal["confirm", "reject", "change", "add", "note", "undo"]
    key: str = Field(default="", max_length=12, pattern=r"^([da]\d+)?$")
    text: str = Field(default="", max_length=2000)
    start: float | None = Field(default=None, ge=0, le=_DAY_S)
    end: float | None = Field(default=None, ge=0, le=_DAY_S)
    side: Side | None = None
    regions: tuple[Region, ...] | None = Field(default=None, max_length=len(Region))
    kind: EpisodeKind | None = None

    @property
    def edit(self) -> Edit:
        """What is to be different."""
        return Edit(
            start_s=self.start,
            end_s=self.end,
            side=self.side,
            regions=self.regions,
            kind=self.kind,
        )


@router.get("")
def now(
    state: State, rater: MaybeRater, recording_id: str, revision: int | None = None
) -> dict[str, Any]:
    """How the review stands, e.g. after another tab has worked on it."""
    known = check_same(rater, rater)
    with state.journal() as journal:
        return look(journal, recording_id, known, revision).plain()


@router.post("/acts")
def act(
    state: State, rater: MaybeRater, recording_id: str, body: Act
) -> dict[str, Any]:  # fmt: skip
    """Write one act into the journal and say how the review stands then."""
    known = check_same(rater, body.who)
    action = ReviewAction(body.action)
    if action is ReviewAction.NOTE and not body.text.strip():
        raise BadParameter("note", say("some words"), body.text)
    with state.review.acting, state.journal() as journal:
        seen = look(journal, recording_id, known, body.revision)
        _refuse_too_late(seen)
        if known.scratch and body.key and seen.burst(body.key) is None:
            raise UnknownEntry(say("There is no such burst (any more)."))
        if action is ReviewAction.UNDO and seen.can_reopen:
            return _reopen(journal, seen)
        if action is ReviewAction.UNDO and last_to_undo(seen.own) is None:
            raise UploadRefused(say("There is nothing to take back."))
        done = journal.review(
            recording_id,
            known.name,
            action,
            body.key if action not in _WITHOUT_KEY else "",
            after=_after(seen, action, body),
            text=body.text.strip(),
            way=known.way,
            revision=body.revision,
        )
        then = look(journal, recording_id, known, body.revision)
    if action is ReviewAction.UNDO:
        undone = next(a for a in seen.own if a.review_id == done.undoes)
        words = say("Taken back: {what}", what=act_in_words(undone, seen.bursts))
    else:
        words = act_in_words(done, then.bursts)
    return {**then.plain(words[:1].upper() + words[1:]), "key": done.key}


def _refuse_too_late(seen: Seen) -> None:
    """Refuse to go on from scratch when the program's bursts were judged before."""
    if seen.too_late:
        raise UploadRefused(too_late_words())


_WITHOUT_KEY: Final = frozenset({ReviewAction.ADD, ReviewAction.UNDO})


def _after(seen: Seen, action: ReviewAction, body: Act) -> Episode | None:
    """Work out the burst as it should be, from how it is in the journal now."""
    if action is ReviewAction.ADD:
        return added(body.edit, read_evidence(seen.analysis))
    if action is not ReviewAction.CHANGE:
        return None
    before = seen.burst(body.key)
    if before is None:
        raise UnknownEntry(say("There is no such burst (any more)."))
    return changed(before, body.edit, read_evidence(seen.analysis))


@router.post("/finish")
def finish(
    state: State, rater: MaybeRater, recording_id: str, body: Of
) -> dict[str, Any]:
    """Mark the review as finished; from then on it counts in progression."""
    known = check_same(rater, body.who)
    with state.review.acting, state.journal() as journal:
        seen = look(journal, recording_id, known, body.revision)
        if known.scratch:
            _finish_from_scratch(state, journal, seen)
        else:
            _finish_checking(journal, seen)
        then = look(journal, recording_id, known, body.revision)
    if known.scratch:
        return then.plain(say("Finished. This rating counts in agreement alone."))
    return then.plain(
        say("Finished. From now on this review counts in the course over time.")
    )


def _finish_checking(journal: Journal, seen: Seen) -> None:
    if seen.unjudged:
        raise UploadRefused(
            say_n(
                "{n} burst is not judged yet. Confirm or reject it first.",
                "{n} bursts are not judged yet. Confirm or reject them first.",
                seen.unjudged,
            )
        )
    recording_id, revision = seen.entry.recording_id, seen.analysis.revision
    journal.finish_review(recording_id, seen.rater.name, revision, way=seen.rater.way)


def _finish_from_scratch(state: AppState, journal: Journal, seen: Seen) -> None:
    """Finish what was marked from nothing; that needs a video to look at."""
    _refuse_too_late(seen)
    if seen.finished:
        return
    copied = _copied(state, seen.entry)
    if copied.state is not CopyState.READY:
        raise UploadRefused(
            say("Without the video nobody can rate from scratch. Choose it first.")
        )
    recording_id, revision = seen.entry.recording_id, seen.analysis.revision
    journal.finish_review(recording_id, seen.rater.name, revision, way=Way.SCRATCH)


def _reopen(journal: Journal, seen: Seen) -> dict[str, Any]:
    """Take back that a rating from scratch was finished."""
    recording_id, revision = seen.entry.recording_id, seen.analysis.revision
    journal.reopen_review(recording_id, seen.rater.name, revision, way=Way.SCRATCH)
    then = look(journal, recording_id, seen.rater, revision)
    return {**then.plain(say("Taken back: {what}", what=say("finished"))), "key": ""}


# --- signals ----------------------------------------------------------------


@router.get("/signals")
def signals(
    state: State, rater: MaybeRater, recording_id: str, revision: int | None = None
) -> Response:
    """Frame times and evidence; see `BurstEvidence.packed`."""
    with state.journal() as journal:
        analysis = journal.analysis(recording_id, revision)
    blind = rater is None or rater.blind
    packed = read_evidence(analysis).packed(blind=blind)
    return Response(packed, media_type="application/octet-stream")


# --- video ------------------------------------------------------------------


@router.get("/copy")
def how_far(state: State, recording_id: str) -> dict[str, Any]:
    """How far the review copy is."""
    entry = _entry(state, recording_id)
    found = _copied(state, entry)
    return {
        "state": found.state.value,
        "percent": round(100 * found.share),
        "left": left_in_words(found.left_s),
        "error": found.error,
    }


@router.post("/copy")
def make_copy(state: State, recording_id: str) -> dict[str, Any]:
    """Have the review copy made of a recording that the app keeps."""
    entry = _entry(state, recording_id)
    copies, clip = state.review.copies, state.store.of_recording(recording_id)
    sources = [copies.path(entry.content_sha256).with_name(SENT)]
    if clip is not None:
        sources.append(state.store.video(clip))
    source = next((path for path in sources if path.is_file()), None)
    if source is not None:
        check_room(state.settings, 0)
        copies.make(entry.content_sha256, source, mirrored=entry.mirrored)
    _tidy(state)
    return how_far(state, recording_id)


def _tidy(state: AppState) -> None:
    """Let go of videos of recordings that were removed from the journal."""
    with state.journal() as journal:
        known = journal.contents()
    state.review.copies.tidy(known)


@router.put("/video")
async def send_video(
    request: Request, state: State, recording_id: str
) -> dict[str, Any]:  # fmt: skip
    """Take the video of a recording that was logged elsewhere, if it is that one."""
    entry = await run_in_threadpool(_entry, state, recording_id)
    announced = int(request.headers.get("content-length", "0"))
    check_room(state.settings, announced)
    if _copied(state, entry).state is CopyState.MAKING:
        raise UploadRefused(say("This video is being prepared already."))
    target = state.review.copies.sent(entry.content_sha256)
    part = target.with_name(f".{secrets.token_hex(6)}.part")
    try:
        found = await _stream(part, request.stream(), state.settings.max_upload_bytes)
        if found != entry.content_sha256:
            raise UploadRefused(
                say(
                    "This is another video: its content differs from what was "
                    "analysed on {when}. Choose the original file {name}.",
                    when=f"{entry.started_at.astimezone():%Y-%m-%d %H:%M}",
                    name=entry.file_name,
                )
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    state.review.copies.make(entry.content_sha256, target, mirrored=entry.mirrored)
    return await run_in_threadpool(how_far, state, recording_id)


async def _stream(path: Path, pieces: AsyncIterator[bytes], limit: int) -> str:
    """Write what comes to a file and return its hash."""
    digest, taken = hashlib.sha256(), 0
    with path.open("xb") as file:
        async for piece in pieces:
            taken += len(piece)
            if taken > limit:
                raise UploadTooLarge(say("More was sent than was announced."))
            digest.update(piece)
            await run_in_threadpool(file.write, piece)
    return digest.hexdigest()


@router.get("/video")
def video(state: State, recording_id: str) -> Response:
    """The review copy; parts of it are sent as asked for (Range)."""
    return FileResponse(
        _copy(state, recording_id),
        media_type="video/mp4",
        headers={"Cache-Control": "private, no-store"},
    )


@router.get("/mesh/{number}")
def mesh(state: State, recording_id: str, number: int) -> Response:
    """The meshes of one stretch of pictures; see `Meshes.stretch`."""
    copy = _copy(state, recording_id)
    with state.journal() as journal:
        time_s = read_evidence(journal.analysis(recording_id)).time_s
    if not 0 <= number * AT_ONCE < len(time_s):
        raise UnknownEntry(say("The recording has no such pictures."))
    found = state.review.meshes.stretch(copy, time_s, number)
    return Response(found, media_type="application/octet-stream")


@router.get("/mesh/{number}/lines")
def mesh_lines(state: State, recording_id: str, number: int) -> list[int]:
    """Which points of the mesh are joined by lines, two numbers a line."""
    packed = bytes(mesh(state, recording_id, number).body)
    return state.review.meshes.edges(packed)


def _entry(state: AppState, recording_id: str) -> RecordingEntry:
    with state.journal() as journal:
        return journal.recording(recording_id)


def _copied(state: AppState, entry: RecordingEntry) -> HowFar:
    return state.review.copies.how_far(entry.content_sha256, mirrored=entry.mirrored)


def _copy(state: AppState, recording_id: str) -> Path:
    entry = _entry(state, recording_id)
    path = state.review.copies.path(entry.content_sha256, mirrored=entry.mirrored)
    if not path.is_file():
        raise UnknownEntry(say("There is no video of this recording here yet."))
    return path
