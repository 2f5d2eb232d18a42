"""Who may so much as begin to speak: without encryption, too old, too many."""

from __future__ import annotations

import socket
import ssl
import time

import httpx
import pytest

from twitch_tracker.app.phone.connection_filter import MOST_OF_ONE

HERE = "127.0.0.1"


def raw(side) -> socket.socket:
    found = socket.create_connection((HERE, side.port), timeout=20)
    found.settimeout(20)
    return found


def test_without_encryption_only_the_right_address_is_told(side):
    with raw(side) as plain:
        plain.sendall(b"GET /record HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        answer = b""
        while piece := plain.recv(4096):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 307")
    assert f"Location: {side.address}/".encode() in head
    assert b"evil" not in answer
    assert body == b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_encryption_of_today_is_spoken(side, version):
    context = side.trust()
    context.minimum_version = context.maximum_version = version
    with httpx.Client(verify=context, trust_env=False) as client:
        assert client.get(side.address).status_code == 200


def test_another_certificate_is_not_ours(side):
    """A phone that was told to trust ours refuses that of somebody in between."""
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as client:
        client.get(side.address)


def test_one_address_has_only_so_many_connections(side, stranger):
    """Those who only hold connections shut nobody else out of the computer's app."""
    held = [raw(side) for _ in range(MOST_OF_ONE)]
    time.sleep(0.3)
    try:
        with raw(side) as more:
            assert more.recv(1) == b"", "it is let go of at once"
        with side.browser() as browser:
            assert browser.get("/").status_code == 200
    finally:
        for one in held:
            one.close()

    def answers() -> bool:
        try:
            return stranger.get("/").status_code == 200
        except httpx.HTTPError:
            return False

    side.served.until(answers)
