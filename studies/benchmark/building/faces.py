"""Which video shows whose face, doing what: the table a benchmark starts from.

Knows ``faces.csv`` (columns file, face, tier, use, traits, note) and ``deliberate.csv``
(columns file, onset_s, offset_s, side, what). Without a table every file is a face of
its own and its name says the tier. Note: two videos of one person must carry the same
face, or "unseen face" means nothing.

>>> tier_of_name("talk_hill.mp4").value
'talk'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.tables import RowPlace, read_rows, read_span
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval

__all__ = [
    "DELIBERATE_TABLE",
    "FACES_TABLE",
    "Deliberate",
    "FaceVideo",
    "Tier",
    "find_table",
    "read_deliberate",
    "read_faces",
    "select",
    "tier_of_name",
]

FACES_TABLE: Final = "faces.csv"
DELIBERATE_TABLE: Final = "deliberate.csv"
_SUFFIXES: Final = frozenset({".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg"})


class Tier(StrEnum):
    """What the person does, in rising difficulty."""

    REST = "rest"
    TALK = "talk"
    EXPRESSIVE = "expressive"


@dataclass(frozen=True, kw_only=True)
class FaceVideo:
    """One video of the folder.

    Attributes
    ----------
    file : str
        Its name.
    face : str
        Whose face it shows; the unit of resampling and of leaving out.
    tier : Tier
        What the person does.
    use : bool
        Whether it takes part.
    traits : tuple of str
        What is known of the face and the film, e.g. ``glasses``, ``skin:dark``.
    note : str
        Why not, or what is special.
    """

    file: str
    face: str
    tier: Tier
    use: bool = True
    traits: tuple[str, ...] = ()
    note: str = ""

    @property
    def stem(self) -> str:
        """Name without suffix."""
        return Path(self.file).stem


@dataclass(frozen=True, kw_only=True)
class Deliberate:
    """A one-sided movement that the person in a video makes on purpose.

    Attributes
    ----------
    file : str
        The video, as filmed.
    span : Interval
        When, in seconds of that video.
    side : Side
        The subject's own side.
    what : str
        What a viewer sees.
    """

    file: str
    span: Interval
    side: Side
    what: str = ""


def tier_of_name(name: str) -> Tier:
    """Guess the tier from the start of a file name."""
    for tier in (Tier.REST, Tier.TALK):
        if name.lower().startswith(f"{tier.value}_"):
            return tier
    return Tier.EXPRESSIVE


def find_table(folder: Path, table: Path | None) -> Path | None:
    """Return the table to use: the one given, else one lying in the folder."""
    if table is not None:
        return table
    beside = folder / FACES_TABLE
    return beside if beside.is_file() else None


def read_faces(folder: Path, table: Path | None = None) -> tuple[FaceVideo, ...]:
    """List the videos of a folder with their faces and tiers.

    Parameters
    ----------
    folder : Path
        Where the videos are.
    table : Path, optional
        Table of faces; ``faces.csv`` in the folder if there is one, else one
        face per file and the tier from its name.

    Returns
    -------
    tuple of FaceVideo
        In the order of the table, or of the names. Videos that a table does not
        name come last, with ``use`` false and a note.

    Raises
    ------
    BadParameter
        If the folder is none or holds no video, or the table names a video
        that is not there.
    BadTruthFile
        If the table cannot be read.
    """
    if not folder.is_dir():
        raise BadParameter("FACES", "a folder of videos", str(folder))
    present = sorted(f.name for f in folder.iterdir() if f.suffix.lower() in _SUFFIXES)
    if not present:
        expected = f"a folder with videos ({', '.join(sorted(_SUFFIXES))})"
        raise BadParameter("FACES", expected, str(folder))
    source = find_table(folder, table)
    if source is None:
        return tuple(
            FaceVideo(file=name, face=Path(name).stem, tier=tier_of_name(name))
            for name in present
        )
    listed = [_face(place, row) for place, row in read_rows(source, ("file",))]
    _check_listed(listed, present, source)
    named = {video.file for video in listed}
    left = [name for name in present if name not in named]
    return (*listed, *(_not_listed(name) for name in left))


def _face(place: RowPlace, row: Mapping[str, str]) -> FaceVideo:
    """Read one row of the table."""
    name = row["file"]
    tier = row.get("tier", "") or tier_of_name(name).value
    use = (row.get("use", "") or "yes").lower()
    if tier not in set(Tier):
        raise place.bad_cell("tier", f"one of {', '.join(Tier)}", tier)
    if use not in {"yes", "no"}:
        raise place.bad_cell("use", "yes or no", use)
    return FaceVideo(
        file=name,
        face=row.get("face", "") or Path(name).stem,
        tier=Tier(tier),
        use=use == "yes",
        traits=tuple(row.get("traits", "").split()),
        note=row.get("note", ""),
    )


def _check_listed(
    listed: Iterable[FaceVideo], present: Iterable[str], table: Path
) -> None:
    """Refuse a table that names videos which are not there, or one twice."""
    names = [video.file for video in listed]
    missing = sorted({v.file for v in listed if v.use} - set(present))
    if missing:
        expected = "a table whose videos lie in the folder"
        raise BadParameter(table.name, expected, f"no {', '.join(missing)}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadParameter(table.name, "every video once", f"twice {', '.join(twice)}")


def _not_listed(name: str) -> FaceVideo:
    return FaceVideo(
        file=name,
        face=Path(name).stem,
        tier=tier_of_name(name),
        use=False,
        note="not in the table of faces",
    )


def select(
    videos: Iterable[FaceVideo], only: Iterable[str] = ()
) -> tuple[FaceVideo, ...]:
    """Keep the videos that take part and match any of the patterns.

    Parameters
    ----------
    videos : Iterable of FaceVideo
        All videos.
    only : Iterable of str
        Shell patterns of file names, e.g. ``rest_*``; without any, all.

    Raises
    ------
    BadParameter
        If none is left.
    """
    used = [video for video in videos if video.use]
    patterns = tuple(only)
    kept = [
        video
        for video in used
        if not patterns
        or any(fnmatch(video.file, p) or fnmatch(video.stem, p) for p in patterns)
    ]
    if not kept:
        expected = "a pattern that matches a video in use"
        raise BadParameter("--only", expected, ", ".join(patterns) or "no video in use")
    return tuple(kept)


def read_deliberate(path: Path | None) -> tuple[Deliberate, ...]:
    """Read the hand-coded deliberate movements; none without a file.

    Raises
    ------
    BadTruthFile
        If the file cannot be read.
    """
    if path is None or not path.is_file():
        return ()
    columns = ("file", "onset_s", "offset_s", "side")
    return tuple(_deliberate(place, row) for place, row in read_rows(path, columns))


def _deliberate(place: RowPlace, row: Mapping[str, str]) -> Deliberate:
    """Read one row."""
    if row["side"] not in set(Side):
        raise place.bad_cell("side", f"one of {', '.join(Side)}", row["side"])
    return Deliberate(
        file=row["file"],
        span=read_span(place, row),
        side=Side(row["side"]),
        what=row.get("what", ""),
    )
