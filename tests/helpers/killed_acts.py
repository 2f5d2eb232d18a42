"""Acts that `test_kills.py` kills in the middle, and what must be true after each.

An act takes a world of its own (a home with people, recordings and films) and says what
it has acknowledged; its check makes the next start as a user would, and lists what is wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from postgresql import new_database

from twitch_tracker.app.keeping.forgetting import films_of, places_of_recording
from twitch_tracker.app.keeping.leftovers import find_leftovers, sweep, tidy_up
from twitch_tracker.app.keeping.renaming import rename_everywhere
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import (
    finish_recording,
    put_chunk,
    take_file,
)
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.encrypted import keys
from twitch_tracker.encrypted.files import read_whole
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.staging import remove_stale_stages, staged_folder
from twitch_tracker.history import Task
from twitch_tracker.journal.encrypting.converting import (
    decrypt_journal,
    encrypt_journal,
    plain_files,
)
from twitch_tracker.journal.encrypting.opening import unlock
from twitch_tracker.journal.encrypting.passphrases import (
    is_encrypted_home,
    new_recovery_code,
)
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.upkeep import backup as backups

ON_SERVER = "restore into PostgreSQL"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD = Path(__file__).parents[1] / "contract" / "journal" / "older" / "version_0002.sql"
EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
PASSPHRASE = "four words of a test"  # noqa: S105
CODE = new_recovery_code()
CHUNKS = [bytes([n]) * 20_000 for n in range(12)]

Say = Callable[[object], None]


@dataclass
class World:
    """A home with two people, and what the acts need of it."""

    place: Path
    made_session: Callable[..., Any]
    server: str | None = None
    """Folder of a PostgreSQL server."""
    url_of_server: str = ""

    @property
    def elsewhere(self) -> str:
        """Where a database is that does not lie with its signals."""
        return f"sqlite:///{self.place / 'far.sqlite3'}"

    def on_server(self) -> str:
        """Make an empty database of its own on the server, once; give its URL."""
        if not self.url_of_server:
            assert self.server is not None
            name = f"j{sha256(str(self.place).encode()).hexdigest()[:16]}"
            self.url_of_server = new_database(self.server, name)
        return self.url_of_server

    @property
    def home(self) -> Path:
        return self.place / "home"

    def store(self) -> Store:
        return Store(self.home / "app")

    def result(self, name: str) -> Path:
        return self.place / "out" / name

    def analyse(self, name: str) -> None:
        """Write and log what an analysis leaves behind."""
        digest = sha256(name.encode()).hexdigest()
        with staged_folder(self.result(name)) as stage:
            write_tables(stage, self.made_session(f"{name}.mp4", digest))
        with open_journal(self.home) as journal:
            log_folder(journal, self.result(name), "anna", started_at=NOW)

    def fill(self) -> None:
        """Two people; anna with a film, a review copy and a recording in the journal."""
        with open_journal(self.home) as journal:
            journal.add_patient("anna")
            journal.add_patient("berta")
        self.analyse("first")
        store = self.store()
        with open_journal(self.home) as journal:
            (entry,) = journal.recordings("anna")
        for name in ("anna", "berta"):
            session = store.start_session(name, NOW)
            clip = store.add(
                patient_id=name,
                task=Task.REST,
                started_at=NOW,
                session_id=session.session_id,
                file_name="rest.webm",
                state=ClipState.DONE,
                recording_id=entry.recording_id if name == "anna" else "",
            )
            store.video(clip).write_bytes(f"a film of {name}".encode())
        copy = self.home / "app" / "review" / entry.content_sha256
        copy.mkdir(parents=True)
        (copy / "copy.mp4").write_bytes(b"a film of anna, to be reviewed")

    def films(self, name: str) -> int:
        told = f"a film of {name}".encode()
        found = (p for p in self.home.rglob("*") if p.is_file())
        return sum(told in path.read_bytes() for path in found)

    def next_start(self) -> list[str]:
        """Start as `serve` does; tell everything that is not as it should be.

        It is a minute later: an empty folder that has no lock yet may be somebody's.
        """
        for path in (*self.place.glob(".*"), *self.place.rglob(".*-*")):
            if path.is_dir() and not any(path.iterdir()):
                os.utime(path, (0, 0))
        unlock(self.home, PASSPHRASE)
        with open_journal(self.home) as journal:
            sweep(self.store(), self.home, now=NOW + timedelta(days=30))
            tidy_up(journal, self.home)
            wrong = [str(finding) for finding in journal.check()]
            left = find_leftovers(journal, self.store(), self.home)
            wrong += [str(one) for one in left]
        parts = (".part", ".restore-", ".partial-", "removing", "renaming")
        wrong += [
            f"left: {path.relative_to(self.place)}"
            for path in self.home.rglob("*")
            if any(part in path.name for part in parts)
        ]
        return wrong


# --- acts: what is done, and what must be true afterwards -------------------------------


def analyse(world: World, say: Say) -> None:
    for n in range(3):
        world.analyse(f"new{n}")
        say(n)


def analysed(world: World, said: list[str]) -> list[str]:
    for n in range(3):
        remove_stale_stages(world.result(f"new{n}"))
    wrong = [f"stage left: {p}" for p in (world.place / "out").glob(".*")]
    with open_journal(world.home) as journal:
        names = {entry.file_name for entry in journal.recordings("anna")}
    return wrong + [f"lost: new{n}" for n in said if f"new{n}.mp4" not in names]


def record(world: World, say: Say) -> None:
    store = world.store()
    session = store.start_session("anna", NOW)
    clip = store.add(
        patient_id="anna",
        task=Task.SMILING,
        started_at=NOW,
        session_id=session.session_id,
        media_type="video/webm",
    )
    for index, data in enumerate(CHUNKS):
        put_chunk(store, clip, index, data, sha256(data).hexdigest())
        say(index)
    finish_recording(store, clip)


def recorded(world: World, said: list[str]) -> list[str]:
    found = [c for c in world.store().clips() if c.task is Task.SMILING]
    if not found:
        return ["lost: all of it"] if said else []
    (clip,) = found
    film = world.store().video(clip).read_bytes()
    wanted = b"".join(CHUNKS[: len(said)])
    whole = film.startswith(wanted) and film == b"".join(CHUNKS)[: len(film)]
    ended = clip.state is not ClipState.RECORDING
    return [] if whole and ended else [f"{clip.state}: {len(film)} of {len(wanted)}"]


def upload(world: World, say: Say) -> None:
    store, data = world.store(), EXAMPLE.read_bytes()
    clip = store.add(
        patient_id="anna",
        task=Task.OTHER,
        started_at=NOW,
        announced_bytes=len(data),
        media_type="video/mp4",
    )

    async def pieces() -> Any:
        for start in range(0, len(data), 20_000):
            yield data[start : start + 20_000]

    settings = AppSettings(home=world.home, port=1)
    asyncio.run(take_file(store, clip, pieces(), settings))
    say("stored")


def uploaded(world: World, said: list[str]) -> list[str]:
    found = [c for c in world.store().clips() if c.task is Task.OTHER]
    films = [world.store().video(clip).read_bytes() for clip in found]
    wrong = ["lost"] if said and not films else []
    return wrong + ["half a film" for film in films if film != EXAMPLE.read_bytes()]


def bring_in(world: World, say: Say) -> None:
    """Import many at once: one transaction."""
    with open_journal(world.home) as journal:
        (entry,) = journal.recordings("anna")
        from twitch_tracker.journal.files.folder import read_folder

        one = read_folder(world.result("first"), started_at=NOW)
        many = [
            replace(one, content_sha256=sha256(bytes([n])).hexdigest())
            for n in range(40)
        ]
        assert entry.recording_id
        journal.log_many("anna", many)
    say("imported")


def brought_in(world: World, said: list[str]) -> list[str]:
    with open_journal(world.home) as journal:
        count = len(journal.recordings("anna"))
    wanted = {41} if said else {1, 41}
    return [] if count in wanted else [f"{count} recordings"]


def back_up(world: World, say: Say) -> None:
    with open_journal(world.home) as journal:
        journal.backup(world.place / "stick" / "b.zip")
    say("done")


def backed_up(world: World, said: list[str]) -> list[str]:
    file = world.place / "stick" / "b.zip"
    wrong = ["lost"] if said and not file.exists() else []
    if file.exists():
        backups.restore(file, world.place / "again")
    with open_journal(world.home) as journal:
        journal.backup(world.place / "stick" / "next.zip")
    left = {path.name for path in file.parent.iterdir()} - {"b.zip", "next.zip"}
    return wrong + [f"left: {name}" for name in left]


def restore(world: World, say: Say) -> None:
    backups.restore(world.place / "packed.zip", world.place / "new")
    say("done")


def restored(world: World, said: list[str]) -> list[str]:
    return restored_to(world, said, None)


def restore_elsewhere(world: World, say: Say) -> None:
    backups.restore(world.place / "packed.zip", world.place / "new", world.elsewhere)
    say("done")


def restored_elsewhere(world: World, said: list[str]) -> list[str]:
    return restored_to(world, said, world.elsewhere)


def restore_to_server(world: World, say: Say) -> None:
    url = world.on_server()
    backups.restore(world.place / "packed.zip", world.place / "new", url)
    say("done")


def restored_to_server(world: World, said: list[str]) -> list[str]:
    return restored_to(world, said, world.on_server())


def restored_to(world: World, said: list[str], url: str | None) -> list[str]:
    """Also after somebody has looked there, which makes empty tables."""
    new = world.place / "new"
    with contextlib.suppress(Exception), open_journal(new, url):
        pass
    whole = False
    with contextlib.suppress(Exception), open_journal(new, url) as journal:
        whole = bool(journal.patients())
    if not whole:
        if said:
            return ["lost"]
        backups.restore(world.place / "packed.zip", new, url)
    with open_journal(new, url) as journal:
        wrong = [str(finding) for finding in journal.check()]
        wrong += [] if len(journal.recordings("anna")) == 1 else ["half"]
    return wrong + [f"left: {path.name}" for path in new.glob(".*")]


def restore_encrypted(world: World, say: Say) -> None:
    new = world.place / "new"
    backups.restore(world.place / "locked.zip", new, passphrase=PASSPHRASE)
    say("done")


def restored_encrypted(world: World, said: list[str]) -> list[str]:
    """With the passphrase, also for whoever looks at what is half there."""
    new = world.place / "new"
    whole = False
    with (
        contextlib.suppress(Exception),
        open_journal(new, passphrase=PASSPHRASE) as journal,
    ):
        whole = bool(journal.patients())
    if not whole:
        if said:
            return ["lost"]
        backups.restore(world.place / "locked.zip", new, passphrase=PASSPHRASE)
    with open_journal(new, passphrase=PASSPHRASE) as journal:
        wrong = [str(finding) for finding in journal.check()]
        wrong += [] if len(journal.recordings("anna")) == 1 else ["half"]
    keys.forget_home(new)
    wrong += [] if is_encrypted_home(new) else ["plain"]
    wrong += [f"plain: {path}" for path in plain_files(new)]
    left = {path.name for path in new.glob(".*")} - {".converting.lock"}
    return wrong + [f"left: {name}" for name in left]


def forget(world: World, say: Say) -> None:
    with open_journal(world.home) as journal:
        store = world.store()
        films = films_of(journal, store, "anna")
        journal.forget_patient("anna", also=films.places)
    say("forgotten")


def forgotten(world: World, said: list[str]) -> list[str]:
    with open_journal(world.home) as journal:
        there = "anna" in {patient.patient_id for patient in journal.patients()}
    films = world.films("anna")
    wrong = [] if films == (2 if there else 0) else [f"{films} films, {there=}"]
    wrong += ["there again"] if said and there else []
    return wrong + ([] if world.films("berta") == 1 else ["berta's film is gone"])


def remove(world: World, say: Say) -> None:
    with open_journal(world.home) as journal:
        (entry,) = journal.recordings("anna")
        places = places_of_recording(journal, world.store(), entry)
        journal.remove_recording(entry.recording_id, also=places)
    say("removed")


def removed(world: World, said: list[str]) -> list[str]:
    with open_journal(world.home) as journal:
        count = len(journal.recordings("anna"))
    films = world.films("anna")
    wrong = [] if films == 2 * count else [f"{films} films of {count} recordings"]
    return wrong + (["there again"] if said and count else [])


def rename(world: World, say: Say) -> None:
    with open_journal(world.home) as journal:
        rename_everywhere(journal, world.store(), "anna", "a17")
    say("renamed")


def renamed(world: World, said: list[str]) -> list[str]:
    with open_journal(world.home) as journal:
        (name,) = {p.patient_id for p in journal.patients()} - {"berta"}
    wrong = [] if len(world.store().of_patient(name)) == 1 else ["films stayed behind"]
    return wrong + (["not renamed"] if said and name != "a17" else [])


def migrate(world: World, say: Say) -> None:
    with open_journal(world.place / "old"):
        pass
    say("done")


def migrated(world: World, said: list[str]) -> list[str]:
    del said
    with open_journal(world.place / "old") as journal:
        wrong = [str(finding) for finding in journal.check()]
        count = sum(len(journal.recordings(p.patient_id)) for p in journal.patients())
    return wrong + ([] if count else ["no recordings"])


def encrypt(world: World, say: Say) -> None:
    encrypt_journal(world.home, PASSPHRASE, CODE)
    say("encrypted")


def there_and_back(world: World, say: Say) -> None:
    encrypt(world, say)
    decrypt_journal(world.home)
    say("decrypted")


def converted(world: World, said: list[str]) -> list[str]:
    """All of it is encrypted, or none; every film is what it was."""
    store, home = world.store(), world.home
    films = [(clip.patient_id, read_whole(store.video(clip))) for clip in store.clips()]
    wrong = [f"{n}: {film!r}" for n, film in films if film != f"a film of {n}".encode()]
    wrong += [] if len(films) == 2 else [f"{len(films)} films"]
    wrong += [f"left: {path}" for path in home.rglob("*.converting")]
    if is_encrypted_home(home):
        wrong += [f"plain: {path}" for path in plain_files(home)]
        wrong += [f"plain: a film of {n}" for n in ("anna", "berta") if world.films(n)]
        return wrong + (["encrypted still"] if "decrypted" in said else [])
    return wrong + ([] if world.films("berta") == 1 else ["encrypted still"])


def encrypted(world: World, said: list[str]) -> list[str]:
    lost = bool(said) and not is_encrypted_home(world.home)
    return converted(world, said) + (["not encrypted"] if lost else [])


ACTS: dict[str, tuple[Callable[[World, Say], None], Callable[..., list[str]]]] = {
    "analyze and batch, writing and logging": (analyse, analysed),
    "serve, recording": (record, recorded),
    "serve, uploading": (upload, uploaded),
    "import of many": (bring_in, brought_in),
    "backup": (back_up, backed_up),
    "restore": (restore, restored),
    "restore of a database elsewhere": (restore_elsewhere, restored_elsewhere),
    ON_SERVER: (restore_to_server, restored_to_server),
    "restore of an encrypted backup": (restore_encrypted, restored_encrypted),
    "forget": (forget, forgotten),
    "remove": (remove, removed),
    "rename": (rename, renamed),
    "migration": (migrate, migrated),
    "encrypt": (encrypt, encrypted),
    "encrypt and decrypt": (there_and_back, converted),
}
