"""A damaged journal is found to be so, or what is read from it is what it was.

    TWITCH_TRACKER_FUZZ=20000 python -m pytest tests/fuzz/test_damage.py -m fuzz -s

flips that many bytes of a small journal, each alone (2,000 by default, spread over the
whole file; 0 takes every byte), and prints what became of them.
"""

from __future__ import annotations

import os
import random
import traceback
from collections import Counter
from pathlib import Path

import pytest
from odd_inputs import small_journal

from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.history import Basis
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Session

pytestmark = pytest.mark.fuzz

FLIPS = int(os.environ.get("TWITCH_TRACKER_FUZZ", "2000"))
SEED = int(os.environ.get("TWITCH_TRACKER_FUZZ_SEED", "1"))


def read_all(journal: Journal) -> str:
    """Everything that any reader is given."""
    told: list[object] = [journal.patients(), journal.changes()]
    for patient in journal.patients():
        name = patient.patient_id
        told += [journal.history(name, basis) for basis in Basis]
        told += [journal.overview(name), journal.diary(name), journal.treatments(name)]
        for entry in journal.recordings(name):
            told += [entry, journal.reviews(entry.recording_id)]
            told += [
                journal.analysis(entry.recording_id, number)
                for number in range(1, entry.revision + 1)
            ]
    return repr(told)


def what_becomes(journal: Journal, before: str) -> str:
    """Say what became of a flip."""
    try:
        found = journal.check()
    except TwitchTrackerError:
        return "found"
    try:
        after = read_all(journal)
    except TwitchTrackerError:
        return "found" if found else "sound, but a reader refuses"
    if found:
        return "found"
    return "changes nothing that is read" if after == before else "not found"


def test_every_flip_is_found_or_changes_nothing(tmp_path: Path, session: Session):
    home = tmp_path / "home"
    file = small_journal(home, session)
    content = bytearray(file.read_bytes())
    with open_journal(home) as journal:
        assert journal.check() == ()
        before = read_all(journal)
    assert file.read_bytes() == bytes(content), "reading changes nothing"
    rng = random.Random(SEED)  # noqa: S311
    places = range(len(content))
    chosen = (
        places if not FLIPS else sorted(rng.sample(places, min(FLIPS, len(places))))
    )
    happened: Counter[str] = Counter()
    wrong: list[str] = []
    for place in chosen:
        flipped = content[place] ^ (1 << rng.randrange(8))
        file.write_bytes(content[:place] + bytes([flipped]) + content[place + 1 :])
        for left in home.glob("journal.sqlite3-*"):
            left.unlink()
        try:
            with open_journal(home) as journal:
                became = what_becomes(journal, before)
        except TwitchTrackerError:
            became = "found"
        except Exception as error:  # noqa: BLE001 - what the test looks for
            last = traceback.extract_tb(error.__traceback__)[-1]
            became = (
                f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
            )
        happened[became] += 1
        if became not in {"found", "changes nothing that is read"}:
            wrong.append(f"byte {place}: {became}")
    print(f"\n{len(content)} bytes, {len(chosen)} flips: {dict(happened)}")
    assert not wrong, "\n".join(wrong[:60])
