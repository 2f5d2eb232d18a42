"""Whose figures stand side by side: detectors, and ours in two views.

With fold models our detector comes twice: first by networks that have seen neither
the face nor the family of truth, which is what to believe, then by networks that
have seen every family. The rules learn nothing and come once.
"""

from __future__ import annotations

from typing import Any, Final

from studies.benchmark.judging.detectors import DETECTORS, OURS
from studies.benchmark.judging.figures import DetectorFigures
from studies.benchmark.run import Results

__all__ = ["FAMILIES_SEEN", "figures_of", "titled"]

FAMILIES_SEEN: Final = f"{OURS.name}_families_seen"
"""Our detector, judged by networks that have seen every family of truth."""


_UNSEEN: Final = ("families unseen", "its networks saw neither face nor family")
_SEEN: Final = ("families seen", "its networks saw every family, but not the face")


def titled(name: str, figures: DetectorFigures) -> dict[str, Any]:
    """Return how a detector is called in the view."""
    detector = figures.detector
    title, about = detector.title, detector.about
    if figures.family_unseen or name == FAMILIES_SEEN:
        view, how = _UNSEEN if figures.family_unseen else _SEEN
        title = f"{title}, {view}"
        about = f"This program with its default settings; {how}."
    return {
        "name": name,
        "title": title,
        "about": about,
        "attributes": detector.attributes,
        "family_unseen": figures.family_unseen,
    }


def figures_of(results: Results, *, draws: int = 2000) -> dict[str, DetectorFigures]:
    """Make the figures of every detector, by its name, ours first.

    With fold models ours comes twice: first by networks that have not seen the
    recording's family of truth, then, as `FAMILIES_SEEN`, by those that have.
    """
    seed = results.options.seed
    made = {
        detector.name: DetectorFigures(detector, results.scored, seed=seed, draws=draws)
        for detector in DETECTORS
    }
    if results.options.folds is None:
        return made
    unseen = DetectorFigures(
        OURS, results.scored, family_unseen=True, seed=seed, draws=draws
    )
    return {OURS.name: unseen, FAMILIES_SEEN: made.pop(OURS.name), **made}
