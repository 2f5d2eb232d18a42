"""Hand coding from ELAN: ``.eaf`` documents and tab-delimited exports.

Knows that a tier says where (side, perhaps region) and an annotation what; so the words
of both are read together. An annotation that refers to another one (a symbolic tier)
adds its words to that one. Note: the columns of an export are chosen by its user, so
they are found by name, or, without a header, by what they hold: among times of one
format the first is the begin and the second the end.

Layouts: ELAN manual (MPI Nijmegen) and the EAF schema, as read for this
project.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from twitch_tracker.border.documents import refuse_large
from twitch_tracker.border.limits import MOST_ANNOTATIONS, MOST_ROWS
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.coded import Truth, coded
from twitch_tracker.exchange.coding.films import (
    ANY_FILM,
    CodedFilm,
    FilmNotes,
    Stretch,
    choose,
    onto,
    same_name,
)
from twitch_tracker.exchange.coding.grid import Grid, GridLine, seconds
from twitch_tracker.exchange.coding.tiers import (
    LENGTH_PROPERTY,
    TierRow,
    is_details,
    is_own,
    joined,
)
from twitch_tracker.language import say

__all__ = ["has_times", "is_elan", "read_bare", "read_eaf", "read_tabbed"]


# --- .eaf -------------------------------------------------------------------

_MILLISECONDS: Final = re.compile(r"[0-9]{1,12}")
"""A time of a document: up to thirty years."""


def read_eaf(path: Path, text: str, film: CodedFilm = ANY_FILM) -> Truth:
    """Read an ELAN document.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        The XML.
    film : CodedFilm
        Which of the linked films is meant; times are put on its clock.

    Returns
    -------
    Truth
        Bursts, and what else was annotated.

    Raises
    ------
    BadTruthFile
        No ELAN document, an annotation without times, several linked films of
        which none is the one meant, or words that cannot be understood.
    """
    refuse_large(text, path.name, BadTruthFile)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadTruthFile(
            say("{name}: an ELAN document declares no entities.", name=path.name)
        )
    utf_8 = ET.XMLParser(encoding="utf-8")  # noqa: S314 - no entities, above
    try:
        root = ET.fromstring(text.encode(), utf_8)  # noqa: S314
    except ET.ParseError as error:
        raise BadTruthFile(
            say("{name}: broken XML. {error}", name=path.name, error=error)
        ) from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadTruthFile(
            say(
                "{name}: expected an ELAN document, got XML <{tag}>.",
                name=path.name,
                tag=root.tag,
            )
        )
    notes, stretch = _film(path, root, film)
    _check_size(path, root)
    slots = {
        slot.get("TIME_SLOT_ID", ""): slot.get("TIME_VALUE", "")
        for slot in root.iter("TIME_SLOT")
    }
    added = _added_words(root)
    rows = [
        _eaf_row(f"{path.name}, tier {tier.get('TIER_ID')}", tier, note, slots, added)
        for tier in root.iter("TIER")
        for note in tier.iter("ALIGNABLE_ANNOTATION")
    ]
    together = joined([*rows, *_details(root, rows)])
    moved, _ = onto(together, stretch, alone=True)
    return coded(moved, notes)


def _length_s(root: ET.Element) -> float:
    """Return the length of the recording where this program wrote it down."""
    found = root.findtext(f"HEADER/PROPERTY[@NAME='{LENGTH_PROPERTY}']", "").strip()
    return int(found) / 1000 if _MILLISECONDS.fullmatch(found) else math.nan


def _details(root: ET.Element, rows: Sequence[TierRow]) -> list[TierRow]:
    """Set the times of details to those of the bursts they refer to."""
    at = {row.name: row for row in rows}
    return [
        replace(at[above], tier=tier.get("TIER_ID", ""), value=_value(note), others=())
        for tier in root.iter("TIER")
        if is_details(tier.get("TIER_ID", ""))
        for note in tier.iter("REF_ANNOTATION")
        if (above := note.get("ANNOTATION_REF", "")) in at
    ]


def _film(path: Path, root: ET.Element, film: CodedFilm) -> tuple[FilmNotes, Stretch]:
    """Find the linked film that is meant, and where on the document's clock it begins.

    Second 0 of the document is second ``TIME_ORIGIN`` of a linked film, for each of
    them: ELAN skips the start of what was switched on too early.
    """
    header = root.find("HEADER")
    if header is None:
        return FilmNotes(), Stretch(name="")
    units = header.get("TIME_UNITS", "milliseconds")
    if units != "milliseconds":
        raise BadTruthFile(
            say(
                "{name}: expected times in milliseconds, got {units}. Save the document "
                "with times in milliseconds.",
                name=path.name,
                units=units,
            )
        )
    media = list(header.iter("MEDIA_DESCRIPTOR"))
    seen = [each for each in media if not _is_sound(each)] or media
    linked = [_linked(path, each) for each in seen]
    meant = _meant(path, linked, film)
    named = (meant,) if meant and meant.name else tuple(linked)
    notes = FilmNotes(
        films=tuple(each.name for each in named if each.name),
        recording=header.findtext("PROPERTY[@NAME='recording']", "").strip(),
        length_s=_length_s(root),
        shifted_s=meant.start_s if meant else 0.0,
    )
    return notes, meant or Stretch(name="")


def _is_sound(media: ET.Element) -> bool:
    """Return whether a linked file is the sound alone, often named like its film."""
    return media.get("MIME_TYPE", "").startswith("audio/")


def _linked(path: Path, media: ET.Element) -> Stretch:
    """Read one linked film."""
    url = media.get("MEDIA_URL") or media.get("RELATIVE_MEDIA_URL") or ""
    origin = media.get("TIME_ORIGIN") or "0"
    if not _MILLISECONDS.fullmatch(origin.strip().lstrip("+-")):
        raise BadTruthFile(
            say(
                "{name}: expected a whole number of milliseconds as TIME_ORIGIN of "
                "{film}, got {origin!r}. Save the document with ELAN.",
                name=path.name,
                film=unquote(url),
                origin=origin,
            )
        )
    start_s = -int(origin) / 1000
    return Stretch(name=PurePath(unquote(url).replace("\\", "/")).name, start_s=start_s)


def _meant(path: Path, linked: Sequence[Stretch], film: CodedFilm) -> Stretch | None:
    """Choose a linked film: the one of this name, or any when all begin together."""
    fitting = [each for each in linked if same_name(each.name, film)] or linked
    if len({each.start_s for each in fitting}) > 1:
        raise BadTruthFile(
            say(
                "{name}: {n} linked films ({films}) begin at different times, and none "
                "or several of them are called {film}. Link this film under its own "
                "name.",
                name=path.name,
                n=len(fitting),
                films=", ".join(each.name or "?" for each in fitting),
                film=film.file_name or ", ".join(film.names) or say("the film"),
            )
        )
    if len(linked) > 1 and fitting is linked:
        return replace(linked[0], name="")
    return next(iter(fitting), None)


def _check_size(path: Path, root: ET.Element) -> None:
    """Refuse documents that nobody can have annotated."""
    notes = sum(1 for _ in root.iter("ANNOTATION"))
    if notes > MOST_ANNOTATIONS:
        raise BadTruthFile(
            say(
                "{name}: expected at most {most} annotations, got {notes}. Split the "
                "document.",
                name=path.name,
                most=MOST_ANNOTATIONS,
                notes=notes,
            )
        )


def _added_words(root: ET.Element) -> dict[str, list[str]]:
    """Collect, for each annotation, the words of those that refer to it."""
    refers = {
        note.get("ANNOTATION_ID", ""): note.get("ANNOTATION_REF", "")
        for note in root.iter("REF_ANNOTATION")
    }
    ends: dict[str, str] = {}
    added: dict[str, list[str]] = {}
    for tier in root.iter("TIER"):
        if is_details(tier.get("TIER_ID", "")):
            continue
        for note in tier.iter("REF_ANNOTATION"):
            target = _end_of(note.get("ANNOTATION_REF", ""), refers, ends)
            added.setdefault(target, []).append(_value(note))
    return added


def _end_of(start: str, refers: Mapping[str, str], ends: dict[str, str]) -> str:
    """Follow references to the annotation that refers to none; a ring has no such.

    `ends` remembers where each leads, so that none is followed twice.
    """
    way: dict[str, None] = {}
    here = start
    while here in refers and here not in ends and here not in way:
        way[here] = None
        here = refers[here]
    end = ends.get(here, here)
    ends.update(dict.fromkeys(way, end))
    return end


def _value(note: ET.Element) -> str:
    return (note.findtext("ANNOTATION_VALUE") or "").strip()


def _eaf_row(
    where: str,
    tier: ET.Element,
    note: ET.Element,
    slots: Mapping[str, str],
    added: Mapping[str, Sequence[str]],
) -> TierRow:
    name = note.get("ANNOTATION_ID", "")
    where = f"{where}, annotation {name}"
    times = [slots.get(note.get(f"TIME_SLOT_REF{end}", ""), "") for end in (1, 2)]
    if not all(map(_MILLISECONDS.fullmatch, times)):
        raise BadTruthFile(
            say(
                "{where}: expected a begin and an end in milliseconds, got {start!r} "
                "and {end!r}. Align the annotation in ELAN.",
                where=where,
                start=times[0],
                end=times[1],
            )
        )
    start_s, end_s = (int(time) / 1000 for time in times)
    return TierRow(
        where=where,
        name=name,
        tier=tier.get("TIER_ID", ""),
        value=_value(note),
        others=(*added.get(name, ()), tier.get("PARTICIPANT", "")),
        start_s=start_s,
        end_s=end_s,
    )


# --- tab-delimited, with a header -------------------------------------------

_TIME_COLUMN: Final = re.compile(r"(begin time|end time|duration)\b.*")
_FORMATS: Final = ("ss.msec", "hh:mm:ss.ms", "msec", "")
"""Endings of the names of time columns, in the order of preference."""


def is_elan(columns: Iterable[str]) -> bool:
    """Return whether a header (in lower case) is that of an ELAN export."""
    names = list(columns)
    return any(n.startswith("begin time") for n in names) and any(
        n.startswith(("end time", "duration")) for n in names
    )


_FILE_COLUMNS: Final = ("file", "file name", "filename", "file path", "filepath")
"""In exports of several documents: which one a row is from."""


def read_tabbed(grid: Grid, recording: str = "", film: CodedFilm = ANY_FILM) -> Truth:
    """Read a tab-delimited export with a header.

    Parameters
    ----------
    grid : Grid
        The table.
    recording : str
        Name of the recording, to choose among several documents.
    film : CodedFilm
        Its film.

    Returns
    -------
    Truth
        Bursts, and what else was annotated. A column that is neither a time
        nor ``Tier``, ``Participant``, ``Annotation`` is a tier of that name.

    Raises
    ------
    BadTruthFile
        A bad time, words that cannot be understood, or several documents of which none
        has the name of the recording or its film.
    """
    lines = _of_one_document(grid, recording, film)
    return coded(joined(row for line in lines for row in _tab_rows(line)))


def _of_one_document(grid: Grid, recording: str, film: CodedFilm) -> list[GridLine]:
    """Return the lines of the only document, or of the one that is asked for."""
    lines = list(grid.lines)
    column = next((name for name in _FILE_COLUMNS if name in grid.columns), "")
    named = dict.fromkeys(line.cell(column) for line in lines)
    if not column or len(named) <= 1:
        return lines
    chosen = choose(grid.path, {name: [name] for name in named}, recording, film)
    return [line for line in lines if line.cell(column) == chosen]


def _column(line: GridLine, what: str) -> tuple[str, float]:
    """Return the cell of a time in the best format, and its unit in seconds."""
    for ending in _FORMATS:
        name = f"{what} - {ending}" if ending else what
        if name in line.places:
            return line.cell(name), 0.001 if ending == "msec" else 1.0
    return "", 1.0


def _time_s(line: GridLine, what: str) -> float | None:
    text, unit = _column(line, what)
    return seconds(text, line.where) * unit if text else None


def _tab_rows(line: GridLine) -> list[TierRow]:
    start_s, end_s = _time_s(line, "begin time"), _time_s(line, "end time")
    length_s = _time_s(line, "duration")
    if end_s is None and start_s is not None and length_s is not None:
        end_s = start_s + length_s
    if start_s is None or end_s is None:
        raise BadTruthFile(
            say(
                "{where}: expected a begin and an end time, as hh:mm:ss.ms, ss.msec "
                "or msec. Choose one of these in ELAN's export.",
                where=line.where,
            )
        )
    named = ("tier", "annotation", "participant")
    tier, value, person = (line.cell(name) for name in named)
    when: dict[str, Any] = {"where": line.where, "start_s": start_s, "end_s": end_s}
    if tier or value or person:
        return [TierRow(tier=tier, value=value, others=(person,), **when)]
    return [
        TierRow(tier=name, value=cell, **when)
        for name in line.names
        if not _TIME_COLUMN.fullmatch(name)
        and name not in _FILE_COLUMNS
        and (cell := line.cell(name))
    ]


# --- tab-delimited, without a header ----------------------------------------

_BARE_FORMATS: Final = (
    (re.compile(r"\d+:\d\d:\d\d\.\d{1,3}"), 1.0),
    (re.compile(r"\d+\.\d{1,3}"), 1.0),
    (re.compile(r"\d+"), 0.001),
)
"""hh:mm:ss.ms, ss.msec, msec; and what one unit is in seconds."""


def _cells(text: str) -> list[list[str]]:
    return [
        [cell.strip().strip('"') for cell in line.split("\t")]
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def _times(rows: Sequence[Sequence[str]]) -> tuple[list[int], float] | None:
    """Return the columns that hold times of one format, and their unit."""
    width = min(map(len, rows), default=0)
    for pattern, unit in _BARE_FORMATS:
        places = [
            place
            for place in range(width)
            if all(pattern.fullmatch(row[place]) for row in rows)
        ]
        if len(places) >= 2:
            return places, unit
    return None


def has_times(text: str) -> bool:
    """Return whether a file is tab-separated with two columns of times."""
    if text.count("\n") > 2 * MOST_ROWS:  # with empty lines and comments
        return False
    rows = _cells(text)
    if not 0 < len(rows) <= MOST_ROWS:
        return False
    return all(len(row) > 2 for row in rows) and _times(rows) is not None


def read_bare(path: Path, text: str) -> Truth:
    """Read a tab-delimited export without a header.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        A file for which `has_times` is true.

    Returns
    -------
    Truth
        Bursts, and what else was annotated.

    Raises
    ------
    BadTruthFile
        The second time of a row is before the first (perhaps a duration), or
        words cannot be understood.
    """
    rows = _cells(text)
    found = _times(rows)
    if found is None:
        raise BadTruthFile(
            say("{name}: expected two columns of times.", name=path.name)
        )
    (first, second, *_), unit = found
    made = [
        _bare_row(
            f"{path.name}, row {number}",
            [cell for cell in row if not _is_time(cell)],
            seconds(row[first], path.name) * unit,
            seconds(row[second], path.name) * unit,
        )
        for number, row in enumerate(rows, start=1)
    ]
    for row in made:
        if row.end_s < row.start_s:
            raise BadTruthFile(
                say(
                    "{where}: the second time ({end_s:g} s) is before the first "
                    "({start_s:g} s); is it a duration? Export begin and end times, or "
                    "with a header line.",
                    where=row.where,
                    end_s=row.end_s,
                    start_s=row.start_s,
                )
            )
    return coded(joined(made))


def _bare_row(where: str, cells: list[str], start_s: float, end_s: float) -> TierRow:
    """Split a row into tier and annotation: the annotation comes last."""
    tier = next((cell for cell in cells if is_own(cell)), "")
    others = [cell for cell in cells if cell != tier]
    value = others.pop() if others else ""
    return TierRow(
        where=where,
        tier=tier,
        value=value,
        others=tuple(others),
        start_s=start_s,
        end_s=end_s,
    )


def _is_time(cell: str) -> bool:
    return any(pattern.fullmatch(cell) for pattern, _ in _BARE_FORMATS)
