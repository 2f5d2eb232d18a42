"""What is wrong with a journal, what to do about it, and how a date is known."""

from __future__ import annotations

from typing import Final

from twitch_tracker.journal.entries import Finding, FindingKind, TimeKnown
from twitch_tracker.journal.store.database import DAMAGE_ADVICE
from twitch_tracker.language import mark, say

__all__ = ["finding_advice", "finding_text", "time_known_in_words"]

_WHAT: Final = {
    FindingKind.DATABASE_DAMAGED: mark("the database is damaged: {said}"),
    FindingKind.ROW_MISSING: mark(
        "a row of {table} refers to a row of {other} that is not there"
    ),
    FindingKind.CELL_WRONG: mark(
        "table {table}, row {row}, column {column}: not a value that can stand there"
    ),
    FindingKind.TABLE_UNREADABLE: mark("table {table} cannot be read"),
    FindingKind.ROW_UNREADABLE: mark("table {table}, row {row}: cannot be read"),
    FindingKind.ROW_CHANGED: mark("table {table}, row {row}: not what was written"),
    FindingKind.ANALYSIS_CHANGED: mark(
        "recording {recording}, revision {revision}: its numbers are not those that were "
        "logged"
    ),
    FindingKind.CHANGE_DAMAGED: mark("line {line} of the changes was altered"),
    FindingKind.CHANGES_MISCOUNTED: mark(
        "the changes of person {person}: not those that were written (expected "
        "{expected} lines, got {got})"
    ),
    FindingKind.REVISIONS_MISSING: mark(
        "recording {recording}: expected {expected} revisions, got {got}"
    ),
    FindingKind.BLINKS_MISCOUNTED: mark(
        "recording {recording}, revision {revision}: expected {told} blinks, got "
        "{count}"
    ),
    FindingKind.TOTALS_DIFFER: mark(
        "recording {recording}, revision {revision}: the stored totals ({basis}) are "
        "not those of its bursts"
    ),
    FindingKind.SIGNALS_MISSING: mark(
        "recording {recording}: its signals are missing ({path})"
    ),
    FindingKind.SIGNALS_CHANGED: mark(
        "recording {recording}: its signals were changed or damaged ({path})"
    ),
    FindingKind.FILE_LEFT_OVER: mark("nothing refers to the file {path}"),
    FindingKind.REMOVAL_PENDING: mark("a removal is not complete yet ({path})"),
    FindingKind.NOT_ENCRYPTED: mark("{path} is not encrypted, as the journal is"),
    FindingKind.KEYS_DAMAGED: mark(
        "{path} is missing or damaged, one of two files without which nothing opens the "
        "journal"
    ),
}


_DAMAGE: Final = frozenset(
    {
        FindingKind.DATABASE_DAMAGED,
        FindingKind.ROW_MISSING,
        FindingKind.CELL_WRONG,
        FindingKind.TABLE_UNREADABLE,
        FindingKind.ROW_UNREADABLE,
        FindingKind.ROW_CHANGED,
        FindingKind.CHANGE_DAMAGED,
        FindingKind.CHANGES_MISCOUNTED,
    }
)


def finding_text(finding: Finding) -> str:
    """Return what is wrong."""
    return say(_WHAT[finding.kind], **finding.values)


def finding_advice(finding: Finding) -> str:
    """Return what to do about it."""
    if finding.kind in _DAMAGE:
        return say(DAMAGE_ADVICE)
    if finding.kind is FindingKind.FILE_LEFT_OVER:
        return say(
            "It was left by a program that was killed, or belongs to another "
            "journal. `twitch-tracker journal check --tidy` removes such files."
        )
    if finding.kind is FindingKind.REMOVAL_PENDING:
        return say(
            "Close every other program that reads the journal or has one of its files "
            "open; the removal is finished when the journal is opened then."
        )
    if finding.kind is FindingKind.NOT_ENCRYPTED:
        return say("`twitch-tracker journal encrypt` encrypts what is still plain.")
    if finding.kind is FindingKind.KEYS_DAMAGED:
        return say("The next command that asks for the passphrase repairs it.")
    return say("Restore a backup, or analyse the recording again.")


_KNOWN: Final = {
    TimeKnown.STATED: mark("as entered"),
    TimeKnown.FROM_FILE: mark("by the camera's clock, as the video says"),
    TimeKnown.FILE_DATE: mark(
        "by the date of the file, which copying or exporting can change"
    ),
}


def time_known_in_words(known: TimeKnown) -> str:
    """Say from where it is known when something was filmed, as a clause."""
    return say(_KNOWN[known])
