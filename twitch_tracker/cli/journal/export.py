"""The command ``export``: bursts for BORIS, ELAN, FHIR or a spreadsheet.

Knows the options and the names of the files; what is in them is written by `exchange`.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.journal.place import (
    Home,
    JournalUrl,
    PatientId,
    exit_codes,
    open_for,
)
from twitch_tracker.cli.options import flag, out_folder
from twitch_tracker.exchange.formats import CODED, Detail, FileFormat
from twitch_tracker.history import USUAL_BASIS, Basis
from twitch_tracker.language import say
from twitch_tracker.threads import start_single_threaded
from twitch_tracker.wording.export_formats import EXPORT_FORMATS

if TYPE_CHECKING:
    from twitch_tracker.journal.journal import Journal

__all__ = ["EPILOG", "HELP", "export"]


def _format_lines() -> str:
    """Return a line for each format, as the help shows them."""
    lines = (
        textwrap.fill(f"- {kind}: {name}. {about}.", 76, subsequent_indent="  ")
        for kind, (name, about) in EXPORT_FORMATS.items()
    )
    return "\n".join(lines)


_OF_PERSON: Final = sorted(set(FileFormat) - CODED - {FileFormat.DICTIONARY})
"""The formats that one recording alone cannot fill."""


HELP: Final = f"""Write bursts for other programs: BORIS, ELAN, FHIR, spreadsheets.

FOLDER is what `analyze` left behind for one recording. Without it, --patient names a
person of the journal: all recordings, or the one named by --recording; their treatments
and diary go into fhir and csv too.

\b
{_format_lines()}

About a person, with --patient alone: {", ".join(_OF_PERSON)}. docs/exchange.md says what
each format holds and loses.

Exit codes: 0 done; 1 something else went wrong; 2 wrong usage; 3 a file could not be
read; 130 stopped by Ctrl-C.
"""

EPILOG: Final = (
    "Example: twitch-tracker export --patient anna --format fhir --out share"
)

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FOLDER]",
        exists=True,
        file_okay=False,
        help="What `analyze` left behind for one recording.",
    ),
]
FormatOption = Annotated[
    FileFormat,
    typer.Option("--format", "-f", help="For which program.", show_default=False),
]
Out = Annotated[
    Path | None,
    out_folder("Where to write; without, into FOLDER, or here for a person."),
]
Recording = Annotated[
    str, typer.Option("--recording", metavar="ID", help="Only this recording.")
]
CountedBasis = Annotated[
    Basis,
    typer.Option(
        "--basis",
        help="Detected bursts; those of finished reviews; or these where there are any "
        "and the detected ones elsewhere.",
    ),
]
NotesOption = Annotated[
    bool,
    flag("--notes", help="fhir: take free-text notes of treatments and diary along."),
]


FhirDetail = Annotated[
    Detail,
    typer.Option(
        "--detail",
        help="fhir: the headline numbers of each recording, or every measure of each "
        "side.",
    ),
]
NoPdf = Annotated[bool, flag("--no-pdf", help="fhir: leave the course on paper out.")]


def export(
    chosen: FormatOption,
    folder: Folder = None,
    out: Out = None,
    patient: PatientId = "",
    recording: Recording = "",
    basis: CountedBasis = USUAL_BASIS,
    notes: NotesOption = False,
    detail: FhirDetail = Detail.HEADLINE,
    no_pdf: NoPdf = False,
    home: Home = None,
    url: JournalUrl = None,
) -> None:
    """Write bursts for other programs; the help is `HELP`."""
    start_single_threaded()
    _check_usage(chosen, folder, patient, recording)
    from twitch_tracker.journal.files.export_files import coded_files, files_of_patient

    with exit_codes():
        if chosen is FileFormat.DICTIONARY:
            _write(out or Path(), _dictionary())
        elif folder is not None:
            from twitch_tracker.exchange.coding.recording import from_folder

            coding = from_folder(folder)
            texts = coded_files(chosen, coding.name, [coding])
            _write(out or folder, texts)
        else:
            with open_for(home, url) as journal:
                wants_pdf = chosen is FileFormat.FHIR and not (no_pdf or recording)
                texts = files_of_patient(
                    journal,
                    chosen,
                    patient,
                    basis,
                    recording=recording,
                    notes=notes,
                    detail=detail,
                    pdf=_course(journal, patient, basis) if wants_pdf else b"",
                )
                _write(out or Path(), texts)
                if chosen is FileFormat.CSV:
                    _write_notes(journal, patient, out or Path())


def _check_usage(
    chosen: FileFormat, folder: Path | None, patient: str, recording: str
) -> None:
    """Ask for either FOLDER or --patient."""
    if chosen is FileFormat.DICTIONARY:
        return
    if (folder is None) == (not patient):
        raise typer.BadParameter(say("Give either FOLDER or --patient ID."))
    if folder is not None and chosen not in CODED:
        raise typer.BadParameter(
            say(
                "{chosen} is about a person: give --patient ID instead of FOLDER.",
                chosen=chosen,
            )
        )
    if folder is not None and recording:
        raise typer.BadParameter(say("--recording needs --patient."))


def _course(journal: Journal, patient: str, basis: Basis) -> bytes:
    """Put the course of a person on paper; nothing without a recording."""
    from twitch_tracker.progression.progress import progress_of
    from twitch_tracker.report.progress.paper.pdf import progress_pdf

    history = journal.history(patient, basis)
    return progress_pdf(progress_of(history)) if history.recordings else b""


def _dictionary() -> dict[str, str]:
    from twitch_tracker.exchange.dictionary import DICTIONARY_NAME, dictionary_text

    return {DICTIONARY_NAME: dictionary_text()}


def _write_notes(journal: Journal, patient: str, out: Path) -> None:
    """Write diary and treatments as the journal's own tables."""
    from twitch_tracker.journal.files.tables import write_diary, write_treatments

    print(write_diary(out / "diary.csv", journal.diary(patient)))
    print(write_treatments(out / "treatments.csv", journal.treatments(patient)))


def _write(out: Path, texts: dict[str, str]) -> None:
    """Write every file whole, and say where."""
    from twitch_tracker.exchange.whole import write_whole

    if not texts:
        print(say("Nothing to export: no recording matches."))
    for name, text in texts.items():
        print(write_whole(out / name, text, make_folder=True))
