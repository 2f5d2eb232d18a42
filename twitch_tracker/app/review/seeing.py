"""What one rater sees of one recording, in words and numbers for the page.

The convention that bites: a blind rater is told neither how sure the program is and
why, nor what anybody else said, and a rater from scratch not even its bursts; this
module leaves it out, so that it never reaches the browser.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from twitch_tracker.app.review.raters import Rater
from twitch_tracker.app.words import moment
from twitch_tracker.journal.entries import (
    Burst,
    LoggedAnalysis,
    Rating,
    RecordingEntry,
    Review,
    ReviewAction,
)
from twitch_tracker.journal.protocol import Journal
from twitch_tracker.journal.reviewing import fold, in_force, last_to_undo
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records import Episode, Origin, ReviewState
from twitch_tracker.report.cards import build_card
from twitch_tracker.wording import units
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.terms import region_name, short_kind, side_name

__all__ = ["Seen", "act_in_words", "look", "name_of", "too_late_words"]

_ACTS: Final = {
    ReviewAction.CONFIRM: mark("confirmed"),
    ReviewAction.REJECT: mark("rejected"),
    ReviewAction.CHANGE: mark("changed and confirmed"),
    ReviewAction.ADD: mark("added"),
    ReviewAction.NOTE: mark("note"),
}

_FROM_SCRATCH: Final = {
    ReviewAction.REJECT: mark("taken out"),
    ReviewAction.CHANGE: mark("changed"),
}
"""Where nothing was proposed, there is nothing to confirm or reject."""

_VERDICTS: Final = {
    ReviewState.UNREVIEWED: mark("not judged yet"),
    ReviewState.CONFIRMED: mark("confirmed"),
    ReviewState.REJECTED: mark("rejected"),
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A recording as a rater sees it now.

    Attributes
    ----------
    entry : RecordingEntry
        The recording.
    analysis : LoggedAnalysis
        The revision that is reviewed.
    rater : Rater
        Who looks.
    bursts : tuple of Burst
        Also the rejected ones, in order of onset.
    acts : tuple of Review
        Of everybody on this revision, oldest first.
    done : bool
        Whether the rater has finished this revision, in this way.
    """

    entry: RecordingEntry
    analysis: LoggedAnalysis
    rater: Rater
    bursts: tuple[Burst, ...]
    acts: tuple[Review, ...]
    done: bool = False

    @property
    def own(self) -> tuple[Review, ...]:
        """The rater's own acts, in this way."""
        return _own(self.acts, self.rater)

    @property
    def unjudged(self) -> int:
        """How many bursts are neither confirmed nor rejected."""
        states = (burst.episode.review for burst in self.bursts)
        return sum(state is ReviewState.UNREVIEWED for state in states)

    @property
    def finished(self) -> bool:
        """Whether it is this rater's review that counts; from scratch, is done."""
        counts = self.entry.reviewed_by == self.rater.name
        return self.done and (counts or self.rater.scratch)

    @property
    def too_late(self) -> bool:
        """Whether a rater from scratch has judged the program's bursts already."""
        name = self.rater.name
        return self.rater.scratch and any(
            act.rater == name and not act.from_scratch for act in self.acts
        )

    @property
    def can_reopen(self) -> bool:
        """Whether an undo takes back that a rating from scratch was finished."""
        return self.rater.scratch and self.finished

    def burst(self, key: str) -> Episode | None:
        """Return a burst by its key."""
        found = (burst.episode for burst in self.bursts if burst.key == key)
        return next(found, None)

    def plain(self, said: str = "") -> dict[str, Any]:
        """Return everything as JSON knows it, with what just happened in words."""
        changed = {
            act.key
            for act in in_force(self.own)
            if act.action is ReviewAction.CHANGE
        }  # fmt: skip
        notes = _notes(self.own)
        return {
            "revision": self.analysis.revision,
            "finished": self.finished,
            "left": self.unjudged,
            "left_words": _left_in_words(self),
            "undo": self._last_in_words(),
            "notes": notes.get("", []),
            "said": said,
            "bursts": [
                {
                    **_plain_burst(burst, self.rater, changed=burst.key in changed),
                    "notes": notes.get(burst.key, []),
                    "others": self._others(burst.key),
                }
                for burst in self.bursts
            ],
        }

    def _last_in_words(self) -> str:
        """Say what an undo takes back; nothing when there is nothing."""
        if self.can_reopen:
            return say("finished")
        last = last_to_undo(self.own)
        return "" if last is None else act_in_words(last, self.bursts)

    def _others(self, key: str) -> list[str]:
        """What other raters said of a burst; nothing for a blind one."""
        if self.rater.blind or not key.startswith("d"):
            return []
        last: dict[str, Review] = {}
        checking = [act for act in self.acts if not act.from_scratch]
        for name in sorted({act.rater for act in checking} - {self.rater.name}):
            for act in in_force(act for act in checking if act.rater == name):
                if act.key == key and act.action is not ReviewAction.NOTE:
                    last[name] = act
        return [
            say("{rater}: {verdict}", rater=name, verdict=say(_ACTS[act.action]))
            for name, act in last.items()
        ]


def look(
    journal: Journal, recording_id: str, rater: Rater, revision: int | None = None
) -> Seen:
    """Read a recording as a rater sees it now.

    Parameters
    ----------
    journal : Journal
        Open.
    recording_id : str
        Which.
    rater : Rater
        Who looks.
    revision : int, optional
        Which analysis; without, the one that counts.

    Raises
    ------
    UnknownEntry
        There is no such recording or revision.
    """
    entry = journal.recording(recording_id)
    analysis = journal.analysis(recording_id, revision)
    acts = tuple(
        act
        for act in journal.reviews(recording_id)
        if act.revision == analysis.revision
    )  # fmt: skip
    proposed = () if rater.scratch else analysis.bursts
    finished = Rating(
        recording_id=recording_id,
        revision=analysis.revision,
        rater=rater.name,
        from_scratch=rater.scratch,
    )
    return Seen(
        entry=entry,
        analysis=analysis,
        rater=rater,
        bursts=fold(proposed, _own(acts, rater), rejected=True),
        acts=acts,
        done=finished in journal.ratings(entry.patient_id, recording_id),
    )


def _own(acts: Iterable[Review], rater: Rater) -> tuple[Review, ...]:
    """Choose the acts of a rater in this way; from scratch is apart from checking."""
    mine = (act for act in acts if act.rater == rater.name)
    return tuple(act for act in mine if act.from_scratch is rater.scratch)


def too_late_words() -> str:
    """Say why somebody cannot rate from scratch any more."""
    return say(
        "You have judged the program's bursts of this recording before, so you cannot "
        "rate it from scratch any more."
    )


def name_of(episode: Episode) -> str:
    """Name a burst by its time and side, as everywhere on the page."""
    return say(
        "{time}, {side}",
        time=units.clock(episode.span.start_s, 2),
        side=side_name(episode.side),
    )


def act_in_words(act: Review, bursts: Iterable[Burst]) -> str:
    """Say what was done to which burst."""
    named = {burst.key: name_of(burst.episode) for burst in bursts}
    if act.after is not None:
        named[act.key] = say(
            "{burst}, {duration}",
            burst=name_of(act.after),
            duration=length_of_burst(act.after),
        )
    words = _FROM_SCRATCH if act.from_scratch else {}
    what = say(words.get(act.action, _ACTS[act.action]))
    if not act.key or act.key not in named:
        return what
    return say("{what}: {burst}", what=what, burst=named[act.key])


def _left_in_words(seen: Seen) -> str:
    left, count = seen.unjudged, len(seen.bursts)
    if seen.rater.scratch:
        kept = sum(b.episode.review is not ReviewState.REJECTED for b in seen.bursts)
        return say_n(
            "You have marked {n} burst. Finish when you have seen the whole recording.",
            "You have marked {n} bursts. Finish when you have seen the whole recording.",
            kept,
        )
    if not count:
        return say("The program found no burst in this recording.")
    if not left:
        return say("Every burst is judged. Finish the review when you have seen all.")
    return say_n(
        "{n} of {count} is not judged yet.",
        "{n} of {count} are not judged yet.",
        left,
        count=count,
    )


def _notes(acts: Sequence[Review]) -> dict[str, list[str]]:
    """Gather the notes by burst; the recording's own under the empty key."""
    gathered: dict[str, list[str]] = {}
    for act in in_force(acts):
        if act.action is ReviewAction.NOTE and not act.coded_unseen:
            words = say("{when}: {text}", when=moment(act.at), text=act.text)
            gathered.setdefault(act.key, []).append(words)
    return gathered


def _plain_burst(burst: Burst, rater: Rater, *, changed: bool) -> dict[str, Any]:
    episode = burst.episode
    told = {
        "key": burst.key,
        "start": episode.span.start_s,
        "end": episode.span.end_s,
        "side": episode.side.value,
        "regions": [region.value for region in episode.regions],
        "kind": episode.kind.value,
        "verdict": episode.review.value,
        "verdict_words": _verdict(episode, changed=changed, scratch=rater.scratch),
        "name": name_of(episode),
        "words": say(
            "{duration}, {kind}, {regions}",
            duration=length_of_burst(episode),
            kind=short_kind(episode.kind, episode.contractions),
            regions=", ".join(map(region_name, episode.regions)),
        ),
        "sure": None,
        "facts": [],
    }
    if not rater.blind and episode.origin is Origin.DETECTED:
        told["sure"] = _number(episode.confidence)
        told["facts"] = _facts(episode)
    return told


def _verdict(episode: Episode, *, changed: bool, scratch: bool) -> str:
    if scratch and episode.review is ReviewState.REJECTED:
        return say("taken out again")
    if episode.origin is Origin.HUMAN:
        return say("added by you")
    if changed and episode.review is ReviewState.CONFIRMED:
        return say("changed and confirmed")
    return say(_VERDICTS[episode.review])


def _facts(episode: Episode) -> list[str]:
    """What the program measured and how sure it is, in the words of the report."""
    shown_above = {say("Where"), say("Kind"), say("Origin"), say("Review")}
    card = build_card(1, episode, None)
    told = [
        say("{label}: {value}", label=fact.label, value=fact.value)
        for fact in card.facts
        if fact.label not in shown_above
    ]
    return [*told, *card.remarks]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
