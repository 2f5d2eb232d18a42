"""The progression page: one HTML file that needs nothing else and asks nobody.

Its charts are plain SVG written here, so that they can be seen without a script,
print as sharp as letters and follow the reader's light or dark setting. Text of
people (pseudonyms, notes, products) is untrusted and escaped by Jinja2.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.progression.results import Progression
from twitch_tracker.report.bundle import content_policy
from twitch_tracker.report.progress_view import build_progress_view
from twitch_tracker.report.words import say, say_n

__all__ = ["render_progress", "write_progress_page"]

_TEMPLATES: Final = Path(__file__).parent / "templates"


def render_progress(progression: Progression) -> str:
    """Build the page of one person.

    Parameters
    ----------
    progression : Progression
        What was found; may be of a person without recordings.

    Returns
    -------
    str
        A complete HTML document that loads nothing from anywhere.
    """
    script = _read("progress.js")
    style = _read("report.css") + _read("progress.css")
    return (
        _environment()
        .get_template("progress.html.j2")
        .render(
            view=build_progress_view(progression),
            policy=content_policy(script),
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704 - our own file
        )
    )


def write_progress_page(progression: Progression, path: Path) -> Path:
    """Write the page alone; nothing half-written keeps its name.

    Parameters
    ----------
    progression : Progression
        What was found.
    path : Path
        Where to write, e.g. ``progress.html``.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OutputNotWritable
        When the file cannot be written.
    """
    return write_whole(path, render_progress(progression))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=say, plural=say_n)
    return environment


@cache
def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
