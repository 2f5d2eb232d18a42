"""Hand coding from BORIS: event tables and project files.

Knows three layouts: *tabular events* (rows START, STOP, POINT with one ``Time``),
*aggregated events* (``Start (s)``, ``Stop (s)``), both as CSV or TSV, and the
``.boris`` project (JSON). Columns are found by name, in any order and case; lines
before the header are skipped. Note: a file may hold several observations, an
observation may run through several films (`boris_films`), and events with a time offset
do not start at the first frame; none of these is guessed at.

Layouts: BORIS 9 user guide and source (``export_observation.py``,
``export_events.py``, ``config.py``), as read for this project.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.boris_films import (
    coded_part,
    films_of_lines,
    films_of_observation,
    is_live,
    media_names,
)
from twitch_tracker.exchange.coding.boris_schema import (
    read_films,
    read_observation,
    read_project_document,
)
from twitch_tracker.exchange.coding.coded import Truth, coded
from twitch_tracker.exchange.coding.films import (
    ANY_FILM,
    CodedFilm,
    CodedRow,
    FilmNotes,
    Stretch,
    choose,
    find,
    onto,
)
from twitch_tracker.exchange.coding.grid import Grid, GridLine, seconds
from twitch_tracker.language import say

__all__ = ["is_aggregated", "is_tabular", "read_project", "read_table"]

_TYPE_COLUMNS: Final = ("behavior type", "status")


def is_aggregated(columns: Iterable[str]) -> bool:
    """Return whether a header (in lower case) is that of aggregated events."""
    return {"behavior", "start (s)", "stop (s)"} <= set(columns)


def is_tabular(columns: Iterable[str]) -> bool:
    """Return whether a header (in lower case) is that of tabular events."""
    names = set(columns)
    return {"behavior", "time"} <= names and bool(names & set(_TYPE_COLUMNS))


# --- tables -----------------------------------------------------------------


def read_table(grid: Grid, recording: str = "", film: CodedFilm = ANY_FILM) -> Truth:
    """Read tabular or aggregated events.

    Parameters
    ----------
    grid : Grid
        The table; its header is one of those above.
    recording : str
        Name of the recording, to choose among several observations.
    film : CodedFilm
        Its film; times are put on its clock.

    Returns
    -------
    Truth
        Bursts, and what else was coded.

    Raises
    ------
    BadTruthFile
        Several observations, a time offset, several films of which the file does not
        say where this one begins, a START without STOP, a STOP without START, a bad
        time, or codes that cannot be understood.
    """
    lines = _of_one_observation(grid, recording, film)
    for line in lines:
        offset = line.cell("time offset (s)")
        if offset and seconds(offset, line.where) != 0:
            raise _shifted(line.where, offset)
    if is_aggregated(grid.columns):
        rows = [
            CodedRow(
                where=line.where,
                texts=_texts(line),
                start_s=seconds(line.cell("start (s)"), line.where),
                end_s=_stop_s(line),
                comment=line.cell("comment start"),
            )
            for line in lines
        ]
    else:
        rows = list(_paired(lines))
    time = "start (s)" if is_aggregated(grid.columns) else "time"
    times = [seconds(line.cell(time), line.where) for line in lines]
    stretches = films_of_lines(grid.path, lines, times, film)
    notes = FilmNotes(
        films=tuple(name for name in media_names(lines)),
        recording=next((line.cell("observation id") for line in lines), ""),
        live=any(is_live(line.cell("observation type")) for line in lines),
    )
    return _on_film(grid.path, rows, stretches, film, notes)


def _on_film(
    path: Path,
    rows: Iterable[CodedRow],
    stretches: Sequence[Stretch],
    film: CodedFilm,
    notes: FilmNotes,
) -> Truth:
    """Count events from the first frame of the film that is asked about."""
    stretch = find(path, stretches, film)
    if stretch is None:
        return coded(rows, notes)
    moved, elsewhere = onto(rows, stretch, alone=len(stretches) == 1)
    start_s, part = stretch.start_s, notes.part
    if part is not None and start_s:
        part = replace(part, start_s=part.start_s - start_s, end_s=part.end_s - start_s)
    return coded(
        moved,
        replace(
            notes,
            films=(stretch.name,) if stretch.name else notes.films,
            length_s=stretch.length_s,
            elsewhere=elsewhere,
            shifted_s=start_s,
            part=part,
        ),
    )


def _stop_s(line: GridLine) -> float:
    """Return the end of an event; a point has none of its own."""
    stop, is_point = line.cell("stop (s)"), line.cell("behavior type") == "POINT"
    return seconds(
        line.cell("start (s)") if is_point and stop in {"", "NA"} else stop, line.where
    )


def _texts(line: GridLine) -> tuple[str, ...]:
    """Return behaviour, modifiers and subject."""
    names = [name for name in line.names if name.startswith("modifier")]
    modifiers = [line.cell(name) for name in names]
    subject = line.cell("subject")
    subject = "" if subject.lower() == "no focal subject" else subject
    return (line.cell("behavior"), *modifiers, subject)


def _of_one_observation(grid: Grid, recording: str, film: CodedFilm) -> list[GridLine]:
    """Return the lines of the only observation, or of the one asked for."""
    lines = list(grid.lines)
    named = list(dict.fromkeys(line.cell("observation id") for line in lines))
    if len(named) <= 1:
        return lines
    of = {
        name: [line for line in lines if line.cell("observation id") == name]
        for name in named
    }
    media = {name: media_names(mine) for name, mine in of.items()}
    return of[choose(grid.path, media, recording, film)]


def _paired(lines: Sequence[GridLine]) -> Iterator[CodedRow]:
    """Make one row of each START with its STOP."""
    marks = [
        _Mark(
            line.where,
            _texts(line),
            (line.cell("subject"), line.cell("behavior")),
            seconds(line.cell("time"), line.where),
            next(line.cell(name) for name in _TYPE_COLUMNS if name in line.places),
            line.cell("comment"),
        )
        for line in lines
    ]
    return _pair(marks)


# --- pairs ------------------------------------------------------------------


class _Mark:
    """One key press of the coder."""

    __slots__ = ("comment", "key", "kind", "texts", "time_s", "where")

    def __init__(
        self,
        where: str,
        texts: tuple[str, ...],
        key: tuple[str, str],
        time_s: float,
        kind: str,
        comment: str = "",
    ) -> None:
        self.where, self.texts, self.key = where, texts, key
        self.time_s, self.kind, self.comment = time_s, kind.upper(), comment


_Running = dict[tuple[str, ...], deque[_Mark]]
"""Starts of one subject and behaviour that have no stop yet, by all their words."""


def _pair(marks: Iterable[_Mark]) -> Iterator[CodedRow]:
    """Pair starts and stops of the same subject and behaviour."""
    running: dict[tuple[str, str], _Running] = {}
    for mark in sorted(marks, key=lambda mark: mark.time_s):
        opened = running.setdefault(mark.key, {})
        if mark.kind == "START":
            same = opened.setdefault(mark.texts, deque())
            same.append(mark)
        elif mark.kind == "STOP":
            yield _closed(opened, mark)
        elif mark.kind == "POINT":
            yield CodedRow(
                where=mark.where,
                texts=mark.texts,
                start_s=mark.time_s,
                end_s=mark.time_s,
            )
        else:
            raise BadTruthFile(
                say(
                    "{where}: expected START, STOP or POINT, got {kind!r}.",
                    where=mark.where,
                    kind=mark.kind,
                )
            )
    unpaired = (left[0] for opened in running.values() for left in opened.values())
    for mark in unpaired:
        raise BadTruthFile(
            say(
                "{where}: {code!r} has a START at {time_s:g} s but no STOP. Fix the "
                "unpaired event in BORIS (Observations, Check state events).",
                where=mark.where,
                code=mark.key[1],
                time_s=mark.time_s,
            )
        )


def _closed(opened: _Running, stop: _Mark) -> CodedRow:
    """Take out the start that a stop belongs to: with its modifiers, or the only."""
    texts = stop.texts
    if texts not in opened and not any(texts[1:-1]) and len(opened) == 1:
        (alone,) = opened.values()
        texts = alone[0].texts if len(alone) == 1 else texts
    if texts not in opened:
        raise BadTruthFile(
            say(
                "{where}: {code!r} has a STOP at {time_s:g} s without a START of the "
                "same subject and modifiers. Fix it in BORIS (Observations, Check "
                "state events).",
                where=stop.where,
                code=stop.key[1],
                time_s=stop.time_s,
            )
        )
    start = opened[texts].popleft()
    if not opened[texts]:
        del opened[texts]
    return CodedRow(
        where=start.where,
        texts=start.texts,
        start_s=start.time_s,
        end_s=stop.time_s,
        comment=start.comment,
    )


def _shifted(where: str, offset: object) -> BadTruthFile:
    return BadTruthFile(
        say(
            "{where}: expected a time offset of 0, got {offset}. Times must count "
            "from the first frame; set the offset of the observation to 0 in "
            "BORIS and check them.",
            where=where,
            offset=offset,
        )
    )


# --- projects ---------------------------------------------------------------


def read_project(
    path: Path, text: str, recording: str = "", film: CodedFilm = ANY_FILM
) -> Truth:
    """Read one observation of a ``.boris`` project.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        The JSON.
    recording : str
        Name of the recording, to choose among several observations.
    film : CodedFilm
        Its film; times are put on its clock.

    Returns
    -------
    Truth
        Bursts, and what else was coded.

    Raises
    ------
    BadTruthFile
        No BORIS project, or as for `read_table`.
    """
    observations, types = read_project_document(text, path.name)
    names = list(observations)
    if not names:
        return coded(())
    chosen = names[0]
    if len(names) > 1:
        media = {
            name: list(read_films(each, path.name))
            for name, each in observations.items()
        }
        chosen = choose(path, media, recording, film)
    where = f"{path.name}, observation {chosen}"
    observation = read_observation(observations[chosen], where)
    return _observation(path, chosen, observation, types, film)


def _observation(
    path: Path,
    name: str,
    observation: Mapping[str, Any],
    types: Mapping[str, str],
    film: CodedFilm,
) -> Truth:
    """Read the events: time, subject, code, modifier, comment, frame index."""
    where = f"{path.name}, observation {name}"
    offset = observation.get("time offset") or 0
    if offset != 0:
        raise _shifted(where, offset)
    marks: list[_Mark] = []
    running: set[tuple[str, str, str]] = set()
    for number, event in enumerate(observation["events"], start=1):
        time_s, subject, code, modifier, said = event
        key = (subject, code, modifier)
        kind = "POINT"
        if code not in types:
            raise BadTruthFile(
                say(
                    "{where}, event {number}: expected one of the project's behaviours, "
                    "got {code!r}.",
                    where=where,
                    number=number,
                    code=code,
                )
            )
        if types[code].lower().startswith("state"):
            kind = "STOP" if key in running else "START"
            running ^= {key}
        texts = (code, *modifier.split("|"), subject)
        place = f"{where}, event {number}"
        marks.append(_Mark(place, texts, (subject, code), time_s, kind, said))
    notes = FilmNotes(
        films=read_films(observation, where),
        recording=name,
        live=is_live(observation["type"]),
        part=coded_part(where, observation["observation time interval"]),
    )
    stretches = films_of_observation(where, observation, film)
    return _on_film(path, _pair(marks), stretches, film, notes)
