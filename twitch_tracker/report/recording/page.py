"""The report: one HTML file that needs nothing else.

Text of a session (file names, reasons) is untrusted and escaped by Jinja2; only
our own style, our own script and data that this module packed itself go in raw.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.records import Session
from twitch_tracker.report.recording.bundle import (
    bokeh_script,
    content_policy,
    packed,
    packed_library,
)
from twitch_tracker.report.recording.chart import chart_json, drawn_unit
from twitch_tracker.report.recording.limits import limits_in_words, method_in_words
from twitch_tracker.report.recording.readout import readout_json
from twitch_tracker.report.recording.strip import build_overview
from twitch_tracker.report.recording.view import build_page_view
from twitch_tracker.report.templating import environment, read_part

if TYPE_CHECKING:
    from twitch_tracker.report.recording.pictures import EpisodePictures

__all__ = ["render_report", "write_report"]


def render_report(session: Session, pictures: Sequence[EpisodePictures] = ()) -> str:
    """Build the report of one recording.

    Parameters
    ----------
    session : Session
        The analysed recording.
    pictures : sequence of EpisodePictures
        Picture strips from `take_pictures`; empty to leave pictures out, which the
        page then says.

    Returns
    -------
    str
        A complete HTML document that loads nothing from anywhere.
    """
    script = read_part("report.js")
    library = bokeh_script()
    return environment().get_template("report.html.j2").render(
        view=build_page_view(session, pictures),
        overview=build_overview(session),
        limits=limits_in_words(),
        method=method_in_words(),
        version=session.software_version,
        policy=content_policy(script, library),
        style=Markup(read_part("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        facts=Markup(readout_json(session, drawn_unit(session))),  # noqa: S704 - escaped
        chart_data=packed(chart_json(session, "timeline")),
        chart_library=packed_library(),
    )  # fmt: skip


def write_report(
    session: Session, path: Path, pictures: Sequence[EpisodePictures] = ()
) -> Path:
    """Write the report of one recording; nothing half-written keeps its name.

    Parameters
    ----------
    session : Session
        The analysed recording.
    path : Path
        Where to write, e.g. ``report.html``.
    pictures : sequence of EpisodePictures
        Picture strips; empty to leave pictures out.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OutputNotWritable
        When the file cannot be written.
    """
    text = render_report(session, pictures)
    return write_whole(path, text)
