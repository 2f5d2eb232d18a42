"""Every burst of a recording as a small film, where its video is here."""

from __future__ import annotations

from dataclasses import dataclass

from twitch_tracker import units
from twitch_tracker.app.course.burst_clips import cut_of
from twitch_tracker.app.course.films import source_of
from twitch_tracker.app.home.view import counted_bursts
from twitch_tracker.app.state import AppState
from twitch_tracker.language import say
from twitch_tracker.wording.partly_seen import length_of_burst
from twitch_tracker.wording.terms import side_name

__all__ = ["ListedBurst", "films_of_bursts"]


@dataclass(frozen=True, kw_only=True)
class ListedBurst:
    """One burst: the address of its film, its side, and what it is called."""

    address: str
    side: str
    words: str


def films_of_bursts(state: AppState, recording_id: str) -> tuple[ListedBurst, ...]:
    """List the bursts that count, in order of time; none without a video."""
    with state.journal() as journal:
        entry = journal.recording(recording_id)
        if source_of(state, entry) is None:
            return ()
        bursts = counted_bursts(journal, recording_id)
    found = []
    for burst in bursts:
        wanted = cut_of(burst)
        found.append(
            ListedBurst(
                address=f"/recordings/{recording_id}/cut/{wanted.start_ms}/{wanted.end_ms}",
                side=burst.side.value,
                words=say(
                    "{time}, {side}, {length}",
                    time=units.clock(burst.span.start_s),
                    side=side_name(burst.side),
                    length=length_of_burst(burst),
                ),
            )
        )
    return tuple(found)
