"""What PageFree says to people outside the web app, in the languages of the voices.

A German voice that reads English cannot be understood at night. Text messages charge more for
letters that are not in GSM 03.38, so what goes into one has none.
"""

from functools import lru_cache

from pagefree.core.words import english, french, german, italian, spanish
from pagefree.core.words.tables import Words

DEFAULT = "en"
TABLES = (english, german, spanish, french, italian)
LANGUAGES: dict[str, Words] = {one.WORDS.language: one.WORDS for one in TABLES}


@lru_cache(maxsize=256)  # a message asks several times
def words_in(language: str) -> Words:
    """Those of a BCP 47 language such as de-AT; English where there are none."""
    return LANGUAGES.get(language[:2].lower(), LANGUAGES[DEFAULT])
