"""`import` and `evaluate` of coding of another film, or of several films in a row.

A file may state the films that it counts along; what it states is believed first.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from coded_films import (
    BURSTS,
    FILM,
    ROOT,
    TRUE_ONSETS,
    CodedJournal,
    all_found,
    bare,
    coding,
    moved,
    onsets,
)
from commands import run

from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.evaluate.reading import read_manifest
from twitch_tracker.exchange.coding.boris_write import (
    aggregated_events,
    project,
    tabular_events,
)
from twitch_tracker.exchange.coding.elan_write import eaf
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.tables import write_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.journal.open import open_journal
from twitch_tracker.timebase import Interval

CASES = ROOT.parent / "shared" / "cases"


def case(name: str) -> Path:
    path = CASES / name
    if not path.exists():
        pytest.skip("no cases beside the repository (../shared)")
    return path


# --- the cases as they were found -------------------------------------------


@pytest.mark.parametrize("file", ["two_media.boris", "two_media.csv"])
def test_a_clock_through_two_films_is_put_on_this_one(
    journal: CodedJournal, log: Path, file: str
):
    """The file tells that 60 s of another film come first."""
    path = case("boris_two_media") / file
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout
    assert "the film begins at 60 s" in done.stderr
    assert onsets(journal.reviewed or []) == pytest.approx(TRUE_ONSETS, abs=0.05)
    assert all_found(log, path)


@pytest.mark.parametrize("file", ["other_film.csv", "beyond.csv"])
def test_coding_of_another_film_is_refused(journal: CodedJournal, log: Path, file: str):
    path = case("coding_of_another_film") / file
    for refused in (journal.take(path), run("evaluate", log, path)):
        assert refused.exit_code == 3
        said = " ".join(refused.stderr.split())
        if file == "beyond.csv":
            assert "1 of 1 events lie beyond the end of the film" in said
        else:
            assert "of the film C:\\video\\other_person_2024.mp4" in said
            assert "lasts 10 min, this one 45.0 s" in said
    assert journal.reviewed is None


@pytest.mark.parametrize("file", ["first_offset.eaf", "second_offset.eaf"])
def test_the_offset_of_this_linked_film_counts(
    journal: CodedJournal, log: Path, file: str
):
    path = case("elan_second_media_offset") / file
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert onsets(journal.reviewed or []) == pytest.approx(TRUE_ONSETS, abs=0.05)
    assert all_found(log, path)


# --- the same kind, otherwise ------------------------------------------------


def boris_text(made: Coding, change: Callable[[dict], object]) -> str:
    document = json.loads(project("p", [made]))
    change(document["observations"][made.name])
    return json.dumps(document)


def queue(*films: tuple[str, float]) -> Callable[[dict], object]:
    def change(observation: dict) -> None:
        observation["file"]["1"] = [name for name, _ in films]
        observation["media_info"]["length"] = dict(films)

    return change


def test_three_films_of_which_it_is_the_middle_one(
    journal: CodedJournal, tmp_path: Path
):
    """What lies on the first or the third is left out, and that is said."""
    more = replace(BURSTS[0], span=Interval(start_s=3.0, end_s=4.0))
    last = replace(BURSTS[0], span=Interval(start_s=99.0, end_s=100.0))
    made = coding(episodes=(more, *moved(31.5), last), recorded_s=150.0)
    films = (("D:\\a.mov", 31.5), (f"D:\\films\\{FILM}", 45.0), ("c.mov", 60.0))
    path = tmp_path / "three.boris"
    path.write_text(boris_text(made, queue(*films)))
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert f"{len(BURSTS)} confirmed, 0 changed, 0 rejected, 0 added" in done.stdout
    assert "2 events of other films are left out" in done.stderr


def test_a_burst_across_two_films_is_cut_off_where_this_one_begins(tmp_path: Path):
    across = replace(BURSTS[0], span=Interval(start_s=29.0, end_s=32.0))
    made = coding(episodes=(across,), recorded_s=75.0)
    path = tmp_path / "across.boris"
    path.write_text(boris_text(made, queue(("a.mp4", 30.0), (FILM, 45.0))))
    from twitch_tracker.exchange.coding.films import CodedFilm

    (burst,) = read_truth(path, film=CodedFilm(file_name=FILM, length_s=45.0)).episodes
    assert (burst.span.start_s, burst.span.end_s) == (0, 2)
    assert (burst.onset_cut, burst.offset_cut) == (True, False)


@pytest.mark.parametrize(
    ("films", "why"),
    [
        ((("a.mp4", 60.0), ("b.mp4", 60.0)), "does not say where"),
        (((FILM, 45.0), (f"copy/{FILM}", 45.0)), "does not say where"),
    ],
)
def test_several_films_of_which_none_or_two_are_this_one(
    journal: CodedJournal,
    tmp_path: Path,
    films: tuple[tuple[str, float], ...],
    why: str,
):
    path = tmp_path / "none.boris"
    path.write_text(boris_text(coding(), queue(*films)))
    refused = journal.take(path, "--force")  # there is no clock to force
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())
    assert journal.reviewed is None


@pytest.mark.parametrize("write", [aggregated_events, tabular_events])
@pytest.mark.parametrize("with_source", [True, False])
def test_tables_tell_the_films_too(
    journal: CodedJournal, tmp_path: Path, write: Callable, with_source: bool
):
    """With or without BORIS's column of all films; a table without lengths is refused."""
    first = replace(BURSTS[0], span=Interval(start_s=3.0, end_s=4.0))
    made = coding(episodes=(first, *moved(20.0)), recorded_s=65.0)
    rows = list(csv.DictReader(write([made]).splitlines()))
    time = "Start (s)" if "Start (s)" in rows[0] else "Time"
    for row in rows:
        row["Source"] = f"player #1:a.mp4;{FILM}" if with_source else ""
        row["Media duration (s)"] = "20.000;45.000"
        row["Media file name"] = FILM if float(row[time]) >= 20 else "a.mp4"
    path = tmp_path / "two.csv"

    def save() -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)

    for row in rows:
        row["Media duration (s)"] = ""
    save()
    assert journal.take(path).exit_code == 3
    for row in rows:
        row["Media duration (s)"] = "20.000;45.000"
    save()
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert " 0 rejected, 0 added" in done.stdout


def change_of(**what: object) -> Callable[[dict], object]:
    return lambda observation: observation.update(what)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (change_of(type="LIVE", file={}, media_info={}), "coded live"),
        (
            change_of(**{"observation time interval": [10, 20]}),
            "only 10.0 to 20.0 s of the film was coded",
        ),
        (
            change_of(media_info={"length": {FILM: 47.5}}),
            "its film lasts 47.5 s, this one 45.0 s",
        ),
        (
            change_of(media_info={"length": {FILM: 45.0}, "offset": {"1": 3.5}}),
            "an offset of 3.5",
        ),
        (change_of(media_creation_date_as_offset=True), "the date in the film"),
    ],
    ids=["live", "part", "length", "player", "date"],
)
def test_what_a_project_says_of_its_clock(
    journal: CodedJournal, tmp_path: Path, change: Callable[[dict], object], why: str
):
    path = tmp_path / "c.boris"
    path.write_text(boris_text(coding(), change))
    refused = journal.take(path)
    assert refused.exit_code == 3
    assert why in " ".join(refused.stderr.split())
    assert journal.reviewed is None


@pytest.mark.parametrize(
    ("media", "taken"),
    [
        ("C:\\Users\\Kim\\SIMULATED_SPASM.MOV", True),
        ("/home/kim/simulated_spasm.mp4", True),
        ("simulated_spasm_2.mp4", False),
        ("", True),  # it does not say
    ],
)
def test_a_film_may_be_moved_and_converted_but_not_be_another(
    journal: CodedJournal, tmp_path: Path, media: str, taken: bool
):
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media=media)]))
    assert (journal.take(path).exit_code == 0) is taken


def test_the_name_in_the_journal_is_enough(journal: CodedJournal, tmp_path: Path):
    """Our own export names the observation so, whatever the film was called then."""
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(name=journal.name, media="renamed.mp4")]))
    assert journal.take(path).exit_code == 0


def test_force_names_what_it_overrides_and_keeps_it(
    journal: CodedJournal, tmp_path: Path
):
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media="b.mp4", recorded_s=50.0)]))
    done = journal.take(path, "--force")
    assert done.exit_code == 0, done.output
    said = " ".join(done.stderr.split())
    assert "warning: c.boris: it is of the film b.mp4; imported anyway" in said
    assert "its film lasts 50.0 s, this one 45.0 s; imported" in said
    with open_journal(journal.home) as kept:
        (note,) = [r for r in kept.reviews(journal.name) if r.action.value == "note"]
    assert note.text == ""
    assert [str(m) for m in note.misfits] == ["film_name(b.mp4)", "film_length(50,45)"]


def test_evaluate_forced_says_so_on_terminal_and_in_its_files(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quick = partial(evaluate_set, draws=10)
    monkeypatch.setattr("twitch_tracker.evaluate.evaluation.evaluate_set", quick)
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(media="b.mp4")]))
    assert run("evaluate", log, path).exit_code == 3
    done = run("evaluate", log, path, "--force", "--json", "-o", tmp_path / "judged")
    assert done.exit_code == 0, done.output
    assert "it is of the film b.mp4; imported anyway" in done.stderr
    written = json.loads((tmp_path / "judged" / "evaluation.json").read_text())
    assert written["each"][0]["overridden"] == ["film_name(b.mp4)"]
    page = (tmp_path / "judged" / "evaluation.html").read_text(encoding="utf-8")
    assert "it is of the film b.mp4" in page


def test_an_event_that_a_player_ended_with_the_sound_is_ended_with_the_pictures(
    journal: CodedJournal, tmp_path: Path
):
    long = replace(BURSTS[-1], span=Interval(start_s=44.0, end_s=45.4))
    path = tmp_path / "c.boris"
    path.write_text(project("p", [coding(episodes=(*BURSTS, long), recorded_s=45.4)]))
    assert journal.take(path).exit_code == 0
    last = (journal.reviewed or [])[-1]
    assert (last.span.start_s, last.span.end_s, last.offset_cut) == (44, 45, True)


# --- ELAN and our own tables ---------------------------------------------------


def linked(text: str, *films: str) -> str:
    """Replace the linked film of an ELAN document."""
    start = text.index("<MEDIA_DESCRIPTOR")
    end = text.index("/>", start) + 2
    return text[:start] + "".join(films) + text[end:]


def descriptor(url: str, origin_ms: int = 0, kind: str = "video/mp4") -> str:
    shift = f' TIME_ORIGIN="{origin_ms}"' if origin_ms else ""
    return f'<MEDIA_DESCRIPTOR MEDIA_URL="{url}" MIME_TYPE="{kind}"{shift}/>'


VIDEO = "file:///D:/films/Simulated_Spasm.mp4"


@pytest.mark.parametrize(
    ("films", "by_s"),
    [
        ([descriptor(VIDEO, 1500)], -1.5),
        ([descriptor("x/side%20view.mp4", 700), descriptor(VIDEO)], 0.0),
        (
            [
                descriptor("simulated_spasm.wav", 900, "audio/x-wav"),
                descriptor(VIDEO, 400),
            ],
            -0.4,
        ),
    ],
    ids=["only", "second", "sound-of-the-same-name"],
)
def test_each_linked_film_has_its_own_start(
    journal: CodedJournal, tmp_path: Path, films: list[str], by_s: float
):
    path = tmp_path / "c.eaf"
    path.write_text(linked(eaf(coding(episodes=moved(by_s))), *films))
    done = journal.take(path)
    assert done.exit_code == 0, done.output
    assert "6 confirmed" in done.stdout


def test_linked_films_with_different_starts_and_other_names(
    journal: CodedJournal, tmp_path: Path
):
    films = [descriptor("a.mp4"), descriptor("b.mp4", 300)]
    path = tmp_path / "c.eaf"
    path.write_text(linked(eaf(coding()), *films))
    assert journal.take(path).exit_code == 3
    path.write_text(linked(eaf(coding()), descriptor("a.mp4"), descriptor("b.mp4")))
    refused = journal.take(path)
    assert "it is of the film a.mp4, b.mp4" in " ".join(refused.stderr.split())


def test_a_log_of_another_film_is_no_truth_of_this_one(log: Path, tmp_path: Path):
    """Two folders of `analyze`: the summary beside the table says of which film."""
    other = tmp_path / "other"
    other.mkdir()
    write_episodes(other / "episodes.csv", BURSTS)
    summary = {"recorded_s": 45.0, "analysable_s": 40.0, "video": {"name": "b.mp4"}}
    (other / "summary.json").write_text(json.dumps({"schema_version": 1, **summary}))
    refused = run("evaluate", log, other / "episodes.csv")
    assert refused.exit_code == 3
    assert "of the film b.mp4" in " ".join(refused.stderr.split())


def test_lengths_of_a_manifest_are_compared(log: Path, tmp_path: Path):
    truth = bare(tmp_path / "c.csv", BURSTS)
    table = tmp_path / "set.csv"
    table.write_text(f"log,truth,recorded_s\n{log},{truth},90\n")
    refused = run("evaluate", "--set", table)
    assert refused.exit_code == 3
    assert "lasts 1 min 30 s, this one 45.0 s" in " ".join(refused.stderr.split())
    (kept,) = read_manifest(table, force=True).recordings
    assert [str(m) for m in kept.misfits] == ["film_length(90,45)"]
    (log / "summary.json").unlink()
    table.write_text(f"log,truth,recorded_s\n{log},{truth},30\n")
    refused = run("evaluate", "--set", table)
    assert "beyond the end" in " ".join(refused.stderr.split())
