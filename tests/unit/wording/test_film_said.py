"""How a file was read, for somebody with a terminal and for somebody with a page."""

from __future__ import annotations

import re

import pytest

from twitch_tracker.records import SubjectEvent
from twitch_tracker.wording.film import said

NOTES = {
    "slow_motion": ("240", "30"),
    "time_lapse": ("1", "30"),
    "slow_motion_unclear": ("240", "30"),
    "one_of_films": ("0", "0", "1"),
    "front_camera": (),
    "shown_mirrored": (),
}
OPTION = re.compile(r"(?<!\w)--\w")


def test_every_note_has_words_for_both():
    assert set(NOTES) == set(said._SAID) == set(said._SAID_ON_PAGE)


@pytest.mark.parametrize("code", NOTES)
def test_an_option_of_a_command_is_named_in_a_terminal_alone(code):
    values = NOTES[code]
    note = f"{code}({','.join(values)})" if values else code
    (terminal,) = said.said_in_words([note])
    (page,) = said.said_in_words([note], on_page=True)
    assert OPTION.search(terminal)
    assert not OPTION.search(page)


def test_a_choice_among_faces_is_offered_as_the_place_offers_it():
    event = SubjectEvent(time_s=0.0, kind="chosen", detail="followed_among(2,0.3,0.4)")
    assert OPTION.search(*said.subjects_in_words([event]))
    assert not OPTION.search(*said.subjects_in_words([event], on_page=True))
