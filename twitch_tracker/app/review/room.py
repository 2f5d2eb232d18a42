"""What the pages of reviews share: copies, meshes, agreement, the lock on acts."""

from __future__ import annotations

import threading
from pathlib import Path

from twitch_tracker.app.recording.store import REVIEW
from twitch_tracker.app.review.agreed import Agreements
from twitch_tracker.app.review.copies import Copies
from twitch_tracker.app.review.meshes import Meshes

__all__ = ["ReviewRoom"]


class ReviewRoom:
    """One for each running app.

    Parameters
    ----------
    folder : Path
        The app's own folder.

    Attributes
    ----------
    copies : Copies
        Videos to step through.
    meshes : Meshes
        Meshes of the face.
    agreed : Agreements
        Agreement of raters over all recordings of a person.
    acting : threading.Lock
        Held while an act is read, worked out and written, so that two tabs never
        work from the same old burst.
    """

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self.copies = Copies(folder / REVIEW)
        self.meshes = Meshes()
        self.agreed = Agreements()
        self.acting = threading.Lock()

    def close(self) -> None:
        """Stop what runs."""
        self.copies.close()
        self.meshes.close()
