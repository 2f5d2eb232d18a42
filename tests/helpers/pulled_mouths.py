"""A quiet made-up person whose one mouth corner is drawn out."""

from __future__ import annotations

import numpy as np

from twitch_tracker.regions import Side

__all__ = ["drawn_down", "held", "pulled"]


def held(time_s, spans, rise_s=0.06):
    drive = np.zeros(len(time_s))
    for start_s, end_s in spans:
        up = np.clip((time_s - start_s) / rise_s, 0, 1)
        down = np.clip((end_s - time_s) / rise_s, 0, 1)
        drive = np.maximum(drive, np.minimum(up, down))
    return drive


def pulled(face, spans, *, side=Side.RIGHT, mm=6.0, lasts_s=26.0, fps=30.0, **more):
    """Film a quiet person whose one mouth corner is drawn out; the eyes stay open."""
    time_s = np.arange(round(lasts_s * fps)) / fps
    drive = held(time_s, spans)
    return face.film(
        time_s,
        pull_mm={side: mm * drive},
        cheek_mm={side: 0.5 * mm * drive},
        yaw_deg=1.0 * np.sin(0.6 * time_s),
        noise_px=0.15,
        **more,
    )


def drawn_down(face, spans, *, side=Side.RIGHT, mm=6.0):
    """Film a quiet person whose one mouth corner is drawn out and down."""
    time_s = np.arange(780) / 30
    down = {side: mm * held(time_s, spans)}
    return face.film(time_s, down_mm=down, yaw_deg=np.sin(0.6 * time_s), noise_px=0.15)
