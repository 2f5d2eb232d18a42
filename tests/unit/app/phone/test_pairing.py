"""A code connects one phone, once, for a while."""

from __future__ import annotations

import pytest

from twitch_tracker.app.phone.pairing import (
    CODE_S,
    IDLE_S,
    MOST_FILMS,
    MOST_S,
    Desk,
    Why,
)
from twitch_tracker.errors import PairingRefused, UploadRefused


@pytest.fixture
def clocks():
    return {"now": 1e9, "steady": 50.0}


@pytest.fixture
def desk(clocks):
    return Desk(now=lambda: clocks["now"], steady=lambda: clocks["steady"])


def later(clocks, seconds):
    for clock in clocks:
        clocks[clock] += seconds


def connect(desk, person="anna"):
    return desk.pair(desk.offer(person).code, device="a phone", address="192.168.1.9")


def test_a_code_connects_a_phone_for_its_person(desk):
    secret = connect(desk)
    paired = desk.knows(secret)
    assert paired is not None
    assert paired.person == "anna"
    assert len(paired.number) == 4
    assert desk.knows("guess") is None
    assert desk.knows("") is None


def test_codes_are_long_and_of_signs_that_are_not_mixed_up(desk):
    codes = {desk.offer("anna").code for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {10}
    assert not set("".join(codes)) & set("IL1O0")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]} {0[1]}", "{0[0]}-{0[1]}"])
def test_a_code_may_be_typed_with_spaces_and_small_letters(desk, typed):
    code = desk.offer("anna").code.lower()
    text = typed.format(code) if typed in {"{}", " {} "} else ""
    text = text or typed.format((code[:5], code[5:]))
    assert desk.pair(text, device="", address="")


def test_a_code_is_used_up(desk):
    code = desk.offer("anna").code
    desk.pair(code, device="", address="")
    with pytest.raises(PairingRefused, match="already been used"):
        desk.pair(code, device="", address="")
    desk.let_go()
    with pytest.raises(PairingRefused):
        desk.pair(code, device="", address="")


def test_a_new_code_ends_the_one_before(desk):
    old = desk.offer("anna").code
    new = desk.offer("anna").code
    with pytest.raises(PairingRefused, match="not the code"):
        desk.pair(old, device="", address="")
    assert desk.pair(new, device="", address="")


def test_one_phone_at_a_time(desk):
    connect(desk)
    with pytest.raises(PairingRefused, match="already connected"):
        desk.offer("anna")
    desk.let_go()
    assert desk.offer("bert")


def test_a_code_ends_after_ten_minutes(desk, clocks):
    code = desk.offer("anna").code
    later(clocks, CODE_S - 1)
    assert desk.offered is not None
    assert desk.rests_s() == pytest.approx(1)
    later(clocks, 1)
    assert desk.offered is None
    assert desk.why is Why.OVER
    assert desk.rests_s() == 0
    with pytest.raises(PairingRefused, match="no longer valid"):
        desk.pair(code, device="", address="")


def test_wrong_codes_take_the_right_one_back(desk):
    code = desk.offer("anna").code
    for _ in range(10):
        with pytest.raises(PairingRefused, match="not the code"):
            desk.pair("x" * 10, device="", address="")
    assert desk.why is Why.WRONG
    with pytest.raises(PairingRefused, match="Too many"):
        desk.pair(code, device="", address="")


def test_a_phone_that_is_not_used_is_let_go(desk, clocks):
    secret = connect(desk)
    later(clocks, IDLE_S - 1)
    assert desk.knows(secret)
    later(clocks, IDLE_S - 1)
    assert desk.knows(secret), "it asked meanwhile"
    later(clocks, IDLE_S)
    assert desk.knows(secret) is None
    assert desk.paired is None


def test_no_phone_stays_longer_than_a_day_in_the_clinic(desk, clocks):
    secret = connect(desk)
    for _ in range(int(MOST_S // 3600)):
        assert desk.knows(secret)
        later(clocks, 3600)
    assert desk.knows(secret) is None


@pytest.mark.parametrize("clock", ["now", "steady"])
def test_no_clock_alone_lengthens_anything(desk, clocks, clock):
    """One that is set back; one that stands still while the computer sleeps."""
    secret = connect(desk)
    clocks[clock] += IDLE_S + 1
    assert desk.knows(secret) is None
    code = desk.offer("anna").code
    clocks[clock] += CODE_S + 1
    with pytest.raises(PairingRefused):
        desk.pair(code, device="", address="")


def test_who_is_let_go_is_not_known_any_more(desk):
    secret = connect(desk)
    desk.let_go()
    assert desk.knows(secret) is None
    assert desk.is_idle


def test_a_person_who_goes_takes_the_phone_along(desk):
    secret = connect(desk, "anna")
    desk.let_go_of("bert")
    assert desk.knows(secret)
    desk.let_go_of("anna")
    assert desk.knows(secret) is None
    desk.offer("anna")
    desk.let_go_of("anna")
    assert desk.offered is None


def test_a_phone_begins_no_more_films_than_anybody_needs(desk):
    connect(desk)
    for _ in range(MOST_FILMS):
        desk.note_film()
    with pytest.raises(UploadRefused, match="large number"):
        desk.note_film()


def test_no_secret_is_kept_as_it_is(desk):
    secret = connect(desk)
    assert secret not in repr(vars(desk))
    assert secret not in repr(desk.paired)
