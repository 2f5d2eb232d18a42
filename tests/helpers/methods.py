"""How recordings were analysed, where a test only needs that it was one and the same way."""

from __future__ import annotations

from twitch_tracker.history import Method

METHOD = Method(
    tracker="attention-mesh",
    tracker_weights_sha256="a" * 64,
    detector="learned",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="1",
)
