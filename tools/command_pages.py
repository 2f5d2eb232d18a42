"""The page of every command and option, made from the program itself.

Nothing is copied by hand: `mkdocs build` asks this module, and so do the tests. Only the
light part of the program (its options) is imported. The classes behind a command belong
to typer or to click, depending on typer's version: they are asked and never named.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import typer

from twitch_tracker.cli.app import app

__all__ = ["commands", "commands_page", "program"]

NAME = "twitch-tracker"


@cache
def program() -> Any:
    """Return the whole program as a command that can be asked about itself."""
    return typer.main.get_command(app)


def commands(
    command: Any = None, words: tuple[str, ...] = (NAME,)
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Walk over every command, each with the words that call it.

    Yields
    ------
    words : tuple of str
        As typed, e.g. ``("twitch-tracker", "diary", "add")``.
    command
        The command.
    context
        In which it can be asked for its help.
    """
    command = program() if command is None else command
    context = command.context_class(command, info_name=" ".join(words))
    yield words, command, context
    if hasattr(command, "commands"):
        for name, inner in sorted(command.commands.items()):
            if not inner.hidden:
                yield from commands(inner, (*words, name))


def commands_page() -> str:
    """Return the page in Markdown."""
    parts = [
        "# Every command and option",
        "Made from the program when these pages were built; `--help` says the same.",
    ]
    for words, command, context in commands():
        parts += _section(words, command, context)
    return "\n\n".join(parts) + "\n"


def _section(words: tuple[str, ...], command: Any, context: Any) -> Iterator[str]:
    """Yield the parts of one command."""
    yield f"## {' '.join(words)}"
    pieces = command.collect_usage_pieces(context)
    usage = f"```text\n{' '.join([*words, *pieces])}\n```"
    yield usage
    yield _plain(command.help or "")
    rows = [row for param in command.params if (row := _row(param, context))]
    if rows:
        yield "\n".join(["| option | meaning |", "|---|---|", *rows])
    if command.epilog:
        example = command.epilog.removeprefix("Example: ")
        yield f"```bash\n{example}\n```"


def _row(param: Any, context: Any) -> str | None:
    """Return the row of an option or argument; nothing of a hidden one."""
    record = param.get_help_record(context)
    if record is None:
        return None
    names, meaning = (_cell(part) for part in record)
    if param.param_type_name == "argument":
        names = param.metavar or param.name.upper()
    return f"| `{names}` | {_plain(meaning)} |"


def _cell(text: str) -> str:
    """Bring a text onto one line of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _plain(text: str) -> str:
    """Keep letters that Markdown would take for its own."""
    for sign in "<>*_[]":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\b", "").strip()
