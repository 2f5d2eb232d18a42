"""Connections that never ask for anything do not keep others out."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from twitch_tracker.app import connections
from twitch_tracker.app.connections import TimeoutProtocol

SLOW = threading.Event()


async def answer(scope, receive, send):
    """Answer at once; below /slow after the first part only when told to."""
    headers = [(b"content-length", b"4")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"do", "more_body": True})
    if scope["path"] == "/slow":
        import asyncio

        while not SLOW.is_set():
            await asyncio.sleep(0.01)
    await send({"type": "http.response.body", "body": b"ne"})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(connections, "MOST_WAITING", 5)
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        answer, log_level="critical", http=TimeoutProtocol, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield bound.getsockname()
    SLOW.set()
    server.should_exit = True
    thread.join()
    bound.close()


def half_open(address: tuple[str, int]) -> socket.socket:
    made = socket.create_connection(address, timeout=30)
    made.sendall(b"GET / HTTP/1.1\r\nHost: 127")
    return made


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_the_one_that_waits_for_longest_makes_room(address, monkeypatch):
    """Also when all come in one turn: nobody waits for the time of a head to pass."""
    monkeypatch.setattr(connections, "HEAD_WITHIN_S", 600.0)
    SLOW.clear()
    host, port = address
    busy = socket.create_connection(address, timeout=30)
    busy.sendall(b"GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert busy.recv(12) == b"HTTP/1.1 200"
    waiting = [half_open(address) for _ in range(20)]
    assert httpx.get(f"http://{host}:{port}/", timeout=30).text == "done"
    assert all(is_closed(one) for one in waiting[:10])
    SLOW.set()
    told = b""
    while not told.endswith(b"done"):
        told += busy.recv(100)
    for one in (*waiting, busy):
        one.close()


def test_a_head_that_does_not_end_is_given_up(address, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_WITHIN_S", 0.05)
    with half_open(address) as waiting:
        assert is_closed(waiting)


def test_whoever_asks_slowly_is_answered(address):
    with half_open(address) as slow:
        slow.sendall(b".0.0.1\r\nConnection: close\r\n\r\n")
        told = b""
        while part := slow.recv(1000):
            told += part
    assert told.endswith(b"done")


FEW_FILES = """
import resource, socket, sys
import uvicorn
from twitch_tracker.app.server import server_config
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
bound = socket.create_server(("127.0.0.1", 0))
print(bound.getsockname()[1], flush=True)
uvicorn.Server(server_config(app)).run(sockets=[bound])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_thousand_at_once_never_use_up_the_files_of_the_process(tmp_path: Path):
    """macOS gives a process 256; each file that is missing is a traceback."""
    with (
        (tmp_path / "said").open("wb") as said,
        subprocess.Popen(
            [sys.executable, "-c", FEW_FILES], stdout=subprocess.PIPE, stderr=said
        ) as server,
    ):
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            waiting = [half_open(("127.0.0.1", port)) for _ in range(700)]
            assert httpx.get(f"http://127.0.0.1:{port}/", timeout=60).text == "done"
            for connection in waiting:
                connection.close()
        finally:
            server.kill()
    assert "Too many open files" not in (tmp_path / "said").read_text()
