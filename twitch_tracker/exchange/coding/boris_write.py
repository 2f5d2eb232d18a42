"""Recordings for BORIS: a project that it opens, and its two tables of events.

Knows the columns and the JSON that BORIS 8 to 10 write. A burst is the state event
``burst`` of the subject ``left side`` or ``right side`` (the person's own) with three
modifiers: kind, first region, regions; a blink is the state event ``blink`` of no
subject. What else is known is in the comment (`details`). Note: BORIS pairs starts with
stops by their order among equal subject, behaviour and modifiers, so bursts of one side
must not overlap in what is paired.

Layouts: BORIS 8.27 and 10.0 source (``config.py``, ``export_events.py``,
``export_observation.py``) and files that these versions wrote.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from twitch_tracker.border.tables import table_text
from twitch_tracker.exchange.coding.boris_codes import (
    BURST,
    BorisEvent,
    blink_name,
    check_names,
    events,
    fps,
    marks,
    seconds_text,
)
from twitch_tracker.exchange.coding.recording import (
    REGION_WORDS,
    Coding,
    check_apart,
    length_ms,
    start_words,
    tracks,
)
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import REGIONS, SIDES

__all__ = [
    "AGGREGATED_COLUMNS",
    "TABULAR_COLUMNS",
    "aggregated_events",
    "project",
    "tabular_events",
]

_NOBODY: Final = "No focal subject"
_MODIFIERS: Final = ("Modifier #1", "Modifier #2", "Modifier #3")

_CODED: Final = "Observation duration by subject by observation"

AGGREGATED_COLUMNS: Final = (
    *("Observation id", "Observation date", "Description", "Observation type"),
    *("Source", "Time offset (s)", "Coding duration", "Media duration (s)"),
    *("FPS (frame/s)", "Subject", _CODED),
    *("Behavior", "Behavioral category", *_MODIFIERS, "Behavior type"),
    *("Start (s)", "Stop (s)", "Duration (s)", "Media file name"),
    *("Image index start", "Image index stop", "Image file path start"),
    *("Image file path stop", "Comment start", "Comment stop"),
)
"""Columns of aggregated events, in the order of BORIS."""

TABULAR_COLUMNS: Final = (
    *("Observation id", "Observation date", "Description", "Observation duration"),
    *("Observation type", "Source", "Time offset (s)", "Media duration (s)", "FPS"),
    *("Subject", "Behavior", "Behavioral category", *_MODIFIERS, "Behavior type"),
    *("Time", "Media file name", "Image index", "Image file path", "Comment"),
)
"""Columns of tabular events, in the order of BORIS."""


# --- tables -----------------------------------------------------------------


def _table(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    return table_text(columns, ([row.get(c, "") for c in columns] for row in rows))


_LENGTH: Final = "Media duration (s)"
"""Column of the length of a recording."""


def _about(coding: Coding) -> dict[str, str]:
    """Return the cells that every row of a recording has."""
    return {
        "Observation id": coding.name,
        "Observation date": start_words(coding).replace("T", " "),
        "Description": coding.description,
        "Source": f"player #1:{coding.media}",
        "Time offset (s)": "0.0",
        _LENGTH: seconds_text(length_ms(coding)),
        "Media file name": coding.media,
    }


def _what(event: BorisEvent) -> dict[str, str]:
    """Return the cells that say what happened."""
    return {
        "Behavior": event.behavior,
        "Behavioral category": "Not defined",
        **dict(zip(_MODIFIERS, event.modifiers, strict=False)),
    }


def _aggregated(coding: Coding) -> Iterator[dict[str, str]]:
    happened = events(coding)
    coded_ms: Counter[str] = Counter()
    for event in happened:
        coded_ms[event.subject] += event.end_ms - event.start_ms
    about = _about(coding)
    for event in happened:
        yield {
            **about,
            **_what(event),
            "Observation type": "Media file",
            "Coding duration": about[_LENGTH],
            "FPS (frame/s)": f"{fps(coding):.3f}",
            "Subject": event.subject or _NOBODY,
            _CODED: f"{coded_ms[event.subject] / 1000}",
            "Behavior type": "STATE",
            "Start (s)": seconds_text(event.start_ms),
            "Stop (s)": seconds_text(event.end_ms),
            "Duration (s)": seconds_text(event.end_ms - event.start_ms),
            "Image index start": "NA",
            "Image index stop": "NA",
            "Comment start": event.comment,
        }


def aggregated_events(codings: Sequence[Coding]) -> str:
    """Write recordings as aggregated events: one row a burst or blink.

    Parameters
    ----------
    codings : sequence of Coding
        The recordings; bursts of one side may overlap.

    Returns
    -------
    str
        CSV with `AGGREGATED_COLUMNS`.

    Raises
    ------
    BadTable
        Two recordings have the same name, or one has none.
    """
    check_names(codings)
    rows = (row for coding in codings for row in _aggregated(coding))
    return _table(AGGREGATED_COLUMNS, rows)


def _tabular(coding: Coding) -> Iterator[dict[str, str]]:
    about = _about(coding)
    for time_ms, status, event in marks(coding):
        yield {
            **about,
            **_what(event),
            "Behavioral category": "",
            "Observation duration": about[_LENGTH],
            "Observation type": "Media file(s)",
            "FPS": f"{fps(coding):.3f}",
            "Subject": event.subject,
            "Behavior type": status,
            "Time": seconds_text(time_ms),
            "Image index": "NA",
            "Image file path": "NA",
            "Comment": event.comment if status == "START" else "",
        }


def tabular_events(codings: Sequence[Coding]) -> str:
    """Write recordings as tabular events: a row for each start and each stop.

    Returns
    -------
    str
        CSV with `TABULAR_COLUMNS`.

    Raises
    ------
    BadTable
        As for `aggregated_events`; or bursts of one side overlap.
    """
    check_names(codings)
    for coding in codings:
        check_apart(coding)
    rows = (row for coding in codings for row in _tabular(coding))
    return _table(TABULAR_COLUMNS, rows)


# --- project ----------------------------------------------------------------


def _modifier_sets() -> dict[str, Any]:
    """Return the choices for a burst: one kind, one first region, some regions."""
    words = [REGION_WORDS[region] for region in REGIONS]
    sets = (
        ("kind", 0, [kind.value for kind in EpisodeKind]),
        ("first region", 0, [f"{word} first" for word in words]),
        ("regions", 1, words),
    )
    return {
        str(number): {
            "name": name,
            "description": "",
            "type": kind,
            "ask at stop": False,
            "values": values,
        }
        for number, (name, kind, values) in enumerate(sets)
    }


def _behavior(code: str, key: str, about: str, modifiers: dict[str, Any]) -> Any:
    return {
        "type": "State event",
        "key": key,
        "code": code,
        "description": about,
        "color": "",
        "category": "",
        "modifiers": modifiers,
        "excluded": "",
        "coding map": "",
    }


def _observation(coding: Coding) -> dict[str, Any]:
    film = coding.media
    return {
        "file": {"1": [film] if film else [], **{str(n): [] for n in range(2, 9)}},
        "type": "MEDIA",
        "date": start_words(coding),
        "description": coding.description,
        "time offset": 0.0,
        "events": [
            [
                time_ms / 1000,
                event.subject,
                event.behavior,
                "|".join(event.modifiers),
                event.comment if status == "START" else "",
                "NA",
            ]
            for time_ms, status, event in marks(coding)
        ],
        "observation time interval": [0, 0],
        "independent_variables": {},
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "media_creation_date_as_offset": False,
        "media_scan_sampling_duration": 0,
        "image_display_duration": 1,
        "close_behaviors_between_videos": False,
        "media_info": {
            "length": {film: length_ms(coding) / 1000} if film else {},
            "fps": {film: fps(coding)} if film else {},
            "hasVideo": {film: True} if film else {},
            "hasAudio": {film: False} if film else {},
            "offset": {"1": 0.0},
            "display": {film: "Nothing"} if film else {},
        },
    }


def project(name: str, codings: Sequence[Coding]) -> str:
    """Write recordings as one BORIS project, with one observation each.

    Returns
    -------
    str
        The JSON of a ``.boris`` file, ASCII only.

    Raises
    ------
    BadTable
        Two recordings have the same name, or bursts of one side overlap.
    """
    check_names(codings)
    for coding in codings:
        check_apart(coding)
    subjects = [
        {"key": side[0], "name": f"{side} side", "description": "the person's own"}
        for side in SIDES
    ]
    most = max([1, *(n for coding in codings for _, n in tracks(coding.blinks))])
    behaviors = [_behavior(BURST, "b", "one-sided burst", _modifier_sets())]
    behaviors += [
        _behavior(blink_name(n), "k" if n == 1 else "", "both eyes close together", {})
        for n in range(1, most + 1)
    ]
    document = {
        "time_format": "s",
        "project_date": max((start_words(c) for c in codings), default=""),
        "project_name": name,
        "project_description": "Bursts measured by twitch_tracker.",
        "project_format_version": "7.0",
        "subjects_conf": {str(n): subject for n, subject in enumerate(subjects)},
        "behaviors_conf": {str(n): found for n, found in enumerate(behaviors)},
        "observations": {coding.name: _observation(coding) for coding in codings},
        "behavioral_categories": [],
        "behavioral_categories_config": {},
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    return json.dumps(document, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
