"""What one rater sees of one recording, in words and numbers for the page.

Note: a blind rater is shown neither how sure the program is and why, nor what anybody
else said, and a rater from scratch not even its bursts; this module leaves it out, so
that it never reaches the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twitch_tracker import units
from twitch_tracker.app.words import moment
from twitch_tracker.border.plain import number
from twitch_tracker.journal.entries import Burst, Review
from twitch_tracker.language import say, say_n
from twitch_tracker.records import Episode, Origin
from twitch_tracker.report.recording.cards import measured_facts, remarks
from twitch_tracker.review.raters import Rater
from twitch_tracker.review.seen import Seen
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.reviews import (
    action_in_words,
    note_in_words,
    verdict_in_words,
)
from twitch_tracker.wording.terms import region_name, short_kind, side_name

__all__ = ["act_in_words", "name_of", "plain"]


def plain(seen: Seen, said: str = "") -> dict[str, Any]:
    """Return everything as JSON knows it, with what just happened in words."""
    return {
        "revision": seen.analysis.revision,
        "finished": seen.finished,
        "left": seen.unjudged,
        "left_words": _left_in_words(seen),
        "undo": _undo_in_words(seen),
        "notes": _notes(seen, ""),
        "said": said,
        "bursts": [
            {
                **_plain_burst(burst, seen.rater, changed=burst.key in seen.changed),
                "notes": _notes(seen, burst.key),
                "others": _others(seen, burst.key),
            }
            for burst in seen.bursts
        ],
    }


def _undo_in_words(seen: Seen) -> str:
    """Say what an undo takes back; nothing when there is nothing."""
    if seen.finishing_undoable:
        return say("finished")
    last = seen.last_to_undo
    return "" if last is None else act_in_words(last, seen.bursts)


def _others(seen: Seen, key: str) -> list[str]:
    """Say what other raters made of a burst."""
    return [
        say("{rater}: {verdict}", rater=name, verdict=action_in_words(action))
        for name, action in seen.verdicts_of_others(key).items()
    ]


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
    what = action_in_words(act.action, from_scratch=act.from_scratch)
    if not act.key or act.key not in named:
        return what
    return say("{what}: {burst}", what=what, burst=named[act.key])


def _left_in_words(seen: Seen) -> str:
    left, count = seen.unjudged, len(seen.bursts)
    if seen.rater.scratch:
        return say_n(
            "You have marked {n} burst. Finish when you have seen the whole recording.",
            "You have marked {n} bursts. Finish when you have seen the whole recording.",
            seen.kept,
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


def _notes(seen: Seen, key: str) -> list[str]:
    return [
        say("{when}: {text}", when=moment(act.at), text=note_in_words(act))
        for act in seen.notes(key)
    ]


def _plain_burst(burst: Burst, rater: Rater, *, changed: bool) -> dict[str, Any]:
    episode = burst.episode
    fields = {
        "key": burst.key,
        "start": episode.span.start_s,
        "end": episode.span.end_s,
        "side": episode.side.value,
        "regions": [region.value for region in episode.regions],
        "kind": episode.kind.value if episode.kind else "",
        "verdict": episode.review.value,
        "verdict_words": verdict_in_words(
            episode, changed=changed, from_scratch=rater.scratch
        ),
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
        fields["sure"] = number(episode.confidence)
        fields["facts"] = _facts(episode)
    return fields


def _facts(episode: Episode) -> list[str]:
    """Return what was measured and how sure it is, in the words of the report."""
    facts = [
        say("{label}: {value}", label=fact.label, value=fact.value)
        for fact in measured_facts(episode)
    ]
    return [*facts, *remarks(episode)]
