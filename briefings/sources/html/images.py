"""The picture that a page gives for its article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from briefings.addresses import picture_address
from briefings.sources.html.metadata import Head

#: The names of the picture in OpenGraph (https://ogp.me/#structured) and in Twitter's cards.
_NAMES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
#: Words in the file names of pictures that belong to the site, not to one article.
_NOT_OF_ARTICLE = re.compile(
    r"(?:^|[^a-z])(?:logos?|favicon|placeholder|default|fallback|avatar|sprite|icon|pixel|spacer|no-?image)(?:[^a-z]|$)",
    re.IGNORECASE,
)
#: Chat clients do not show these.
_NOT_SHOWN = (".svg", ".svgz", ".ico", ".avif", ".tif", ".tiff", ".pdf", ".mp4", ".webm")


def find_image(head: Head) -> str | None:
    """Returns the address of the article's picture, or None if the page gives none that a chat can show."""
    addresses = (picture_address(said, head.url) for said in (*head.said(*_NAMES), *head.structured.images))
    return next((address for address in addresses if address and _is_of_article(address)), None)


def _is_of_article(address: str) -> bool:
    path = urlsplit(address).path
    name = path.rsplit("/", 1)[-1]
    return not path.lower().endswith(_NOT_SHOWN) and not _NOT_OF_ARTICLE.search(name)
