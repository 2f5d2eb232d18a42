"""One recording as the hand-coding formats know it: a name, a film and its events.

Knows what BORIS and ELAN need, whatever the source, and how to take it from the folder
that `analyze` leaves behind. Note: foreign formats keep milliseconds, so every time is
rounded to them here, once; and within one side bursts must not overlap, because neither
a BORIS project nor an ELAN tier can hold that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from twitch_tracker.border.files import real_path
from twitch_tracker.errors import BadTable
from twitch_tracker.exchange.coding.coded import noted
from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.exchange.tables import read_blinks, read_episodes
from twitch_tracker.language import mark, say
from twitch_tracker.records import Blink, Episode, HardlyOpen
from twitch_tracker.regions import SIDES, Region, Side

__all__ = [
    "REGION_WORDS",
    "Coding",
    "check_apart",
    "description",
    "from_folder",
    "length_ms",
    "ms",
    "rater_words",
    "start_words",
    "tracks",
]

REGION_WORDS: Final = {region: region.value.replace("_", " ") for region in Region}
"""How regions are written for people."""


@dataclass(frozen=True, kw_only=True)
class Coding:
    """What is known to have happened in one recording.

    Attributes
    ----------
    name : str
        Name of the recording; unique within one file of several.
    media : str
        File name of the film, without its folder; empty when not known.
    recorded_s : float
        Length of the film; NaN when not known.
    fps : float
        Frame rate that the film claims, for display; NaN when not known.
    started_at : datetime or None
        When it was recorded; aware.
    description : str
        One line for people.
    episodes : tuple of Episode
        Bursts.
    blinks : tuple of Blink
        Blinks of both eyes.
    """

    name: str
    media: str = ""
    recorded_s: float = float("nan")
    fps: float = float("nan")
    started_at: datetime | None = None
    description: str = ""
    episodes: tuple[Episode, ...] = ()
    blinks: tuple[Blink, ...] = ()


# --- times and words --------------------------------------------------------


def ms(time_s: float) -> int:
    """Round seconds to whole milliseconds."""
    return round(time_s * 1000)


def length_ms(coding: Coding) -> int:
    """Return the length of a recording; no event ends after it."""
    spans = [e.span for e in coding.episodes] + [b.span for b in coding.blinks]
    ends = [span.end_s for span in spans]
    length_s = coding.recorded_s if math.isfinite(coding.recorded_s) else 0.0
    return max([math.ceil(round(length_s * 1000, 3)), *map(ms, ends)])


def start_words(coding: Coding) -> str:
    """Write when it was recorded in UTC as ``2026-03-01T08:30:00``; empty if unknown."""
    if coding.started_at is None:
        return ""
    return coding.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def description(
    analysable_s: float,
    hardly_open: Iterable[HardlyOpen] | None,
    *,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> str:
    """Describe a recording in a file of another program, always in English.

    Parameters
    ----------
    analysable_s : float
        How much of it could be measured; NaN when nothing is known.
    hardly_open : iterable of HardlyOpen or None
        When an eye was hardly ever open.
    before, after : sequence of str
        What else is known, before and after how much could be measured.
    """
    measured_s = 0.0 if math.isnan(analysable_s) else analysable_s
    measured = f"{measured_s:.1f} s could be measured"
    shut = "".join(
        f"; {state.side} eye hardly ever open from {state.span.start_s:.3f} to "
        f"{state.span.end_s:.3f} s"
        for state in hardly_open or ()
    )
    return "; ".join((*before, measured, *after)) + shut


def rater_words(burst: Episode) -> tuple[str, str, tuple[str, ...]]:
    """Write kind, first region and regions; empty where they are not known."""
    kind = burst.kind.value if burst.kind and noted(burst, "kind") else ""
    first = REGION_WORDS[burst.lead_region] if noted(burst, "lead_region") else ""
    known = burst.regions if noted(burst, "regions") else ()
    return kind, first, tuple(REGION_WORDS[region] for region in known)


def check_apart(coding: Coding) -> None:
    """Make sure that a format without overlaps can hold the bursts of a recording.

    Raises
    ------
    BadTable
        Two bursts of one side overlap, or one is shorter than half a millisecond.
    """
    for side in SIDES:
        mine = (burst for burst in coding.episodes if burst.side is side)
        _check_order(coding.name, side, mine)


def tracks(blinks: Iterable[Blink]) -> list[tuple[Blink, int]]:
    """Spread blinks over tracks on which they do not overlap.

    Parameters
    ----------
    blinks : iterable of Blink
        In any order.

    Returns
    -------
    list
        Each blink with the number of its track, from 1, in order of time. Blinks that
        a detector found are all on the first.
    """
    ends: list[int] = []
    placed: list[tuple[Blink, int]] = []
    for blink in sorted(blinks, key=lambda b: b.span):
        free = (n for n, end in enumerate(ends) if end <= ms(blink.span.start_s))
        track = next(free, len(ends))
        ends[track : track + 1] = [ms(blink.span.end_s)]
        placed.append((blink, track + 1))
    return placed


_OF_SIDE: Final = {
    Side.LEFT: (
        mark(
            "{name}: expected bursts of the left side of at least 1 ms that do not "
            "overlap, got one from {start:.3f} to {end:.3f} s. Correct it in the review, "
            "or export a table of events instead (boris-table, elan-tab)."
        ),
        mark(
            "{name}: expected bursts of the left side of at least 1 ms that do not "
            "overlap, got one from {start:.3f} to {end:.3f} s that begins before the last "
            "one ends. Correct it in the review, or export a table of events instead "
            "(boris-table, elan-tab)."
        ),
    ),
    Side.RIGHT: (
        mark(
            "{name}: expected bursts of the right side of at least 1 ms that do not "
            "overlap, got one from {start:.3f} to {end:.3f} s. Correct it in the review, "
            "or export a table of events instead (boris-table, elan-tab)."
        ),
        mark(
            "{name}: expected bursts of the right side of at least 1 ms that do not "
            "overlap, got one from {start:.3f} to {end:.3f} s that begins before the last "
            "one ends. Correct it in the review, or export a table of events instead "
            "(boris-table, elan-tab)."
        ),
    ),
}
"""What is said of a burst that is too short, and of one that overlaps."""


def _check_order(name: str, side: Side, events: Iterable[Episode]) -> None:
    before = -1
    for start, end in sorted((ms(e.span.start_s), ms(e.span.end_s)) for e in events):
        if start >= end or start < before:
            raise BadTable(
                say(
                    _OF_SIDE[side][start < before],
                    name=name,
                    start=start / 1000,
                    end=end / 1000,
                )
            )
        before = end


# --- from a recording folder ------------------------------------------------


def from_folder(folder: Path) -> Coding:
    """Read what `analyze` left behind.

    Returns
    -------
    Coding
        Named like the folder. When it was recorded is not known there.

    Raises
    ------
    BadTruthFile
        A file is missing or is not one of this program's.
    """
    folder = Path(folder)
    summary = open_summary(folder / "summary.json")
    program, version = summary.software
    return Coding(
        name=real_path(folder).name,
        media=summary.video_name,
        recorded_s=summary.recorded_s,
        fps=summary.nominal_fps,
        description=description(
            summary.analysable_s,
            summary.hardly_open,
            after=(f"{program} {version}, {summary.tracker[0]}",),
        ),
        episodes=read_episodes(folder / "episodes.csv"),
        blinks=read_blinks(folder / "blinks.csv"),
    )
