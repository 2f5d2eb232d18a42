"""Which learned weights may judge what: never those that have seen it.

Leave one face out and leave one family out: a folder of fold models holds
``folds.csv`` (columns face, fold) and a folder for every exam: ``all``, whose weights
were trained without that face, and one for each family of truth, whose weights were
trained without that face and without that family. Without such a folder the shipped
weights judge, which is only fair to faces that were not used to train them.

>>> weights_for("anybody", None) is None
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from studies.benchmark.building.plan import Family, Version
from twitch_tracker.episodes.network.sensitivity import Sensitivity
from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.tables import read_rows
from twitch_tracker.pipeline import AnalysisOptions

__all__ = [
    "ALL_FAMILIES",
    "EXAMS",
    "FOLDS_TABLE",
    "check_folds",
    "exams_of",
    "options_for",
    "weights_for",
]

FOLDS_TABLE: Final = "folds.csv"
ALL_FAMILIES: Final = "all"
"""The exam in which every family was seen."""

EXAMS: Final = (ALL_FAMILIES, *(family.value for family in Family))
"""All exams: nothing but the face unseen, and each family unseen, too."""


def weights_for(face: str, folds: Path | None, exam: str = ALL_FAMILIES) -> Path | None:
    """Return the weights that have not seen a face; None for the shipped ones.

    Parameters
    ----------
    face : str
        Whose face is judged.
    folds : Path or None
        Folder of fold models with ``folds.csv``.
    exam : str
        `ALL_FAMILIES`, or the family that they have not seen, either.

    Raises
    ------
    BadParameter
        If the table does not name the face: it cannot be known then whether
        the weights have seen it.
    BadTruthFile
        If the table cannot be read.
    """
    if folds is None:
        return None
    by_face = _folds(folds)
    if face not in by_face:
        expected = f"a row for every face in {FOLDS_TABLE}"
        raise BadParameter("--folds", expected, f"none for {face}")
    weights = folds / exam / by_face[face]
    if not weights.exists():
        raise BadParameter("--folds", f"{exam}/{weights.name} in it", str(folds))
    return weights


@cache
def _folds(folder: Path) -> dict[str, str]:
    """Read which fold belongs to which face."""
    rows = read_rows(folder / FOLDS_TABLE, ("face", "fold"))
    return {row["face"]: row["fold"] for _, row in rows}


def check_folds(faces: set[str], folds: Path | None) -> None:
    """Refuse early when a face lacks weights of an exam; as `weights_for`."""
    for face in sorted(faces):
        for exam in EXAMS:
            weights_for(face, folds, exam)


def exams_of(version: Version, folds: Path | None) -> tuple[str, ...]:
    """Return the exams in which a recording is judged, `ALL_FAMILIES` first.

    Parameters
    ----------
    version : Version
        The recording. With bursts it is judged by the exam of their family; an
        untouched one belongs to no family and is judged by every exam.
    folds : Path or None
        As for `weights_for`; without it only shipped weights can judge.
    """
    if folds is None:
        return (ALL_FAMILIES,)
    unseen = tuple(Family) if version.family is None else (version.family,)
    return (ALL_FAMILIES, *(family.value for family in unseen))


def options_for(
    weights: Path | None, sensitivity: Sensitivity = Sensitivity.STANDARD
) -> AnalysisOptions:
    """Return the options with which the product analyses, given weights.

    The one place that knows how weights are handed to the pipeline.
    """
    return AnalysisOptions(networks=weights, sensitivity=sensitivity)
