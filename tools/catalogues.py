"""Catalogues of other languages: take up new sentences, and compile what is translated.

    python tools/catalogues.py update      new sentences into every .po, gone ones out
    python tools/catalogues.py compile     every .mo from its .po
    python tools/catalogues.py new de      a first .po of a language

A ``.mo`` lies beside its ``.po`` and is committed, so that a checkout, an editable
install and the wheel speak without a further step; a test compares the two.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from babel.messages import catalog, extract, mofile, pofile

__all__ = [
    "KEYWORDS",
    "LOCALE",
    "compile_all",
    "files",
    "missing",
    "read",
    "sentences",
    "update",
]

PACKAGE: Final = Path(__file__).parents[1] / "twitch_tracker"
LOCALE: Final = PACKAGE / "locale"
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    **dict.fromkeys(("say", "_", "mark")),
    **dict.fromkeys(("say_n", "plural"), (1, 2)),
}
"""What sentences are marked by."""

_WAYS: Final = [("**.py", "python"), ("**.j2", "jinja2")]
_WIDTH: Final = 88


def sentences() -> catalog.Catalog:
    """Return every sentence of the package, with the files in which it stands."""
    found = catalog.Catalog(domain="twitch_tracker")
    with contextlib.redirect_stderr(io.StringIO()):  # babel on f-strings among fields
        said = list(
            extract.extract_from_dir(
                PACKAGE,
                method_map=_WAYS,
                options_map={},
                keywords=KEYWORDS,
                comment_tags=("TRANSLATORS:",),
                strip_comment_tags=True,
            )
        )
    for file, _, message, comments, _ in said:
        if message and message[0]:
            place = Path(file).as_posix()
            found.add(message, locations=[(place, 0)], auto_comments=comments)
    return found


def files() -> list[Path]:
    """Return the catalogues that come with the program."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/twitch_tracker.po"))


def read(path: Path) -> catalog.Catalog:
    """Return what a ``.po`` holds."""
    with path.open("rb") as file:
        found = pofile.read_po(
            file, locale=path.parts[-3], domain="twitch_tracker", abort_invalid=True
        )
    for message in found:
        message.flags &= {"fuzzy"}  # "95 % of" is no placeholder
    return found


def _write(path: Path, found: catalog.Catalog) -> None:
    found.project, found.version = "twitch_tracker", ""
    found.header_comment = "# See docs/app.md, Other languages; `make catalogues`."
    found.msgid_bugs_address = found.last_translator = found.language_team = ""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pofile.write_po(
            file, found, width=_WIDTH, sort_by_file=True, ignore_obsolete=True,
            include_lineno=False,
        )  # fmt: skip


def update(paths: Iterable[Path]) -> None:
    """Take up new sentences, and leave out those that no file says any more."""
    template = sentences()
    for path in paths:
        found = read(path)
        found.update(template, no_fuzzy_matching=True, update_creation_date=False)
        _write(path, found)
        _print(f"{path.parts[-3]}: {len(list(missing(found)))} not translated")


def begin(code: str) -> None:
    """Make a first ``.po`` of a language."""
    found = catalog.Catalog(locale=code, domain="twitch_tracker", fuzzy=False)
    found.update(sentences())
    _write(LOCALE / code / "LC_MESSAGES" / "twitch_tracker.po", found)


def compile_all(paths: Iterable[Path]) -> None:
    """Make every ``.mo`` from its ``.po``.

    What is not translated is left out: babel would write plurals in English, as if
    somebody had translated them so.
    """
    for path in paths:
        found = read(path)
        for message in list(missing(found)):
            found.delete(message.id)
        with path.with_suffix(".mo").open("wb") as file:
            mofile.write_mo(file, found)


def missing(found: catalog.Catalog) -> Iterable[catalog.Message]:
    """Return what is not translated."""
    for message in found:
        text = message.string
        if message.id and not (all(text) if isinstance(text, tuple) else text):
            yield message


def _print(words: str) -> None:
    print(words)


_COMMANDS: Final[dict[str, Callable[[], None]]] = {
    "update": lambda: update(files()),
    "compile": lambda: compile_all(files()),
}


def main(arguments: list[str]) -> int:
    """Do what is asked for."""
    if len(arguments) == 2 and arguments[0] == "new":
        begin(arguments[1])
    elif len(arguments) == 1 and arguments[0] in _COMMANDS:
        _COMMANDS[arguments[0]]()
    else:
        _print(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
