"""A journal in SQLite, and one in a real PostgreSQL of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from postgresql import has_postgresql, new_database, running_postgresql

from twitch_tracker.history import Method, Task
from twitch_tracker.journal import migrating
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import (
    Blink,
    Episode,
    EpisodeKind,
    ExcludedSpan,
    QualityReason,
)
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
METHOD = Method(
    tracker="attention-mesh",
    tracker_weights_sha256="aa" * 32,
    detector="learned",
    networks_sha256="bb" * 32,
    parameters_sha256="cc" * 32,
    software_version="0.3.0",
)


@pytest.fixture(scope="session", autouse=True)
def _quickly(quick_new_journals: object) -> None:
    """New journals take no tenth of a second; migrations have tests of their own."""


@pytest.fixture
def true_migrations(quick_new_journals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new journals as the program does, step by step."""
    monkeypatch.setattr(migrating, "_upgrade", quick_new_journals)


class Clock:
    """A clock that only goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """Return a clock at noon of 1 June 2026."""
    return Clock()


def _burst(start_s: float, end_s: float, side: Side = Side.RIGHT, **more) -> Episode:
    given = {
        "span": Interval(start_s=start_s, end_s=end_s),
        "side": side,
        "regions": (Region.EYELID,),
        "lead_region": Region.EYELID,
        "kind": EpisodeKind.CLONIC,
        "excursion_mm": 2.0,
        "confidence": 0.9,
        "reasons": ("the lid moved; the other did not",),
    }
    return Episode(**{**given, **more})


@pytest.fixture
def burst() -> Callable[..., Episode]:
    """Make a burst of the right eyelid, unless told otherwise."""
    return _burst


@pytest.fixture
def make_analysis() -> Callable[..., Analysis]:
    """Make an analysis of ten minutes: three bursts on the right, one on the left.

    Seconds 100 to 110 were not measured. `content` tells recordings apart.
    """

    def make(content: int = 1, **changes) -> Analysis:
        both = (Region.EYELID, Region.MOUTH_CORNER)
        analysis = Analysis(
            content_sha256=f"{content:064x}",
            started_at=NOW - timedelta(days=10) + timedelta(hours=content),
            task=Task.REST,
            device="phone",
            file_name=f"film{content}.mp4",
            method=METHOD,
            parameters={"enter": 0.5, "end_s": None},
            recorded_s=600.0,
            analysable_s=590.0,
            rest_asymmetry=-0.1,
            episodes=(
                _burst(10.0, 10.5),
                _burst(20.0, 22.0, regions=both, brow_lift=True),
                _burst(30.0, 31.0, Side.LEFT, excursion_mm=float("nan")),
                _burst(120.0, 120.25),
            ),
            blinks=(
                Blink(
                    span=Interval(start_s=5.0, end_s=5.2),
                    complete=True,
                    closure_left=0.9,
                    closure_right=float("nan"),
                ),
            ),
            excluded=(
                ExcludedSpan(
                    span=Interval(start_s=100.0, end_s=110.0),
                    reasons=(QualityReason.NO_FACE,),
                ),
            ),
            summary={"schema_version": 1, "rest_asymmetry": -0.1},
        )
        return replace(analysis, **changes)

    return make


@pytest.fixture
def other_method() -> Method:
    """Return the method of newer software with other weights."""
    return replace(METHOD, networks_sha256="dd" * 32, software_version="0.4.0")


# --- PostgreSQL -------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a private server that only listens on a socket; give its folder."""
    if not has_postgresql():
        pytest.skip("no PostgreSQL under /usr/lib/postgresql, or psycopg is missing")
    with running_postgresql() as folder:
        yield folder


_databases = count(1)


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Callable[[], str]:
    """Make an empty database; give its URL."""

    def make() -> str:
        return new_database(postgresql_server, f"journal{next(_databases)}")

    return make


# --- journals ---------------------------------------------------------------

Opener = Callable[[], Journal]


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)],
)
def opener(request, tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    """Open the same journal as often as wanted, by the name of eva."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgresql")()
    opened: list[Journal] = []

    def open_it(by: str = "eva") -> Journal:
        opened.append(open_journal(tmp_path / "home", url, by=by, clock=clock))
        return opened[-1]

    yield open_it
    for journal in opened:
        journal.close()


@pytest.fixture
def journal(opener: Opener) -> Journal:
    """Return a journal with one person, anna."""
    opened = opener()
    opened.add_patient("anna")
    return opened
