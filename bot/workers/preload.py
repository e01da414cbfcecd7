"""Loads what workers need, once, in the process that they are forked from."""

from __future__ import annotations

import briefings.analysis.pasted
import briefings.library
import briefings.sources.html
import briefings.sources.markdown
from briefings.sources import read_article

#: Reading a text also loads the model of sentences and the word lists.
briefings.analysis.brief(read_article(b"A title of some words\n\nA sentence of an article. Another one of it.\n"))
