"""Decides which addresses may be connected to: public ones, and those that the operator allows.

The check is made on the socket that is about to be connected. Checking names alone is not enough: an address can be
spelt differently (``127.1``, ``2130706433``), and a name can resolve to another address between the check and the
connection. The networks are from IANA's registries of special addresses:
https://www.iana.org/assignments/iana-ipv4-special-registry and
https://www.iana.org/assignments/iana-ipv6-special-registry.
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from briefings.errors import AddressInvalid

if TYPE_CHECKING:  # slow to import
    from aiohttp import AddrInfoType

_LONGEST = 2_000

#: Not public: private, loopback, link-local, shared (CGNAT), test networks, multicast, reserved.
_SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata service
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
#: The global addresses. All others are loopback, link-local, private, multicast, or contain an IPv4 address.
_GLOBAL_V6 = IPv6Network("2000::/3")
#: Exceptions within it: Teredo and other protocols, documentation, 6to4 (which contains an IPv4 address).
_SPECIAL_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
#: NAT64: how a network without IPv4 reaches IPv4 addresses. The last four bytes are the IPv4 address (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is a host of the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)


class NotPublic(OSError):
    """The address that a socket would be connected to is not allowed."""

    def __init__(self) -> None:
        # The text is constant, so that aiohttp raises this error even if a name has several such addresses.
        super().__init__(errno.EACCES, "not a public address")


@dataclass(frozen=True, slots=True)
class PublicSockets:
    """A ``socket_factory`` for aiohttp that creates sockets for public addresses only.

    Attributes:
        allowed: Addresses and ports that are allowed although they are not public.
    """

    allowed: frozenset[tuple[str, int]] = frozenset()

    def __call__(self, info: AddrInfoType) -> socket.socket:
        """A socket that may be connected to the address of ``info``.

        Raises:
            NotPublic: The address is not allowed.
        """
        family, kind, protocol, _, place = info
        host, port = place[:2]
        address = ip_address(host.partition("%")[0])
        if not is_public(address) and (str(address), port) not in self.allowed:
            raise NotPublic
        return socket.socket(family, kind, protocol)


def is_private_literal(host: str) -> bool:
    """Whether a host is written as a non-public address, in any form that the system accepts.

    This is for requests through a proxy, which resolves names itself.
    """
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return host == "localhost" or host.endswith(".localhost")
    return any(not is_public(ip_address(str(info[4][0]).partition("%")[0])) for info in found)


def parse_endpoint(text: str) -> tuple[str, int]:
    """The address and port of ``127.0.0.1:8080`` or ``[::1]:8080``.

    Raises:
        ValueError: The text has another form.
    """
    host, _, port = text.rpartition(":")
    address = ip_address(host.removeprefix("[").removesuffix("]"))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(text)
    return str(address), int(port)


def checked_url(url: str) -> str:
    """An http(s) URL as it is requested: without a fragment, with its host in lower case.

    Raises:
        AddressInvalid: It is not an http(s) URL, or it contains a user name.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressInvalid(url) from error
    is_web = parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc and port != 0
    if not is_web or len(url) > _LONGEST or not url.isprintable():
        raise AddressInvalid(url)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))
