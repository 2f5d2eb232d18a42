"""The last stage: what was found, written as JSON, page and Markdown.

Written together at the end, each file whole or not at all. Only the page holds
pictures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studies.benchmark.findings.document import build_document
from studies.benchmark.findings.examples import find_examples
from studies.benchmark.findings.page import render_markdown, render_page
from studies.benchmark.findings.views import figures_of
from studies.benchmark.judging.detectors import OURS
from studies.benchmark.run import BenchmarkOptions, run_stages
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.records import OnProgress, Progress

__all__ = ["Report", "run_benchmark"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a benchmark left behind.

    Attributes
    ----------
    page, table, json : Path
        The files.
    document : dict
        What is in the JSON.
    """

    page: Path
    table: Path
    json: Path
    document: dict[str, Any]


def run_benchmark(
    options: BenchmarkOptions,
    on_progress: OnProgress | None = None,
    *,
    pictures: bool = True,
    draws: int = 2000,
) -> Report:
    """Build, measure, score and report.

    Parameters
    ----------
    options : BenchmarkOptions
        What is run on what.
    on_progress : callable, optional
        Called after every piece of work.
    pictures : bool
        Whether the page shows faces.
    draws : int
        Resamples behind every interval.

    Raises
    ------
    BadParameter, BadTruthFile, NoAnalysableFace, OutputNotWritable
        As for `run.run_stages`.
    """
    results = run_stages(options, on_progress)

    def reporting(stage: str) -> Callable[[int, int], None]:
        def report(done: int, total: int) -> None:
            if on_progress is not None:
                step = Progress(stage=stage, done=done, total=total, unit="steps")
                on_progress(step)

        return report

    reporting("counting")(0, 1)
    figures = figures_of(results, draws=draws)
    document = build_document(results, figures)
    reporting("counting")(1, 1)
    examples = (
        find_examples(figures[OURS.name], options, reporting("pictures"))
        if pictures
        else ()
    )
    report = Report(
        page=options.out / "benchmark.html",
        table=options.out / "benchmark.md",
        json=options.out / "benchmark.json",
        document=document,
    )
    write_whole(report.json, json.dumps(document, indent=2) + "\n", make_folder=True)
    write_whole(report.table, render_markdown(document))
    write_whole(report.page, render_page(document, examples))
    return report
