"""The fields of a burst, as one table from which files and columns follow.

From it follow the columns of ``episodes.csv``, their dictionary, the journal's table
and how a burst is packed for it. Note: the rows stand in the order of ``episodes.csv``;
the journal has them in the order of `Episode`, what came later last. Onset and offset
are one field in code and columns of their own in every file.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum, StrEnum, auto
from typing import Final

from twitch_tracker.records.episodes import Episode, EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import Region, Side

__all__ = ["EPISODE_FIELDS", "STORED_FIELDS", "CellKind", "EpisodeField"]


class CellKind(Enum):
    """What a field holds."""

    NUMBER = auto()
    """NaN is not measured."""
    WHOLE = auto()
    FLAG = auto()
    NAME = auto()
    """One of `EpisodeField.names`."""
    REGIONS = auto()
    WORDS = auto()


@dataclass(frozen=True)
class EpisodeField:
    """One field of `Episode`.

    Attributes
    ----------
    name : str
        Of the attribute, and of the column everywhere.
    cell : CellKind
        What it holds.
    unit : str
        Its unit, or the values it can have.
    meaning : str
        What it is, for the data dictionary.
    places : int
        Decimals in text files.
    names : type of StrEnum or None
        The values of a `CellKind.NAME`.
    needed : bool
        Whether a table of bursts without it cannot be read.
    since : int
        Which version of the journal was the first to have it.
    """

    name: str
    cell: CellKind
    unit: str
    meaning: str
    places: int = 0
    names: type[StrEnum] | None = None
    needed: bool = False
    since: int = 1


def _number(name: str, places: int, unit: str, meaning: str) -> EpisodeField:
    return EpisodeField(name, CellKind.NUMBER, unit, meaning, places=places)


def _flag(name: str, meaning: str, since: int = 1) -> EpisodeField:
    return EpisodeField(name, CellKind.FLAG, "yes, no", meaning, since=since)


def _name(
    name: str,
    names: type[StrEnum],
    meaning: str,
    *,
    unit: str = "",
    needed: bool = False,
) -> EpisodeField:
    shown = unit or ", ".join(names)
    return EpisodeField(name, CellKind.NAME, shown, meaning, names=names, needed=needed)


EPISODE_FIELDS: Final = (
    _name("side", Side, "the person's own side", needed=True),
    EpisodeField(
        "regions",
        CellKind.REGIONS,
        f"list of {', '.join(Region)}",
        "regions that took part",
        needed=True,
    ),
    _name(
        "lead_region", Region, "the one that moved first", unit="a region", needed=True
    ),
    _name(
        "kind",
        EpisodeKind,
        "separate contractions, a held one, or both; empty where pictures come too "
        "slowly for it (reasons say so)",
        needed=True,
    ),
    EpisodeField(
        "contractions",
        CellKind.WHOLE,
        "number",
        "separate contractions, at least 1; empty where they could not be counted",
    ),
    _number(
        "rate_hz",
        2,
        "1/s",
        "contractions per second within the burst; empty for a single one",
    ),
    _number("peak_score", 2, "sd of the quiet face", "strongest one-sided evidence"),
    _number(
        "excursion_mm", 2, "mm", "largest displacement of any region that took part"
    ),
    _number("asymmetry", 3, "-1 to 1", "1 this side alone, 0 both alike"),
    _number(
        "lag_s",
        3,
        "s",
        "onset at the mouth corner minus onset at the eyelid; empty unless both took "
        "part",
    ),
    _number("confidence", 3, "0 to 1", "how clearly one side moved alone"),
    EpisodeField(
        "reasons",
        CellKind.WORDS,
        "list of words",
        "why it was kept: codes with values, or what a person wrote (a ; inside is "
        "written ,)",
    ),
    _number("mean_score", 2, "sd of the quiet face", "mean one-sided evidence"),
    _flag("brow_lift", "the eyebrow rose while the eye of the same side closed"),
    _flag(
        "onset_cut",
        "it was already under way when it could first be measured: it began earlier, "
        "and duration_s is a lower bound",
        since=2,
    ),
    _flag(
        "offset_cut",
        "it was still under way when it could last be measured: it ended later, and "
        "duration_s is a lower bound",
        since=2,
    ),
    _flag("bilateral", "a burst of the other side overlaps it in time", since=2),
    _name(
        "origin", Origin, "whether the program, a person or a simulation made the row"
    ),
    _name("review", ReviewState, "the decision of a review"),
)
"""Every field but `Episode.span`, in the order of ``episodes.csv``."""

_PLACES: Final = {item.name: place for place, item in enumerate(fields(Episode))}

STORED_FIELDS: Final = tuple(
    sorted(EPISODE_FIELDS, key=lambda one: (one.since, _PLACES[one.name]))
)
"""The same in the order of the journal's columns: a column can only be added last."""
