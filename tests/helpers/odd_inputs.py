"""Everything that reads a file, and files that are almost what they should be.

`readers` lists each reader with a file that it understands; `mutated` changes a file as
damage, another program or bad will would. Used in small by the default tests and in
large by `tests/fuzz`.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import random
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from twitch_tracker.app.inbox.kept import Inbox, Inboxes
from twitch_tracker.app.inbox.outcomes import outcome_in_words
from twitch_tracker.app.keeping.forgetting import forgotten_sessions
from twitch_tracker.app.keeping.renaming import finish_renaming
from twitch_tracker.app.recording.results import read_result
from twitch_tracker.app.recording.store import Store
from twitch_tracker.evaluate.reading import read_manifest
from twitch_tracker.exchange.coding.boris_write import (
    aggregated_events,
    project,
    tabular_events,
)
from twitch_tracker.exchange.coding.elan_write import eaf, tabbed
from twitch_tracker.exchange.coding.recording import from_folder
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.history import DiaryEntry, Task, Treatment, TreatmentKind
from twitch_tracker.journal.encrypting.passphrases import (
    COPY,
    KEYS,
    make_keys,
    new_recovery_code,
    read_keys,
    write_keys,
)
from twitch_tracker.journal.entries import Act, ReviewAction
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.files.tables import (
    read_diary,
    read_treatments,
    write_diary,
    write_treatments,
)
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.upkeep.backup_contents import (
    keys_in,
    verify,
)
from twitch_tracker.journal.upkeep.backup_contents import (
    read_manifest as read_backup_manifest,
)
from twitch_tracker.journal.upkeep.removals import pending_removals
from twitch_tracker.live.event_log import read_events
from twitch_tracker.live.spool import LAYOUT, read_signal_file
from twitch_tracker.records import Session
from twitch_tracker.regions import Side
from twitch_tracker.simulate.plan.events import Smile, Spasm, Wink
from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = ["Reader", "mutated", "readers", "small_journal"]

WHEN = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """Something that reads a file.

    Attributes
    ----------
    name : str
        What it reads.
    path : Path
        A file that it understands; mutations of it are written there.
    read : callable
        Reads it.
    content : bytes
        The file as it should be.
    """

    name: str
    path: Path
    read: Callable[[Path], object]
    content: bytes


def readers(folder: Path, session: Session) -> list[Reader]:
    """List every reader, each with a folder of its own.

    Parameters
    ----------
    folder : Path
        An empty folder.
    session : Session
        A recording whose files are read.
    """
    found: list[Reader] = []

    def add(name: str, path: Path, read: Callable[[Path], object]) -> None:
        found.append(Reader(name, path, read, path.read_bytes()))

    def place(name: str) -> Path:
        made = folder / name
        made.mkdir()
        return made

    for file, read in (
        ("summary.json", lambda path: read_result(path.parent)),
        ("signals.parquet", read_signals),
        ("episodes.csv", lambda path: from_folder(path.parent)),
        ("blinks.csv", lambda path: from_folder(path.parent)),
    ):
        recording = place(f"result of {file}")
        write_tables(recording, session)
        add(file, recording / file, read)
    for file in ("summary.json", "episodes.csv", "blinks.csv", "signals.parquet"):
        recording = place(f"logged {file}")
        write_tables(recording, session)
        add(f"journal add: {file}", recording / file, _logging(place(f"to {file}")))
    for name, text in _coded(folder / "result of episodes.csv").items():
        path = place(name) / name
        path.write_text(text, encoding="utf-8")
        add(name, path, read_truth)
    path = place("scenario") / "scenario.json"
    _plan().save(path)
    add("scenario", path, Scenario.load)
    add("diary", *_diary(place("diary")))
    add("treatments", *_treatments(place("treatments")))
    add("manifest", *_manifest(place("manifest"), session))
    add("event log", *_events(place("event log")))
    add("clip of the app", *_clip(place("clip")))
    for name, text in _kept_by_the_app().items():
        add(f"app: {name}", *_kept(place(f"app {name}"), name, text))
    add("keys of a journal", *_keys(place("keys")))
    add("signals of a camera", *_spool(place("camera")))
    add("backup", *_backup(place("backup"), folder / "result of episodes.csv"))
    add("study.boris.gz", *_packed(place("packed"), folder / "study.boris"))
    return found


def _coded(recording: Path) -> dict[str, str]:
    coding = from_folder(recording)
    own = (recording / "episodes.csv").read_text(encoding="utf-8")
    return {
        "study.boris": project("study", [coding]),
        "aggregated.csv": aggregated_events([coding]),
        "tabular.csv": tabular_events([coding]),
        "visit.eaf": eaf(coding),
        "visit.txt": tabbed(coding),
        "bare.txt": tabbed(coding).split("\n", 1)[1],
        "truth.csv": own,
    }


def _plan() -> Scenario:
    return Scenario(
        duration_s=20,
        seed=3,
        events=(
            Spasm(onset_s=1, offset_s=2, side=Side.LEFT),
            Wink(onset_s=4, offset_s=5, side=Side.RIGHT),
            Smile(onset_s=6, offset_s=8),
        ),
    )


_LOGGED_INTO_ONE: Final = 200
"""How many folders are logged into one journal before the next: it grows."""


def _logging(home: Path) -> Callable[[Path], object]:
    """Log a folder, each time into an open journal of the same home."""
    count = itertools.count()
    opened: list[Journal] = []

    def log(path: Path) -> object:
        if next(count) % _LOGGED_INTO_ONE == 0:
            for journal in opened:
                journal.close()
            shutil.rmtree(home)
            opened[:] = [open_journal(home)]
            opened[0].add_patient("anna")
        journal = opened[0]
        logged = log_folder(
            journal, path.parent, "anna", started_at=WHEN, task=Task.OTHER
        )
        journal.history("anna")
        return journal.analysis(logged.recording_id)

    return log


def _diary(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    days = [DiaryEntry(on=WHEN.date().replace(day=n), stress=3) for n in (1, 2, 3)]
    return write_diary(folder / "diary.csv", days), read_diary


def _treatments(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    given = Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN,
        on=WHEN.date(),
        side=Side.LEFT,
        units=20.0,
        muscles={"orbicularis oculi": 12.5},
    )
    return write_treatments(folder / "treatments.csv", [given]), read_treatments


def _manifest(folder: Path, session: Session) -> tuple[Path, Callable[[Path], object]]:
    (folder / "log").mkdir()
    write_tables(folder / "log", session)
    path = folder / "set.csv"
    path.write_text("log,truth,face,recorded_s\nlog,log/episodes.csv,anna,10\n")
    return path, read_manifest


def _events(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    path = folder / "events.jsonl"
    lines = [
        {"event": "started", "schema_version": 1, "at": WHEN.isoformat()},
        {"event": "subject", "time_s": 0.1, "happened": "chosen", "detail": ""},
        {"event": "finished", "time_s": 9.0},
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path, read_events


def _clip(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    store = Store(folder)
    clip = store.add(patient_id="anna", task=Task.OTHER, started_at=WHEN)
    path = store.folder(clip) / "clip.json"
    return path, lambda _: Store(folder).clips()


def _kept_by_the_app() -> dict[str, str]:
    """What the app keeps beside films, each with a value of everything that it has."""
    inbox = {
        "patient_id": "anna",
        "folder": "/films",
        "task": "other",
        "mirrored": False,
        "since": WHEN.isoformat(),
        "files": [
            {
                "name": "a.mp4",
                "size": 5,
                "changed_ns": 7,
                "fate": "taken",
                "clip_id": "b",
            }
        ],
    }
    session = {
        "session_id": "s",
        "patient_id": "anna",
        "started_at": WHEN.isoformat(),
        "finished": False,
        "by_phone": False,
    }
    removal = {
        "kind": "patient",
        "name": "anna",
        "number": 1,
        "since": "",
        "database": "",
        "places": ["app/clips/a"],
        "signals": ["recordings/a"],
    }
    return {
        "session": json.dumps(session),
        "inbox": json.dumps(inbox),
        "removal": json.dumps(removal),
        "renaming": json.dumps({"old": "anna", "new": "berta"}),
        "forgotten": json.dumps(["s", "t"]),
    }


def _kept(folder: Path, name: str, text: str) -> tuple[Path, Callable[[Path], object]]:
    """Put a file of the app where it is looked for, and read it as a start does."""
    places: dict[str, tuple[str, Callable[[Path], object]]] = {
        "session": ("guided/s.json", lambda _: Store(folder).sessions_of("anna")),
        "inbox": ("a.json", lambda _: _seen(Inboxes(folder))),
        "removal": ("removing/a.json", lambda _: pending_removals(folder)),
        "renaming": ("renaming.json", _renaming(folder)),
        "forgotten": ("forgotten.json", lambda _: forgotten_sessions(Store(folder))),
    }
    place, read = places[name]
    path = folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path, read


def _seen(inboxes: Inboxes) -> object:
    found = [(one.seen("a.mp4"), _as_shown(one)) for one in inboxes.all()]
    return found, inboxes.of("anna")


def _as_shown(inbox: Inbox) -> object:
    """What the page of a person shows of their folder, and what the looker compares."""
    return (
        [
            (one.name, outcome_in_words(one.outcome), one.outcome.is_final)
            for one in inbox.files
        ],
        [(one.size + 0, one.changed_ns + 0, len(one.sha256)) for one in inbox.files],
        (Path(inbox.folder).name, inbox.since < WHEN, inbox.mirrored is True),
    )


def _renaming(folder: Path) -> Callable[[Path], object]:
    journal = open_journal(folder / "home")
    journal.add_patient("berta")
    return lambda path: finish_renaming(journal, Store(path.parent))


def _keys(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    keys, _ = make_keys("correct horse battery", new_recovery_code())
    write_keys(folder, keys)
    (folder / COPY).unlink()
    return folder / KEYS, lambda path: read_keys(path.parent)


def _spool(folder: Path) -> tuple[Path, Callable[[Path], object]]:
    path = folder / "signals.bin"
    path.write_bytes(bytes(range(256)) * 40)
    return path, lambda path: read_signal_file(path, LAYOUT, folder)


def _backup(folder: Path, recording: Path) -> tuple[Path, Callable[[Path], object]]:
    path = folder / "backup.zip"
    with open_journal(folder / "home") as journal:
        journal.add_patient("anna")
        log_folder(journal, recording, "anna", started_at=WHEN)
        journal.backup(path)

    def read(path: Path) -> object:
        verify(path)
        return read_backup_manifest(path), keys_in(path)

    return path, read


def _packed(folder: Path, study: Path) -> tuple[Path, Callable[[Path], object]]:
    path = folder / "study.boris.gz"
    path.write_bytes(gzip.compress((study / "study.boris").read_bytes(), mtime=0))
    return path, read_truth


# --- mutations --------------------------------------------------------------

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, 10**400, -(10**18), 1e308, -0.0),
    *("", "0", "a", "-1", "1e999", "nan", "left", "\x00", "\u2028", "é", "../../x"),
    *("=1+1", "2026-13-45", "0001-01-01T00:00:00+14:00", "\x1b[31m", "a" * 100_000),
    *([], {}, [None], {"": None}, [[[]]], [1, 2], {"left": {}}),
)
_ODD_TEXT = (
    *("", "0", "-1", "-0", "1e999", "nan", "inf", "null", "true", "[]", "{}", "\x00"),
    *("9" * 20, "9" * 400, "9" * 5_000, "1_0", "\u0663", "0x10", "é", "\u2028", "\x0b"),
    *("=1+1", "../../x", "2026-13-45", "9999-12-31", "a" * 200_000, "[" * 300, '"'),
    *(",", ";", "\t", "\r", "\n", "\r\n", "|", ":", "<", "&#0;", "</", "\ufeff"),
    *("[" * 100_000, '{"a":' * 20_000, "<a>" * 20_000, "9" * 30 + ":" * 30, "1e400"),
)
_TOKEN = re.compile(rb"[0-9.]+|[A-Za-z_]+|[^\w\s]|\s+")


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Change a file in one to three places; a packed one mostly inside."""
    if content[:2] == b"\x1f\x8b" and rng.random() < 0.8:
        return gzip.compress(mutated(_unpacked(content), rng), 1, mtime=0)
    if content[:4] == b"PK\3\4" and rng.random() < 0.8:
        return _zip(content, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        content = rng.choice(_WAYS)(content, rng)
    return content


@lru_cache(maxsize=4)
def _unpacked(content: bytes) -> bytes:
    return gzip.decompress(content)


@lru_cache(maxsize=4)
def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _zip(content: bytes, rng: random.Random) -> bytes:
    """Change what is in a zip file, or what it is called."""
    members = dict(_members(content))
    name = rng.choice((*members, *[n for n in members if n.endswith(".json")] * 4))
    inside = members.pop(name)
    how = rng.random()
    if how < 0.1:
        name = rng.choice(("../a", "/a", "recordings/../../a", " ", "a" * 300, "C:\\a"))
    if how < 0.9:
        members[name] = inside if how < 0.1 else mutated(inside, rng)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, inside in members.items():
            packed.writestr(name, inside)
    return file.getvalue()


def _tree(content: bytes, rng: random.Random) -> bytes:
    """Put something odd into a JSON document, also into that of a Parquet file."""
    if content[:4] == b"PAR1":
        return _parquet(content, rng)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return _token(content, rng)
    return json.dumps(_grafted(document, rng)).encode()


def _grafted(document: Any, rng: random.Random) -> Any:
    if not isinstance(document, dict | list) or not document or rng.random() < 0.15:
        return rng.choice(_ODD)
    keys = list(document) if isinstance(document, dict) else range(len(document))
    key = rng.choice(keys)
    if rng.random() < 0.15:
        del document[key]
    else:
        document[key] = _grafted(document[key], rng)
    return document


@lru_cache(maxsize=4)
def _table_in(content: bytes) -> pa.Table | None:
    try:
        return pq.read_table(pa.BufferReader(content))
    except (OSError, ValueError, pa.ArrowException):
        return None


def _parquet(content: bytes, rng: random.Random) -> bytes:
    table = _table_in(content)
    if table is None:
        return _bytes(content, rng)
    if rng.random() < 0.5:
        metadata = dict(table.schema.metadata or {})
        for key, value in metadata.items():
            metadata[key] = _tree(value, rng)
        table = table.replace_schema_metadata(metadata)
    else:
        place = rng.randrange(table.num_columns)
        odd = rng.choice((None, "a", 1, 1.5, True, [1], {"a": 1}, b"\xff"))
        column = pa.array([odd] * table.num_rows)
        table = table.set_column(place, table.column_names[place], column)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _token(content: bytes, rng: random.Random) -> bytes:
    """Replace, double or remove a word, a number or a mark."""
    at = rng.randrange(max(1, len(content) - _LOOKED_AT))
    found = [t.span() for t in _TOKEN.finditer(content, at, at + _LOOKED_AT)]
    if not found:
        return content + rng.choice(_ODD_TEXT).encode()
    start, end = rng.choice(found)
    odd = rng.choice((rng.choice(_ODD_TEXT).encode(), content[start:end] * 2))
    return content[:start] + odd + content[end:]


_LOOKED_AT: Final = 2_000
"""Bytes in which a token is looked for; anywhere in the file."""


def _bytes(content: bytes, rng: random.Random) -> bytes:
    """Flip, insert, cut out or cut off."""
    at = rng.randrange(len(content) + 1)
    to = min(len(content), at + rng.choice((1, 1, 4, 100)))
    match rng.randrange(5):
        case 0:
            return (
                content[:at]
                + bytes(b ^ rng.randrange(1, 256) for b in content[at:to])
                + content[to:]
            )
        case 1:
            return content[:at] + rng.randbytes(rng.choice((1, 4, 30))) + content[at:]
        case 2:
            return content[:at] + content[to:]
        case 3:
            return content[:at]
        case _:
            return content[:at] + content[at:to] * rng.choice((2, 50)) + content[to:]


_WAYS = (_tree, _tree, _token, _token, _bytes)


# --- a journal --------------------------------------------------------------


def small_journal(home: Path, session: Session) -> Path:
    """Make a small journal that holds something of everything; give its database."""
    folder = home.parent / "recording"
    folder.mkdir(parents=True)
    write_tables(folder, session)
    with open_journal(home) as journal:
        journal.add_patient("anna", notes="left since 2019")
        journal.change_patient("anna", notes="left since 2018")
        journal.add_patient("ben")
        logged = log_folder(journal, folder, "anna", started_at=WHEN, device="phone")
        name = logged.recording_id
        keys = [burst.key for burst in journal.analysis(name).bursts]
        acts = [Act(action=ReviewAction.REJECT, key=keys[0], text="a yawn")]
        acts += [Act(action=ReviewAction.CONFIRM, key=key) for key in keys[1:]]
        journal.review_many(name, "eva", acts, finish=True)
        journal.change_recording(name, note="after coffee", task=Task.SMILING)
        day = WHEN.date()
        journal.write_diary("anna", [DiaryEntry(on=day, stress=3, notes="tired")])
        journal.write_diary("anna", [DiaryEntry(on=day, stress=4, notes="tired")])
        given = Treatment(
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=day,
            side=Side.LEFT,
            product="incobotulinumtoxinA",
            units=20.0,
            muscles={"orbicularis oculi": 12.5, "zygomaticus major": 2.5},
        )
        journal.add_treatments("anna", [given])
    file = home / "journal.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA page_size=512")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode=WAL")
    return file
