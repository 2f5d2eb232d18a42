"""Who reviews, and in which way: kept in a cookie of the browser's session.

Note: cookies of 127.0.0.1 are shared by all ports, so the name holds the port; and
every act names its rater and way again, so that two tabs with two raters never mix
(`check_same`).
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote, unquote

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from twitch_tracker.errors import BadParameter, ReviewRefused
from twitch_tracker.journal.entries import Way
from twitch_tracker.language import say
from twitch_tracker.review.raters import Rater
from twitch_tracker.wording.reviews import rater_in_words

__all__ = ["LONGEST", "MaybeRater", "check_same", "name_rater", "remember"]

LONGEST: Final = 80
"""Characters of a rater's name."""

_LETTERS: Final = {Way.OPEN: "o", Way.BLIND: "b", Way.SCRATCH: "s"}


def name_rater(typed: str, way: Way = Way.OPEN) -> Rater:
    """Make a rater of what somebody typed.

    Raises
    ------
    BadParameter
        It is no name.
    """
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise BadParameter(
            "rater", say("a name of 1 to {n} characters", n=LONGEST), typed[:LONGEST]
        )
    return Rater(name=name, way=way)


def _cookie(port: int) -> str:
    return f"twitch_tracker_rater_{port}"


def remember(answer: Response, port: int, rater: Rater) -> None:
    """Keep a rater until the browser is closed."""
    value = _LETTERS[rater.way] + quote(rater.name, safe="")
    answer.set_cookie(_cookie(port), value, httponly=True, samesite="strict", path="/")


def check_same(rater: Rater | None, named: Rater | None) -> Rater:
    """Refuse an act of somebody else than who reviews now, or in another way.

    Raises
    ------
    ReviewRefused
        In words.
    """
    if rater is None or named is None:
        raise ReviewRefused(say("Enter your name first: load this page again."))
    if rater != named:
        raise ReviewRefused(
            say(
                "This page belongs to {old}, but {new} now reviews in another tab. "
                "Nothing was stored. Load this page again.",
                old=rater_in_words(named.name, named.way),
                new=rater_in_words(rater.name, rater.way),
            )
        )
    return rater


def _rater_of(connection: HTTPConnection) -> Rater | None:
    port = connection.app.state.parts.settings.port
    value = connection.cookies.get(_cookie(port), "")
    way = next((w for w, letter in _LETTERS.items() if letter == value[:1]), Way.OPEN)
    try:
        return name_rater(unquote(value[1:]), way)
    except BadParameter:
        return None


MaybeRater = Annotated[Rater | None, Depends(_rater_of)]
"""Write ``rater: MaybeRater`` in a route's parameters."""
