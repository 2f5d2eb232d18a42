"""Every error this package raises on purpose, as one tree.

    TwitchTrackerError
    +- RecordingError         the file or camera
    |  +- VideoUnreadable
    |  +- TimestampsUnusable
    |  +- CameraUnavailable
    +- FaceError              nobody to measure
    |  +- NoAnalysableFace
    +- AssetError             landmark weights
    |  +- WeightsMissing
    |  +- WeightsCorrupt
    +- ParameterError         (also a ValueError)
    |  +- BadParameter
    |  |  +- UnknownMethod
    |  |  +- LoggedForAnother
    |  +- BadShape
    +- StoreError             files left behind
    |  +- OutputNotWritable
    |  +- BadFile            a file that was given is not what it should be
    |  |  +- BadTruthFile
    |  |  |  +- CodingDoesNotFit
    |  |  +- BadTable
    |  +- UploadRefused
    |  +- UploadTooLarge
    |  |  +- DiskFull         no space for it just now
    |  +- ReviewRefused
    |  +- JournalError       the log of months and years
    |     +- UnknownPatient
    |     +- UnknownEntry
    |     +- JournalTooNew
    |     +- JournalDamaged
    |     +- JournalUnavailable
    |     +- JournalLocked      encrypted, and no passphrase given
    |     +- WrongPassphrase
    +- LiveRefused            one more page wants live analysis
    +- PhoneError             a phone as the camera
    |  +- PairingRefused
    |  +- NetworkUnusable
    +- MissingDependency      something this computer lacks
       +- DisplayUnavailable
       +- StudiesMissing      what comes with the source code only

A message says what was expected, what came, and what to do about it, in the language
that is spoken where it is raised: `twitch_tracker.language.say`. Lengths of time are
written as everywhere, by `units`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from twitch_tracker.language import mark, say
from twitch_tracker.units import duration

__all__ = [
    "AssetError",
    "BadBackup",
    "BadFile",
    "BadParameter",
    "BadShape",
    "BadTable",
    "BadTruthFile",
    "CameraUnavailable",
    "CodingDoesNotFit",
    "DiskFull",
    "DisplayUnavailable",
    "FaceError",
    "JournalDamaged",
    "JournalError",
    "JournalLocked",
    "JournalTooNew",
    "JournalUnavailable",
    "LiveRefused",
    "LoggedForAnother",
    "Misfit",
    "MissingDependency",
    "NetworkUnusable",
    "NoAnalysableFace",
    "OutputNotWritable",
    "PairingRefused",
    "ParameterError",
    "PhoneError",
    "RecordingError",
    "ReviewRefused",
    "StoreError",
    "StudiesMissing",
    "TimestampsUnusable",
    "TwitchTrackerError",
    "UnknownEntry",
    "UnknownMethod",
    "UnknownPatient",
    "UploadRefused",
    "UploadTooLarge",
    "VideoUnreadable",
    "WeightsCorrupt",
    "WeightsMissing",
    "coding_does_not_fit",
    "known_misfit",
    "misfit_in_words",
    "misfits_in_words",
]


class TwitchTrackerError(Exception):
    """Root of every error raised on purpose by this package.

    Attributes
    ----------
    reason : str
        What is kept of it, in no language: a code with its values, ``empty`` or
        ``too_many_pixels(9000,5000,33)``. Empty where only its class says what it is.
    """

    reason: str = ""


class RecordingError(TwitchTrackerError):
    """A recording or camera cannot be used."""


class VideoUnreadable(RecordingError):
    """The file is missing, empty, not a video, or holds no decodable picture."""


class TimestampsUnusable(RecordingError):
    """The pictures carry no usable presentation times."""


class CameraUnavailable(RecordingError):
    """The camera cannot be opened or stopped delivering pictures."""


class FaceError(TwitchTrackerError):
    """The recording is readable but the face in it cannot be measured."""


class NoAnalysableFace(FaceError):
    """No frame of the recording shows a face good enough to measure."""


class AssetError(TwitchTrackerError):
    """Landmark weights cannot be used."""


class WeightsMissing(AssetError):
    """A landmark model is not on this computer."""


class WeightsCorrupt(AssetError):
    """A landmark model's hash is not the expected one."""


class ParameterError(TwitchTrackerError, ValueError):
    """An argument is outside what the function accepts."""


class BadParameter(ParameterError):
    """A parameter has a value that is not allowed.

    Parameters
    ----------
    name : str
        The parameter, as the caller wrote it.
    expected : str
        What would have been accepted, in words.
    got : object
        What came.
    advice : str, optional
        What to do about it.
    """

    def __init__(self, name: str, expected: str, got: object, advice: str = "") -> None:
        """Build the message from its parts."""
        message = say(
            "{name}: expected {expected}, got {got!r}.",
            name=name,
            expected=expected,
            got=got,
        )
        super().__init__(f"{message} {advice}".strip())
        self.name = name


class UnknownMethod(BadParameter):
    """Nothing of a person was measured with this tracker and detector."""

    def __init__(self, tracker: str, detector: str) -> None:
        """Build the message from the names of the method."""
        super().__init__(
            "method",
            say("one that measured a recording of this person"),
            f"{tracker}, {detector}",
            say("Leave it out to count the method of the newest recording."),
        )


class LoggedForAnother(BadParameter):
    """The very same recording is logged for another person, who is not named.

    Attributes
    ----------
    recording_id : str
        Its name in the journal there.
    """

    def __init__(self, file: str, recording_id: str) -> None:
        """Say it without a word on whose it is: not everybody may know."""
        ParameterError.__init__(
            self,
            say(
                "This recording ({file}) is already logged for another person, and a "
                "recording is of one person. Choose that person, or have it removed "
                "there first.",
                file=file or say("same file"),
            ),
        )
        self.name = "patient"
        self.reason = "logged_for_another"
        self.recording_id = recording_id


class BadShape(ParameterError):
    """An array has the wrong shape."""

    def __init__(self, name: str, expected: str, got: tuple[int, ...]) -> None:
        """Build the message from its parts."""
        super().__init__(
            say(
                "{name}: expected shape {expected}, got {got}.",
                name=name,
                expected=expected,
                got=got,
            )
        )
        self.name = name


class StoreError(TwitchTrackerError):
    """Something could not be stored or read back."""


class OutputNotWritable(StoreError):
    """The output folder cannot be written."""


class BadFile(StoreError):
    """A file that was given is too large, not of its format, or holds wrong values."""


class BadTruthFile(BadFile):
    """A truth or log file does not have the expected columns or values."""


class Misfit(NamedTuple):
    """One thing that speaks against coding being of a film: a code and its numbers."""

    code: str
    values: tuple[str | float, ...] = ()

    def __str__(self) -> str:
        """Write it in no language: ``film_length(600,45)``."""
        values = (v if isinstance(v, str) else f"{v:.6g}" for v in self.values)
        return f"{self.code}({','.join(values)})"


class CodingDoesNotFit(BadTruthFile):
    """Coding is readable, but of another film or another clock.

    Attributes
    ----------
    misfits : tuple of Misfit
        What does not fit.
    """

    def __init__(self, message: str, misfits: Sequence[Misfit]) -> None:
        """Keep the codes beside the message."""
        super().__init__(message)
        self.misfits = tuple(misfits)


_MISFITS: Final = {
    "no_film": mark("it was coded live or from pictures, without a film"),
    "film_name": mark("it is of the film {film}"),
    "film_length": mark("its film lasts {coded_s}, this one {length_s}"),
    "part_of_film": mark("only {start:.1f} to {end:.1f} s of the film was coded"),
    "before_start": mark(
        "{n:.0f} of {of:.0f} events begin before the film, the first at {first:.1f} s"
    ),
    "beyond_end": mark(
        "{n:.0f} of {of:.0f} events lie beyond the end of the film, up to {last:.1f} s "
        "of {length:.1f} s"
    ),
    "shifted": mark(
        "{n:.0f} of {of:.0f} bursts begin as detected only when they are moved by "
        "{shift:+.1f} s"
    ),
    "scaled": mark(
        "{n:.0f} of {of:.0f} bursts begin as detected only when their times are "
        "multiplied by {factor:.4g}: they are no seconds of this film, or it was played "
        "at another speed"
    ),
    "too_short": mark(
        "{n:.0f} of {of:.0f} bursts last less than two pictures of a film (median "
        "{median:.3g} s): these are no seconds, but perhaps minutes"
    ),
    "nothing_coded": mark(
        "no burst was coded, and {logged:.0f} were detected; if somebody looked and saw "
        "none, all of these are rejected"
    ),
    "other_side": mark(
        "{n:.0f} of {of:.0f} bursts were detected on the other side of the face; sides "
        "are the person's own"
    ),
    "nothing_in_common": mark(
        "none of {of:.0f} coded bursts overlaps one of {logged:.0f} detected ones"
    ),
}
"""By the codes of `exchange.coding.fitting`."""

_MISFIT_FIELDS: Final = {
    "film_name": ("film",),
    "film_length": ("coded_s", "length_s"),
    "part_of_film": ("start", "end"),
    "before_start": ("n", "of", "first"),
    "beyond_end": ("n", "of", "last", "length"),
    "shifted": ("n", "of", "shift"),
    "scaled": ("n", "of", "factor"),
    "too_short": ("n", "of", "median"),
    "nothing_coded": ("logged",),
    "other_side": ("n", "of"),
    "nothing_in_common": ("of", "logged"),
}
"""What the values of a misfit are called in its clause; with ``_s``, a length of time."""


def known_misfit(code: object, values: Sequence[str | float]) -> Misfit:
    """Make a misfit of what was stored.

    Raises
    ------
    ValueError
        There is no such code, or it takes other values.
    """
    fields = _MISFIT_FIELDS.get(code, ()) if isinstance(code, str) else ()
    if code not in _MISFITS or len(values) != len(fields):
        raise ValueError(f"no misfit: {code!r} with {len(values)} values")
    return Misfit(str(code), tuple(values))


def misfit_in_words(misfit: Misfit) -> str:
    """Say what does not fit, as a clause."""
    names = _MISFIT_FIELDS.get(misfit.code, ())
    values = {
        name: duration(float(value)) if name.endswith("_s") else value
        for name, value in zip(names, misfit.values, strict=True)
    }
    return say(_MISFITS[misfit.code], **values)


def misfits_in_words(misfits: Sequence[Misfit]) -> str:
    """Say all that does not fit, as clauses in a row."""
    return "; ".join(map(misfit_in_words, misfits))


def coding_does_not_fit(
    name: str, film: str, misfits: Sequence[Misfit]
) -> CodingDoesNotFit:
    """Build the error of coding that is not of this film.

    Parameters
    ----------
    name, film : str
        The coding and the film.
    misfits : sequence of Misfit
        What does not fit; at least one.

    Returns
    -------
    CodingDoesNotFit
        To be raised.
    """
    return CodingDoesNotFit(
        say(
            "{name} does not fit {film}: {why}. Nothing was imported. Give the "
            "coding of this film, or --force to import it anyway.",
            name=name,
            film=film,
            why=misfits_in_words(misfits),
        ),
        misfits,
    )


class BadTable(BadFile):
    """A table made elsewhere lacks columns or holds values that are not allowed."""


class UploadRefused(StoreError):
    """A recording sent to the app does not fit what was announced or stored."""


class UploadTooLarge(StoreError):
    """A recording sent to the app is larger than allowed, or the disk is full."""


class DiskFull(UploadTooLarge):
    """There is no space just now for what arrives; it may come again."""


class ReviewRefused(StoreError):
    """What a rater asks for does not fit how the review stands."""


class JournalError(StoreError):
    """The journal cannot do what was asked."""


class UnknownPatient(JournalError):
    """No such person in the journal."""


class UnknownEntry(JournalError):
    """No such recording, episode, diary entry or treatment in the journal.

    Parameters
    ----------
    message : str
        What there is not.
    command : str, optional
        The command that helps; for the terminal alone.
    """

    def __init__(self, message: str, command: str = "") -> None:
        """Keep apart what a page says as well and what only a terminal does."""
        super().__init__(f"{message} {command}".strip())
        self.message = message


class JournalTooNew(JournalError):
    """The journal was written by newer software."""


class JournalDamaged(JournalError):
    """The journal, or a file it points to, does not hold what it should."""


class BadBackup(JournalDamaged, BadFile):
    """A file that was given as a backup of a journal is none, or is damaged."""


class JournalLocked(JournalError):
    """The journal is encrypted, and nobody has given its passphrase yet."""


class WrongPassphrase(JournalError):
    """It does not open the journal."""


class JournalUnavailable(JournalError):
    """The journal's database cannot be opened, reached or written."""


class LiveRefused(TwitchTrackerError):
    """Live analysis is not given to one more page of the app."""


class PhoneError(TwitchTrackerError):
    """A phone cannot be the camera just now."""


class PairingRefused(PhoneError):
    """A phone is not connected: its code is wrong, used or over."""


class NetworkUnusable(PhoneError):
    """The app cannot be reached from a phone: no network, or no free port in it."""


class MissingDependency(TwitchTrackerError):
    """A library or system part needed for this task is not installed."""


class DisplayUnavailable(MissingDependency):
    """No window can be shown on this computer."""


class StudiesMissing(MissingDependency):
    """The studies of how good the program is come with its source code only."""
