"""What every column of every table means; written only here.

Knows the CSV and Parquet files that this package writes, and nothing of how. Tests
compare it with the written files and with the pages in docs/. Note: in Parquet
*missing* is a null, in CSV an empty cell, and neither is ever zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from itertools import product
from typing import Final

from twitch_tracker.border.tables import table_text
from twitch_tracker.history import DIARY
from twitch_tracker.records.episode_fields import EPISODE_FIELDS, CellKind
from twitch_tracker.regions import REGIONS, SIDES

__all__ = [
    "BLINK_TABLE_COLUMNS",
    "BURST_TABLE_COLUMNS",
    "DICTIONARY_NAME",
    "RECORDING_COLUMNS",
    "Column",
    "columns",
    "dictionary_text",
]

DICTIONARY_NAME: Final = "data_dictionary.csv"


@dataclass(frozen=True)
class Column:
    """One column of one file.

    Attributes
    ----------
    file, column : str
        Where.
    unit : str
        Its unit, or the values that it can have.
    type : str
        ``number``, ``whole number``, ``text``, ``list``, ``yes/no``, ``true/false``,
        ``day`` (2026-05-31) or ``moment`` (with its offset from UTC).
    meaning : str
        What it is.
    missing : str
        What an empty cell (CSV) or null (Parquet) means; empty when there is none.
    """

    file: str
    column: str
    unit: str
    type: str
    meaning: str
    missing: str


_TYPES: Final = {
    CellKind.NUMBER: "number",
    CellKind.WHOLE: "whole number",
    CellKind.FLAG: "yes/no",
    CellKind.NAME: "text",
    CellKind.REGIONS: "list",
    CellKind.WORDS: "list",
}
_MISSING: Final = {CellKind.NUMBER: "not measured", CellKind.WORDS: "none"}

# column | unit or values | type | meaning | what missing means; "-" for never missing.
_EPISODES: Final = """
onset_s | s | number | when it began | -
offset_s | s | number | when it ended | -
duration_s | s | number | offset minus onset | -
""" + "\n".join(
    f"{one.name} | {one.unit} | {_TYPES[one.cell]} | {one.meaning} | "
    f"{_MISSING.get(one.cell, '-')}"
    for one in EPISODE_FIELDS
)

_BLINKS: Final = """
onset_s | s | number | start of closing | -
offset_s | s | number | end of opening | -
duration_s | s | number | offset minus onset | -
complete | yes, no | yes/no | whether both lids closed fully | -
closure_left | fraction | number | deepest closure of the left eye: 0 untouched, 1 closed | not measured
closure_right | fraction | number | the same of the right eye | not measured
"""

_SIGNALS: Final = """
time_s | s | number | presentation time of the frame | -
frame_s | s | number | how much recording the frame stands for; sums of it are durations | -
usable | true, false | true/false | whether the frame could be measured; only these count as analysable | -
reasons | list separated by ; | list | why not (recording.md lists them) | none
yaw_deg | deg | number | positive when the head turns to its own left | not measured
pitch_deg | deg | number | positive when it looks up | not measured
roll_deg | deg | number | positive when it tilts to its own left shoulder | not measured
interocular_px | px | number | distance of the outer corners of the eyes, corrected for yaw | not measured
face_x | share of the width | number | where the person's face is in the picture as it is shown, from the left; empty without the face | not measured
face_y | share of the height | number | the same from the top | not measured
<side>_aperture_fraction | fraction | number | opening of the eye relative to its own open aperture: 1 open, 0 closed | not measured
<side>_aperture_mm | mm | number | the same in millimetres | not measured
<side>_patch_closure | fraction | number | how far the eye is closed by its look: 0 open, 1 closed | not measured
<side>_look | fraction | number | how closed the eye looks to somebody who does not know the person: 0 open, 1 closed | not measured
<side>_upper_lip_io | interocular distances | number | displacement of the upper lip from the face at rest, along the pull of the mouth corner | not measured
<side>_ala_io | interocular distances | number | lift of the wing of the nose from the face at rest | not measured
<side>_commissure_down_io | interocular distances | number | place of the mouth corner in the head, outward and down | not measured
mouth_open_io | interocular distances | number | distance of the lips' inner edges in the midline | not measured
rest_weight | fraction | number | how much the frame says about this face at rest: 0 nothing, 1 all | never
<side>_<region>_place_io | interocular distances | number | place in the head along contraction, before any level is subtracted | not measured
<side>_<region>_position_io | interocular distances | number | displacement from the quiet position, contraction positive | not measured
<side>_<region>_position_mm | mm | number | the same in millimetres | not measured
<side>_<region>_skin_io | interocular distances | number | what the skin did in the last second by optical flow alone; empty for the eyelid | not measured
<side>_<region>_activity_mm_s | mm/s | number | mean speed, whichever way | not measured
<side>_<region>_one_sided_sd | sd of the quiet face | number | movement that the other side and the head do not explain | not measured
"""

_RECORDINGS: Final = """
recording_id | name | text | its name in the journal | -
started_at | UTC | moment | when it was recorded | -
time_known | told, from_file, file_date | text | how that is known | -
task | rest, eyes_closed, blinking, forced_closure, pursing, smiling, brow_raising, speech, free_speech, rest_after, other | text | what the person was asked to do | -
device | name | text | with what it was filmed | not known
file_name | name | text | name of the film | not known
content_sha256 | hexadecimal | text | hash of the film's content | -
mirrored | yes, no | yes/no | whether the stored picture was a mirror image | -
recorded_s | s | number | how much was recorded | -
analysable_s | s | number | how much of it could be measured: every rate divides by this | -
basis | detected, reviewed | text | whose bursts are counted here | -
bursts_left | number | whole number | bursts of the left side | -
bursts_right | number | whole number | bursts of the right side | -
blinks | number | whole number | blinks of both eyes | -
rest_asymmetry | fraction | number | (right - left) / mean of the open apertures at rest | not measured
hardly_open_left_s | s | number | how long the left eye was hardly ever open | not looked for
hardly_open_right_s | s | number | how long the right eye was hardly ever open | not looked for
revision | number | whole number | which analysis of the recording this is, from 1 | -
tracker | name | text | who found the landmarks | -
tracker_weights_sha256 | hexadecimal | text | hash of its weights | not known
detector | name | text | who found the bursts | -
networks_sha256 | hexadecimal | text | hash of its weights | it has none
parameters_sha256 | hexadecimal | text | hash of every parameter of the analysis | not known
software_version | version | text | version of this package that measured it | not known
reviewed_by | name | text | whose finished review counts | not reviewed
note | free text | text | what was noted on the recording | none
"""

_DIARY: Final = "\n".join(
    (
        "date | day | day | the day | -",
        *(
            f"{name} | {one.unit} | number | {one.meaning} | not known"
            for name, one in DIARY.items()
        ),
        "medication | free text | text | what was taken | not known",
        "notes | free text | text | anything else | none",
    )
)

_TREATMENTS: Final = """
date | day | day | the day | -
kind | botulinum_toxin, microvascular_decompression, other | text | what was done | -
side | left, right | text | the person's own side | not known
product | name | text | brand or medicine | not known
units | units of the product | number | total dose | not known
muscles | list of muscle or muscle=units | text | doses by muscle, separated by ; | not known
notes | free text | text | anything else | none
side_effects | ptosis, dry_eye, mouth_droop, none | text | what was noticed after it, separated by ; | not known
"""

_SERIES: Final = """
measure | a name of summary.json | text | which number | -
unit | unit | text | its unit | -
side | left, right, both | text | the person's own side | -
kind | rest, provoked, after_provocation, other | text | kind of task: never mixed | -
grain | recording, or a period such as month | text | what one row stands for; rows of different grain must not be added up | -
at | UTC | moment | where the row is drawn in time | -
start | day | day | first day that it stands for | -
end | day | day | last day that it stands for | -
value | as unit says | number | the number | not defined
low | as unit says | number | lower end of its 95 % interval | no interval
high | as unit says | number | upper end | no interval
minutes | min | number | analysable minutes behind it | not known
bursts | number | whole number | bursts behind it | -
recordings | number | whole number | recordings behind it | -
recording_ids | list separated by blanks | text | which ones | -
"""

_OF_WHICH: Final = """
recording_id | name | text | the recording it belongs to, as in recordings.csv | -
"""

_FILES: Final = (
    ("episodes.csv", _EPISODES),
    ("blinks.csv", _BLINKS),
    ("signals.parquet", _SIGNALS),
    ("recordings.csv", _RECORDINGS),
    ("bursts.csv", _OF_WHICH + _EPISODES),
    ("all_blinks.csv", _OF_WHICH + _BLINKS),
    ("diary.csv", _DIARY),
    ("treatments.csv", _TREATMENTS),
    ("series.csv", _SERIES),
    ("series.parquet", _SERIES),
)


def _parsed(file: str, table: str) -> Iterator[Column]:
    for line in filter(None, table.splitlines()):
        column, unit, kind, meaning, missing = (p.strip() for p in line.split(" | "))
        empty = "" if missing == "-" else missing
        yield from _filled(Column(file, column, unit, kind, meaning, empty))


def _filled(column: Column) -> Iterator[Column]:
    """Fill the placeholders of a name with every side and region."""
    names = dict.fromkeys(
        column.column.replace("<side>", side).replace("<region>", region)
        for side, region in product(SIDES, REGIONS)
    )
    for name in names:
        yield replace(column, column=name)


def columns(file: str = "") -> tuple[Column, ...]:
    """Return the columns of a file, or of all, in order.

    Parameters
    ----------
    file : str
        Name of a file; all by default.

    Returns
    -------
    tuple of Column
        Empty for a file that is not known.
    """
    return tuple(
        column
        for name, table in _FILES
        if file in {"", name}
        for column in _parsed(name, table)
    )


def _names(file: str) -> tuple[str, ...]:
    return tuple(column.column for column in columns(file))


RECORDING_COLUMNS: Final = _names("recordings.csv")
"""Columns of a person's ``recordings.csv``."""

BURST_TABLE_COLUMNS: Final = _names("bursts.csv")
"""Columns of a person's ``bursts.csv``."""

BLINK_TABLE_COLUMNS: Final = _names("all_blinks.csv")
"""Columns of a person's ``all_blinks.csv``."""


def dictionary_text() -> str:
    """Write the dictionary of all files.

    Returns
    -------
    str
        CSV with the columns file, column, unit, type, meaning, missing.
    """
    names = [item.name for item in fields(Column)]
    return table_text(names, map(astuple, columns()), ours=True)
