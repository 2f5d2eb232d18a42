"""Who reviews, and in which way: kept in a cookie of the browser's session.

The conventions that bite: cookies of 127.0.0.1 are shared by all ports, so the name
holds the port; and every act names its rater again, so that two tabs with two raters
never mix (`check_same`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import quote, unquote

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from twitch_tracker.errors import BadParameter, UploadRefused
from twitch_tracker.journal.ratings import FROM_SCRATCH, name_from_scratch
from twitch_tracker.language import say

__all__ = ["MaybeRater", "Rater", "Way", "check_same", "name_rater", "remember"]

_LONGEST: Final = 80


class Way(StrEnum):
    """What a rater is shown.

    `OPEN`: the program's bursts, how sure it is, and what others said. `BLIND`: the
    program's bursts alone. `SCRATCH`: none of these; the rater marks every burst.
    """

    OPEN = "open"
    BLIND = "blind"
    SCRATCH = "scratch"


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
    def stored(self) -> str:
        """The name under which the acts stand in the journal."""
        return name_from_scratch(self.name) if self.scratch else self.name


def name_rater(typed: str, way: Way = Way.OPEN) -> Rater:
    """Make a rater of what somebody typed.

    Raises
    ------
    BadParameter
        It is no name.
    """
    name = " ".join(typed.split())
    taken = name.endswith(FROM_SCRATCH.strip())
    if not name or len(name) > _LONGEST or not name.isprintable() or taken:
        raise BadParameter(
            "rater", say("a name of 1 to {n} characters", n=_LONGEST), typed[:_LONGEST]
        )
    return Rater(name=name, way=way)


def _cookie(port: int) -> str:
    return f"twitch_tracker_rater_{port}"


def remember(answer: Response, port: int, rater: Rater) -> None:
    """Keep a rater until the browser is closed."""
    value = _LETTERS[rater.way] + quote(rater.name, safe="")
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
    if rater.stored != named:
        raise UploadRefused(
            say(
                "This page is of {old}, but {new} reviews now in another tab. Load "
                "this page again. Nothing was stored.",
                old=named,
                new=rater.stored,
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
