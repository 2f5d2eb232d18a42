"""Why an analysis failed: stored as a code, and its words.

Note: a page says it in the language of whoever reads it, which need not be that of
whoever pressed *Analyse it*, with the film's name in the app, and without commands,
which are of no use in a browser. A text that an earlier version stored is shown
unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twitch_tracker.batch import JobResult
from twitch_tracker.errors import (
    LoggedForAnother,
    TwitchTrackerError,
)
from twitch_tracker.language import capitalised, mark, say
from twitch_tracker.records.reasons import Reason
from twitch_tracker.unmeasured import nothing_measured_of
from twitch_tracker.video.trouble.faults import film_error

__all__ = ["STOPPED", "failure_in_words", "failure_of", "not_logged", "unforeseen"]

STOPPED: Final = "stopped"
"""What is kept of an analysis whose process ended before it gave a result."""

_BY_KIND: Final = {
    "OutputNotWritable": mark(
        "The result could not be stored. The disk may be full. Free some space and try "
        "again."
    ),
    "WeightsMissing": mark(
        "A part of this program is missing or damaged. Have it installed again."
    ),
    "WeightsCorrupt": mark(
        "A part of this program is missing or damaged. Have it installed again."
    ),
    "MissingDependency": mark(
        "A part of this program is missing or damaged. Have it installed again."
    ),
    "JournalUnavailable": mark(
        "The journal cannot be opened or written just now. Try again later."
    ),
    "JournalLocked": mark(
        "The journal is encrypted. Enter its passphrase on the first page."
    ),
    "UnknownPatient": mark("Nobody here has this name."),
}
"""By the class of an error that has no reason of its own."""


def failure_of(result: JobResult) -> str:
    """Return what is kept of a job that failed."""
    if result.trace:
        return str(Reason("unforeseen", (result.error_kind,)))
    return result.reason or str(Reason("failed", (result.error_kind,)))


def not_logged(error: TwitchTrackerError) -> str:
    """Return what is kept of a result that the journal did not take."""
    return error.reason or str(Reason("not_logged", (type(error).__name__,)))


def unforeseen(error: Exception) -> str:
    """Return what is kept of an error of the program itself."""
    return str(Reason("unforeseen", (type(error).__name__,)))


def failure_in_words(kept: str, name: str = "") -> str:
    """Say why an analysis failed.

    Parameters
    ----------
    kept : str
        What was kept of it; may be empty.
    name : str
        The film as its person knows it; empty for one that was filmed here.

    Returns
    -------
    str
        Whole sentences; what is no known reason as it was kept.
    """
    reason = Reason.read(kept)
    if not reason.code:
        return kept
    try:
        if reason.code in _OWN:
            return _OWN[reason.code](name, *reason.values)
        return capitalised(str(film_error("", reason.code, *reason.values)))
    except (KeyError, TypeError, ValueError):
        return kept


def _unforeseen(_name: str, kind: str = "") -> str:
    return say(
        "An unexpected error occurred in the analysis ({kind}). The recording is "
        "kept. Try again, or send it to the person who maintains this program.",
        kind=kind,
    )


def _stopped(_name: str) -> str:
    return say(
        "The analysis stopped unexpectedly. The file may be damaged, or the "
        "computer may be short of memory."
    )


def _failed(name: str, kind: str = "") -> str:
    return say(_BY_KIND[kind]) if kind in _BY_KIND else _unforeseen(name, kind)


def _not_logged(name: str, kind: str = "") -> str:
    return say(
        "It was analysed but could not be logged. {why}", why=_failed(name, kind)
    )


def _logged_for_another(name: str) -> str:
    return say(
        "It was analysed but could not be logged. {why}",
        why=str(LoggedForAnother(name, "")),
    )


def _nothing_measured(_name: str, *values: str) -> str:
    return capitalised(str(nothing_measured_of("", values, on_page=True)))


_OWN: Final[dict[str, Callable[..., str]]] = {
    "unforeseen": _unforeseen,
    STOPPED: _stopped,
    "failed": _failed,
    "not_logged": _not_logged,
    "logged_for_another": _logged_for_another,
    "nothing_measured": _nothing_measured,
}
