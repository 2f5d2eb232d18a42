"""Which films a BORIS observation runs through, as its project or its tables say.

Knows the keys ``file`` and ``media_info`` of a project, and the columns ``Source``,
``Media file name`` and ``Media duration (s)`` of tables, in which BORIS 8 to 10 write
``player #1:a.mp4;b.mp4|player #2:c.mp4`` and ``60.000;45.000|60.000``. Note: films of
one player follow each other on the clock, films of several players run beside each
other.

Layouts: BORIS source (``export_observation.py``, ``write_event.py``), as read for this
project.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.films import CodedFilm, Stretch, same_name
from twitch_tracker.exchange.coding.grid import GridLine
from twitch_tracker.language import say
from twitch_tracker.timebase import Interval

__all__ = [
    "coded_part",
    "films_of_lines",
    "films_of_observation",
    "is_live",
    "media_names",
]

_NOTHING: Final = frozenset({"", "NA", "nan", "Not found"})
_PLAYER: Final = re.compile(r"\s*player #(\d+):\s*")
_NO_END_S: Final = 1e9
"""Stands for the end of a film of unknown length."""

_SOURCE, _LENGTHS, _MEDIA = "source", "media duration (s)", "media file name"


def is_live(kind: str) -> bool:
    """Return whether an observation was made without a film, by its type."""
    return kind.strip().lower().startswith(("live", "images", "from directories"))


def _after_each_other(films: Sequence[tuple[str, float]]) -> Iterator[Stretch]:
    start_s = 0.0
    for name, length_s in films:
        yield Stretch(name=name, start_s=start_s, length_s=length_s)
        start_s += length_s


# --- projects ---------------------------------------------------------------


def films_of_observation(
    where: str, observation: Mapping[str, Any], film: CodedFilm
) -> list[Stretch]:
    """Place the films of a project's observation on its clock.

    Parameters
    ----------
    where : str
        For messages.
    observation : Mapping
        As the project holds it.
    film : CodedFilm
        The film that is asked about.

    Returns
    -------
    list of Stretch
        Every film; times are those of the clock without the observation's time offset.

    Raises
    ------
    BadTruthFile
        The film is played with an offset, or the clock counts from the date in it.
    """
    info = observation.get("media_info") or {}
    lengths, offsets = info.get("length") or {}, info.get("offset") or {}
    if observation.get("media_creation_date_as_offset"):
        raise _shifted(where, say("the date in the film"))
    found: list[Stretch] = []
    players = observation.get("file") or {}
    alone = len([films for films in players.values() if films]) == 1
    for number, films in players.items():
        mine = [(str(name), _length(lengths.get(name))) for name in films or ()]
        asked = alone or any(same_name(name, film) for name, _ in mine)
        if asked and mine and float(offsets.get(number) or 0) != 0:
            raise _shifted(where, offsets[number])
        found += _after_each_other(mine)
    return found


def _length(text: object) -> float:
    try:
        length_s = float(str(text))
    except ValueError:
        return math.nan
    return length_s if math.isfinite(length_s) else math.nan


def _shifted(where: str, offset: object) -> BadTruthFile:
    return BadTruthFile(
        say(
            "{where}: expected a film that is played from the start of the clock, got "
            "an offset of {offset}. Set it to 0 in BORIS and check the times.",
            where=where,
            offset=offset,
        )
    )


def coded_part(where: str, interval: Sequence[float] | None) -> Interval | None:
    """Return the part of the clock to which an observation was limited, if it was.

    An end of 0 is the end of the film.

    Raises
    ------
    BadTruthFile
        The part ends before it starts.
    """
    if not interval or len(interval) != 2:
        return None
    start_s, end_s = interval
    if start_s <= 0 and end_s <= 0:
        return None
    part = (max(start_s, 0.0), end_s if end_s > 0 else _NO_END_S)
    if part[1] < part[0]:
        raise BadTruthFile(
            say(
                "{where}: expected an observation time interval that ends after it "
                "starts, got {start_s:g} to {end_s:g} s.",
                where=where,
                start_s=start_s,
                end_s=end_s,
            )
        )
    return Interval(start_s=part[0], end_s=part[1])


# --- tables -----------------------------------------------------------------


def media_names(lines: Sequence[GridLine]) -> list[str]:
    """Collect the films that lines name, in the order in which they come."""
    named: dict[str, None] = {}
    for line in lines:
        for films in _players(line.cell(_SOURCE)).values():
            named.update(dict.fromkeys(films))
        named[line.cell(_MEDIA)] = None
    return [name for name in named if name not in _NOTHING]


def _players(source: str) -> dict[str, list[str]]:
    """Split ``player #1:a.mp4;b.mp4|player #2:c.mp4``."""
    parts = _PLAYER.split(source)[1:]
    return {
        number: [name.strip(" |") for name in films.split(";") if name.strip(" |")]
        for number, films in zip(parts[::2], parts[1::2], strict=True)
    }


def films_of_lines(
    path: Path, lines: Sequence[GridLine], times: Sequence[float], film: CodedFilm
) -> list[Stretch]:
    """Place the films that the lines of one observation name on its clock.

    Parameters
    ----------
    path : Path
        For messages.
    lines : sequence of GridLine
        All lines of one observation.
    times : sequence of float
        When the event of each line began.
    film : CodedFilm
        The film that is asked about.

    Returns
    -------
    list of Stretch
        Every film; NaN where the table does not say where one begins.

    Raises
    ------
    BadTruthFile
        The film is one of several players, whose offsets a table does not hold.
    """
    if not lines:
        return []
    players = _players(lines[0].cell(_SOURCE))
    text = lines[0].cell(_LENGTHS)
    lengths = [
        [_length(item) for item in of_player.split(";")]
        for of_player in re.split(r"\|", text)
        if of_player.strip() not in _NOTHING
    ]
    if len(players) > 1:
        _check_first_player(path, players, film)
    if players:
        first = next(iter(players.values()))
        known = lengths[0] if lengths and len(lengths[0]) == len(first) else []
        known = known or [math.nan] * len(first)
        found = list(_after_each_other(list(zip(first, known, strict=True))))
        others = [name for films in list(players.values())[1:] for name in films]
        return found + [Stretch(name=name, start_s=math.nan) for name in others]
    names = media_names(lines)
    known = lengths[0] if lengths else [math.nan]
    if len(names) <= 1 and len(known) == 1:
        return [Stretch(name=next(iter(names), ""), length_s=known[0])]
    return [_by_times(name, lines, times, known) for name in names] or [
        Stretch(name="", start_s=math.nan) for _ in known
    ]


def _check_first_player(
    path: Path, players: Mapping[str, Sequence[str]], film: CodedFilm
) -> None:
    """Refuse the film of a later player."""
    first, *later = players.values()
    if any(same_name(name, film) for name in first):
        return
    for name in (name for films in later for name in films):
        if same_name(name, film):
            raise BadTruthFile(
                say(
                    "{path}: {film} is played beside another film, and a table does "
                    "not hold its offset. Give the project (.boris) instead.",
                    path=path.name,
                    film=name,
                )
            )


def _by_times(
    name: str,
    lines: Sequence[GridLine],
    times: Sequence[float],
    lengths: Sequence[float],
) -> Stretch:
    """Find the only place in the row of films at which the lines of one film lie."""
    mine = [
        time_s
        for line, time_s in zip(lines, times, strict=True)
        if line.cell(_MEDIA) == name
    ]
    places = [
        stretch
        for stretch in _after_each_other([(name, length_s) for length_s in lengths])
        if mine
        and all(0 <= time_s - stretch.start_s <= stretch.length_s for time_s in mine)
    ]
    return places[0] if len(places) == 1 else Stretch(name=name, start_s=math.nan)
