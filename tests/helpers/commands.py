"""Commands as they are typed."""

from __future__ import annotations

from click.testing import Result
from typer.testing import CliRunner

from twitch_tracker.cli.app import app


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])
