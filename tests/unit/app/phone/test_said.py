"""A device in words of ours, whatever its browser says."""

from __future__ import annotations

import pytest

from twitch_tracker.app.phone.said import device_in_words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25.0 Chrome/121.0", "Android, Samsung Internet"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:126.0) Firefox/126.0", "Android, Firefox"),
        ("<script>alert(1)</script>", "an unknown device"),
        ("", "an unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words_of_ours(agent, words):
    assert device_in_words(agent) == words
