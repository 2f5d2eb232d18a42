"""Settings of the app at its start, and its limits.

Note: `port` is the port that is really bound (never 0), for the allow-list of hosts is
made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["ADDRESS", "DEFAULT_PORT", "AppSettings"]

ADDRESS: Final = "127.0.0.1"
"""The only address that is ever bound: this computer itself."""

DEFAULT_PORT: Final = 8737
"""Always the same port when it is free, so that a browser that was recording finds
the server again after a restart, and what it kept meanwhile."""


@dataclass(frozen=True, kw_only=True)
class AppSettings:
    """How one server runs.

    Attributes
    ----------
    home : Path
        The user's data folder; the app's own files are in ``<home>/app``.
    port : int
        The bound port.
    journal_url : str or None
        A database URL instead of the SQLite file in `home`.
    max_upload_bytes : int
        Larger files are refused before they are stored.
    max_chunk_bytes : int
        Largest second of video that a recording may send.
    spare_bytes : int
        Space that must stay free on the disk.
    step_s : float or None
        Length of every step of a guided session; only tests set it.
    name : str
        The name under which the app is opened; see `entrance.address`.
    phone_allowed : bool
        Whether a phone of the network may be the camera, when somebody asks for it.
    phone_address : str
        Where a phone finds the app from the start on; empty for nowhere.
    phone_port : int or None
        The port for it; None for the usual one, or any when that is taken.
    """

    home: Path
    port: int
    journal_url: str | None = None
    max_upload_bytes: int = 1_500_000_000
    max_chunk_bytes: int = 32_000_000
    spare_bytes: int = 500_000_000
    step_s: float | None = None
    name: str = ADDRESS
    phone_allowed: bool = True
    phone_address: str = ""
    phone_port: int | None = None

    @property
    def folder(self) -> Path:
        """Where the app keeps recordings and its own state."""
        return self.home / "app"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only names under which this server answers."""
        names = dict.fromkeys((self.name, ADDRESS, "localhost"))
        return tuple(f"{name}:{self.port}" for name in names)

    @property
    def address(self) -> str:
        """The address that a person opens."""
        return f"http://{self.name}:{self.port}"
