"""Who reviews, and whether blind: kept in a cookie of the browser's session.

The conventions that bite: cookies of 127.0.0.1 are shared by all ports, so the name
holds the port; and every act names its rater again, so that two tabs with two raters
never mix (`check_same`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote, unquote

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from twitch_tracker.errors import BadParameter, UploadRefused
from twitch_tracker.report.words import say

__all__ = ["MaybeRater", "Rater", "check_same", "name_rater", "remember"]

_LONGEST: Final = 80
_BLIND, _OPEN = "b", "o"


@dataclass(frozen=True, kw_only=True)
class Rater:
    """Who reviews.

    Attributes
    ----------
    name : str
        As the journal keeps it.
    blind : bool
        Whether the detector's certainty and other people's verdicts are hidden.
    """

    name: str
    blind: bool = False


def name_rater(typed: str, *, blind: bool) -> Rater:
    """Make a rater of what somebody typed.

    Raises
    ------
    BadParameter
        It is no name.
    """
    name = " ".join(typed.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise BadParameter(
            "rater", say("a name of 1 to {n} characters", n=_LONGEST), typed[:_LONGEST]
        )
    return Rater(name=name, blind=blind)


def _cookie(port: int) -> str:
    return f"twitch_tracker_rater_{port}"


def remember(answer: Response, port: int, rater: Rater) -> None:
    """Keep a rater until the browser is closed."""
    value = (_BLIND if rater.blind else _OPEN) + quote(rater.name, safe="")
    answer.set_cookie(_cookie(port), value, httponly=True, samesite="strict", path="/")


def check_same(rater: Rater | None, named: str) -> Rater:
    """Refuse an act of somebody else than who reviews now.

    Raises
    ------
    UploadRefused
        In words.
    """
    if rater is None:
        raise UploadRefused(say("Say who you are first: load this page again."))
    if rater.name != named:
        raise UploadRefused(
            say(
                "This page is of {old}, but {new} reviews now in another tab. Load "
                "this page again. Nothing was stored.",
                old=named,
                new=rater.name,
            )
        )
    return rater


def _rater_of(connection: HTTPConnection) -> Rater | None:
    port = connection.app.state.parts.settings.port
    value = connection.cookies.get(_cookie(port), "")
    try:
        return name_rater(unquote(value[1:]), blind=value.startswith(_BLIND))
    except BadParameter:
        return None


MaybeRater = Annotated[Rater | None, Depends(_rater_of)]
"""Write ``rater: MaybeRater`` in a route's parameters."""
