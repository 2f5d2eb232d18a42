"""The guided session: what a person is asked to do, for how long, with which cues.

Knows the steps of the protocol (CLINICAL: rest 3 min, eyes closed 15 s, blinks on cue,
forced closure 3 s x 5, pursing 5 s x 3, smile 3 s x 3, reading aloud 30 s, rest 1 min;
beside them raised eyebrows and free speech, which clinics film, too) and their words.
Note: every step is a task and a recording of its own, so that rest and provoked are
never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from twitch_tracker.history import Task
from twitch_tracker.language import mark, say

__all__ = [
    "READING",
    "STEPS",
    "Cue",
    "Form",
    "GuidedStep",
    "session_minutes",
    "steps_for",
    "steps_of",
    "task_name",
]


@dataclass(frozen=True)
class Cue:
    """Words that are said and shown at a moment of a step.

    Attributes
    ----------
    at_s : float
        Seconds after its start.
    words : str
        A key of the catalogue.
    """

    at_s: float
    words: str


@dataclass(frozen=True, kw_only=True)
class GuidedStep:
    """One step of the guided session.

    Attributes
    ----------
    task : Task
        What it is in the journal.
    length_s : float
        How long it lasts.
    title, ask : str
        Its name, and what the person is asked to do; keys of the catalogue.
    cues : tuple of Cue
        What is said while it runs.
    reading : bool
        Whether the text to be read aloud is shown.
    why : str
        What it is for, in a sentence; a key of the catalogue.
    short_s : float
        How long it lasts in the short session; 0 where it is not part of that.
    """

    task: Task
    length_s: float
    title: str
    ask: str
    cues: tuple[Cue, ...] = ()
    reading: bool = False
    why: str = ""
    short_s: float = 0.0


def _in_turn(do: str, rest: str, do_s: float, rest_s: float, n: int) -> tuple[Cue, ...]:
    """Alternate between doing something and resting, a second after the start."""
    cues = []
    for turn in range(n):
        at_s = 1.0 + turn * (do_s + rest_s)
        cues += [Cue(at_s, do), Cue(at_s + do_s, rest)]
    return tuple(cues)


_RELAX: Final = mark("Relax.")

STEPS: Final = (
    GuidedStep(
        task=Task.REST,
        length_s=180.0,
        title=mark("Rest"),
        ask=mark(
            "Sit still and relaxed, and look at the camera. Blink as you like. "
            "Nothing else is asked of you."
        ),
        cues=(
            Cue(60.0, mark("One minute is over. Keep looking at the camera.")),
            Cue(120.0, mark("Two minutes are over.")),
        ),
        why=mark("The number that is compared from day to day."),
        short_s=120.0,
    ),
    GuidedStep(
        task=Task.EYES_CLOSED,
        length_s=15.0,
        title=mark("Eyes gently closed"),
        ask=mark(
            "Close both eyes gently, as if you were falling asleep, and keep them "
            "closed until you are told."
        ),
        cues=(Cue(0.5, mark("Close your eyes gently.")),),
        why=mark("Shows whether a side twitches with the eyes closed."),
    ),
    GuidedStep(
        task=Task.BLINKING,
        length_s=32.0,
        title=mark("Blinks on cue"),
        ask=mark("Blink once, in your usual way, each time you are told. Ten times."),
        cues=tuple(Cue(1.0 + 3.0 * turn, mark("Blink.")) for turn in range(10)),
        why=mark("A blink can trigger bursts; shows how fully each eye closes."),
    ),
    GuidedStep(
        task=Task.FORCED_CLOSURE,
        length_s=32.0,
        title=mark("Eyes tightly closed"),
        ask=mark(
            "Squeeze both eyes shut as tightly as you can for three seconds, then "
            "relax. Five times."
        ),
        cues=_in_turn(mark("Squeeze your eyes shut."), _RELAX, 3.0, 3.0, 5),
        why=mark("Often triggers bursts, and shows what moves together with an eye."),
        short_s=20.0,
    ),
    GuidedStep(
        task=Task.BROW_RAISING,
        length_s=20.0,
        title=mark("Eyebrows raised"),
        ask=mark(
            "Raise your eyebrows as high as you can for three seconds, then relax. Three "
            "times."
        ),
        cues=_in_turn(mark("Raise your eyebrows."), _RELAX, 3.0, 3.0, 3),
        why=mark("Shows how far each eyebrow rises, and what moves together with it."),
    ),
    GuidedStep(
        task=Task.PURSING,
        length_s=26.0,
        title=mark("Lips pursed"),
        ask=mark(
            "Purse your lips as if to whistle for five seconds, then relax. Three "
            "times."
        ),
        cues=_in_turn(mark("Purse your lips."), _RELAX, 5.0, 3.0, 3),
        why=mark(
            "Can trigger bursts, and shows whether an eye closes at the same time."
        ),
    ),
    GuidedStep(
        task=Task.SMILING,
        length_s=20.0,
        title=mark("Smile"),
        ask=mark(
            "Smile widely and show your teeth for three seconds, then relax. Three "
            "times."
        ),
        cues=_in_turn(mark("Smile."), _RELAX, 3.0, 3.0, 3),
        why=mark("Shows how far each corner of the mouth moves."),
        short_s=20.0,
    ),
    GuidedStep(
        task=Task.SPEECH,
        length_s=30.0,
        title=mark("Reading aloud"),
        ask=mark(
            "Read the text on the screen aloud, at your own pace. Begin again when "
            "you reach its end. No sound is recorded."
        ),
        reading=True,
        why=mark("Speaking can trigger bursts."),
        short_s=30.0,
    ),
    GuidedStep(
        task=Task.FREE_SPEECH,
        length_s=30.0,
        title=mark("Speaking freely"),
        ask=mark(
            "Speak in your usual way until you are told to stop: name the days of the "
            "week and the months, or say what you did today. No sound is recorded."
        ),
        why=mark("Everyday speech, without a text that holds the eyes."),
    ),
    GuidedStep(
        task=Task.REST_AFTER,
        length_s=60.0,
        title=mark("Rest again"),
        ask=mark("Sit still and relaxed once more, and look at the camera."),
        why=mark("Shows whether there are more bursts after the tasks."),
    ),
)
"""In the order of the session."""


class Form(StrEnum):
    """Which session: all steps, or those of about three minutes."""

    FULL = "full"
    SHORT = "short"


def session_minutes(form: Form) -> int:
    """Return how long a session is, in whole minutes."""
    return round(sum(_length_s(step, form) for step in steps_of(form)) / 60)


def steps_of(form: Form) -> tuple[GuidedStep, ...]:
    """Return the steps of a session, in order."""
    return tuple(step for step in STEPS if _length_s(step, form) > 0)


def _length_s(step: GuidedStep, form: Form) -> float:
    return step.short_s if form is Form.SHORT else step.length_s


READING: Final = mark(
    "On Saturday morning the market opens before the sun is up. Farmers put out "
    "baskets of pears, plums and brown bread, and somebody always whistles. A boy "
    "asks what a pound of beans costs; his mother smiles and pays for five. By noon "
    "the square is empty again, and only pigeons walk about and look for crumbs."
)
"""Our own text; it has the lip sounds p, b, m, f and v, and wide vowels."""

_TASK_NAMES: Final = {
    **{step.task: step.title for step in STEPS},
    Task.OTHER: mark("Something else"),
}


def task_name(task: Task) -> str:
    """Return what the person was asked to do, in a few words."""
    return say(_TASK_NAMES[task])


def steps_for(
    step_s: float | None = None, form: Form = Form.FULL
) -> list[dict[str, Any]]:
    """Return the steps for the page's script, in the language that is spoken now.

    Parameters
    ----------
    step_s : float, optional
        Length of every step, for tests; cues move with it.
    form : Form
        Which session.

    Returns
    -------
    list of dict
        JSON-ready.
    """
    return [_plain(step, step_s, form) for step in steps_of(form)]


def _plain(step: GuidedStep, step_s: float | None, form: Form) -> dict[str, Any]:
    """Return one step; a shorter one keeps the pace of its cues and loses the last."""
    length_s = step_s or _length_s(step, form)
    pace = step_s / step.length_s if step_s else 1.0
    return {
        "task": step.task.value,
        "length_s": length_s,
        "title": say(step.title),
        "ask": say(step.ask),
        "why": say(step.why) if step.why else "",
        "reading": say(READING) if step.reading else "",
        "cues": [
            {"at_s": cue.at_s * pace, "words": say(cue.words)}
            for cue in step.cues
            if cue.at_s * pace < length_s
        ],
    }
