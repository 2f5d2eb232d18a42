"""Random kills: whatever ends a program, nothing is lost, half, or left for good.

    KILLS=200 python -m pytest -m benchmark -s tests/benchmark/test_kills.py

Every act runs in a process of its own that is killed (SIGKILL) at a random moment of
it; then the next start is made, as a user would make it, and looked at: the journal is
sound, nothing lies about, what was acknowledged is there, and what was under way is
whole or was never begun. The numbers in docs/security.md are this module's.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from killed_acts import (
    ACTS,
    CODE,
    OLD,
    ON_SERVER,
    PASSPHRASE,
    Say,
    World,
    analyse,
    upload,
)
from postgresql import has_postgresql, running_postgresql

from twitch_tracker.encrypted import keys
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.open import open_journal

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

KILLS = int(os.environ.get("KILLS", "200"))
SEED = int(os.environ.get("SEED", "14"))
ONLY = tuple(filter(None, os.environ.get("ACTS", "").split(",")))
"""Some of the acts, by name, with commas between; all by default."""


@pytest.fixture(scope="module")
def server() -> Iterator[str | None]:
    """Run a PostgreSQL server where there is one, and it is asked for."""
    if not has_postgresql() or (ONLY and ON_SERVER not in ONLY):
        yield None
        return
    with running_postgresql() as folder:
        yield folder


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory,
    made_session: Callable[..., Any],
    server: str | None,
) -> World:
    """The world before any act; every kill has a copy of it."""
    world = World(tmp_path_factory.mktemp("filled"), made_session, server)
    world.fill()
    with open_journal(world.home) as journal:
        journal.backup(world.place / "packed.zip")
    locked = tmp_path_factory.mktemp("locked") / "home"
    shutil.copytree(world.home, locked)
    encrypt_journal(locked, PASSPHRASE, CODE)
    with open_journal(locked) as journal:
        journal.backup(world.place / "locked.zip")
    keys.forget_home(locked)
    (world.place / "stick").mkdir()
    (world.place / "old").mkdir()
    with sqlite3.connect(world.place / "old" / "journal.sqlite3") as old:
        old.executescript(OLD.read_text(encoding="utf-8"))
    old.close()
    return world


def run(act: Callable[[World, Say], None], world: World, after_s: float | None) -> Any:
    """Do an act in a process of its own and kill it; give what it acknowledged."""
    reading, writing = os.pipe()
    began_s = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            act(world, lambda told: os.write(writing, f"{told}\n".encode()))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child must never return here
            os._exit(1)
    os.close(writing)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    status = wait_for(child)
    lasted_s = time.monotonic() - began_s
    with os.fdopen(reading) as heard:
        said = heard.read().split("\n")[:-1]
    assert after_s is not None or status == 0, f"{act.__name__} failed unkilled"
    return said, lasted_s, os.WIFSIGNALED(status)


def wait_for(child: int) -> int:
    """Wait for a child, but not for ever."""
    for _ in range(1200):
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError("an act hangs")


@pytest.fixture
def anew(filled: World, tmp_path: Path) -> Callable[[str], World]:
    """Copy the world for an act."""
    numbers = iter(range(10**6))

    def copy(name: str) -> World:
        place = tmp_path / str(next(numbers))
        shutil.copytree(filled.place, place)
        world = World(place, filled.made_session, filled.server)
        if name == ON_SERVER:
            world.on_server()  # else the process that is killed would make it
        return world

    return copy


def test_nothing_is_lost_half_or_left_by_random_kills(
    anew: Callable[[str], World],
    server: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    lengths_s: dict[str, float] = {}
    for name, (act, right) in ACTS.items():
        if (ONLY and name not in ONLY) or (name == ON_SERVER and server is None):
            continue
        if act not in (analyse, upload):  # FFmpeg and Arrow hold threads after work
            # Loads what it needs; children share that.
            act(anew(name), lambda _told: None)
        world = anew(name)
        said, lengths_s[name], _ = run(act, world, None)
        assert [*world.next_start(), *right(world, said)] == [], name
    kills: Counter[str] = Counter()
    faults: list[str] = []
    for number in range(3 * KILLS):
        name = min(lengths_s, key=lambda name: kills[name])
        act, right = ACTS[name]
        world = anew(name)
        after_s = chance.uniform(0, lengths_s[name])
        said, _, killed = run(act, world, after_s)
        kills[name] += killed
        try:
            wrong = [*world.next_start(), *right(world, said)]
        except Exception as error:  # noqa: BLE001 - to be told with the others
            wrong = [f"{type(error).__name__}: {error}"]
        faults += [f"{name}, kill {number} after {after_s:.3f} s: {w}" for w in wrong]
        shutil.rmtree(world.place)
        keys.forget_home(world.home)
        if sum(kills.values()) == KILLS:
            break
    with capsys.disabled():
        print(f"\n{sum(kills.values())} kills, seed {SEED}")
        for name, count in kills.items():
            print(f"  {name:40} {count:4} killed, {lengths_s[name]:.2f} s unkilled")
        print("\n".join([f"  faults: {len(faults)}", *faults]))
    assert faults == []
