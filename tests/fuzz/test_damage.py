"""A damaged journal is found to be so, or what is read from it is what it was.

    TWITCH_TRACKER_FUZZ=20000 python -m pytest tests/fuzz/test_damage.py -m fuzz -s

changes that many bytes of a small journal, each alone (2,000 by default, spread over the
whole file; 0 takes every byte), and prints what became of them. Each gets one flipped
bit, and with ``TWITCH_TRACKER_FUZZ_VALUES=3`` two other values after it. What becomes of
a byte depends on the seed and its place alone: ``TWITCH_TRACKER_FUZZ_FROM=12000`` goes on
at that byte.

To be quick, the program's readers are asked only when SQLite itself sees a difference: it
finds a page unsound or gives other rows out of a table; and they are not asked what they
make of a journal in which `check` found damage. Every twentieth is asked all the same,
and every one of the first page, on which depends how SQLite opens the file.

The second test damages nothing that SQLite could see: it sets cells to other values.
"""

from __future__ import annotations

import os
import random
import sqlite3
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from odd_inputs import small_journal

from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.history import Basis
from twitch_tracker.journal import open as opening
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store.database import Database
from twitch_tracker.records import Session

pytestmark = pytest.mark.fuzz

FLIPS = int(os.environ.get("TWITCH_TRACKER_FUZZ", "2000"))
SEED = int(os.environ.get("TWITCH_TRACKER_FUZZ_SEED", "1"))
VALUES = int(os.environ.get("TWITCH_TRACKER_FUZZ_VALUES", "1"))
FROM = int(os.environ.get("TWITCH_TRACKER_FUZZ_FROM", "0"))

PAGE = 512
ASKED_ALL_THE_SAME = 20
RIGHT = {"found", "changes nothing that is read"}


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


def rows_of_all(content: bytes) -> str | None:
    """Everything that SQLite gives out of sound pages; None when they are not."""
    image = bytearray(content)
    image[18:20] = b"\1\1"  # without a log file beside it, as it lies in memory
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(bytes(image))
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return None
            told: list[Any] = connection.execute(
                "SELECT * FROM sqlite_master"
            ).fetchall()
            for kind, name, *_ in list(told):
                if kind == "table":
                    asked = f'SELECT * FROM "{name}" NOT INDEXED'  # noqa: S608
                    told += connection.execute(asked).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            return None
    return repr(told)


def what_becomes(journal: Journal, before: str, *, ask: bool) -> str:
    """Say what became of a flip."""
    try:
        found = journal.check()
    except TwitchTrackerError:
        return "found"
    if found and not ask:
        return "found"
    try:
        after = read_all(journal)
    except TwitchTrackerError:
        return "found" if found else "sound, but a reader refuses"
    if found:
        return "found"
    return "changes nothing that is read" if after == before else "not found"


def opened_and_looked_at(home: Path, before: str, *, ask: bool) -> str:
    """Open a journal that was changed; say what became of the change."""
    for left in home.glob("journal.sqlite3-*"):
        left.unlink()
    try:
        with open_journal(home) as journal:
            return what_becomes(journal, before, ask=ask)
    except TwitchTrackerError:
        return "found"
    except Exception as error:  # noqa: BLE001 - what the test looks for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def keep_what_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each opening take the same engine: it keeps no connection, but statements."""
    connect = opening.connect
    known: dict[str, Database] = {}

    def once(url: Any, key: Any = None) -> Database:
        return known.setdefault(str(url), connect(url, key))

    monkeypatch.setattr(opening, "connect", once)


def values_of(place: int, old: int) -> list[int]:
    """Choose what a byte becomes: one bit is flipped, then anything else."""
    rng = random.Random(f"{SEED} {place}")  # noqa: S311
    flipped = old ^ (1 << rng.randrange(8))
    others = [value for value in range(256) if value not in {old, flipped}]
    return [flipped, *rng.sample(others, VALUES - 1)]


def test_every_flip_is_found_or_changes_nothing(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    file = small_journal(home, session)
    content = file.read_bytes()
    rows = rows_of_all(content)
    assert rows is not None
    keep_what_is_compiled(monkeypatch)
    with open_journal(home) as journal:
        assert journal.check() == ()
        before = read_all(journal)
    assert file.read_bytes() == content, "reading changes nothing"
    places = list(range(len(content)))
    if FLIPS:
        rng = random.Random(SEED)  # noqa: S311
        places = sorted(rng.sample(places, min(FLIPS, len(places))))
    happened: Counter[str] = Counter()
    wrong: list[str] = []
    for done, place in enumerate(places):
        if place < FROM:
            continue
        for value in values_of(place, content[place]):
            changed = content[:place] + bytes([value]) + content[place + 1 :]
            happened["tried"] += 1
            ask = place < PAGE or happened["tried"] % ASKED_ALL_THE_SAME == 0
            if not ask and rows_of_all(changed) == rows:
                happened["changes nothing that is read"] += 1
                happened["of these by SQLite's word"] += 1
                continue
            file.write_bytes(changed)
            became = opened_and_looked_at(home, before, ask=ask)
            happened[became] += 1
            if became not in RIGHT:
                wrong.append(f"byte {place} to {value}: {became}")
                print(wrong[-1], flush=True)
        if done % 1000 == 0:
            print(f"up to byte {place}: {dict(happened)}", flush=True)
    print(f"\n{len(content)} bytes: {dict(happened)}")
    assert not wrong, "\n".join(wrong[:60])


# --- what SQLite itself was asked to change ---------------------------------------------


def other_values(value: object) -> list[object]:
    """Choose what a cell becomes: of its type and of others, empty, and nothing."""
    if value is None:
        return [0, 1, "", "2020-01-01", 1.5]
    if isinstance(value, int):
        return [value + 1, value - 1, None, 10**12, 1.5, "x"]
    if isinstance(value, float):
        return [value * 2 + 1, value + 1e-9, None, -1.0, float("inf"), "x"]
    if isinstance(value, str):
        changed = (f"{value}x", f" {value}", value[:-1], value.swapcase(), "", None)
        return [one for one in changed if one != value]
    return [None, b"", bytes(value)[:-1], bytes(value) + b"\0"]  # type: ignore[call-overload]


def changes_of(file: Path) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    """Give changes of some rows of every table: a name, a statement and its values."""
    with closing(sqlite3.connect(file)) as connection:
        asked = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in connection.execute(asked).fetchall():
            told = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            columns = [f'"{row[1]}"' for row in told]
            keys = [f'"{row[1]}"' for row in told if row[5]] or columns[:1]
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
            for row in dict.fromkeys([*rows[:2], *rows[-1:]]):
                cells = dict(zip(columns, row, strict=True))
                where = " AND ".join(f"{key} IS ?" for key in keys)
                those = tuple(cells[key] for key in keys)
                for column, value in cells.items():
                    for other in other_values(value):
                        name = f"{table} SET {column[1:-1]} to {other!r}"
                        text = f'UPDATE "{table}" SET {column} = ? WHERE {where}'  # noqa: S608
                        yield name, text, (other, *those)
                text = f'DELETE FROM "{table}" WHERE {where}'  # noqa: S608
                yield f"{table} DELETE", text, those
                if keys == ['"id"']:
                    rest = ", ".join(column for column in columns if column != '"id"')
                    text = (
                        f'INSERT INTO "{table}" ({rest}) SELECT {rest} '  # noqa: S608
                        f'FROM "{table}" WHERE {where}'
                    )
                    yield f"{table} doubled", text, those


def test_every_cell_that_is_set_otherwise_is_found(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    file = small_journal(home, session)
    content = file.read_bytes()
    keep_what_is_compiled(monkeypatch)
    with open_journal(home) as journal:
        before = read_all(journal)
    happened: Counter[str] = Counter()
    wrong: list[str] = []
    for name, statement, values in list(changes_of(file)):
        for left in home.glob("journal.sqlite3-*"):
            left.unlink()
        file.write_bytes(content)
        try:
            with closing(sqlite3.connect(file)) as connection, connection:
                connection.execute(statement, values)
        except sqlite3.IntegrityError:
            happened["refused by SQLite"] += 1
            continue
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        became = opened_and_looked_at(home, before, ask=True)
        happened[became] += 1
        if became not in RIGHT:
            wrong.append(f"{name}: {became}")
            print(wrong[-1], flush=True)
    print(f"\n{happened.total()} changes: {dict(happened)}")
    assert not wrong, "\n".join(wrong[:60])
