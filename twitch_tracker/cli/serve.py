"""``serve`` and ``app``: the app, for this computer, and for a phone when asked."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from twitch_tracker.cli.options import flag
from twitch_tracker.language import say
from twitch_tracker.settings import HOME_VARIABLE, data_folder

if TYPE_CHECKING:
    from twitch_tracker.journal.journal import Journal

__all__ = ["APP_EPILOG", "APP_HELP", "EPILOG", "HELP", "app", "serve"]

_STARTING_S: Final = 30.0
"""How long a server that is just starting is waited for."""

_BROWSER_S: Final = 5.0
"""A browser that stays in the foreground is waited for no longer."""

_SAMPLE_SEED: Final = 2

HELP = """Open the app: record at home, review in clinic.

It serves this computer only and stops with Ctrl-C; what was recorded is safe.
A phone of the home network can be the camera: in the app, or from the start with
--phone. It sees no results, and comes in by a code from this screen only.
"""

EPILOG = "Example: twitch-tracker serve"

APP_HELP = """Open the app's window: that of the app that runs, or start it.

For an icon, and for a window that was closed by mistake.
"""

APP_EPILOG = "Example: twitch-tracker app"

PortOption = Annotated[
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
NoBrowser = Annotated[bool, flag("--no-browser", help="Only print the link.")]
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
PhoneOption = Annotated[
    bool | None,
    typer.Option(
        "--phone/--no-phone",
        show_default=False,
        help="Let a phone of the home network be the camera from the start on, or never. "
        "Default: when somebody switches it on in the app.",
    ),
]
PhoneAddress = Annotated[
    str | None,
    typer.Option(
        "--phone-address",
        metavar="ADDRESS",
        show_default=False,
        help="Which of this computer's addresses the phone uses; implies --phone. "
        "Default: that of the home network.",
    ),
]
PhonePort = Annotated[
    int | None,
    typer.Option(
        "--phone-port",
        metavar="N",
        min=0,
        max=65535,
        show_default=False,
        help="Port for the phone. Default: 8738, or any free one when that is taken.",
    ),
]
StepSeconds = Annotated[float | None, typer.Option("--step-seconds", hidden=True)]


def serve(
    port: PortOption = None,
    home: Home = None,
    journal: JournalUrl = None,
    no_browser: NoBrowser = False,
    host: Host = "127.0.0.1",
    max_upload_mb: MaxUpload = 1500,
    phone: PhoneOption = None,
    phone_address: PhoneAddress = None,
    phone_port: PhonePort = None,
    step_seconds: StepSeconds = None,
) -> None:
    """Serve the app; the help is `HELP`."""
    from twitch_tracker.app import server
    from twitch_tracker.app.settings import AppSettings
    from twitch_tracker.errors import BadParameter

    if home is not None:
        os.environ[HOME_VARIABLE] = str(home.absolute())
    at = _phone_address(phone, phone_address)
    try:
        bound = server.bind_some(host, port)
    except BadParameter as error:
        raise typer.BadParameter(str(error)) from error
    _unlock_if_given(data_folder())
    settings = AppSettings(
        home=data_folder(),
        port=bound.getsockname()[1],
        journal_url=journal,
        max_upload_bytes=max_upload_mb * 1_000_000,
        step_s=step_seconds,
        phone_allowed=phone is not False,
        phone_address=at,
        phone_port=phone_port,
    )
    with bound:
        server.serve(
            settings, bound, partial(_announce, quiet=no_browser), sample=_write_sample
        )


def app(home: Home = None, journal: JournalUrl = None) -> None:
    """Open the running app's window, or start it; the help is `APP_HELP`."""
    from twitch_tracker.app.locking import is_locked
    from twitch_tracker.app.recording.store import LOCK

    if home is not None:
        os.environ[HOME_VARIABLE] = str(home.absolute())
    folder = data_folder() / "app"
    if is_locked(folder / LOCK):
        _open_again(folder)
    else:
        serve(home=home, journal=journal)


def _open_again(folder: Path) -> None:
    """Open a window of the app that runs; of one that is starting, as soon as it can be."""
    import time

    from twitch_tracker.app.entrance.opening import file_of_running_app, open_in_browser
    from twitch_tracker.errors import OutputNotWritable

    until = time.monotonic() + _STARTING_S
    while (file := file_of_running_app(folder)) is None and time.monotonic() < until:
        time.sleep(0.2)
    if file is None:
        raise OutputNotWritable(
            say(
                "{folder}: the app is running, but the file that leads to it is missing. "
                "Use the link in the window in which it was started, or stop it there "
                "(Ctrl-C) and start it again.",
                folder=folder,
            )
        )
    print(say("The app is already running; it opens in your browser."), flush=True)
    open_in_browser(file).join(_BROWSER_S)


def _unlock_if_given(home: Path) -> None:
    """Take a passphrase that the environment gives; else a page asks for it."""
    from twitch_tracker.cli.journal.passphrases import given
    from twitch_tracker.journal.encrypting.opening import is_locked, unlock

    if is_locked(home) and (passphrase := given()) is not None:
        unlock(home, passphrase)


def _phone_address(phone: bool | None, address: str | None) -> str:
    """Choose where a phone finds the app from the start on; empty for nowhere."""
    from twitch_tracker.app.phone.networks import named_place, places

    if not phone and address is None:
        return ""
    if phone is False:
        raise typer.BadParameter(
            say("--phone-address says where, and --no-phone that there is none.")
        )
    known = places()
    if address is None:
        if not known:
            raise typer.BadParameter(
                say(
                    "--phone: this computer is not connected to a network. Connect "
                    "it to the same home network as the phone."
                )
            )
        return known[0].address
    if named_place(address, known) is None:
        raise typer.BadParameter(
            say(
                "--phone-address: {address} is not an address at which a phone can "
                "reach this computer. Its addresses: {known}.",
                address=address,
                known=", ".join(place.address for place in known) or "-",
            )
        )
    return address


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


def _announce(
    link: str,
    by_number: str,
    file: Path | None,
    phone: tuple[str, str] | None,
    *,
    quiet: bool,
) -> None:
    """Show the link, and open it."""
    from twitch_tracker.app.entrance.opening import open_in_browser

    print(say("The app is running. It opens once with this link:"))
    print(f"\n  {link}\n")
    if by_number != link:
        print(say("If your browser does not find that address, use this one:"))
        print(f"\n  {by_number}\n")
    if phone is None:
        print(say("Stop it with Ctrl-C. It serves this computer only."), flush=True)
    else:
        address, fingerprint = phone
        print(say("A phone that scanned a code from the app can film, at:"))
        print(f"\n  {address}\n  SHA-256 {fingerprint}\n")
        print(say("Stop it with Ctrl-C."), flush=True)
    if not quiet and file is not None:
        open_in_browser(file)
