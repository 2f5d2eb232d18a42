"""Other users of the same computer get nothing."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from twitch_tracker.app import server
from twitch_tracker.app.door import Door
from twitch_tracker.app.entrance import address, opening, peers
from twitch_tracker.app.entrance.address import own_name
from twitch_tracker.app.entrance.opening import open_in_browser, redirect_file
from twitch_tracker.app.entrance.peers import is_foreign_user
from twitch_tracker.app.locking import locked
from twitch_tracker.app.recording.store import LOCK
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.cli import serve as serve_command
from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.journal.open import make_private_again, open_journal
from twitch_tracker.settings import HOME_VARIABLE

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells users")

LINK = "http://tt-0.localhost:8737/open?key=secret"


def open_to_others(root: Path) -> list[str]:
    """Everything that anybody but its user may open."""
    return [
        path.relative_to(root.parent).as_posix()
        for path in (root, *root.rglob("*"))
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


# --- files ------------------------------------------------------------------


@posix
def test_a_journal_is_private_from_the_first_moment(tmp_path, make_recording):
    old = os.umask(0o022)
    try:
        with open_journal(tmp_path / "home") as journal:
            journal.add_patient("anna")
            seen = open_to_others(tmp_path / "home")
            journal.backup(tmp_path / "backup.zip")
    finally:
        os.umask(old)
    assert "home" not in seen
    assert "home/journal.sqlite3" not in seen
    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_nothing_is_open_to_others_whatever_the_mask_of_a_python_program(
    tmp_path, make_recording, mask
):
    from dataclasses import replace
    from datetime import UTC, datetime

    from twitch_tracker.journal.upkeep.backup import restore

    old = os.umask(mask)
    try:
        signals = tmp_path / "signals.parquet"
        signals.write_bytes(b"signals")
        home = tmp_path / "home"
        with open_journal(home) as journal:
            journal.add_patient("anna")
            made = make_recording(datetime(2026, 5, 1, tzinfo=UTC), 3)
            journal.log("anna", replace(made, signals=signals))
            assert open_to_others(home) == [], "while it is open, too"
            packed = journal.backup(tmp_path / "backup.zip")
        restore(packed, tmp_path / "new")
        assert open_to_others(tmp_path / "new") == []
    finally:
        os.umask(old)


@posix
def test_what_an_older_version_left_open_is_mended(tmp_path):
    home = tmp_path / "home"
    with open_journal(home):
        pass
    (home / "app" / "clips" / "a").mkdir(parents=True)
    (home / "recordings" / "ab").mkdir(parents=True)
    for name in ("app/clips/a/rest.webm", "recordings/ab/x.parquet", "other.txt"):
        (home / name).write_bytes(b"film")
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with open_journal(home):
        pass
    for name in ("keys.json", "keys-copy.json"):  # of an encrypted one
        (home / name).write_bytes(b"keys")
        (home / name).chmod(0o644)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    make_private_again(home)
    assert open_to_others(home) == ["home/other.txt"], "what is not ours stays as it is"


@posix
def test_what_everybody_shares_is_left_alone(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with open_journal(shared) as journal:
        assert stat.S_IMODE(shared.stat().st_mode) == 0o1777
        journal.add_patient("anna")
        files = sorted(shared.iterdir())
        assert len(files) > 1, "SQLite keeps new entries beside it"
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@posix
def test_a_command_writes_what_only_its_user_can_open(tmp_path):
    """Whatever the shell allows others."""
    command = "import os, sys; os.umask(0o022); from twitch_tracker.cli.app import main"
    command += f"; sys.argv = ['x', 'journal', 'backup', {str(tmp_path / 'b.zip')!r}"
    command += f", '--home', {str(tmp_path / 'home')!r}]; main()"
    subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)
    assert open_to_others(tmp_path / "home") == []
    assert open_to_others(tmp_path / "b.zip") == []


# --- the link ---------------------------------------------------------------


def test_the_browser_is_started_without_the_key(tmp_path):
    """What a program is started with can be read by every user."""
    shown: list[str] = []
    with redirect_file(tmp_path, LINK) as file:
        assert file is not None
        open_in_browser(file, shown.append).join()
        text = file.read_text(encoding="utf-8")
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shown == [file.as_uri()]
    assert "secret" not in shown[0]
    assert LINK in text
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_killed_server_goes(tmp_path):
    with redirect_file(tmp_path, LINK) as file:
        assert file is not None
        left = file.with_name("twitch-tracker-open-0.html")
        left.write_text("of before")
    with redirect_file(tmp_path, LINK):
        assert not left.exists()


def test_a_browser_in_a_box_gets_a_file_that_it_can_open(tmp_path, monkeypatch):
    monkeypatch.setattr(opening.sys, "platform", "linux")
    monkeypatch.setattr(opening.Path, "is_dir", lambda _path: True)
    monkeypatch.setattr(opening.Path, "home", lambda: tmp_path)
    with redirect_file(tmp_path / ".local" / "share", LINK) as file:
        assert file is not None
        assert file.parent == tmp_path


def test_the_file_leads_in_again_after_its_key_was_used(tmp_path):
    """A window that was closed by mistake is opened by the same file."""
    door, settings = Door(), AppSettings(home=tmp_path, port=8737)
    key = door.make_key()
    with redirect_file(tmp_path, f"{settings.address}/open?key={key}") as file:
        assert file is not None
        door.on_used = partial(server._renew_key, file, settings, door)
        sessions = []
        for _ in range(3):
            (key,) = set(re.findall(r"key=([\w-]+)", file.read_text("utf-8")))
            sessions.append(door.admit(key))
            assert door.admit(key) is None, "a key opens the app once"
        assert len({*sessions} - {None}) == 3
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_somebody_removed_does_not_keep_anybody_out(tmp_path):
    door, settings = Door(), AppSettings(home=tmp_path, port=8737)
    with redirect_file(tmp_path, LINK) as file:
        assert file is not None
        door.on_used = partial(server._renew_key, file, settings, door)
        file.unlink()
        assert door.admit(door.make_key())
        assert not file.exists()


def test_the_command_opens_the_window_of_the_app_that_runs(
    tmp_path, monkeypatch, capsys
):
    shown: list[str] = []
    started: list[object] = []
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(opening.open_in_browser, "__defaults__", (shown.append,))
    monkeypatch.setattr(serve_command, "serve", lambda **told: started.append(told))
    folder = tmp_path / "app"
    serve_command.app()
    assert started == [{"home": None, "journal": None}]
    folder.mkdir()
    with locked(folder / LOCK), redirect_file(folder, LINK) as file:
        assert file is not None
        serve_command.app()
        assert shown == [file.as_uri()]
    assert "is already running" in capsys.readouterr().out
    monkeypatch.setattr(serve_command, "_STARTING_S", 0.0)
    with locked(folder / LOCK), pytest.raises(OutputNotWritable, match="is missing"):
        serve_command.app()
    assert len(started) == 1


def test_nobody_waits_for_a_browser_that_stays_in_the_foreground(
    tmp_path, monkeypatch, capsys
):
    closed = threading.Event()
    monkeypatch.setattr(
        opening.open_in_browser, "__defaults__", (lambda _address: closed.wait(60),)
    )
    serve_command._announce(LINK, LINK, tmp_path / "open.html", None, quiet=False)
    closed.set()
    assert LINK in capsys.readouterr().out


# --- the name ---------------------------------------------------------------


def test_a_folder_has_a_name_that_stays_and_cannot_be_guessed(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = address._kept(tmp_path / "one" / "name.txt")
    assert first == address._kept(tmp_path / "one" / "name.txt")
    assert first != address._kept(tmp_path / "two" / "name.txt")
    assert first.endswith(".localhost")
    assert len(first) == len("tt-.localhost") + 20


def test_a_name_that_was_tampered_with_is_made_anew(tmp_path):
    path = tmp_path / "name.txt"
    path.write_text("evil.example")
    assert address._kept(path).endswith(".localhost")


def test_where_browsers_do_not_know_such_names_the_number_is_used(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(address.sys, "platform", "darwin")
    monkeypatch.setattr(address, "_known_here", lambda _name: False)
    assert own_name(tmp_path) is None


# --- who asks ---------------------------------------------------------------

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"


def listed(path: Path, local: str, user: int, state: str = "01") -> tuple[Path, ...]:
    """Linux's list with one connection to port 8737 (0x2221)."""
    row = f"   0: {local} 0100007F:2221 {state} 00000000:00000000 00:00000000 00000000"
    path.write_text(f"{HEAD}{row}  {user}        0 1 1 0\n", encoding="utf-8")
    return (path,)


@linux
@pytest.mark.skipif(sys.byteorder != "little", reason="as written on little-endian")
@pytest.mark.parametrize(
    ("local", "user", "state", "foreign"),
    [
        ("0100007F:C000", 4711, "01", True),
        ("0000000000000000FFFF00000100007F:C000", 4711, "01", True),
        ("0100007F:C000", 0, "01", False),
        ("0100007F:C000", 0, "05", True),
        ("0100007F:C001", 4711, "01", True),
    ],
    ids=["somebody", "somebody by IPv6", "root", "let go of", "who hung up"],
)
def test_linux_tells_who_asks(tmp_path, monkeypatch, local, user, state, foreign):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    lists = listed(tmp_path / "tcp", local, user, state)
    ends = ("127.0.0.1", 0xC000), ("127.0.0.1", 8737)
    assert is_foreign_user(*ends, lists, ask=lambda _ends: None) is foreign
    assert is_foreign_user(None, ends[1], lists), "who hung up before anybody looked"
    ours = listed(tmp_path / "ours", "0100007F:C000", 1000)
    assert not is_foreign_user(*ends, ours, ask=lambda _ends: None)


@linux
@pytest.mark.skipif(sys.byteorder != "little", reason="as written on little-endian")
def test_who_comes_from_around_this_linux_is_not_turned_away(tmp_path):
    """Through a container's door, or from Windows: only this end is listed."""
    ends = ("172.17.0.1", 0xC000), ("127.0.0.1", 8737)
    row = "   0: 0100007F:2221 010011AC:C000 01 00000000:00000000 00:00000000 00000000"
    ours = tmp_path / "tcp"
    ours.write_text(f"{HEAD}{row}  1000        0 1 1 0\n", encoding="utf-8")
    assert not is_foreign_user(*ends, (ours,), ask=lambda _ends: None)
    nothing = (tmp_path / "no list",)
    assert not is_foreign_user(*ends, nothing, ask=lambda _ends: None), "nobody says"


@linux
def test_linux_is_asked_for_one_connection(monkeypatch):
    """Without reading the list of all: by IPv4, and by IPv6 that stands for it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        for family, there in (
            (socket.AF_INET, "127.0.0.1"),
            (socket.AF_INET6, "::ffff:127.0.0.1"),
        ):
            with socket.socket(family) as theirs:
                theirs.connect((there, port))
                ours, client = listening.accept()
                with ours:
                    ends = client, ours.getsockname()
                    assert not is_foreign_user(*ends, lists=())
                    with monkeypatch.context() as patch:
                        patch.setattr(os, "geteuid", lambda: os.getuid() + 1)
                        asked = peers.asked(ends)
                        assert asked == (os.getuid(), 1)
                        patch.setattr(peers, "ROOT", -1)
                        assert is_foreign_user(*ends, lists=())
                    gone = (client[0], 1), ours.getsockname()
                    assert peers.asked(gone) is None


def run_as_nobody(code: str) -> str:
    """Run Python as another user of this computer; what it printed."""
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-c", code],
        user=65534,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no Python for another user: {done.stderr}")
    return done.stdout.strip()


@linux
@pytest.mark.skipif(
    sys.platform == "linux" and os.geteuid() != 0, reason="needs root to be two users"
)
def test_another_user_with_the_link_is_turned_away(served):
    """The same link, asked for by another user, and then by its own."""
    path = f"/open?key={served.parts.door.make_key()}"
    code = (
        "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', "
        f"{served.settings.port}); c.request('GET', {path!r}); "
        "print(c.getresponse().status)"
    )
    assert run_as_nobody(code) == "403"
    with served.stranger() as client:
        assert client.get(path).status_code == 303


@linux
@pytest.mark.skipif(
    sys.platform == "linux" and os.geteuid() != 0, reason="needs root to be two users"
)
@pytest.mark.parametrize("abruptly", [1, 0])
def test_another_user_who_hangs_up_at_once_is_turned_away(served, browser, abruptly):
    """Nobody holds such a connection any more, and the request is there all the same."""
    body = "pseudonym=mallory"
    head = (
        f"POST /people HTTP/1.1\r\nHost: {served.settings.address[7:]}\r\n"
        f"Origin: {served.settings.address}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: {'; '.join(f'{k}={v}' for k, v in browser.cookies.items())}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    code = (
        "import socket, struct\n"
        "for _ in range(20):\n"
        "    s = socket.socket()\n"
        "    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, "
        f"struct.pack('ii', {abruptly}, 0))\n"
        f"    s.connect(('127.0.0.1', {served.settings.port}))\n"
        f"    s.sendall({head.encode()!r})\n"
        "    s.close()\n"
    )
    run_as_nobody(code)
    time.sleep(1.0)
    assert browser.get("/people/~mallory").status_code == 404
