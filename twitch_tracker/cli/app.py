"""The command ``twitch-tracker``: its commands, exit codes and error messages.

Knows which commands exist. Only light modules are imported here and at the top
of the commands' files, so that ``--help`` answers at once; a command imports
what it needs when it runs.

Exit codes: 0 done, 1 something else went wrong, 2 wrong usage, 3 a recording or a file
could not be read, 4 no analysable face, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import atexit
import gc
import signal
import sys
import traceback
from typing import Annotated

import typer

from twitch_tracker import __version__
from twitch_tracker.cli import benchmark, doctor, menu, models, serve
from twitch_tracker.cli.films import (
    analyze,
    batch,
    deidentify,
    evaluate,
    live,
    overview,
    simulate,
)
from twitch_tracker.cli.journal import (
    demo,
    diary,
    export,
    import_,
    journal,
    patient,
    progress,
    treatment,
)
from twitch_tracker.cli.outcome import ExitCode
from twitch_tracker.cli.terminal import make_output_safe
from twitch_tracker.errors import BadFile, RecordingError, TwitchTrackerError
from twitch_tracker.exchange.disk.private import write_privately
from twitch_tracker.language import say
from twitch_tracker.settings import DEBUG_VARIABLE, debug_wanted

__all__ = ["app", "main"]

app = typer.Typer(
    name="twitch-tracker",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # `terminal` removes its colours
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: twitch-tracker analyze face.mp4 --out results",
)

app.command("analyze", help=analyze.HELP, epilog=analyze.EPILOG)(analyze.analyze)
app.command("batch", help=batch.HELP, epilog=batch.EPILOG)(batch.batch)
app.command("overview", help=overview.HELP, epilog=overview.EPILOG)(overview.overview)
app.command("evaluate", help=evaluate.HELP, epilog=evaluate.EPILOG)(evaluate.evaluate)
app.command("export", help=export.HELP, epilog=export.EPILOG)(export.export)
app.command("import", help=import_.HELP, epilog=import_.EPILOG)(import_.import_)
app.command("demo-patient", help=demo.HELP, epilog=demo.EPILOG)(demo.demo_patient)
app.command("progress", help=progress.HELP, epilog=progress.EPILOG)(progress.progress)
app.command("app", help=serve.APP_HELP, epilog=serve.APP_EPILOG)(serve.app)
app.command("serve", help=serve.HELP, epilog=serve.EPILOG)(serve.serve)
app.command("menu", help=menu.HELP, epilog=menu.EPILOG)(menu.menu)
app.command("simulate", help=simulate.HELP, epilog=simulate.EPILOG)(simulate.simulate)
app.command("deidentify", help=deidentify.HELP, epilog=deidentify.EPILOG)(
    deidentify.deidentify
)
app.command("doctor", help=doctor.HELP, epilog=doctor.EPILOG)(doctor.doctor)
app.command("benchmark", help=benchmark.HELP, epilog=benchmark.EPILOG)(
    benchmark.benchmark
)
app.command("live", help=live.HELP, epilog=live.EPILOG)(live.live)
app.add_typer(diary.app, name="diary")
app.add_typer(journal.app, name="journal")
app.add_typer(models.app, name="models")
app.add_typer(patient.app, name="patient")
app.add_typer(treatment.app, name="treatment")


def _show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        print(f"twitch-tracker {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            callback=_show_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Measure one-sided facial twitching on video: when, where, how long, how strong.

    Everything happens on this computer; no picture and no number leaves it.
    It measures and never diagnoses.
    """


def _stop(_signal: int, _frame: object) -> None:
    """Treat SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; never shows a traceback unless asked to."""
    make_output_safe()
    write_privately()
    signal.signal(signal.SIGTERM, _stop)
    atexit.register(gc.freeze)  # else Python searches all objects once more at its end
    try:
        app()
    except KeyboardInterrupt:
        print(say("Stopped."), file=sys.stderr)
        sys.exit(ExitCode.STOPPED)
    except TwitchTrackerError as error:
        print(say("Error: {error}", error=error), file=sys.stderr)
        _show_trace()
        sys.exit(_code_of(error))
    except Exception as error:  # noqa: BLE001 - the last line of defence
        print(
            say(
                "Error: an unexpected error occurred ({kind}: {error}). Set "
                "{variable}=1 to see where.",
                kind=type(error).__name__,
                error=error,
                variable=DEBUG_VARIABLE,
            ),
            file=sys.stderr,
        )
        _show_trace()
        sys.exit(ExitCode.FAILED)


def _code_of(error: TwitchTrackerError) -> ExitCode:
    """Distinguish a file that cannot be read from all else."""
    unreadable = isinstance(error, BadFile | RecordingError)
    return ExitCode.UNREADABLE if unreadable else ExitCode.FAILED


def _show_trace() -> None:
    """Show where an error came from, when that was asked for."""
    if debug_wanted():
        traceback.print_exc()


if __name__ == "__main__":
    main()
