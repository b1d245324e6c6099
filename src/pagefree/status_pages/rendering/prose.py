"""What people wrote, as HTML: paragraphs and links, nothing else."""

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
# what XML 1.0 cannot hold at all, and what would turn the reading order around
UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Without what no document can hold."""
    return UNFIT.sub("", text)


def paragraphs(text: str) -> Markup:
    """Blank lines part paragraphs; addresses become links; all else is text."""
    parts = re.split(r"\n\s*\n", clean(text).strip())
    return Markup("").join(Markup("<p>{}</p>").format(_linked(part)) for part in parts)


def _linked(text: str) -> Markup:
    found, at = Markup(""), 0
    for match in ADDRESS.finditer(text):
        found += _lines(text[at : match.start()])
        found += Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(
            match[0]
        )
        at = match.end()
    return found + _lines(text[at:])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
