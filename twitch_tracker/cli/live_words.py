"""How the events of a live session read: lines of JSON, or of plain words."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["print_json", "print_words"]


def print_json(event: dict[str, Any]) -> None:
    """Print one event as one line."""
    print(json.dumps(event, ensure_ascii=False, allow_nan=False), flush=True)


def print_words(event: dict[str, Any]) -> None:
    """Print what a person wants to know, in one line."""
    told = _in_words(event)
    if told:
        print(f"{event['time_s']:8.1f} s  {told}", flush=True)


def _in_words(event: dict[str, Any]) -> str:
    """Say what happened; nothing for what concerns only machines."""
    from twitch_tracker.live.words import advice_now
    from twitch_tracker.records import QualityReason
    from twitch_tracker.report.words import event_in_words

    kind = event["event"]
    if kind == "burst":
        length_s = event["offset_s"] - event["onset_s"]
        regions = ", ".join(event["regions"]).replace("_", " ")
        return (
            f"burst, {event['side']} side, {length_s:.1f} s from {event['onset_s']:.1f} s "
            f"({regions})"
        )
    if kind == "blink":
        return f"blink at {event['onset_s']:.1f} s"
    if kind == "quality":
        why = event["reason"]
        return advice_now(None if why is None else QualityReason(why))
    if kind == "subject":
        return event_in_words(event["happened"])
    return {"paused": "paused", "resumed": "going on"}.get(kind, "")
