"""What a page carries inside itself: Bokeh's JavaScript, compressed, and a policy.

Bokeh's library (BSD-3-Clause, from its own Python package) is stored as
gzip in base64 and unpacked by the reader's browser, which makes the page about
three times smaller. The Content-Security-Policy names the SHA-256 of the only
scripts that may run and allows no address at all, so the page can neither load
nor send anything, even if text in it were hostile.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import cache
from pathlib import Path

__all__ = ["bokeh_script", "content_policy", "packed", "packed_library"]


@cache
def bokeh_script() -> str:
    """Return the core of BokehJS; plots need no other bundle.

    Returns
    -------
    str
        JavaScript source.
    """
    from bokeh.settings import settings

    name = Path("js") / "bokeh.min.js"
    return (Path(settings.bokehjs_path()) / name).read_text(encoding="utf-8")


@cache
def packed_library() -> str:
    """Return `bokeh_script` as base64 of gzip."""
    return packed(bokeh_script())


def packed(text: str) -> str:
    """Return text as base64 of gzip, the same bytes for the same text."""
    return base64.b64encode(
        gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    ).decode("ascii")


def _source(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_policy(*scripts: str) -> str:
    """Return a Content-Security-Policy that allows these inline scripts only.

    Parameters
    ----------
    *scripts : str
        Exact text of every script element that may run.

    Returns
    -------
    str
        The policy. Styles may be inline (Bokeh sets them); pictures and fonts may
        only come from inside the page.
    """
    allowed = " ".join(map(_source, scripts))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {allowed}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
