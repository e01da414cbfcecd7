"""The commonest terms of a language, one YAML file a language, for libraries that are too small to tell by themselves.

``shares`` lists the terms by the number of articles, of a thousand, in which each of them occurs. A language without a
file has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ARTICLES = 1000


@cache
def common_terms(language: str | None) -> Mapping[str, float]:
    """Returns the share of articles in which each common term of ``language`` occurs, from 0 to 1."""
    file = files(__name__) / f"{language}.yaml"
    if language is None or not file.is_file():
        return {}
    shares = yaml.load(file.read_text("utf-8"), _LOADER)["shares"]  # noqa: S506  # a safe loader
    return {term: articles / _ARTICLES for articles, terms in shares.items() for term in terms.split()}
