"""A language that nobody speaks, in letters that no English sentence has.

What is still in Latin letters on a page has escaped the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from babel.messages import catalog, extract, mofile

import twitch_tracker
from twitch_tracker.language import languages
from twitch_tracker.settings import HOME_VARIABLE

PACKAGE = Path(twitch_tracker.__file__).parent
LATIN = "abcdefghijklmnopqrstuvwxyz"
OTHER = "абцдефгхийклмнопярстувшэыз"
_LETTERS = str.maketrans(LATIN + LATIN.upper(), OTHER + OTHER.upper())
_FIELD = re.compile(r"(\{[^{}]*\})")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


class _Shown(HTMLParser):
    """Collects what a person reads or hears of a page."""

    SPOKEN = frozenset({"aria-label", "title", "alt", "placeholder", "aria-valuetext"})
    EMPTY = frozenset({"input", "meta", "link", "br", "img", "hr", "wbr", "source"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.data: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and ("type", "application/json") in attrs:
            tag = "json"
        if tag not in self.EMPTY:
            self._inside.append(tag)
        self.texts += [value or "" for name, value in attrs if name in self.SPOKEN]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self._inside.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._inside:
            left = self._inside.pop()
            if tag == left or (tag, left) == ("script", "json"):
                break

    def handle_data(self, data: str) -> None:
        if "json" in self._inside:
            self.data.append(data)
        elif not {"style", "script"} & set(self._inside):
            self.texts.append(data)


def _strings(value: object, unseen: frozenset[str]) -> Iterator[str]:
    """All texts in JSON but addresses and those under keys whose values nobody sees."""
    if isinstance(value, str):
        yield from () if re.fullmatch(r"/\S*", value) else (value,)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, unseen)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in unseen:
                yield from _strings(item, unseen)


class PseudoLanguage:
    """A translation of every sentence that the sources mark: Cyrillic letters for Latin.

    What a person is shown in Latin letters then came through no catalogue.
    """

    KEYWORDS: ClassVar[dict[str, tuple[int, ...] | None]] = {
        **dict.fromkeys(("say", "_", "mark")),
        **dict.fromkeys(("say_n", "plural"), (1, 2)),
    }
    code = "xx"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.messages = self._extracted()
        self._write()

    @staticmethod
    def _extracted() -> list[str | tuple[str, ...]]:
        """What Babel finds, by its ways, in the whole package."""
        ways = [("**.py", "python"), ("**.j2", "jinja2")]
        return [
            message
            for _, _, message, _, _ in extract.extract_from_dir(
                PACKAGE,
                method_map=ways,
                options_map={},
                keywords=PseudoLanguage.KEYWORDS,
            )
            if message
        ]

    @staticmethod
    def spelled(text: str) -> str:
        """The text in other letters; its fields as they are."""
        pieces = _FIELD.split(text)
        pieces[::2] = [piece.translate(_LETTERS) for piece in pieces[::2]]
        return "".join(pieces)

    def _write(self) -> None:
        made = catalog.Catalog(locale=None, domain="twitch_tracker")
        for message in self.messages:
            one, *many = [message] if isinstance(message, str) else message
            if many:
                both = (self.spelled(one), self.spelled(many[0]))
                made.add((one, many[0]), both)
            elif one:
                made.add(one, self.spelled(one))
        folder = self.home / "locale" / self.code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "twitch_tracker.mo").open("wb") as file:
            mofile.write_mo(file, made)

    @staticmethod
    def escaped(text: str, data: Iterable[str] = ()) -> list[str]:
        """Words of a text in Latin letters which are no data and no fields."""
        text = _FIELD.sub(" ", text)
        for known in sorted(data, key=len, reverse=True):
            text = text.replace(known, " ")
        return _LATIN_WORD.findall(text)

    def escaped_page(
        self, page: str, data: Iterable[str] = (), unseen: Iterable[str] = ()
    ) -> list[str]:
        """Texts of a page with words in Latin letters which are no data.

        Each language is called by its own name, whatever the page speaks.
        """
        shown, known = _Shown(), [*data, *languages().values()]
        shown.feed(page)
        for block in shown.data:
            shown.texts += _strings(json.loads(block), frozenset(unseen))
        return [text.strip() for text in shown.texts if self.escaped(text, known)]


@pytest.fixture(scope="session")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> PseudoLanguage:
    return PseudoLanguage(tmp_path_factory.mktemp("pseudo"))


@pytest.fixture
def speaks_pseudo(
    pseudo: PseudoLanguage, monkeypatch: pytest.MonkeyPatch
) -> PseudoLanguage:
    """Make the language known; it is spoken when it is asked for."""
    monkeypatch.setenv(HOME_VARIABLE, str(pseudo.home))
    return pseudo
