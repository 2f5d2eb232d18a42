"""How a real browser comes in, and what it gives away: nothing."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

OUTBOX = """const opened = () => new Promise((done) => {
  const opening = indexedDB.open("twitch_tracker_outbox", 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("chunks", { keyPath: ["clip", "index"] });
  opening.onsuccess = () => done(opening.result);
});"""
KEEP = f"""async (sessions) => {{ {OUTBOX}
  const base = await opened();
  const transaction = base.transaction("chunks", "readwrite");
  for (const session of sessions)
    transaction.objectStore("chunks").put(
      {{ clip: session, index: 0, session, bytes: new ArrayBuffer(4) }});
  await new Promise((done) => {{ transaction.oncomplete = done; }});
  base.close();
}}"""
LEFT = f"""async () => {{ {OUTBOX}
  const base = await opened();
  const asked = base.transaction("chunks").objectStore("chunks").getAll();
  await new Promise((done) => {{ asked.onsuccess = done; }});
  base.close();
  return asked.result.map((chunk) => chunk.session);
}}"""


@pytest.fixture
def other_program() -> Iterator[tuple[int, list[str | None]]]:
    """Another program on this computer, on a port of its own; notes cookies."""
    cookies: list[str | None] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookies.append(self.headers.get("Cookie"))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"come in")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, cookies
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def by_the_file(
    start_app: Callable[..., Any], browser: Any, tmp_path: Any
) -> Iterator[tuple[Any, Any]]:
    """A browser that was given the private file, as `serve` gives it."""
    app = start_app(tmp_path / "home")
    (file,) = (app.home / "app").glob("twitch-tracker-open-*.html")
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_url(f"{app.address}/")
    page.wait_for_selector("html[data-forgotten]")
    yield app, page
    context.close()
    app.stop()
    assert not file.exists()


def test_the_file_leads_in_and_the_cookie_goes_nowhere_else(
    by_the_file: tuple[Any, Any], other_program: tuple[int, list[str | None]]
) -> None:
    app, page = by_the_file
    port, cookies = other_program
    assert ".localhost:" in app.address
    assert page.evaluate("isSecureContext"), "without, there is no camera"
    for name in ("127.0.0.1", "localhost", "evil.localhost"):
        page.goto(f"http://{name}:{port}/")
    assert cookies
    assert set(cookies) == {None}


def test_what_a_browser_keeps_of_somebody_forgotten_goes(
    by_the_file: tuple[Any, Any],
) -> None:
    app, page = by_the_file
    page.evaluate(KEEP, ["gone", "kept"])
    (app.home / "app" / "forgotten.json").write_text(json.dumps(["gone"]))
    page.reload()
    page.wait_for_selector("html[data-forgotten]")
    assert page.evaluate(LEFT) == ["kept"]
