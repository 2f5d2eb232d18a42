"""The code and the secret that let a phone in: guessed, used again, taken away."""

from __future__ import annotations

import pytest

from twitch_tracker.app.phone import guard
from twitch_tracker.app.phone.pairing import IDLE_S

HERE = "127.0.0.1"


def test_a_code_connects_one_phone(side, stranger):
    code = side.code()
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 200
    assert "This phone is the camera" in stranger.get("/").text
    cookie = answer.headers["set-cookie"]
    for told in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert told in cookie
    assert "Domain" not in cookie
    assert cookie.startswith("__Host-")
    assert side.door.pairing.paired.device == "Android, Chrome"
    with side.stranger() as second:
        refused = second.post("/api/pair", json={"code": code})
        assert refused.status_code == 409
        assert "already been used" in refused.json()["error"]
        assert second.get("/record").status_code == 401
    assert stranger.get("/record").status_code == 200, "the first one stays"


def test_a_secret_is_worth_nothing_after_disconnecting(side, phone):
    stolen = phone.cookies[side.cookie]
    assert phone.post("/leave").status_code == 303
    for path in ("/record", "/add", "/done"):
        with side.stranger() as thief:
            headers = {"Cookie": f"{side.cookie}={stolen}"}
            assert thief.get(path, headers=headers).status_code == 401


def test_the_computer_lets_a_phone_go(side, phone):
    with side.browser() as browser:
        assert phone.get("/record").status_code == 200
        browser.post("/people/~anna/phone/disconnect")
    assert phone.get("/record").status_code == 401
    assert phone.post("/api/guided", json={}).status_code == 401


def test_a_phone_that_is_not_used_is_let_go(side, phone):
    pairing = side.door.pairing
    now, steady = pairing._clocks
    try:
        pairing._clocks = (lambda: now() + IDLE_S, steady)
        assert phone.get("/record").status_code == 401
    finally:
        pairing._clocks = (now, steady)


@pytest.mark.parametrize("code", ["", "x", "é" * 10, "A" * 100])
def test_a_guessed_code_connects_nobody(side, stranger, code):
    side.code()
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 409
    assert not stranger.cookies


def test_who_asks_says_the_connection_alone(side, stranger):
    """A header that names another address counts for nothing."""
    said = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
    answer = stranger.post("/api/pair", json={"code": side.code()}, headers=said)
    assert answer.status_code == 200
    assert side.door.pairing.paired.address == HERE


def test_wrong_codes_are_counted(side, stranger):
    code = side.code()
    for _ in range(10):
        assert stranger.post("/api/pair", json={"code": "wrong"}).status_code == 409
    answer = stranger.post("/api/pair", json={"code": code})
    assert answer.status_code == 409
    assert "Too many" in answer.json()["error"]
    with side.browser() as browser:
        assert "Too many wrong codes" in browser.get("/people/~anna/phone").text


def test_who_asks_too_often_waits(side, phone, stranger, monkeypatch):
    """The phone that is connected is not held back by others."""
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 0)
    answer = stranger.get("/")
    assert answer.status_code == 429
    assert "wait a minute" in answer.text
    assert phone.get("/record").status_code == 200


def test_each_address_is_counted_by_itself(monkeypatch):
    monkeypatch.setattr(guard, "MOST_A_MINUTE", 3)
    seconds = [0.0]
    monkeypatch.setattr(guard.time, "monotonic", lambda: seconds[0])
    made = guard.PhoneGuard(
        None, settings=None, refuse=None, pairing=None, host="h:1", port=1
    )

    def asks(address):
        return made._asks_too_often({"client": (address, 1)})

    assert [asks("192.168.1.9") for _ in range(4)] == [False, False, False, True]
    assert not asks("192.168.1.8")
    seconds[0] = 61.0
    assert not asks("192.168.1.9")
    for number in range(3_000):
        asks(f"10.0.{number // 250}.{number % 250}")
    assert len(made._asked) <= 1_000


def test_a_made_up_secret_is_none(side, stranger):
    with side.phone():
        pass
    for cookie in (f"{side.cookie}=abc", f"{side.cookie}=", '=;"\x01'):
        answer = stranger.get("/record", headers={"Cookie": cookie})
        assert answer.status_code == 401


def test_the_session_of_the_computer_is_worth_nothing_here(side, stranger):
    """And the phone's secret nothing there."""
    with side.browser() as browser:
        name = f"twitch_tracker_{side.served.settings.port}"
        theirs = browser.cookies[name]
    for cookie in (name, side.cookie):
        answer = stranger.get("/record", headers={"Cookie": f"{cookie}={theirs}"})
        assert answer.status_code == 401
    with side.phone() as phone, side.served.stranger() as other:
        secret = phone.cookies[side.cookie]
        answer = other.get("/", headers={"Cookie": f"{name}={secret}"})
        assert answer.status_code == 401
