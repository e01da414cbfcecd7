"""Which addresses may be connected to: public ones, and those that the operator names.

The check is made on the socket that is about to be connected. A check of names alone can be deceived: by other
spellings of an address (``127.1``, ``2130706433``), and by a name whose answer changes between the check and the
connection. The networks are those of IANA's registries of special addresses:
https://www.iana.org/assignments/iana-ipv4-special-registry and
https://www.iana.org/assignments/iana-ipv6-special-registry.
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit, urlunsplit

from aiohttp import AddrInfoType

from briefings.errors import AddressInvalid

_LONGEST = 2_000

#: Not public: private, loopback, link-local, shared (CGNAT), test networks, multicast, reserved.
_SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # of Azure: answers each machine about itself
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
#: All that is global; the rest is loopback, link-local, private, multicast, or an IPv4 address in disguise.
_GLOBAL_V6 = IPv6Network("2000::/3")
#: Within that: Teredo and other protocols, documentation, 6to4 (which holds an IPv4 address).
_SPECIAL_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
#: Where a network without IPv4 reaches it: the last four bytes are the IPv4 address (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is a host of the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)


class NotPublic(OSError):
    """A socket was to be connected to an address that is not allowed."""

    def __init__(self) -> None:
        # One text for all, so that aiohttp raises this error where a name has several such addresses.
        super().__init__(errno.EACCES, "not a public address")


@dataclass(frozen=True, slots=True)
class PublicSockets:
    """Makes sockets for public addresses only; a ``socket_factory`` of aiohttp.

    Attributes:
        allowed: Addresses and ports that are allowed though they are not public.
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
    """Whether a host is written as an address that is not public, in any form that the system reads.

    It is for requests through a proxy, which resolves names by itself.
    """
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return host == "localhost" or host.endswith(".localhost")
    return any(not is_public(ip_address(str(info[4][0]).partition("%")[0])) for info in found)


def parse_endpoint(text: str) -> tuple[str, int]:
    """The address and port of ``127.0.0.1:8080`` or ``[::1]:8080``.

    Raises:
        ValueError: It is neither.
    """
    host, _, port = text.rpartition(":")
    address = ip_address(host.removeprefix("[").removesuffix("]"))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(text)
    return str(address), int(port)


def checked_url(url: str) -> str:
    """An http(s) address as it is requested: without a fragment, with its host in lower case.

    Raises:
        AddressInvalid: It is none, or it has a user's name in it.
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
