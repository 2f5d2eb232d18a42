"""The door: opened at one address of this computer, and shut by itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest
from phones import PhoneSide

from twitch_tracker.app.phone import listening
from twitch_tracker.app.phone.listening import PhoneListener
from twitch_tracker.app.phone.networks import named_place
from twitch_tracker.errors import NetworkUnusable

HERE = "127.0.0.1"


def no_app(*_args):
    async def app(scope, receive, send):
        raise AssertionError("nobody asked")

    return app


def run(door, *steps):
    async def all_of_them():
        try:
            return [await step(door) for step in steps]
        finally:
            await door.shut()

    return asyncio.run(all_of_them())


def opened(address=HERE):
    return lambda door: door.open(address, no_app)


def test_it_is_shut_at_first(serve):
    side = PhoneSide(serve())
    assert side.door.now is None
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        page = browser.get("/people/~anna/phone").text
        assert "Switch on" in page or "not connected to a network" in page
        assert browser.get("/api/phone").json()["stands"] == "off"


def test_it_is_opened_and_shut_in_the_app(serve):
    side = PhoneSide(serve(phone_port=0))
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        form = {"address": HERE}
        assert browser.post("/people/~anna/phone/on", data=form).status_code == 303
        page = browser.get("/people/~anna/phone").text
        code = side.door.pairing.offered.code
        assert f"{code[:5]} {code[5:]}" in page
        assert "data:image/svg+xml" in page
        for line in range(0, 95, 24):
            part = side.door.now.identity.fingerprint[line : line + 23]
            assert part.replace(":", " ") in page
        with side.stranger() as phone:
            phone.post("/api/pair", json={"code": code})
            assert phone.get("/record").status_code == 200
            address = side.address
            browser.post("/people/~anna/phone/off")
            with pytest.raises(httpx.HTTPError):
                phone.get(f"{address}/record")
        assert side.door.pairing.is_idle


@pytest.mark.parametrize(
    "address",
    ["192.0.2.250", "0.0.0.0", "::", "", "8.8.8.8", "router", "127.0.0.1/8"],  # noqa: S104
)
def test_only_an_address_of_this_computer_is_served(serve, address):
    side = PhoneSide(serve())
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        answer = browser.post("/people/~anna/phone/on", data={"address": address})
        assert answer.status_code == 409
        assert (
            "not an address" in answer.text
            or "not connected to a network" in answer.text
        )
    assert side.door.now is None


def test_without_a_network_it_says_so(tmp_path):
    door = PhoneListener(tmp_path, known_places=tuple)
    with pytest.raises(NetworkUnusable, match="not connected to a network"):
        run(door, opened("192.168.1.20"))


def test_it_may_be_forbidden(serve):
    side = PhoneSide(serve(phone_allowed=False))
    with side.browser() as browser:
        browser.post("/people", data={"pseudonym": "anna"})
        page = browser.get("/people/~anna/phone").text
        assert "started without them" in page
        answer = browser.post("/people/~anna/phone/on", data={"address": HERE})
        assert answer.status_code == 409
    assert side.door.now is None


def test_a_taken_port_is_told_or_another_one_is_taken(tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NetworkUnusable, match="another port for phones"):
            run(PhoneListener(tmp_path, port=port), opened())
        monkeypatch.setattr(listening, "DEFAULT_PORT", port)
        (found,) = run(PhoneListener(tmp_path), opened())
        assert found.port != port


def test_an_address_that_went_is_told(tmp_path):
    """The laptop went elsewhere between the page and the button."""
    gone = replace(named_place(HERE, ()), address="192.0.2.250")
    door = PhoneListener(tmp_path, known_places=lambda: (gone,))
    with pytest.raises(NetworkUnusable, match="any more"):
        run(door, opened("192.0.2.250"))


def test_a_door_that_leads_to_nobody_is_shut(tmp_path):
    async def shut_by_itself():
        door = PhoneListener(tmp_path, port=0)
        door.idle_s = 0.05
        await door.open(HERE, no_app)
        for _ in range(400):
            if door.now is None:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it stayed open")

    asyncio.run(shut_by_itself())


def test_who_is_of_another_network_is_let_go_of_at_once(tmp_path):
    """Before any encryption, and without a word."""
    place = replace(named_place(HERE, ()), network=ip_network("10.0.0.0/8"))

    async def come():
        door = PhoneListener(tmp_path, port=0)
        door._open = None
        bound = listening._bind(place, 0)
        identity = listening.identity_for(tmp_path, HERE)
        await door._begin(place, bound, identity, no_app)
        reader, writer = await asyncio.open_connection(*bound.getsockname())
        writer.write(b"\x16\x03\x01")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        await door.shut()

    asyncio.run(come())


@pytest.mark.skipif(not socket.has_ipv6, reason="this computer knows no IPv6")
def test_six_is_served_too(serve):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this computer has no IPv6")
    side = PhoneSide(serve(phone_address="::1", phone_port=0))
    with side.served.parts.journal() as journal:
        journal.add_patient("anna")
    assert side.address == f"https://[::1]:{side.port}"
    with side.phone() as phone:
        assert phone.get("/record").status_code == 200
