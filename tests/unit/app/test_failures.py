"""Why an analysis failed is kept in no language, and read in that of the reader."""

from __future__ import annotations

import re

import catalogues
import pytest

from twitch_tracker.app.recording.trouble.failures import (
    STOPPED,
    failure_in_words,
    failure_of,
    not_logged,
    unforeseen,
)
from twitch_tracker.batch import Job, JobResult, Status, run_job
from twitch_tracker.errors import (
    BadParameter,
    JournalUnavailable,
    LoggedForAnother,
    OutputNotWritable,
    UnknownPatient,
    WeightsCorrupt,
    WeightsMissing,
)
from twitch_tracker.language import speaking
from twitch_tracker.unmeasured import nothing_measured
from twitch_tracker.video.trouble import faults
from twitch_tracker.video.trouble.faults import film_error

CODE = re.compile(r"[a-z_]+(\([^()]*\))?")
OPTION = re.compile(r"(?<!\w)--\w|twitch-tracker")


def films(*values):
    """Every fault of a film, as it is kept."""
    for code in (*faults._UNREADABLE, *faults._UNTIMED):
        fields = faults._UNREADABLE.get(code, ("", ()))[1]
        yield film_error("/a/b/rest.webm", code, *values[: len(fields)]).reason


SECONDS = {"too_dark": 45.0, "no_face": 3.5}
KEPT = (
    *films("9 (strange), indeed", 5, 33),
    nothing_measured("/a/b/rest.webm", SECONDS).reason,
    nothing_measured("/a/b/rest.webm", {}, ("0", "0", "1")).reason,
    nothing_measured("x", {"too_few_pictures": 9.0}).reason,
    nothing_measured("x", {"eyes_covered": 9.0}).reason,
    not_logged(LoggedForAnother("rest.webm", "r1")),
    not_logged(JournalUnavailable("/a/b: locked by --home")),
    not_logged(UnknownPatient("twitch-tracker patient add anna")),
    unforeseen(ZeroDivisionError("/a/b")),
    STOPPED,
    *(
        failure_of(
            JobResult(
                job=None,  # type: ignore[arg-type]
                status=Status.FAILED,
                error=f"/a/b: {kind.__name__} --out",
                error_kind=kind.__name__,
            )
        )
        for kind in (OutputNotWritable, WeightsMissing, WeightsCorrupt, BadParameter)
    ),
)


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_kept_is_a_code_and_what_is_read_is_in_every_language(kept):
    assert CODE.fullmatch(kept), kept
    said = {}
    for code in ("en", *(path.parts[-3] for path in catalogues.files())):
        with speaking(code):
            said[code] = failure_in_words(kept, "IMG_2041.MOV")
    assert len(set(said.values())) == len(said), said
    for words in said.values():
        assert words != kept
        assert not OPTION.search(words), "nobody has a command line in a browser"
        assert "rest.webm" not in words, "not the app's own name of the film"
        assert "/a/b" not in words
        assert words[0].isupper() or not words[0].isascii(), words


def test_an_error_says_the_same_when_it_is_made_again_of_what_was_kept(tmp_path):
    empty = tmp_path / "a.mp4"
    empty.touch()
    result = run_job(Job(video=empty, folder=tmp_path / "result"))
    assert failure_of(result) == result.reason == "empty"
    assert result.error == f"{empty}: {film_error('', 'empty')}"
    noise = tmp_path / "b.mp4"
    noise.write_bytes(bytes(range(256)) * 40)
    result = run_job(Job(video=noise, folder=tmp_path / "result"))
    assert result.reason.startswith("not_video(")
    words = failure_in_words(result.reason)
    assert words.startswith("Not a readable video (")
    assert result.error == f"{noise}: {words[0].lower()}{words[1:]}"


def test_other_films_of_a_file_are_pointed_out_without_an_option():
    kept = nothing_measured("f.mkv", SECONDS, ("1", "0", "1")).reason
    words = failure_in_words(kept)
    assert words.startswith("No part of it shows a face that can be measured (too dark")
    assert "holds 2 videos" in words
    assert "file of its own" in words


@pytest.mark.parametrize(
    "kept", ["", "rest.mp4: it was too dark.", "empty(1)", "of_a_newer_version(3)"]
)
def test_what_is_no_known_reason_is_shown_as_it_was_kept(kept):
    assert failure_in_words(kept) == kept


def test_the_film_of_another_person_has_the_name_that_its_own_person_knows():
    words = failure_in_words(not_logged(LoggedForAnother("x.webm", "r1")), "IMG.MOV")
    assert "This recording (IMG.MOV) is already logged for another person" in words
