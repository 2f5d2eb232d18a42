"""A phone before the app's door in the network, for tests of several modules."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from twitch_tracker.app.phone.guard import ALLOWED

AGENT = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile Safari/537.36"


def is_allowed(method: str, path: str) -> bool:
    """Return whether the list of what a phone may ask for has it."""
    return any(one.method == method and re.fullmatch(one.path, path) for one in ALLOWED)


@dataclass
class PhoneSide:
    """The door of a served app as a phone sees it; its certificate is trusted."""

    served: Any

    @property
    def door(self) -> Any:
        return self.served.parts.phone

    @property
    def address(self) -> str:
        return str(self.door.now.address)

    @property
    def host(self) -> str:
        return str(self.door.now.host)

    @property
    def port(self) -> int:
        return int(self.door.now.port)

    @property
    def cookie(self) -> str:
        return f"__Host-twitch_tracker_phone_{self.port}"

    def trust(self) -> ssl.SSLContext:
        """Trust this certificate and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=str(self.door.now.identity.path))
        return context

    def stranger(self) -> httpx.Client:
        """A browser in the network that has scanned nothing."""
        return httpx.Client(
            base_url=self.address,
            verify=self.trust(),
            timeout=120,
            trust_env=False,
            headers={
                "Origin": self.address,
                "Sec-Fetch-Site": "same-origin",
                "User-Agent": AGENT,
            },
        )

    def code(self, person: str = "anna") -> str:
        """A code that can be used now."""
        self.door.pairing.disconnect()
        return str(self.door.pairing.offer(person).code)

    @contextmanager
    def phone(self, person: str = "anna") -> Iterator[httpx.Client]:
        """A phone that scanned the code of a person."""
        with self.stranger() as client:
            answer = client.post("/api/pair", json={"code": self.code(person)})
            assert answer.status_code == 200, answer.text
            yield client

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """The browser of the computer, which came by its link."""
        with closing(self.served.browser()) as client:
            yield client
