"""Send films and reports to the browser, whole or the requested part.

A file that lies encrypted on the disk is decrypted piece by piece on its way, so that a
film can be played from its middle and is never stored unencrypted.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from twitch_tracker.encrypted.files import BLOCK_BYTES, is_encrypted, open_to_read

__all__ = ["send_file"]

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send_file(
    path: Path, *, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a file.

    Returns
    -------
    Response
        With ``Accept-Ranges``; of an encrypted file one part at a time is sent.

    Raises
    ------
    OSError
        It is encrypted and cannot be read.
    """
    if not is_encrypted(path):
        return FileResponse(path, media_type=media_type, headers=headers)
    return _Decrypted(path, media_type, headers or {})


class _Decrypted(Response):
    """An encrypted file on its way to the browser."""

    def __init__(self, path: Path, media_type: str, headers: Mapping[str, str]) -> None:
        self._path = path
        self.background = None
        self.status_code = 200
        self.media_type = media_type
        self._extra_headers = {"Accept-Ranges": "bytes", **headers}
        self.init_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is asked for."""
        file = await run_in_threadpool(open_to_read, self._path)
        try:
            size = await run_in_threadpool(file.seek, 0, 2)
            asked = dict(scope["headers"]).get(b"range", b"").decode("latin-1")
            part = _part(asked, size)
            if part is None:
                headers = {"Content-Range": f"bytes */{size}"}
                await Response(status_code=416, headers=headers)(scope, receive, send)
                return
            start, end = part
            headers = {**self._extra_headers, "Content-Length": str(end - start)}
            if asked and (start, end) != (0, size):
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            wanted = scope["method"] != "HEAD"
            answer = StreamingResponse(
                _pieces(file, start, end if wanted else start),
                status_code=206 if "Content-Range" in headers else 200,
                media_type=self.media_type,
                headers=headers,
            )
            await answer(scope, receive, send)
        finally:
            await run_in_threadpool(file.close)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Read which bytes are asked for; what is not understood is all of them.

    Returns
    -------
    start, end : int
        Half-open; None when there are no such bytes.
    """
    found = _RANGE.fullmatch(asked)
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    if not first:
        return (max(size - int(last), 0), size) if int(last) and size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None


async def _pieces(file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    await run_in_threadpool(file.seek, start)
    left = end - start
    while left > 0:
        piece = await run_in_threadpool(file.read, min(left, 4 * BLOCK_BYTES))
        if not piece:
            return
        left -= len(piece)
        yield piece
