"""A film whose bursts are known, its journal, and hand coding of it.

The film is the example; "detected" is its truth, so that every right value is known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from click.testing import Result
from commands import run
from methods import METHOD

from twitch_tracker.evaluate.reading import read_recording
from twitch_tracker.evaluate.recordings import score
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.journal.entries import Analysis, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, Origin
from twitch_tracker.timebase import Interval

ROOT = Path(__file__).parents[2]
BURSTS = tuple(
    replace(e, origin=Origin.DETECTED)
    for e in read_truth(ROOT / "examples" / "simulated_spasm_truth.csv").episodes
)
FILM, LENGTH_S = "simulated_spasm.mp4", 45.0


class CodedJournal:
    """A journal with the film in it, and what a review made of it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        analysis = Analysis(
            content_sha256="0" * 64,
            started_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
            file_name=FILM,
            method=METHOD,
            recorded_s=LENGTH_S,
            analysable_s=44.0,
            episodes=BURSTS,
        )
        with open_journal(home) as journal:
            journal.add_patient("anna")
            self.name = journal.log("anna", analysis).recording_id

    def take(self, coded: Path, *words: str) -> Result:
        given = ("--rater", "kim", "--home", self.home, "--kind", "tonic", *words)
        return run("import", coded, "--recording", self.name, *given)

    @property
    def reviewed(self) -> list[Episode] | None:
        """The bursts as reviewed; None where nothing was stored."""
        with open_journal(self.home) as journal:
            if not journal.reviews(self.name):
                return None
            return [b.episode for b in journal.reviewed_bursts(self.name)]

    @property
    def notes(self) -> list[str]:
        with open_journal(self.home) as journal:
            reviews = journal.reviews(self.name)
        return [r.text for r in reviews if r.action is ReviewAction.NOTE]


def onsets(bursts: list[Episode]) -> list[float]:
    return [b.span.start_s for b in bursts]


TRUE_ONSETS = onsets(list(BURSTS))


def all_found(log: Path, truth: Path) -> bool:
    """Return whether `evaluate` finds each burst of the log in this truth."""
    judged = score(read_recording(log, truth)).matching
    return len(judged.found) == len(BURSTS) and not judged.missed


def moved(by_s: float) -> tuple[Episode, ...]:
    return tuple(
        replace(
            b,
            span=Interval(
                start_s=round(b.span.start_s + by_s, 3),
                end_s=round(b.span.end_s + by_s, 3),
            ),
        )
        for b in BURSTS
    )


def scaled(by: float) -> tuple[Episode, ...]:
    """The bursts with all times multiplied, as far as that stays within the film."""
    spans = [(by * b.span.start_s, by * b.span.end_s) for b in BURSTS]
    return tuple(
        replace(b, span=Interval(start_s=start_s, end_s=end_s))
        for b, (start_s, end_s) in zip(BURSTS, spans, strict=True)
        if end_s <= LENGTH_S
    )


def coding(**given: object) -> Coding:
    known = {"name": "obs", "media": FILM, "recorded_s": LENGTH_S, "episodes": BURSTS}
    return Coding(**{**known, **given})  # type: ignore[arg-type]


_BARE = "Behavior,Behavior type,Start (s),Stop (s)\n"


def bare(path: Path, bursts: tuple[Episode, ...], turned: bool = False) -> Path:
    """A table that says nothing of its film."""
    rows = (
        f"{b.side.other if turned else b.side} spasm eyelid,STATE,"
        f"{b.span.start_s},{b.span.end_s}\n"
        for b in bursts
    )
    path.write_text(_BARE + "".join(rows), encoding="utf-8")
    return path
