"""Show the course of a simulated person with injections, and the effect of each.

    python examples/course_with_injections.py [HOME]

HOME is the folder of a journal of its own, so that your own stays as it is. What is
true of the person is known, because the person was drawn.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from twitch_tracker.demo.course import demo_patient, demo_plan
from twitch_tracker.demo.into_journal import ended_by, write_patient
from twitch_tracker.journal.open import open_journal
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Progression
from twitch_tracker.wording.progression import reading_texts


def course(home: Path, years: float = 1.5, seed: int = 1) -> Progression:
    """Draw a person, log two years of recordings, and read them back."""
    plan = ended_by(demo_plan(years=years), datetime.now(UTC).date())
    with open_journal(home) as journal:
        write_patient(journal, demo_patient(plan, seed), seed)
        return progress_of(journal.history("demo"))


def show(found: Progression) -> None:
    """Print the readings and the numbers of every injection."""
    for text in reading_texts(found):
        print("-", text)
    for one in found.injections:
        ratio = one.peak_over_before
        print(
            f"{one.treatment.on} {one.side} {one.kind}: rate at the peak over the rate "
            f"before {ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), "
            f"{one.sureness}"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        show(course(Path(sys.argv[1])))
    else:
        with TemporaryDirectory() as folder:
            show(course(Path(folder)))
