"""Progression as one JSON document; keys are those of `progression.results`.

Beside the codes of whatever has a sentence stands its `words`, in the language that is
spoken; `readings` are sentences.

Note: NaN becomes null, days are ``YYYY-MM-DD``, moments ISO 8601 with their offset,
enumerations their values; nothing is rounded or left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from twitch_tracker import __version__
from twitch_tracker.border.plain import plain
from twitch_tracker.progression.recordings.broken import Break
from twitch_tracker.progression.recordings.choose import LeftOut
from twitch_tracker.progression.results import (
    Association,
    BetweenBursts,
    Closest,
    Cycle,
    EyeShut,
    InjectionCourse,
    OperationCourse,
    OperationMark,
    OtherCourse,
    Progression,
    ProvokedRatio,
    QuestionnaireChange,
    Series,
    SignSeen,
)
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.breaks import break_text
from twitch_tracker.wording.clinic.between import between_text, shut_text
from twitch_tracker.wording.clinic.signs import (
    provoked_text,
    questionnaire_text,
    sign_text,
)
from twitch_tracker.wording.progression import (
    closest_text,
    left_out_text,
    reading_texts,
)
from twitch_tracker.wording.treatments import (
    cycle_text,
    injection_text,
    mark_name,
    operation_text,
    other_text,
)
from twitch_tracker.wording.trends import trend_text

__all__ = ["DOCUMENT_VERSION", "progress_document"]

DOCUMENT_VERSION: Final = 3
"""Version of the layout of ``progress --json``."""


def progress_document(progression: Progression) -> dict[str, Any]:
    """Turn everything into what `json` can write.

    Returns
    -------
    dict
        ``schema_version``, ``software_version``, and every field of `Progression`.
    """
    return {
        "schema_version": DOCUMENT_VERSION,
        "software_version": __version__,
        **{
            one.name: plain(getattr(progression, one.name), _words)
            for one in fields(progression)
            if one.name != "readings"
        },
        "readings": list(reading_texts(progression)),
    }


_WORDS: Final[dict[type, Callable[[Any], str]]] = {
    Association: association_text,
    BetweenBursts: between_text,
    EyeShut: shut_text,
    Break: break_text,
    Closest: closest_text,
    Cycle: cycle_text,
    InjectionCourse: injection_text,
    LeftOut: left_out_text,
    OperationCourse: operation_text,
    OperationMark: mark_name,
    OtherCourse: other_text,
    ProvokedRatio: provoked_text,
    QuestionnaireChange: questionnaire_text,
    Series: trend_text,
    SignSeen: sign_text,
}
"""What is said of each kind of result."""


def _words(result: Any) -> dict[str, str]:
    """Add the sentence of a result to it."""
    kind = type(result)
    return {"words": _WORDS[kind](result)} if kind in _WORDS else {}
