"""Which addresses of a computer a phone may use, and who may come to them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from twitch_tracker.app.phone.networks import (
    Kind,
    admits,
    host_of,
    named_place,
    places,
    places_of,
)

LAPTOP = (
    ("lo", "127.0.0.1", 8),
    ("lo", "::1", 128),
    ("docker0", "172.17.0.1", 16),
    ("wg0", "10.8.0.2", 32),
    ("tailscale0", "100.101.102.103", 32),
    ("eth0", "192.168.1.20", 24),
    ("wlan0", "192.168.1.21", 24),
    ("wlan0", "fe80::1%wlan0", 64),
    ("wlan0", "fd12:3456::5", 64),
    ("wlan0", "2001:db8::5", 64),
    ("eth1", "169.254.3.4", 16),
    ("ppp0", "93.184.216.34", 32),
)


def test_homes_come_first_and_what_no_phone_reaches_last():
    found = places_of(LAPTOP, usual="192.168.1.21")
    assert [(p.address, p.kind) for p in found] == [
        ("192.168.1.21", Kind.HOME),
        ("192.168.1.20", Kind.HOME),
        ("fd12:3456::5", Kind.HOME),
        ("2001:db8::5", Kind.HOME),
        ("10.8.0.2", Kind.VPN),
        ("100.101.102.103", Kind.VPN),
        ("172.17.0.1", Kind.INSIDE),
    ]


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "169.254.3.4", "0.0.0.0", "224.0.0.1"],  # noqa: S104
)
def test_what_the_whole_internet_reaches_is_never_served(address):
    assert places_of([("eth0", address, 24)]) == ()


@pytest.mark.parametrize(
    ("adapter", "kind"),
    [
        ("Wi-Fi", Kind.HOME),
        ("Intel(R) Ethernet Connection I219-V", Kind.HOME),
        ("en0", Kind.HOME),
        ("utun3", Kind.VPN),
        ("TAP-Windows Adapter V9", Kind.VPN),
        ("WireGuard Tunnel", Kind.VPN),
        ("ZeroTier One [abc]", Kind.VPN),
        ("Hyper-V Virtual Ethernet Adapter", Kind.INSIDE),
        ("VirtualBox Host-Only Ethernet Adapter", Kind.INSIDE),
        ("virbr0", Kind.INSIDE),
    ],
)
def test_adapters_are_told_apart_by_their_names(adapter, kind):
    (place,) = places_of([(adapter, "192.168.5.6", 24)])
    assert place.kind is kind


def test_only_the_same_network_may_come():
    (home,) = places_of([("wlan0", "192.168.1.20", 24)])
    assert admits(home, "192.168.1.99")
    assert admits(home, "::ffff:192.168.1.99")
    for peer in ("192.168.2.99", "10.0.0.1", "8.8.8.8", "fd12::1", "", "phone"):
        assert not admits(home, peer)


def test_of_six_only_the_same_network_may_come():
    """An address of IPv6 may be reached from anywhere when a router is set so."""
    (home,) = places_of([("wlan0", "2001:db8::5", 64)])
    assert admits(home, "2001:db8::77")
    assert admits(home, "2001:db8::77%wlan0")
    assert not admits(home, "2001:db8:0:1::77")
    assert not admits(home, "2a00::1")


def test_a_vpn_admits_its_own():
    """It says that it has no neighbours; its range says who they can be."""
    (tail,) = places_of([("tailscale0", "100.101.102.103", 32)])
    assert tail.network == ip_network("100.64.0.0/10")
    (wire,) = places_of([("wg0", "10.8.0.2", 32)])
    assert admits(wire, "10.8.0.9")
    assert not admits(wire, "192.168.1.9")


def test_a_place_is_named_by_its_address():
    known = places_of(LAPTOP)
    named = named_place(" [fd12:3456::5] ", known)
    assert named is not None
    assert named.address == "fd12:3456::5"
    for wrong in ("192.168.1.99", "0.0.0.0", "::", "", "home", "93.184.216.34"):  # noqa: S104
        assert named_place(wrong, known) is None


def test_this_computer_alone_may_be_named():
    here = named_place("127.0.0.1", ())
    assert here is not None
    assert here.kind is Kind.SELF
    assert admits(here, "127.0.0.1")
    assert not admits(here, "192.168.1.9")


def test_links_hold_addresses_of_both_kinds():
    assert host_of("192.168.1.20", 8738) == "192.168.1.20:8738"
    assert host_of("fd12::5", 8738) == "[fd12::5]:8738"


def test_this_computer_is_asked():
    """Whatever networks it is in: none of them is public or of this computer alone."""
    for place in places():
        assert place.kind is not Kind.SELF
        assert admits(place, place.address)
