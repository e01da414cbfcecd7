"""Page furniture that is recognised by its shape in any language: addresses, credits, breadcrumbs."""

from __future__ import annotations

import re

from briefings.sources.datelines import YEAR

#: Longer lines, in words, are paragraphs, whatever they begin with.
MOST_WORDS = 40
_FULL_STOPS = (".", "!", "?", "”", '"', "»")
_ADDRESS = re.compile(
    r"\A(?:(?:https?://|www\.).+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|co\.uk|it|de|fr|es|ru|ua|info)"
    r"|[^@]{1,64}@[^@.]+(?:\.[^@.]+)+|[@#]\w+)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\A(?:\d+ of \d+(?: [^\W\d_a-z].*)?|(?:item \d+ of \d+\b|\[\d{1,2}/\d{1,2}\]).*|"
    r"\[/?(?:image|img|photo|caption|video|embed|button|gallery|advert\w*|ad)\b.*\]?"
    r"|(?:tags?|topics?|categories|category|filed under|keywords|schlagworte|etiquetas|temas|tag)\s?:.*"
    r"|\S+\.(?:jpe?g|png|gif|webp|svg)"
    r"|\(?(?:image|photo|foto|picture|video|credit|bild|imagen|фото)s?\s?(?:(?:credit|courtesy)\s?)?[:©].*)",
    re.IGNORECASE,
)
# "Home > World > Asia" and "News | Sport | Weather": the separators, and the length of a step.
_ARROW = re.compile(r"\s[>»›]\s?")
_BAR = " | "
_STEP_CHARACTERS = 30
_LAST_STEP_CHARACTERS = 80
_FEWEST_SECTIONS = 3
_SHORTCUT = re.compile(r".{0,40}\b(?:spot_img|ad_(?:slot|unit|box)\w*)\b.{0,40}", re.IGNORECASE)
# The end of a caption with a photo credit: "(AP Photo/Ann Lee)", "© Ann Lee/Lusitano",
# "... on Monday. Ann Lee / AFP", "... Photograph: Ann Lee/Lusitano".
_CREDIT = re.compile(
    r"\((?:[A-Z]{2,5} |[Ff]ile )?(?i:image|photo|picture|fot|bild|credit|video|reuters|getty|afp|ap|archiv|фото)"
    r"\w*\b[^()]{0,80}\)$"
    r"|^Courtesy of [A-Z][^.!?]{0,60}$"
    r"|© ?[A-Z][^.!?]{0,60}$"
    r"|\[[^\[\]/]{2,60}/[^\[\]/]{2,40}\]$"
    r"|\. \| [A-ZÀ-Þ][A-ZÀ-Þ .'’/-]{3,40}$"
    r"|(?:^|[.,!?] )[Ff]ot\. [^\W\d_][^.!?]{2,50}$"
    r"|\b(?:PHOTO|FOTO|PICTURE|BILD|IMAGE|ФОТО)S? [A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я .'’/-]{3,60}$"
    r"|(?:^|[^\w\s] )(?i:photo(?:graph)?|picture|image|illustration|foto|bild) (?:by|von|di|de|par|por)"
    r"(?: [A-Z][\w.'’-]+){2,4}$"
    r"|[/|,.] ?(?:AP|AFP|EPA|ANSA|Reuters|Getty Images)(?: (?:file|photo))?(?: ?/ ?[^.!?]{0,40})?$"
    r"|\b(?i:credits?|photo(?:graph)?s?|picture|image|bild|imagen|foto|фото)\s?(?::|\.{3}|…) ?"
    r"(?:(?:dpa|afp|imago|picture alliance)\b[^.!?]{0,40}$|(?:[A-Z][\w.'’-]*(?:[ /,|&]+|$)"
    r"|(?:and|de|van|von|di|da|del|du|for|of|the|der|des|la) ){1,8}$)",
)
# "Oslo 12°C Light rain", "Weather: 12 °C, rain".
_TEMPERATURE = re.compile(r"[+−-]?\d{1,3} ?°(?: ?[CF]\b)?")
_WEATHER_WORDS = 8
# "... on Monday (Ardal Mountain Rescue)".
_BRACKETED_NAME = re.compile(r"[^\W\d_] \([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,4}\)$")
_CAPTION_BLANKS = 6
_CREDIT_CHARACTERS = 110
_CAPTION_CHARACTERS = 400
_ADDRESS_WORDS = 8
# The line below an embedded post: "Ann Lee (@annlee) November 19, 2019".
_POSTED = re.compile(r"[^()\n]{1,80}\(@\w{1,30}\)(?: [^()]{0,40}\d{4}.{0,10})?")
# The slug above an agency's report: "BC-EU--Velland-Minister Resigns, 2nd Ld-Writethru".
_SLUG = re.compile(r"[A-Z]{2}(?:-[\w. ]{1,20})?--\S.{0,100}")
# "Rate this: ★★★★★ (41 votes)".
_STARS = re.compile(r"[★☆⭐]{3}")
_STARRED_WORDS = 8
# The rate of exchange below an agency's report: "($1 = 0.8913 euros)".
_RATE = re.compile(r"\((?:[$€£¥]1|1 \w+(?: \w+)?) = [$€£¥]?\d[\d.,]*(?: \w+){0,3}\)")
# A heading in which every word has a capital, as English ones have: "The Big Picture: Why Rates Matter".
_ASKED = re.compile(r": (?:How|Why|What|Who|Where|When|Which|Whose) ")
_AGENCY = re.compile(r"\A[^\w©]*©.{0,120}")


def has_temperature(line: str) -> bool:
    """Whether a temperature stands in the line: "12 °C"."""
    return bool(_TEMPERATURE.search(line))


def is_credit(line: str) -> bool:
    """Whether a line without a full stop ends with the credit of a picture: "Photo: Ann Lee", "Photo by Ann Lee"."""
    is_line = len(line) <= _CAPTION_CHARACTERS and not line.endswith(_FULL_STOPS)
    return is_line and bool(_CREDIT.search(line[-_CREDIT_CHARACTERS:])) and not _ASKED.search(line)


def is_caption(line: str) -> bool:
    """Whether a line without a full stop ends with a photo credit in brackets."""
    return bool(_BRACKETED_NAME.search(line[-_CREDIT_CHARACTERS:])) and line.count(" ") >= _CAPTION_BLANKS


def has_furniture_shape(line: str, words: int) -> bool:
    """Whether the line's shape alone shows that it is furniture. Long lines are not examined."""
    if len(line) > _CAPTION_CHARACTERS:
        return False
    if is_credit(line):
        return True
    is_ended = line.endswith(_FULL_STOPS)
    if words > MOST_WORDS:
        return False
    parts = line.split()
    is_address = len(parts) <= _ADDRESS_WORDS and all(map(_is_address, parts))
    is_trail = not is_ended and len(line) < _CREDIT_CHARACTERS and _is_trail(line)
    if not is_ended and (_tells_weather(line) or (words <= _STARRED_WORDS and _STARS.search(line))):
        return True
    is_mark = any(shape.fullmatch(line) for shape in (_PLACEHOLDER, _SHORTCUT, _AGENCY, _POSTED, _SLUG, _RATE))
    return bool(is_address or is_trail or is_mark or not (any(map(str.isalpha, line)) or YEAR.fullmatch(line)))


def _is_address(word: str) -> bool:
    """Whether a word is a web or mail address, a user name, a hashtag, or only punctuation."""
    bare = word.strip("-|,·•*:;()")
    return not bare or bool(_ADDRESS.fullmatch(bare))


def _is_trail(line: str) -> bool:
    """Whether the line is a breadcrumb trail or a list of the site's sections."""
    steps = _ARROW.split(line)
    if len(steps) > 1:
        *above, last = steps
        is_short = all(0 < len(step) <= _STEP_CHARACTERS and not {"/", "|"} & set(step) for step in above)
        # "x > 3" compares.
        return is_short and 0 < len(last) <= _LAST_STEP_CHARACTERS and not last[0].isdigit()
    sections = line.split(_BAR)
    return len(sections) >= _FEWEST_SECTIONS and all(0 < len(section) <= _STEP_CHARACTERS for section in sections)


def _tells_weather(line: str) -> bool:
    """Whether the line shows the current weather: a temperature between names or bars, or after a label."""
    if not has_temperature(line):
        return False
    words = re.findall(r"[^\W\d_]+", _TEMPERATURE.sub(" ", line))
    is_parted = any(mark in line for mark in "|·•") or ":" in line.partition(" ")[0]
    return len(words) <= _WEATHER_WORDS and (is_parted or all(word[0].isupper() for word in words))
