"""A recording for ELAN: an ``.eaf`` document, or tab-delimited text.

Knows EAF 3.0 and the layout of `tiers`: for each side a tier of bursts, and below it a
tier for each region and one of details; and a tier of blinks. Every tier is there even
when nothing is on it, so that a person can code on it. Note: ELAN keeps whole
milliseconds, and no two annotations of a tier may overlap.

Layout: the EAF 3.0 schema and the ELAN manual (MPI Nijmegen), as read for this
project.
"""

from __future__ import annotations

import math
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from twitch_tracker.border.tables import safe_cell
from twitch_tracker.exchange.coding.coded import ALL_NOTED, noted
from twitch_tracker.exchange.coding.details import blink_comment, comment
from twitch_tracker.exchange.coding.recording import (
    REGION_WORDS,
    Coding,
    check_apart,
    length_ms,
    ms,
    rater_words,
    tracks,
)
from twitch_tracker.exchange.coding.tiers import (
    BLINK_TIER,
    LENGTH_PROPERTY,
    burst_tier,
    details_tier,
    region_tier,
)
from twitch_tracker.records import Episode
from twitch_tracker.regions import REGIONS, SIDES

__all__ = ["TAB_COLUMNS", "eaf", "tabbed"]

_FORMAT: Final = "3.0"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA: Final = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"

TAB_COLUMNS: Final = (
    "Tier",
    "Begin Time - ss.msec",
    "End Time - ss.msec",
    "Duration - ss.msec",
    "Annotation",
)
"""Header of the tab-delimited text; ELAN names them so."""

_TYPES: Final = {
    "bursts": "",
    "regions": "Included_In",
    "details": "Symbolic_Association",
    "blinks": "",
}
"""Kinds of tiers, and how they depend on the tier above."""

_CONSTRAINTS: Final = {
    "Included_In": "Lies within the annotation above; gaps are allowed",
    "Symbolic_Association": "Belongs to one annotation above",
}


@dataclass(frozen=True, kw_only=True)
class _Note:
    """One annotation; `above` is the place of the burst it belongs to, from 0."""

    tier: str
    start_ms: int
    end_ms: int
    value: str
    above: int = -1


# --- what is on the tiers ---------------------------------------------------


def _burst_notes(number: int, burst: Episode) -> Iterator[_Note]:
    """Write one burst on its tiers; the first of them is the burst itself."""
    times = {"start_ms": ms(burst.span.start_s), "end_ms": ms(burst.span.end_s)}
    kind, first, regions = rater_words(burst)
    yield _Note(tier=burst_tier(burst.side), value=kind or "burst", **times)
    for region in REGIONS:
        if REGION_WORDS[region] in regions:
            yield _Note(
                tier=region_tier(burst.side, region),
                value="first" if REGION_WORDS[region] == first else "burst",
                above=number,
                **times,
            )
    unknown = frozenset(what for what in ALL_NOTED if not noted(burst, what))
    yield _Note(
        tier=details_tier(burst.side),
        value=comment(burst, unknown),
        above=number,
        **times,
    )


def _notes(coding: Coding) -> list[_Note]:
    ordered = sorted(coding.episodes, key=lambda burst: burst.span)
    notes = [n for place, e in enumerate(ordered) for n in _burst_notes(place, e)]
    return notes + [
        _Note(
            tier=BLINK_TIER if track == 1 else f"{BLINK_TIER} {track}",
            start_ms=ms(blink.span.start_s),
            end_ms=ms(blink.span.end_s),
            value=blink_comment(blink),
        )
        for blink, track in tracks(coding.blinks)
    ]


def _tiers(notes: list[_Note]) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, type, tier above and side of every tier."""
    for side in SIDES:
        yield burst_tier(side), "bursts", "", f"{side} side"
        for region in REGIONS:
            above = burst_tier(side)
            yield region_tier(side, region), "regions", above, f"{side} side"
        yield details_tier(side), "details", burst_tier(side), f"{side} side"
    blinks = (note.tier for note in notes if note.tier.startswith(BLINK_TIER))
    for name in dict.fromkeys([BLINK_TIER, *blinks]):
        yield name, "blinks", "", ""


# --- .eaf -------------------------------------------------------------------


def _header(root: ET.Element, coding: Coding, last_id: int) -> None:
    """Name the film: beside the document, wherever that is."""
    header = ET.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if coding.media:
        kind = mimetypes.guess_type(coding.media)[0] or "video/mp4"
        film = quote(coding.media)
        ET.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            MEDIA_URL=f"file:///{film}",
            MIME_TYPE=kind,
            RELATIVE_MEDIA_URL=f"./{film}",
        )
    properties = {"lastUsedAnnotationId": str(last_id), "recording": coding.name}
    if math.isfinite(coding.recorded_s):
        properties[LENGTH_PROPERTY] = str(length_ms(coding))
    if coding.description:
        properties["description"] = coding.description
    for name, value in properties.items():
        ET.SubElement(header, "PROPERTY", NAME=name).text = value


class _Slots:
    """Time slots: two for each annotation, numbered in order of time."""

    def __init__(self, notes: list[_Note]) -> None:
        ends = [(note.start_ms, place, 0) for place, note in enumerate(notes)]
        ends += [(note.end_ms, place, 1) for place, note in enumerate(notes)]
        self.times = sorted(end for end in ends if _has_times(notes[end[1]]))
        self._names = {end[1:]: f"ts{n}" for n, end in enumerate(self.times, start=1)}

    def write(self, root: ET.Element) -> None:
        order = ET.SubElement(root, "TIME_ORDER")
        for time_ms, *end in self.times:
            name = self._names[end[0], end[1]]
            ET.SubElement(
                order, "TIME_SLOT", TIME_SLOT_ID=name, TIME_VALUE=f"{time_ms}"
            )

    def of(self, place: int) -> dict[str, str]:
        return {f"TIME_SLOT_REF{e + 1}": self._names[place, e] for e in (0, 1)}


def _has_times(note: _Note) -> bool:
    """Return whether an annotation has times of its own; details have not."""
    return not note.tier.endswith(" details")


def _annotate(tier: ET.Element, notes: list[_Note], slots: _Slots) -> None:
    """Write the annotations of one tier."""
    bursts = [place for place, note in enumerate(notes) if _is_burst(note)]
    for place, note in enumerate(notes):
        if note.tier != tier.get("TIER_ID"):
            continue
        holder = ET.SubElement(tier, "ANNOTATION")
        name = f"a{place + 1}"
        if _has_times(note):
            given = {"ANNOTATION_ID": name, **slots.of(place)}
            found = ET.SubElement(holder, "ALIGNABLE_ANNOTATION", given)
        else:
            above = f"a{bursts[note.above] + 1}"
            given = {"ANNOTATION_ID": name, "ANNOTATION_REF": above}
            found = ET.SubElement(holder, "REF_ANNOTATION", given)
        ET.SubElement(found, "ANNOTATION_VALUE").text = note.value


def _is_burst(note: _Note) -> bool:
    return note.above < 0 and not note.tier.startswith(BLINK_TIER)


def _types(root: ET.Element) -> None:
    for name, constraint in _TYPES.items():
        given = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": name}
        given["TIME_ALIGNABLE"] = str(name != "details").lower()
        if constraint:
            given["CONSTRAINTS"] = constraint
        ET.SubElement(root, "LINGUISTIC_TYPE", given)
    for name, about in _CONSTRAINTS.items():
        ET.SubElement(root, "CONSTRAINT", DESCRIPTION=about, STEREOTYPE=name)


def _legal(text: str) -> str:
    """Leave out characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def eaf(coding: Coding, written_at: datetime | None = None) -> str:
    """Write a recording as an ELAN document.

    Parameters
    ----------
    coding : Coding
        The recording.
    written_at : datetime, optional
        Date of the document, aware; now by default.

    Returns
    -------
    str
        The XML of an ``.eaf`` file.

    Raises
    ------
    BadTable
        Two bursts of one side overlap.
    """
    check_apart(coding)
    notes = _notes(coding)
    slots = _Slots(notes)
    root = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "twitch_tracker",
            "DATE": (written_at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "FORMAT": _FORMAT,
            "VERSION": _FORMAT,
            "xmlns:xsi": _XSI,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    _header(root, coding, len(notes))
    slots.write(root)
    for name, kind, above, participant in _tiers(notes):
        given = {"LINGUISTIC_TYPE_REF": kind, "TIER_ID": name}
        given |= {"PARENT_REF": above} if above else {}
        given |= {"PARTICIPANT": participant} if participant else {}
        _annotate(ET.SubElement(root, "TIER", given), notes, slots)
    _types(root)
    ET.indent(root, " ")
    body = _legal(ET.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


# --- tab-delimited ----------------------------------------------------------


def tabbed(coding: Coding) -> str:
    """Write a recording as tab-delimited text, as ELAN exports it.

    Parameters
    ----------
    coding : Coding
        The recording; bursts of one side may overlap.

    Returns
    -------
    str
        A header of `TAB_COLUMNS` and one line for each annotation.
    """
    rows = [
        (
            note.tier,
            f"{note.start_ms / 1000:.3f}",
            f"{note.end_ms / 1000:.3f}",
            f"{(note.end_ms - note.start_ms) / 1000:.3f}",
            note.value,
        )
        for note in _notes(coding)
    ]
    lines = (map(safe_cell, row) for row in (TAB_COLUMNS, *rows))
    return "".join("\t".join(line) + "\n" for line in lines)
