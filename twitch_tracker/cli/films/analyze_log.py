"""The part of ``analyze --patient`` that logs each recording when it is done.

Knows how to find out before the work whether logging will be possible, and what to
say when it then fails: the analysis stays, and can be logged later.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from twitch_tracker.cli.journal.journal import logged_text
from twitch_tracker.cli.journal.place import advised, exit_codes, open_for, read_when
from twitch_tracker.errors import BadParameter, TwitchTrackerError
from twitch_tracker.history import Task
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.batch import JobResult
    from twitch_tracker.records import FaceSeen

__all__ = ["Logbook", "open_logbook"]


@dataclass(frozen=True, kw_only=True)
class Logbook:
    """Where finished recordings are logged; nothing is done without a patient.

    Attributes
    ----------
    patient : str or None
        Whose recordings they are; None logs nothing.
    when : datetime or None
        When it was recorded, if stated.
    task : Task
        What the person was asked to do.
    device : str
        With what it was filmed.
    home, url
        Which journal.
    known_face : bool
        Whether the person's earlier recordings are asked.
    films_kept_days : int or None
        For how many days the person's films may be kept; None for good, 0 not at all.
        entries : dict
        What was logged so far, by folder: for ``--json``.
    failed : list of str
        What could not be logged, in words.
    """

    patient: str | None
    when: datetime | None
    task: Task
    device: str
    home: Path | None
    url: str | None
    known_face: bool = True
    films_kept_days: int | None = None
    entries: dict[Path, dict[str, Any]] = field(default_factory=dict)
    lines: dict[Path, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def may_show_faces(self, *, pictures: bool, film: str = "") -> bool:
        """Return whether results may show the face, as its person wishes.

        Parameters
        ----------
        pictures : bool
            Whether pictures in the report are wanted.
        film : str
            The option that asks for a film; empty without one.

        Returns
        -------
        bool
            Whether the report gets pictures; when not as wanted, or when they are to be
            removed some day, that is said.

        Raises
        ------
        typer.BadParameter
            A film is asked for, and films of this person are never kept.
        """
        days = self.films_kept_days
        if days is None or not (pictures or film):
            return pictures
        if days:
            until = datetime.now().astimezone() + timedelta(days=days)
            print(
                say(
                    "Note: films of {patient} are kept for {days} days. Nothing removes "
                    "what is written here: remove pictures and films by {until}.",
                    patient=self.patient,
                    days=days,
                    until=f"{until:%Y-%m-%d}",
                ),
                file=sys.stderr,
            )
            return pictures
        if film:
            raise typer.BadParameter(
                say(
                    "{film} would keep a film, and films of {patient} are never "
                    "kept. Leave it out, or change the setting: twitch-tracker "
                    "patient films {patient} kept.",
                    film=film,
                    patient=self.patient,
                )
            )
        print(
            say(
                "Note: films of {patient} are never kept, so the report has no "
                "pictures. The recording itself stays where it is.",
                patient=self.patient,
            ),
            file=sys.stderr,
        )
        return False

    def faces(self, videos: Sequence[Path]) -> list[tuple[FaceSeen, ...] | None]:
        """Collect what the person's earlier recordings show, for each recording.

        All of it before the work begins: what comes out does not depend on which
        recording is done first.
        """
        if self.patient is None or not self.known_face:
            return [None] * len(videos)
        from twitch_tracker.journal.files.folder import recorded_at
        from twitch_tracker.journal.known_face import faces_before

        with open_for(self.home, self.url) as journal:
            return [
                faces_before(
                    journal, self.patient, recorded_at(video, self.when, video)[0]
                )
                if video.is_file()
                else None
                for video in videos
            ]

    def faces_before(self, moment: datetime) -> tuple[FaceSeen, ...] | None:
        """Collect what the person's recordings before a moment show of the open eyes."""
        if self.patient is None or not self.known_face:
            return None
        from twitch_tracker.journal.known_face import faces_before

        with open_for(self.home, self.url) as journal:
            return faces_before(journal, self.patient, moment)

    def log(self, row: JobResult) -> None:
        """Log a recording that is done; what fails is reported at the end."""
        if self.patient is None or row.status != "done":
            return
        try:
            self._log(row, self.patient)
        except TwitchTrackerError as error:
            self.entries[row.job.folder] = {"error": str(error)}
            self.failed.append(
                say(
                    "{name} was analysed but not logged: {error} The results are in "
                    "{folder}; log them later with: {command}",
                    name=row.job.video.name,
                    error=advised(error),
                    folder=row.job.folder,
                    command=self._later(row),
                )
            )

    def _log(self, row: JobResult, patient: str) -> None:
        from twitch_tracker.journal.files.folder import log_folder
        from twitch_tracker.journal.open import open_journal

        folder = row.job.folder
        with open_journal(self.home, self.url) as journal:
            logged = log_folder(
                journal,
                folder,
                patient,
                started_at=self.when,
                task=self.task,
                device=self.device,
                video=row.job.video,
            )
            entry = journal.recording(logged.recording_id)
        self.lines[folder] = say(
            "  journal: {logged}", logged=logged_text(logged, entry)
        )
        self.entries[folder] = {
            "recording": logged.recording_id,
            "revision": logged.revision,
            "outcome": logged.outcome.value,
            "started_at": entry.started_at.isoformat(),
            "time_known": entry.time_known.value,
        }

    def _later(self, row: JobResult) -> str:
        """Write the command that logs a recording later."""
        words = ["twitch-tracker", "journal", "add", str(row.job.folder)]
        words += ["--patient", self.patient or "", "--video", str(row.job.video)]
        words += ["--when", self.when.isoformat()] if self.when else []
        words += [] if self.task is Task.OTHER else ["--task", self.task.value]
        words += ["--device", self.device] if self.device else []
        words += ["--home", str(self.home)] if self.home else []
        return shlex.join(words)

    def complain(self) -> None:
        """Say on stderr what could not be logged."""
        for text in self.failed:
            print(say("Error: {error}", error=text), file=sys.stderr)


def open_logbook(
    patient: str | None,
    when: str | None,
    task: Task | None,
    device: str,
    home: Path | None,
    url: str | None,
    *,
    recordings: int,
    known_face: bool = True,
) -> Logbook:
    """Find out, before any work, whether logging will be possible.

    Parameters
    ----------
    patient, when, task, device, home, url
        As given on the command line.
    recordings : int
        How many there are.
    known_face : bool
        Whether the person's earlier recordings are asked.

    Returns
    -------
    Logbook
        Ready.

    Raises
    ------
    typer.BadParameter
        Options that make no sense without ``--patient``, or one time for several
        recordings.
    typer.Exit
        The patient is not in the journal, or the time is in the future.
    """
    given: dict[str, object] = {"--when": when, "--task": task, "--device": device}
    given |= {"--home": home, "--journal": url, "--no-known-face": not known_face}
    if patient is None:
        for name, value in given.items():
            if value:
                raise typer.BadParameter(
                    say("{name} needs --patient, to log for somebody.", name=name)
                )
    if when is not None and recordings > 1:
        raise typer.BadParameter(
            say(
                "--when is the time of one recording, but there are {recordings}. "
                "Analyse them one by one, or leave it out to take the time from the "
                "files.",
                recordings=recordings,
            )
        )
    started_at = None if when is None else read_when(when)
    kept_days = None if patient is None else _check(patient, started_at, home, url)
    return Logbook(
        patient=patient,
        when=started_at,
        task=task or Task.OTHER,
        device=device,
        home=home,
        url=url,
        known_face=known_face,
        films_kept_days=kept_days,
    )


def _check(
    patient: str, started_at: datetime | None, home: Path | None, url: str | None
) -> int | None:
    """Look the person up, and refuse a time in the future; return how long films stay."""
    with open_for(home, url) as journal:
        kept_days = journal.patient(patient).films_kept_days
    now = datetime.now().astimezone()
    if started_at is not None and started_at > now:
        with exit_codes():
            raise BadParameter(
                "--when",
                say("a time not after {now:%Y-%m-%d %H:%M}", now=now),
                started_at,
            )
    return kept_days
