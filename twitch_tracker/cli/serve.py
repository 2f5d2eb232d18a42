"""``twitch-tracker serve``: the app, for this computer alone."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.language import say
from twitch_tracker.settings import HOME_VARIABLE, data_folder

if TYPE_CHECKING:
    from twitch_tracker.journal.journal import Journal

__all__ = ["EPILOG", "HELP", "serve"]

_SAMPLE_SEED: Final = 2

HELP = """Open the app: record at home, review in clinic.

It serves this computer only and stops with Ctrl-C; what was recorded is safe.
"""

EPILOG = "Example: twitch-tracker serve"

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=0,
        max=65535,
        show_default=False,
        help="Port to listen on; 0 takes any free one. Default: 8737, or any free one "
        "when that is taken.",
    ),
]
Home = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="DIR", help="Folder for the journal and recordings."
    ),
]
JournalUrl = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="URL",
        help="Database of the journal, instead of a file in the home folder.",
    ),
]
NoBrowser = Annotated[
    bool,
    typer.Option("--no-browser", metavar="", help="Only print the link."),
]
Host = Annotated[
    str,
    typer.Option(
        "--host", metavar="ADDRESS", help="Only this computer's own address is allowed."
    ),
]
MaxUpload = Annotated[
    int,
    typer.Option(
        "--max-upload-mb", metavar="MB", min=1, help="Largest file that is taken."
    ),
]
StepSeconds = Annotated[float | None, typer.Option("--step-seconds", hidden=True)]


def serve(
    port: Port = None,
    home: Home = None,
    journal: JournalUrl = None,
    no_browser: NoBrowser = False,
    host: Host = "127.0.0.1",
    max_upload_mb: MaxUpload = 1500,
    step_seconds: StepSeconds = None,
) -> None:
    """Serve the app; the help is `HELP`."""
    from twitch_tracker.app import server
    from twitch_tracker.app.settings import AppSettings
    from twitch_tracker.errors import BadParameter

    if home is not None:
        os.environ[HOME_VARIABLE] = str(home.absolute())
    try:
        bound = server.bind_some(host, port)
    except BadParameter as error:
        raise typer.BadParameter(str(error)) from error
    settings = AppSettings(
        home=data_folder(),
        port=bound.getsockname()[1],
        journal_url=journal,
        max_upload_bytes=max_upload_mb * 1_000_000,
        step_s=step_seconds,
    )
    with bound:
        server.serve(
            settings, bound, partial(_tell, quiet=no_browser), sample=_write_sample
        )


def _write_sample(journal: Journal) -> str:
    """Write a simulated person of one year, to look at."""
    from datetime import UTC, datetime

    from twitch_tracker.demo import course, into_journal

    taken = {patient.patient_id.casefold() for patient in journal.patients()}
    names = (say("sample"), *(f"sample-{n}" for n in range(2, 1000)))
    name = next(name for name in names if name.casefold() not in taken)
    plan = course.demo_plan(years=1.0, patient_id=name)
    plan = into_journal.ended_by(plan, datetime.now(UTC).date())
    into_journal.write_patient(journal, course.demo_patient(plan, _SAMPLE_SEED), 1)
    return name


def _tell(link: str, by_number: str, file: Path | None, *, quiet: bool) -> None:
    """Show the link, and open it."""
    from twitch_tracker.app.entrance.opening import open_in_browser

    print(say("The app is running. It opens once with this link:"))
    print(f"\n  {link}\n")
    if by_number != link:
        print(say("Should your browser not find that address, with this one:"))
        print(f"\n  {by_number}\n")
    print(say("Stop it with Ctrl-C. It serves this computer only."), flush=True)
    if not quiet and file is not None:
        open_in_browser(file)
