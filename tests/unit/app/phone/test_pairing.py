"""A code connects one phone, once, for a while."""

from __future__ import annotations

import pytest

from twitch_tracker.app.phone.pairing import (
    CODE_S,
    IDLE_S,
    MOST_FILMS,
    MOST_S,
    CodeEnded,
    PhonePairing,
)
from twitch_tracker.errors import PairingRefused, UploadRefused


@pytest.fixture
def clocks():
    return {"now": 1e9, "steady": 50.0}


@pytest.fixture
def pairing(clocks):
    return PhonePairing(now=lambda: clocks["now"], steady=lambda: clocks["steady"])


def later(clocks, seconds):
    for clock in clocks:
        clocks[clock] += seconds


def connect(pairing, person="anna"):
    return pairing.pair(
        pairing.offer(person).code, device="a phone", address="192.168.1.9"
    )


def test_a_code_connects_a_phone_for_its_person(pairing):
    secret = connect(pairing)
    paired = pairing.knows(secret)
    assert paired is not None
    assert paired.person == "anna"
    assert len(paired.number) == 4
    assert pairing.knows("guess") is None
    assert pairing.knows("") is None


def test_codes_are_long_and_of_signs_that_are_not_mixed_up(pairing):
    codes = {pairing.offer("anna").code for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {10}
    assert not set("".join(codes)) & set("IL1O0")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]} {0[1]}", "{0[0]}-{0[1]}"])
def test_a_code_may_be_typed_with_spaces_and_small_letters(pairing, typed):
    code = pairing.offer("anna").code.lower()
    text = typed.format(code) if typed in {"{}", " {} "} else ""
    text = text or typed.format((code[:5], code[5:]))
    assert pairing.pair(text, device="", address="")


def test_a_code_is_used_up(pairing):
    code = pairing.offer("anna").code
    pairing.pair(code, device="", address="")
    with pytest.raises(PairingRefused, match="already been used"):
        pairing.pair(code, device="", address="")
    pairing.disconnect()
    with pytest.raises(PairingRefused):
        pairing.pair(code, device="", address="")


def test_a_new_code_ends_the_one_before(pairing):
    old = pairing.offer("anna").code
    new = pairing.offer("anna").code
    with pytest.raises(PairingRefused, match="not the code"):
        pairing.pair(old, device="", address="")
    assert pairing.pair(new, device="", address="")


def test_one_phone_at_a_time(pairing):
    connect(pairing)
    with pytest.raises(PairingRefused, match="already connected"):
        pairing.offer("anna")
    pairing.disconnect()
    assert pairing.offer("bert")


def test_a_code_ends_after_ten_minutes(pairing, clocks):
    code = pairing.offer("anna").code
    later(clocks, CODE_S - 1)
    assert pairing.offered is not None
    assert pairing.code_left_s() == pytest.approx(1)
    later(clocks, 1)
    assert pairing.offered is None
    assert pairing.code_ended is CodeEnded.OVER
    assert pairing.code_left_s() == 0
    with pytest.raises(PairingRefused, match="no longer valid"):
        pairing.pair(code, device="", address="")


def test_wrong_codes_take_the_right_one_back(pairing):
    code = pairing.offer("anna").code
    for _ in range(10):
        with pytest.raises(PairingRefused, match="not the code"):
            pairing.pair("x" * 10, device="", address="")
    assert pairing.code_ended is CodeEnded.WRONG
    with pytest.raises(PairingRefused, match="Too many"):
        pairing.pair(code, device="", address="")


def test_a_phone_that_is_not_used_is_let_go(pairing, clocks):
    secret = connect(pairing)
    later(clocks, IDLE_S - 1)
    assert pairing.knows(secret)
    later(clocks, IDLE_S - 1)
    assert pairing.knows(secret), "it asked meanwhile"
    later(clocks, IDLE_S)
    assert pairing.knows(secret) is None
    assert pairing.paired is None


def test_no_phone_stays_longer_than_a_day_in_the_clinic(pairing, clocks):
    secret = connect(pairing)
    for _ in range(int(MOST_S // 3600)):
        assert pairing.knows(secret)
        later(clocks, 3600)
    assert pairing.knows(secret) is None


@pytest.mark.parametrize("clock", ["now", "steady"])
def test_no_clock_alone_lengthens_anything(pairing, clocks, clock):
    """One that is set back; one that stands still while the computer sleeps."""
    secret = connect(pairing)
    clocks[clock] += IDLE_S + 1
    assert pairing.knows(secret) is None
    code = pairing.offer("anna").code
    clocks[clock] += CODE_S + 1
    with pytest.raises(PairingRefused):
        pairing.pair(code, device="", address="")


def test_who_is_let_go_is_not_known_any_more(pairing):
    secret = connect(pairing)
    pairing.disconnect()
    assert pairing.knows(secret) is None
    assert pairing.is_idle


def test_a_person_who_goes_takes_the_phone_along(pairing):
    secret = connect(pairing, "anna")
    pairing.disconnect_person("bert")
    assert pairing.knows(secret)
    pairing.disconnect_person("anna")
    assert pairing.knows(secret) is None
    pairing.offer("anna")
    pairing.disconnect_person("anna")
    assert pairing.offered is None


def test_a_phone_begins_no_more_films_than_anybody_needs(pairing):
    connect(pairing)
    for _ in range(MOST_FILMS):
        pairing.note_film()
    with pytest.raises(UploadRefused, match="large number"):
        pairing.note_film()


def test_no_secret_is_kept_as_it_is(pairing):
    secret = connect(pairing)
    assert secret not in repr(vars(pairing))
    assert secret not in repr(pairing.paired)
