"""Bursts made by hand for the judge."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


@pytest.fixture
def burst() -> Callable[..., Episode]:
    """Return a maker of bursts: onset and offset in seconds, on the right side."""

    def make(start_s: float, end_s: float, side: Side = Side.RIGHT, **more) -> Episode:
        given = {
            "regions": (Region.EYELID,),
            "lead_region": Region.EYELID,
            "kind": EpisodeKind.CLONIC,
            **more,
        }
        return Episode(span=Interval(start_s=start_s, end_s=end_s), side=side, **given)

    return make
