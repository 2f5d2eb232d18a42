"""The schema of a ``.boris`` project: the type of every key that is read.

`boris` reads it. Note: of several observations only the one that is asked for
must be whole; of the others only the names of their films are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, TypeAdapter

from twitch_tracker.border.documents import Document, Finite, checked, parsed
from twitch_tracker.border.limits import MOST_ANNOTATIONS
from twitch_tracker.errors import BadTruthFile

__all__ = ["read_films", "read_observation", "read_project_document"]


def _as_word(value: Any) -> Any:
    """Take nothing or a number for a word, as some versions write it."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) else value


def _or_none(value: Any) -> Any:
    """Take an empty list or text for nothing."""
    return value or None


def _beginning(value: Any) -> Any:
    """Take what is read of an event; the first versions wrote no comment."""
    return (*value, "")[:5] if isinstance(value, list) else value


Word = Annotated[str, BeforeValidator(_as_word)]
Numbers = Annotated[dict[str, Finite | None] | None, BeforeValidator(_or_none)]
EventRow = Annotated[tuple[Finite, Word, Word, Word, Word], BeforeValidator(_beginning)]
"""Time, subject, code, modifier and comment; more is written and not read."""


class _Behaviour(Document):
    """One behaviour of the ethogram."""

    code: Word
    type: Word


class _Project(Document):
    """A project."""

    observations: dict[str, dict[str, Any]]
    behaviors_conf: dict[str, _Behaviour]


class _Films(Document):
    """The films of an observation, by player."""

    file: Annotated[
        dict[str, Annotated[list[Word] | None, BeforeValidator(_or_none)]] | None,
        BeforeValidator(_or_none),
    ] = None


class _MediaInfo(Document):
    """What is known of the films: by their names, and by player."""

    length: Numbers = None
    offset: Numbers = None


class _Observation(_Films):
    """One observation."""

    type: Word = ""
    time_offset: Annotated[Finite | None, BeforeValidator(_or_none)] = Field(
        None, alias="time offset"
    )
    events: Annotated[list[EventRow], Field(max_length=MOST_ANNOTATIONS)]
    time_interval: Annotated[list[Finite] | None, BeforeValidator(_or_none)] = Field(
        None, alias="observation time interval"
    )
    media_creation_date_as_offset: bool | None = None
    media_info: Annotated[_MediaInfo | None, BeforeValidator(_or_none)] = None


_PROJECT: Final = TypeAdapter(_Project)
_FILMS: Final = TypeAdapter(_Films)
_OBSERVATION: Final = TypeAdapter(_Observation)


def read_project_document(
    text: str, name: str
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Read a project.

    Parameters
    ----------
    text : str
        The JSON.
    name : str
        Of the file, for messages.

    Returns
    -------
    observations : dict
        By name; for `read_films` and `read_observation`.
    types : dict
        The type of each behaviour by its code.

    Raises
    ------
    BadTruthFile
        It is no BORIS project.
    """
    document = parsed(text, name, BadTruthFile)
    project = checked(_PROJECT, document, name, BadTruthFile)
    types = {each.code: each.type for each in project.behaviors_conf.values()}
    return project.observations, types


def read_films(observation: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Name the films of an observation, in the order of its players.

    Raises
    ------
    BadTruthFile
        They are not laid out as BORIS does it.
    """
    players = checked(_FILMS, observation, where, BadTruthFile).file or {}
    return tuple(film for films in players.values() for film in films or ())


def read_observation(observation: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Check one observation.

    Parameters
    ----------
    observation : Mapping
        From `read_project_document`.
    where : str
        File and observation, for messages.

    Returns
    -------
    dict
        The same with every key that is read there, and of its type.

    Raises
    ------
    BadTruthFile
        Something is not what BORIS writes; the message says which event or key.
    """
    known = checked(_OBSERVATION, observation, where, BadTruthFile)
    return {**observation, **known.model_dump(by_alias=True)}
