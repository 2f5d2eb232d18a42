"""Read what really happened in a recording, as somebody coded it.

Knows which file is of which format, and this program's own truth tables: the columns of
``episodes.csv`` plus, if there are other events than bursts, a column ``event``. Where
that is ``spasm`` (or empty, or missing) the row is a burst; anything else (``blink``,
``smile`` ...) has a span and a name only. Hand coding from BORIS and ELAN is read by
`boris` and `elan`.

>>> truth = read_truth(Path("examples/simulated_spasm_truth.csv"))  # doctest: +SKIP
>>> len(truth.episodes), {other.event for other in truth.others}  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from twitch_tracker.border.files import decoded, read_bytes, unpacked
from twitch_tracker.border.limits import MOST_TEXT_BYTES
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding import boris, elan
from twitch_tracker.exchange.coding.coded import (
    ALL_NOTED,
    CodedBurst,
    OtherEvent,
    Truth,
)
from twitch_tracker.exchange.coding.films import ANY_FILM, CodedFilm, FilmNotes, choose
from twitch_tracker.exchange.coding.grid import find_grid
from twitch_tracker.exchange.coding.nearly import almost
from twitch_tracker.exchange.saved_summary import film_beside
from twitch_tracker.exchange.tables import (
    REQUIRED_EPISODE_COLUMNS,
    RowPlace,
    read_episode,
    read_rows,
    read_span,
)
from twitch_tracker.language import mark, say
from twitch_tracker.records import Episode

__all__ = ["TRUTH_FORMATS", "read_truth"]

_BURST: Final = frozenset({"", "spasm"})
TRUTH_FORMATS: Final = mark(
    "this program's truth.csv or episodes.csv; BORIS tabular or aggregated events "
    "(csv, tsv) or project (.boris, .boris.gz); ELAN document (.eaf) or tab-delimited text"
)
"""What `read_truth` can read, in words."""


def read_truth(path: Path, recording: str = "", film: CodedFilm = ANY_FILM) -> Truth:
    """Read what happened, whatever it was written with.

    Parameters
    ----------
    path : Path
        One of `TRUTH_FORMATS`, recognised by what is in it.
    recording : str
        Name of the recording; chooses among several observations of a BORIS
        file.
    film : CodedFilm
        Its film. Where a file counts its times along several films, or from another
        moment than this one's first frame, and says so, they are put on its clock.
        Whether what the file says of its film fits is for `fitting` to judge.

    Returns
    -------
    Truth
        Bursts, and what else happened.

    Raises
    ------
    BadTruthFile
        The file cannot be read or is of no known format, a cell is not what it
        must be, a side is missing, or a burst has no end.
    """
    path = Path(path)
    text = _text(path)
    start = text.lstrip()[:1]
    if start == "{":
        return boris.read_project(path, text, recording, film)
    if start == "<":
        return elan.read_eaf(path, text, film)
    for is_header in (boris.is_aggregated, boris.is_tabular):
        grid = find_grid(path, text, is_header)
        if grid is not None:
            return boris.read_table(grid, recording, film)
    grid = find_grid(path, text, elan.is_elan)
    if grid is not None:
        return elan.read_tabbed(grid, recording, film)
    if elan.has_times(text):
        return elan.read_bare(path, text)
    if "onset_s" in text or "offset_s" in text:
        return _read_own(path, recording, film)
    raise almost(path, text) or BadTruthFile(
        say(
            "{name}: not a format of truth. Readable: {formats}.",
            name=path.name,
            formats=say(TRUTH_FORMATS),
        )
    )


def _text(path: Path) -> str:
    content = read_bytes(path, MOST_TEXT_BYTES, BadTruthFile)
    content = unpacked(content, path.name, MOST_TEXT_BYTES, BadTruthFile)
    return decoded(content, path.name, BadTruthFile)


_RECORDING_COLUMNS: Final = ("recording_id", "recording")
_FILE_COLUMNS: Final = ("file_name", "file")


def _read_own(path: Path, recording: str, film: CodedFilm) -> Truth:
    """Read a truth table or a log of this program, of one recording or of many."""
    episodes: list[Episode] = []
    others: list[OtherEvent] = []
    rows, notes = _of_one_recording(path, recording, film)
    for place, row in rows:
        event = row.get("event", "").lower()
        if event in _BURST:
            episodes.append(_own_burst(read_episode(place, row), row))
        else:
            others.append(OtherEvent(event=event, span=read_span(place, row)))
    return Truth(episodes=tuple(episodes), others=tuple(others), notes=notes)


def _of_one_recording(
    path: Path, recording: str, film: CodedFilm
) -> tuple[list[tuple[RowPlace, Mapping[str, str]]], FilmNotes]:
    """Return the rows of the only recording of a table, or of the one asked for."""
    rows = list(read_rows(path, REQUIRED_EPISODE_COLUMNS))
    columns = rows[0][1] if rows else {}
    by = next((name for name in _RECORDING_COLUMNS if name in columns), "")
    named = next((name for name in _FILE_COLUMNS if name in columns), "")
    if not by:
        return rows, _film_notes(path)
    media: dict[str, list[str]] = {}
    for _, row in rows:
        films = media.setdefault(row[by], [])
        films += [row[named]] if named and row[named] not in films else []
    chosen = next(iter(media))
    if len(media) > 1:
        chosen = choose(path, media, recording, film)
    kept = [(place, row) for place, row in rows if row[by] == chosen]
    return kept, FilmNotes(films=tuple(media[chosen]))


def _film_notes(path: Path) -> FilmNotes:
    """Say which film a table of this program is of, as the summary beside it does."""
    film = film_beside(path)
    films = (film.file_name,) if film.file_name else ()
    return FilmNotes(films=films, length_s=film.length_s)


def _own_burst(burst: Episode, row: Mapping[str, str]) -> Episode:
    """Note whether the contractions were counted."""
    if row.get("contractions", ""):
        return burst
    given = {item.name: getattr(burst, item.name) for item in fields(burst)}
    return CodedBurst(**given, noted=ALL_NOTED - {"contractions"})
