"""Phones and networks in words."""

from __future__ import annotations

import re
from typing import Final

from twitch_tracker.app.phone.networks import Kind, Place
from twitch_tracker.language import mark, say

__all__ = ["device_in_words", "kind_in_words", "spaced_code", "spaced_fingerprint"]

_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS: Final = (
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgA?/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_KINDS: Final = {
    Kind.HOME: mark("home network, by wireless or cable"),
    Kind.VPN: mark("a VPN: everybody in it could reach this page"),
    Kind.INSIDE: mark("within this computer only; a phone cannot reach it"),
    Kind.SELF: mark("this computer only"),
}


def device_in_words(user_agent: str) -> str:
    """Say what a browser says of itself: ``iPhone, Safari``.

    Parameters
    ----------
    user_agent : str
        As it came. Only words of ours are taken from it.
    """
    names = [
        next((name for sign, name in known if re.search(sign, user_agent)), "")
        for known in (_SYSTEMS, _BROWSERS)
    ]
    return ", ".join(name for name in names if name) or say("an unknown device")


def kind_in_words(place: Place) -> str:
    """Say what kind of network an address is in."""
    return say(_KINDS[place.kind])


def spaced_code(code: str) -> str:
    """Write a code so that it can be read off: ``ABCDE FGHJK``."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def spaced_fingerprint(fingerprint: str) -> tuple[str, ...]:
    """Write a fingerprint in lines of eight pairs."""
    pairs = fingerprint.split(":")
    return tuple(" ".join(pairs[n : n + 8]) for n in range(0, len(pairs), 8))
