"""What `mkdocs build` adds to docs/: pages of other folders, of the commands, of Python.

The pages in docs/ are read on a code host, too; so their links lead to files of the
repository. Here each link is turned to the page that the file has on the site.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

__all__ = [
    "MODULES",
    "PAGES",
    "on_files",
    "on_page_markdown",
    "python_page",
    "relinked",
]

PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "examples/README.md": "examples.md",
    "models/README.md": "models.md",
    "models/training/README.md": "training.md",
}
"""Files of other folders, and the pages that they become."""

MODULES = (
    ("Many recordings", ("batch", "processes")),
    (
        "What can be exchanged",
        (
            "video.source",
            "face.trackers.tracker",
            "episodes.detector",
            "journal.journal",
        ),
    ),
    (
        "Judging, simulating, progression",
        (
            "evaluate.evaluation",
            "evaluate.reading",
            "exchange.truth",
            "simulate.job",
            "journal.open",
            "progression.progress",
        ),
    ),
    ("Errors", ("errors",)),
)
"""Modules, beside the public names, that programs of others use."""

_LINK = re.compile(r"(\]\()([^)\s#:]+)(#[^)\s]*)?(\))")


def relinked(text: str, place: str) -> str:
    """Turn links to files of the repository into links to pages.

    Parameters
    ----------
    text : str
        A page in Markdown.
    place : str
        Its file, from the root of the repository, e.g. ``models/README.md``.
    """
    folder = posixpath.dirname(place)
    own = posixpath.dirname(_page_of(place))

    def turned(match: re.Match[str]) -> str:
        opening, target, anchor, closing = match.groups()
        page = _page_of(posixpath.normpath(posixpath.join(folder, target)))
        return f"{opening}{posixpath.relpath(page, own or '.')}{anchor or ''}{closing}"

    return _LINK.sub(turned, text)


def _page_of(file: str) -> str:
    """Return the page of a file; a file without one keeps its name and is missed."""
    if file == "README.md":
        return "index.md"
    return PAGES.get(file, file.removeprefix("docs/"))


def python_page() -> str:
    """Return the page of everything that Python programs may use."""
    import twitch_tracker

    parts = [
        "# Python",
        "What `twitch_tracker` itself offers, and modules that other programs build on.",
    ]
    parts += [
        f"::: twitch_tracker.{home}.{name}\n    options:\n      heading_level: 2"
        for name, home in sorted(twitch_tracker._HOME.items())
    ]
    for title, modules in MODULES:
        parts.append(f"## {title}")
        parts += [
            f"::: twitch_tracker.{module}\n    options:\n      heading_level: 3\n"
            "      show_root_full_path: true"
            for module in modules
        ]
    return "\n\n".join(parts) + "\n"


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the pages that do not lie in docs/."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
    from command_pages import commands_page
    from mkdocs.structure.files import File

    made = {"commands.md": commands_page(), "python.md": python_page()}
    for source, page in PAGES.items():
        made[page] = relinked((ROOT / source).read_text(encoding="utf-8"), source)
    for page, content in made.items():
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn the links of a page that lies in docs/."""
    if page.file.abs_src_path is None or page.file.generated_by:
        return markdown
    return relinked(markdown, f"docs/{page.file.src_uri}")
