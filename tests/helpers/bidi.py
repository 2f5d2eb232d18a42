"""Firefox by its own remote protocol (WebDriver BiDi), as far as fingers on a keyboard need it.

Playwright drives only a Firefox of its own make; this drives the one of the system, with
nothing but a WebSocket. It opens a page, presses keys as a person would, and asks the page.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ",
    "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
    "ArrowDown": "\ue015", "Home": "\ue011", "Shift": "\ue008", "Control": "\ue009",
}  # fmt: skip

PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "ui.prefersReducedMotion": 1,
}
"""A camera that shows a made-up picture, nobody who asks, nothing that calls home."""


def firefox() -> str | None:
    """Return where Firefox is."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One Firefox with one window; close it at the end."""

    def __init__(self, profile: Path) -> None:
        program = firefox()
        assert program is not None
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in PREFERENCES.items()
        ]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            (
                program,
                "--headless",
                "--no-remote",
                "--remote-debugging-port",
                "0",
                "--profile",
                str(profile),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._kept = contextlib.ExitStack()
        self._socket: ClientConnection = self._kept.enter_context(
            connect(f"{self._address()}/session", max_size=None)
        )
        self._number = 0
        self._ask("session.new", {"capabilities": {}})
        # In the tab that it opens with, the address bar keeps the focus: keys come to the
        # page, but press no button there.
        tab = self._ask("browsingContext.create", {"type": "tab"})
        self._context = tab["context"]

    def _address(self) -> str:
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            found = re.search(r"BiDi listening on (ws://\S+)", line)
            if found:
                return found[1]
        raise AssertionError("".join(said))

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=120))
            if answer.get("id") == self._number:
                break
        assert answer["type"] == "success", answer
        return answer["result"]

    def goto(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self._ask(
            "browsingContext.navigate",
            {"context": self._context, "url": address, "wait": "complete"},
        )

    def size(self, width: int, height: int) -> None:
        """Give the window a size."""
        self._ask(
            "browsingContext.setViewport",
            {
                "context": self._context,
                "viewport": {"width": width, "height": height},
            },
        )

    def press(self, key: str) -> None:
        """Press a key, or several held together such as ``Shift+ArrowRight``."""
        values = [KEYS.get(one, one) for one in key.split("+")]
        actions = [{"type": "keyDown", "value": value} for value in values]
        actions += [{"type": "keyUp", "value": value} for value in values[::-1]]
        self._perform(actions)

    def write(self, text: str) -> None:
        """Type a text."""
        self._perform(
            [
                {"type": kind, "value": letter}
                for letter in text
                for kind in ("keyDown", "keyUp")
            ]
        )

    def _perform(self, actions: list[dict[str, str]]) -> None:
        keys = {"type": "key", "id": "keys", "actions": actions}
        self._ask("input.performActions", {"context": self._context, "actions": [keys]})

    def ask(self, script: str) -> Any:
        """Return the value of an expression on the page; what JSON can hold."""
        answer = self._ask(
            "script.evaluate",
            {
                "expression": f"JSON.stringify({script}) ?? 'null'",
                "target": {"context": self._context},
                "awaitPromise": False,
            },
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        """End it."""
        self._kept.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        assert self._process.stderr is not None
        self._process.stderr.close()
