"""Print the events of a live session: lines of JSON, or of plain words."""

from __future__ import annotations

import json
from typing import Any

from twitch_tracker.language import say

__all__ = ["print_json", "print_words"]


def print_json(event: dict[str, Any]) -> None:
    """Print one event as one line."""
    print(json.dumps(event, ensure_ascii=False, allow_nan=False), flush=True)


def print_words(event: dict[str, Any]) -> None:
    """Print what a person wants to know, in one line."""
    text = _in_words(event)
    if text:
        print(f"{event['time_s']:8.1f} s  {text}", flush=True)


def _in_words(event: dict[str, Any]) -> str:
    """Say what happened; nothing for what concerns only machines."""
    from twitch_tracker import units
    from twitch_tracker.records import QualityReason
    from twitch_tracker.regions import Region, Side
    from twitch_tracker.wording.recording import advice_now, event_in_words
    from twitch_tracker.wording.terms import region_name, side_name

    kind = event["event"]
    if kind == "burst":
        return say(
            "burst, {side} side, {length} from {onset:.1f} s ({regions})",
            side=side_name(Side(event["side"])),
            length=units.duration(event["offset_s"] - event["onset_s"]),
            onset=event["onset_s"],
            regions=", ".join(region_name(Region(r)) for r in event["regions"]),
        )
    if kind == "blink":
        return say("blink at {onset:.1f} s", onset=event["onset_s"])
    if kind == "quality":
        why = event["reason"]
        return advice_now(None if why is None else QualityReason(why))
    if kind == "subject":
        return event_in_words(event["happened"])
    return {"paused": say("paused"), "resumed": say("continuing")}.get(kind, "")
