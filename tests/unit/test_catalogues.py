"""The catalogues that come with the program are whole, and say what they should."""

from __future__ import annotations

import gettext
import re
from datetime import date

import catalogues
import pytest

from twitch_tracker import units
from twitch_tracker.language import (
    choose_language,
    language_tag,
    languages,
    say,
    say_n,
    speaking,
    uncapitalised,
)

FIELD = re.compile(r"\{[^{}]*\}")
LANGUAGES = ["de", "es", "zh_Hans"]
ELSEWHERE = {"{clause}": "{sentence}"}
"""A field that a language may write instead of another; `wording.places` gives both."""

every_catalogue = pytest.mark.parametrize(
    "path", catalogues.files(), ids=lambda path: path.parts[-3]
)


def test_there_are_those_that_are_promised():
    assert [path.parts[-3] for path in catalogues.files()] == LANGUAGES


@every_catalogue
def test_no_sentence_is_left_untranslated(path):
    """Errors of every room reach a page, a paper or a terminal sooner or later."""
    found = catalogues.read(path)
    assert [message.id for message in catalogues.missing(found)] == []


IN_A_TERMINAL = {
    *("app/server.py", "app/keeping/leftover_words.py", "report/overview_tables.py"),
    *("report/progress/opening.py", "report/progress/text.py"),
}
"""Modules among those of pages whose sentences with an option are printed by a command;
`app.course.view` has others for its pages."""


def test_no_page_names_an_option_of_a_command():
    """Whoever reads a page in a browser has no command line."""
    found = [
        (file, message.id)
        for message in catalogues.sentences()
        for file, _ in message.locations
        if file.startswith(("app/", "report/")) and file not in IN_A_TERMINAL
        if re.search(r"(?<![\w-])--[a-z]", "".join(message.id))
    ]
    assert found == []


@every_catalogue
def test_what_the_program_reads_is_what_was_translated(path, tmp_path):
    """`make catalogues` was not forgotten; compared by what it says, not by bytes."""
    copy = tmp_path.joinpath(*path.parts[-3:])
    copy.parent.mkdir(parents=True)
    copy.write_bytes(path.read_bytes())
    catalogues.compile_all([copy])
    with (
        path.with_suffix(".mo").open("rb") as old,
        copy.with_suffix(".mo").open("rb") as new,
    ):
        kept, made = gettext.GNUTranslations(old), gettext.GNUTranslations(new)
    assert kept._catalog == made._catalog  # type: ignore[attr-defined]


@every_catalogue
def test_a_plural_that_is_not_translated_is_not_taken_for_translated(path):
    """Else it is English, and who looks for what is missing does not find it."""
    untranslated = {
        message.id[0]
        for message in catalogues.missing(catalogues.read(path))
        if isinstance(message.id, tuple)
    }
    with path.with_suffix(".mo").open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert {key[0] for key in known if isinstance(key, tuple)} & untranslated == set()


def texts(message) -> list[str]:
    told = message.string
    return [text for text in (told if isinstance(told, tuple) else (told,)) if text]


def fields(text: str) -> set[str]:
    return {ELSEWHERE.get(field, field) for field in FIELD.findall(text)}


@every_catalogue
def test_every_field_is_where_it_belongs(path):
    wrong = []
    for message in catalogues.read(path):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        known = set().union(*map(fields, english))
        for text in texts(message):
            whole = fields(text) == known or isinstance(message.id, tuple)
            if not (whole and fields(text) <= known):
                wrong.append((message.id, text))
    assert wrong == []


@every_catalogue
def test_babel_finds_no_fault(path):
    found = catalogues.read(path)
    faults = [
        (message.id, str(error))
        for message, errors in found.check()
        for error in errors
    ]
    assert faults == []


@every_catalogue
def test_plurals_are_all_there(path):
    found = catalogues.read(path)
    for message in found:
        if isinstance(message.id, tuple) and any(message.string):
            assert len(message.string) == found.num_plurals
            assert all(message.string), message.id


# --- what is said -------------------------------------------------------------------


def test_each_language_has_its_own_name():
    names = languages()
    assert names["de"] == "Deutsch"
    assert names["en"] == "English"
    assert names["es"] == "Espa\u00f1ol"
    assert names["zh_Hans"] == "\u7b80\u4f53\u4e2d\u6587"


@pytest.mark.parametrize(
    ("accepted", "chosen", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "", "de"),
        ("zh-CN", "", "zh_Hans"),
        ("zh", "", "zh_Hans"),
        ("es-MX,en;q=0.5", "", "es"),
        ("en", "de", "de"),
        ("de", "en", "en"),
        ("de", "../../etc", "de"),
        ("de", "tlh", "de"),
    ],
)
def test_what_was_chosen_counts_before_what_the_browser_asks_for(
    accepted, chosen, spoken
):
    assert choose_language(accepted, chosen) == spoken


@pytest.mark.parametrize(
    ("code", "number", "day", "length"),
    [
        ("en", "1.50", "20 Nov 2025", "0:03.5"),
        ("de", "1,50", "20. Nov. 2025", "0:03,5"),
        ("es", "1,50", "20 nov. 2025", "0:03,5"),
        ("zh_Hans", "1.50", "2025\u5e7411\u670820\u65e5", "0:03.5"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(code, number, day, length):
    with speaking(code):
        assert units.decimal(1.5, 2) == number
        assert units.day_text(date(2025, 11, 20)) == day
        assert units.clock(3.5) == length
        assert number in say("no face for {time}", time=units.duration(1.5))


def test_a_page_names_the_language_as_browsers_know_it():
    with speaking("zh_Hans"):
        assert language_tag() == "zh-Hans"


def test_german_nouns_keep_their_capital_letters_within_a_sentence():
    assert uncapitalised("Offene Augen in Ruhe") == "offene Augen in Ruhe"


def test_a_reading_begins_as_its_language_begins_a_sentence():
    from twitch_tracker.history import TaskKind
    from twitch_tracker.regions import Side
    from twitch_tracker.wording.places import at_place

    with speaking("de"):
        told = at_place(Side.LEFT, TaskKind.REST, say("Bursts last longer"))
        assert told.endswith("in Ruhe: Zuckungen dauern l\u00e4nger")
        assert say_n("{n} burst", "{n} bursts", 2) == "2 Zuckungen"
