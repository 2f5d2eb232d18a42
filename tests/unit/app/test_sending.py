"""A film is sent as it is asked for, encrypted on the disk or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

pytest.importorskip("cryptography")

from twitch_tracker.app.recording.sending import send_file
from twitch_tracker.app.server import bind
from twitch_tracker.encrypted.files import is_encrypted, write_all
from twitch_tracker.encrypted.keys import forget_home, new_key, unlock_home

FILM = os.urandom(200_000)


@pytest.fixture(params=["plain", "encrypted"])
def client(
    tmp_path: Path, request: pytest.FixtureRequest, run_app: Callable[..., str]
) -> Iterator[httpx.Client]:
    film = tmp_path / "app" / "film.mp4"
    film.parent.mkdir()
    if request.param == "encrypted":
        unlock_home(tmp_path, new_key())
    write_all(film, FILM)
    assert is_encrypted(film) == (request.param == "encrypted")

    def film_page(_request: Request) -> Response:
        headers = {"Cache-Control": "private, no-store"}
        return send_file(film, media_type="video/mp4", headers=headers)

    app = Starlette(routes=[Route("/film", film_page)])
    address = run_app(app, bind("127.0.0.1", 0))
    with httpx.Client(base_url=address, verify=False) as client:  # noqa: S501
        yield client
    forget_home(tmp_path)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, 200_000),
        ("bytes=0-99", 0, 100),
        ("bytes=65000-66000", 65_000, 66_001),
        ("bytes=199990-999999", 199_990, 200_000),
        ("bytes=-5", 199_995, 200_000),
    ],
)
def test_a_part_is_sent(client: httpx.Client, asked: str, start: int, end: int):
    told = client.get("/film", headers={"Range": asked})
    assert told.content == FILM[start:end]
    if (start, end) != (0, 200_000):
        assert told.status_code == 206
        assert told.headers["content-range"] == f"bytes {start}-{end - 1}/200000"
    assert told.headers["content-length"] == str(end - start)


def test_all_of_it_is_sent(client: httpx.Client):
    told = client.get("/film")
    assert told.content == FILM
    assert told.status_code == 200
    assert told.headers["accept-ranges"] == "bytes"
    assert told.headers["content-type"] == "video/mp4"
    assert told.headers["cache-control"] == "private, no-store"


def test_what_is_beyond_its_end_is_refused(client: httpx.Client):
    assert client.get("/film", headers={"Range": "bytes=200000-"}).status_code == 416


def test_what_cannot_be_understood_is_all_of_it(client: httpx.Client):
    for odd in ("bytes=-", "lines=1-2"):
        told = client.get("/film", headers={"Range": odd})
        assert told.status_code in {200, 400}
