"""The networks this computer is in, and who in them may reach the phone's server.

Knows addresses and adapters, no sockets. Note: an address that the whole internet can
reach (a public one of IPv4) is never served; and a client must be in the same network
as the chosen address, so that a wrongly configured router alone lets nobody in.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

__all__ = ["Kind", "Place", "admits", "host_of", "named_place", "places", "places_of"]

Address = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network


class Kind(StrEnum):
    """What kind of network an address is in."""

    HOME = "home"
    """A network of this house, by wireless or cable."""
    VPN = "vpn"
    """Reaches other houses."""
    INSIDE = "inside"
    """Of programs within this computer (virtual machines): no phone gets there."""
    SELF = "self"
    """This computer alone."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One address of this computer at which a phone may connect.

    Attributes
    ----------
    address : str
        As numbers.
    network : IPv4Network or IPv6Network
        Who may come.
    adapter : str
        What the system calls the way into that network.
    kind : Kind
        What kind of network it is.
    """

    address: str
    network: IPNetwork
    adapter: str
    kind: Kind

    @property
    def is_six(self) -> bool:
        """Whether it is an address of IPv6."""
        return ":" in self.address


_VPN_NAME: Final = re.compile(
    r"^(tun|tap|utun|wg|ppp|ipsec|zt|tailscale|nordlynx|proton|ham)"
    r"|vpn|wireguard|tailscale|zerotier|tap-windows|hamachi",
    re.IGNORECASE,
)
_INSIDE_NAME: Final = re.compile(
    r"^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|bridge1\d\d)"
    r"|vethernet|hyper-v|virtualbox|vmware|wsl",
    re.IGNORECASE,
)
_CARRIER: Final = ip_network("100.64.0.0/10")
"""RFC 6598; on a home computer it is a VPN's (Tailscale)."""

_HOMES: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""RFC 1918 and RFC 4193: private networks."""

_ORDER: Final = tuple(Kind)
_SOMEWHERE: Final = "198.51.100.1"
"""Of no computer (RFC 5737); asking the way there sends nothing."""


def places() -> tuple[Place, ...]:
    """Return where a phone may find this computer, the likeliest first.

    Returns
    -------
    tuple of Place
        Empty when it is in no network.
    """
    import ifaddr

    found = []
    for adapter in ifaddr.get_adapters():
        name = str(adapter.nice_name)
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            found.append((name, str(text), int(one.network_prefix)))
    return places_of(found, _usual_address())


def places_of(
    found: Iterable[tuple[str, str, int]], usual: str = ""
) -> tuple[Place, ...]:
    """Choose among the addresses of a computer those that can be served.

    Parameters
    ----------
    found : iterable of (str, str, int)
        Adapter, address, length of the network's prefix in bits.
    usual : str
        The address that this computer itself uses to go out.

    Returns
    -------
    tuple of Place
        Homes before VPNs before what is within this computer; IPv4 before IPv6, as it
        is shorter; the usual one first. Without loopback, link-local and public IPv4.
    """
    chosen = [
        place
        for adapter, text, bits in found
        if (place := _place(adapter, text, bits)) is not None
        and place.kind is not Kind.SELF
    ]
    unique = {place.address: place for place in chosen}
    return tuple(
        sorted(
            unique.values(),
            key=lambda p: (_ORDER.index(p.kind), p.is_six, p.address != usual),
        )
    )


def named_place(address: str, known: Iterable[Place]) -> Place | None:
    """Find the place that somebody named by its address.

    Parameters
    ----------
    address : str
        As typed.
    known : iterable of Place
        From `places`.

    Returns
    -------
    Place or None
        None when this computer has no such address, or it may not be served. The
        address of this computer alone (loopback) may be named.
    """
    try:
        wanted = ip_address(address.strip().strip("[]"))
    except ValueError:
        return None
    if wanted.is_loopback:
        return _place("", str(wanted), 8 if wanted.version == 4 else 128)
    return next((one for one in known if one.address == str(wanted)), None)


def admits(place: Place, peer: str) -> bool:
    """Return whether somebody who comes is of the network that is served.

    Parameters
    ----------
    place : Place
        What is served.
    peer : str
        The address they come from.
    """
    try:
        came = ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    if isinstance(came, IPv6Address) and came.ipv4_mapped is not None:
        came = came.ipv4_mapped
    return came.version == place.network.version and came in place.network


def host_of(address: str, port: int) -> str:
    """Write an address and port as they stand in a link."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _place(adapter: str, text: str, bits: int) -> Place | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    public = address.version == 4 and address.is_global
    useless = address.is_link_local or address.is_multicast or address.is_unspecified
    if public or useless:
        return None
    kind = _kind(adapter, address, bits)
    return Place(
        address=str(address),
        network=_who(address, bits, kind),
        adapter=adapter,
        kind=kind,
    )


def _kind(adapter: str, address: Address, bits: int) -> Kind:
    if address.is_loopback:
        return Kind.SELF
    if _INSIDE_NAME.search(adapter):
        return Kind.INSIDE
    point_to_point = bits >= address.max_prefixlen - 1 and address.version == 4
    if _VPN_NAME.search(adapter) or point_to_point or _is_in(address, _CARRIER):
        return Kind.VPN
    return Kind.HOME


def _who(address: Address, bits: int, kind: Kind) -> IPNetwork:
    """Return who is of an address's network; a VPN often states none of its own."""
    alone = bits >= address.max_prefixlen - 1
    if kind is Kind.VPN and alone:
        for wide in (_CARRIER, *_HOMES):
            if _is_in(address, wide):
                return wide
    return ip_network((address, bits), strict=False)


def _is_in(address: Address, network: IPNetwork) -> bool:
    return address.version == network.version and address in network


def _usual_address() -> str:
    """Ask the system from which address it would go out; nothing is sent."""
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking,
    ):
        asking.connect((_SOMEWHERE, 9))
        return str(asking.getsockname()[0])
    return ""
