"""What really happened in a recording, as somebody wrote it down.

Knows which file is of which format, and this program's own truth tables: the
columns of ``episodes.csv`` plus, if there are other events than bursts, a
column ``event``. Where that is ``spasm`` (or empty, or missing) the row is a
burst; anything else (``blink``, ``smile`` ...) has a span and a name only.
Hand coding from BORIS and ELAN is read by `boris` and `elan`.

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
from twitch_tracker.exchange.coding.grid import find_grid
from twitch_tracker.exchange.coding.nearly import almost
from twitch_tracker.exchange.tables import (
    REQUIRED_EPISODE_COLUMNS,
    read_episode,
    read_rows,
    read_span,
)
from twitch_tracker.language import mark, say
from twitch_tracker.records import Episode

__all__ = ["TRUTH_FORMATS", "OtherEvent", "Truth", "read_truth"]

_BURST: Final = frozenset({"", "spasm"})
TRUTH_FORMATS: Final = mark(
    "this program's truth.csv or episodes.csv; BORIS tabular or aggregated events "
    "(csv, tsv) or project (.boris, .boris.gz); ELAN document (.eaf) or tab-delimited text"
)
"""What `read_truth` can read, in words."""


def read_truth(path: Path, recording: str = "") -> Truth:
    """Read what happened, whatever it was written with.

    Parameters
    ----------
    path : Path
        One of `TRUTH_FORMATS`, recognised by what is in it.
    recording : str
        Name of the recording; chooses among several observations of a BORIS
        file.

    Returns
    -------
    Truth
        Bursts, and what else happened.

    Raises
    ------
    BadTruthFile
        The file cannot be read or is of no known format, a cell is not what it
        must be, a side cannot be told, or a burst has no end.
    """
    path = Path(path)
    text = _text(path)
    start = text.lstrip()[:1]
    if start == "{":
        return boris.read_project(path, text, recording)
    if start == "<":
        return elan.read_eaf(path, text)
    for is_header in (boris.is_aggregated, boris.is_tabular):
        grid = find_grid(path, text, is_header)
        if grid is not None:
            return boris.read_table(grid, recording)
    grid = find_grid(path, text, elan.is_elan)
    if grid is not None:
        return elan.read_tabbed(grid)
    if elan.has_times(text):
        return elan.read_bare(path, text)
    if "onset_s" in text or "offset_s" in text:
        return _read_own(path)
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


def _read_own(path: Path) -> Truth:
    """Read a truth table or a log of this program."""
    episodes: list[Episode] = []
    others: list[OtherEvent] = []
    for place, row in read_rows(path, REQUIRED_EPISODE_COLUMNS):
        event = row.get("event", "").lower()
        if event in _BURST:
            episodes.append(_own_burst(read_episode(place, row), row))
        else:
            others.append(OtherEvent(event=event, span=read_span(place, row)))
    return Truth(episodes=tuple(episodes), others=tuple(others))


def _own_burst(burst: Episode, row: Mapping[str, str]) -> Episode:
    """Remember when the contractions were not counted."""
    if row.get("contractions", ""):
        return burst
    given = {item.name: getattr(burst, item.name) for item in fields(burst)}
    return CodedBurst(**given, noted=ALL_NOTED - {"contractions"})
