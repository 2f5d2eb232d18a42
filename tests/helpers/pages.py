"""The documents of this repository, and the code blocks in them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = (
    "README.md",
    "CONTRIBUTING.md",
    "models/README.md",
    "models/training/README.md",
)
PAGES = sorted(
    [
        *(ROOT / name for name in OTHERS),
        *(ROOT / "examples").glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

_FENCED = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One code block: where it begins, its language, its text."""

    page: Path
    line: int
    language: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Find the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCED.finditer(text):
        yield Block(
            page=page,
            line=text.count("\n", 0, match.start()) + 1,
            language=match[2],
            text=textwrap.dedent(match[3]),
        )


def without_blocks(page: Path) -> str:
    """The page without its code blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def command_lines(text: str) -> Iterator[list[str]]:
    """The words of each command in a block of shell.

    Comments, and variables that are set for one command, are left out.
    """
    for line in text.replace("\\\n", " ").splitlines():
        bare = re.sub(r"(^|\s)#.*", "", line).strip()
        for part in re.split(r"\s*(?:&&|;)\s*", bare):
            words = shell_words(re.sub(r"^([A-Z_]+=\S* +)+", "", part))
            if words:
                yield words


def shell_words(part: str) -> list[str]:
    """Words as a shell takes them; what is sent into a file is left out."""
    return [
        quoted or plain
        for quoted, plain in re.findall(r'"([^"]*)"|(\S*"[^"]*"|\S+)', part)
    ]
