"""The commands ``journal ...``: log a folder, list, check, back up, restore."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twitch_tracker.cli.journal.encrypting import change_passphrase, decrypt, encrypt
from twitch_tracker.cli.journal.leftovers import (
    as_documents,
    leftovers,
    leftovers_beside,
)
from twitch_tracker.cli.journal.place import (
    AsJson,
    By,
    Home,
    JournalUrl,
    PatientId,
    exit_codes,
    open_for,
    open_with_videos,
    print_json,
    print_list,
    read_when,
)
from twitch_tracker.cli.options import Device, Really, flag
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.history import Task
from twitch_tracker.language import mark, say, say_n

if TYPE_CHECKING:
    from twitch_tracker.journal.entries import Change, Logged, RecordingEntry

__all__ = ["app", "logged_text"]

app = typer.Typer(
    no_args_is_help=True,
    help="Keep the journal: log a folder, list, check, back up, restore.",
    epilog="Example: twitch-tracker journal add out/morning --patient anna "
    "--when 2026-05-31T08:00",
)


Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        help="What `analyze` left behind for one recording.",
    ),
]
Zip = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Zip file.")]
Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="As `journal list` shows it.")
]


@app.command("add")
def add(
    folder: Folder,
    patient: PatientId,
    when: Annotated[
        str | None,
        typer.Option(
            "--when", metavar="TIME", help="When it was recorded: 2026-05-31T18:30."
        ),
    ] = None,
    video: Annotated[
        Path | None,
        typer.Option(
            "--video",
            metavar="FILE",
            dir_okay=False,
            help="The recording, for its date.",
        ),
    ] = None,
    task: Annotated[
        Task, typer.Option("--task", metavar="NAME", help="What the person did.")
    ] = Task.OTHER,
    device: Device = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT")] = "",
    allow_other_patient: Annotated[
        bool,
        flag(
            "--allow-other-patient",
            help="Log it although it is logged for somebody else, too.",
        ),
    ] = False,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Log a recording that was analysed before."""
    moment = None if when is None else read_when(when)
    with open_for(home, url, by) as journal:
        from twitch_tracker.border.isolated import isolated
        from twitch_tracker.errors import BadTruthFile
        from twitch_tracker.exchange.saved_signals import check_signals
        from twitch_tracker.journal.files.folder import log_folder

        signals = folder / "signals.parquet"
        isolated(check_signals, signals, name=str(signals), error=BadTruthFile)
        logged = log_folder(
            journal,
            folder,
            patient,
            started_at=moment,
            task=task,
            device=device,
            note=note,
            video=video,
            allow_other_patient=allow_other_patient,
        )
        print(logged_text(logged, journal.recording(logged.recording_id)))


def logged_text(logged: Logged, entry: RecordingEntry) -> str:
    """Say what logging changed.

    Returns
    -------
    str
        One line.
    """
    known = {
        "told": say("as entered"),
        "from_file": say("by the recording's own clock"),
        "file_date": say("by the date of the file: use --when if that is wrong"),
    }[entry.time_known.value]
    what = {
        "new_recording": mark("logged as recording {recording}; of {when} ({known})"),
        "new_revision": mark(
            "recording {recording}: logged as revision {revision}, which counts from now "
            "on; of {when} ({known})"
        ),
        "nothing_new": mark(
            "recording {recording}: nothing new (revision {revision}); of {when} ({known})"
        ),
    }[logged.outcome.value]
    return say(
        what,
        recording=logged.recording_id,
        revision=logged.revision,
        when=f"{entry.started_at:%Y-%m-%d %H:%M}",
        known=known,
    )


@app.command("list")
def list_(
    patient: PatientId,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """List the recordings of a person."""
    from twitch_tracker.wording.journal.listing import (
        recording_line,
        recordings_heading,
    )

    with open_for(home, url) as journal:
        entries = journal.recordings(patient)
    print_list(
        "recordings",
        entries,
        recording_line,
        as_json=as_json,
        none=say("No recordings yet."),
        heading=recordings_heading(),
        patient=patient,
    )


@app.command("change")
def change(
    recording: Number,
    when: Annotated[
        str | None, typer.Option("--when", metavar="TIME", help="When it really was.")
    ] = None,
    task: Annotated[Task | None, typer.Option("--task", metavar="NAME")] = None,
    device: Annotated[str | None, typer.Option("--device", metavar="NAME")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Correct what was entered about a recording; the journal's changes keep it."""
    from twitch_tracker.wording.journal.listing import recording_line

    moment = None if when is None else read_when(when)
    with open_for(home, url, by) as journal:
        entry = journal.change_recording(
            recording,
            started_at=moment,
            task=task,
            device=device,
            note=note,
        )
        print(recording_line(entry))


@app.command("remove")
def remove(
    recording: Number,
    yes: Really = False,
    keep_film: Annotated[
        bool, flag("--keep-film", help="Keep the film that the app has of it.")
    ] = False,
    home: Home = None,
    url: JournalUrl = None,
    by: By = "",
) -> None:
    """Remove a recording with its analyses, reviews, signals and films."""
    from twitch_tracker.app.keeping.forgetting import (
        detach_from_recording,
        places_of_recording,
    )

    with open_with_videos(home, url, by) as (journal, videos):
        entry = journal.recording(recording)
        if not yes:
            raise typer.BadParameter(
                say(
                    "This would remove recording {recording} ({file_name}, "
                    "{started_at:%Y-%m-%d}) of {patient_id}, and what the app keeps "
                    "of its film. Add --yes to confirm.",
                    recording=recording,
                    file_name=entry.file_name,
                    started_at=entry.started_at,
                    patient_id=entry.patient_id,
                )
            )
        places = places_of_recording(journal, videos, entry, with_film=not keep_film)
        journal.remove_recording(recording, also=places)
        if videos is not None:
            detach_from_recording(videos, recording)
        print(say("Recording {recording} removed.", recording=recording))


@app.command("changes")
def changes(
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="ID", help="Only of this person.")
    ] = None,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """List who changed what and when, the oldest first."""
    with open_for(home, url) as journal:
        found = journal.changes(patient)
    print_list("changes", found, _change, as_json=as_json)


def _change(one: Change) -> str:
    return (
        f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}  {one.by}: "
        f"{one.action} {one.kind} {one.name}".rstrip()
    )


app.command("leftovers")(leftovers)
app.command("encrypt")(encrypt)
app.command("decrypt")(decrypt)
app.command("change-passphrase")(change_passphrase)


# --- care -------------------------------------------------------------------


@app.command("check")
def check(
    tidy: Annotated[
        bool, flag("--tidy", help="Remove files first that nothing refers to.")
    ] = False,
    home: Home = None,
    url: JournalUrl = None,
    as_json: AsJson = False,
) -> None:
    """Look for damage; exit code 1 when there is any."""
    from twitch_tracker.wording.journal.findings import finding_advice, finding_text

    with open_for(home, url) as journal:
        if tidy:
            count = journal.tidy()
            print(
                say_n("{n} file removed.", "{n} files removed.", count), file=sys.stderr
            )
        findings = journal.check()
        place = journal.place
    lying = leftovers_beside(home, url)
    if as_json:
        listed = [
            {
                "what": finding_text(finding),
                "advice": finding_advice(finding),
                "kind": finding.kind,
                "values": finding.values,
            }
            for finding in findings
        ]
        sound = not findings and not lying
        document = {"place": place, "sound": sound, "findings": listed}
        print_json({**document, "leftovers": as_documents(lying)})
    else:
        for finding in findings:
            print(f"{finding_text(finding)}\n  {finding_advice(finding)}")
        if lying:
            print(
                say_n(
                    "{n} thing beside the journal belongs to no recording. Look at "
                    "it: twitch-tracker journal leftovers",
                    "{n} things beside the journal belong to no recording. Look at "
                    "them: twitch-tracker journal leftovers",
                    len(lying),
                )
            )
        if not findings and not lying:
            print(say("The journal {place} is sound.", place=place))
    if findings or lying:
        raise typer.Exit(ExitCode.FAILED)


@app.command("recompute")
def recompute(home: Home = None, url: JournalUrl = None, by: By = "") -> None:
    """Measure what older versions did not, from the signals that are kept."""
    with open_for(home, url, by) as journal:
        found = journal.recompute()
    print(
        say_n(
            "{n} recording has its numbers now.",
            "{n} recordings have their numbers now.",
            len(found.done),
        )
        if found.done
        else say("No recording lacks numbers that its signals could give.")
    )
    if found.unreadable:
        print(
            say(
                "warning: the signals of recordings {recordings} could not be read; they "
                "stay as they were. `twitch-tracker journal check` says why.",
                recordings=", ".join(found.unreadable),
            ),
            file=sys.stderr,
        )


@app.command("backup")
def backup(file: Zip, home: Home = None, url: JournalUrl = None) -> None:
    """Write everything, with signals, into one zip file, and read it again."""
    from twitch_tracker.journal.upkeep.backup_contents import read_manifest

    with open_for(home, url) as journal:
        journal.backup(file)
    manifest = read_manifest(file)
    print(
        say_n(
            "{n} file is in {file}.",
            "{n} files are in {file}.",
            len(manifest["files"]),
            file=file,
        )
    )
    for name in manifest["missing"]:
        print(
            say("warning: {name} was missing and is not in it", name=name),
            file=sys.stderr,
        )
    _print_damage(manifest)


def _print_damage(manifest: Mapping[str, Any]) -> None:
    """Say what was wrong with the journal when a backup was made."""
    for name in manifest["damaged"]:
        print(
            say("warning: {name} is in it, but not as it was logged", name=name),
            file=sys.stderr,
        )
    if manifest["findings"]:
        print(
            say_n(
                "warning: the journal in it is not sound ({n} finding). `twitch-tracker "
                "journal check` says what; keep the backups that you have.",
                "warning: the journal in it is not sound ({n} findings). `twitch-tracker "
                "journal check` says what; keep the backups that you have.",
                manifest["findings"],
            ),
            file=sys.stderr,
        )


@app.command("restore")
def restore(file: Zip, home: Home = None, url: JournalUrl = None) -> None:
    """Read a backup back to where no journal is; nothing is overwritten."""
    with exit_codes():
        from twitch_tracker.cli.journal.passphrases import ask, given
        from twitch_tracker.journal.open import journal_home
        from twitch_tracker.journal.upkeep.backup import restore as restore_backup
        from twitch_tracker.journal.upkeep.backup_contents import keys_in, read_manifest

        passphrase = None
        if not url and keys_in(file) is not None:
            passphrase = given() or ask(say("Passphrase of the backup"))
        people = restore_backup(file, journal_home(home), url, passphrase=passphrase)
        _print_damage(read_manifest(file))
        place = say("the database") if url else str(journal_home(home))
        print(
            say_n(
                "{n} person restored to {place}.",
                "{n} people restored to {place}.",
                people,
                place=place,
            )
        )
