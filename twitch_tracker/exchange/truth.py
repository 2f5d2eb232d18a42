"""What really happened in a recording, as somebody wrote it down.

Knows truth tables: the columns of ``episodes.csv`` plus, if there are other
events than bursts, a column ``event``. Where that is ``spasm`` (or empty, or
missing) the row is a burst; anything else (``blink``, ``smile`` ...) has a span
and a name only.

>>> truth = read_truth(Path("examples/simulated_spasm_truth.csv"))  # doctest: +SKIP
>>> len(truth.episodes), {other.event for other in truth.others}  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker.exchange.tables import (
    REQUIRED_EPISODE_COLUMNS,
    read_episode,
    read_rows,
    read_span,
)
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval

__all__ = ["OtherEvent", "Truth", "read_truth"]

_BURST: Final = frozenset({"", "spasm"})


@dataclass(frozen=True, kw_only=True)
class OtherEvent:
    """Something that happened and is no burst.

    Attributes
    ----------
    event : str
        What, e.g. ``blink``.
    span : Interval
        When.
    """

    event: str
    span: Interval


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything that is known to have happened.

    Attributes
    ----------
    episodes : tuple of Episode
        Bursts, in the order of the rows.
    others : tuple of OtherEvent
        Everything else.
    """

    episodes: tuple[Episode, ...]
    others: tuple[OtherEvent, ...]


def read_truth(path: Path) -> Truth:
    """Read a truth table.

    Parameters
    ----------
    path : Path
        CSV with the columns that `tables.read_episodes` needs.

    Returns
    -------
    Truth
        Bursts, and what else happened.

    Raises
    ------
    BadTruthFile
        As for `tables.read_episodes`.
    """
    episodes: list[Episode] = []
    others: list[OtherEvent] = []
    for place, row in read_rows(Path(path), REQUIRED_EPISODE_COLUMNS):
        event = row.get("event", "").lower()
        if event in _BURST:
            episodes.append(read_episode(place, row))
        else:
            others.append(OtherEvent(event=event, span=read_span(place, row)))
    return Truth(episodes=tuple(episodes), others=tuple(others))
