"""The templates of the reports; the same rules for every page.

Note: every value is escaped, an unknown name is an error, and every text goes through
``_`` or ``plural``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import jinja2

from twitch_tracker.language import language_tag, say, say_n, uncapitalised

__all__ = ["TEMPLATES", "environment", "read_part"]

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def environment(*folders: Path) -> jinja2.Environment:
    """Return the environment of templates.

    Parameters
    ----------
    *folders : Path
        Looked into before the reports' own.

    Returns
    -------
    jinja2.Environment
        The same one for the same folders.
    """
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(_=say, plural=say_n, language_tag=language_tag)
    found.filters["uncapitalised"] = uncapitalised
    return found


@cache
def read_part(name: str) -> str:
    """Return the text of a style or script beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
