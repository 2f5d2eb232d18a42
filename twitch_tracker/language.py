"""The language of sentences, and the catalogues that they come from.

Every sentence that a person can see goes through `say`, or `say_n` for counts. English
is both the key and the default; values are filled in by name after translation. Words
that are looked up later are marked with `mark` where they are written, so that they
are found for the catalogue. A language is added by one compiled gettext catalogue,
`<folder>/<language>/LC_MESSAGES/twitch_tracker.mo`, where the folder is ``locale``
inside the package or ``locale`` in the user's data folder; no code and no template
changes. `docs/app.md` says how one is made.

Note: the language belongs to the context (`contextvars`), so that two requests of one
server do not share a language; without a chosen one,
``TWITCH_TRACKER_LANGUAGE`` decides. Only the first letter of a text is made large or
small (`capitalised`, `uncapitalised`): German nouns keep theirs.

English has two words for one thing: files, commands and clinics read "burst", people
at home "twitch". Sentences are written with the first; `speaking` says who reads.

>>> say("Burst {number}", number=3)
'Burst 3'
>>> say_n("{n} burst", "{n} bursts", 2)
'2 bursts'
>>> with speaking("en", at_home=True):
...     say_n("{n} burst", "{n} bursts", 2)
'2 twitches'
"""

from __future__ import annotations

import contextlib
import gettext
import logging
import os
import re
import struct
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Final

from twitch_tracker.settings import data_folder

__all__ = [
    "LANGUAGE_VARIABLE",
    "capitalised",
    "catalogue",
    "choose_language",
    "current_language",
    "current_speech",
    "language_tag",
    "languages",
    "locale_folders",
    "mark",
    "plain",
    "say",
    "say_n",
    "speaking",
    "uncapitalised",
    "with_decimal_sign",
]

LANGUAGE_VARIABLE: Final = "TWITCH_TRACKER_LANGUAGE"
"""Environment variable that chooses the language, e.g. ``de``."""

_log = logging.getLogger(__name__)

_DOMAIN: Final = "twitch_tracker"
_ENGLISH: Final = "en"
_NO_CATALOGUE: Final = gettext.NullTranslations()


_TWITCHING: Final = re.compile(r"\b(spent|[Tt]ime) in bursts\b")
_BURST: Final = re.compile(r"(?<![{'\w])([Bb])urst(s?)(?![}'\w])")
"""Not the name of a field, and not a word that is quoted."""


class _AtHome(gettext.NullTranslations):
    """English with the word that people have who do not work in a clinic."""

    def gettext(self, message: str) -> str:
        """Return a sentence with "twitch" for "burst"."""
        message = _TWITCHING.sub(_twitching, message)
        return _BURST.sub(_twitch, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the sentence for a count in the same way."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def _twitching(found: re.Match[str]) -> str:
    return "spent twitching" if found[1] == "spent" else f"{found[1]} spent twitching"


def _twitch(found: re.Match[str]) -> str:
    word = "twitches" if found[2] else "twitch"
    return word.capitalize() if found[1] == "B" else word


_AT_HOME: Final = _AtHome()


@dataclass(frozen=True)
class _Speech:
    """A language, its sentences, and whether somebody at home reads them."""

    language: str
    sentences: gettext.NullTranslations
    at_home: bool


_spoken: ContextVar[_Speech | None] = ContextVar("spoken", default=None)


def locale_folders() -> tuple[Path, ...]:
    """Return where catalogues are looked for, the user's own first."""
    return data_folder() / "locale", Path(__file__).parent / "locale"


def current_language() -> str:
    """Return the code of the language that is spoken now, e.g. ``en``."""
    spoken = _spoken.get()
    return spoken.language if spoken else choose_language("")


def current_speech() -> tuple[str, bool]:
    """Return what sentences depend on: the language, and whether they are for home."""
    spoken = _spoken.get()
    return current_language(), bool(spoken and spoken.at_home)


def language_tag() -> str:
    """Return the language that is spoken now as pages name it, e.g. ``zh-Hans``."""
    return current_language().replace("_", "-")


def languages() -> dict[str, str]:
    """Return the languages that can be spoken, each with its own name for itself.

    Returns
    -------
    dict of str to str
        By code, in the order of codes, e.g. ``{"de": "Deutsch", "en": "English"}``.
    """
    paths = {
        path.parts[-3]: path
        for folder in reversed(locale_folders())  # the user's own comes first
        for path in folder.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")
        if path.is_file() and _is_plain(path.parts[-3])
    }
    codes = sorted({_ENGLISH, *paths})
    return {code: _own_name(code, paths.get(code)) for code in codes}


def _own_name(code: str, path: Path | None) -> str:
    # TRANSLATORS: the name of your language, in your language, e.g. Deutsch
    name = mark("English")
    found = _sentences_in(None if code == _ENGLISH else path).gettext(name)
    return found if code == _ENGLISH or found != name else code


@contextlib.contextmanager
def speaking(language: str, *, at_home: bool = False) -> Iterator[None]:
    """Speak a language within a block.

    Parameters
    ----------
    language : str
        A code such as ``de``; one without a catalogue is English.
    at_home : bool
        English says "twitch" instead of "burst". A catalogue has one word for both.
    """
    found = _sentences_of(language)
    if at_home and found is _NO_CATALOGUE:
        found = _AT_HOME
    token = _spoken.set(_Speech(language, found, at_home))
    try:
        yield
    finally:
        _spoken.reset(token)


def say(message: str, /, **values: object) -> str:
    """Return a sentence in the reader's language with its values filled in.

    Parameters
    ----------
    message : str
        English text with named fields, e.g. ``"Burst {number}"``.
    **values : object
        What the fields stand for; may be untrusted text: what steers a terminal is
        taken out (`plain`), nothing else is escaped here.

    Returns
    -------
    str
        The sentence as plain text.
    """
    found = catalogue().gettext(message) if message else ""
    return _filled(found, message, values) if values else found


def mark(message: str) -> str:
    """Return a text as it is; the catalogue's extraction finds it by this name."""
    return message


def say_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the singular or plural sentence for a count, which is field ``n``.

    Parameters
    ----------
    one, many : str
        English texts for exactly one and for any other number.
    n : int
        The count.
    **values : object
        Further fields.

    Returns
    -------
    str
        The sentence as plain text.
    """
    found = catalogue().ngettext(one, many, n)
    return _filled(found, one if n == 1 else many, {"n": n, **values})


def capitalised(text: str) -> str:
    """Return a text with a large first letter; all others stay as they are."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """Return a title as it stands within a sentence: with a small first letter."""
    return text[:1].lower() + text[1:]


def with_decimal_sign(number: str) -> str:
    """Return a number with the sign that the language puts before decimals."""
    # TRANSLATORS: between whole and decimals: 1.5 in English, 1,5 in German. One sign.
    sign = say(".")
    return number if sign == "." or len(sign) != 1 else number.replace(".", sign)


class _LocalNumber(float):
    """A number that is written with the language's own decimal sign."""

    def __format__(self, spec: str) -> str:
        return with_decimal_sign(float.__format__(self, spec))


def plain(text: str) -> str:
    """Return a text without what would steer a terminal.

    Names and notes come from foreign files. A control character becomes its picture
    (escape is shown as U+241B), what changes the direction of reading U+FFFD; tab and
    line ends stay, but no return that would let the rest be written over the line.
    """
    return _LONE_RETURN.sub(_RETURN, text.translate(_PICTURES))


_PICTURES: Final = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys(
        (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD
    ),
}
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
_RETURN: Final = "\u240d"


_FROM_OUTSIDE: Final = (str, PurePath, BaseException)


def _filled(found: str, english: str, values: dict[str, object]) -> str:
    """Fill in the values; English when a translator's fields are not there."""
    values = {name: _to_fill_in(value) for name, value in values.items()}
    try:
        return found.format(**values)
    except (LookupError, ValueError, AttributeError, TypeError):
        return english.format(**values)


def _to_fill_in(value: object) -> object:
    if isinstance(value, _FROM_OUTSIDE):
        return plain(str(value))
    return _LocalNumber(value) if isinstance(value, float) else value


def catalogue() -> gettext.NullTranslations:
    """Return the sentences of the language that is spoken now."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken.sentences
    if not os.environ.get(LANGUAGE_VARIABLE):
        return _NO_CATALOGUE
    return _sentences_of(current_language())


def choose_language(accepted: str, chosen: str = "") -> str:
    """Choose from what is wished the first language that is there.

    Parameters
    ----------
    accepted : str
        The value of an ``Accept-Language`` header; may be empty or nonsense.
    chosen : str
        What the person chose from `languages` before; may be empty or nonsense.

    Returns
    -------
    str
        What was chosen; else ``TWITCH_TRACKER_LANGUAGE`` when set; else the best of
        the accepted ones that has a catalogue, of any script or country (``zh_Hans``
        for ``zh-CN``); else ``en``.
    """
    from_environment = os.environ.get(LANGUAGE_VARIABLE, "").strip()
    asked = [from_environment] if from_environment else _in_order(accepted)
    candidates = (name for code in (chosen, *asked) for name in _names_of(code))
    there = (n for n in candidates if n == _ENGLISH or _path_of(n) is not None)
    return next(there, _ENGLISH)


def _names_of(code: str) -> Iterator[str]:
    """Return under which names a language may be found, the best first."""
    exact = code.strip().replace("-", "_")
    primary = exact.partition("_")[0].lower()
    yield from (exact, primary)
    if primary.isalpha() and primary.isascii():
        yield from sorted(
            path.parts[-3]
            for folder in locale_folders()
            for path in folder.glob(f"{primary}_*/LC_MESSAGES/{_DOMAIN}.mo")
        )


def _sentences_of(language: str) -> gettext.NullTranslations:
    return _sentences_in(None if language == _ENGLISH else _path_of(language))


def _sentences_in(path: Path | None) -> gettext.NullTranslations:
    return _load(path, path.stat().st_mtime_ns) if path else _NO_CATALOGUE


def _in_order(accepted: str) -> list[str]:
    """Return the asked languages, the most wanted first."""
    weighed = []
    for place, part in enumerate(accepted[:500].split(",")):
        code, _, weight = part.strip().partition(";q=")
        with contextlib.suppress(ValueError):
            weighed.append((-float(weight or 1), place, code.strip()))
    return [code for _, _, code in sorted(weighed) if code]


def _path_of(language: str) -> Path | None:
    """Find a catalogue. The name came from outside, so only letters may pass."""
    if not _is_plain(language):
        return None
    for folder in locale_folders():
        path = folder / language / "LC_MESSAGES" / f"{_DOMAIN}.mo"
        if path.is_file():
            return path
    return None


def _is_plain(name: str) -> bool:
    return name.isascii() and name.replace("_", "").isalnum()


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> gettext.NullTranslations:
    """Read a catalogue once, and again when it has changed; a damaged one is English."""
    try:
        with path.open("rb") as file:
            return gettext.GNUTranslations(file)
    except (OSError, ValueError, LookupError, struct.error) as error:
        _log.warning("the catalogue %s cannot be read: %s", path, error)
        return _NO_CATALOGUE
