"""Several programs have a journal open: nothing that one was told is kept gets lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from twitch_tracker.encrypted.keys import forget_home
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.encrypting.passphrases import new_recovery_code
from twitch_tracker.journal.open import open_journal

PHRASE = "correct horse battery"
LOOK = """
import sys
from pathlib import Path
from twitch_tracker.journal.open import open_journal
with open_journal(Path(sys.argv[1]), passphrase=sys.argv[2]) as journal:
    print(*(p.patient_id for p in journal.patients()))
"""


def another_program_sees(home: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(home), PHRASE],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize("encrypted", [False, True])
def test_what_is_written_after_another_program_looked_is_kept(
    tmp_path: Path, encrypted: bool
):
    """A process that opened the file itself once more lost its locks when it closed it.

    The next other program to close the journal then took itself for the last one and
    removed SQLite's log, into which the first one went on writing.
    """
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
    if encrypted:
        pytest.importorskip("sqlcipher3")
        encrypt_journal(tmp_path, PHRASE, new_recovery_code())
    try:
        with open_journal(tmp_path) as kept_open:
            assert kept_open.patients()
            with open_journal(tmp_path) as once_more:
                assert once_more.patients()
            assert another_program_sees(tmp_path) == ["anna"]
            kept_open.add_patient("berta")
            assert another_program_sees(tmp_path) == ["anna", "berta"]
            kept_open.add_patient("carla")
        assert another_program_sees(tmp_path) == ["anna", "berta", "carla"]
    finally:
        forget_home(tmp_path)
