"""Render templates with the words, the navigation and the language they need.

Note: every text goes through ``_`` or ``plural`` in templates; no template has an
inline script, style or handler (the policy forbids them); words for JavaScript go
through the macro ``data`` as JSON that is never executed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from twitch_tracker import __version__
from twitch_tracker.language import current_language, languages
from twitch_tracker.report.templating import environment

__all__ = ["TEMPLATES", "back_to", "drawn", "page", "person_url"]

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page.

    Parameters
    ----------
    template : str
        File name in ``templates``.
    status : int
        HTTP status.
    **values
        What the template shows; plain text, escaped there.
    """
    return HTMLResponse(drawn(template, **values), status_code=status)


def drawn(template: str, **values: Any) -> str:
    """Render a page, or a piece of one; see `page`."""
    return (
        _environment()
        .get_template(template)
        .render(
            language=current_language(),
            languages=languages(),
            version=__version__,
            **values,
        )
    )


def person_url(patient_id: str, *more: str) -> str:
    """Return the address of a person's page.

    The tilde keeps pseudonyms such as ``..`` from being taken for a step up.
    """
    return "/".join(("/people", f"~{quote(patient_id, safe='')}", *more))


def back_to(patient_id: str, part: str, said: str) -> RedirectResponse:
    """Redirect to a page of a person after a change, with a message."""
    address = f"{person_url(patient_id, part)}?said={said}"
    return RedirectResponse(address, status_code=303)


@cache
def _environment() -> jinja2.Environment:
    """Return that of the reports, whose progression page is shown here in parts."""
    found = environment(TEMPLATES)
    found.globals.update(person_url=person_url, as_json=_as_json)
    return found


def _as_json(value: object) -> Markup:
    """Write JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=True)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - escaped above
