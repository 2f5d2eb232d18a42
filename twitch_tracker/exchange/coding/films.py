"""The films on whose clock a coding file gives its times, and the wanted one.

Knows names, lengths and where on the file's clock a film begins; no file format. Note:
a clock may run through several films, one after the other, and then it must be known
which of them is meant. That is never guessed: exactly one film has the name, or the
file is refused.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.language import say
from twitch_tracker.timebase import Interval

__all__ = [
    "ANY_FILM",
    "CodedFilm",
    "CodedRow",
    "FilmNotes",
    "Stretch",
    "choose",
    "find",
    "onto",
    "same_name",
    "stem",
]


@dataclass(frozen=True, kw_only=True)
class CodedFilm:
    """The film that somebody asks a file about.

    Attributes
    ----------
    file_name : str
        Name of the video file; empty when not known.
    names : tuple of str
        What the recording is called otherwise (in the journal, its folder).
    length_s : float
        How long it is; NaN when not known.
    """

    file_name: str = ""
    names: tuple[str, ...] = ()
    length_s: float = math.nan


ANY_FILM: Final = CodedFilm()
"""Nobody says which film is meant."""


@dataclass(frozen=True, kw_only=True)
class CodedRow:
    """One row of hand coding before its words are understood.

    Attributes
    ----------
    where : str
        File and place, for messages.
    texts : tuple of str
        As for `read_code`.
    start_s, end_s : float
        When; equal for a point in time.
    comment : str
        What else is written there; `details` may understand it.
    onset_cut, offset_cut : bool
        Whether it was cut where its film begins or ends.
    """

    where: str
    texts: tuple[str, ...]
    start_s: float
    end_s: float
    comment: str = ""
    onset_cut: bool = False
    offset_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class FilmNotes:
    """What a file says about the film that its times count along.

    Attributes
    ----------
    films : tuple of str
        Names of the film, as written there; empty when it names none.
    recording : str
        What the file calls the recording or observation.
    length_s : float
        How long it says the film is; NaN when it does not.
    live : bool
        Whether it was coded without a film.
    part : Interval or None
        Which part of the film was coded; None when all, or when not known.
    elsewhere : int
        How many coded events lie on other films of the same clock, and were left out.
    shifted_s : float
        Where on the file's clock the film begins; times are given without it.
    """

    films: tuple[str, ...] = ()
    recording: str = ""
    length_s: float = math.nan
    live: bool = False
    part: Interval | None = None
    elsewhere: int = 0
    shifted_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One film on the clock of a file; `start_s` is NaN where that is not known."""

    name: str
    start_s: float = 0.0
    length_s: float = math.nan


def stem(name: str) -> str:
    """Reduce a path of any system to what stays when a film is moved or converted."""
    base = PurePath(name.replace("\\", "/")).stem
    return unicodedata.normalize("NFC", base).casefold()


def same_name(name: str, film: CodedFilm) -> bool:
    """Return whether a name is one of a film's or of its recording."""
    called = {stem(film.file_name), *(stem(n) for n in film.names)}
    whole = {unicodedata.normalize("NFC", n).casefold() for n in film.names}
    return bool(stem(name)) and (stem(name) in called or name.casefold() in whole)


def choose(
    path: Path, media: Mapping[str, Sequence[str]], recording: str, film: CodedFilm
) -> str:
    """Choose one of several recordings of a file.

    Parameters
    ----------
    path : Path
        For messages.
    media : mapping of str to sequence of str
        The films of each recording, by what the file calls the recording.
    recording : str
        What is asked for.
    film : CodedFilm
        Its film.

    Returns
    -------
    str
        The one of this name; else the only one that is of this film.

    Raises
    ------
    BadTruthFile
        None or several fit.
    """
    asked = {recording, *film.names} - {""}
    fitting = [name for name in media if name in asked]
    wanted = replace(film, names=(*film.names, recording))
    fitting = fitting or [
        name
        for name, films in media.items()
        if any(same_name(given, wanted) for given in films)
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise BadTruthFile(
        say(
            "{name}: expected one recording, got {n} ({named}), and not exactly one of "
            "them is called {recording!r} or is of this film. Export one recording per "
            "file, or name it like the recording.",
            name=path.name,
            n=len(media),
            named=", ".join(media),
            recording=recording,
        )
    )


def find(path: Path, stretches: Sequence[Stretch], film: CodedFilm) -> Stretch | None:
    """Find the film that is asked about on a clock.

    Parameters
    ----------
    path : Path
        For messages.
    stretches : sequence of Stretch
        Every film of the clock.
    film : CodedFilm
        Which one is meant.

    Returns
    -------
    Stretch or None
        The only film there is, whatever it is called; of several the one of this name;
        None when no film is named, or when all begin with the clock and none has the
        name.

    Raises
    ------
    BadTruthFile
        Several films follow each other, and not exactly one has the name, or where it
        begins is not known.
    """
    if len(stretches) <= 1:
        return next(iter(stretches), None)
    fitting = [stretch for stretch in stretches if same_name(stretch.name, film)]
    if len(fitting) == 1 and math.isfinite(fitting[0].start_s):
        return fitting[0]
    if not fitting and all(stretch.start_s == 0 for stretch in stretches):
        return None
    raise BadTruthFile(
        say(
            "{name}: its clock runs through {n} films ({films}), and it does not say "
            "where {film} begins on it. Code one film per observation, or export an "
            "observation that names this film once and states the lengths of all films "
            "before it.",
            name=path.name,
            n=len(stretches),
            films=", ".join(stretch.name or "?" for stretch in stretches),
            film=film.file_name or ", ".join(film.names) or say("the film"),
        )
    )


def onto(
    rows: Iterable[CodedRow], stretch: Stretch, alone: bool
) -> tuple[list[CodedRow], int]:
    """Put rows on the clock of one film.

    Parameters
    ----------
    rows : iterable of CodedRow
        On the clock of the file.
    stretch : Stretch
        The film on that clock.
    alone : bool
        Whether it is the only film. Otherwise events outside of it are on other films:
        they are left out, and what reaches into it is cut off there.

    Returns
    -------
    rows : list of CodedRow
        Counted from the film's first frame.
    elsewhere : int
        How many were left out.
    """
    moved = [
        replace(
            row,
            start_s=round(row.start_s - stretch.start_s, 6),
            end_s=round(row.end_s - stretch.start_s, 6),
        )
        if stretch.start_s
        else row
        for row in rows
    ]
    if alone:
        return moved, 0
    end_s = stretch.length_s if math.isfinite(stretch.length_s) else math.inf
    inside = [row for row in moved if row.end_s >= 0 and row.start_s < end_s]
    inside = [row for row in inside if row.end_s > 0 or row.start_s >= 0]
    return [_clipped(row, end_s) for row in inside], len(moved) - len(inside)


def _clipped(row: CodedRow, end_s: float) -> CodedRow:
    """Cut an event that began on the film before, or goes on on the next one."""
    before, after = row.start_s < 0, row.end_s > end_s
    return replace(
        row,
        start_s=0.0 if before else row.start_s,
        end_s=end_s if after else row.end_s,
        onset_cut=row.onset_cut or before,
        offset_cut=row.offset_cut or after,
    )
