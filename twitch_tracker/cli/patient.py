"""The commands ``patient ...``: who is in the journal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitch_tracker.cli.journal_place import (
    AsJson,
    By,
    Home,
    JournalUrl,
    open_for,
    print_json,
    print_list,
)
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.app.recording.store import Store
    from twitch_tracker.history import Patient
    from twitch_tracker.journal.care import DatabaseJournal
    from twitch_tracker.journal.protocol import Journal

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="Enter, list, rename and forget people in the journal. Use pseudonyms.",
    epilog="Example: twitch-tracker patient add anna",
)


class Answer(StrEnum):
    """A wish."""

    YES = "yes"
    NO = "no"


Pseudonym = Annotated[str, typer.Argument(metavar="ID", help="The pseudonym.")]
Notes = Annotated[str, typer.Option("--notes", metavar="TEXT", help="Free text.")]


@app.command("add")
def add(
    patient_id: Pseudonym,
    notes: Notes = "",
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Enter a person by a pseudonym that you choose."""
    with open_for(home, url, by) as journal:
        patient = journal.add_patient(patient_id, notes)
        print(
            say(
                "{patient} is in the journal {place}.",
                patient=patient.patient_id,
                place=journal.place,
            )
        )


@app.command("list")
def list_(home: Home = None, url: JournalUrl = None, as_json: AsJson = False) -> None:
    """List everyone."""
    with open_for(home, url) as journal:
        patients = journal.patients()
    print_list(
        "patients",
        patients,
        lambda person: f"{person.patient_id:20} {person.created_at:%Y-%m-%d}",
        as_json=as_json,
        none=say("Nobody yet. Enter somebody: twitch-tracker patient add ID"),
    )


@app.command("show")
def show(
    patient_id: Pseudonym,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """Say what the journal holds of a person."""
    with open_for(home, url) as journal:
        patient = journal.patient(patient_id)
        counts = _counts(journal, patient_id)
        if as_json:
            print_json({"patient": patient, **counts})
        else:
            print(_text(patient, counts))


def _counts(journal: Journal, patient_id: str) -> dict[str, int]:
    return {
        "recordings": len(journal.recordings(patient_id)),
        "diary_days": len(journal.diary(patient_id)),
        "treatments": len(journal.treatments(patient_id)),
    }


def _text(patient: Patient, counts: dict[str, int]) -> str:
    lines = [f"{patient.patient_id}, since {patient.created_at:%Y-%m-%d}"]
    lines += [f"  {name.replace('_', ' ')}: {n}" for name, n in counts.items()]
    lines += ["  known face: no"] if patient.no_known_face else []
    lines += [f"  notes: {patient.notes}"] if patient.notes else []
    return "\n".join(lines)


@app.command("notes")
def notes_(
    patient_id: Pseudonym,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The new notes.")],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Replace the notes on a person; the old ones stay in the journal's changes."""
    with open_for(home, url, by) as journal:
        journal.change_patient(patient_id, notes=text)
        print(say("Changed."))


@app.command("known-face")
def known_face(
    patient_id: Pseudonym,
    answer: Annotated[
        Answer, typer.Argument(metavar="yes|no", help="Whether they may.")
    ],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Say whether earlier recordings may tell how wide a person's eyes open."""
    with open_for(home, url, by) as journal:
        journal.refuse_known_face(patient_id, answer is Answer.NO)
        print(say("Changed."))


@app.command("rename")
def rename(
    patient_id: Pseudonym,
    new_id: Annotated[str, typer.Argument(metavar="NEW", help="The new pseudonym.")],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Give a person another pseudonym."""
    with _with_videos(home, url, by) as (journal, videos):
        journal.rename_patient(patient_id, new_id)
        if videos is not None:
            videos.rename_patient(patient_id, new_id)
        print(say("{old} is called {new} now.", old=patient_id, new=new_id))


@app.command("forget")
def forget(
    patient_id: Pseudonym,
    yes: Annotated[
        bool, typer.Option("--yes", metavar="", help="Really; nothing brings it back.")
    ] = False,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Remove a person with every recording, signal, diary entry and treatment.

    And with the videos that the app keeps.
    """
    with _with_videos(home, url, by) as (journal, videos):
        count = len(journal.recordings(patient_id))
        if not yes:
            raise typer.BadParameter(
                say(
                    "This would remove {patient_id} with {count} recordings, for good "
                    "(but not from backups). Say --yes if you mean it.",
                    patient_id=patient_id,
                    count=count,
                )
            )
        films = 0 if videos is None else videos.forget_patient(patient_id)
        removed = journal.forget_patient(patient_id)
        _forget_copies(journal, home)
        print(
            say(
                "Removed {patient} with {recordings} recordings and {videos} videos of "
                "the app. Backups keep theirs.",
                patient=patient_id,
                recordings=removed,
                videos=films,
            )
        )


def _forget_copies(journal: DatabaseJournal, home: Path | None) -> None:
    """Remove the app's review copies of what the journal does not hold any more."""
    from twitch_tracker.app.review.copies import remove_unknown
    from twitch_tracker.settings import data_folder

    copies = (home or data_folder()) / "app" / "review"
    remove_unknown(copies, journal.contents())


@contextlib.contextmanager
def _with_videos(
    home: Path | None, url: str | None, by: str
) -> Iterator[tuple[DatabaseJournal, Store | None]]:
    """Open the journal and, where the app was used, its videos."""
    from twitch_tracker.app.recording.store import kept_videos
    from twitch_tracker.settings import data_folder

    with (
        open_for(home, url, by) as journal,
        kept_videos(home or data_folder()) as videos,
    ):
        yield journal, videos
