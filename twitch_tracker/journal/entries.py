"""What goes into a journal and what comes out of it, as frozen value types.

Knows no database. Note: names in the journal (`recording_id`, `treatment_id`) are text
and mean nothing outside it; every moment is an aware `datetime` in UTC; a burst's key
(`d1`, `d2`, ... as detected, `a1`, ... as added by one rater) names it within one
revision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from twitch_tracker.errors import Misfit
from twitch_tracker.history import Method, Task
from twitch_tracker.records import Blink, Episode, ExcludedSpan, HardlyOpen

__all__ = [
    "Act",
    "Analysis",
    "Burst",
    "Change",
    "Finding",
    "FindingKind",
    "LogOutcome",
    "Logged",
    "LoggedAnalysis",
    "Rating",
    "RecordingBrief",
    "RecordingEntry",
    "Review",
    "ReviewAction",
    "TimeKnown",
    "Way",
]


class TimeKnown(StrEnum):
    """How it is known when a recording was made."""

    STATED = "told"
    FROM_FILE = "from_file"
    FILE_DATE = "file_date"


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One analysis of one recording, ready to be logged.

    Attributes
    ----------
    content_sha256 : str
        Hash of the recording's content: the same content is the same recording.
    started_at : datetime
        When it was recorded; aware, not in the future.
    time_known : TimeKnown
        How that is known.
    task : Task
        What the person was asked to do.
    device, file_name, note : str
        With what it was filmed, the file's name, free text.
    mirrored : bool
        Whether the stored picture was a mirror image.
    method : Method
        With what it was measured.
    parameters : Mapping[str, object]
        Every parameter of the analysis, as JSON knows them.
    recorded_s, analysable_s, rest_asymmetry : float
        As in `records.SessionSummary`; NaN is not measured.
    episodes, blinks : tuple
        What was found, in order of onset.
    excluded : tuple of ExcludedSpan
        What could not be measured; pauses over it are not counted.
    hardly_open : tuple of HardlyOpen or None
        When an eye was hardly ever open; None when nobody looked for that, as in
        older versions.
    summary : Mapping[str, object]
        The whole ``summary.json``; empty when there is none.
    signals : Path or None
        A ``signals.parquet`` to be copied beside the journal.
    analysed_at : datetime or None
        When it was analysed; None means now.
    """

    content_sha256: str
    started_at: datetime
    time_known: TimeKnown = TimeKnown.STATED
    task: Task = Task.OTHER
    device: str = ""
    file_name: str = ""
    note: str = ""
    mirrored: bool = False
    method: Method
    parameters: Mapping[str, object] = field(default_factory=dict)
    recorded_s: float
    analysable_s: float
    rest_asymmetry: float = float("nan")
    episodes: tuple[Episode, ...] = ()
    blinks: tuple[Blink, ...] = ()
    excluded: tuple[ExcludedSpan, ...] = ()
    hardly_open: tuple[HardlyOpen, ...] | None = None
    summary: Mapping[str, object] = field(default_factory=dict)
    signals: Path | None = None
    analysed_at: datetime | None = None


class LogOutcome(StrEnum):
    """What logging changed."""

    NEW_RECORDING = "new_recording"
    NEW_REVISION = "new_revision"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """The outcome of logging one `Analysis`."""

    recording_id: str
    revision: int
    outcome: LogOutcome


@dataclass(frozen=True, kw_only=True)
class RecordingEntry:
    """One recording in a list; its numbers are those of the counted revision.

    Attributes
    ----------
    recording_id, patient_id : str
        Its name in the journal, and whose it is.
    content_sha256, file_name, device, note : str
        See `Analysis`.
    started_at : datetime
        When it was recorded; `time_known` says how that is known.
    task : Task
        What the person was asked to do.
    mirrored : bool
        Whether the stored picture was a mirror image.
    logged_at : datetime
        When it came into the journal.
    revision : int
        Number of the counted revision, which is the newest; from 1.
    method : Method
        With what that one was measured.
    recorded_s, analysable_s : float
        Its lengths.
    bursts_left, bursts_right, blinks : int
        What was detected in it.
    counted_left, counted_right : int
        Bursts that count: those of the finished review, else the detected ones.
    reviewed_by : str
        Whose finished review counts; empty without one.
    """

    recording_id: str
    patient_id: str
    content_sha256: str
    file_name: str
    device: str
    note: str
    started_at: datetime
    time_known: TimeKnown
    task: Task
    mirrored: bool
    logged_at: datetime
    revision: int
    method: Method
    recorded_s: float
    analysable_s: float
    bursts_left: int
    bursts_right: int
    blinks: int
    counted_left: int
    counted_right: int
    reviewed_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingBrief:
    """What a long list needs of a recording, without its numbers.

    Attributes
    ----------
    recording_id : str
        Its name in the journal.
    started_at : datetime
        When it was recorded.
    task : Task
        What the person was asked to do.
    reviewed_by : str
        Whose finished review counts; empty without one.
    """

    recording_id: str
    started_at: datetime
    task: Task
    reviewed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Burst:
    """One burst and its key within a revision (and, if added, of one rater)."""

    key: str
    episode: Episode


@dataclass(frozen=True, kw_only=True)
class LoggedAnalysis:
    """One revision of a recording, whole.

    Attributes
    ----------
    recording_id : str
        Of which recording.
    revision : int
        Its number, from 1.
    bursts : tuple of Burst
        As detected, in order of onset; reviews never change them.
    signals : Path or None
        The copied ``signals.parquet``; None when there is none.
    signals_sha256 : str
        Its hash; empty when there is none.
    method, parameters, recorded_s, analysable_s, rest_asymmetry, blinks, excluded,
    hardly_open, summary, analysed_at
        See `Analysis`.
    logged_at : datetime
        When it came into the journal.
    """

    recording_id: str
    revision: int
    method: Method
    parameters: Mapping[str, object]
    recorded_s: float
    analysable_s: float
    rest_asymmetry: float
    bursts: tuple[Burst, ...]
    blinks: tuple[Blink, ...]
    excluded: tuple[ExcludedSpan, ...]
    hardly_open: tuple[HardlyOpen, ...] | None
    summary: Mapping[str, object]
    signals: Path | None
    signals_sha256: str
    analysed_at: datetime
    logged_at: datetime


class Way(StrEnum):
    """What a rater is shown.

    `OPEN`: the program's bursts, how sure it is, and what others said. `BLIND`: the
    program's bursts alone. `SCRATCH`: none of these; the rater marks every burst, apart
    from whatever the same rater checked, and this never counts in progression.
    """

    OPEN = "open"
    BLIND = "blind"
    SCRATCH = "scratch"


class ReviewAction(StrEnum):
    """What a person did to a burst."""

    CONFIRM = "confirm"
    REJECT = "reject"
    CHANGE = "change"
    ADD = "add"
    NOTE = "note"
    UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a rater does, as `Journal.review_many` takes it.

    Attributes
    ----------
    action : ReviewAction
        What is done.
    key : str
        To which burst; needed to confirm, reject and change.
    after : Episode or None
        The burst as it should be; needed to change and add.
    text : str
        Of a note, or the reason.
    misfits : tuple of Misfit
        Of a note on the whole recording: why the coding that was taken does not fit its
        film.
    """

    action: ReviewAction
    key: str = ""
    after: Episode | None = None
    text: str = ""
    misfits: tuple[Misfit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Review:
    """One act of one rater. Acts are only ever appended.

    Attributes
    ----------
    review_id : int
        Its number in the journal; later acts have larger ones.
    recording_id : str
        Of which recording.
    revision : int
        On which analysis of it.
    rater : str
        Who.
    at : datetime
        When.
    action : ReviewAction
        What was done.
    key : str
        To which burst; empty for a note on the whole recording. Of an `UNDO`, the
        burst of what was undone.
    before, after : Episode or None
        The burst before and after a `CHANGE`; after an `ADD`.
    text : str
        Of a `NOTE`, or the reason.
    misfits : tuple of Misfit
        Of a `NOTE` on the whole recording: why the hand coding that was taken does not
        fit its film.
    way : Way
        What the rater was shown.
    coded_unseen : bool
        Whether it follows from hand coding of the film alone, made without seeing what
        was detected.
    undoes : int or None
        The act that an `UNDO` takes back.
    """

    review_id: int
    recording_id: str
    revision: int
    rater: str
    at: datetime
    action: ReviewAction
    key: str = ""
    before: Episode | None = None
    after: Episode | None = None
    text: str = ""
    misfits: tuple[Misfit, ...] = ()
    way: Way = Way.OPEN
    coded_unseen: bool = False
    undoes: int | None = None

    @property
    def blind(self) -> bool:
        """Whether neither certainty nor another rater's verdict was shown."""
        return self.way is not Way.OPEN

    @property
    def from_scratch(self) -> bool:
        """Whether nothing was proposed."""
        return self.way is Way.SCRATCH


@dataclass(frozen=True, kw_only=True)
class Rating:
    """The statement of a rater that the whole recording was seen.

    Attributes
    ----------
    recording_id : str
        Of which recording.
    revision : int
        On which analysis of it.
    rater : str
        Who.
    from_scratch : bool
        Whether nothing was proposed.
    """

    recording_id: str
    revision: int
    rater: str
    from_scratch: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of the audit: when, who, what, and the values before and after."""

    at: datetime
    by: str
    action: str
    kind: str
    name: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


class FindingKind(StrEnum):
    """What can be wrong with a journal; with the names of its values."""

    DATABASE_DAMAGED = "database_damaged"
    """``said``: what the database says."""
    CELL_WRONG = "cell_wrong"
    """``table``, ``row``, ``column``."""
    TABLE_UNREADABLE = "table_unreadable"
    """``table``."""
    ROW_UNREADABLE = "row_unreadable"
    """``table``, ``row``."""
    ROW_CHANGED = "row_changed"
    """``table``, ``row``: not what was written."""
    ANALYSIS_CHANGED = "analysis_changed"
    """``recording``, ``revision``: not what was logged."""
    CHANGE_DAMAGED = "change_damaged"
    CHANGES_MISCOUNTED = "changes_miscounted"
    """``line`` of the list of changes."""
    ROW_MISSING = "row_missing"
    """``table`` refers to ``other``."""
    REVISIONS_MISSING = "revisions_missing"
    """``recording``, ``expected``, ``got``."""
    BLINKS_MISCOUNTED = "blinks_miscounted"
    """``recording``, ``revision``, ``told``, ``count``."""
    TOTALS_DIFFER = "totals_differ"
    """``recording``, ``revision``, ``basis``."""
    SIGNALS_MISSING = "signals_missing"
    """``recording``, ``path``."""
    SIGNALS_CHANGED = "signals_changed"
    """``recording``, ``path``."""
    FILE_LEFT_OVER = "file_left_over"
    """``path``."""
    REMOVAL_PENDING = "removal_pending"
    """``path`` of the note."""
    NOT_ENCRYPTED = "not_encrypted"
    """``path``: plain, in a journal that is encrypted."""
    KEYS_DAMAGED = "keys_damaged"
    """``path`` of the file of keys of which there should be two alike."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault that `Journal.check` found; `wording.journal.findings` has its sentence."""

    kind: FindingKind
    values: Mapping[str, object]
