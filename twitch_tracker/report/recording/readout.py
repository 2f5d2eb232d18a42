"""What the page's script shows of a moment, as JSON.

The numbers of the curves are in the chart itself; here are the words, the
blinks, the unmeasured stretches and the marks. The text of a recording is
untrusted: ``<`` is written as an escape, and the script only ever makes text
nodes of it.
"""

from __future__ import annotations

import json

from twitch_tracker.language import say, uncapitalised
from twitch_tracker.records import Session, SubjectEvent
from twitch_tracker.regions import REGIONS
from twitch_tracker.wording.reasons import reason_text
from twitch_tracker.wording.recording import event_in_words, quality_in_words
from twitch_tracker.wording.terms import region_name

__all__ = ["readout_json"]


def readout_json(session: Session, unit: str) -> str:
    """Return the words and spans that the page's script needs.

    Returns
    -------
    str
        JSON that is safe inside a script element; times in milliseconds.
    """
    facts = {
        "words": _words(unit),
        "regions": [[region.value, region_name(region)] for region in REGIONS],
        "gaps": [
            [
                1000 * gap.span.start_s,
                1000 * gap.span.end_s,
                uncapitalised(", ".join(map(quality_in_words, gap.reasons))),
            ]
            for gap in session.excluded
        ],
        "blinks": [
            [
                1000 * blink.span.start_s,
                1000 * blink.span.end_s,
                say("complete blink") if blink.complete else say("partial blink"),
            ]
            for blink in session.blinks
        ],
        "events": [
            [1000 * event.time_s, _event(event)]
            for event in session.subject_events
            if event.time_s > 0
        ],
    }
    return json.dumps(facts, separators=(",", ":")).replace("<", "\\u003c")


def _event(event: SubjectEvent) -> str:
    return say(
        "{what}: {detail}",
        what=event_in_words(event.kind),
        detail=reason_text(event.detail),
    )


def _words(unit: str) -> dict[str, str]:
    return {
        "shown": say("The timeline shows"),
        "failed": say(
            "The detailed timeline cannot be drawn in this browser. "
            "Every burst is in the list below."
        ),
        "hint": say("Tap or point at the curves to read their values here."),
        "right": say("right"),
        "left": say("left"),
        "unit": unit,
        "unmeasured": say("not measured"),
    }
