"""The progression page: one HTML file that needs nothing else.

Its charts are plain SVG written here, so that they can be seen without a script, print
sharply and follow the reader's light or dark setting. Text of people (pseudonyms,
notes, products) is untrusted and escaped by Jinja2.
"""

from __future__ import annotations

from markupsafe import Markup

from twitch_tracker.progression.results import Progression
from twitch_tracker.report.progress.view import build_progress_view
from twitch_tracker.report.recording.bundle import content_policy
from twitch_tracker.report.templating import environment, read_part

__all__ = ["render_progress"]


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
    script = read_part("progress.js")
    style = read_part("report.css") + read_part("progress.css")
    return (
        environment()
        .get_template("progress.html.j2")
        .render(
            view=build_progress_view(progression),
            policy=content_policy(script),
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704 - our own file
        )
    )
