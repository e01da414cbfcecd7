"""Loads modules and models once, in the process from which workers are forked."""

from __future__ import annotations

import briefings.analysis.pasted
import briefings.library
import briefings.sources.html
import briefings.sources.markdown
from briefings.sources import read_article

#: Reading it also loads the sentence model and the word lists.
briefings.analysis.brief(read_article(b"A title of some words\n\nA sentence of an article. Another one of it.\n"))
