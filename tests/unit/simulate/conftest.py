"""A face to simulate on."""

from __future__ import annotations

from simulated_faces import eye_aspect_ratio, frame_of, portrait, tracker

__all__ = ["eye_aspect_ratio", "frame_of", "portrait", "tracker"]
