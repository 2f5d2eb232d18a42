"""Who reviews, and in which way: kept in a cookie of the browser's session.

The conventions that bite: cookies of 127.0.0.1 are shared by all ports, so the name
holds the port; and every act names its rater and way again, so that two tabs with two
raters never mix (`check_same`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote, unquote

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from twitch_tracker.errors import BadParameter, UploadRefused
from twitch_tracker.journal.entries import Way
from twitch_tracker.language import say

__all__ = ["LONGEST", "MaybeRater", "Rater", "check_same", "name_rater", "remember"]

LONGEST: Final = 80
"""Characters of a rater's name."""


_LETTERS: Final = {Way.OPEN: "o", Way.BLIND: "b", Way.SCRATCH: "s"}


@dataclass(frozen=True, kw_only=True)
class Rater:
    """Who reviews.

    Attributes
    ----------
    name : str
        As it was typed.
    way : Way
        What is shown.
    """

    name: str
    way: Way = Way.OPEN

    @property
    def blind(self) -> bool:
        """Whether the program's certainty and other people's verdicts are hidden."""
        return self.way is not Way.OPEN

    @property
    def scratch(self) -> bool:
        """Whether the program's bursts are hidden, too."""
        return self.way is Way.SCRATCH

    @property
    def shown(self) -> str:
        """The name, with the way where that is not the usual one."""
        if self.way is Way.SCRATCH:
            return say("{rater} (from scratch)", rater=self.name)
        if self.way is Way.BLIND:
            return say("{rater} (blind)", rater=self.name)
        return self.name


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
    UploadRefused
        In words.
    """
    if rater is None or named is None:
        raise UploadRefused(say("Say who you are first: load this page again."))
    if rater != named:
        raise UploadRefused(
            say(
                "This page is of {old}, but {new} reviews now in another tab. Load "
                "this page again. Nothing was stored.",
                old=named.shown,
                new=rater.shown,
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
