"""The requests of a review: acts in; signals, video and meshes out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from twitch_tracker.app.recording.room import check_room
from twitch_tracker.app.recording.sending import send_file
from twitch_tracker.app.review.copies import SENT, CopyProgress, CopyState
from twitch_tracker.app.review.meshes import AT_ONCE, MeasuredFace
from twitch_tracker.app.review.raters import LONGEST, MaybeRater, check_same
from twitch_tracker.app.review.seeing import act_in_words, plain
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.words import left_in_words
from twitch_tracker.encrypted.files import open_to_write
from twitch_tracker.errors import (
    BadParameter,
    UnknownEntry,
    UploadRefused,
    UploadTooLarge,
)
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.journal.entries import RecordingEntry, Review, ReviewAction, Way
from twitch_tracker.language import capitalised, say
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.review.deciding import ReviewRequest, check_finish, decide
from twitch_tracker.review.editing import Edit
from twitch_tracker.review.evidence import read_evidence
from twitch_tracker.review.raters import Rater
from twitch_tracker.review.seen import Seen, look
from twitch_tracker.wording.reviews import action_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/api/review/{recording_id}")

_DAY_S: Final = 86_400.0
_KEY: Final = r"^([da]\d+)?$"
_MOST_AT_ONCE: Final = 5000
_AT_ONCE: Final = frozenset({"confirm", "reject"})
"""What may be done with several bursts at once."""


class ReviewOfAnalysis(BaseModel):
    """Whose review of which analysis a page is about."""

    rater: str = Field(max_length=LONGEST)
    way: Way
    revision: int = Field(ge=1, le=1_000_000)

    @property
    def who(self) -> Rater:
        """Who reviews, as the page has it."""
        return Rater(name=self.rater, way=self.way)


class ActRequest(ReviewOfAnalysis):
    """One act of a rater; what is None stays as it is."""

    action: Literal["confirm", "reject", "change", "add", "note", "undo"]
    key: str = Field(default="", max_length=12, pattern=_KEY)
    keys: tuple[Annotated[str, Field(max_length=12, pattern=_KEY)], ...] = Field(
        default=(), max_length=_MOST_AT_ONCE
    )
    text: str = Field(default="", max_length=2000)
    start: float | None = Field(default=None, ge=0, le=_DAY_S)
    end: float | None = Field(default=None, ge=0, le=_DAY_S)
    side: Side | None = None
    regions: tuple[Region, ...] | None = Field(default=None, max_length=len(Region))
    kind: EpisodeKind | None = None

    @property
    def asked(self) -> tuple[ReviewRequest, ...]:
        """What is asked for: one act, or one for each of several bursts."""
        if self.keys and self.action not in _AT_ONCE:
            raise BadParameter("action", say("confirm or reject"), self.action)
        return tuple(self._one(key) for key in self.keys or (self.key,))

    def _one(self, key: str) -> ReviewRequest:
        edit = Edit(
            start_s=self.start,
            end_s=self.end,
            side=self.side,
            regions=self.regions,
            kind=self.kind,
        )
        action = ReviewAction(self.action)
        return ReviewRequest(action=action, key=key, text=self.text, edit=edit)


@router.get("")
def now(
    state: State, rater: MaybeRater, recording_id: str, revision: int | None = None
) -> dict[str, Any]:
    """Return how the review stands, e.g. after another tab has worked on it."""
    known = check_same(rater, rater)
    with state.journal() as journal:
        return plain(look(journal, recording_id, known, revision))


@router.post("/acts")
def act(
    state: State, rater: MaybeRater, recording_id: str, body: ActRequest
) -> dict[str, Any]:  # fmt: skip
    """Write one act into the journal and say how the review stands then."""
    known = check_same(rater, body.who)
    with state.review.acting, state.journal() as journal:
        seen = look(journal, recording_id, known, body.revision)
        wanted = [
            decide(seen, asked, lambda: read_evidence(seen.analysis))
            for asked in body.asked
        ]
        acts = [one for one in wanted if one is not None]
        done: tuple[Review, ...] = ()
        if not acts:
            journal.reopen_review(
                recording_id, known.name, body.revision, way=known.way
            )
        else:
            done = journal.review_many(
                recording_id,
                known.name,
                acts,
                way=known.way,
                revision=body.revision,
            )
        then = look(journal, recording_id, known, body.revision)
    key = done[-1].key if done else ""
    return {**plain(then, _all_done_in_words(done, seen, then)), "key": key}


def _all_done_in_words(done: Sequence[Review], seen: Seen, then: Seen) -> str:
    """Say what was just done, with how many bursts where these are several."""
    if len(done) < 2:
        return _done_in_words(done[0] if done else None, seen, then)
    what = action_in_words(done[0].action)
    return say("{n} bursts: {what}", n=len(done), what=what)


def _done_in_words(done: Review | None, seen: Seen, then: Seen) -> str:
    """Say what was just done, or what was taken back (None: the finishing)."""
    if done is None:
        return say("Undone: {what}", what=say("finished"))
    if done.action is ReviewAction.UNDO:
        undone = next(a for a in seen.own if a.review_id == done.undoes)
        return say("Undone: {what}", what=act_in_words(undone, seen.bursts))
    return capitalised(act_in_words(done, then.bursts))


@router.post("/finish")
def finish(
    state: State, rater: MaybeRater, recording_id: str, body: ReviewOfAnalysis
) -> dict[str, Any]:
    """Mark the review as finished; from then on it counts in progression."""
    known = check_same(rater, body.who)
    with state.review.acting, state.journal() as journal:
        seen = look(journal, recording_id, known, body.revision)
        has_video = _copied(state, seen.entry).state is CopyState.READY
        check_finish(seen, has_video=has_video)
        if not (known.scratch and seen.finished):
            journal.finish_review(
                recording_id, known.name, seen.analysis.revision, way=known.way
            )
        then = look(journal, recording_id, known, body.revision)
    if known.scratch:
        return plain(then, say("Finished. This rating counts only in agreement."))
    return plain(
        then, say("Finished. From now on this review counts in the course over time.")
    )


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
    """Return how far the review copy is."""
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
    """Start making the review copy of a recording that the app keeps."""
    entry = _entry(state, recording_id)
    copies, clip = state.review.copies, state.store.of_recording(recording_id)
    sources = [copies.path(entry.content_sha256).with_name(SENT)]
    if clip is not None:
        sources.append(state.store.video(clip))
    source = next((path for path in sources if path.is_file()), None)
    if source is not None:
        check_room(state.settings, 0, state.store)
        reading = state.reading_of(recording_id)
        copies.make(
            entry.content_sha256, source, mirrored=entry.mirrored, reading=reading
        )
    _tidy(state)
    return how_far(state, recording_id)


def _tidy(state: AppState) -> None:
    """Remove videos of recordings that are no longer in the journal."""
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
    check_room(state.settings, announced, state.store)
    if _copied(state, entry).state is CopyState.MAKING:
        raise UploadRefused(say("This video is already being prepared."))
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
    reading = await run_in_threadpool(state.reading_of, recording_id)
    state.review.copies.make(
        entry.content_sha256, target, mirrored=entry.mirrored, reading=reading
    )
    return await run_in_threadpool(how_far, state, recording_id)


async def _stream(path: Path, pieces: AsyncIterator[bytes], limit: int) -> str:
    """Write what comes to a file and return its hash."""
    digest, taken = hashlib.sha256(), 0
    with open_to_write(path) as file:
        async for piece in pieces:
            taken += len(piece)
            if taken > limit:
                raise UploadTooLarge(say("More was sent than was announced."))
            digest.update(piece)
            await run_in_threadpool(file.write, piece)
    return digest.hexdigest()


@router.get("/video")
def video(state: State, recording_id: str) -> Response:
    """Send the review copy; parts of it are sent as asked for (Range)."""
    return send_file(
        _copy(state, recording_id),
        media_type="video/mp4",
        headers={"Cache-Control": "private, no-store"},
    )


@router.get("/mesh/{number}")
def mesh(state: State, recording_id: str, number: int) -> Response:
    """Send the meshes of one stretch of pictures; see `Meshes.stretch`."""
    copy = _copy(state, recording_id)
    with state.journal() as journal:
        analysis = journal.analysis(recording_id)
    evidence = read_evidence(analysis)
    if not 0 <= number * AT_ONCE < len(evidence.time_s):
        raise UnknownEntry(say("The recording has no such pictures."))
    whose = MeasuredFace(
        face_at=None if evidence.motion is None else evidence.motion.face_at,
        first_at=SavedSummary(analysis.summary).chosen_at,
    )
    found = state.review.meshes.stretch(copy, evidence.time_s, number, whose)
    return Response(found, media_type="application/octet-stream")


@router.get("/mesh/{number}/lines")
def mesh_lines(state: State, recording_id: str, number: int) -> list[int]:
    """Return which points of the mesh are joined by lines, two numbers a line."""
    packed = bytes(mesh(state, recording_id, number).body)
    return state.review.meshes.edges(packed)


def _entry(state: AppState, recording_id: str) -> RecordingEntry:
    with state.journal() as journal:
        return journal.recording(recording_id)


def _copied(state: AppState, entry: RecordingEntry) -> CopyProgress:
    return state.review.copies.how_far(
        entry.content_sha256,
        mirrored=entry.mirrored,
        reading=state.reading_of(entry.recording_id),
    )


def _copy(state: AppState, recording_id: str) -> Path:
    entry = _entry(state, recording_id)
    path = state.review.copies.path(
        entry.content_sha256,
        mirrored=entry.mirrored,
        reading=state.reading_of(recording_id),
    )
    if not path.is_file():
        raise UnknownEntry(say("There is no video of this recording here yet."))
    return path
