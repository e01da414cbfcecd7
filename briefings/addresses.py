"""Checks web addresses where they come in, so that every platform can link to those that are kept."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

#: Browsers and servers take about so much.
MOST_CHARACTERS = 2000
#: Lengths of a host's name and of one label of it: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
_MOST_HOST, _MOST_LABEL = 253, 63
#: Names of local networks: https://www.iana.org/assignments/special-use-domain-names and RFC 8375.
_LOCAL_NAMES = (".local", ".localhost", ".internal", ".home.arpa", ".lan", ".test", ".invalid", ".onion")
#: What no address needs unencoded, and what ends one in HTML or Markdown.
_UNSAFE = re.compile(r"[\s<>\"\\^`{|}]")


def web_address(href: str, base: str | None = None) -> str | None:
    """``href`` as an absolute http(s) address, or None if it is none.

    Refused are user names and passwords, ports out of range, hosts that are neither names nor IP addresses, characters
    that are not seen, and what is very long.
    """
    if len(href) > MOST_CHARACTERS or not href.strip().isprintable():
        return None
    try:
        address = urljoin(base or "", href.strip())
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and _is_place(parts)
    except ValueError:
        return None
    return address if is_web and not _UNSAFE.search(address) and len(address) <= MOST_CHARACTERS else None


def linked_address(href: str, base: str | None = None) -> str | None:
    """`web_address` of a link, with the same mistakes forgiven as in browsers: blanks and the like, and ``&amp;``."""
    if len(href) > MOST_CHARACTERS:
        return None
    return web_address(_UNSAFE.sub(lambda found: quote(found[0]), href.strip().replace("&amp;", "&")), base)


def feed_address(href: str, base: str | None = None) -> str | None:
    """`linked_address` of a feed, which can also be written as ``feed://example.org/rss`` or ``feed:https://...``."""
    scheme, _, rest = href.strip().partition(":")
    if scheme.lower() != "feed":
        return linked_address(href, base)
    return linked_address(f"https:{rest}" if rest.startswith("//") else rest)


def picture_address(href: str, base: str | None = None) -> str | None:
    """Returns ``href`` as an absolute address on the public internet, or None.

    The platforms fetch pictures, not the bot. They refuse a message whose picture has an address of a local network.
    """
    found = web_address(href, base)
    return found if found and _is_public(urlsplit(found).hostname or "") else None


def _is_public(host: str) -> bool:
    """Whether a host is a public IP address, or a name with a dot that is not reserved for local networks."""
    name = host.rstrip(".")
    try:
        return ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith(_LOCAL_NAMES)


def _is_place(parts: SplitResult) -> bool:
    """Whether a host, and a port where one is named, stand between the slashes and nothing else does.

    Raises:
        ValueError: The port is no number, or out of range; or the brackets hold no IPv6 address.
    """
    is_port_sound = parts.port != 0 and not parts.netloc.endswith(":")
    return "@" not in parts.netloc and is_port_sound and _is_host(parts.hostname or "")


def _is_host(host: str) -> bool:
    if ":" in host:  # IPv6, which has to stand in brackets
        return ip_address(host).version == 6
    labels = host.removesuffix(".").split(".")
    if labels[-1].isdigit():  # no name ends so: https://url.spec.whatwg.org/#ends-in-a-number-checker
        return ip_address(host).version == 4
    return len(host) <= _MOST_HOST and all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    """Whether it is letters, digits, hyphens and underscores, of any writing."""
    is_framed = label.startswith("-") or label.endswith("-")
    is_plain = all(char in "-_" or unicodedata.category(char)[0] in "LMN" for char in label)
    return 0 < len(label) <= _MOST_LABEL and not is_framed and is_plain
