"""The page of an evaluation: one HTML file that needs nothing else.

It has no script at all, so its policy forbids every one. Text (names, coded
words) is untrusted and escaped by Jinja2; only our own style goes in raw.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from markupsafe import Markup

from twitch_tracker import __version__
from twitch_tracker.border.files import shown_text
from twitch_tracker.evaluate.document import evaluation_json
from twitch_tracker.evaluate.evaluation import Evaluation
from twitch_tracker.evaluate.matching import IOU_RULE, PRIMARY_RULE
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.report.evaluation.view import build_evaluation_view
from twitch_tracker.report.recording.bundle import content_policy
from twitch_tracker.report.templating import environment, read_part

__all__ = [
    "EVALUATION_FILES",
    "render_evaluation",
    "write_evaluation",
]

EVALUATION_FILES: Final = ("evaluation.html", "evaluation.json")
"""What an evaluation leaves behind, in the order of being put in place."""


def render_evaluation(evaluation: Evaluation) -> str:
    """Build the page.

    Parameters
    ----------
    evaluation : Evaluation
        What was judged.

    Returns
    -------
    str
        A complete HTML document that loads nothing from anywhere.
    """
    style = read_part("report.css") + read_part("evaluation.css")
    return (
        environment()
        .get_template("evaluation.html.j2")
        .render(
            view=build_evaluation_view(evaluation),
            policy=content_policy(),
            style=Markup(style),  # noqa: S704 - our own files
            rule=PRIMARY_RULE,
            iou=IOU_RULE,
            version=__version__,
        )
    )


def write_evaluation(evaluation: Evaluation, folder: Path) -> Path:
    """Write the page and the numbers together, or neither.

    Parameters
    ----------
    evaluation : Evaluation
        What was judged.
    folder : Path
        Gets `EVALUATION_FILES`; anything else in it is left alone.

    Raises
    ------
    OutputNotWritable
        When the folder or a file cannot be written.
    """
    page = render_evaluation(evaluation)
    numbers = json.dumps(
        evaluation_json(evaluation), indent=2, ensure_ascii=False, allow_nan=False
    )
    texts = dict(zip(EVALUATION_FILES, (page, numbers + "\n"), strict=True))
    with staged_folder(folder, own_files=EVALUATION_FILES) as stage:
        for name, text in texts.items():
            (stage / name).write_bytes(shown_text(text).encode())
    return folder / EVALUATION_FILES[0]
