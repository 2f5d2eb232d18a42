"""How many answers are made at once, and that what takes long keeps nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from twitch_tracker.app.request_limiter import RequestLimiter

START = {"type": "http.response.start", "status": 200, "headers": []}
END = {"type": "http.response.body", "body": b""}
GET = {"type": "http", "method": "GET", "path": "/"}
POST = {"type": "http", "method": "POST", "path": "/"}
SOCKET = {"type": "websocket", "path": "/live"}


class Pages:
    """An app whose pages begin when they are asked for, and answer when let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del receive
        self.begun.append(scope["name"])
        await self.may_answer.wait()
        if scope["name"] == "broken":
            raise ValueError("a page that fails")
        await send(START)
        await self.may_end.wait()
        await send(END)


async def nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def settled() -> None:
    """Let everybody do what can be done without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


def played(story: Callable[[Pages, Any], Awaitable[None]], **facts: Any) -> None:
    """Play a story: what asks for pages, two of which may be made at once."""

    async def play() -> None:
        pages, asked = Pages(), []
        app = RequestLimiter(pages, most=2, **facts)

        async def taken(_message: Any) -> None:
            pass

        def ask(name: str, kind: dict[str, Any] = GET) -> asyncio.Task[None]:
            asked.append(
                asyncio.create_task(app({**kind, "name": name}, nothing, taken))
            )
            return asked[-1]

        await story(pages, ask)
        pages.may_answer.set()
        pages.may_end.set()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(play())


def test_pages_wait_in_the_order_in_which_they_came():
    async def story(pages: Pages, ask: Any) -> None:
        for name in "abcd":
            ask(name)
        await settled()
        assert pages.begun == ["a", "b"]
        pages.may_answer.set()
        await settled()
        assert pages.begun == ["a", "b", "c", "d"], "begun once the others answer"

    played(story)


def test_an_answer_that_is_being_sent_keeps_nobody_waiting():
    async def story(pages: Pages, ask: Any) -> None:
        films = [ask("film"), ask("film")]
        pages.may_answer.set()
        await settled()
        ask("page")
        await settled()
        assert pages.begun[-1] == "page"
        assert not any(film.done() for film in films)

    played(story)


def test_who_changes_something_and_sockets_do_not_wait():
    async def story(pages: Pages, ask: Any) -> None:
        for name, kind in (("a", GET), ("b", GET), ("act", POST), ("film", SOCKET)):
            ask(name, kind)
        await settled()
        assert pages.begun == ["a", "b", "act", "film"]

    played(story)


def test_what_takes_long_keeps_nobody_waiting():
    async def story(pages: Pages, ask: Any) -> None:
        for name in ("long", "long", "page"):
            ask(name)
        while "page" not in pages.begun:
            await asyncio.sleep(0.01)

    played(story, long_s=0.01)


def test_a_place_is_given_back_once_whatever_happens():
    """Neither a page that fails nor one that nobody waits for keeps a place, or gives two."""

    async def story(pages: Pages, ask: Any) -> None:
        failing, given_up, waiting = ask("broken"), ask("gone"), ask("never begun")
        await settled()
        given_up.cancel()
        waiting.cancel()
        pages.may_answer.set()
        await asyncio.gather(failing, given_up, waiting, return_exceptions=True)
        pages.may_answer.clear()
        pages.begun.clear()
        for name in "abc":
            ask(name)
        await settled()
        assert pages.begun == ["a", "b"]

    played(story)


@pytest.mark.parametrize("kind", [GET, POST])
def test_faults_reach_whoever_stands_around(kind: dict[str, Any]):
    async def fails(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ValueError("a page that fails")

    with pytest.raises(ValueError, match="a page that fails"):
        asyncio.run(RequestLimiter(fails)(kind, nothing, nothing))
