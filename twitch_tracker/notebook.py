"""The analysis of a recording, for people who write Python.

`analyze` gives what `pipeline.analyze` gives, with tables (pandas), a drawing
(Matplotlib), a report and a display in notebooks. Nothing is measured here, and the
rest of the program does not need it. The columns are those of the files that
``analyze`` writes (docs/files.md), the numbers as exact as they were measured.

>>> import twitch_tracker  # doctest: +SKIP
>>> session = twitch_tracker.analyze("monday.mp4")  # doctest: +SKIP
>>> session.to_pandas().episodes.groupby("side").size()  # doctest: +SKIP
>>> session.plot()  # doctest: +SKIP
"""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from twitch_tracker import records, units
from twitch_tracker.language import say
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.timebase import Interval
from twitch_tracker.wording.terms import region_name, side_title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from twitch_tracker.pipeline import AnalysisOptions
    from twitch_tracker.records import OnProgress

__all__ = ["Session", "Tables", "analyze"]

_BURST_INK: Final = "#c33"
_UNMEASURED_INK: Final = "#bbb"


class Tables(NamedTuple):
    """The tables of one recording.

    Attributes
    ----------
    episodes : pandas.DataFrame
        One row a burst; columns as in ``episodes.csv``.
    blinks : pandas.DataFrame
        One row a blink; columns as in ``blinks.csv``.
    signals : pandas.DataFrame
        One row a frame; columns as in ``signals.parquet``. NaN is not measured.
    """

    episodes: pd.DataFrame
    blinks: pd.DataFrame
    signals: pd.DataFrame


class Session(records.Session):
    """The analysis of one recording; its attributes are those of `records.Session`."""

    @classmethod
    def of(cls, session: records.Session) -> Self:
        """Return a session with these views."""
        return cls(**{f.name: getattr(session, f.name) for f in fields(session)})

    def to_pandas(self) -> Tables:
        """Return bursts, blinks and signals as tables.

        Returns
        -------
        Tables
            Times in seconds from the first shown frame; units are in the names of
            columns. What was not measured is NaN.
        """
        import pandas as pd

        from twitch_tracker.exchange.signals import signals_table
        from twitch_tracker.exchange.tables import blink_values, episode_values

        return Tables(
            episodes=pd.DataFrame(episode_values(self.episodes)),
            blinks=pd.DataFrame(blink_values(self.blinks)),
            signals=signals_table(self).to_pandas(),
        )

    def plot(self, region: Region = Region.EYELID, axes: Axes | None = None) -> Axes:
        """Draw the movement of one region, the right side upward, the left downward.

        Parameters
        ----------
        region : Region
            Which.
        axes : matplotlib.axes.Axes, optional
            Where to draw; new ones by default.

        Returns
        -------
        matplotlib.axes.Axes
            Seconds to the right; millimetres, or interocular fractions where the film
            has no scale. Bursts of a side are shaded on its side; what could not be
            measured is grey.
        """
        if axes is None:
            from matplotlib import pyplot as plt

            _, axes = plt.subplots(figsize=(10, 3), layout="constrained")
        scores = self.motion.scores
        has_scale = self.motion.mm_per_interocular > 0
        position = scores["position_mm" if has_scale else "position_io"]
        for side, up in ((Side.RIGHT, 1), (Side.LEFT, -1)):
            axes.plot(
                position.time_s,
                up * position.of(region, side),
                linewidth=0.8,
                label=side_title(side),
            )
            for burst in self.episodes:
                if burst.side is side:
                    _shade(axes, burst.span, up)
        for gap in self.excluded:
            span = gap.span
            axes.axvspan(span.start_s, span.end_s, color=_UNMEASURED_INK, linewidth=0)
        axes.axhline(0, color="black", linewidth=0.6)
        unit = "mm" if has_scale else say("share of the eyes' distance")
        axes.set_ylabel(f"{region_name(region)} ({unit})")
        axes.set_xlabel(say("seconds"))
        axes.set_title(self.video.name)
        axes.legend(loc="upper right", fontsize="small")
        return axes

    def write_report(self, path: str | Path) -> Path:
        """Write the report as one HTML file, without pictures of the face.

        Parameters
        ----------
        path : str or Path
            Where, e.g. ``report.html``.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OutputNotWritable
            When the file cannot be written.
        """
        from twitch_tracker.report.recording.page import write_report

        return write_report(self, Path(path))

    def _repr_html_(self) -> str:
        """Show the headline numbers in a notebook."""
        from markupsafe import escape

        summary = self.summary
        heads = ("", say("bursts"), say("per min"), say("in bursts"), say("longest"))
        rows = [self._row(side) for side in SIDES]
        caption = say(
            "{name}: {measured} of {recorded} could be measured",
            name=self.video.name,
            measured=units.duration(summary.analysable_s),
            recorded=units.duration(summary.recorded_s),
        )
        head = "".join(f"<th>{escape(text)}</th>" for text in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )

    def _row(self, side: Side) -> tuple[str, ...]:
        """Write the headline numbers of one side."""
        numbers = self.summary.sides[side]
        known = math.isfinite(numbers.spasm_fraction)
        return (
            side_title(side),
            str(numbers.episodes),
            _rate(numbers),
            units.percent(numbers.spasm_fraction) if known else "-",
            units.duration(numbers.longest_duration_s) if numbers.episodes else "-",
        )


def _rate(numbers: records.SideSummary) -> str:
    """Write a rate with its interval; a dash where nothing could be measured."""
    if not math.isfinite(numbers.episodes_per_min):
        return "-"
    low, high = numbers.episodes_per_min_low, numbers.episodes_per_min_high
    span = units.interval(units.rate(low), units.rate(high))
    return f"{units.rate(numbers.episodes_per_min)} ({span})"


def _shade(axes: Axes, span: Interval, up: int) -> None:
    """Shade a burst on its own half of the drawing."""
    low, high = (0.5, 1.0) if up > 0 else (0.0, 0.5)
    axes.axvspan(
        span.start_s, span.end_s, low, high, color=_BURST_INK, alpha=0.25, linewidth=0
    )


def analyze(
    path: str | Path,
    options: AnalysisOptions | None = None,
    *,
    on_progress: OnProgress | None = None,
) -> Session:
    """Find one-sided bursts in a recording.

    Parameters
    ----------
    path, options, on_progress
        As for `pipeline.analyze`.

    Returns
    -------
    Session
        Signals, bursts, blinks, what was refused or not measurable, summary; with
        tables, a drawing and a report.

    Raises
    ------
    VideoUnreadable, TimestampsUnusable, NoAnalysableFace
        The recording cannot be analysed.
    AssetError, MissingDependency, BadParameter
        As for `pipeline.analyze`.
    """
    from twitch_tracker import pipeline

    return Session.of(pipeline.analyze(path, options, on_progress=on_progress))
