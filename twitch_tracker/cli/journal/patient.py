"""The commands ``patient ...``: who is in the journal."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitch_tracker.cli.journal.place import (
    AsJson,
    By,
    Home,
    JournalUrl,
    open_for,
    open_with_videos,
    print_json,
    print_list,
)
from twitch_tracker.cli.options import Really
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.language import say

if TYPE_CHECKING:
    from twitch_tracker.app.keeping.forgetting import Films
    from twitch_tracker.app.recording.store import Store
    from twitch_tracker.journal.journal import Journal
    from twitch_tracker.journal.upkeep.removals import Removal

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="Enter, list, rename and forget people in the journal. Use pseudonyms.",
    epilog="Example: twitch-tracker patient add anna",
)


class Answer(StrEnum):
    """An answer."""

    YES = "yes"
    NO = "no"


Pseudonym = Annotated[str, typer.Argument(metavar="ID", help="The pseudonym.")]
NotesOption = Annotated[str, typer.Option("--notes", metavar="TEXT", help="Free text.")]


@app.command("add")
def add(
    patient_id: Pseudonym,
    notes: NotesOption = "",
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
        none=say("Nobody yet. Add a person: twitch-tracker patient add ID"),
    )


@app.command("show")
def show(
    patient_id: Pseudonym,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show what the journal holds of a person."""
    from twitch_tracker.wording.journal.listing import patient_lines

    with open_for(home, url) as journal:
        patient = journal.patient(patient_id)
        counts = _counts(journal, patient_id)
        if as_json:
            print_json({"patient": patient, **counts})
        else:
            print(patient_lines(patient, **counts))


def _counts(journal: Journal, patient_id: str) -> dict[str, int]:
    return {
        "recordings": len(journal.recordings(patient_id)),
        "diary_days": len(journal.diary(patient_id)),
        "treatments": len(journal.treatments(patient_id)),
    }


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
    """Say whether earlier recordings may show how wide a person's eyes open."""
    with open_for(home, url, by) as journal:
        journal.refuse_known_face(patient_id, answer is Answer.NO)
        print(say("Changed."))


@app.command("films")
def films(
    patient_id: Pseudonym,
    kept: Annotated[
        str, typer.Argument(metavar="kept|never|DAYS", help="For how long.")
    ],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Say for how long the app keeps a person's films once they are analysed.

    Numbers and signals stay; films, review copies and pictures in reports go.
    """
    days = _days(kept)
    with open_for(home, url, by) as journal:
        journal.keep_films(patient_id, days)
    print(say("Changed. Films whose time is over are removed while the app runs."))


def _days(kept: str) -> int | None:
    """Read for how long something is kept."""
    if kept in {"kept", "never"}:
        return None if kept == "kept" else 0
    if kept.isascii() and kept.isdecimal() and len(kept) < 6:
        return int(kept)
    raise typer.BadParameter(
        say("expected kept, never or a number of days, got {kept!r}.", kept=kept)
    )


@app.command("rename")
def rename(
    patient_id: Pseudonym,
    new_id: Annotated[str, typer.Argument(metavar="NEW", help="The new pseudonym.")],
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Give a person another pseudonym."""
    with open_with_videos(home, url, by) as (journal, videos):
        from twitch_tracker.app.keeping.renaming import rename_everywhere

        new = rename_everywhere(journal, videos, patient_id, new_id)
        print(say("{old} is called {new} now.", old=patient_id, new=new))


@app.command("forget")
def forget(
    patient_id: Pseudonym,
    yes: Really = False,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Remove a person with every recording, signal, diary entry and treatment.

    And with the videos that the app keeps.
    """
    begun = _begun_before(home, patient_id)
    with open_with_videos(home, url, by) as (journal, videos):
        if begun and _finished(journal, home, patient_id):
            print(
                say(
                    "Removed {patient}: an earlier removal had been interrupted and is "
                    "finished now. Backups keep theirs.",
                    patient=patient_id,
                )
            )
            return
        patient_id = journal.patient(patient_id).patient_id
        films = _films(journal, videos, patient_id)
        if not yes:
            raise typer.BadParameter(
                say(
                    "This would permanently remove {patient_id} with {count} "
                    "recordings (but not from backups). Add --yes to confirm.",
                    patient_id=patient_id,
                    count=len(journal.recordings(patient_id)),
                )
            )
        if videos is not None:
            from twitch_tracker.app.keeping.forgetting import note_forgotten
            from twitch_tracker.app.keeping.leftovers import sweep

            sweep(videos, journal.home)  # files of a killed app may be of any person
            films = _films(journal, videos, patient_id)
            note_forgotten(videos, patient_id)
        removed = journal.forget_patient(patient_id, also=films.places)
        print(
            say(
                "Removed {patient} with {recordings} recordings and {videos} videos of "
                "the app. Backups keep theirs, and so do reports and exports that "
                "were written elsewhere.",
                patient=patient_id,
                recordings=removed,
                videos=films.count,
            )
        )
        _warn_of_unknown(films)


def _begun_before(home: Path | None, patient_id: str) -> bool:
    """Return whether the removal of a person was begun and not finished."""
    from twitch_tracker.cli.journal.passphrases import unlock_first
    from twitch_tracker.journal.open import journal_home

    unlock_first(journal_home(home))
    return bool(_begun(journal_home(home), patient_id))


def _begun(home: Path, patient_id: str) -> list[tuple[Path, Removal]]:
    from twitch_tracker.journal.people import same_pseudonym
    from twitch_tracker.journal.upkeep.removals import PATIENT, pending_removals

    return [
        (note, removal)
        for note, removal in pending_removals(home)
        if removal.kind == PATIENT and same_pseudonym(removal.name, patient_id)
    ]


def _finished(journal: Journal, home: Path | None, patient_id: str) -> bool:
    """Finish pending removals; return whether nobody of that name is left."""
    from twitch_tracker.journal.open import journal_home
    from twitch_tracker.journal.people import same_pseudonym

    for note, removal in _begun(journal_home(home), patient_id):
        journal.finish_removal(note, removal)
    names = (person.patient_id for person in journal.patients())
    return not any(same_pseudonym(name, patient_id) for name in names)


def _films(journal: Journal, videos: Store | None, patient_id: str) -> Films:
    from twitch_tracker.app.keeping.forgetting import Films, films_of

    return Films() if videos is None else films_of(journal, videos, patient_id)


def _warn_of_unknown(films: Films) -> None:
    """Say what is left of which nobody knows whose it is; that is no success."""
    if not films.unknown:
        return
    from twitch_tracker.app.keeping.leftover_words import unknown_films_text

    print(unknown_films_text(len(films.unknown)), file=sys.stderr)
    raise typer.Exit(ExitCode.FAILED)
