"""How many messages a phone network makes of a text: that is what is paid for.

3GPP TS 23.038 (alphabet) and 23.040 (concatenation).
"""

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")  # behind an escape: they count twice
ALPHABET = GSM | GSM_TWICE
PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019`", "'"),  # quotation marks
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u2013\u2014\u00b7", "-"),  # dashes, and a dot in the middle
        **dict.fromkeys("\u00a0\t", " "),
        "\u2026": "...",
    }
)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a text, as the network counts it."""

    segments: int
    units: int
    alphabet: str  # GSM-7 | UCS-2


def size(text: str) -> Size:
    """How `text` is counted."""
    if ALPHABET.issuperset(text):
        units = len(text) + sum(map(text.count, GSM_TWICE))
        return Size(_parts(units, 160, 153), units, "GSM-7")
    units = len(text.encode("utf-16-be")) // 2
    return Size(_parts(units, 70, 67), units, "UCS-2")


def cheap(text: str) -> str:
    """`text` with typographic signs written plainly: one of them would double its price."""
    return text.translate(PLAIN)


def cut(text: str, most: int) -> str:
    """The longest start of `text` that is at most `most` segments."""
    if size(text).segments <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle]).segments <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def _parts(units: int, alone: int, each: int) -> int:
    return 1 if units <= alone else -(-units // each)
